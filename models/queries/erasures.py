"""Reads of wishes to be forgotten: what waits, whom a wish is about, and what is still open for her."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, exists, false, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator
from models.audit import AuditEvent
from models.circles import Circle, CircleMember
from models.coaching import CoachingFile
from models.entrepreneurs import Entrepreneur
from models.erasures import Erasure
from models.exceptions import NotFoundError
from models.expert_questions import ExpertQuestion
from models.handovers import Handover, Sentinel
from models.interviews import Interview
from models.pairings import Pairing
from models.session_proposals import SessionProposal
from models.states import (
    LIVE_CIRCLE_MEMBER_STATES,
    LIVE_CIRCLE_STATES,
    LIVE_ERASURE_STATES,
    LIVE_HANDOVER_STATES,
    LIVE_PAIRING_STATES,
    LIVE_QUESTION_STATES,
    OPEN_BOOKING_STATES,
    CoachingFileState,
    ErasureState,
    InterviewState,
    SessionProposalState,
    SupporterState,
)
from models.supporters import Supporter
from models.workshops import Booking, WorkshopSession


class StillOpen(StrEnum):
    """A kind of thing that ends when somebody is forgotten."""

    PAIRING = "pairing"
    BOOKING = "booking"
    CIRCLE = "circle"
    CIRCLE_LED = "circle_led"
    QUESTION = "question"
    INTERVIEW = "interview"
    PROPOSAL = "proposal"
    CALL = "call"
    COACHING = "coaching"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom a wish is about: files, and the account if nothing else needs it."""

    account: Account | None
    people: tuple[Entrepreneur, ...]
    supporters: tuple[Supporter, ...]

    @property
    def rows(self) -> tuple[Account | Entrepreneur | Supporter, ...]:
        """Give all that bears her name."""
        return (*((self.account,) if self.account is not None else ()), *self.people, *self.supporters)

    @property
    def addresses(self) -> frozenset[str]:
        """Give the addresses at which she is written to, in small letters."""
        return frozenset(one.email.strip().lower() for one in self.rows if one.email)


def get_erasure(session: Session, public_id: UUID, *, lock: bool = False) -> Erasure:
    """Give a wish as it is now.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = select(Erasure).where(Erasure.public_id == public_id).execution_options(populate_existing=True)
    erasure = session.scalar(found.with_for_update() if lock else found)
    if erasure is None:
        raise NotFoundError(record="Erasure")
    return erasure


def find_begun_at(session: Session, erasure: Erasure) -> datetime:
    """Give the instant from which a wish that is under way is carried out."""
    begun = select(AuditEvent.at).where(
        AuditEvent.record == "erasure",
        AuditEvent.record_id == erasure.id,
        AuditEvent.to_state == ErasureState.UNDER_WAY.value,
    )
    return session.scalars(begun.order_by(AuditEvent.id.desc()).limit(1)).one()


def has_live_call(session: Session, entrepreneur_ids: Collection[int]) -> bool:
    """Say whether one of these people waits to be called: a closed file does not keep her from asking."""
    live = exists().where(Handover.entrepreneur_id.in_(entrepreneur_ids), Handover.state.in_(LIVE_HANDOVER_STATES))
    return bool(session.scalar(select(live)))


def find_live_erasure(session: Session, row: Account | Entrepreneur | Supporter) -> Erasure | None:
    """Give the wish about this very account or file that still waits."""
    return session.scalar(select(Erasure).where(is_live_of(row)))


def is_live_of(row: Account | Entrepreneur | Supporter) -> ColumnElement[bool]:
    """Say that a wish is about this very account or file, and waits still."""
    return and_(_is_about(row), Erasure.state.in_(LIVE_ERASURE_STATES))


def list_live_erasures(
    session: Session, *, account_id: int | None, entrepreneur_ids: Collection[int], supporter_ids: Collection[int]
) -> Sequence[Erasure]:
    """Give the wishes about a person that still wait, her own first."""
    hers = or_(
        Erasure.account_id == account_id if account_id is not None else false(),
        Erasure.entrepreneur_id.in_(entrepreneur_ids),
        Erasure.supporter_id.in_(supporter_ids),
    )
    waiting = select(Erasure).where(hers, Erasure.state.in_(LIVE_ERASURE_STATES))
    return session.scalars(waiting.order_by(Erasure.account_id.is_(None), Erasure.id)).all()


def list_erasures_due(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Give the wishes whose day has come, and those that were begun and not ended."""
    due = select(Erasure.public_id).where(Erasure.state.in_(LIVE_ERASURE_STATES), Erasure.due_at <= at)
    return session.scalars(due.order_by(Erasure.due_at, Erasure.id)).all()


def list_mails_due(session: Session, *, at: datetime) -> Sequence[UUID]:
    """Give the wishes after which messages to others still name her, though each has had the time to leave."""
    due = select(Erasure.public_id).where(
        Erasure.state == ErasureState.DONE, Erasure.mails_erased_at.is_(None), Erasure.mails_until <= at
    )
    return session.scalars(due.order_by(Erasure.id)).all()


