"""Reads of coaching files and of wishes to be called. What they hold is for the few whom a service lets through."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models.accounts import Account, Coordinator
from models.coaching import CoachingAssessment, CoachingFile
from models.committees import CommitteeFile
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.handovers import Handover, Sentinel
from models.pairings import Pairing
from models.queries.accounts import in_alphabet
from models.states import LIVE_HANDOVER_STATES, TOGETHER_PAIRING_STATES, CoachingFileState, SupporterState
from models.supporters import Supporter, SupporterRole

# Every tick asks these: they are written once.
_TO_ERASE = (
    select(CoachingFile.public_id)
    .where(CoachingFile.erase_at <= bindparam("at"), CoachingFile.erased_at.is_(None))
    .order_by(CoachingFile.id)
)
_CALLS_DUE = (
    select(Handover.public_id)
    .where(Handover.state.in_(LIVE_HANDOVER_STATES), Handover.due_at <= bindparam("at"))
    .order_by(Handover.id)
)
_CALLS_NEAR = _CALLS_DUE.where(Handover.reminded_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSentinel:
    """Somebody trained, with her account, how many wishes wait for her, and whether she runs the association."""

    sentinel: Sentinel
    account: Account
    waiting: int
    is_of_team: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHandover:
    """A wish to be called, with the person and who is asked."""

    handover: Handover
    person: Entrepreneur
    sentinel: Account | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCoaching:
    """What next steps follow from: a coach's pairing, its file if there is one, and what was looked at already."""

    pairing: Pairing
    file: CoachingFile | None


def list_coachings(session: Session, entrepreneur_id: int) -> list[OpenCoaching]:
    """Give a person's pairings with coaches that go on or have a file, the newest first, with what she noted."""
    rows = session.execute(
        select(Pairing, CoachingFile)
        .outerjoin(CoachingFile, CoachingFile.pairing_id == Pairing.id)
        .where(
            Pairing.entrepreneur_id == entrepreneur_id,
            Pairing.role == SupporterRole.COACH,
            or_(Pairing.state.in_(TOGETHER_PAIRING_STATES), CoachingFile.id.is_not(None)),
        )
        .options(
            joinedload(Pairing.supporter),
            selectinload(CoachingFile.assessments),
            joinedload(CoachingFile.pairing).joinedload(Pairing.supporter),
        )
        .order_by(Pairing.ended_at.is_not(None), Pairing.answered_at.desc(), Pairing.id.desc())
    )
    return [OpenCoaching(pairing=pairing, file=file) for pairing, file in rows]


def find_file_of_pairing(session: Session, pairing_id: int) -> CoachingFile | None:
    """Give the coaching file of a pairing, as it is now; what was loaded of the pairing stays as it is."""
    return session.scalar(
        select(CoachingFile).where(CoachingFile.pairing_id == pairing_id).execution_options(populate_existing=True)
    )


def get_file(session: Session, public_id: UUID) -> CoachingFile:
    """Give a coaching file with its pairing, as it is now.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(_files().where(CoachingFile.public_id == public_id))
    if found is None:
        raise NotFoundError(record="CoachingFile")
    return found


def list_files_over(session: Session, *, today: date, ended_before: datetime) -> Sequence[UUID]:
    """Give the open files whose last day has passed, or whose pairing ended some time ago."""
    return session.scalars(_select_over(), {"today": today, "ended_before": ended_before}).all()


@cache
def _select_over() -> Select[UUID]:
    """Write the statement once: every tick asks it."""
    noted = select(func.count()).select_from(CoachingAssessment).where(CoachingAssessment.file_id == CoachingFile.id)
    over = and_(Pairing.state.not_in(TOGETHER_PAIRING_STATES), Pairing.ended_at.is_not(None))
    both_looks = noted.correlate(CoachingFile).scalar_subquery() > 1
    long_over = and_(over, or_(both_looks, Pairing.ended_at < bindparam("ended_before")))
    return (
        select(CoachingFile.public_id)
        .join(Pairing, Pairing.id == CoachingFile.pairing_id)
        .where(CoachingFile.state == CoachingFileState.OPEN, or_(CoachingFile.ends_on < bindparam("today"), long_over))
        .order_by(CoachingFile.id)
    )


def list_files_to_erase(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Give the files whose words are to go."""
    return session.scalars(_TO_ERASE, {"at": at}).all()


