"""What a coordinator decides about suggestions: approve, reject, choose somebody else, compare."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.db import db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import (
    AlreadyServedError,
    DomainError,
    NotEligibleError,
    NotFoundError,
    RoleNotAskedError,
)
from models.match_runs import RejectReason, Suggestion
from models.messages import MessageKind
from models.moves import explain_refusal, move, write_event
from models.names import full_name
from models.pairings import ChoiceReason, Pairing
from models.queries.associations import get_association
from models.queries.expert_questions import list_roles_of_question
from models.queries.match_runs import count_forgotten, find_last_run, list_texts
from models.queries.pairings import find_live_pairing, list_excluded
from models.queries.suggestions import (
    get_entrepreneur,
    get_suggestion,
    list_waiting_suggestions,
    load_profile,
    lock_entrepreneur,
    lock_suggestion,
)
from models.queries.supporters import get_supporter, list_active_supporters, lock_supporter
from models.states import MOVES, EntrepreneurState, PairingState, SuggestionAction, SuggestionState
from models.supporters import PAIRING_COST, Supporter, SupporterRole
from webapp import matcher_bridge, text_bridge
from webapp.permissions import Actor, Permission, require
from webapp.services.alternatives import present_next, set_aside
from webapp.services.match_runs import read_last_measure
from webapp.services.pairings import PairingOutcome
from webapp.services.parties import Parties, name_coordinator, tell_supporter
from webapp.services.places import explain_no_place, take_place

logger = logging.getLogger(__name__)
NOT_WANTED = "not_wanted"
"""The rule that forbids every pair in a role for which a person has not asked; the engine speaks of one role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalOutcome:
    """What became of one suggestion among several: a pairing, or the refusal that explains itself."""

    suggestion_id: UUID
    pairing_id: UUID | None
    error: DomainError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectOutcome:
    """What became of a rejected suggestion: the next one that waits for the coordinator, if any."""

    suggestion_id: UUID
    next_suggestion_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupporterComparison:
    """One supporter beside the others for one person: why allowed or which rule forbids, how good, which parts."""

    supporter_id: UUID
    name: str
    role: SupporterRole
    free_places: int
    allowed: bool
    rule: str | None
    score: float
    components: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    gaps: list[dict[str, Any]]


@retried
def approve_suggestion(*, suggestion_id: UUID, actor: Actor, at: datetime) -> PairingOutcome:
    """Turn a suggestion into a proposal that holds one of the supporter's places until it is answered.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, CapacityReachedError, NotEligibleError or
    AlreadyServedError.
    """
    with transaction() as session:
        found = get_suggestion(session, suggestion_id)
        require(actor, Permission.SUGGESTION_DECIDE, found)
        supporter = session.get_one(Supporter, found.supporter_id)
        if not take_place(session, supporter):
            _require_approvable(session, lock_suggestion(session, found.id), actor)
            raise explain_no_place(session, supporter.id)
        supporter = lock_supporter(session, supporter.id, with_profile=True)
        entrepreneur = lock_entrepreneur(session, found.entrepreneur_id, with_profile=True)
        suggestion = lock_suggestion(session, found.id)
        _require_approvable(session, suggestion, actor)
        _require_eligible(session, entrepreneur, supporter, at=at)
        outcome = _propose(session, entrepreneur, supporter, suggestion=suggestion, actor=actor, at=at)
    logger.info("suggestion approved", extra={"suggestion_id": str(suggestion_id), "actor_id": actor.account_id})
    return outcome


def approve_suggestions(*, suggestion_ids: Sequence[UUID], actor: Actor, at: datetime) -> tuple[ApprovalOutcome, ...]:
    """Approve several, each on its own: one that is refused keeps nobody else from being proposed."""
    return tuple(_try_approval(suggestion_id, actor=actor, at=at) for suggestion_id in dict.fromkeys(suggestion_ids))


