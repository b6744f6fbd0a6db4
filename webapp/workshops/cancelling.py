"""Routes: cancelling a session, with another date for its people, and taking that date back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import InvalidInputError, SessionClosedError
from models.queries.agenda import SessionSheet, get_organised_session, get_session_sheet
from models.queries.other_dates import list_other_dates
from models.states import SessionState
from models.workshops import WorkshopSession
from webapp.access import Access, access, current_actor
from webapp.clock import PARIS, utc_now
from webapp.form_errors import show_on_field
from webapp.services import other_dates, workshops
from webapp.services.other_dates import NewDate, OtherDate
from webapp.services.seats import LAST_DAY
from webapp.services.workshops import SessionOutcome
from webapp.templating import format_instant
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.twice import say_if_twice
from webapp.workshops import bp
from webapp.workshops.forms import AfterCancelling, CancelForm
from webapp.workshops.telling import flash_done
from webapp.workspace import work_in

# Which field of the form a refusal is about, where the service calls it otherwise.
FIELDS = {"other_day": "day", "same_time": "day"}


@bp.route("/<uuid:public_id>/cancel", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def cancel(public_id: UUID) -> ResponseReturnValue:
    """Cancel a session, tell everybody, and propose another date if there is one."""
    sheet = get_session_sheet(db.session(), public_id, association_ids=current_actor().coordinates)
    work_in(sheet.session.association_id)
    if sheet.session.state is SessionState.HELD:
        raise SessionClosedError(session_id=public_id)
    if sheet.session.state is SessionState.CANCELLED:
        return redirect(url_for("workshops.show", public_id=public_id), code=303)
    others = list_other_dates(db.session(), sheet.session, after=utc_now() + LAST_DAY)
    form = CancelForm(data=_first_values(sheet.session), others=[_name(one) for one in others])
    if form.validate_on_submit():
        try:
            outcome = workshops.cancel_session(
                session_id=public_id, actor=current_actor(), at=utc_now(), other=_read(form, others)
            )
        except InvalidInputError as error:
            show_on_field(form, error, FIELDS)
        else:
            _tell(outcome)
            if form.choice.data == AfterCancelling.NEW.value:
                say_if_twice((form.day.data, form.starts_at.data), (form.day.data, form.ends_at.data))
            return redirect(url_for("workshops.show", public_id=public_id), code=303)
    return _show(sheet, form, has_others=bool(others)), 422 if form.is_submitted() else 200


@bp.post("/<uuid:public_id>/cancel/undo")
@access(Access.COORDINATOR)
def take_back(public_id: UUID) -> ResponseReturnValue:
    """Take back the places and turns at the other date that were not answered."""
    get_organised_session(db.session(), public_id, association_ids=current_actor().coordinates)
    ended = other_dates.take_back_other_date(session_id=public_id, actor=current_actor(), at=utc_now())
    flash(
        ngettext(
            "The other date is taken back for %(num)d person, who is told.",
            "The other date is taken back for %(num)d people, who are told.",
            ended,
        ),
        "success",
    )
    return redirect(url_for("workshops.show", public_id=public_id), code=303)


def _first_values(workshop: WorkshopSession) -> dict[str, Any]:
    """Give what the empty form shows: nothing proposed, and the same hours a week later."""
    starts, ends = workshop.starts_at.astimezone(PARIS), workshop.ends_at.astimezone(PARIS)
    return {
        "choice": AfterCancelling.NOTHING.value,
        "day": starts.date() + timedelta(days=7),
        "starts_at": starts.time(),
        "ends_at": ends.time(),
    }


def _name(workshop: WorkshopSession) -> tuple[str, str]:
    free = workshop.seats - workshop.taken
    places = ngettext("%(num)d free place", "%(num)d free places", free)
    return str(workshop.public_id), f"{format_instant(workshop.starts_at)} · {workshop.title} · {places}"


def _read(form: CancelForm, others: Sequence[WorkshopSession]) -> OtherDate | None:
    choice = AfterCancelling(form.choice.data)
    if choice is AfterCancelling.NOTHING:
        return None
    if choice is AfterCancelling.NEW:
        return NewDate(day=form.day.data, starts_at=form.starts_at.data, ends_at=form.ends_at.data)
    named = {str(one.public_id): one.public_id for one in others}
    if form.other.data not in named:
        raise InvalidInputError(field="other")
    return named[form.other.data]


def _show(sheet: SessionSheet, form: CancelForm, *, has_others: bool) -> str:
    people = len(sheet.seated) + len(sheet.offered) + len(sheet.waiting)
    return render_template(
        "workshops/cancel.html", workshop=sheet.session, form=form, has_others=has_others, people=people
    )


def _tell(outcome: SessionOutcome) -> None:
    parts = [_("The session is cancelled.")]
    if outcome.offered:
        parts.append(
            ngettext(
                "At the other date a place is kept for %(num)d person, who is asked.",
                "At the other date places are kept for %(num)d people, who are asked.",
                outcome.offered,
            )
        )
    flash_done(*parts, told=outcome.told)
