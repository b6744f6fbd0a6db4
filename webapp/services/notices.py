"""Notices of what is past its day, and the one mail a day that tells a person all of hers.

The same mail tells what was held for a summary because the person chose so: one summary a day, whatever is in it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, literal, select, union, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from models.accounts import Account, Locale
from models.associations import Association
from models.db import UtcDateTime, db, retried, transaction
from models.entrepreneurs import Entrepreneur
from models.messages import Message, MessageKind
from models.moves import move_all
from models.notices import Notice, NoticeKind
from models.queries.coordinators import list_coordinators
from models.queries.overdue import Overdue
from models.states import MessageAction, MessageState
from models.supporters import Supporter
from webapp.clock import day_of
from webapp.services.messages import queue_message
from webapp.services.tap_links import add_meeting_links

MOST_NEWS = 30
COUNTS = frozenset({MessageKind.SUGGESTIONS_WAITING})
"""News that count what waits: of several, the largest count says what the others say."""
NOTICES, NEWS = "notices", "news"
Addressee = Account | Entrepreneur | Supporter
# Each mail of the day asks all of these: they are written once.
_ACCOUNTS = select(Account).where(Account.id.in_(bindparam("numbers", expanding=True)))
_TOLD_TODAY = select(Message.event_key, Message.recipient).where(
    Message.event_key.in_(bindparam("keys", expanding=True))
)
_IS_DUE = (
    Message.state == MessageState.HELD,
    Message.next_try_at <= bindparam("at", type_=UtcDateTime()),
    Message.association_id.is_not(None),
)
_HELD = (
    select(Message)
    .where(*_IS_DUE, Message.recipient == bindparam("recipient"), Message.association_id == bindparam("association"))
    .order_by(Message.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_UNTOLD = (
    select(Notice)
    .where(
        Notice.recipient == bindparam("recipient"),
        Notice.association_id == bindparam("association"),
        Notice.told_at.is_(None),
    )
    .order_by(Notice.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_TOLD = (
    update(Notice)
    .where(Notice.id.in_(bindparam("numbers", expanding=True)))
    .values(told_at=bindparam("told", type_=UtcDateTime()))
    .execution_options(synchronize_session=False)
)
_TO_TELL = union(
    *(
        select(
            Association.id, table.recipient, Association.public_id, Association.name, literal(source).label("source")
        )
        .join(table, table.association_id == Association.id)
        .where(*conditions)
        for table, source, conditions in ((Notice, NOTICES, (Notice.told_at.is_(None),)), (Message, NEWS, _IS_DUE))
    )
)


@dataclass(slots=True)
class _Mail:
    """The mail of the day of one person, and from where it is filled: what comes in elsewhere is for the next one."""

    recipient: str
    association_id: int
    association: str
    event_key: str
    sources: set[str] = field(default_factory=set)


def notice(session: Session, kind: NoticeKind, overdue: Overdue, people: Iterable[Addressee], *, at: datetime) -> int:
    """Keep a notice for each of these people, once per person and day passed; whoever has no address gets none.

    When nobody of them can be reached, the coordinators are told in their place: nothing waits unseen.
    """
    rows = _list_addresses(session, list(people)) or _list_addresses(
        session, list_coordinators(session, overdue.association_id)
    )
    if not rows:
        return 0
    values = {
        "association_id": overdue.association_id,
        "kind": kind,
        "subject_id": overdue.subject_id,
        "due_at": overdue.due_at,
        "noticed_at": at,
    }
    once = _insert_once(session.get_bind().dialect.name)
    return len(session.scalars(once, [{**values, **row} for row in rows]).all())


@cache
def _insert_once(dialect: str) -> ReturningInsert[int]:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = cast(Table, Notice.__table__)
    once = insert(table).on_conflict_do_nothing(index_elements=["subject_id", "kind", "due_at", "recipient"])
    return once.returning(table.c.id)


def tell_notices(*, at: datetime) -> int:
    """Tell everybody her notices and held messages in one mail; what comes up later that day waits for the next one."""
    return sum(_tell(mail, at=at) for mail in _list_mails(db.session(), at))


def _list_mails(session: Session, at: datetime) -> Sequence[_Mail]:
    """List whom to write to, in which association and of what; who had the mail of this day already is left out."""
    rows = session.execute(_TO_TELL, {"at": at}).all()
    keys = {row.public_id: f"digest:{row.public_id}:{day_of(at).isoformat()}" for row in rows}
    told = {tuple(row) for row in session.execute(_TOLD_TODAY, {"keys": list(keys.values())})} if rows else set()
    found: dict[tuple[int, str], _Mail] = {}
    for row in sorted(rows, key=lambda row: (row.id, row.recipient)):
        mail = found.setdefault((row.id, row.recipient), _Mail(row.recipient, row.id, row.name, keys[row.public_id]))
        mail.sources.add(row.source)
    return [mail for mail in found.values() if (mail.event_key, mail.recipient) not in told]


@retried
def _tell(mail: _Mail, *, at: datetime) -> int:
    with transaction() as session:
        whose = {"recipient": mail.recipient, "association": mail.association_id}
        untold = session.scalars(_UNTOLD, whose).all() if NOTICES in mail.sources else []
        held = session.scalars(_HELD, {**whose, "at": at}).all() if NEWS in mail.sources else []
        if not (untold or held):
            return 0
        first: Notice | Message = untold[0] if untold else held[0]
        is_queued = queue_message(
            session,
            kind=MessageKind.DIGEST,
            account_id=first.account_id,
            recipient=mail.recipient,
            locale=first.locale,
            event_key=mail.event_key,
            facts={
                "association": mail.association,
                **_summarise(untold, held),
                "taps": add_meeting_links(session, untold, at=at) or None,
            },
            association_id=mail.association_id,
            at=at,
        )
        if not is_queued:
            session.rollback()  # told meanwhile, or an account that was closed: no link is kept of a mail that is none
            return 0
        if untold:
            session.execute(_TOLD, {"numbers": [one.id for one in untold], "told": at})
        move_all(session, held, MessageAction.GATHER, actor_id=None, at=at)
    return 1


def _summarise(untold: Sequence[Notice], held: Sequence[Message]) -> dict[str, object]:
    """Give counts of what waits, and the newest of what happened, by kind; the rest is on the person's page."""
    counts: dict[str, object] = {**Counter(str(one.kind) for one in untold)}
    if held:
        largest = {one.kind: one for one in sorted(held, key=lambda one: one.facts.get("count", 0))}
        told = [one for one in _drop_replaced(held) if one.kind not in COUNTS or largest[one.kind] is one]
        kinds = list(dict.fromkeys(one.kind for one in told))
        shown = sorted(told[-MOST_NEWS:], key=lambda one: kinds.index(one.kind))
        counts["news"] = [{"kind": str(one.kind), "facts": _join_moves(one, held)} for one in shown]
        counts["more_news"] = len(told) - len(shown)
    return counts


