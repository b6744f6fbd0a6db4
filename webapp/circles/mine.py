"""Routes: the circle that a person is invited to or in, and her answer."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.circle_meetings import CircleAnswer
from models.circles import CircleMember
from models.db import db
from models.entrepreneurs import EntrepreneurOffer
from models.exceptions import NotFoundError
from models.queries import circles as queries
from models.queries import members
from models.queries.circle_meetings import get_circle_meeting
from models.states import CircleMemberState
from webapp.access import Access, access, current_actor
from webapp.circles import bp, forms, meeting_forms
from webapp.clock import day_of, utc_now
from webapp.members import own_entrepreneur
from webapp.services import circle_meetings, circle_turns, circles
from webapp.services.circle_contracts import agree_to_contract
from webapp.services.circle_sheets import CircleSheet, read_sheet
from webapp.translation import gettext as _
from webapp.words import circle_reasons
from webapp.words.circle_contract import contract_of
from webapp.words.week import SLOTS


@bp.get("/mine")
@access(Access.ENTREPRENEUR)
def mine() -> ResponseReturnValue:
    """Show the circle, why this group, and how to answer; first names only before joining."""
    person, session, at = own_entrepreneur(), db.session(), utc_now()
    place = queries.find_place_of(session, person.id)
    others = [] if place is None else [one for one in place.circle.members if one.id != place.id]
    has_joined = place is not None and place.state is CircleMemberState.JOINED
    sheet = read_sheet(session, place.circle, at=at) if place is not None else None
    settled = [one.entrepreneur for one in others if one.state in queries.SETTLED]
    return render_template(
        "circles/mine.html",
        file=person,
        today=day_of(at),
        place=place,
        others=settled,
        why=_tell_why(place) if place else [],
        slots=SLOTS,
        contact=members.find_contact(session, association_id=person.association_id, referent_id=person.referent_id),
        form=forms.NoteForm(),
        sheet=sheet,
        contract=contract_of(sheet.network) if sheet else (),
        swap_form=_swap_form(sheet, place) if sheet and place and has_joined else None,
    )


def _tell_why(place: CircleMember) -> list[str]:
    """Say what she receives from those who are there. What they need is theirs: it does not narrow what she gives."""
    offers = queries.map_topics(db.session(), EntrepreneurOffer, place.circle_id)
    return circle_reasons.for_entrepreneur(
        circle_reasons.keep_present(place.reasons, place.entrepreneur_id, offers=offers)
    )


def _swap_form(sheet: CircleSheet, place: CircleMember) -> meeting_forms.TurnForm | None:
    """Offer the others who can come, to who has the next turn."""
    if sheet.next is None or sheet.next.client_member_id != place.id:
        return None
    others = [member for member in sheet.list_able(sheet.next) if member.id != place.id]
    return meeting_forms.build_turn_form(others, is_whole_name=False) if others else None


@bp.post("/mine/<uuid:public_id>/agree")
@access(Access.ENTREPRENEUR)
def agree(public_id: UUID) -> ResponseReturnValue:
    """Say yes to the contract."""
    agree_to_contract(member_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Your yes is noted, with today’s date."), "success")
    return redirect(url_for("circles.mine"), code=303)


@bp.post("/meetings/<uuid:public_id>/answer")
@access(Access.ENTREPRENEUR)
def answer_meeting(public_id: UUID) -> ResponseReturnValue:
    """Say with one tap whether one comes."""
    place = _own_place(public_id)
    try:
        answer = CircleAnswer(request.form.get("answer", ""))
    except ValueError:
        return abort(422)
    circle_meetings.answer_meeting(
        meeting_id=public_id, member_id=place.public_id, answer=answer, actor=current_actor(), at=utc_now()
    )
    is_yes = answer is CircleAnswer.YES
    flash(_("See you there!") if is_yes else _("Thank you for telling us. You can change your answer."), "success")
    return redirect(url_for("circles.mine"), code=303)


@bp.post("/meetings/<uuid:public_id>/swap")
@access(Access.ENTREPRENEUR)
def ask_swap(public_id: UUID) -> ResponseReturnValue:
    """Ask another member to take one's turn."""
    place = _own_place(public_id)
    form = _swap_form(read_sheet(db.session(), place.circle, at=utc_now()), place)
    if form is None:
        raise NotFoundError(record="CircleMeeting")
    if not form.validate_on_submit():
        return abort(422)
    circle_turns.ask_swap(meeting_id=public_id, member_id=UUID(form.member.data), actor=current_actor(), at=utc_now())
    flash(_("The question is sent. Until the answer is yes, the turn stays yours."), "success")
    return redirect(url_for("circles.mine"), code=303)


@bp.post("/meetings/<uuid:public_id>/swap-answer")
@access(Access.ENTREPRENEUR)
def answer_swap(public_id: UUID) -> ResponseReturnValue:
    """Take the turn that one was asked to take, or not."""
    agrees = request.form.get("answer") == CircleAnswer.YES
    circle_turns.answer_swap(meeting_id=public_id, agrees=agrees, actor=current_actor(), at=utc_now())
    flash(_("It is your turn now, thank you.") if agrees else _("Noted: everything stays as it is."), "success")
    return redirect(url_for("circles.mine"), code=303)


def _own_place(meeting_id: UUID) -> CircleMember:
    """Give her place in the circle of a meeting; a meeting of another circle does not exist for her."""
    place = queries.find_place_of(db.session(), own_entrepreneur().id)
    meeting = get_circle_meeting(db.session(), meeting_id)
    if place is None or place.circle_id != meeting.circle_id:
        raise NotFoundError(record="CircleMeeting")
    return place


@bp.post("/mine/<uuid:public_id>/join")
@access(Access.ENTREPRENEUR)
def join(public_id: UUID) -> ResponseReturnValue:
    """Say yes."""
    circles.join_circle(member_id=public_id, actor=current_actor(), at=utc_now())
    flash(_("Welcome to the circle! You will find the first meeting here."), "success")
    return redirect(url_for("circles.mine"), code=303)


@bp.post("/mine/<uuid:public_id>/decline")
@access(Access.ENTREPRENEUR)
def decline(public_id: UUID) -> ResponseReturnValue:
    """Say no, or leave."""
    form = forms.NoteForm()
    note = (form.note.data or "")[:500]
    member = queries.get_circle_member(db.session(), public_id)
    # Of a place that is over already the answer is the same one, sent again.
    has_joined = member.state in (CircleMemberState.JOINED, CircleMemberState.LEFT)
    answer = circles.leave_circle if has_joined else circles.decline_circle
    answer(member_id=public_id, note=note, actor=current_actor(), at=utc_now())
    flash(_("Thank you for telling us. Your wish for another circle is kept, unless you change it."), "success")
    return redirect(url_for("steps.index"), code=303)
