"""Who may do what with which record: door two, asked by the services. Pure: no request, no query."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError, PermissionDeniedError
from models.supporters import Supporter
from models.workshops import WorkshopSession


class Permission(StrEnum):
    """What can be allowed, as `resource:action`."""

    ASSOCIATION_RUN = "association:run"
    WEIGHTS_MANAGE = "weights:manage"
    ENTREPRENEUR_READ = "entrepreneur:read"
    ENTREPRENEUR_EDIT = "entrepreneur:edit"
    ENTREPRENEUR_CONFIDED = "entrepreneur:confided"
    SUPPORTER_READ = "supporter:read"
    SUPPORTER_EDIT = "supporter:edit"
    SUGGESTION_DECIDE = "suggestion:decide"
    PAIRING_READ = "pairing:read"
    PAIRING_ANSWER = "pairing:answer"
    PAIRING_STEER = "pairing:steer"
    PAIRING_END = "pairing:end"
    PAIRING_MEET = "pairing:meet"
    REVIEW_HOLD = "review:hold"
    WORKSHOP_RUN = "workshop:run"
    SESSION_READ = "session:read"
    BOOKING_CHANGE = "booking:change"
    INTERVIEW_HOLD = "interview:hold"
    INTERVIEW_READ = "interview:read"
    CALL_HOLD = "call:hold"
    CIRCLE_STEER = "circle:steer"
    CIRCLE_ANSWER = "circle:answer"
    INTRODUCTION_TELL = "introduction:tell"
    COACHING_OWN = "coaching:own"
    COACHING_READ = "coaching:read"
    HANDOVER_ASK = "handover:ask"
    HANDOVER_TAKE = "handover:take"
    HANDOVER_CLOSE = "handover:close"
    SENTINEL_NAME = "sentinel:name"
    QUESTION_ANSWER = "question:answer"
    QUESTION_CLOSE = "question:close"
    QUESTION_STEER = "question:steer"
    CIRCLE_LEAD = "circle:lead"
    PROPOSAL_OWN = "session_proposal:own"
    GATHERING_STEER = "gathering:steer"
    LISTING_OWN = "listing:own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: an account with what names it, or the clock and the commands (`is_system`)."""

    account_id: int | None
    name: str = ""
    email: str = ""
    locale: str = "fr"
    coordinates: frozenset[int] = field(default_factory=frozenset)
    supporter_ids: frozenset[int] = field(default_factory=frozenset)
    entrepreneur_ids: frozenset[int] = field(default_factory=frozenset)
    sentinel_ids: frozenset[int] = field(default_factory=frozenset)
    member_of: frozenset[int] = field(default_factory=frozenset)
    is_system: bool = False


SYSTEM = Actor(account_id=None, name="Maillage", is_system=True)

# What a person tells her coach, and her wish to be called, are no coordinator's to read or to write.
OF_THE_PERSON = frozenset(
    {
        Permission.COACHING_OWN,
        Permission.COACHING_READ,
        Permission.HANDOVER_ASK,
        Permission.HANDOVER_TAKE,
        Permission.HANDOVER_CLOSE,
    }
)
# A supporter's own yes: to a proposal, to what she proposed, to be seen by others.
OF_THE_SUPPORTER = frozenset({Permission.PAIRING_ANSWER, Permission.PROPOSAL_OWN, Permission.LISTING_OWN})
BY_COORDINATOR = frozenset(Permission) - OF_THE_SUPPORTER - OF_THE_PERSON
BY_SUPPORTER_SELF = frozenset({Permission.SUPPORTER_READ, Permission.SUPPORTER_EDIT, Permission.LISTING_OWN})
BY_ENTREPRENEUR_SELF = frozenset(
    {
        Permission.ENTREPRENEUR_READ,
        Permission.ENTREPRENEUR_EDIT,
        Permission.ENTREPRENEUR_CONFIDED,
        Permission.COACHING_OWN,
        Permission.HANDOVER_ASK,
    }
)
BY_PAIRED_SUPPORTER = frozenset(
    {
        Permission.PAIRING_READ,
        Permission.PAIRING_ANSWER,
        Permission.PAIRING_END,
        Permission.PAIRING_MEET,
        Permission.INTRODUCTION_TELL,
        Permission.QUESTION_ANSWER,
        Permission.PROPOSAL_OWN,
    }
)
BY_PAIRED_ENTREPRENEUR = frozenset(
    {
        Permission.PAIRING_READ,
        Permission.PAIRING_END,
        Permission.PAIRING_MEET,
        Permission.INTRODUCTION_TELL,
        Permission.QUESTION_CLOSE,
        Permission.PROPOSAL_OWN,
    }
)
BY_OWNER = frozenset(
    {Permission.COACHING_OWN, Permission.COACHING_READ, Permission.HANDOVER_CLOSE, Permission.INTERVIEW_READ}
)
BY_SENTINEL = frozenset({Permission.HANDOVER_TAKE, Permission.HANDOVER_CLOSE})
BY_FACILITATOR = frozenset({Permission.CIRCLE_LEAD})
BY_MEMBER = frozenset({Permission.SESSION_READ})


