"""Reads about people who sign in: their open session, what names their account, their links."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Result, Select, exists, literal, select, union, union_all
from sqlalchemy.orm import Session

from models.accounts import Account, Coordinator, LinkPurpose, Locale, LoginSession, OneTimeLink
from models.assisted import AssistedCall
from models.associations import Association
from models.entrepreneurs import Entrepreneur
from models.handovers import Sentinel
from models.search import fold
from models.states import SupporterState
from models.supporters import Supporter


class Hat(StrEnum):
    """In what quality an account acts."""

    COORDINATOR = "coordinator"
    SUPPORTER = "supporter"
    ENTREPRENEUR = "entrepreneur"
    SENTINEL = "sentinel"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A live sign-in and the account behind it."""

    session_id: int
    account_id: int
    email: str
    first_name: str
    last_name: str
    locale: Locale
    seen_at: datetime
    is_on_the_phone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WornHat:
    """One row that names an account."""

    hat: Hat
    record_id: int
    association_id: int


def find_open_session(
    session: Session, *, token_hash: str, at: datetime, seen_since: datetime | None = None
) -> OpenSession | None:
    """Give the sign-in behind a cookie, unless it ended, expired, was left unused, or its account is inactive."""
    statement = (
        select(
            LoginSession.id,
            LoginSession.seen_at,
            Account.id.label("account_id"),
            Account.email,
            Account.first_name,
            Account.last_name,
            Account.locale,
            # Read along with the sign-in, so that the banner of a call costs no page a statement of its own.
            exists()
            .where(
                AssistedCall.coordinator_id == Account.id,
                AssistedCall.ended_at.is_(None),
                AssistedCall.deadline_at > at,
            )
            .label("is_on_the_phone"),
        )
        .join(Account, Account.id == LoginSession.account_id)
        .where(
            LoginSession.token_hash == token_hash,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > at,
            Account.is_active,
        )
    )
    if seen_since is not None:
        statement = statement.where(LoginSession.seen_at > seen_since)
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    return OpenSession(
        session_id=row.id,
        account_id=row.account_id,
        email=row.email,
        first_name=row.first_name,
        last_name=row.last_name,
        locale=row.locale,
        seen_at=row.seen_at,
        is_on_the_phone=bool(row.is_on_the_phone),
    )


def list_hats(session: Session, account_id: int) -> tuple[WornHat, ...]:
    """Give every row that names the account, in one statement. A supporter who left acts no more, nor the forgotten."""

    def rows(hat: Hat, table: type[Supporter] | type[Entrepreneur]) -> Select[str, int, int]:
        return select(literal(hat.value).label("hat"), table.id, table.association_id).where(
            table.account_id == account_id, table.erased_at.is_(None)
        )

    coordinators = select(
        literal(Hat.COORDINATOR.value).label("hat"), Coordinator.id, Coordinator.association_id
    ).where(Coordinator.account_id == account_id)
    supporters = rows(Hat.SUPPORTER, Supporter).where(Supporter.state != SupporterState.LEFT)
    sentinels = select(literal(Hat.SENTINEL.value).label("hat"), Sentinel.id, Sentinel.association_id).where(
        Sentinel.account_id == account_id, Sentinel.ended_at.is_(None)
    )
    found: Result[Any] = session.execute(
        union_all(coordinators, supporters, rows(Hat.ENTREPRENEUR, Entrepreneur), sentinels)
    )
    return tuple(WornHat(hat=Hat(row.hat), record_id=row.id, association_id=row.association_id) for row in found)


def list_left_associations(session: Session, account_id: int) -> Sequence[Association]:
    """Give the associations in which the account was a supporter who has left."""
    return session.scalars(
        select(Association)
        .join(Supporter, Supporter.association_id == Association.id)
        .where(Supporter.account_id == account_id, Supporter.state == SupporterState.LEFT)
        .distinct()
        .order_by(Association.id)
    ).all()


def find_account_by_email(session: Session, email: str) -> Account | None:
    """Give the account with this address, however it is capitalised."""
    return session.scalar(select(Account).where(Account.email == email.strip().lower()))


def map_known_accounts(session: Session, association_id: int, emails: Collection[str]) -> dict[str, int]:
    """Give by address, in small letters, the accounts that an association counts on already.

    That somebody has an account because of another one is not told by linking it: who rebuilds with her would show.
    """
    known = union(
        *(
            select(table.account_id).where(table.association_id == association_id, table.account_id.is_not(None))
            for table in (Coordinator, Supporter, Entrepreneur)
        )
    )
    rows = session.execute(select(Account.email, Account.id).where(Account.email.in_(emails), Account.id.in_(known)))
    return {email: account_id for email, account_id in rows}  # noqa: C416 - dict() of rows loses their types


def find_link(session: Session, *, token_hash: str, purpose: LinkPurpose, at: datetime) -> Account | None:
    """Give the account that a live one-time link opens."""
    return session.scalar(
        select(Account)
        .join(OneTimeLink, OneTimeLink.account_id == Account.id)
        .where(
            OneTimeLink.token_hash == token_hash,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > at,
            Account.is_active,
        )
    )


def in_alphabet(accounts: Iterable[Account]) -> list[Account]:
    """Put accounts in the order of their names, Élodie before Zoé, whatever the database."""
    return sorted(accounts, key=lambda one: (fold(one.last_name, one.first_name), one.id))
