"""Reads of approval committees. One person may be a supporter in several roles: what binds one row binds them all."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from models.committees import CommitteeFile
from models.exceptions import NotFoundError
from models.states import SupporterState
from models.supporters import Supporter


def same_person(one: type[Supporter], other: type[Supporter]) -> ColumnElement[bool]:
    """Say that two rows of supporters are the same, or two roles of one account."""
    return or_(one.id == other.id, and_(one.account_id.is_not(None), one.account_id == other.account_id))


def list_examiners(
    session: Session, association_id: int, entrepreneur_id: int | None = None
) -> dict[int, frozenset[int]]:
    """Give, for each entrepreneur whose file is examined, the supporters who examine it, in all of their roles."""
    wanted = {"association": association_id, "entrepreneur": entrepreneur_id}
    found: dict[int, set[int]] = {}
    for person_id, supporter_id in session.execute(_select_examiners(entrepreneur_id is not None), wanted):
        found.setdefault(person_id, set()).add(supporter_id)
    return {person_id: frozenset(supporter_ids) for person_id, supporter_ids in found.items()}


@cache
def _select_examiners(is_of_one: bool) -> Select[int, int]:
    """Write the statement once: every decision about a suggestion asks it."""
    named, every = aliased(Supporter), aliased(Supporter)
    chosen = (
        select(CommitteeFile.entrepreneur_id, every.id)
        .join(named, named.id == CommitteeFile.supporter_id)
        .join(every, and_(every.association_id == named.association_id, same_person(named, every)))
        .where(CommitteeFile.association_id == bindparam("association"), CommitteeFile.until.is_(None))
    )
    return chosen.where(CommitteeFile.entrepreneur_id == bindparam("entrepreneur")) if is_of_one else chosen


def list_committee_files(session: Session, entrepreneur_id: int) -> Sequence[CommitteeFile]:
    """Give who examines a file and who did, with the supporters; those of now first."""
    return session.scalars(
        select(CommitteeFile)
        .where(CommitteeFile.entrepreneur_id == entrepreneur_id)
        .options(joinedload(CommitteeFile.supporter))
        .order_by(CommitteeFile.until.is_not(None), CommitteeFile.since.desc(), CommitteeFile.id.desc())
    ).all()


def get_committee_file(session: Session, public_id: UUID) -> CommitteeFile:
    """Give one line of a committee.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(select(CommitteeFile).where(CommitteeFile.public_id == public_id))
    if found is None:
        raise NotFoundError(record="CommitteeFile")
    return found


def lock_committee_file(session: Session, row_id: int) -> CommitteeFile:
    """Give a line as it is now, and keep others from changing it until the end."""
    return session.scalars(
        select(CommitteeFile)
        .where(CommitteeFile.id == row_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def find_examination(session: Session, entrepreneur_id: int, supporter_id: int) -> CommitteeFile | None:
    """Give the line that says that this supporter examines this file now, if any."""
    return session.scalar(
        select(CommitteeFile).where(
            CommitteeFile.entrepreneur_id == entrepreneur_id,
            CommitteeFile.supporter_id == supporter_id,
            CommitteeFile.until.is_(None),
        )
    )


def list_possible_examiners(session: Session, association_id: int) -> Sequence[Supporter]:
    """Give everybody of an association who may sit in a committee: supporters who have not left, by name."""
    return session.scalars(
        select(Supporter)
        .where(Supporter.association_id == association_id, Supporter.state != SupporterState.LEFT)
        .order_by(Supporter.search_name, Supporter.id)
    ).all()


def list_rows_of_person(session: Session, supporter: Supporter) -> Sequence[int]:
    """Give the numbers of all rows of one person in her association, in their order."""
    named, every = aliased(Supporter), aliased(Supporter)
    return session.scalars(
        select(every.id)
        .join(named, and_(every.association_id == named.association_id, same_person(named, every)))
        .where(named.id == supporter.id)
        .order_by(every.id)
    ).all()