def read_scope(session: Session, erasure: Erasure) -> Scope:
    """Give whom a wish is about, as they are now. With the last file of an account that nothing else needs, it goes."""
    if erasure.account_id is not None:
        return scope_of_account(session, session.get_one(Account, erasure.account_id, populate_existing=True))
    if erasure.entrepreneur_id is not None:
        return scope_of_file(session, session.get_one(Entrepreneur, erasure.entrepreneur_id, populate_existing=True))
    return scope_of_file(session, session.get_one(Supporter, erasure.supporter_id, populate_existing=True))


def scope_of_account(session: Session, account: Account) -> Scope:
    """Give an account with every file of it."""
    people = select(Entrepreneur).where(Entrepreneur.account_id == account.id).order_by(Entrepreneur.id)
    supporters = select(Supporter).where(Supporter.account_id == account.id).order_by(Supporter.id)
    return Scope(
        account=account,
        people=tuple(session.scalars(people.execution_options(populate_existing=True))),
        supporters=tuple(session.scalars(supporters.execution_options(populate_existing=True))),
    )


def scope_of_file(session: Session, file: Entrepreneur | Supporter) -> Scope:
    """Give one file, with its account if it has no other use."""
    account = session.get(Account, file.account_id, populate_existing=True) if file.account_id is not None else None
    if account is not None and _is_needed(session, account, file):
        account = None
    if isinstance(file, Entrepreneur):
        return Scope(account=account, people=(file,), supporters=())
    return Scope(account=account, people=(), supporters=(file,))


def count_open(session: Session, scope: Scope, *, at: datetime) -> Mapping[StillOpen, int]:
    """Count what is still open for somebody, by kind; what is over is in none."""
    people, supporters = [one.id for one in scope.people], [one.id for one in scope.supporters]
    counts = (
        (StillOpen.PAIRING, _hers(Pairing, people, supporters, Pairing.state.in_(LIVE_PAIRING_STATES))),
        (StillOpen.BOOKING, _of(Booking, people, and_(Booking.state.in_(OPEN_BOOKING_STATES), _is_ahead(at)))),
        (StillOpen.CIRCLE, _of(CircleMember, people, CircleMember.state.in_(LIVE_CIRCLE_MEMBER_STATES))),
        (StillOpen.CIRCLE_LED, _led([one.id for one in scope.supporters if one.state is not SupporterState.LEFT])),
        (StillOpen.QUESTION, _of(ExpertQuestion, people, ExpertQuestion.state.in_(LIVE_QUESTION_STATES))),
        (StillOpen.INTERVIEW, _of(Interview, people, Interview.state == InterviewState.PLANNED)),
        (
            StillOpen.PROPOSAL,
            _hers(SessionProposal, people, supporters, SessionProposal.state == SessionProposalState.PROPOSED),
        ),
        (StillOpen.CALL, _of(Handover, people, Handover.state.in_(LIVE_HANDOVER_STATES))),
        (StillOpen.COACHING, _of(CoachingFile, people, CoachingFile.state == CoachingFileState.OPEN)),
    )
    rows = session.execute(
        union_all(
            *(select(literal(kind.value, String), func.count()).select_from(query.subquery()) for kind, query in counts)
        )
    )
    return MappingProxyType({StillOpen(kind): number for kind, number in rows if number})


def _led(supporter_ids: Collection[int]) -> Select[int]:
    return select(Circle.id).where(Circle.facilitator_id.in_(supporter_ids), Circle.state.in_(LIVE_CIRCLE_STATES))


def _is_about(row: Account | Entrepreneur | Supporter) -> ColumnElement[bool]:
    if isinstance(row, Account):
        return Erasure.account_id == row.id
    return Erasure.entrepreneur_id == row.id if isinstance(row, Entrepreneur) else Erasure.supporter_id == row.id


def _is_needed(session: Session, account: Account, file: Entrepreneur | Supporter) -> bool:
    """Say whether an account opens anything but this file: another file, an association, calls of another one."""
    uses = (
        select(Entrepreneur.id).where(
            Entrepreneur.account_id == account.id,
            Entrepreneur.erased_at.is_(None),
            Entrepreneur.id != (file.id if isinstance(file, Entrepreneur) else 0),
        ),
        select(Supporter.id).where(
            Supporter.account_id == account.id,
            Supporter.erased_at.is_(None),
            Supporter.id != (file.id if isinstance(file, Supporter) else 0),
        ),
        select(Coordinator.id).where(Coordinator.account_id == account.id),
        select(Sentinel.id).where(
            Sentinel.account_id == account.id,
            Sentinel.ended_at.is_(None),
            Sentinel.association_id != file.association_id,
        ),
    )
    return session.execute(union_all(*uses).limit(1)).first() is not None


def _is_ahead(at: datetime) -> ColumnElement[bool]:
    return exists().where(WorkshopSession.id == Booking.session_id, WorkshopSession.starts_at > at)


def _of(table: type, people: Collection[int], is_open: ColumnElement[bool]) -> Select[int]:
    return select(table.id).where(table.entrepreneur_id.in_(people), is_open)  # type: ignore[attr-defined]


def _hers(
    table: type, people: Collection[int], supporters: Collection[int], is_open: ColumnElement[bool]
) -> Select[int]:
    whose = or_(table.entrepreneur_id.in_(people), table.supporter_id.in_(supporters))  # type: ignore[attr-defined]
    return select(table.id).where(whose, is_open)  # type: ignore[attr-defined]
