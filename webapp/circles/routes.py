"""Routes: a coordinator composes circles, confirms them, and takes care of who is in them."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.circles import Circle, CircleMember, DepartureReason, DissolveReason
from models.db import db
from models.entrepreneurs import EntrepreneurNeed, EntrepreneurOffer
from models.exceptions import DomainError, NotFoundError
from models.names import full_name
from models.queries import circles as queries
from models.queries.assisted import list_answered_together
from models.queries.circle_waiting import list_matters, of_association
from models.queries.supporters import list_active_supporters
from models.states import LIVE_CIRCLE_MEMBER_STATES, LIVE_CIRCLE_STATES, CircleState
from webapp.access import Access, access, current_actor
from webapp.circles import bp, forms
from webapp.clock import utc_now
from webapp.errors import describe
from webapp.jobs import enqueue_composition
from webapp.permissions import Permission, can
from webapp.services import circle_compositions, circle_leaders, circle_seats, circles
from webapp.services.circle_sheets import read_sheet
from webapp.templating import format_day
from webapp.translation import gettext as _
from webapp.translation import ngettext
from webapp.words import circle_reasons
from webapp.words.week import SLOTS
from webapp.workspace import current_workspace, work_in


@bp.get("")
@access(Access.COORDINATOR)
def index() -> ResponseReturnValue:
    """Show the circles, what was composed last with its proof, and who is in none and why."""
    return _index()


@bp.get("/waiting")
@access(Access.COORDINATOR)
def waiting() -> ResponseReturnValue:
    """List what waits in the circles: decisions, and meetings that nobody noted."""
    at = utc_now()
    matters = list_matters(db.session(), of_association(current_workspace().seat.id), at=at)
    return render_template("circles/waiting.html", matters=matters, now=at)


@bp.post("/propose")
@access(Access.COORDINATOR)
def propose() -> ResponseReturnValue:
    """Compose circles anew; proposals that were not confirmed are replaced."""
    form = forms.build_sizes_form()
    if not form.validate_on_submit():
        return _index(sizes=form)
    seat = current_workspace().seat
    is_done = circle_compositions.ask_for_circles(
        association_id=seat.public_id, sizes=form.values(), actor=current_actor(), at=utc_now()
    )
    if not is_done:
        # After the commit: what a queue loses is found by the next tick.
        enqueue_composition(seat.id)
        return redirect(url_for("circles.index"), code=303)
    found = queries.list_circles(db.session(), seat.id, (CircleState.PROPOSED,))
    flash(
        ngettext("%(num)d circle is proposed.", "%(num)d circles are proposed.", len(found))
        if found
        else _("No circle can be made for now: see below what is missing."),
        "success" if found else "warning",
    )
    return redirect(url_for("circles.index"), code=303)


@bp.post("/facilitators")
@access(Access.COORDINATOR)
def set_facilitator() -> ResponseReturnValue:
    """Say how many circles a supporter leads at most."""
    session, seat = db.session(), current_workspace().seat
    form = forms.build_facilitator_form(list_active_supporters(session, seat.id))
    if not form.validate_on_submit():
        return _index(facilitator=form)
    try:
        circles.set_circle_capacity(
            supporter_id=UUID(form.supporter.data), capacity=form.circles.data, actor=current_actor(), at=utc_now()
        )
    except DomainError as error:
        flash(describe(error).sentence, "danger")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("circles.index"), code=303)


@bp.get("/<uuid:public_id>")
@access(Access.COORDINATOR)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one circle with everybody in it."""
    return _show(_find(public_id))


@bp.post("/<uuid:public_id>/confirm")
@access(Access.COORDINATOR)
def confirm(public_id: UUID) -> ResponseReturnValue:
    """Confirm a circle and invite its members."""
    first_on = circles.confirm_circle(circle_id=public_id, actor=current_actor(), at=utc_now())
    flash(
        _("The circle is confirmed and everybody is invited. First meeting: %(day)s.", day=format_day(first_on)),
        "success",
    )
    return redirect(url_for("circles.show", public_id=public_id), code=303)


@bp.get("/<uuid:public_id>/next-people")
@access(Access.COORDINATOR)
def next_people(public_id: UUID) -> ResponseReturnValue:
    """Show who asks for a circle and would fit in this one, the best first."""
    circle = _find(public_id)
    work_in(circle.association_id)
    names = _names(_live(circle))
    found = circle_seats.list_next_people(circle=circle, actor=current_actor(), at=utc_now())
    return render_template(
        "circles/next_people.html", circle=circle, found=found, names=names, slots=SLOTS, circle_words=circle_reasons
    )