@retried
def reject_suggestion(
    *, suggestion_id: UUID, reason: RejectReason, note: str = "", actor: Actor, at: datetime
) -> RejectOutcome:
    """Set an open suggestion aside for a reason; the next alternative is presented, or a day to follow up is set.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        found = get_suggestion(session, suggestion_id)
        require(actor, Permission.SUGGESTION_DECIDE, found)
        entrepreneur = lock_entrepreneur(session, found.entrepreneur_id)
        suggestion = lock_suggestion(session, found.id)
        move(
            session,
            suggestion,
            SuggestionAction.REJECT,
            actor_id=actor.account_id,
            at=at,
            reason=str(reason),
            reject_reason=reason,
            decided_at=at,
            decided_by_id=actor.account_id,
        )
        suggestion.note = note.strip()
        next_suggestion_id = present_next(
            session,
            entrepreneur=entrepreneur,
            role=suggestion.role,
            association=get_association(session, suggestion.association_id),
            actor_id=actor.account_id,
            at=at,
        )
    logger.info("suggestion rejected", extra={"suggestion_id": str(suggestion_id), "actor_id": actor.account_id})
    return RejectOutcome(suggestion_id=suggestion_id, next_suggestion_id=next_suggestion_id)


@retried
def choose_supporter(
    *,
    entrepreneur_id: UUID,
    supporter_id: UUID,
    role: SupporterRole,
    reason: ChoiceReason,
    note: str = "",
    actor: Actor,
    at: datetime,
) -> PairingOutcome:
    """Propose a supporter of the coordinator's own choice, if no hard rule forbids it; the reason is kept.

    Raises NotFoundError, PermissionDeniedError, CapacityReachedError, NotEligibleError or AlreadyServedError.
    """
    with transaction() as session:
        person, supporter = get_entrepreneur(session, entrepreneur_id), get_supporter(session, supporter_id)
        require(actor, Permission.SUGGESTION_DECIDE, person)
        if supporter.association_id != person.association_id or supporter.role is not role:
            raise NotFoundError(record="Supporter")
        if not take_place(session, supporter):
            raise explain_no_place(session, supporter.id)
        supporter = lock_supporter(session, supporter.id, with_profile=True)
        entrepreneur = lock_entrepreneur(session, person.id, with_profile=True)
        _require_eligible(session, entrepreneur, supporter, at=at)
        waiting = list_waiting_suggestions(session, entrepreneur.id, role)
        suggestion = next((one for one in waiting if one.supporter_id == supporter.id), None)
        outcome = _propose(
            session, entrepreneur, supporter, suggestion=suggestion, actor=actor, at=at, reason=reason, note=note
        )
    logger.info("supporter chosen", extra={"pairing_id": str(outcome.pairing_id), "actor_id": actor.account_id})
    return outcome


def compare_supporters(
    *, entrepreneur_id: UUID, role: SupporterRole, actor: Actor, at: datetime
) -> tuple[SupporterComparison, ...]:
    """Give every active supporter of a role beside the others for one person: allowed ones first, best first.

    Raises NotFoundError, PermissionDeniedError or NotEligibleError.
    """
    session = db.session()
    entrepreneur = get_entrepreneur(session, entrepreneur_id)
    require(actor, Permission.SUGGESTION_DECIDE, entrepreneur)
    if entrepreneur.state is not EntrepreneurState.READY:
        raise NotEligibleError(rule="not_ready", state=str(entrepreneur.state), entrepreneur_id=entrepreneur_id)
    entrepreneur = load_profile(session, entrepreneur.id)
    supporters = list_active_supporters(session, entrepreneur.association_id, role)
    asked = also_wanted(session, entrepreneur, role)
    compared = matcher_bridge.compare(
        entrepreneur,
        supporters,
        excluded=_excluded(session, entrepreneur),
        weights=read_last_measure(session, entrepreneur.association_id).weights,
        at=at,
        texts=_texts(session, entrepreneur.association_id),
        also_wanted=asked,
    )
    is_wanted = role in asked or role in entrepreneur.wanted_roles
    shown = {one.supporter_id: one for one in list_waiting_suggestions(session, entrepreneur.id, role)}
    lines = [
        _comparison(supporter, one, shown.get(supporter.id), is_wanted=is_wanted)
        for supporter, one in zip(supporters, compared, strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: (not line.allowed, -line.score)))


def _texts(session: Session, association_id: int) -> matcher_bridge.TextSimilarity:
    """Give the text model of the last run's people, so that scores compare with those that it stored."""
    text_bridge.let_go(count_forgotten(session))
    run = find_last_run(session, association_id)
    return text_bridge.learn_run(run.public_id if run else None, lambda: list_texts(session, association_id))


def _try_approval(suggestion_id: UUID, *, actor: Actor, at: datetime) -> ApprovalOutcome:
    try:
        outcome = approve_suggestion(suggestion_id=suggestion_id, actor=actor, at=at)
    except DomainError as error:
        return ApprovalOutcome(suggestion_id=suggestion_id, pairing_id=None, error=error)
    return ApprovalOutcome(suggestion_id=suggestion_id, pairing_id=outcome.pairing_id, error=None)


def _require_approvable(session: Session, suggestion: Suggestion, actor: Actor) -> None:
    if (suggestion.state, SuggestionAction.APPROVE) not in MOVES["suggestion"]:
        raise explain_refusal(session, suggestion, SuggestionAction.APPROVE, actor_id=actor.account_id)


