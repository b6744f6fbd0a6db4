"""The outbox: a message is a row, written with the decision it tells of, and sent afterwards.

What each kind tells, as `facts` (plain values only; `webapp/messages/wording.py` turns them into sentences, and leaves
out the sentence of a fact that is missing). Never a word about health, money trouble or coaching, nor the title of a
session whose theme is sensitive: a mailbox is read over the shoulder.

What asks for a yes or no, or tells of a place, has `tap` too: the path of an answer in one tap. What tells that an hour
agreed no longer holds has it as `lost_at`. When a message leaves is planned by `webapp/services/delivery.py`.

=====================  ==============================================================================================
kind                   facts
=====================  ==============================================================================================
INVITATION             path (of the one-time link: "/accounts/…"), association, expires_at, has_password
PASSWORD_RESET         path, expires_at
PAIRING_PROPOSED       to the supporter: pairing_id, entrepreneur, association, coordinator, deadline_at, as_mentor
PAIRING_REMINDER       the same, without as_mentor
PAIRING_ACCEPTED       to both: pairing_id, partner (the other's name), association, due_at; to the
                       entrepreneur: has_dates, has_mentor; to the supporter: sent_dates; coordinator: as declined
PAIRING_DECLINED       to the coordinator: pairing_id, supporter, entrepreneur
PAIRING_EXPIRED        the same, and to the supporter (without the names: pairing_id only)
PAIRING_WITHDRAWN      to the supporter: pairing_id, association, coordinator
PAIRING_ENDED          to both: pairing_id, partner, association, coordinator; to the coordinator: as declined
BOOKING_CONFIRMED      session_id, title (not of a sensitive theme), starts_at, place, unsure
BOOKING_WAITING        the same, and position
BOOKING_PROMOTED       the same as BOOKING_CONFIRMED
SEAT_OFFERED           the same, and offer_until
SEAT_FREE              the same as BOOKING_CONFIRMED: in the last day, to everybody in line
SESSION_SURE           the same as BOOKING_CONFIRMED: a session that needed a number of people takes place
SESSION_REMINDER       the same as BOOKING_CONFIRMED
BOOKING_CANCELLED      the same, and by_organiser, no_seat_freed or offer_lapsed
SESSION_CHANGED        the same as BOOKING_CONFIRMED, and waiting
SESSION_CANCELLED      the same; with another date proposed: other (its facts), and offer_until or waiting
SESSION_PROPOSED       the same as BOOKING_CONFIRMED, and coordinator
SUGGESTIONS_WAITING    to the coordinator: count, association, deadline_at
PAIRING_ASKED          to the coordinator: pairing_id, supporter, entrepreneur, due_at
..._QUESTION_ANSWERED  to the supporter: pairing_id, association, deadline_at
PAIRING_PAUSED         to both: pairing_id, partner, association, pause_until; to the coordinator: and both names
PAIRING_RESUMED        to both: pairing_id, partner, association; to the coordinator: as declined
PAIRING_EXTENDED       the same, and until
MEETING_PROPOSED       to the other: pairing_id, partner, association, due_at, replaces (dates of the other side)
MEETING_CONFIRMED      to both: pairing_id, partner, association, starts_at
MEETING_CANCELLED      to the other: the same
CHARTER_OPENED         to the three who sign: pairing_id, association, due_at
CHARTER_SIGNED         to all three: pairing_id, association
CIRCLE_INVITED         association, facilitator (first name), first_meeting_at, deadline_at
CIRCLE_LED             to the facilitator: association, first_meeting_at
CIRCLE_LEADER          to members and, with leads, to who takes over: association, facilitator, next_at
CIRCLE_ANSWERED        to the coordinator, when a place is free again: circle_id, entrepreneur, association
CIRCLE_OVER            to members (lapsed: an invitation) and, with leads, to the facilitator: association
CIRCLE_MEETING_...     MOVED, KEPT: to members and, with leads, to the facilitator: circle_id, association, starts_at
..._CANCELLED          the same, and next_at
CIRCLE_TURN_ASKED      to a member: association, starts_at
CIRCLE_TURN_ANSWERED   to the member who asked: association, starts_at, agrees
INTRODUCTION_MADE      to the entrepreneur: introduction_id, partner (who introduces), association, is_made
INTRODUCTION_TOLD      to who introduced: introduction_id, partner, association
EXPERT_ASKED           to the expert: question_id, partner, association, due_at; to the coordinator: without partner
EXPERT_ANSWERED        to the entrepreneur: question_id, association, due_at
EXPERT_UNANSWERED      to the entrepreneur: question_id, association
HANDOVER_...           ASKED, REMINDER: to who is to call: association, due_at; who it is stands on the page alone
HANDOVER_UNANSWERED    to the coordinator: association, and entrepreneur if she agreed to that
DIGEST                 association, a count by the name of each kind of notice (`models/notices.py`), and `news`: the
                       kind and facts of each message that was held for it, and `taps`: path and starts_at of each
                       meeting to tell of
VISITOR_ASKED          to a visitor without an account: visitor_id, as BOOKING_CONFIRMED, expires_at
VISITOR_...            CONFIRMED, CHANGED: visitor_id, as BOOKING_CONFIRMED
VISITOR_CANCELLED      the same, and by_organiser
REGISTRATION           path, association, expires_at; whoever wrote the address
CALL_ENDED             to the person: association, coordinator, done (a number); never what was done
PEER_PROPOSED          to the coordinator: proposal_id, association, partner (who wishes to lead), due_at
PEER_ANSWERED          to who proposed: proposal_id, association, is_confirmed, starts_at
PEER_CHANGED           to who leads: proposal_id, association, is_cancelled, starts_at
GATHERING_...          PLANNED, CANCELLED: to supporters in the circle: gathering_id, association, starts_at
GATHERING_CHANGED      the same, and is_moved
ERASURE_ASKED          to who is to be forgotten: association (for one file of it alone), due_at
ERASURE_DONE           to the address she had: mails_until
INTERVIEW_PLANNED      to the person: association, coordinator, due_at, starts_at, was_missed, is_called_off; with an
                       hour: channel, place (or link, or number), person_calls, is_changed
INTERVIEW_OUTCOME      association, coordinator, outcome, again_at; never where she was sent
=====================  ==============================================================================================
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol, cast
from uuid import UUID

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from models.accounts import Account, Locale
from models.correspondence import MailPreference
from models.db import retried, transaction
from models.messages import Message, MessageKind
from models.moves import move, move_all
from models.states import MessageAction, MessageState
from webapp.services.delivery import plan_delivery

logger = logging.getLogger(__name__)

# A batch must be sent well before its lease ends, even when the mail server lets each of them wait for its timeout.
BATCH = 20
LEASE = timedelta(minutes=15)
MAX_TRIES = 8
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
_WITH_PREFERENCE = (  # every message asks this: it is written once
    select(Account.id, Account.email, Account.locale, Account.is_active, MailPreference)
    .outerjoin(MailPreference, MailPreference.account_id == Account.id)
    .where(Account.id.in_(bindparam("accounts", expanding=True)))
)
_Mailbox = Row[int, str, Locale, bool, MailPreference]
LINKS = frozenset({"path", "tap", "taps"})
"""The facts that hold a secret: one of an account, one tap, or several."""


class Transport(Protocol):
    """What the outbox asks of the way out; `webapp/transport.py` has them."""

    keeps_links: bool

    def deliver(self, message: Message) -> None:
        """Hand a message over, or raise."""

    def close(self) -> None:
        """Let go of what was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReport:
    """What became of the messages that were due."""

    sent: int = 0
    released: int = 0
    failed: int = 0

    def __add__(self, other: "SendReport") -> "SendReport":
        """Add two reports up."""
        return SendReport(
            sent=self.sent + other.sent, released=self.released + other.released, failed=self.failed + other.failed
        )

    @property
    def total(self) -> int:
        """Count the messages that were tried."""
        return self.sent + self.released + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to write: to an account at its address and in its language, or to `recipient`, who has no account.

    `at_desk`: it tells who coordinates what others did.
    """

    kind: MessageKind
    event_key: str
    facts: Mapping[str, object]
    association_id: int | None
    account_id: int | None = None
    recipient: str | None = None
    locale: Locale | None = None
    at_desk: bool = False


def queue_message(
    session: Session,
    *,
    kind: MessageKind,
    event_key: str,
    facts: Mapping[str, object],
    association_id: int | None,
    at: datetime,
    account_id: int | None = None,
    recipient: str | None = None,
    locale: Locale | None = None,
    at_desk: bool = False,
) -> bool:
    """Write one message into the caller's transaction, and say whether; as `queue_messages` does with several."""
    draft = Draft(
        kind=kind,
        event_key=event_key,
        facts=facts,
        association_id=association_id,
        account_id=account_id,
        recipient=recipient,
        locale=locale,
        at_desk=at_desk,
    )
    return queue_messages(session, [draft], at=at) > 0


