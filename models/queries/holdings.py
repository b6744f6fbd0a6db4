"""What rests with an account: what somebody else must be named for before the account is closed."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import Select, String, func, literal, select, union_all
from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator
from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.gatherings import Gathering
from models.interviews import Interview
from models.queries.accounts import in_alphabet
from models.series import WorkshopSeries
from models.states import EntrepreneurState, GatheringState, InterviewState, SessionState
from models.workshops import WorkshopSession


class Holding(StrEnum):
    """A kind of thing that rests with one named person of the team.

    Calls are none: the next trained person is asked, and nobody of the team may know that somebody asked.
    """

    FILE = "file"
    INTERVIEW = "interview"
    SESSION = "session"
    SERIES = "series"
    GATHERING = "gathering"


def count_holdings(session: Session, account_id: int) -> Mapping[int, Mapping[Holding, int]]:
    """Count what rests with an account, by association; whatever is over rests with nobody."""
    rows = session.execute(
        union_all(
            *(
                _count(kind, query)
                for kind, query in (
                    (Holding.FILE, _files(account_id)),
                    (Holding.INTERVIEW, _interviews(account_id)),
                    (Holding.SESSION, _sessions(account_id)),
                    (Holding.SERIES, _series(account_id)),
                    (Holding.GATHERING, _gatherings(account_id)),
                )
            )
        )
    )
    found: dict[int, dict[Holding, int]] = {}
    for kind, association_id, number in rows:
        found.setdefault(association_id, {})[Holding(kind)] = number
    return MappingProxyType(found)


def total_holdings(found: Mapping[int, Mapping[Holding, int]]) -> Mapping[Holding, int]:
    """Add up what rests with an account in all of its associations, in the order of the kinds."""
    numbers = {kind: sum(counts.get(kind, 0) for counts in found.values()) for kind in Holding}
    return MappingProxyType({kind: number for kind, number in numbers.items() if number})


def list_coordinated_ids(session: Session, account_id: int) -> Sequence[int]:
    """Give the row numbers of the associations that an account runs, in order."""
    runs = select(Coordinator.association_id).where(Coordinator.account_id == account_id)
    return session.scalars(runs.order_by(Coordinator.association_id)).all()


def lock_associations(session: Session, ids: Collection[int]) -> None:
    """Lock associations in the order of their numbers: two who close each other's accounts follow one another."""
    session.execute(
        select(Association.id).where(Association.id.in_(ids)).order_by(Association.id).with_for_update(key_share=True)
    ).all()


def list_team(session: Session, association_id: int) -> list[Account]:
    """Give everybody who runs an association by name, closed accounts last."""
    team = session.scalars(
        select(Account)
        .join(Coordinator, Coordinator.account_id == Account.id)
        .where(Coordinator.association_id == association_id)
        .order_by(Account.id)
    )
    return sorted(in_alphabet(team), key=lambda one: not one.is_active)


def find_account(session: Session, public_id: UUID) -> Account | None:
    """Give an account by its public number."""
    return session.scalar(select(Account).where(Account.public_id == public_id))


def _count(kind: Holding, query: Select[int]) -> Select[str, int, int]:
    rows = query.subquery()
    where = rows.c.association_id
    return select(literal(kind.value, String), where, func.count()).group_by(where)


def _files(account_id: int) -> Select[int]:
    return select(Entrepreneur.association_id).where(
        Entrepreneur.referent_id == account_id, Entrepreneur.state != EntrepreneurState.CLOSED
    )


def _interviews(account_id: int) -> Select[int]:
    return select(Interview.association_id).where(
        Interview.coordinator_id == account_id, Interview.state == InterviewState.PLANNED
    )


def _sessions(account_id: int) -> Select[int]:
    return select(WorkshopSession.association_id).where(
        WorkshopSession.organiser_id == account_id, WorkshopSession.state == SessionState.SCHEDULED
    )


def _series(account_id: int) -> Select[int]:
    return select(WorkshopSeries.association_id).where(WorkshopSeries.organiser_id == account_id)


def _gatherings(account_id: int) -> Select[int]:
    return select(Gathering.association_id).where(
        Gathering.host_id == account_id, Gathering.state == GatheringState.PLANNED
    )
