"""Supporters: added, changed, their capacity, and their pauses."""

import logging
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.accounts import Account
from models.db import retried, transaction
from models.entrepreneurs import ALL_SLOTS, Stage
from models.exceptions import AccountClosedError, CapacityInUseError, InvalidInputError, InvalidTransitionError
from models.messages import MessageKind
from models.moves import move, move_all, write_event
from models.pairings import EndReason, Pairing, WithdrawReason
from models.queries.accounts import map_known_accounts
from models.queries.associations import get_association, get_association_by_public_id
from models.queries.pairings import list_live_pairings_of_supporter
from models.queries.suggestions import (
    list_waiting_suggestions,
    list_waiting_suggestions_of_supporter,
    lock_entrepreneur,
)
from models.queries.supporters import get_supporter, lock_supporter
from models.search import fold
from models.states import (
    LIVE_PAIRING_STATES,
    TOGETHER_PAIRING_STATES,
    UNANSWERED_PAIRING_STATES,
    PairingState,
    SuggestionAction,
    SuggestionState,
    SupporterAction,
    SupporterState,
)
from models.supporters import Supporter, SupporterExpertise, SupporterLanguage, SupporterRole
from models.territories import Commune
from models.topics import Activity, Language, Topic
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services.alternatives import present_next
from webapp.services.pairings import end_locked, withdraw_locked
from webapp.services.parties import lock_parties_of, tell_coordinators
from webapp.services.session_leaders import withdraw_of
from webapp.services.supporter_listings import take_off
from webapp.services.supporter_rests import check_day_back, find_day_back
from webapp.spreadsheets.rows import SupporterRow

logger = logging.getLogger(__name__)

MAX_CAPACITY = 500
MAX_KM = 1000
MAX_WORD = 500