def queue_messages(session: Session, drafts: Sequence[Draft], *, at: datetime) -> int:
    """Write messages into the caller's transaction, and count those written; one address hears of an event once.

    It takes two statements however many they are. People without an address, and accounts that were closed, get
    nothing, and nobody is told: it is no failure.
    """
    known = _read_accounts(session, {draft.account_id for draft in drafts if draft.account_id is not None})
    rows = [_build_row(draft, known.get(draft.account_id or 0), at=at) for draft in drafts]
    told = [row for row in rows if row["recipient"]]
    if not told:
        return 0
    session.flush()
    return len(session.scalars(_insert_once(session.get_bind().dialect.name), told).all())


def _read_accounts(session: Session, account_ids: Set[int]) -> Mapping[int, _Mailbox]:
    if not account_ids:
        return {}
    return {row.id: row for row in session.execute(_WITH_PREFERENCE, {"accounts": list(account_ids)})}


def _build_row(draft: Draft, account: _Mailbox | None, *, at: datetime) -> dict[str, object]:
    """Give a message as columns; without an address when it is for nobody."""
    if account is not None:
        address, locale = (account.email if account.is_active else ""), draft.locale or account.locale
    else:
        address, locale = (draft.recipient or "").strip().lower(), draft.locale or Locale.FRENCH
    preference = None if account is None else account.MailPreference
    is_gathered = account is not None and draft.association_id is not None
    delivery = plan_delivery(
        draft.kind, draft.facts, preference=preference, is_gathered=is_gathered, at_desk=draft.at_desk, at=at
    )
    plain = {name: _plain(value) for name, value in draft.facts.items() if value is not None}
    return {
        "association_id": draft.association_id,
        "account_id": draft.account_id,
        "recipient": address,
        "locale": locale,
        "kind": draft.kind,
        "event_key": draft.event_key,
        "facts": plain if delivery.state is MessageState.QUEUED else _without_link(plain),
        "state": delivery.state,
        "attempts": 0,
        "queued_at": at,
        "next_try_at": delivery.at,
    }


