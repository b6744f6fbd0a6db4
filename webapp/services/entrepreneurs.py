"""An entrepreneur's file: made, filled step by step, completed, closed; and her agreement to be coached."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from models.associations import Association
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurConfided, Gender
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, PermissionDeniedError
from models.moves import move, write_event
from models.queries.accounts import map_known_accounts
from models.queries.associations import get_association, get_association_by_public_id
from models.search import fold
from models.states import EntrepreneurAction, EntrepreneurState
from models.supporters import SupporterRole
from models.territories import Commune
from models.topics import Activity
from models.wall import lends
from models.workshops import CancelReason
from webapp.clock import day_of
from webapp.form_keys import claim_form_key, note_outcome
from webapp.permissions import Actor, Permission, require
from webapp.services import (
    assisted_calls,
    bookings,
    circles,
    interviews,
    introductions,
    pairings,
    question_moves,
    session_leaders,
)
from webapp.services.profile_steps import (
    STEP_OF,
    ActivityValues,
    CircleValues,
    PlaceValues,
    StepValues,
    WishesValues,
    list_missing_steps,
    write_step,
)

logger = logging.getLogger(__name__)

# What is stored, encrypted, when a person tells that she went through a liquidation; nothing when she does not.
TOLD = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntrepreneur:
    """What is known of a person when her file is made; the steps of her profile may come with it."""

    first_name: str
    last_name: str
    email: str | None = None
    phone: str | None = None
    reference: str | None = None
    household: str | None = None
    steps: tuple[StepValues, ...] = field(default_factory=tuple)


@retried
def create_entrepreneur(
    *, association_id: UUID, person: NewEntrepreneur, actor: Actor, at: datetime, form_key: str | None = None
) -> UUID:
    """Make a person's file in an association; who makes it answers for what happens next.

    Raises NotFoundError, PermissionDeniedError, InvalidInputError or RepeatedRequestError.
    """
    with transaction() as session:
        association = get_association_by_public_id(session, association_id)
        require(actor, Permission.ENTREPRENEUR_EDIT, association)
        claim_form_key(session, key=form_key, account_id=actor.account_id, at=at)
        entrepreneur = build_entrepreneur(session, association, person, actor, at)
        session.add(entrepreneur)
        try:
            session.flush()
        except IntegrityError as error:
            raise InvalidInputError(field="reference") from error
        for values in person.steps:
            _write(session, entrepreneur, values, actor, at)
        _note(session, entrepreneur, "create", actor, at)
        public_id = entrepreneur.public_id
        note_outcome(session, key=form_key, outcome=public_id)
    logger.info("entrepreneur created", extra={"entrepreneur_id": str(public_id), "actor_id": actor.account_id})
    return public_id


@retried
def save_profile_step(*, entrepreneur_id: UUID, values: StepValues, actor: Actor, at: datetime) -> None:
    """Write one step of a profile; everything else stays as it is.

    A role that is no longer wished for is let go: its proposals without an answer are withdrawn.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (a closed file) or InvalidInputError.
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor, may_let_go=isinstance(values, WishesValues))
        if entrepreneur.state == EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="save")
        if isinstance(values, CircleValues) and not values.wants_circle:
            circles.release_place(session, entrepreneur, actor=actor, at=at, is_settled=False)
        _write(session, entrepreneur, values, actor, at)
        _note(session, entrepreneur, "save", actor, at, reason=str(STEP_OF[type(values)]))
    logger.info("profile step saved", extra={"entrepreneur_id": str(entrepreneur_id), "actor_id": actor.account_id})


@retried
def complete_entrepreneur(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> None:
    """Send a filled profile: from now on somebody is looked for. Doing it twice has one effect.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError, or InvalidInputError with what is missing.
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor)
        if entrepreneur.state == EntrepreneurState.READY:
            return
        missing = list_missing_steps(entrepreneur)
        if missing:
            raise InvalidInputError(field="profile", missing=tuple(map(str, missing)))
        session.flush()
        move(
            session,
            entrepreneur,
            EntrepreneurAction.COMPLETE,
            actor_id=actor.account_id,
            at=at,
            waiting_since=entrepreneur.waiting_since or day_of(at),
            updated_at=at,
        )
    logger.info("entrepreneur completed", extra={"entrepreneur_id": str(entrepreneur_id)})


@retried
def reopen_entrepreneur(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> None:
    """Open a file again, to be filled and completed.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor)
        move(
            session,
            entrepreneur,
            EntrepreneurAction.REOPEN,
            actor_id=actor.account_id,
            at=at,
            closed_at=None,
            updated_at=at,
        )
    logger.info("entrepreneur reopened", extra={"entrepreneur_id": str(entrepreneur_id)})