@retried
def create_supporter(
    *, association_id: UUID, row: SupporterRow, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Add a supporter to an association; an account with her address becomes hers.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or RepeatedRequestError.
    """
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.SUPPORTER_EDIT, association)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        supporter = Supporter(
            public_id=uuid4(),
            association_id=association.id,
            reference=row.reference.strip() or f"S-{uuid4().hex[:10]}",
            role=_member(SupporterRole, "role", row.role),
            state=SupporterState.ACTIVE,
            capacity=_checked_capacity(row.capacity),
            taken=0,
            expertise=[],
            languages=[],
            created_at=at,
        )
        _write_profile(session, supporter, row, at)
        session.add(supporter)
        try:
            session.flush()
        except IntegrityError as error:
            raise InvalidInputError(field="reference", reference=supporter.reference) from error
        _note(session, supporter, "create", actor, at)
        note_outcome(session, key=form_key, outcome=supporter.public_id)
    logger.info("supporter added", extra={"supporter_id": str(supporter.public_id), "actor_id": actor.account_id})
    return supporter.public_id


@retried
def update_supporter(*, supporter_id: UUID, row: SupporterRow, actor: Actor, at: datetime) -> None:
    """Change a supporter's profile and capacity; her role stays, since what she holds is counted by it.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or CapacityInUseError.
    """
    with transaction() as session:
        supporter = _lock(session, supporter_id, actor, with_profile=True)
        if row.role != supporter.role:
            raise InvalidInputError(field="role", role=str(supporter.role))
        _write_capacity(session, supporter, row.capacity, at)
        _write_profile(session, supporter, row, at)
        session.flush()
        _note(session, supporter, "update", actor, at)
    logger.info("supporter changed", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})


@retried
def set_capacity(*, supporter_id: UUID, capacity: int, actor: Actor, at: datetime) -> None:
    """Set how much a supporter offers, never below what she holds: people, for coaches hours.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or CapacityInUseError.
    """
    with transaction() as session:
        supporter = _lock(session, supporter_id, actor)
        before = supporter.capacity
        _write_capacity(session, supporter, capacity, at)
        _note(session, supporter, "set_capacity", actor, at, note=f"{before} → {capacity}")
    logger.info("capacity set", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})


@retried
def lower_capacity(
    *, supporter_id: UUID, capacity: int, word: str = "", actor: Actor, at: datetime
) -> tuple[UUID, ...]:
    """Offer less from now on: proposals not answered that no longer fit go back with a word, the latest first.

    People whom she supports already stay with her. Gives the proposals that went back, to look for somebody else.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or CapacityInUseError.
    """
    with transaction() as session:
        supporter = _lock(session, supporter_id, actor)
        before, handed = supporter.capacity, _choose_to_hand_back(session, supporter, _checked_capacity(capacity))
        if capacity > before:
            raise InvalidInputError(field="capacity", minimum=0, maximum=before)
        reason = WithdrawReason.SUPPORTER_LESS_TIME
        for found in handed:
            _release(session, found, reason=reason, word=word, actor=actor, at=at)
        session.refresh(supporter, ["taken"])
        _write_capacity(session, supporter, capacity, at)
        _note(session, supporter, "set_capacity", actor, at, note=f"{before} → {capacity}")
        public_ids = tuple(found.public_id for found in handed)
    logger.info("capacity lowered", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})
    return public_ids


@retried
def pause_supporter(
    *, supporter_id: UUID, back_on: date | None = None, word: str = "", actor: Actor, at: datetime
) -> tuple[UUID, ...]:
    """Stop proposing a supporter: proposals not answered go back to the coordinator with a word, pairings go on.

    `back_on` is the day to ask whether she is available again, None for the usual time. Gives the proposals that went
    back, to look for somebody else.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError or InvalidInputError.
    """
    with transaction() as session:
        supporter = _lock(session, supporter_id, actor)
        released = pause_locked(session, supporter, back_on=back_on, word=word, actor=actor, at=at)
    logger.info("supporter paused", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})
    return released


def pause_locked(
    session: Session,
    supporter: Supporter,
    *,
    back_on: date | None = None,
    word: str = "",
    reason: str | None = None,
    actor: Actor,
    at: datetime,
) -> tuple[UUID, ...]:
    """Pause a supporter in the caller's transaction, and give the proposals that went back.

    Raises InvalidTransitionError or InvalidInputError.
    """
    day = check_day_back(back_on, at=at) if back_on else find_day_back(session, supporter, at=at)
    action = SupporterAction.PAUSE
    move(session, supporter, action, actor_id=actor.account_id, at=at, reason=reason, back_on=day, updated_at=at)
    return _let_go(session, supporter, states=UNANSWERED_PAIRING_STATES, word=word, actor=actor, at=at)


@retried
def resume_supporter(*, supporter_id: UUID, actor: Actor, at: datetime) -> None:
    """Let a paused supporter be proposed again; not one whose account is closed, who could not answer.

    Raises NotFoundError, PermissionDeniedError, AccountClosedError or InvalidTransitionError.
    """
    with transaction() as session:
        supporter = _lock(session, supporter_id, actor)
        account = session.get(Account, supporter.account_id) if supporter.account_id is not None else None
        if account is not None and not account.is_active:
            raise AccountClosedError(email=account.email)
        action = SupporterAction.RESUME
        move(session, supporter, action, actor_id=actor.account_id, at=at, back_on=None, unanswered=0, updated_at=at)
    logger.info("supporter resumed", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})


@retried
def let_supporter_leave(*, supporter_id: UUID, actor: Actor, at: datetime) -> tuple[UUID, ...]:
    """Let a supporter go for good: proposals go back, pairings end, and each person gets somebody to come back to her.

    Gives the proposals that went back and the pairings that ended, to look for somebody else.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        supporter = _lock(session, supporter_id, actor)
        action = SupporterAction.LEAVE
        move(session, supporter, action, actor_id=actor.account_id, at=at, back_on=None, updated_at=at)
        withdraw_of(session, supporter, actor=actor, at=at)
        take_off(session, supporter, actor=actor, at=at)
        released = _let_go(session, supporter, states=LIVE_PAIRING_STATES, actor=actor, at=at)
    logger.info("supporter left", extra={"supporter_id": str(supporter_id), "actor_id": actor.account_id})
    return released


def _lock(session: Session, public_id: UUID, actor: Actor, *, with_profile: bool = False) -> Supporter:
    found = get_supporter(session, public_id)
    require(actor, Permission.SUPPORTER_EDIT, found)
    locked = lock_supporter(session, found.id, with_profile=with_profile)
    # Asked of the locked row: she may be forgotten at this very moment.
    if locked.erased_at is not None:
        raise InvalidTransitionError(record="supporter", state="erased", action="change")
    return locked


def _let_go(
    session: Session,
    supporter: Supporter,
    *,
    states: tuple[PairingState, ...],
    word: str = "",
    actor: Actor,
    at: datetime,
) -> tuple[UUID, ...]:
    """Give back what a supporter holds, and show the coordinator who comes next wherever she was suggested.

    People are locked in the order of their numbers, as everywhere.
    """
    held = {p.entrepreneur_id: p for p in list_live_pairings_of_supporter(session, supporter.id) if p.state in states}
    suggested = {one.entrepreneur_id for one in list_waiting_suggestions_of_supporter(session, supporter.id)}
    association = get_association(session, supporter.association_id)
    for entrepreneur_id in sorted(held.keys() | suggested):
        entrepreneur = lock_entrepreneur(session, entrepreneur_id)
        waiting = list_waiting_suggestions(session, entrepreneur_id, supporter.role)
        mine = [suggestion for suggestion in waiting if suggestion.supporter_id == supporter.id]
        was_open = any(suggestion.state is SuggestionState.OPEN for suggestion in mine)
        move_all(session, mine, SuggestionAction.SUPERSEDE, actor_id=actor.account_id, at=at, reason="not_active")
        if entrepreneur_id in held:
            reason = WithdrawReason.SUPPORTER_PAUSED
            _release(session, held[entrepreneur_id], reason=reason, word=word, actor=actor, at=at)
        elif was_open:
            present_next(
                session,
                entrepreneur=entrepreneur,
                role=supporter.role,
                association=association,
                actor_id=actor.account_id,
                at=at,
            )
    return tuple(held[entrepreneur_id].public_id for entrepreneur_id in sorted(held))


def _choose_to_hand_back(session: Session, supporter: Supporter, capacity: int) -> list[Pairing]:
    """Choose the proposals that no longer fit, the latest first; people are locked in the order of their numbers."""
    live = list_live_pairings_of_supporter(session, supporter.id)
    unanswered = sorted(
        (one for one in live if one.state in UNANSWERED_PAIRING_STATES),
        key=lambda one: (one.proposed_at, one.id),
        reverse=True,
    )
    surplus, chosen = supporter.taken - capacity, []
    for found in unanswered:
        if surplus <= 0:
            break
        chosen.append(found)
        surplus -= found.cost
    return sorted(chosen, key=lambda one: one.entrepreneur_id)


def _release(
    session: Session, found: Pairing, *, reason: WithdrawReason, word: str, actor: Actor, at: datetime
) -> None:
    parties = lock_parties_of(session, found)
    if parties.pairing.state in UNANSWERED_PAIRING_STATES:
        withdraw_locked(session, parties, reason=reason, note=word[:MAX_WORD], actor=actor, at=at)
        # For the coordinator it is a no, and her turn: the message says just that.
        tell_coordinators(session, parties, MessageKind.PAIRING_DECLINED, actor=actor, at=at)
    elif parties.pairing.state in TOGETHER_PAIRING_STATES:
        end_locked(session, parties, reason=EndReason.UNAVAILABLE, actor=actor, at=at)


def _checked_capacity(capacity: int) -> int:
    if not 0 <= capacity <= MAX_CAPACITY:
        raise InvalidInputError(field="capacity", minimum=0, maximum=MAX_CAPACITY)
    return capacity


def _write_capacity(session: Session, supporter: Supporter, capacity: int, at: datetime) -> None:
    _checked_capacity(capacity)
    written: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Supporter)
        .where(Supporter.id == supporter.id, Supporter.taken <= capacity)
        .values(capacity=capacity, updated_at=at)
        .execution_options(synchronize_session=False)
    )
    if written.rowcount != 1:
        raise CapacityInUseError(supporter_id=supporter.public_id, taken=supporter.taken, capacity=capacity)
    session.refresh(supporter, ["capacity", "updated_at"])


