"""All that is kept of somebody, table by table, for herself alone: nobody else may ask for it, whatever she runs."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.audit import AuditEvent
from models.charters import Charter
from models.db import retried, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.messages import Message
from models.pairings import Pairing
from models.personal.register import REGISTER
from models.personal.ways import Root, Subject, select_rows
from models.supporters import Supporter, SupporterRole
from webapp.permissions import Actor

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTable:
    """The rows of one table that are about her, by column."""

    table: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart:
    """All about her account, or about one file of hers in one association."""

    root: Root
    tables: tuple[OwnTable, ...]
    association: str = ""
    role: SupporterRole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """All that is kept of one person, the mails that were written to her, and the charters she signed."""

    parts: tuple[OwnPart, ...]
    messages: Sequence[Message]
    charters: Sequence[bytes]


@retried
def take_own_data(*, actor: Actor, at: datetime) -> OwnData:
    """Give somebody all that is kept of her, and note that she took it.

    Raises NotFoundError.
    """
    with transaction() as session:
        account = session.get(Account, actor.account_id) if actor.account_id is not None else None
        if account is None:
            raise NotFoundError(record="Account")
        found = _read(session, account)
        session.add(
            AuditEvent(record="account", record_id=account.id, action="take_data", actor_id=account.id, at=at, note="")
        )
        session.flush()
        session.expunge_all()
    logger.info("own data taken", extra={"account_id": actor.account_id})
    return found


def _read(session: Session, account: Account) -> OwnData:
    own = Subject(root=Root.ACCOUNT, row_id=account.id, addresses=frozenset({account.email}))
    parts = [OwnPart(root=Root.ACCOUNT, tables=_list_tables(session, own))]
    for file, name in _list_files(session, account.id):
        root = Root.SUPPORTER if isinstance(file, Supporter) else Root.ENTREPRENEUR
        subject = Subject(root=root, row_id=file.id, association_id=file.association_id)
        role = file.role if isinstance(file, Supporter) else None
        parts.append(OwnPart(root=root, tables=_list_tables(session, subject), association=name, role=role))
    newest = select(Message).where(Message.account_id == account.id).order_by(Message.queued_at.desc())
    return OwnData(
        parts=tuple(parts), messages=session.scalars(newest).all(), charters=_list_charters(session, account.id)
    )


def _list_files(session: Session, account_id: int) -> list[tuple[Entrepreneur | Supporter, str]]:
    people = select(Entrepreneur).where(Entrepreneur.account_id == account_id).order_by(Entrepreneur.id)
    supporters = select(Supporter).where(Supporter.account_id == account_id).order_by(Supporter.id)
    files: list[Entrepreneur | Supporter] = [*session.scalars(people), *session.scalars(supporters)]
    named = select(Association.id, Association.name).where(Association.id.in_({one.association_id for one in files}))
    names = {row.id: row.name for row in session.execute(named)}
    return [(one, names[one.association_id]) for one in files]


def _list_tables(session: Session, subject: Subject) -> tuple[OwnTable, ...]:
    """Read table by table: there are as many statements as tables, however much is kept."""
    found: list[OwnTable] = []
    for personal in REGISTER.values():
        statement = select_rows(personal, subject, REGISTER)
        rows = [] if statement is None else [dict(row) for row in session.execute(statement).mappings()]
        if rows:
            found.append(OwnTable(table=personal.table, rows=rows))
    return tuple(found)


def _list_charters(session: Session, account_id: int) -> Sequence[bytes]:
    people = select(Entrepreneur.id).where(Entrepreneur.account_id == account_id)
    supporters = select(Supporter.id).where(Supporter.account_id == account_id)
    signed = (
        select(Charter.pdf)
        .join(Pairing, Pairing.id == Charter.pairing_id)
        .where(Pairing.entrepreneur_id.in_(people) | Pairing.supporter_id.in_(supporters), Charter.pdf.is_not(None))
        .order_by(Charter.id)
    )
    return [pdf for pdf in session.scalars(signed) if pdf]
