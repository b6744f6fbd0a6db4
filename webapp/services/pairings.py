"""Pairings: accepted, declined, withdrawn, expired, ended. One function releases, whoever causes it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidTransitionError, NotEligibleError
from models.messages import MessageKind
from models.moves import move, move_all
from models.names import full_name
from models.pairings import DeclineReason, EndReason, Pairing, WithdrawReason
from models.queries.clocks import get_clocks
from models.queries.meetings import find_meeting_to_come
from models.queries.pairings import list_due_for_expiry, list_due_for_reminder, list_live_pairings_of_entrepreneur
from models.queries.suggestions import WAITING, list_waiting_suggestions_of_person
from models.queries.supporters import lock_supporters
from models.states import (
    TOGETHER_PAIRING_STATES,
    UNANSWERED_PAIRING_STATES,
    EntrepreneurState,
    PairingAction,
    PairingState,
    SuggestionAction,
)
from models.supporters import SupporterRole
from webapp.permissions import SYSTEM, Actor, Permission
from webapp.services.alternatives import present_next, set_aside
from webapp.services.charters import close_charter, open_charter
from webapp.services.meeting_dates import resolve_dates
from webapp.services.meetings import MeetingPlan, call_off, propose_locked
from webapp.services.pairing_terms import build_beginning, build_ending, give_furthest_days
from webapp.services.parties import (
    Parties,
    lock_parties,
    lock_parties_of,
    name_coordinator,
    read_parties,
    tell_coordinators,
    tell_parties,
    tell_supporter,
)
from webapp.services.places import give_place_back
from webapp.services.question_moves import pass_back_of_pairing
from webapp.services.reviews import cancel_checks, cancel_reviews, plan_points

logger = logging.getLogger(__name__)
# Records a clock looks at before it asks for more.
CLOCK_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingOutcome:
    """What became of a pairing, which suggestion waits for the coordinator, and an hour agreed that no longer holds."""

    pairing_id: UUID
    state: PairingState
    next_suggestion_id: UUID | None = None
    lost_at: datetime | None = None


@retried
def accept_pairing(
    *, pairing_id: UUID, first_meeting: MeetingPlan | None = None, actor: Actor, at: datetime
) -> PairingOutcome:
    """Say yes, with dates for a first meeting if one likes: the two work together from now on.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, InvalidInputError or NotEligibleError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_ANSWER)
        pairing, person = parties.pairing, parties.entrepreneur
        if person.state is EntrepreneurState.CLOSED and pairing.state in UNANSWERED_PAIRING_STATES:
            raise NotEligibleError(rule="not_ready", state=str(person.state), entrepreneur_id=person.public_id)
        _require_same_dates(session, pairing, first_meeting, at=at)
        beginning = build_beginning(session, parties.association, pairing, at=at)
        parties.supporter.unanswered = 0
        move(session, pairing, PairingAction.ACCEPT, actor_id=actor.account_id, at=at, answered_at=at, **beginning)
        set_aside(
            session,
            entrepreneur_id=person.id,
            role=pairing.role,
            states=WAITING,
            actor_id=actor.account_id,
            at=at,
            reason="served",
        )
        open_charter(session, parties, actor=actor, at=at)
        plan_points(session, parties, actor=actor, at=at)
        answer_due_at = None
        if first_meeting is not None:
            meeting = propose_locked(session, parties, first_meeting, actor=actor, at=at, is_told=False)
            answer_due_at = meeting.answer_due_at
        _tell_accepted(session, parties, answer_due_at=answer_due_at, actor=actor, at=at)
    log_decision("pairing accepted", pairing_id, actor)
    return PairingOutcome(pairing_id=pairing_id, state=PairingState.ACTIVE)


def _require_same_dates(session: Session, pairing: Pairing, plan: MeetingPlan | None, *, at: datetime) -> None:
    """Refuse other dates from an old page: a yes that was sent again counts once, but these would be lost.

    Raises InvalidTransitionError or InvalidInputError.
    """
    if pairing.state is not PairingState.ACTIVE or plan is None:
        return
    known = find_meeting_to_come(session, pairing.id)
    days = give_furthest_days(get_clocks(session, pairing.association_id))
    if known is None or known.slots != resolve_dates(plan.dates, days=days, at=at):
        raise InvalidTransitionError(record="pairing", state=str(pairing.state), action=str(PairingAction.ACCEPT))


