"""What a coordinator does with a file she follows: correct it, set the follow-up, read what was confided."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models.accounts import Coordinator
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, PermissionDeniedError
from models.moves import write_event
from models.queries.assisted import is_on_the_phone
from models.queries.associations import get_association
from models.search import fold
from models.states import EntrepreneurState
from models.supporters import SupporterRole
from models.territories import Commune, QpvCheck, QpvGround, QpvMethod, QpvResult
from models.topics import Activity
from models.wall import lends
from webapp.clock import day_of
from webapp.permissions import Actor, Permission, require
from webapp.services import pairings
from webapp.services.profile_steps import ActivityValues, PlaceValues, StepValues, WishesValues, write_step

logger = logging.getLogger(__name__)

LONGEST_FOLLOW_UP = timedelta(days=365)
WITH_PROFILE = (
    selectinload(Entrepreneur.needs),
    selectinload(Entrepreneur.languages),
    selectinload(Entrepreneur.confided),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrepreneurFile:
    """What a coordinator may correct. What the person confided is not part of it."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    household: str | None
    referent_id: int | None
    steps: tuple[StepValues, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confided:
    """What a person confided, read once and not kept."""

    after_liquidation: bool
    coaching_consent_at: datetime | None


@retried
def update_entrepreneur(*, entrepreneur_id: UUID, file: EntrepreneurFile, actor: Actor, at: datetime) -> None:
    """Correct a file. Consent and what was confided stay as the person left them.

    A role that is no longer wished for is let go, as when the person herself takes it out of her profile.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (a closed file) or InvalidInputError.
    """
    with transaction() as session:
        _lock_partners(session, entrepreneur_id, actor)
        entrepreneur = _lock(session, entrepreneur_id, actor, Permission.ENTREPRENEUR_EDIT)
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="save")
        _write_identity(session, entrepreneur, file)
        before = frozenset(entrepreneur.wanted_roles)
        is_lending = lends(get_association(session, entrepreneur.association_id).network)
        for values in (_keep_own_wish(step, before) if is_lending else step for step in file.steps):
            _check_known(session, values)
            write_step(values, entrepreneur)
        entrepreneur.updated_at = at
        session.flush()
        for role in SupporterRole:
            if role in before and role not in entrepreneur.wanted_roles:
                pairings.release_person(session, entrepreneur, actor=actor, at=at, role=role)
        _note(session, entrepreneur, "correct", actor, at)
    logger.info("entrepreneur corrected", extra={"entrepreneur_id": str(entrepreneur_id), "actor_id": actor.account_id})


@retried
def set_follow_up(*, entrepreneur_id: UUID, on: date, actor: Actor, at: datetime) -> None:
    """Set the day by which somebody comes back to a person who has nobody yet.

    Raises NotFoundError, PermissionDeniedError, InvalidTransitionError (a closed file) or InvalidInputError (a day gone
    by, or more than a year away).
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor, Permission.ENTREPRENEUR_EDIT, with_profile=False)
        if entrepreneur.state is EntrepreneurState.CLOSED:
            raise InvalidTransitionError(record="entrepreneur", state=str(entrepreneur.state), action="follow_up")
        today = day_of(at)
        if not today <= on <= today + LONGEST_FOLLOW_UP:
            raise InvalidInputError(field="follow_up_on")
        entrepreneur.follow_up_on = on
        entrepreneur.updated_at = at
        _note(session, entrepreneur, "set_follow_up", actor, at, note=on.isoformat())
    logger.info("follow-up set", extra={"entrepreneur_id": str(entrepreneur_id), "actor_id": actor.account_id})


@retried
def read_confided(*, entrepreneur_id: UUID, actor: Actor, at: datetime) -> Confided:
    """Give what a person confided, and write down who read it. The lending side never reads it, and nobody in a call.

    Raises NotFoundError, or PermissionDeniedError; the refusal is written down too.
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor, Permission.ENTREPRENEUR_CONFIDED)
        in_call = is_on_the_phone(session, actor.account_id, entrepreneur.id, at=at)
        is_allowed = not in_call and not lends(get_association(session, entrepreneur.association_id).network)
        _note(session, entrepreneur, "read_confided" if is_allowed else "refuse_confided", actor, at)
        confided = entrepreneur.confided if is_allowed else None
        found = Confided(
            after_liquidation=bool(confided and confided.after_liquidation),
            coaching_consent_at=confided.coaching_consent_at if confided else None,
        )
    logger.info(
        "confided information read" if is_allowed else "confided information refused",
        extra={"entrepreneur_id": str(entrepreneur_id), "actor_id": actor.account_id},
    )
    if not is_allowed:
        raise PermissionDeniedError(permission=str(Permission.ENTREPRENEUR_CONFIDED))
    return found


@retried
def confirm_qpv(*, entrepreneur_id: UUID, ground: QpvGround, is_inside: bool, actor: Actor, at: datetime) -> None:
    """Settle a check that lay on a border, after looking at the address: a new check, confirmed by the team.

    Raises NotFoundError, PermissionDeniedError, or InvalidTransitionError if nothing lies on a border any more.
    """
    with transaction() as session:
        entrepreneur = _lock(session, entrepreneur_id, actor, Permission.ENTREPRENEUR_EDIT)
        last = _find_last_check(session, entrepreneur, ground)
        if last is None or last.result is not QpvResult.BORDERLINE:
            raise InvalidTransitionError(record="qpv_check", action="confirm")
        session.add(_settled(last, is_inside=is_inside, actor=actor, at=at))
        session.flush()
        entrepreneur.qpv_code = _find_proven_code(session, entrepreneur)
        entrepreneur.updated_at = at
        _note(session, entrepreneur, "confirm_qpv", actor, at)
    logger.info("neighbourhood confirmed", extra={"entrepreneur_id": str(entrepreneur_id)})


