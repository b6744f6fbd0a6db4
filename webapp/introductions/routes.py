"""Routes: the ledger of introductions, one's own, and what became of each."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import NotFoundError, RepeatedRequestError
from models.introductions import Introduction
from models.queries.introductions import (
    IntroductionSituation,
    count_by_purpose,
    count_by_supporter,
    list_introductions,
    list_own_introductions,
)
from models.queries.sheets import get_followed_entrepreneur
from models.states import IntroductionAction, list_actions
from webapp.access import Access, access, current_actor
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.introductions import bp
from webapp.introductions.forms import build_introduction_form
from webapp.labels import list_choices
from webapp.paging import chosen_member, kept_filters, page_number
from webapp.repeated_forms import posted_form_key
from webapp.services import introductions
from webapp.translation import gettext as _
from webapp.workspace import current_workspace, work_in


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Show the ledger: every introduction, and how many each supporter and each purpose had."""
    session, now, seat = db.session(), utc_now(), current_workspace().seat
    situation = chosen_member("situation", IntroductionSituation)
    return render_template(
        "introductions/index.html",
        page=list_introductions(session, seat.id, situation, at=now, page=page_number()),
        situation=situation,
        situations=list_choices(IntroductionSituation),
        filters=kept_filters(situation=situation),
        by_supporter=count_by_supporter(session, seat.id),
        by_purpose=count_by_purpose(session, seat.id),
        association=seat.name,
        actions=_actions,
        now=now,
    )


@bp.get("/mine")
@access(Access.MEMBER)
def mine() -> ResponseReturnValue:
    """Show what was opened for the person, and what she opened as a supporter."""
    actor = current_actor()
    if not actor.entrepreneur_ids and not actor.supporter_ids:
        raise NotFoundError(record="Introduction")
    rows = list_own_introductions(
        db.session(), entrepreneur_ids=actor.entrepreneur_ids, supporter_ids=actor.supporter_ids
    )
    return render_template(
        "introductions/mine.html",
        received=[one for one in rows if one.entrepreneur_id in actor.entrepreneur_ids],
        given=[one for one in rows if one.entrepreneur_id not in actor.entrepreneur_ids],
        is_supporter=bool(actor.supporter_ids),
        actions=_actions,
        now=utc_now(),
    )


@bp.route("/for/<uuid:public_id>", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def add(public_id: UUID) -> ResponseReturnValue:
    """Note an introduction that the association itself opens to a person."""
    actor = current_actor()
    person = get_followed_entrepreneur(db.session(), public_id, association_ids=actor.coordinates)
    work_in(person.association_id)
    form = build_introduction_form()
    if not form.validate_on_submit():
        return render_template("introductions/add.html", person=person, form=form), 422 if form.errors else 200
    try:
        introductions.introduce_for_association(
            entrepreneur_id=public_id,
            contact=form.build_contact(),
            is_made=form.is_made.data,
            actor=actor,
            at=utc_now(),
            form_key=posted_form_key(),
        )
    except RepeatedRequestError as error:
        flash(describe(error).what, "warning")
    else:
        flash(_("Noted. The person is told, and you are asked about it in some weeks."), "success")
    return redirect(url_for("introductions.index"), code=303)


@bp.post("/<uuid:public_id>/tell")
@access(Access.MEMBER)
def tell(public_id: UUID) -> ResponseReturnValue:
    """Tell in one tap how an introduction stands."""
    actor, value = current_actor(), request.form.get("action", "")
    if value not in {action.value for action in IntroductionAction}:
        introductions.require_teller(introduction_id=public_id, actor=actor)
        return abort(422)
    action = IntroductionAction(value)
    introductions.tell_introduction(introduction_id=public_id, action=action, actor=actor, at=utc_now())
    return _thank()


@bp.post("/<uuid:public_id>/word")
@access(Access.MEMBER)
def write(public_id: UUID) -> ResponseReturnValue:
    """Say in a few words what became of it."""
    word = request.form.get("word", "").replace("\x00", "")
    introductions.write_word(introduction_id=public_id, word=word, actor=current_actor(), at=utc_now())
    return _thank()


def _thank() -> ResponseReturnValue:
    flash(_("Noted, thank you."), "success")
    actor = current_actor()
    is_member = actor.entrepreneur_ids or actor.supporter_ids
    return redirect(url_for("introductions.mine" if is_member else "introductions.index"), code=303)


def _actions(introduction: Introduction) -> tuple[str, ...]:
    """Give what may be told now, for the buttons."""
    return tuple(action.value for action in list_actions("introduction", introduction.state))