@retried
def decline_pairing(
    *, pairing_id: UUID, reason: DeclineReason, note: str = "", actor: Actor, at: datetime
) -> PairingOutcome:
    """Say no: the place is free again, and the coordinator sees the next suggestion.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_ANSWER)
        parties.supporter.unanswered = 0
        outcome = release(
            session,
            parties,
            PairingAction.DECLINE,
            actor=actor,
            at=at,
            reason=str(reason),
            decline_reason=reason,
            answered_at=at,
            answer_note=note.strip(),
        )
        tell_coordinators(session, parties, MessageKind.PAIRING_DECLINED, actor=actor, at=at)
    log_decision("pairing declined", pairing_id, actor)
    return outcome


@retried
def withdraw_pairing(
    *, pairing_id: UUID, reason: WithdrawReason, note: str = "", actor: Actor, at: datetime
) -> PairingOutcome:
    """Take a proposal back before it is answered.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_STEER)
        outcome = withdraw_locked(session, parties, reason=reason, note=note, actor=actor, at=at)
        coordinator = name_coordinator(session, parties)
        tell_supporter(session, parties, MessageKind.PAIRING_WITHDRAWN, at=at, coordinator=coordinator)
    log_decision("pairing withdrawn", pairing_id, actor)
    return outcome


@retried
def end_pairing(
    *,
    pairing_id: UUID,
    reason: EndReason,
    note: str = "",
    wants_other: bool | None = None,
    actor: Actor,
    at: datetime,
) -> PairingOutcome:
    """End a pairing; the note is for the coordinator only. Somebody comes back to the person.

    `wants_other` says whether she would like somebody else: no takes the role off her wishes, yes (or nothing said)
    looks for somebody again.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        parties = lock_parties(session, pairing_id, actor=actor, permission=Permission.PAIRING_END)
        outcome = end_locked(session, parties, reason=reason, note=note, wants_other=wants_other, actor=actor, at=at)
    log_decision("pairing ended", pairing_id, actor)
    return outcome


def expire_each(*, at: datetime) -> Iterator[UUID]:
    """Expire one proposal after the other, and give those that really expired."""
    for pairing_id in _each_due(list_due_for_expiry, at):
        public_id = _expire(pairing_id, at=at)
        if public_id is not None:
            yield public_id


def remind_due(*, at: datetime) -> int:
    """Remind once of every proposal that is old enough, each on its own. May run twice, or twice at once."""
    return sum(_remind(pairing_id, at=at) for pairing_id in _each_due(list_due_for_reminder, at))


def release(
    session: Session,
    parties: Parties,
    action: PairingAction,
    *,
    actor: Actor,
    at: datetime,
    reason: str | None,
    **values: Any,
) -> PairingOutcome:
    """End a live pairing in whatever way, in the caller's transaction: state, place, what was planned, what comes next.

    The parties must be locked. Nothing else gives a place back.
    """
    pairing = parties.pairing
    move(session, pairing, action, actor_id=actor.account_id, at=at, reason=reason, ended_at=at, **values)
    give_place_back(session, pairing)
    lost_at = call_off(session, pairing, actor=actor, at=at)
    close_charter(session, pairing, actor=actor, at=at)
    cancel_checks(session, pairing, actor=actor, at=at)
    pass_back_of_pairing(session, pairing, actor=actor, at=at)
    next_suggestion_id = present_next(
        session,
        entrepreneur=parties.entrepreneur,
        role=pairing.role,
        association=parties.association,
        actor_id=actor.account_id,
        at=at,
    )
    return PairingOutcome(
        pairing_id=pairing.public_id, state=pairing.state, next_suggestion_id=next_suggestion_id, lost_at=lost_at
    )


def withdraw_locked(
    session: Session, parties: Parties, *, reason: WithdrawReason, note: str = "", actor: Actor, at: datetime
) -> PairingOutcome:
    """Withdraw a proposal whose parties are locked."""
    return release(
        session,
        parties,
        PairingAction.WITHDRAW,
        actor=actor,
        at=at,
        reason=str(reason),
        withdraw_reason=reason,
        answer_note=note.strip(),
    )


def end_locked(
    session: Session,
    parties: Parties,
    *,
    reason: EndReason,
    note: str = "",
    wants_other: bool | None = None,
    actor: Actor,
    at: datetime,
) -> PairingOutcome:
    """End an active or paused pairing whose parties are locked, and tell everybody."""
    ending = build_ending(
        session, parties.association, parties.entrepreneur, parties.pairing, wants_other=wants_other, at=at
    )
    outcome = release(
        session,
        parties,
        PairingAction.END,
        actor=actor,
        at=at,
        reason=str(reason),
        end_reason=reason,
        answer_note=note.strip(),
        **ending,
    )
    facts = {"coordinator": name_coordinator(session, parties), "lost_at": outcome.lost_at}
    tell_parties(session, parties, MessageKind.PAIRING_ENDED, both=facts, desk={}, actor=actor, at=at)
    return outcome


def lock_partners(session: Session, entrepreneur_id: int) -> None:
    """Lock the supporters who hold a place for a person: call it before locking her, when she is about to leave."""
    pairings = list_live_pairings_of_entrepreneur(session, entrepreneur_id)
    lock_supporters(session, [pairing.supporter_id for pairing in pairings])


def release_person(
    session: Session,
    entrepreneur: Entrepreneur,
    *,
    actor: Actor,
    at: datetime,
    role: SupporterRole | None = None,
    keeps_whom_she_has: bool = False,
    reason: WithdrawReason = WithdrawReason.PERSON_CHANGED_MIND,
) -> None:
    """Free whoever waits for or works with a person who stops, in the caller's transaction.

    Proposals are withdrawn and pairings ended, suggestions set aside and reviews left out. With a role, only proposals
    and suggestions in that role: she does not want it any more. Then, or when said so, she keeps whom she has. Call
    `lock_partners`, lock her and move her file (or take the role off her wishes) first: nothing new is presented then.
    """
    keeps = keeps_whom_she_has or role is not None
    for found in list_live_pairings_of_entrepreneur(session, entrepreneur.id):
        if found.role is not (role or found.role) or (keeps and found.state in TOGETHER_PAIRING_STATES):
            continue
        parties = lock_parties_of(session, found)
        if parties.pairing.state in UNANSWERED_PAIRING_STATES:
            withdraw_locked(session, parties, reason=reason, actor=actor, at=at)
            coordinator = name_coordinator(session, parties)
            tell_supporter(session, parties, MessageKind.PAIRING_WITHDRAWN, at=at, coordinator=coordinator)
        else:
            end_locked(session, parties, reason=EndReason.PROJECT_STOPPED, actor=actor, at=at)
    waiting = list_waiting_suggestions_of_person(session, entrepreneur.id, role)
    move_all(session, waiting, SuggestionAction.SUPERSEDE, actor_id=actor.account_id, at=at, reason="not_wanted")
    if not keeps:
        cancel_reviews(session, entrepreneur, actor=actor, at=at)


def _tell_accepted(
    session: Session, parties: Parties, *, answer_due_at: datetime | None, actor: Actor, at: datetime
) -> None:
    """Tell both, with what comes next: to choose a date before a day, to wait for the choice, or to find one."""
    has_dates = answer_due_at is not None
    due_at = None if has_dates else parties.pairing.next_meeting_due_at
    has_mentor = parties.pairing.role is SupporterRole.MENTOR or None  # no other role is named in a mail
    to_entrepreneur = {"has_dates": has_dates or None, "has_mentor": has_mentor, "due_at": answer_due_at or due_at}
    tell_parties(
        session,
        parties,
        MessageKind.PAIRING_ACCEPTED,
        supporter={"partner": full_name(parties.entrepreneur), "sent_dates": has_dates or None, "due_at": due_at},
        entrepreneur={"partner": full_name(parties.supporter), **to_entrepreneur},
        desk={},
        actor=actor,
        at=at,
    )


def _each_due(list_due: Callable[..., Sequence[int]], at: datetime) -> Iterator[int]:
    """Give due pairings batch by batch, each once, even if one stays due because it could not be changed."""
    after = 0
    while True:
        found = list_due(db.session(), at=at, after=after, limit=CLOCK_BATCH)
        yield from found
        if len(found) < CLOCK_BATCH:
            return
        after = found[-1]


@retried
def _expire(pairing_id: int, *, at: datetime) -> UUID | None:
    with transaction() as session:
        parties = lock_parties_of(session, session.get_one(Pairing, pairing_id))
        deadline_at = parties.pairing.deadline_at
        if parties.pairing.state is not PairingState.PROPOSED or deadline_at is None or deadline_at > at:
            return None
        public_id = parties.pairing.public_id
        release(session, parties, PairingAction.EXPIRE, actor=SYSTEM, at=at, reason="no_answer")
        parties.supporter.unanswered += 1
        tell_parties(session, parties, MessageKind.PAIRING_EXPIRED, supporter={}, desk={}, at=at)
    logger.info("pairing expired", extra={"pairing_id": pairing_id})
    return public_id


@retried
def _remind(pairing_id: int, *, at: datetime) -> bool:
    with transaction() as session:
        reminded: CursorResult[Any] = session.execute(  # type: ignore[assignment]
            update(Pairing)
            .where(
                Pairing.id == pairing_id,
                Pairing.state == PairingState.PROPOSED,
                Pairing.reminded_at.is_(None),
                Pairing.deadline_at > at,
            )
            .values(reminded_at=at)
            .execution_options(synchronize_session=False)
        )
        if reminded.rowcount != 1:
            return False
        parties = read_parties(session, pairing_id)
        tell_supporter(
            session,
            parties,
            MessageKind.PAIRING_REMINDER,
            at=at,
            entrepreneur=parties.entrepreneur.first_name,
            coordinator=name_coordinator(session, parties),
            deadline_at=parties.pairing.deadline_at,
        )
    logger.info("pairing reminded", extra={"pairing_id": pairing_id})
    return True


def log_decision(message: str, pairing_id: UUID, actor: Actor) -> None:
    """Write to the log what somebody decided about a pairing, without a name."""
    logger.info(message, extra={"pairing_id": str(pairing_id), "actor_id": actor.account_id})
