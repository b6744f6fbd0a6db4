"""First interviews: who is to be met, by whom, by when, and what was said before."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from models.accounts import Account
from models.exceptions import NotFoundError
from models.interviews import Interview
from models.queries.coordinators import list_coordinators
from models.queries.pages import Page, fetch_page
from models.states import InterviewState


def select_to_meet(association_id: int, *, on: date) -> Select[Interview]:
    """Select the interviews to hold from now on, the first deadline first."""
    return (
        select(Interview)
        .where(
            Interview.association_id == association_id,
            Interview.state == InterviewState.PLANNED,
            Interview.opens_on <= on,
        )
        .order_by(Interview.due_at, Interview.id)
    )


def list_to_meet(session: Session, association_id: int, *, on: date, page: int = 1) -> Page[Interview]:
    """List one page of the people to meet, each with who meets them."""
    people = (joinedload(Interview.entrepreneur), joinedload(Interview.coordinator))
    return fetch_page(session, select_to_meet(association_id, on=on).options(*people), page)


def list_to_meet_again(session: Session, association_id: int, *, on: date, limit: int) -> Sequence[Interview]:
    """List the people who are met again on a later day, the first day first."""
    rows = (
        select(Interview)
        .where(
            Interview.association_id == association_id,
            Interview.state == InterviewState.PLANNED,
            Interview.opens_on > on,
        )
        .options(joinedload(Interview.entrepreneur), joinedload(Interview.coordinator))
        .order_by(Interview.opens_on, Interview.id)
        .limit(limit)
    )
    return session.scalars(rows).all()


def list_interviews(session: Session, entrepreneur_id: int) -> Sequence[Interview]:
    """Give the interviews of one person, the newest first, each with who holds it."""
    rows = select(Interview).where(Interview.entrepreneur_id == entrepreneur_id)
    return session.scalars(rows.options(joinedload(Interview.coordinator)).order_by(Interview.id.desc())).all()


def find_to_come(session: Session, entrepreneur_id: int) -> Interview | None:
    """Give the interview that a person has before her, as it is now."""
    return session.scalar(
        select(Interview)
        .where(Interview.entrepreneur_id == entrepreneur_id, Interview.state == InterviewState.PLANNED)
        .execution_options(populate_existing=True)
    )


def get_interview(session: Session, public_id: UUID, *, association_ids: Collection[int]) -> Interview:
    """Get an interview of one's own associations, with the person and who holds it.

    Raises
    ------
    NotFoundError
        If there is none, or it is of others.
    """
    found = session.scalar(
        select(Interview)
        .where(Interview.public_id == public_id, Interview.association_id.in_(association_ids))
        .options(joinedload(Interview.entrepreneur), joinedload(Interview.coordinator))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(record="Interview")
    return found


def choose_interviewer(session: Session, association_id: int) -> Account | None:
    """Give the coordinator who has the fewest people to meet, the first named among equals."""
    coordinators = list_coordinators(session, association_id)
    rows = session.execute(
        select(Interview.coordinator_id, func.count().label("planned"))
        .where(Interview.association_id == association_id, Interview.state == InterviewState.PLANNED)
        .group_by(Interview.coordinator_id)
    )
    planned = {row.coordinator_id: int(row.planned) for row in rows}
    return min(coordinators, key=lambda account: planned.get(account.id, 0), default=None)
