"""Routes: the circle that a person is invited to or in, and her answer."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.queries import circles as queries
from models.queries import members
from models.states import CircleMemberState
from webapp.access import Access, access, current_actor
from webapp.circles import bp, forms
from webapp.clock import utc_now
from webapp.members import own_entrepreneur
from webapp.services import circles
from webapp.translation import gettext as _
from webapp.words import circle_reasons
from webapp.words.week import SLOTS


@bp.get("/mine")
@access(Access.ENTREPRENEUR)
def mine() -> ResponseReturnValue:
    """Show the circle, why this group, and how to answer; first names only before joining."""
    person, session = own_entrepreneur(), db.session()
    place = queries.find_place_of(session, person.id)
    others = [] if place is None else [one for one in place.circle.members if one.id != place.id]
    settled = [one.entrepreneur for one in others if one.state in queries.SETTLED]
    return render_template(
        "circles/mine.html",
        file=person,
        place=place,
        others=settled,
        why=circle_reasons.for_entrepreneur(place.reasons) if place else [],
        slots=SLOTS,
        contact=members.find_contact(session, association_id=person.association_id, referent_id=person.referent_id),
        form=forms.NoteForm(),
    )


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
    answer = circles.leave_circle if member.state is CircleMemberState.JOINED else circles.decline_circle
    answer(member_id=public_id, note=note, actor=current_actor(), at=utc_now())
    flash(_("Thank you for telling us. Your wish for another circle is kept, unless you change it."), "success")
    return redirect(url_for("steps.index"), code=303)