def list_sentinels(session: Session, association_id: int) -> list[NamedSentinel]:
    """Give who is trained in an association and can sign in, the least asked first."""
    waiting = (
        select(func.count())
        .select_from(Handover)
        .where(Handover.sentinel_id == Sentinel.id, Handover.state.in_(LIVE_HANDOVER_STATES))
        .correlate(Sentinel)
        .scalar_subquery()
    )
    runs = exists().where(
        Coordinator.account_id == Sentinel.account_id, Coordinator.association_id == Sentinel.association_id
    )
    rows = session.execute(
        select(Sentinel, Account, waiting, runs)
        .join(Account, Account.id == Sentinel.account_id)
        .where(Sentinel.association_id == association_id, Sentinel.ended_at.is_(None), Account.is_active)
        .order_by(waiting, Sentinel.id)
    )
    return [
        NamedSentinel(sentinel=sentinel, account=account, waiting=number, is_of_team=is_of_team)
        for sentinel, account, number, is_of_team in rows
    ]


def list_trained(session: Session, association_id: int) -> list[NamedSentinel]:
    """Give who is trained by name: the order of the least asked would turn over as soon as somebody asks for a call."""
    by_account = {one.account: one for one in list_sentinels(session, association_id)}
    return [by_account[account] for account in in_alphabet(by_account)]


def list_askable(session: Session, person: Entrepreneur) -> list[NamedSentinel]:
    """Give whom a person can ask to call her, the least asked first: never herself, nor who examines her file."""
    examines = exists().where(
        CommitteeFile.entrepreneur_id == person.id,
        CommitteeFile.until.is_(None),
        CommitteeFile.supporter_id == Supporter.id,
    )
    kept_away = {person.account_id, *session.scalars(select(Supporter.account_id).where(examines))}
    return [one for one in list_sentinels(session, person.association_id) if one.account.id not in kept_away]


def list_nameable(session: Session, association_id: int) -> Sequence[Account]:
    """Give the accounts of an association's coordinators and volunteers who are not sentinels yet."""
    runs = select(Coordinator.account_id).where(Coordinator.association_id == association_id)
    helps = select(Supporter.account_id).where(
        Supporter.association_id == association_id,
        Supporter.account_id.is_not(None),
        Supporter.state != SupporterState.LEFT,
    )
    named = select(Sentinel.account_id).where(Sentinel.association_id == association_id, Sentinel.ended_at.is_(None))
    people = session.scalars(
        select(Account)
        .where(or_(Account.id.in_(runs), Account.id.in_(helps)), Account.id.not_in(named), Account.is_active)
        .order_by(Account.id)
    )
    return in_alphabet(people)


