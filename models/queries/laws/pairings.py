"""What must hold of supporters' places, pairings, their meetings and their charters."""

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select

from models.audit import AuditEvent
from models.charters import Charter, CharterParty, CharterSignature
from models.entrepreneurs import Entrepreneur
from models.meetings import Meeting
from models.pairings import Pairing
from models.queries.laws.law import Law, count_all
from models.states import (
    LIVE_MEETING_STATES,
    LIVE_PAIRING_STATES,
    TOGETHER_PAIRING_STATES,
    UNANSWERED_PAIRING_STATES,
    CharterState,
    EntrepreneurState,
    MeetingState,
    PairingAction,
    PairingState,
    SupporterState,
)
from models.supporters import PAIRING_COST, Supporter


def list_laws() -> list[Law]:
    """List the laws, as the check names them."""
    live = count_all(Pairing, Pairing.state.in_(LIVE_PAIRING_STATES))
    together = count_all(Pairing, Pairing.state.in_(TOGETHER_PAIRING_STATES))
    unanswered = count_all(Pairing, Pairing.state.in_(UNANSWERED_PAIRING_STATES))
    return [
        ("supporter_taken_equals_live_pairings", count_all(Supporter), _wrong_taken),
        (
            "supporter_within_capacity",
            count_all(Supporter),
            lambda: count_all(Supporter, Supporter.taken > Supporter.capacity),
        ),
        ("pairing_cost_is_of_its_role", count_all(Pairing), _wrong_cost),
        ("live_pairing_has_its_supporter", live, _supporter_left),
        ("proposal_has_an_active_supporter", unanswered, _proposed_to_idle),
        ("live_pairing_has_an_open_file", live, _file_closed),
        ("one_live_pairing_per_role", live, _several_live),
        ("proposal_has_a_deadline", unanswered, _proposal_without_deadline),
        ("together_has_its_next_day", together, _together_without_day),
        ("meeting_to_come_is_of_an_active_pairing", count_all(Meeting, _is_to_come()), _meeting_of_nobody),
        ("open_charter_is_of_two_together", count_all(Charter, Charter.state == CharterState.OPEN), _charter_of_nobody),
        (
            "signed_charter_has_every_signature",
            count_all(Charter, Charter.state == CharterState.SIGNED),
            _lacks_signature,
        ),
    ]


def _wrong_taken() -> Select[int]:
    held = (
        select(func.coalesce(func.sum(Pairing.cost), 0))
        .where(Pairing.supporter_id == Supporter.id, Pairing.state.in_(LIVE_PAIRING_STATES))
        .correlate(Supporter)
        .scalar_subquery()
    )
    return count_all(Supporter, Supporter.taken != held)


def _wrong_cost() -> Select[int]:
    right = or_(*(and_(Pairing.role == role, Pairing.cost == cost) for role, cost in PAIRING_COST.items()))
    return count_all(Pairing, ~right)


def _supporter_left() -> Select[int]:
    gone = exists().where(Supporter.id == Pairing.supporter_id, Supporter.state == SupporterState.LEFT)
    return count_all(Pairing, Pairing.state.in_(LIVE_PAIRING_STATES), gone)


def _proposed_to_idle() -> Select[int]:
    idle = exists().where(Supporter.id == Pairing.supporter_id, Supporter.state != SupporterState.ACTIVE)
    return count_all(Pairing, Pairing.state.in_(UNANSWERED_PAIRING_STATES), idle)


def _file_closed() -> Select[int]:
    closed = exists().where(Entrepreneur.id == Pairing.entrepreneur_id, Entrepreneur.state == EntrepreneurState.CLOSED)
    return count_all(Pairing, Pairing.state.in_(LIVE_PAIRING_STATES), closed)


def _several_live() -> Select[int]:
    groups = (
        select(literal(1))
        .where(Pairing.state.in_(LIVE_PAIRING_STATES))
        .group_by(Pairing.entrepreneur_id, Pairing.role)
        .having(func.count() > 1)
        .subquery()
    )
    return select(func.count()).select_from(groups)


def _proposal_without_deadline() -> Select[int]:
    return count_all(Pairing, Pairing.state.in_(UNANSWERED_PAIRING_STATES), Pairing.deadline_at.is_(None))


def _together_without_day() -> Select[int]:
    """Count pairs without a day for the next meeting, an end of their pause, or a term."""
    active, paused = Pairing.state == PairingState.ACTIVE, Pairing.state == PairingState.PAUSED
    lacking = or_(
        and_(active, Pairing.next_meeting_due_at.is_(None)),
        and_(paused, Pairing.pause_until.is_(None)),
        Pairing.ends_on.is_(None),
    )
    return count_all(Pairing, Pairing.state.in_(TOGETHER_PAIRING_STATES), lacking)


def _is_to_come() -> ColumnElement[bool]:
    return Meeting.state.in_(LIVE_MEETING_STATES)


def _meeting_of_nobody() -> Select[int]:
    """Count meetings to come of two who are not at work; one whose hour came before they stopped is still told of."""
    at_work = exists().where(Pairing.id == Meeting.pairing_id, Pairing.state == PairingState.ACTIVE)
    stopped_since = exists().where(
        AuditEvent.record == "pairing",
        AuditEvent.record_id == Meeting.pairing_id,
        AuditEvent.action.in_((PairingAction.PAUSE, PairingAction.END)),
        AuditEvent.at >= Meeting.starts_at,
    )
    is_untold = and_(Meeting.state == MeetingState.CONFIRMED, stopped_since)
    return count_all(Meeting, _is_to_come(), ~at_work, ~is_untold)


def _charter_of_nobody() -> Select[int]:
    together = exists().where(Pairing.id == Charter.pairing_id, Pairing.state.in_(TOGETHER_PAIRING_STATES))
    return count_all(Charter, Charter.state == CharterState.OPEN, ~together)


def _lacks_signature() -> Select[int]:
    signed = (
        select(func.count())
        .select_from(CharterSignature)
        .where(CharterSignature.charter_id == Charter.id)
        .correlate(Charter)
        .scalar_subquery()
    )
    return count_all(Charter, Charter.state == CharterState.SIGNED, signed < len(CharterParty))
