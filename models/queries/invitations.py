"""Who could be invited to sign in and was not yet: the same rows for the number, the page and the invitations."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.entrepreneurs import Entrepreneur
from models.states import EntrepreneurState


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninvited:
    """How many people of an association have no account: those with an address, and those to be called instead."""

    reachable: int
    without_address: int


def count_uninvited(session: Session, association_id: int) -> Uninvited:
    """Count who was not invited yet."""
    reachable, without_address = session.execute(
        select(
            func.count().filter(_has_address(), ~_is_closed_account()),
            func.count().filter(~_has_address()),
        ).where(*_without_account(association_id))
    ).one()
    return Uninvited(reachable=reachable, without_address=without_address)


def list_uninvited(session: Session, association_id: int, *, limit: int) -> Sequence[int]:
    """Give whom to invite next, in the order in which their files were opened."""
    return session.scalars(
        select(Entrepreneur.id)
        .where(*_without_account(association_id), _has_address(), ~_is_closed_account())
        .order_by(Entrepreneur.id)
        .limit(limit)
    ).all()


def _has_address() -> ColumnElement[bool]:
    """Say whether a file has an address to write to."""
    return func.coalesce(Entrepreneur.email, "") != ""


def _without_account(association_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Entrepreneur.association_id == association_id,
        Entrepreneur.account_id.is_(None),
        Entrepreneur.state != EntrepreneurState.CLOSED,
    )


def _is_closed_account() -> ColumnElement[bool]:
    """Say whether the address is that of an account that was closed: a link to it would open nothing."""
    return exists().where(Account.email == func.lower(Entrepreneur.email), Account.is_active.is_(False))
