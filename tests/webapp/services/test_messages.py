"""The outbox: told once, sent at least once, by as many processes as one likes."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from models.accounts import Locale
from models.audit import AuditEvent
from models.db import db, transaction
from models.messages import Message, MessageKind
from models.states import MessageState
from tests.factories import make_account, make_message
from tests.mail_sink import mail_sink
from webapp.services.messages import LEASE, MAX_TRIES, SendReport, queue_message, send_due_messages
from webapp.transport import SmtpTransport

KIND = MessageKind.BOOKING_CONFIRMED


class Recorder:
    """A way out that keeps what it gets, and fails as often as told."""

    keeps_links = False

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.delivered: list[str] = []
        self.closed = False

    def deliver(self, message: Message) -> None:
        if self.failures:
            self.failures -= 1
            raise OSError("the server said something about somebody")
        self.delivered.append(message.recipient)

    def close(self) -> None:
        self.closed = True


def queue(at, **values):
    with transaction() as session:
        queue_message(
            session, **{"kind": KIND, "event_key": "e1", "facts": {}, "association_id": None, "at": at, **values}
        )


def messages():
    return list(db.session.scalars(select(Message).order_by(Message.id).execution_options(populate_existing=True)))


def smtp_settings(app, port):
    return replace(app.config["SETTINGS"], smtp_host="127.0.0.1", smtp_port=port, smtp_tls=False)


def test_one_event_is_told_once_to_each_recipient(any_app, now):
    for address in ("a@example.org", " A@Example.org ", "b@example.org"):
        queue(now, recipient=address)
    assert [message.recipient for message in messages()] == ["a@example.org", "b@example.org"]


def test_people_without_an_address_get_nothing(app, now):
    queue(now, recipient=None)
    queue(now, recipient="  ")
    assert messages() == []


def test_an_account_is_written_to_at_its_own_address_in_its_language(app, now):
    with transaction() as session:
        account = make_account(session, email="c@example.org", locale=Locale.ENGLISH)
    queue(now, account_id=account.id, recipient="old@example.org")
    (message,) = messages()
    assert (message.recipient, message.locale, message.account_id) == ("c@example.org", Locale.ENGLISH, account.id)


def test_a_closed_account_gets_nothing(app, now):
    with transaction() as session:
        account = make_account(session, is_active=False)
    queue(now, account_id=account.id, recipient="old@example.org")
    assert messages() == []


def test_facts_are_kept_as_plain_values(app, now):
    known = uuid4()
    queue(now, recipient="a@example.org", facts={"pairing_id": known, "deadline_at": now, "count": 2, "place": None})
    assert messages()[0].facts == {"pairing_id": str(known), "deadline_at": now.isoformat(), "count": 2}
    with pytest.raises(TypeError):
        queue(now, recipient="b@example.org", facts={"person": object()})


def test_a_message_reaches_a_real_server_once_with_a_stable_id(any_app, now):
    queue(now, recipient="a@example.org", facts={"session_id": "x", "starts_at": now, "title": "Trésorerie"})
    with mail_sink() as (sink, port):
        transport = SmtpTransport(smtp_settings(any_app, port))
        first = send_due_messages(at=now, transport=transport)
        second = send_due_messages(at=now + timedelta(days=1), transport=transport)
        transport.close()
    (message,) = messages()
    assert (first.sent, second.total) == (1, 0)
    assert (message.state, message.attempts) == (MessageState.SENT, 1)
    assert sink.recipients == [["a@example.org"]]
    assert sink.mails[0]["Message-ID"] == f"<{message.public_id}@example.org>"
    assert "Trésorerie" in sink.mails[0].get_content()


def test_several_messages_share_one_connection(app, now):
    for number in range(3):
        queue(now, recipient=f"p{number}@example.org")
    with mail_sink() as (sink, port):
        transport = SmtpTransport(smtp_settings(app, port))
        assert send_due_messages(at=now, transport=transport).sent == 3
    assert len(sink.mails) == 3
    assert len(sink.sessions) == 1


def test_a_refused_recipient_does_not_hold_up_the_others(app, now):
    for number in range(3):
        queue(now, recipient=f"p{number}@example.org")
    with mail_sink() as (sink, port):
        sink.refuse = ["450 try later"]
        transport = SmtpTransport(smtp_settings(app, port))
        assert send_due_messages(at=now, transport=transport) == SendReport(sent=2, released=1)
        transport.close()
    assert sink.recipients == [["p1@example.org"], ["p2@example.org"]]
    assert messages()[0].failure == "SMTPRecipientsRefused"


def test_a_silent_server_leaves_the_message_for_later(app, now):
    queue(now, recipient="a@example.org")
    transport = SmtpTransport(smtp_settings(app, 1))
    assert send_due_messages(at=now, transport=transport) == SendReport(released=1)
    (message,) = messages()
    assert message.state is MessageState.QUEUED
    assert message.next_try_at > now


def test_pauses_grow_and_the_last_try_gives_up(app, now):
    queue(now, recipient="a@example.org", facts={"path": "/secret"})
    recorder, pauses = Recorder(failures=99), []
    for _ in range(MAX_TRIES - 1):
        at = messages()[0].next_try_at
        assert send_due_messages(at=at, transport=recorder).released == 1
        pauses.append(round((messages()[0].next_try_at - at).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[0] == 60
    assert send_due_messages(at=messages()[0].next_try_at, transport=recorder).failed == 1
    (message,) = messages()
    assert (message.state, message.failure, message.facts) == (MessageState.FAILED, "OSError", {})
    assert send_due_messages(at=now + timedelta(days=30), transport=recorder).total == 0


def test_a_one_time_link_is_forgotten_once_it_has_left(app, now):
    queue(now, recipient="a@example.org", kind=MessageKind.INVITATION, facts={"path": "/secret", "association": "X"})
    send_due_messages(at=now, transport=Recorder())
    assert messages()[0].facts == {"association": "X"}


def test_what_a_dead_sender_had_taken_is_sent_after_its_lease(any_app, now):
    with transaction() as session:
        make_message(session, state=MessageState.SENDING, attempts=1, next_try_at=now + LEASE)
    recorder = Recorder()
    assert send_due_messages(at=now, transport=recorder).total == 0
    assert send_due_messages(at=now + LEASE, transport=recorder).sent == 1
    actions = list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions == ["release", "take", "deliver"]


def test_a_sender_that_always_dies_is_not_followed_for_ever(app, now):
    with transaction() as session:
        make_message(
            session, state=MessageState.SENDING, attempts=MAX_TRIES, next_try_at=now, facts={"path": "/secret"}
        )
    assert send_due_messages(at=now, transport=Recorder()).total == 0
    assert (messages()[0].state, messages()[0].facts) == (MessageState.FAILED, {})


@pytest.mark.parametrize("state", [MessageState.QUEUED, MessageState.SENDING])
def test_what_was_under_way_when_the_account_was_closed_is_not_sent(any_app, now, state):
    with transaction() as session:
        closed = make_account(session, is_active=False)
        make_message(
            session, account_id=closed.id, state=state, next_try_at=now, facts={"path": "/secret", "name": "A"}
        )
        make_message(session, account_id=make_account(session).id, recipient="b@example.org", next_try_at=now)
    recorder = Recorder()
    assert send_due_messages(at=now, transport=recorder).total == 1
    assert recorder.delivered == ["b@example.org"]
    assert (messages()[0].state, messages()[0].facts) == (MessageState.KEPT, {"name": "A"})


def test_a_second_sender_during_the_sending_takes_nothing_twice(any_app, now):
    queue(now, recipient="a@example.org")

    class Nested(Recorder):
        def deliver(self, message):
            super().deliver(message)
            assert send_due_messages(at=now, transport=Recorder()).total == 0

    recorder = Nested()
    assert send_due_messages(at=now, transport=recorder).sent == 1
    assert recorder.delivered == ["a@example.org"]


def test_a_slow_sender_does_not_put_back_what_another_took_over(app, now):
    queue(now, recipient="a@example.org")

    class Slow(Recorder):
        def deliver(self, message):
            with transaction() as session:
                session.get_one(Message, message.id).attempts += 1
            raise OSError

    assert send_due_messages(at=now, transport=Slow()).total == 0
    assert messages()[0].state is MessageState.SENDING


def test_the_limit_is_kept(app, now):
    for number in range(5):
        queue(now, recipient=f"p{number}@example.org")
    recorder = Recorder()
    assert send_due_messages(at=now, transport=recorder, limit=2).sent == 2
    assert recorder.delivered == ["p0@example.org", "p1@example.org"]
    assert recorder.closed