@cache
def _insert_once(dialect: str) -> ReturningInsert[int]:
    """Write the statement once, to the table itself: what is written is read by those who send."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table = cast(Table, Message.__table__)
    once = insert(table).on_conflict_do_nothing(index_elements=["event_key", "recipient"])
    return once.returning(table.c.id)


def _plain(value: object) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    raise TypeError(f"a fact of a message is a plain value, not {type(value).__name__}")


def send_due_messages(*, at: datetime, transport: Transport, limit: int = 1000) -> SendReport:
    """Send what is due, oldest first, at least once each. Any number of processes may do it at the same time.

    A message is leased before it leaves: whoever dies on the way leaves it to the next run after the lease. It is tried
    again after growing pauses, and given up after the last of them.
    """
    started = time.monotonic()

    def now() -> datetime:
        return at + timedelta(seconds=time.monotonic() - started)

    report = SendReport()
    taken = 0
    try:
        while taken < limit and (
            batch := _take_due(at=now(), limit=min(BATCH, limit - taken), keeps_links=transport.keeps_links)
        ):
            taken += len(batch)
            for message in batch:
                report += _send(message, transport=transport, now=now)
    finally:
        transport.close()
    logger.info("messages sent", extra={"sent": report.sent, "released": report.released, "failed": report.failed})
    return report


@retried
def _take_due(*, at: datetime, limit: int, keeps_links: bool) -> list[Message]:
    """Lease the oldest messages that are due, those of a dead sender included; others skip what is being leased.

    What waits for an account that was closed meanwhile is kept unsent.
    """
    with transaction() as session:
        due = session.scalars(
            select(Message)
            .where(Message.state.in_((MessageState.QUEUED, MessageState.SENDING)), Message.next_try_at <= at)
            .order_by(Message.next_try_at, Message.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        closed = _find_closed(session, due)
        for message in due:
            _lease(session, message, is_closed=message.account_id in closed, keeps_links=keeps_links, at=at)
        session.flush()
        for message in due:
            session.expunge(message)
    return [message for message in due if message.state is MessageState.SENDING]


def _find_closed(session: Session, messages: Sequence[Message]) -> set[int]:
    accounts = {message.account_id for message in messages if message.account_id is not None}
    return set(session.scalars(select(Account.id).where(Account.id.in_(accounts), Account.is_active.is_(False))))


def _lease(session: Session, message: Message, *, is_closed: bool, keeps_links: bool, at: datetime) -> None:
    lost = "lease_ended"
    if message.state is MessageState.SENDING and message.attempts >= MAX_TRIES:
        _give_up(session, message, failure=lost, keeps_links=keeps_links, at=at)
        return
    if message.state is MessageState.SENDING:
        move(session, message, MessageAction.RELEASE, actor_id=None, at=at, reason=lost)
    if is_closed:
        keep_unsent(session, [message], at=at)
        return
    tries = message.attempts + 1
    move(session, message, MessageAction.TAKE, actor_id=None, at=at, attempts=tries, next_try_at=at + LEASE)


def keep_unsent(session: Session, messages: Sequence[Message], *, at: datetime) -> None:
    """Keep messages of a closed account, queued or held, on its page alone, without their links. They are locked."""
    move_all(session, messages, MessageAction.GATHER, actor_id=None, at=at)
    for message in messages:
        message.facts = _without_link(message.facts)


def _send(message: Message, *, transport: Transport, now: Callable[[], datetime]) -> SendReport:
    if now() >= message.next_try_at:
        return SendReport()  # the lease has ended meanwhile: another sender may have it
    try:
        transport.deliver(message)
    except Exception as error:
        logger.warning("message not delivered", extra={"message_id": message.id, "error": type(error).__name__})
        return _put_back(message, failure=_failure_code(error), keeps_links=transport.keeps_links, at=now())
    return _mark_sent(message, keeps_links=transport.keeps_links, at=now())


@retried
def _mark_sent(message: Message, *, keeps_links: bool, at: datetime) -> SendReport:
    with transaction() as session:
        row = _lock_message(session, message.id)
        if row.state is not MessageState.SENDING:
            return SendReport()  # a second sender was faster; the recipient sees one mail, by its Message-ID
        facts = row.facts if keeps_links else _without_link(row.facts)
        move(session, row, MessageAction.DELIVER, actor_id=None, at=at, sent_at=at, failure=None, facts=facts)
    return SendReport(sent=1)


@retried
def _put_back(message: Message, *, failure: str, keeps_links: bool, at: datetime) -> SendReport:
    with transaction() as session:
        row = _lock_message(session, message.id)
        if row.state is not MessageState.SENDING or row.attempts != message.attempts:
            return SendReport()  # the lease ended and another sender has it now
        if row.attempts >= MAX_TRIES:
            _give_up(session, row, failure=failure, keeps_links=keeps_links, at=at)
            return SendReport(failed=1)
        pause = min(FIRST_PAUSE * 4 ** (row.attempts - 1), LONGEST_PAUSE)
        move(session, row, MessageAction.RELEASE, actor_id=None, at=at, failure=failure, next_try_at=at + pause)
    return SendReport(released=1)


def _give_up(session: Session, message: Message, *, failure: str, keeps_links: bool, at: datetime) -> None:
    facts = message.facts if keeps_links else _without_link(message.facts)
    move(session, message, MessageAction.GIVE_UP, actor_id=None, at=at, failure=failure, facts=facts)


def _lock_message(session: Session, message_id: int) -> Message:
    return session.get_one(Message, message_id, with_for_update=True, populate_existing=True)


def _without_link(facts: dict[str, Any]) -> dict[str, Any]:
    """Forget a one-time link once it has left, or never will: who reads the outbox later must not be able to use it."""
    return {name: value for name, value in facts.items() if name not in LINKS}


def _failure_code(error: Exception) -> str:
    """Name what went wrong, without what the server said: that may hold an address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