def _keep_own_wish(values: StepValues, before: frozenset[str]) -> StepValues:
    """Leave the wish for a coach as the person left it: on the lending side nobody adds it or takes it for her."""
    if not isinstance(values, WishesValues):
        return values
    others = values.wanted_roles - {SupporterRole.COACH}
    return replace(values, wanted_roles=others | ({SupporterRole.COACH} & {SupporterRole(role) for role in before}))


def _find_last_check(session: Session, entrepreneur: Entrepreneur, ground: QpvGround) -> QpvCheck | None:
    rows = select(QpvCheck).where(QpvCheck.entrepreneur_id == entrepreneur.id, QpvCheck.ground == ground)
    return session.scalar(rows.order_by(QpvCheck.checked_at.desc(), QpvCheck.id.desc()).limit(1))


def _settled(last: QpvCheck, *, is_inside: bool, actor: Actor, at: datetime) -> QpvCheck:
    return QpvCheck(
        public_id=uuid4(),
        association_id=last.association_id,
        entrepreneur_id=last.entrepreneur_id,
        ground=last.ground,
        result=QpvResult.INSIDE if is_inside else QpvResult.OUTSIDE,
        method=QpvMethod.CONFIRMED_BY_STAFF,
        qpv_code=last.qpv_code if is_inside else None,
        zoning_version=last.zoning_version,
        distance_m=last.distance_m,
        latitude=last.latitude,
        longitude=last.longitude,
        commune_code=last.commune_code,
        checked_at=at,
        checked_by_id=actor.account_id,
    )


def _find_proven_code(session: Session, entrepreneur: Entrepreneur) -> str | None:
    """Give the neighbourhood of the home, else of the head office, by the latest check of each."""
    for ground in (QpvGround.RESIDENCE, QpvGround.HEAD_OFFICE):
        last = _find_last_check(session, entrepreneur, ground)
        if last is not None and last.result in (QpvResult.INSIDE, QpvResult.DECLARED):
            return last.qpv_code
    return None


def _lock_partners(session: Session, public_id: UUID, actor: Actor) -> None:
    """Lock the supporters of a person before her file, in the order that every decision keeps."""
    found = session.execute(
        select(Entrepreneur.id, Entrepreneur.association_id).where(Entrepreneur.public_id == public_id)
    ).one_or_none()
    if found is not None and found.association_id in actor.coordinates:
        pairings.lock_partners(session, found.id)


def _lock(
    session: Session, public_id: UUID, actor: Actor, permission: Permission, *, with_profile: bool = True
) -> Entrepreneur:
    entrepreneur = session.scalar(
        select(Entrepreneur)
        .where(Entrepreneur.public_id == public_id)
        .options(*(WITH_PROFILE if with_profile else ()))
        .with_for_update(of=Entrepreneur, key_share=True)
        .execution_options(populate_existing=True)
    )
    if entrepreneur is None or entrepreneur.association_id not in actor.coordinates:
        raise NotFoundError(record="Entrepreneur")
    require(actor, permission, entrepreneur)
    if entrepreneur.erased_at is not None:
        raise InvalidTransitionError(record="entrepreneur", state="erased", action="change")
    return entrepreneur


def _write_identity(session: Session, entrepreneur: Entrepreneur, file: EntrepreneurFile) -> None:
    first_name, last_name = file.first_name.strip(), file.last_name.strip()
    for name, value in (("first_name", first_name), ("last_name", last_name)):
        if not value:
            raise InvalidInputError(field=name)
    if file.referent_id is not None and file.referent_id != entrepreneur.referent_id:
        _require_colleague(session, entrepreneur.association_id, file.referent_id)
    entrepreneur.first_name, entrepreneur.last_name = first_name, last_name
    entrepreneur.search_name = fold(first_name, last_name)
    entrepreneur.email = (file.email or "").strip().lower() or None
    entrepreneur.phone = (file.phone or "").strip() or None
    entrepreneur.household = (file.household or "").strip() or None
    entrepreneur.referent_id = file.referent_id


def _require_colleague(session: Session, association_id: int, account_id: int) -> None:
    colleague = select(Coordinator.id).where(
        Coordinator.association_id == association_id, Coordinator.account_id == account_id
    )
    if session.scalar(colleague) is None:
        raise InvalidInputError(field="referent")


def _check_known(session: Session, values: StepValues) -> None:
    if isinstance(values, ActivityValues) and values.activity_code is not None:
        if session.get(Activity, values.activity_code) is None:
            raise InvalidInputError(field="activity_code")
    elif isinstance(values, PlaceValues) and values.commune_code is not None:
        if session.get(Commune, values.commune_code) is None:
            raise InvalidInputError(field="commune_code")
    elif isinstance(values, WishesValues) and (values.coaching_consent or values.after_liquidation):
        raise InvalidInputError(field="coaching_consent")


def _note(
    session: Session, entrepreneur: Entrepreneur, action: str, actor: Actor, at: datetime, *, note: str = ""
) -> None:
    write_event(session, entrepreneur, action, actor_id=actor.account_id, at=at, note=note)