def get_sentinel(session: Session, public_id: UUID) -> Sentinel:
    """Give somebody trained, locked with the others of the association: one of them is asked in her place.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(select(Sentinel).where(Sentinel.public_id == public_id))
    if found is None:
        raise NotFoundError(record="Sentinel")
    lock_sentinels(session, [found.association_id])
    return session.get_one(Sentinel, found.id, with_for_update=True, populate_existing=True)


def lock_sentinels(session: Session, association_ids: Collection[int]) -> None:
    """Lock who is trained, before any wish: nobody is asked to call who is at this very moment a sentinel no more."""
    trained = select(Sentinel.id).where(Sentinel.association_id.in_(association_ids), Sentinel.ended_at.is_(None))
    session.execute(trained.order_by(Sentinel.id).with_for_update(key_share=True)).all()


def list_trained_for(session: Session, account_id: int) -> Sequence[int]:
    """Give the numbers of the associations in which an account is a sentinel."""
    return session.scalars(
        select(Sentinel.association_id).where(Sentinel.account_id == account_id, Sentinel.ended_at.is_(None))
    ).all()


def find_live_handover(session: Session, entrepreneur_id: int) -> KnownHandover | None:
    """Give the wish of a person that is not over, if any."""
    return next(iter(_know(session, _select_live(Handover.entrepreneur_id == entrepreneur_id))), None)


def list_handovers_of(session: Session, sentinel_ids: Collection[int]) -> list[KnownHandover]:
    """Give the wishes for which somebody trained answers now, the soonest first."""
    return _know(session, _select_live(Handover.sentinel_id.in_(sentinel_ids)))


def select_untaken(association_id: int) -> Select[Handover]:
    """Select the wishes that every sentinel let pass, and of which the coordinators were told."""
    return _select_live(Handover.association_id == association_id, Handover.told_at.is_not(None))


def list_untaken_handovers(session: Session, association_id: int) -> list[KnownHandover]:
    """Give the wishes of an association that its coordinators have to see to."""
    return _know(session, select_untaken(association_id))


def list_live_of_sentinel(session: Session, sentinel_id: int) -> Sequence[UUID]:
    """Give the wishes for which one sentinel answers."""
    live = Handover.state.in_(LIVE_HANDOVER_STATES)
    return session.scalars(
        select(Handover.public_id).where(Handover.sentinel_id == sentinel_id, live).order_by(Handover.id)
    ).all()


def list_handovers_of_nobody(session: Session, association_id: int) -> Sequence[UUID]:
    """Give the wishes of an association for which nobody trained answers now."""
    live = Handover.state.in_(LIVE_HANDOVER_STATES)
    return session.scalars(
        select(Handover.public_id)
        .where(Handover.association_id == association_id, live, Handover.sentinel_id.is_(None))
        .order_by(Handover.id)
    ).all()


def list_handovers_due(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Give the wishes whose day has passed."""
    return session.scalars(_CALLS_DUE, {"at": at}).all()


def list_handovers_to_remind(session: Session, *, due_before: datetime) -> Sequence[UUID]:
    """Give the wishes whose day is near and of which the sentinel was not reminded."""
    return session.scalars(_CALLS_NEAR, {"at": due_before}).all()


def lock_handover(session: Session, public_id: UUID) -> Handover:
    """Read a wish again, locked.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(
        select(Handover)
        .where(Handover.public_id == public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(record="Handover")
    return found


def lock_handover_to_pass(session: Session, public_id: UUID) -> Handover:
    """Read a wish again, locked after those of whom one may be asked next.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    lock_sentinels(
        session, session.scalars(select(Handover.association_id).where(Handover.public_id == public_id)).all()
    )
    return lock_handover(session, public_id)


def _select_live(*conditions: ColumnElement[bool]) -> Select[Handover]:
    live = Handover.state.in_(LIVE_HANDOVER_STATES)
    return select(Handover).where(live, *conditions).order_by(Handover.due_at, Handover.id)


def _know(session: Session, chosen: Select[Handover]) -> list[KnownHandover]:
    rows = session.execute(
        chosen.join(Entrepreneur, Entrepreneur.id == Handover.entrepreneur_id)
        .outerjoin(Sentinel, Sentinel.id == Handover.sentinel_id)
        .outerjoin(Account, Account.id == Sentinel.account_id)
        .add_columns(Entrepreneur, Account)
    )
    return [KnownHandover(handover=one, person=person, sentinel=account) for one, person, account in rows]


def _files() -> Select[CoachingFile]:
    return (
        select(CoachingFile)
        .options(
            selectinload(CoachingFile.assessments),
            joinedload(CoachingFile.pairing).joinedload(Pairing.supporter),
            joinedload(CoachingFile.pairing).joinedload(Pairing.entrepreneur),
        )
        .execution_options(populate_existing=True)
    )
