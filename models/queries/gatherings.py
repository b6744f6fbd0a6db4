"""Reads of the supporters' circle: who is in it, its next meeting, who comes, and what waits to be noted or planned."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from models.accounts import Account
from models.associations import Association
from models.exceptions import NotFoundError
from models.gatherings import Gathering, GatheringAttendance, SupporterListing
from models.states import GatheringState, SupporterState
from models.supporters import Supporter

PAST = (GatheringState.HELD, GatheringState.MISSED, GatheringState.CANCELLED)
FEWEST = 2
"""With fewer in the circle there is nobody to meet, and no coordinator is asked to plan anything."""
MOST_LISTED = 500
MOST_PAST = 50


def is_in_circle() -> ColumnElement[bool]:
    """Say of a listing that its supporter is here still: she has not left, and can sign in if she ever could."""
    here = aliased(Supporter)
    closed = exists().where(Account.id == here.account_id, ~Account.is_active)
    return exists().where(here.id == SupporterListing.supporter_id, here.state != SupporterState.LEFT, ~closed)


def list_listed(session: Session, association_id: int, *, with_profile: bool = False) -> Sequence[SupporterListing]:
    """Give who is in the circle of an association, in their alphabet; with what they can help with, and languages."""
    person = joinedload(SupporterListing.supporter)
    parts = (
        (person.selectinload(Supporter.expertise), person.selectinload(Supporter.languages))
        if with_profile
        else (person,)
    )
    return session.scalars(
        select(SupporterListing)
        .join(Supporter, Supporter.id == SupporterListing.supporter_id)
        .where(SupporterListing.association_id == association_id, is_in_circle())
        .options(*parts)
        .order_by(Supporter.search_name, Supporter.id)
        .limit(MOST_LISTED)
        .execution_options(populate_existing=True)
    ).all()


def find_listing(session: Session, supporter_id: int) -> SupporterListing | None:
    """Give the yes of a supporter as it is now."""
    return session.get(SupporterListing, supporter_id, populate_existing=True)


def list_listings(session: Session, supporter_ids: Collection[int]) -> Sequence[SupporterListing]:
    """Give the yes of each of these supporters who said it."""
    return session.scalars(select(SupporterListing).where(SupporterListing.supporter_id.in_(supporter_ids))).all()


def get_gathering(session: Session, public_id: UUID, *, is_locked: bool = False) -> Gathering:
    """Give a gathering as it is now, with what was said and noted; locked until the end when somebody changes it.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    chosen = select(Gathering).where(Gathering.public_id == public_id).options(selectinload(Gathering.attendances))
    if is_locked:
        chosen = chosen.with_for_update(key_share=True)
    found = session.scalar(chosen.execution_options(populate_existing=True))
    if found is None:
        raise NotFoundError(record="Gathering")
    return found


def find_planned(session: Session, association_id: int) -> Gathering | None:
    """Give the one gathering of an association that is planned, also when its day has passed and nobody noted it."""
    return session.scalar(
        select(Gathering)
        .where(Gathering.association_id == association_id, Gathering.state == GatheringState.PLANNED)
        .options(selectinload(Gathering.attendances), joinedload(Gathering.host))
        .execution_options(populate_existing=True)
    )


def list_planned_for(session: Session, supporter_ids: Collection[int], *, at: datetime) -> Sequence[Gathering]:
    """Give the gatherings to come of the circles that these supporters are in, with what was said about them."""
    mine = exists().where(
        SupporterListing.association_id == Gathering.association_id,
        SupporterListing.supporter_id.in_(supporter_ids),
        is_in_circle(),
    )
    return session.scalars(
        select(Gathering)
        .where(Gathering.state == GatheringState.PLANNED, Gathering.starts_at > at, mine)
        .options(selectinload(Gathering.attendances))
        .order_by(Gathering.starts_at, Gathering.id)
    ).all()


def list_past_gatherings(session: Session, association_id: int) -> Sequence[Gathering]:
    """Give what became of the gatherings of an association, the last first, with who was there."""
    return session.scalars(
        select(Gathering)
        .where(Gathering.association_id == association_id, Gathering.state.in_(PAST))
        .options(selectinload(Gathering.attendances))
        .order_by(Gathering.starts_at.desc(), Gathering.id.desc())
        .limit(MOST_PAST)
    ).all()


def list_attendees(session: Session, gathering: Gathering) -> Sequence[Supporter]:
    """Give who may have been at a gathering: who is in the circle, and who said or was noted something about it."""
    listed = exists().where(SupporterListing.supporter_id == Supporter.id, is_in_circle())
    known = exists().where(
        GatheringAttendance.gathering_id == gathering.id, GatheringAttendance.supporter_id == Supporter.id
    )
    return session.scalars(
        select(Supporter)
        .where(Supporter.association_id == gathering.association_id, or_(listed, known))
        .order_by(Supporter.search_name, Supporter.id)
        .limit(MOST_LISTED)
    ).all()


def select_to_note(association_id: int, *, at: datetime) -> Select[Gathering]:
    """Select the gatherings of an association that are over, and of which nobody noted who was there."""
    return select(Gathering).where(
        Gathering.association_id == association_id,
        Gathering.state == GatheringState.PLANNED,
        Gathering.report_due_at <= at,
    )


def select_without_plan() -> Select[Any]:
    """Select the associations whose circle has people and no gathering before it, with when they last had anything.

    That is the last gathering that took place, or when the second person joined the circle.
    """
    table: Any = Association
    return select(table.id, table.public_id, table.id, _last_gathered()).where(
        ~exists().where(Gathering.association_id == Association.id, Gathering.state == GatheringState.PLANNED),
        _count_listed() >= FEWEST,
    )


def find_last_gathered(session: Session, association_id: int) -> datetime | None:
    """Give since when the circle of an association has no gathering before it; nothing where none is missing."""
    found: datetime | None = session.scalar(select(last_gathered(association_id)))
    return found


def is_overdue(gathered_at: datetime | None, *, days: int, at: datetime) -> bool:
    """Say whether supporters have met last longer ago than their association wants."""
    return gathered_at is not None and gathered_at + timedelta(days=days) <= at


def last_gathered(association_id: int) -> ScalarSelect[Any]:
    """Select what `find_last_gathered` gives, as a number among others."""
    lines = select_without_plan().where(Association.id == association_id).with_only_columns(_last_gathered())
    return lines.scalar_subquery()


def _last_gathered() -> ColumnElement[datetime]:
    held = (
        select(func.max(Gathering.starts_at))
        .where(Gathering.association_id == Association.id, Gathering.state == GatheringState.HELD)
        .correlate(Association)
        .scalar_subquery()
    )
    second = (
        select(SupporterListing.listed_at)
        .where(SupporterListing.association_id == Association.id, is_in_circle())
        .correlate(Association)
        .order_by(SupporterListing.listed_at)
        .offset(FEWEST - 1)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(held, second, type_=Gathering.starts_at.type)


def _count_listed() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(SupporterListing)
        .where(SupporterListing.association_id == Association.id, is_in_circle())
        .correlate(Association)
        .scalar_subquery()
    )
