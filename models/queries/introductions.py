"""Reads of introductions: the ledger of an association, and what each of the two sees of hers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models.clocks import Clock
from models.exceptions import NotFoundError
from models.introductions import Introduction, IntroductionPurpose
from models.queries.clocks import list_clocks
from models.queries.pages import Page, fetch_page
from models.states import LIVE_INTRODUCTION_STATES, IntroductionState
from models.supporters import Supporter

WITH_PEOPLE = (joinedload(Introduction.entrepreneur), joinedload(Introduction.supporter))
MOST_OWN = 100


class IntroductionSituation(StrEnum):
    """What the ledger can be narrowed to."""

    OVERDUE = "overdue"
    UNDER_WAY = "under_way"
    KEPT = "kept"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionCount:
    """How many introductions somebody opened, or were for something: noted, kept (made at least), fruitful."""

    noted: int
    kept: int
    fruitful: int
    supporter: Supporter | None = None
    purpose: IntroductionPurpose | None = None


def get_introduction(session: Session, public_id: UUID) -> Introduction:
    """Give an introduction as it is now.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    found = session.scalar(
        select(Introduction).where(Introduction.public_id == public_id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFoundError(record="Introduction")
    return found


def lock_introduction(session: Session, public_id: UUID) -> Introduction:
    """Give an introduction as it is now, locked."""
    return session.scalars(
        select(Introduction)
        .where(Introduction.public_id == public_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def list_introductions_of_pairing(session: Session, pairing_id: int) -> Sequence[Introduction]:
    """Give the introductions of a pairing, the last first."""
    return session.scalars(
        select(Introduction)
        .where(Introduction.pairing_id == pairing_id)
        .options(*WITH_PEOPLE)
        .order_by(Introduction.noted_at.desc(), Introduction.id.desc())
        .limit(MOST_OWN)
    ).all()


def list_own_introductions(
    session: Session, *, entrepreneur_ids: Collection[int] = (), supporter_ids: Collection[int] = ()
) -> Sequence[Introduction]:
    """Give what was opened for these people, or by these supporters: what waits first, then the last."""
    mine = or_(Introduction.entrepreneur_id.in_(entrepreneur_ids), Introduction.supporter_id.in_(supporter_ids))
    return session.scalars(
        select(Introduction)
        .where(mine)
        .options(*WITH_PEOPLE)
        .order_by(Introduction.due_at.is_(None), Introduction.due_at, Introduction.told_at.desc(), Introduction.id)
        .limit(MOST_OWN)
    ).all()


def list_live_introductions(session: Session, entrepreneur_id: int) -> Sequence[Introduction]:
    """Give what is promised to a person or made and not told of yet."""
    return session.scalars(
        select(Introduction)
        .where(Introduction.entrepreneur_id == entrepreneur_id, Introduction.state.in_(LIVE_INTRODUCTION_STATES))
        .options(*WITH_PEOPLE)
        .order_by(Introduction.due_at, Introduction.id)
    ).all()


def select_introductions(
    association_id: int, situation: IntroductionSituation | None, *, at: datetime
) -> Select[Introduction]:
    """Select the ledger of an association: what is due first, then the last."""
    rows = select(Introduction).where(Introduction.association_id == association_id)
    live = Introduction.state.in_(LIVE_INTRODUCTION_STATES)
    if situation is IntroductionSituation.OVERDUE:
        rows = rows.where(live, Introduction.due_at < at)
    elif situation is IntroductionSituation.UNDER_WAY:
        rows = rows.where(live)
    elif situation is IntroductionSituation.KEPT:
        rows = rows.where(Introduction.state.in_((IntroductionState.MET, IntroductionState.FRUITFUL)))
    elif situation is IntroductionSituation.LAPSED:
        rows = rows.where(Introduction.state == IntroductionState.LAPSED)
    return rows.order_by(Introduction.due_at.is_(None), Introduction.due_at, Introduction.id.desc())


def list_introductions(
    session: Session, association_id: int, situation: IntroductionSituation | None, *, at: datetime, page: int = 1
) -> Page[Introduction]:
    """List one page of the ledger."""
    return fetch_page(session, select_introductions(association_id, situation, at=at).options(*WITH_PEOPLE), page)


def count_by_supporter(session: Session, association_id: int) -> list[IntroductionCount]:
    """Count the introductions of each supporter, and of the association itself, most kept first."""
    noted, kept, fruitful = _counts()
    rows = session.execute(
        select(Supporter, noted, kept, fruitful)
        .select_from(Introduction)
        .outerjoin(Supporter, Supporter.id == Introduction.supporter_id)
        .where(Introduction.association_id == association_id)
        .group_by(Supporter.id)
        .order_by(kept.desc(), noted.desc(), Supporter.id)
    )
    return [
        IntroductionCount(supporter=supporter, noted=all_of_them, kept=number, fruitful=good)
        for supporter, all_of_them, number, good in rows
    ]


def count_by_purpose(session: Session, association_id: int) -> list[IntroductionCount]:
    """Count the introductions for each purpose, most kept first."""
    noted, kept, fruitful = _counts()
    rows = session.execute(
        select(Introduction.purpose, noted, kept, fruitful)
        .where(Introduction.association_id == association_id)
        .group_by(Introduction.purpose)
        .order_by(kept.desc(), noted.desc(), Introduction.purpose)
    )
    return [
        IntroductionCount(purpose=purpose, noted=all_of_them, kept=number, fruitful=good)
        for purpose, all_of_them, number, good in rows
    ]


# Each tick asks this and so does each look at the laws: it is written once.
_OVERDUE = (
    select(Introduction)
    .where(Introduction.state.in_(LIVE_INTRODUCTION_STATES), Introduction.due_at <= bindparam("at"))
    .order_by(Introduction.id)
)


def list_stale(session: Session, *, at: datetime) -> Sequence[Introduction]:
    """Give what nobody has told of for twice the days of the clock after its day: it lapses by itself."""
    found = session.scalars(_OVERDUE, {"at": at}).all()
    clocks = list_clocks(session, {one.association_id for one in found}) if found else {}
    return [one for one in found if one.due_at and one.due_at + _twice(clocks[one.association_id]) <= at]


def _twice(days: Mapping[Clock, int]) -> timedelta:
    return timedelta(days=2 * days[Clock.INTRODUCTION])


def _counts() -> tuple[ColumnElement[int], ColumnElement[int], ColumnElement[int]]:
    """Give the three numbers: a promise that was kept counts once it is made, whatever became of it."""
    is_fruitful = Introduction.state == IntroductionState.FRUITFUL
    return (
        func.count(Introduction.id),
        func.count(Introduction.made_at),
        func.coalesce(func.sum(case((is_fruitful, 1), else_=0)), 0),
    )
