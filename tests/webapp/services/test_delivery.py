"""When a message leaves: quiet hours that clocks cannot break, ways people chose, one summary a day."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.correspondence import ALWAYS_AT_ONCE, GROUPS, USUAL_WAYS, WAYS, MailGroup, MailWay
from models.db import db, transaction
from models.messages import Message, MessageKind
from models.states import MessageState
from tests.browsing import plain
from tests.factories import make_account, make_association, make_mail_preference, make_notice
from tests.webapp.services.test_messages import Recorder
from webapp.clock import PARIS
from webapp.messages.wording import render_message
from webapp.services.delivery import BY_DAY, TELLS_A_DATE, end_of_quiet, next_summary
from webapp.services.messages import queue_message, send_due_messages
from webapp.services.notices import tell_notices

NIGHT = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)  # 22:30 in Paris
MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)  # 8:00 in Paris
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
HOURS = st.integers(0, 23)


def paris(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=PARIS, fold=fold)


class Mailbox:
    """An account of an association, and what is written to it."""

    def __init__(self, **choices):
        with transaction() as session:
            self.association = make_association(session)
            self.account = make_account(session)
            if choices:
                make_mail_preference(session, self.account, **choices)

    def write(self, kind, at, event="e1", at_desk=False, **facts):
        with transaction() as session:
            queue_message(
                session,
                kind=kind,
                account_id=self.account.id,
                event_key=event,
                facts={"association": self.association.name, **facts},
                association_id=self.association.id,
                at=at,
                at_desk=at_desk,
            )

    def messages(self, **values):
        db.session.rollback()
        rows = db.session.scalars(select(Message).order_by(Message.id).execution_options(populate_existing=True))
        return [one for one in rows if all(getattr(one, name) == value for name, value in values.items())]


@pytest.mark.parametrize(
    ("at", "hours", "end"),
    [
        (paris(2026, 11, 23, 22, 30), (20, 8), paris(2026, 11, 24, 8)),
        (paris(2026, 11, 24, 7, 59), (20, 8), paris(2026, 11, 24, 8)),
        (paris(2026, 11, 24, 8), (20, 8), paris(2026, 11, 24, 8)),
        (paris(2026, 11, 24, 13), (12, 14), paris(2026, 11, 24, 14)),
        (paris(2026, 11, 24, 13), (13, 13), paris(2026, 11, 24, 13)),
        # Clocks go forward in this night: ten hours instead of eleven.
        (paris(2027, 3, 27, 21), (20, 8), datetime(2027, 3, 28, 6, tzinfo=UTC)),
        # 2:00 does not exist: the mail leaves at 3:00, which is the same instant.
        (paris(2027, 3, 28, 1, 30), (20, 2), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        # Clocks go back: from the first 2:30 as from the second, the end is the one 3:00.
        (paris(2027, 10, 31, 2, 30), (20, 3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
        (paris(2027, 10, 31, 2, 30, fold=1), (20, 3), datetime(2027, 10, 31, 2, tzinfo=UTC)),
    ],
)
def test_quiet_hours_end_on_the_clock_on_the_wall(at, hours, end):
    assert end_of_quiet(at.astimezone(UTC), quiet_from=hours[0], quiet_until=hours[1]) == end


@given(at=INSTANTS, quiet_from=HOURS, quiet_until=HOURS)
def test_a_mail_waits_less_than_a_day_never_goes_back_and_leaves_outside_the_quiet_hours(at, quiet_from, quiet_until):
    end = end_of_quiet(at, quiet_from=quiet_from, quiet_until=quiet_until)
    assert timedelta() <= end - at < timedelta(hours=25)
    assert end_of_quiet(end, quiet_from=quiet_from, quiet_until=quiet_until) == end
    if quiet_from == quiet_until:
        assert end == at


@given(at=INSTANTS)
def test_a_summary_of_the_week_is_made_on_monday_and_one_of_the_day_tomorrow(at):
    weekly, daily = (next_summary(at, way).astimezone(PARIS) for way in (MailWay.WEEKLY, MailWay.DAILY))
    today = at.astimezone(PARIS).date()
    assert (weekly.weekday(), weekly.hour, daily.hour) == (0, 0, 0)
    assert today < weekly.date() <= today + timedelta(days=7)
    assert daily.date() == today + timedelta(days=1)


def test_every_group_offers_what_is_usual_and_nothing_with_a_deadline_can_be_silenced():
    assert set(WAYS) == set(USUAL_WAYS) == set(MailGroup)
    assert all(USUAL_WAYS[group] in ways for group, ways in WAYS.items())
    assert set(WAYS[MailGroup.ASKS]) == set(WAYS[MailGroup.DESK]) == {MailWay.EACH, MailWay.DAILY}
    always = {MessageKind.INVITATION, MessageKind.PASSWORD_RESET, MessageKind.BOOKING_PROMOTED, MessageKind.DIGEST}
    assert always & set(GROUPS) == set()


def test_what_is_written_at_night_leaves_in_the_morning(any_app):
    box, recorder = Mailbox(), Recorder()
    box.write(MessageKind.PAIRING_PROPOSED, NIGHT)
    assert send_due_messages(at=NIGHT, transport=recorder).total == 0
    assert send_due_messages(at=MORNING, transport=recorder).sent == 1


@pytest.mark.parametrize("kind", [MessageKind.PASSWORD_RESET, MessageKind.INVITATION, MessageKind.BOOKING_PROMOTED])
def test_what_cannot_wait_leaves_at_night_whatever_was_chosen(app, kind):
    ways = {"pairs_way": MailWay.IN_APP, "workshops_way": MailWay.IN_APP, "circles_way": MailWay.IN_APP}
    box = Mailbox(asks_way=MailWay.DAILY, **ways)
    box.write(kind, NIGHT)
    assert send_due_messages(at=NIGHT, transport=Recorder()).sent == 1


@pytest.mark.parametrize("kind", [MessageKind.SESSION_CANCELLED, MessageKind.MEETING_CANCELLED])
@pytest.mark.parametrize(("hours", "state"), [(48, MessageState.QUEUED), (49, MessageState.KEPT)])
def test_what_is_called_off_shortly_before_always_comes_by_mail_at_once(app, kind, hours, state):
    box = Mailbox(workshops_way=MailWay.IN_APP, pairs_way=MailWay.IN_APP)
    box.write(kind, NIGHT, starts_at=NIGHT + timedelta(hours=hours))
    (message,) = box.messages()
    assert (message.state, message.next_try_at) == (state, NIGHT)


def test_a_yes_with_dates_waits_for_a_choice_and_is_no_mere_news(app, now):
    box = Mailbox(pairs_way=MailWay.IN_APP, asks_way=MailWay.DAILY)
    box.write(MessageKind.PAIRING_ACCEPTED, now, event="news")
    box.write(MessageKind.PAIRING_ACCEPTED, now, event="asks", has_dates=True)
    assert [one.state for one in box.messages()] == [MessageState.KEPT, MessageState.HELD]


def test_what_is_moved_away_from_a_near_date_leaves_before_it(app):
    box = Mailbox(workshops_way=MailWay.WEEKLY)
    box.write(
        MessageKind.SESSION_CHANGED, NIGHT, starts_at=NIGHT + timedelta(days=30), lost_at=NIGHT + timedelta(hours=9)
    )
    (message,) = box.messages()
    assert (message.state, message.next_try_at) == (MessageState.QUEUED, NIGHT)


@pytest.mark.parametrize(
    ("days", "state"), [(4, MessageState.QUEUED), (7, MessageState.QUEUED), (8, MessageState.HELD)]
)
def test_a_summary_of_the_week_does_not_hold_what_it_would_tell_too_late(app, days, state):
    box = Mailbox(workshops_way=MailWay.WEEKLY)  # the next one is made six days after this night, at midnight
    box.write(MessageKind.SESSION_CANCELLED, NIGHT, starts_at=NIGHT + timedelta(days=days))
    assert [one.state for one in box.messages()] == [state]


def test_what_is_chosen_for_the_site_alone_is_never_mailed(any_app, now):
    box = Mailbox(workshops_way=MailWay.IN_APP)
    box.write(MessageKind.BOOKING_CONFIRMED, now, starts_at=now + timedelta(days=9))
    tell_notices(at=now + timedelta(days=30))
    assert send_due_messages(at=now + timedelta(days=30), transport=Recorder()).total == 0
    assert [one.state for one in box.messages()] == [MessageState.KEPT]


def test_a_summary_tells_each_message_once_together_with_what_waits(any_app, now):
    box = Mailbox(workshops_way=MailWay.DAILY, pairs_way=MailWay.WEEKLY)
    box.write(MessageKind.BOOKING_CONFIRMED, now, event="e1", starts_at=now + timedelta(days=9), title="Trésorerie")
    box.write(MessageKind.CHARTER_SIGNED, now, event="e2", pairing_id="12")
    assert tell_notices(at=now) == 0
    tomorrow = now + timedelta(days=1)
    with transaction() as session:
        make_notice(session, box.association, box.account)
    assert tell_notices(at=tomorrow) == 1
    assert tell_notices(at=tomorrow) == 0
    (digest,) = box.messages(kind=MessageKind.DIGEST)
    body = render_message(digest).body
    assert "Votre place est réservée" in body
    assert "/sessions/" in body
    assert "charte" not in body
    assert {one.kind: one.state for one in box.messages()} == {
        MessageKind.BOOKING_CONFIRMED: MessageState.KEPT,
        MessageKind.CHARTER_SIGNED: MessageState.HELD,
        MessageKind.DIGEST: MessageState.QUEUED,
    }
    assert tell_notices(at=now + timedelta(days=7)) == 1
    assert "charte" in render_message(box.messages(kind=MessageKind.DIGEST)[1]).body


def test_a_summary_tells_of_what_moved_twice_the_last_date_alone(app, now):
    box = Mailbox(workshops_way=MailWay.DAILY)
    days = [now + timedelta(days=number) for number in (20, 21, 22, 20)]
    box.write(MessageKind.SESSION_CHANGED, now, event="other", session_id="b", starts_at=days[1])
    for number, (lost_at, starts_at) in enumerate(pairwise(days)):
        moved = {"session_id": "a", "starts_at": starts_at, "lost_at": lost_at}
        box.write(MessageKind.SESSION_CHANGED, now, event=f"e{number}", **moved)
    tell_notices(at=now + timedelta(days=1))
    (summary,) = box.messages(kind=MessageKind.DIGEST)
    told = [(news["facts"]["starts_at"], news["facts"].get("lost_at")) for news in summary.facts["news"]]
    assert told == [(days[1].isoformat(), None), (days[3].isoformat(), None)]


def test_a_summary_says_which_date_no_longer_holds_as_people_know_it_and_keeps_the_place(app, now):
    box = Mailbox(circles_way=MailWay.DAILY)
    first, second, third = [now + timedelta(days=number) for number in (20, 21, 22)]
    kind, circle = MessageKind.CIRCLE_MEETING_MOVED, {"circle_id": "a"}
    box.write(kind, now, event="place", starts_at=first, is_place=True, **circle)
    box.write(kind, now, event="one", starts_at=second, lost_at=first, **circle)
    box.write(kind, now, event="two", starts_at=third, lost_at=second, **circle)
    tell_notices(at=now + timedelta(days=1))
    (summary,) = box.messages(kind=MessageKind.DIGEST)
    told = [(news["facts"]["starts_at"], news["facts"].get("lost_at")) for news in summary.facts["news"]]
    assert told == [(first.isoformat(), None), (third.isoformat(), first.isoformat())]


def test_a_summary_made_at_midnight_leaves_in_the_morning_also_for_who_has_no_quiet_hours(app):
    box = Mailbox(quiet_from=0, quiet_until=0, workshops_way=MailWay.DAILY)
    box.write(MessageKind.BOOKING_WAITING, NIGHT)
    tell_notices(at=datetime(2026, 11, 23, 23, 5, tzinfo=UTC))
    assert box.messages(kind=MessageKind.DIGEST)[0].next_try_at == MORNING


def test_a_long_summary_says_how_many_more_there_are(app, now):
    box = Mailbox(workshops_way=MailWay.DAILY)
    for number in range(33):
        box.write(MessageKind.BOOKING_WAITING, now, event=f"e{number}")
    tell_notices(at=now + timedelta(days=1))
    (digest,) = box.messages(kind=MessageKind.DIGEST)
    rendered = render_message(digest)
    assert "33 nouvelles" in rendered.subject
    assert "3 autres se trouvent parmi vos messages." in rendered.body
    assert {one.state for one in box.messages(kind=MessageKind.BOOKING_WAITING)} == {MessageState.KEPT}


@pytest.mark.parametrize("way", [MailWay.DAILY, MailWay.EACH])
def test_proposals_that_ended_on_one_day_reach_the_desk_in_one_mail_that_names_all(any_app, now, way):
    box = Mailbox(desk_way=way, pairs_way=MailWay.IN_APP)  # how her own pairs are told says nothing of the desk
    for number, name in enumerate(("Awa Diop", "Karim Haddad", "Lucie Roy")):
        ended = {"pairing_id": f"p{number}", "entrepreneur": name, "supporter": "Jean Petit", "at_desk": True}
        box.write(MessageKind.PAIRING_EXPIRED, now + timedelta(hours=number), event=f"e{number}", **ended)
    assert tell_notices(at=now + timedelta(hours=4)) == 0
    assert tell_notices(at=now + timedelta(days=1)) == 1
    recorder = Recorder()
    assert send_due_messages(at=now + timedelta(days=1, hours=9), transport=recorder).sent == 1
    body = plain(render_message(box.messages(kind=MessageKind.DIGEST)[0]).body)
    assert all(f"Pour {name} : Jean Petit" in body for name in ("Awa Diop", "Karim Haddad", "Lucie Roy"))
    assert all(f"/pairings/p{number}" in body for number in range(3))
    assert len(box.messages(kind=MessageKind.PAIRING_EXPIRED, state=MessageState.KEPT)) == 3


@pytest.mark.parametrize(
    ("kind", "choices", "at_desk", "state"),
    [
        (MessageKind.PAIRING_DECLINED, {}, True, MessageState.HELD),
        (MessageKind.PAIRING_DECLINED, {"desk_way": MailWay.EACH}, True, MessageState.QUEUED),
        (MessageKind.PAIRING_ACCEPTED, {"pairs_way": MailWay.EACH}, False, MessageState.QUEUED),
        (MessageKind.CIRCLE_ANSWERED, {"desk_way": MailWay.EACH}, False, MessageState.HELD),
        (MessageKind.PAIRING_ASKED, {}, True, MessageState.QUEUED),  # somebody waits for her answer
    ],
)
def test_what_others_do_comes_to_the_desk_once_a_day_and_what_is_asked_at_once(app, now, kind, choices, at_desk, state):
    box = Mailbox(**choices)
    box.write(kind, now, at_desk=at_desk)
    assert [one.state for one in box.messages()] == [state]


def test_of_two_counts_of_what_waits_a_summary_tells_the_largest(app, now):
    box = Mailbox()
    for event, count in (("run", 12), ("overdue", 3)):
        box.write(MessageKind.SUGGESTIONS_WAITING, now, event=event, count=count)
    box.write(MessageKind.PAIRING_DECLINED, now - timedelta(days=1), event="no", at_desk=True)
    tell_notices(at=now)
    (digest,) = box.messages(kind=MessageKind.DIGEST)
    assert sorted(one["facts"].get("count") or 0 for one in digest.facts["news"]) == [0, 12]
    assert digest.facts["more_news"] == 0


def test_who_has_no_account_gets_each_mail_by_day(app):
    with transaction() as session:
        facts = {"session_id": "x"}
        kind = MessageKind.SUGGESTIONS_WAITING
        for recipient in ("a@example.org",):
            queue_message(
                session, kind=kind, event_key="e", facts=facts, association_id=None, recipient=recipient, at=NIGHT
            )
    (message,) = db.session.scalars(select(Message))
    assert (message.state, message.next_try_at) == (MessageState.QUEUED, MORNING)


def test_a_reminder_is_always_a_mail_of_its_own_and_leaves_by_day(app):
    box = Mailbox(workshops_way=MailWay.IN_APP)
    box.write(MessageKind.SESSION_REMINDER, NIGHT, starts_at=NIGHT + timedelta(hours=30))
    (message,) = box.messages()
    assert (message.state, message.next_try_at) == (MessageState.QUEUED, MORNING)


def test_no_kind_stands_outside_the_groups_unless_it_must_leave_at_once():
    apart = [set(GROUPS), ALWAYS_AT_ONCE, BY_DAY, {MessageKind.DIGEST}]
    assert set().union(*apart) == set(MessageKind)
    assert sum(len(kinds) for kinds in apart) == len(MessageKind)
    assert set(GROUPS) >= TELLS_A_DATE
