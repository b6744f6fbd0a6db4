"""Reads of supporters."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, selectinload

from models.associations import Association
from models.exceptions import NotFoundError
from models.states import SupporterState
from models.supporters import RESTS_AFTER, Supporter, SupporterRole

WITH_PROFILE = (selectinload(Supporter.expertise), selectinload(Supporter.languages))
# Every decision about two people asks this: it is written once.
_WITH_ASSOCIATION = (
    select(Supporter, Association)
    .join(Association, Association.id == Supporter.association_id)
    .where(Supporter.id == bindparam("number"))
    .with_for_update(key_share=True, of=Supporter)
    .execution_options(populate_existing=True)
)


def get_supporter(session: Session, public_id: UUID) -> Supporter:
    """Give a supporter, without her profile's lists.

    Raises
    ------
    NotFoundError
        If there is none.
    """
    supporter = session.scalar(select(Supporter).where(Supporter.public_id == public_id))
    if supporter is None:
        raise NotFoundError(record="Supporter")
    return supporter


def lock_supporter(session: Session, supporter_id: int, *, with_profile: bool = False) -> Supporter:
    """Give a supporter as she is now, locked until the end; with her topics and languages for who matches her."""
    return session.scalars(_select_to_lock(with_profile), {"number": supporter_id}).one()


@cache
def _select_to_lock(with_profile: bool) -> Select[Supporter]:
    """Write the statement once: almost every decision asks it."""
    return (
        select(Supporter)
        .where(Supporter.id == bindparam("number"))
        .options(*(WITH_PROFILE if with_profile else ()))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def lock_supporter_with_association(session: Session, supporter_id: int) -> tuple[Supporter, Association]:
    """Give a supporter as she is now, locked until the end, and her association, which is read beside her."""
    supporter, association = session.execute(_WITH_ASSOCIATION, {"number": supporter_id}).one()
    return supporter, association


def lock_supporters(session: Session, supporter_ids: Sequence[int]) -> Sequence[Supporter]:
    """Lock several supporters, always in the order of their numbers, so that two decisions cannot wait in a ring."""
    return session.scalars(
        select(Supporter)
        .where(Supporter.id.in_(supporter_ids))
        .order_by(Supporter.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def list_active_supporters(
    session: Session, association_id: int, role: SupporterRole | None = None
) -> Sequence[Supporter]:
    """Give the supporters who can be proposed, with their profiles, in the order of their numbers."""
    chosen = select(Supporter).where(
        Supporter.association_id == association_id, Supporter.state == SupporterState.ACTIVE
    )
    if role is not None:
        chosen = chosen.where(Supporter.role == role)
    return session.scalars(chosen.options(*WITH_PROFILE).order_by(Supporter.id)).all()


def list_silent_supporters(session: Session) -> Sequence[int]:
    """Give the numbers of those who left so many proposals in a row without a word that no other is sent for now."""
    return session.scalars(
        select(Supporter.id)
        .where(Supporter.state == SupporterState.ACTIVE, Supporter.unanswered >= RESTS_AFTER)
        .order_by(Supporter.id)
    ).all()


def list_away_since(session: Session, day: date) -> Sequence[int]:
    """Give the numbers of those on pause who were to be asked on that day or before."""
    return session.scalars(
        select(Supporter.id)
        .where(Supporter.state == SupporterState.PAUSED, Supporter.back_on <= day)
        .order_by(Supporter.id)
    ).all()