@bp.post("/<uuid:public_id>/add")
@access(Access.COORDINATOR)
def add(public_id: UUID) -> ResponseReturnValue:
    """Offer a free place to somebody."""
    _find(public_id)
    try:
        person_id = UUID(request.form.get("person", ""))
    except ValueError:
        return abort(422)
    circle_seats.add_member(circle_id=public_id, entrepreneur_id=person_id, actor=current_actor(), at=utc_now())
    flash(_("The place is offered. In a confirmed circle the person is invited by message today."), "success")
    return redirect(url_for("circles.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/dissolve")
@access(Access.COORDINATOR)
def dissolve(public_id: UUID) -> ResponseReturnValue:
    """End a circle, or set its proposal aside."""
    circle = _find(public_id)
    form = forms.build_dissolve_form()
    if not form.validate_on_submit():
        return _show(circle, dissolve_form=form)
    circles.dissolve_circle(
        circle_id=public_id, reason=DissolveReason(form.reason.data), actor=current_actor(), at=utc_now()
    )
    flash(_("The circle is over. Who knew of it is told."), "success")
    return redirect(url_for("circles.index"), code=303)


@bp.route("/<uuid:public_id>/leader", methods=["GET", "POST"])
@access(Access.COORDINATOR)
def hand_over(public_id: UUID) -> ResponseReturnValue:
    """Choose somebody else to lead a circle."""
    circle, at = _find(public_id), utc_now()
    work_in(circle.association_id)
    found = circle_leaders.list_possible_leaders(circle=circle, actor=current_actor(), at=at)
    form = forms.build_leader_form(found)
    if form.validate_on_submit():
        chosen = UUID(form.supporter.data)
        circle_leaders.hand_over_circle(
            circle_id=public_id,
            supporter_id=chosen,
            note=form.note.data or "",
            moves_place=form.moves_place.data,
            actor=current_actor(),
            at=at,
        )
        flash(_("Somebody else leads the circle now. Who is in it is told."), "success")
        return redirect(url_for("circles.show", public_id=public_id), code=303)
    body = render_template("circles/leader.html", circle=circle, form=form, slots=SLOTS)
    return body, 422 if request.method == "POST" else 200


@bp.post("/members/<uuid:public_id>/remove")
@access(Access.COORDINATOR)
def remove(public_id: UUID) -> ResponseReturnValue:
    """Take somebody out of a circle."""
    member, circle = _find_member(public_id)
    form = forms.build_remove_form()
    if not form.validate_on_submit():
        return _show(circle, remove_form=form)
    circles.remove_member(
        member_id=member.public_id,
        reason=DepartureReason(form.reason.data),
        note=form.note.data or "",
        actor=current_actor(),
        at=utc_now(),
    )
    flash(_("This person is no longer in the circle."), "success")
    return redirect(url_for("circles.show", public_id=circle.public_id), code=303)


@bp.post("/members/<uuid:public_id>/move")
@access(Access.COORDINATOR)
def move(public_id: UUID) -> ResponseReturnValue:
    """Move somebody to another circle, if it suits everybody there."""
    member, circle = _find_member(public_id)
    form = forms.build_move_form(_with_room(circle))
    if not form.validate_on_submit():
        return _show(circle, move_form=form)
    target = UUID(form.circle.data)
    try:
        circles.move_member(member_id=member.public_id, circle_id=target, actor=current_actor(), at=utc_now())
    except DomainError:
        flash(_("This circle does not suit this person: time, language, place, trade or people."), "danger")
        return redirect(url_for("circles.show", public_id=circle.public_id), code=303)
    flash(_("This person has changed circles."), "success")
    return redirect(url_for("circles.show", public_id=target), code=303)


@bp.post("/members/<uuid:public_id>/answer")
@access(Access.COORDINATOR)
def answer(public_id: UUID) -> ResponseReturnValue:
    """Answer an invitation with the person on the telephone."""
    member, circle = _find_member(public_id)
    person_id = next(one.entrepreneur.public_id for one in circle.members if one.id == member.id)
    if request.form.get("answer") == "yes":
        circles.join_circle(member_id=public_id, actor=current_actor(), at=utc_now())
        flash(_("The person is in the circle: noted as said on the telephone."), "success")
    elif request.form.get("answer") == "no":
        circles.decline_circle(member_id=public_id, actor=current_actor(), at=utc_now())
        flash(_("The invitation is declined: noted as said on the telephone. The place is free again."), "success")
    else:
        return abort(422)
    if request.form.get("page") == "file":
        return redirect(url_for("entrepreneurs.show", public_id=person_id), code=303)
    return redirect(url_for("circles.show", public_id=circle.public_id), code=303)


def _find(public_id: UUID) -> Circle:
    circle = queries.find_circle(db.session(), public_id)
    if circle is None or not can(current_actor(), Permission.CIRCLE_STEER, circle):
        raise NotFoundError(record="Circle")
    return circle


def _find_member(public_id: UUID) -> tuple[CircleMember, Circle]:
    member = queries.get_circle_member(db.session(), public_id)
    if not can(current_actor(), Permission.CIRCLE_STEER, member):
        raise NotFoundError(record="CircleMember")
    return member, queries.get_circle_of(db.session(), member)


def _with_room(circle: Circle) -> list[Circle]:
    found = queries.list_circles(db.session(), circle.association_id, LIVE_CIRCLE_STATES)
    return [other for other in found if other.id != circle.id and other.taken < other.maximum]


def _names(members: Sequence[CircleMember]) -> dict[str, str]:
    return {str(member.entrepreneur_id): full_name(member.entrepreneur) for member in members}


def _tell_why(circle: Circle) -> dict[int, list[str]]:
    """Say for each member, by her place, what she gets from who is there and gives them."""
    session, members = db.session(), _live(circle)
    offers, needs = (queries.map_topics(session, table, circle.id) for table in (EntrepreneurOffer, EntrepreneurNeed))
    names = _names(members)
    return {
        member.id: circle_reasons.for_coordinator(
            circle_reasons.keep_present(member.reasons, member.entrepreneur_id, offers=offers, needs=needs), names
        )
        for member in members
    }


def _live(circle: Circle) -> list[CircleMember]:
    return [member for member in circle.members if member.state in LIVE_CIRCLE_MEMBER_STATES]


def _index(
    *, sizes: forms.SizesForm | None = None, facilitator: forms.FacilitatorForm | None = None
) -> ResponseReturnValue:
    session, seat = db.session(), current_workspace().seat
    last = queries.find_last_round(session, seat.id)
    body = render_template(
        "circles/index.html",
        circles=queries.list_circles(session, seat.id, LIVE_CIRCLE_STATES),
        live=_live,
        slots=SLOTS,
        last=last,
        composition=queries.find_composition(session, seat.id),
        left_outs=queries.list_left_outs(session, last.id) if last else [],
        askers=len(queries.list_askers(session, seat.id)),
        facilitators=queries.list_facilitators(session, seat.id),
        sizes=sizes or forms.build_sizes_form(),
        facilitator_form=facilitator or forms.build_facilitator_form(list_active_supporters(session, seat.id)),
        circle_words=circle_reasons,
    )
    return body, 422 if sizes or facilitator else 200


def _show(
    circle: Circle,
    *,
    dissolve_form: forms.DissolveForm | None = None,
    remove_form: forms.RemoveForm | None = None,
    move_form: forms.MoveForm | None = None,
) -> ResponseReturnValue:
    work_in(circle.association_id)
    others = _with_room(circle)
    body = render_template(
        "circles/show.html",
        circle=circle,
        members=_live(circle),
        sheet=read_sheet(db.session(), circle, at=utc_now()) if circle.confirmed_at is not None else None,
        gone=[member for member in circle.members if member.state not in LIVE_CIRCLE_MEMBER_STATES],
        why=_tell_why(circle),
        slots=SLOTS,
        now=utc_now(),
        together=list_answered_together(db.session(), circle.id),
        circle_words=circle_reasons,
        dissolve_form=dissolve_form or forms.build_dissolve_form(),
        remove_form=remove_form or forms.build_remove_form(),
        move_form=(move_form or forms.build_move_form(others)) if others else None,
        is_asked_again=bool(dissolve_form or remove_form or move_form),
    )
    return body, 422 if dissolve_form or remove_form or move_form else 200