def _write_profile(session: Session, supporter: Supporter, row: SupporterRow, at: datetime) -> None:
    first_name, last_name = _required("first_name", row.first_name), _required("last_name", row.last_name)
    email = row.email.strip().lower() or None
    _check_profile(supporter.role, row)
    commune = _known_one(session, Commune, "commune", row.commune)
    supporter.first_name, supporter.last_name = first_name, last_name
    supporter.search_name = fold(first_name, last_name)
    supporter.email, supporter.phone = email, row.phone.strip() or None
    if supporter.account_id is None and email:
        supporter.account_id = map_known_accounts(session, supporter.association_id, [email]).get(email)
    supporter.presentation = row.text.strip()
    supporter.activity_codes = list(_known(session, Activity.code, "activities", row.activities))
    supporter.stages = [str(_member(Stage, "stages", stage)) for stage in row.stages]
    supporter.commune_code = commune.code
    has_point = row.latitude is not None and row.longitude is not None
    supporter.latitude = row.latitude if has_point else commune.latitude
    supporter.longitude = row.longitude if has_point else commune.longitude
    supporter.max_km, supporter.accepts_remote = row.max_km, row.accepts_remote
    supporter.availability, supporter.household = row.availability, row.household.strip() or None
    supporter.in_business, supporter.has_bounced_back = row.active_business, row.has_bounced_back
    supporter.is_certified, supporter.updated_at = row.certified, at
    _write_lists(session, supporter, row)