def can(actor: Actor, permission: Permission, record: object) -> bool:
    """Say whether the actor may do this with the record.

    A record is an association, or has `association_id`, and may have `entrepreneur_id` and `supporter_id`.
    """
    if actor.is_system:
        return permission not in (Permission.COACHING_OWN, Permission.COACHING_READ)
    association_id = getattr(record, "association_id", None) or getattr(record, "id", None)
    if association_id in actor.coordinates and permission in BY_COORDINATOR:
        return True
    if permission in BY_MEMBER and association_id in actor.member_of:
        return True
    return permission in _allowed_by_relation(actor, record)


def require(actor: Actor, permission: Permission, record: object) -> None:
    """Refuse what the actor may not do.

    Raises
    ------
    NotFoundError
        If the actor may not even know the record.
    PermissionDeniedError
        If the actor may see the record but not do this.
    """
    if can(actor, permission, record):
        return
    association_id = getattr(record, "association_id", None)
    if association_id in actor.coordinates or _allowed_by_relation(actor, record):
        raise PermissionDeniedError(permission=str(permission))
    raise NotFoundError(record=type(record).__name__)


def require_known(actor: Actor, permission: Permission, record: object) -> None:
    """Refuse what the actor may not do as if it did not exist: for records that tell something by being there.

    Raises
    ------
    NotFoundError
        If the actor may not do this.
    """
    if not can(actor, permission, record):
        raise NotFoundError(record=type(record).__name__)


def may_know_participants(actor: Actor, workshop: WorkshopSession, *, is_sensitive: bool) -> bool:
    """Say whether the actor may see who comes to a session: for a sensitive theme, its organiser alone.

    Without an organiser nobody may: somebody takes it over first, and her name is noted (`services/organisers.py`).
    """
    if not can(actor, Permission.WORKSHOP_RUN, workshop):
        return False
    is_organiser = workshop.organiser_id is not None and workshop.organiser_id == actor.account_id
    return actor.is_system or not is_sensitive or is_organiser


def _allowed_by_relation(actor: Actor, record: object) -> frozenset[Permission]:
    if isinstance(record, Supporter):
        return BY_SUPPORTER_SELF if record.id in actor.supporter_ids else frozenset()
    if isinstance(record, Entrepreneur):
        return BY_ENTREPRENEUR_SELF if record.id in actor.entrepreneur_ids else frozenset()
    allowed: frozenset[Permission] = frozenset()
    if getattr(record, "supporter_id", None) in actor.supporter_ids:
        allowed |= BY_PAIRED_SUPPORTER
    # A circle that is only proposed is nobody's but the coordinators'.
    is_led = getattr(record, "confirmed_at", None) is not None
    if is_led and getattr(record, "facilitator_id", None) in actor.supporter_ids:
        allowed |= BY_FACILITATOR
    if getattr(record, "entrepreneur_id", None) in actor.entrepreneur_ids:
        allowed |= BY_PAIRED_ENTREPRENEUR | BY_OWNER | {Permission.BOOKING_CHANGE, Permission.CIRCLE_ANSWER}
    if getattr(record, "sentinel_id", None) in actor.sentinel_ids:
        allowed |= BY_SENTINEL
    return allowed