@retried
def close_entrepreneur(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> None:
    """Close a file: pairings end, proposals are withdrawn, places in workshop sessions are given back.

    Raises NotFoundError, PermissionDeniedError or InvalidTransitionError.
    """
    with transaction() as session:
        found = _get(session, entrepreneur_id, actor)
        # Supporters are locked before the file, circles and sessions after it: so no place or seat is given meanwhile.
        pairings.lock_partners(session, found.id)
        entrepreneur = _lock(session, entrepreneur_id, actor)
        circles.release_place(session, entrepreneur, actor=actor, at=at)
        bookings.cancel_bookings_ahead(
            session, person=entrepreneur, reason=_cancel_reason(found, actor), actor_id=actor.account_id, at=at
        )
        move(
            session,
            entrepreneur,
            EntrepreneurAction.CLOSE,
            actor_id=actor.account_id,
            at=at,
            closed_at=at,
            updated_at=at,
        )
        question_moves.close_of_person(session, entrepreneur, actor=actor, at=at)
        pairings.release_person(session, entrepreneur, actor=actor, at=at)
        session_leaders.withdraw_of(session, entrepreneur, actor=actor, at=at)
        introductions.lapse_of_person(session, entrepreneur, actor=actor, at=at)
        interviews.cancel_to_come(session, entrepreneur, actor=actor, at=at)
        assisted_calls.end_calls_of_person(session, entrepreneur, at=at)
    logger.info("entrepreneur closed", extra={"entrepreneur_id": str(entrepreneur_id), "actor_id": actor.account_id})


@retried
def withdraw_coaching_consent(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> None:
    """Take the agreement back: no coach is wished for any more, and proposals not yet answered are withdrawn.

    No log tells of it, as of the agreement.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor, may_let_go=True)
        require(actor, Permission.ENTREPRENEUR_CONFIDED, entrepreneur)
        _set_consent(session, entrepreneur, False, actor, at)
        entrepreneur.wanted_roles = [role for role in entrepreneur.wanted_roles if role != SupporterRole.COACH]
        _let_go(session, entrepreneur, (SupporterRole.COACH,), actor, at)


@retried
def declare_gender(*, entrepreneur_id: UUID, gender: Gender | None, actor: Actor, at: datetime) -> None:
    """Note what a person declares about herself, or that she prefers not to say. It serves the fairness report alone.

    Nobody declares it for her, and neither log nor history tells of it: it is confided.

    Raises NotFoundError or PermissionDeniedError.
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor)
        if entrepreneur.id not in actor.entrepreneur_ids:
            raise PermissionDeniedError(permission=str(Permission.ENTREPRENEUR_CONFIDED))
        _confided(session, entrepreneur).gender = str(gender) if gender else None
        entrepreneur.updated_at = at


def build_entrepreneur(
    session: Session, association: Association, person: NewEntrepreneur, actor: Actor, at: datetime
) -> Entrepreneur:
    """Build a person's file, not saved; an account with her address that is known here becomes hers.

    Raises
    ------
    InvalidInputError
        If she has no name.
    """
    first_name, last_name = person.first_name.strip(), person.last_name.strip()
    for name, value in (("first_name", first_name), ("last_name", last_name)):
        if not value:
            raise InvalidInputError(field=name)
    email = (person.email or "").strip().lower() or None
    return Entrepreneur(
        public_id=uuid4(),
        association_id=association.id,
        account_id=map_known_accounts(session, association.id, [email]).get(email) if email else None,
        referent_id=actor.account_id if association.id in actor.coordinates else None,
        reference=person.reference or f"M-{uuid4().hex[:10]}",
        first_name=first_name,
        last_name=last_name,
        search_name=fold(first_name, last_name),
        email=email,
        phone=(person.phone or "").strip() or None,
        household=person.household,
        state=EntrepreneurState.INCOMPLETE,
        wanted_roles=[],
        needs=[],
        languages=[],
        offers=[],
        confided=None,
        project_title="",
        project_text="",
        availability=0,
        created_at=at,
        updated_at=at,
    )


def _get(session: Session, public_id: UUID, actor: Actor) -> Entrepreneur:
    entrepreneur = session.scalar(
        select(Entrepreneur).where(Entrepreneur.public_id == public_id).execution_options(populate_existing=True)
    )
    if entrepreneur is None:
        raise NotFoundError(record="Entrepreneur")
    require(actor, Permission.ENTREPRENEUR_EDIT, entrepreneur)
    return entrepreneur


def _lock(session: Session, public_id: UUID, actor: Actor, *, may_let_go: bool = False) -> Entrepreneur:
    """Read the file again, locked, with all that a step may change; after its partners if they may be let go."""
    found = _get(session, public_id, actor)
    if may_let_go:
        pairings.lock_partners(session, found.id)
    locked = session.scalars(
        select(Entrepreneur)
        .where(Entrepreneur.id == found.id)
        .options(
            selectinload(Entrepreneur.needs),
            selectinload(Entrepreneur.languages),
            selectinload(Entrepreneur.offers),
            selectinload(Entrepreneur.confided),
        )
        # Her lists are read once the lock is held: joined, they could be older than it.
        # Not FOR UPDATE: whoever writes a pairing of this person must not wait for it.
        .with_for_update(of=Entrepreneur, key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    # Asked of the locked row: she may be forgotten at this very moment.
    if locked.erased_at is not None:
        raise InvalidTransitionError(record="entrepreneur", state="erased", action="change")
    return locked


def _write(session: Session, entrepreneur: Entrepreneur, values: StepValues, actor: Actor, at: datetime) -> None:
    _check_known(session, values)
    before = frozenset(entrepreneur.wanted_roles)
    write_step(values, entrepreneur)
    entrepreneur.updated_at = at
    if isinstance(values, WishesValues):
        _write_confided(session, entrepreneur, values, actor, at)
        dropped = before - frozenset(entrepreneur.wanted_roles)
        _let_go(session, entrepreneur, tuple(role for role in SupporterRole if role in dropped), actor, at)
    session.flush()


def _write_confided(
    session: Session, entrepreneur: Entrepreneur, values: WishesValues, actor: Actor, at: datetime
) -> None:
    require(actor, Permission.ENTREPRENEUR_CONFIDED, entrepreneur)
    confided = _confided(session, entrepreneur)
    agreed_before = confided.coaching_consent_at is not None
    agrees = values.coaching_consent and SupporterRole.COACH in values.wanted_roles
    confided.after_liquidation = TOLD if values.after_liquidation else None
    _set_consent(session, entrepreneur, agrees, actor, at)
    if not agrees and (agreed_before or lends(get_association(session, entrepreneur.association_id).network)):
        # Without the agreement that was there, the wish for a coach goes too, or the next one would be presented.
        # On the lending side it is never written without one: the agreement is what lets the team read the wish.
        entrepreneur.wanted_roles = [role for role in entrepreneur.wanted_roles if role != SupporterRole.COACH]


def _let_go(
    session: Session, entrepreneur: Entrepreneur, roles: tuple[SupporterRole, ...], actor: Actor, at: datetime
) -> None:
    session.flush()
    for role in roles:
        pairings.release_person(session, entrepreneur, actor=actor, at=at, role=role)


def _cancel_reason(entrepreneur: Entrepreneur, actor: Actor) -> CancelReason:
    is_own = entrepreneur.id in actor.entrepreneur_ids
    return CancelReason.BY_PERSON if is_own else CancelReason.BY_ORGANISER


def _check_known(session: Session, values: StepValues) -> None:
    named: tuple[tuple[type[Activity] | type[Commune], str, str | None], ...] = ()
    if isinstance(values, ActivityValues):
        named = ((Activity, "activity_code", values.activity_code),)
    elif isinstance(values, PlaceValues):
        named = ((Commune, "commune_code", values.commune_code),)
    for table, field_name, code in named:
        if code is not None and session.get(table, code) is None:
            raise InvalidInputError(field=field_name)


def _confided(session: Session, entrepreneur: Entrepreneur) -> EntrepreneurConfided:
    if entrepreneur.confided is None:
        session.flush()
        entrepreneur.confided = EntrepreneurConfided(
            association_id=entrepreneur.association_id, entrepreneur_id=entrepreneur.id
        )
    return entrepreneur.confided


def _set_consent(session: Session, entrepreneur: Entrepreneur, agrees: bool, actor: Actor, at: datetime) -> None:
    confided = _confided(session, entrepreneur)
    if agrees == (confided.coaching_consent_at is not None):
        return
    confided.coaching_consent_at = at if agrees else None
    entrepreneur.updated_at = at
    _note(session, entrepreneur, "give_consent" if agrees else "withdraw_consent", actor, at)


def _note(
    session: Session, entrepreneur: Entrepreneur, action: str, actor: Actor, at: datetime, reason: str | None = None
) -> None:
    session.flush()
    write_event(session, entrepreneur, action, actor_id=actor.account_id, at=at, reason=reason)