def _drop_replaced(held: Sequence[Message]) -> Sequence[Message]:
    """Leave out what told a date that a later message takes back: of what moved twice, the last date is news."""
    lost = {(_subject(one), one.facts["lost_at"]): one.id for one in held if "lost_at" in one.facts}
    return [one for one in held if lost.get((_subject(one), one.facts.get("starts_at")), 0) <= one.id]


def _join_moves(message: Message, held: Sequence[Message]) -> dict[str, Any]:
    """Give the facts of a message with the date that people know as the one that no longer holds, if it does not."""
    facts = dict(message.facts)
    for earlier in reversed([one for one in held if one.id < message.id and _subject(one) == _subject(message)]):
        if "lost_at" in facts and earlier.facts.get("starts_at") == facts["lost_at"]:
            facts["lost_at"] = earlier.facts.get("lost_at", facts["lost_at"])
    if "lost_at" in facts and facts["lost_at"] == facts.get("starts_at"):
        del facts["lost_at"]
    return facts


def _subject(message: Message) -> tuple[str, object, object]:
    """Give what a message about a date tells of: its kind, and which session, circle or gathering it is.

    Where a circle meets is news of its own: it holds when the day changes.
    """
    named = (message.facts.get(name) for name in ("session_id", "circle_id", "gathering_id", "proposal_id"))
    return str(message.kind), message.facts.get("is_place"), next(filter(None, named), None)


def _list_addresses(session: Session, people: Sequence[Addressee]) -> list[dict[str, object]]:
    """Give where to write to each of these people who can be reached."""
    numbers = [one.account_id for one in people if not isinstance(one, Account) and one.account_id is not None]
    accounts = {one.id: one for one in session.scalars(_ACCOUNTS, {"numbers": numbers})} if numbers else {}
    return [row for row in (_address(person, accounts) for person in people) if row]


def _address(person: Addressee, accounts: Mapping[int, Account]) -> dict[str, object] | None:
    account = person if isinstance(person, Account) else accounts.get(person.account_id or 0)
    if account is not None:
        address = account.email if account.is_active else ""
        known = {"account_id": account.id, "locale": account.locale}
    else:
        address = "" if isinstance(person, Account) else (person.email or "").strip().lower()
        known = {"account_id": None, "locale": Locale.FRENCH}
    return {"recipient": address, **known} if address else None
