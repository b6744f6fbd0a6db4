"""Routes: the page that a link in a mail opens, and the answer sent from it. Opening it writes nothing."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from models.correspondence import TapAnswer, TapPurpose
from models.exceptions import InvalidInputError
from webapp.access import Access, access
from webapp.clock import utc_now
from webapp.jobs import enqueue_rematch
from webapp.one_taps import bp
from webapp.one_taps.forms import DeclineForm, build_decline_form
from webapp.services.one_taps import ANSWERS, TapSituation, TapView, read_tap, use_tap
from webapp.words.taps import TAP_WORDS, TIME_HAS_PASSED

RECORD_PAGES = {
    TapPurpose.ANSWER_PAIRING: "pairings.show",
    TapPurpose.TELL_MEETING: "pairings.show",
    TapPurpose.LEAVE_SESSION: "bookings.show",
    TapPurpose.ANSWER_SEAT: "bookings.show",
    TapPurpose.ANSWER_GATHERING: "gatherings.show",
}


@bp.get("/<token>")
@access(Access.PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """Ask, or say where things stand."""
    tap = read_tap(token=token, at=utc_now())
    with force_locale(tap.locale):
        return _page(tap, token, build_decline_form(), wanted=request.args.get("answer", ""))


@bp.post("/<token>")
@access(Access.PUBLIC)
def answer(token: str) -> ResponseReturnValue:
    """Take the answer, as the person the link was written to, for this one thing."""
    tap = read_tap(token=token, at=utc_now())
    with force_locale(tap.locale):
        form = build_decline_form()
        given = _read_answer()
        needs_reason = tap.purpose is TapPurpose.ANSWER_PAIRING and given is TapAnswer.NO
        if tap.situation is TapSituation.OPEN:
            if needs_reason and not form.validate_on_submit():
                return _page(tap, token, form, wanted=given.value), 422
            use_tap(
                token=token,
                answer=given,
                place=request.remote_addr or "",
                reason=form.chosen() if needs_reason else None,
                note=form.note.data or "" if needs_reason else "",
                at=utc_now(),
            )
            if needs_reason:
                enqueue_rematch(tap.record_id)
    return redirect(url_for("one_taps.show", token=token), code=303)


def _read_answer() -> TapAnswer:
    try:
        return TapAnswer(request.form.get("answer", ""))
    except ValueError as error:
        raise InvalidInputError(field="answer") from error


def _page(tap: TapView, token: str, form: DeclineForm, *, wanted: str) -> str:
    words = TAP_WORDS[tap.purpose]
    return render_template(
        "one_taps/show.html",
        tap=tap,
        token=token,
        form=form,
        words=words,
        stands=words.after.get(tap.situation, TIME_HAS_PASSED),
        answers=[one.value for one in ANSWERS[tap.purpose]],
        wanted=wanted,
        record_url=url_for(RECORD_PAGES[tap.purpose], public_id=tap.record_id),
    )