def _write_lists(session: Session, supporter: Supporter, row: SupporterRow) -> None:
    levels = dict(row.expertise)
    _known(session, Topic.slug, "expertise", levels)
    _known(session, Language.code, "languages", row.languages)
    if not row.languages:
        raise InvalidInputError(field="languages")
    if any(level not in (1, 2, 3) for level in levels.values()):
        raise InvalidInputError(field="expertise")
    supporter.expertise = [SupporterExpertise(topic=topic, level=level) for topic, level in levels.items()]
    supporter.languages = [
        SupporterLanguage(language=language, position=position)
        for position, language in enumerate(dict.fromkeys(row.languages))
    ]


def _check_profile(role: SupporterRole, row: SupporterRow) -> None:
    if role is SupporterRole.AMBASSADOR and not row.has_bounced_back:
        raise InvalidInputError(field="has_bounced_back")
    if not 0 <= row.availability <= ALL_SLOTS:
        raise InvalidInputError(field="availability")
    if not 0 <= row.max_km <= MAX_KM:
        raise InvalidInputError(field="max_km", minimum=0, maximum=MAX_KM)
    if row.email.strip() and "@" not in row.email.strip()[1:-1]:
        raise InvalidInputError(field="email")


def _required(field: str, value: str) -> str:
    if not value.strip():
        raise InvalidInputError(field=field)
    return value.strip()


def _member(members: Any, field: str, value: str) -> Any:
    try:
        return members(value)
    except ValueError as error:
        raise InvalidInputError(field=field, value=value) from error


def _known(session: Session, column: Any, field: str, values: Iterable[str]) -> tuple[str, ...]:
    """Give values once each, if the closed list has them all."""
    wanted = tuple(dict.fromkeys(values))
    found = set(session.scalars(select(column).where(column.in_(wanted)))) if wanted else set()
    missing = [value for value in wanted if value not in found]
    if missing:
        raise InvalidInputError(field=field, value=missing[0])
    return wanted


def _known_one(session: Session, table: type[Commune], field: str, code: str) -> Commune:
    commune = session.get(table, code.strip())
    if commune is None:
        raise InvalidInputError(field=field, value=code)
    return commune


def _note(session: Session, supporter: Supporter, action: str, actor: Actor, at: datetime, note: str = "") -> None:
    write_event(session, supporter, action, actor_id=actor.account_id, at=at, note=note)
