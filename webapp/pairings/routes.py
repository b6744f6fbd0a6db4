"""Routes: pairings, from proposal to end, as each side sees them."""

from collections.abc import Collection
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.db import db
from models.exceptions import InvalidInputError
from models.pairings import DeclineReason, EndReason, WithdrawReason
from models.queries import members
from models.queries.circle_meetings import list_led_circles
from models.queries.circle_waiting import led_by, list_matters
from models.queries.expert_questions import list_questions_for
from models.queries.gatherings import list_planned_for
from models.queries.members import Contact
from models.queries.session_proposals import list_ahead
from models.states import LIVE_PAIRING_STATES, UNANSWERED_PAIRING_STATES, PairingState
from webapp.access import Access, access, current_actor
from webapp.clock import day_of, utc_now
from webapp.jobs import enqueue_rematch
from webapp.pairings import bp, forms, meeting_forms
from webapp.pairings.discretion import shown_needs, shown_stage
from webapp.pairings.pages import find_known_pairing, say_if_far, show_pairing
from webapp.services import pairings
from webapp.services.talks import place_pairings
from webapp.templating import format_weekday
from webapp.translation import gettext as _
from webapp.twice import say_if_twice
from webapp.words.week import SLOTS

OVER = (PairingState.ENDED, PairingState.DECLINED, PairingState.EXPIRED, PairingState.WITHDRAWN)
MOST_LIVE = 100
MOST_PAST = 50


@bp.get("")
@access(Access.SUPPORTER)
def index() -> ResponseReturnValue:
    """Show a supporter what awaits her answer, whom she supports, and what is over."""
    ids = current_actor().supporter_ids
    session = db.session()
    live = members.list_pairings_of_supporters(session, ids, LIVE_PAIRING_STATES, limit=MOST_LIVE)
    rows = members.list_supporters(session, ids)
    led = list_led_circles(session, ids)
    return render_template(
        "pairings/index.html",
        proposals=[pairing for pairing in live if pairing.state in UNANSWERED_PAIRING_STATES],
        active=[talk for talk in place_pairings(session, live, at=utc_now()) if talk.is_active],
        past=members.list_pairings_of_supporters(session, ids, OVER, limit=MOST_PAST),
        questions=list_questions_for(session, ids),
        led_sessions=list_ahead(session, supporter_ids=ids, at=utc_now()),
        gatherings=list_planned_for(session, ids, at=utc_now()),
        supporters=rows,
        contacts=_contacts({row.association_id for row in rows}),
        led=led,
        circle_matters=list_matters(session, led_by(ids), at=utc_now()) if led else (),
        slots=SLOTS,
        now=utc_now(),
        today=day_of(utc_now()),
        shown_stage=shown_stage,
        shown_needs=shown_needs,
    )


@bp.get("/<uuid:public_id>")
@access(Access.MEMBER)
def show(public_id: UUID) -> ResponseReturnValue:
    """Show one pairing to the supporter, the entrepreneur or the coordinator: each sees what is hers to know."""
    return show_pairing(find_known_pairing(public_id))


@bp.post("/<uuid:public_id>/accept")
@access(Access.SUPPORTER)
def accept(public_id: UUID) -> ResponseReturnValue:
    """Say yes with dates for a first talk, or, chosen as such, without: then the two find one before a day."""
    form, plan = meeting_forms.build_dates_form(), None
    if not meeting_forms.TogetherForm().validate_on_submit():
        if not form.validate_on_submit():
            return show_pairing(find_known_pairing(public_id), dates_form=form)
        plan = form.build_plan()
    try:
        pairings.accept_pairing(pairing_id=public_id, first_meeting=plan, actor=current_actor(), at=utc_now())
    except InvalidInputError as error:
        form.note_refusal(error)
        return show_pairing(find_known_pairing(public_id), dates_form=form)
    flash(_thank_for_yes(public_id, has_dates=plan is not None), "success")
    if plan is not None:
        say_if_twice(*((one.day, one.hour) for one in plan.dates))
        say_if_far(find_known_pairing(public_id), plan, at=utc_now())
    return redirect(url_for("pairings.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/decline")
@access(Access.SUPPORTER)
def decline(public_id: UUID) -> ResponseReturnValue:
    """Say no, with a reason."""
    pairing = find_known_pairing(public_id)
    form = forms.build_decline_form()
    if not form.validate_on_submit():
        return show_pairing(pairing, decline_form=form)
    pairings.decline_pairing(
        pairing_id=public_id,
        reason=DeclineReason(form.reason.data),
        note=form.note.data or "",
        actor=current_actor(),
        at=utc_now(),
    )
    enqueue_rematch(public_id)
    flash(_("Thank you for answering: it lets us look for somebody else at once."), "success")
    return redirect(url_for("pairings.index"), code=303)


@bp.post("/<uuid:public_id>/withdraw")
@access(Access.COORDINATOR)
def withdraw(public_id: UUID) -> ResponseReturnValue:
    """Take a proposal back."""
    pairing = find_known_pairing(public_id)
    form = forms.build_withdraw_form()
    if not form.validate_on_submit():
        return show_pairing(pairing, withdraw_form=form)
    pairings.withdraw_pairing(
        pairing_id=public_id,
        reason=WithdrawReason(form.reason.data),
        note=form.note.data or "",
        actor=current_actor(),
        at=utc_now(),
    )
    enqueue_rematch(public_id)
    flash(_("The proposal is withdrawn, and the supporter is told."), "success")
    return redirect(url_for("pairings.show", public_id=public_id), code=303)


@bp.post("/<uuid:public_id>/end")
@access(Access.MEMBER)
def end(public_id: UUID) -> ResponseReturnValue:
    """End a pairing: each of the two may, and the coordinator."""
    pairing = find_known_pairing(public_id)
    form = forms.build_end_form()
    if not form.validate_on_submit():
        return show_pairing(pairing, end_form=form)
    pairings.end_pairing(
        pairing_id=public_id,
        reason=EndReason(form.reason.data),
        note=form.note.data or "",
        wants_other=forms.WISHES.get(form.wants_other.data),
        actor=current_actor(),
        at=utc_now(),
    )
    enqueue_rematch(public_id)
    flash(
        _("The pairing is over. Thank you for what you did together. Everybody is told, without a reason."), "success"
    )
    return redirect(url_for("pairings.show", public_id=public_id), code=303)


def _thank_for_yes(public_id: UUID, *, has_dates: bool) -> str:
    if has_dates:
        return _("Thank you! You are together from now on, and your dates are sent: you are told which one is chosen.")
    due_at = find_known_pairing(public_id).next_meeting_due_at or utc_now()
    return _(
        "Thank you! You are together from now on. Agree on a first date before %(day)s.", day=format_weekday(due_at)
    )


def _contacts(association_ids: Collection[int]) -> dict[int, Contact]:
    session = db.session()
    return {
        association_id: members.find_contact(session, association_id=association_id, referent_id=None)
        for association_id in sorted(association_ids)
    }