def _require_eligible(session: Session, entrepreneur: Entrepreneur, supporter: Supporter, *, at: datetime) -> None:
    """Check the hard rules again, on the rows as they are now; both are locked."""
    facts = {"entrepreneur_id": entrepreneur.public_id, "supporter_id": supporter.public_id}
    if entrepreneur.state is not EntrepreneurState.READY:
        raise NotEligibleError(rule="not_ready", state=str(entrepreneur.state), **facts)
    if find_live_pairing(session, entrepreneur.id, supporter.role) is not None:
        raise AlreadyServedError(role=str(supporter.role), **facts)
    asked, excluded = also_wanted(session, entrepreneur, supporter.role), _excluded(session, entrepreneur)
    if supporter.role not in asked and supporter.role not in entrepreneur.wanted_roles:
        raise RoleNotAskedError(rule=NOT_WANTED, **facts)
    rule = matcher_bridge.find_broken_rule(entrepreneur, supporter, excluded=excluded, at=at, also_wanted=asked)
    if rule is not None:
        raise NotEligibleError(rule=rule, **facts)


def also_wanted(session: Session, entrepreneur: Entrepreneur, role: SupporterRole) -> frozenset[SupporterRole]:
    """Give the role where she did not wish for it but a question of hers asks for it."""
    if role in entrepreneur.wanted_roles or role is not SupporterRole.EXPERT:
        return frozenset()
    return list_roles_of_question(session, entrepreneur.id)


def _excluded(session: Session, entrepreneur: Entrepreneur) -> frozenset[int]:
    """Give who may not be proposed even by a coordinator, who may ask again whom nothing speaks against."""
    excluded = list_excluded(session, entrepreneur.association_id, entrepreneur.id, by_hand=True)
    return excluded.get(entrepreneur.id, frozenset())


def _propose(
    session: Session,
    entrepreneur: Entrepreneur,
    supporter: Supporter,
    *,
    suggestion: Suggestion | None,
    actor: Actor,
    at: datetime,
    reason: ChoiceReason | None = None,
    note: str = "",
) -> PairingOutcome:
    """Write the proposal for a place that is taken, close what was open, and tell the supporter."""
    if suggestion is not None:
        decided: dict[str, Any] = {"decided_at": at, "decided_by_id": actor.account_id}
        move(session, suggestion, SuggestionAction.APPROVE, actor_id=actor.account_id, at=at, **decided)
    association = get_association(session, entrepreneur.association_id)
    pairing = Pairing(
        public_id=uuid4(),
        association_id=association.id,
        entrepreneur_id=entrepreneur.id,
        supporter_id=supporter.id,
        suggestion_id=suggestion.id if suggestion else None,
        role=supporter.role,
        cost=PAIRING_COST[supporter.role],
        state=PairingState.PROPOSED,
        choice_reason=reason,
        note=note.strip(),
        proposed_at=at,
        proposed_by_id=actor.account_id,
        deadline_at=at + timedelta(days=association.expiry_days),
    )
    session.add(pairing)
    # Read before the flush: after a failed one nothing can be read any more.
    facts = {"role": str(supporter.role), "entrepreneur_id": entrepreneur.public_id}
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyServedError(**facts) from error
    _write_proposal(session, pairing, actor, at)
    set_aside(
        session,
        entrepreneur_id=entrepreneur.id,
        role=supporter.role,
        # Alternatives go on waiting: they are what the coordinator sees next if the answer is no.
        states=(SuggestionState.OPEN,),
        actor_id=actor.account_id,
        at=at,
        reason="other_chosen",
    )
    parties = Parties(association=association, supporter=supporter, entrepreneur=entrepreneur, pairing=pairing)
    tell_supporter(
        session,
        parties,
        MessageKind.PAIRING_PROPOSED,
        at=at,
        entrepreneur=entrepreneur.first_name,  # before she is accepted a supporter knows no more of her name
        coordinator=name_coordinator(session, parties),
        deadline_at=pairing.deadline_at,
        as_mentor=pairing.role is SupporterRole.MENTOR or None,  # no other role is named in a mail
    )
    return PairingOutcome(pairing_id=pairing.public_id, state=pairing.state)


def _write_proposal(session: Session, pairing: Pairing, actor: Actor, at: datetime) -> None:
    write_event(
        session,
        pairing,
        "propose",
        to_state=str(PairingState.PROPOSED),
        actor_id=actor.account_id,
        at=at,
        reason=None if pairing.choice_reason is None else str(pairing.choice_reason),
    )


def _comparison(
    supporter: Supporter,
    compared: matcher_bridge.ComparedSupporter,
    shown: Suggestion | None,
    *,
    is_wanted: bool,
) -> SupporterComparison:
    """Put one line together; what a waiting suggestion shows elsewhere is shown here too, to the last digit."""
    source = compared if shown is None else shown
    return SupporterComparison(
        supporter_id=supporter.public_id,
        name=full_name(supporter),
        role=supporter.role,
        free_places=(supporter.capacity - supporter.taken) // PAIRING_COST[supporter.role],
        allowed=compared.allowed,
        rule=compared.rule if is_wanted else NOT_WANTED,
        score=source.score,
        components=source.components,
        reasons=source.reasons,
        gaps=source.gaps,
    )
