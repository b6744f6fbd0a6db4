"""Meetings of a circle: planned ahead, moved or called off with notice, kept, noted; turns, contract, free places."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from models.circle_meetings import CircleAgreement, CircleAnswer, CircleAttendance, CircleMeeting
from models.circles import Circle, CircleMember
from models.db import db, transaction
from models.exceptions import (
    InvalidInputError,
    InvalidTransitionError,
    InvalidWallTimeError,
    NotEligibleError,
    NotFoundError,
    PermissionDeniedError,
)
from models.moves import move
from models.notices import Notice, NoticeKind
from models.states import CircleAction, CircleMeetingState, CircleMemberAction, CircleMemberState, CircleState
from tests.factories import make_circle, make_circle_member, make_entrepreneur, make_facilitator
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.clock import PARIS
from webapp.permissions import Actor
from webapp.services import circle_meetings, circle_seats, circle_turns, circles
from webapp.services.circle_contracts import agree_to_contract
from webapp.services.circle_meetings import MeetingReport, fill_calendar
from webapp.services.clocks import circles as circle_clocks
from webapp.services.clocks.circles import notice_circles, plan_circle_meetings, take_circle_steps

FIRST = date(2026, 12, 8)
TUESDAYS = [date(2026, 12, 8), date(2027, 1, 12), date(2027, 2, 9)]


class Led(Office):
    """A confirmed circle of some people who have joined, on Tuesday evenings, with its calendar filled."""

    def __init__(self, now, *, people=4, minimum=4, quorum=3, **circle):  # type: ignore[no-untyped-def]
        super().__init__(
            people=people, supporters=2, suggested=False, person={"wants_circle": True, "activity_code": None}
        )
        with transaction() as session:
            led = make_facilitator(session, self.supporters[0], taken=1)
            made = make_circle(session, led, minimum=minimum, quorum=quorum, maximum=8)
            confirmed = {"confirmed_at": now, "first_meeting_on": FIRST, **circle}
            move(session, made, CircleAction.CONFIRM, actor_id=None, at=now, **confirmed)
            for number, person in enumerate(self.people):
                member = make_circle_member(session, made, person, state=CircleMemberState.PROPOSED)
                joined_at = now - timedelta(days=10) + timedelta(hours=number)
                move(session, member, CircleMemberAction.INVITE, actor_id=None, at=now, deadline_at=now)
                move(session, member, CircleMemberAction.JOIN, actor_id=None, at=now, joined_at=joined_at)
        self.circle_id = made.id
        fill_calendar(made.id, at=now)

    @property
    def leader(self):
        return self.as_supporter(0)

    def circle(self):
        db.session.rollback()
        db.session.expire_all()
        return db.session.get_one(Circle, self.circle_id)

    def members(self):
        db.session.rollback()
        db.session.expire_all()
        return db.session.scalars(select(CircleMember).order_by(CircleMember.id)).all()

    def meetings(self, *states):
        db.session.rollback()
        db.session.expire_all()
        wanted = states or tuple(CircleMeetingState)
        chosen = select(CircleMeeting).where(CircleMeeting.state.in_(wanted)).order_by(CircleMeeting.number)
        return db.session.scalars(chosen).all()

    def client(self):
        return self.meetings(CircleMeetingState.PLANNED)[0].client_member_id

    def says(self, number, answer, at):
        meeting, member = self.meetings(CircleMeetingState.PLANNED)[0], self.members()[number]
        circle_meetings.answer_meeting(
            meeting_id=meeting.public_id,
            member_id=member.public_id,
            answer=answer,
            actor=self.as_person(number),
            at=at,
        )

    def hold(self, *numbers, client=None, at=None):
        meeting, members = self.meetings(CircleMeetingState.PLANNED)[0], self.members()
        report = MeetingReport(
            present=[members[number].public_id for number in numbers],
            client=None if client is None else members[client].public_id,
            minutes=90,
        )
        circle_meetings.hold_meeting(
            meeting_id=meeting.public_id, report=report, actor=self.leader, at=at or meeting.starts_at
        )
        return meeting.starts_at

    def noticed(self):
        db.session.rollback()
        rows = db.session.execute(select(Notice.kind, Notice.recipient).order_by(Notice.id))
        return [(kind.value, recipient) for kind, recipient in rows]


def paris(day, hour=18, minute=30):
    return datetime.combine(day, time(hour, minute), PARIS)


def test_a_confirmed_circle_has_three_meetings_before_it(any_app, now):
    led = Led(now)
    planned = led.meetings()
    assert [meeting.starts_at for meeting in planned] == [paris(day) for day in TUESDAYS]
    assert [meeting.number for meeting in planned] == [1, 2, 3]
    assert {meeting.quorum_due_at - meeting.starts_at for meeting in planned} == {timedelta(days=-3)}
    assert plan_circle_meetings(at=now) == 0
    assert plan_circle_meetings(at=paris(FIRST) + timedelta(hours=1)) == 1
    assert broken_laws() == []


def test_a_circle_of_before_gets_its_calendar_at_the_next_tick(any_app, now):
    led = Led(now, first_meeting_on=date(2026, 9, 8))
    assert [meeting.number for meeting in led.meetings()] == [4, 5, 6]


def test_moving_a_meeting_forgets_answers_and_tells_everybody_else_once(any_app, now):
    led = Led(now)
    led.says(1, CircleAnswer.NO, now)
    first = led.meetings()[0]
    said = {"meeting_id": first.public_id, "day": date(2026, 12, 10), "hour": time(19, 0), "actor": led.leader}
    circle_meetings.move_meeting(**said, at=now)
    with refused(InvalidInputError):
        circle_meetings.move_meeting(**said, at=now)
    moved = led.meetings()[0]
    assert (moved.starts_at, moved.wall_start, moved.sequence) == (
        paris(date(2026, 12, 10), 19, 0),
        "2026-12-10T19:00",
        1,
    )
    assert db.session.scalars(select(CircleAttendance)).all() == []
    assert [kind for kind, _ in led.messages()] == ["circle_meeting_moved"] * 4
    assert led.supporters[0].email not in {recipient for _, recipient in led.messages()}
    assert broken_laws() == []


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (date(2026, 11, 10), InvalidInputError),
        (date(2027, 1, 12), InvalidInputError),
        (date(2027, 3, 28), InvalidWallTimeError),
    ],
)
def test_a_day_past_out_of_order_or_that_does_not_exist_is_refused(any_app, now, day, error):
    led = Led(now)
    hour = time(2, 30) if error is InvalidWallTimeError else time(18, 30)
    with refused(error):
        circle_meetings.move_meeting(
            meeting_id=led.meetings()[0].public_id, day=day, hour=hour, actor=led.leader, at=now
        )


def test_calling_off_tells_the_next_day_and_fills_the_calendar(any_app, now):
    led = Led(now)
    first = led.meetings()[0]
    circle_meetings.cancel_meeting(meeting_id=first.public_id, actor=led.coordinator, at=now)
    assert [meeting.state for meeting in led.meetings()] == [CircleMeetingState.CANCELLED] + [
        CircleMeetingState.PLANNED
    ] * 3
    assert [kind for kind, _ in led.messages()] == ["circle_meeting_cancelled"] * 5
    assert led.meetings()[1].client_member_id == led.members()[0].id
    with refused(InvalidTransitionError):
        circle_meetings.cancel_meeting(meeting_id=first.public_id, actor=led.coordinator, at=now)


def test_only_the_facilitator_and_the_coordinators_change_a_meeting(any_app, now):
    led = Led(now)
    meeting_id = led.meetings()[0].public_id
    report = MeetingReport(present=[led.members()[0].public_id], client=None, minutes=90)
    late = paris(FIRST)
    for actor in (NOBODY, led.as_supporter(1), led.as_person(0)):
        for change in (
            lambda actor=actor: circle_meetings.cancel_meeting(meeting_id=meeting_id, actor=actor, at=now),
            lambda actor=actor: circle_meetings.keep_meeting(meeting_id=meeting_id, actor=actor, at=now),
            lambda actor=actor: circle_meetings.miss_meeting(meeting_id=meeting_id, actor=actor, at=late),
            lambda actor=actor: circle_meetings.hold_meeting(
                meeting_id=meeting_id, report=report, actor=actor, at=late
            ),
            lambda actor=actor: circle_meetings.move_meeting(
                meeting_id=meeting_id, day=date(2026, 12, 9), hour=time(18), actor=actor, at=now
            ),
            lambda actor=actor: circle_turns.choose_client(
                meeting_id=meeting_id, member_id=led.members()[1].public_id, actor=actor, at=now
            ),
        ):
            with refused(NotFoundError):
                change()


def test_a_facilitator_knows_nothing_of_a_circle_that_is_only_proposed(any_app, now):
    led = Led(now)
    with transaction() as session:
        session.get_one(Circle, led.circle_id).confirmed_at = None
        session.get_one(Circle, led.circle_id).state = CircleState.PROPOSED
    with refused(NotFoundError):
        circle_meetings.cancel_meeting(meeting_id=led.meetings()[0].public_id, actor=led.leader, at=now)


def test_who_cannot_come_gives_her_turn_on_and_is_first_again(any_app, now):
    led = Led(now)
    members = led.members()
    assert led.client() == members[0].id
    led.says(0, CircleAnswer.NO, now)
    assert led.client() == members[1].id
    led.says(0, CircleAnswer.YES, now)
    assert led.client() == members[1].id
    led.hold(1, 2, 3, client=1)
    assert led.client() == members[0].id
    assert broken_laws() == []


def test_everybody_has_a_turn_before_anybody_has_two(any_app, now):
    led = Led(now)
    seen = []
    for _ in range(8):
        number = next(n for n, member in enumerate(led.members()) if member.id == led.client())
        seen.append(number)
        led.hold(0, 1, 2, 3, client=number)
    assert seen == [0, 1, 2, 3] * 2
    days = [meeting.starts_at.astimezone(PARIS) for meeting in led.meetings()]
    assert {(day.weekday(), day.hour, day.minute) for day in days} == {(1, 18, 30)}
    assert all(timedelta(days=27) < later - sooner < timedelta(days=36) for sooner, later in pairwise(days))
    assert broken_laws() == []


def test_a_turn_is_swapped_by_agreement_only(any_app, now):
    led = Led(now)
    meeting_id, members = led.meetings()[0].public_id, led.members()
    swap = {"meeting_id": meeting_id, "at": now}
    with refused(NotFoundError):
        circle_turns.ask_swap(member_id=members[2].public_id, actor=led.as_person(1), **swap)
    with refused(InvalidInputError):
        circle_turns.ask_swap(member_id=members[0].public_id, actor=led.as_person(0), **swap)
    circle_turns.ask_swap(member_id=members[2].public_id, actor=led.as_person(0), **swap)
    circle_turns.ask_swap(member_id=members[2].public_id, actor=led.as_person(0), **swap)
    assert [kind for kind, _ in led.messages()] == ["circle_turn_asked"]
    assert led.client() == members[0].id
    with refused(NotFoundError):
        circle_turns.answer_swap(agrees=True, actor=led.as_person(1), **swap)
    circle_turns.answer_swap(agrees=False, actor=led.as_person(2), **swap)
    assert led.client() == members[0].id
    with refused(NotFoundError):
        circle_turns.answer_swap(agrees=True, actor=led.as_person(2), **swap)
    later = {"meeting_id": meeting_id, "at": now + timedelta(hours=1)}
    circle_turns.ask_swap(member_id=members[2].public_id, actor=led.as_person(0), **later)
    circle_turns.answer_swap(agrees=True, actor=led.as_person(2), **later)
    assert led.client() == members[2].id
    assert [kind for kind, _ in led.messages()].count("circle_turn_answered") == 2
    led.hold(0, 1, 2, 3, client=2)
    assert led.client() == members[0].id


def test_who_was_asked_and_leaves_is_asked_no_more(any_app, now):
    led = Led(now)
    members = led.members()
    circle_turns.ask_swap(
        meeting_id=led.meetings()[0].public_id, member_id=members[2].public_id, actor=led.as_person(0), at=now
    )
    circles.leave_circle(member_id=members[2].public_id, actor=led.as_person(2), at=now)
    assert led.meetings()[0].swap_with_id is None
    circles.leave_circle(member_id=members[0].public_id, actor=led.as_person(0), at=now)
    assert led.client() == members[1].id
    assert broken_laws() == []


def test_a_turn_of_somebody_who_left_after_the_meeting_is_open_until_it_is_noted(any_app, now):
    led = Led(now)
    begun = led.meetings()[0].starts_at + timedelta(hours=3)
    circles.leave_circle(member_id=led.members()[0].public_id, actor=led.as_person(0), at=begun)
    assert [one.client_member_id for one in led.meetings()[:2]] == [None, led.members()[1].id]
    assert broken_laws() == []


def test_the_facilitator_says_whose_turn_it_is(any_app, now):
    led = Led(now)
    meeting_id, members = led.meetings()[0].public_id, led.members()
    circle_turns.choose_client(meeting_id=meeting_id, member_id=members[3].public_id, actor=led.leader, at=now)
    assert led.client() == members[3].id
    led.says(1, CircleAnswer.NO, now)
    with refused(InvalidInputError):
        circle_turns.choose_client(meeting_id=meeting_id, member_id=members[1].public_id, actor=led.leader, at=now)
    second = led.meetings()[1].public_id
    with refused(InvalidTransitionError):
        circle_turns.choose_client(meeting_id=second, member_id=members[1].public_id, actor=led.leader, at=now)


def test_a_meeting_is_noted_in_one_go_and_can_be_corrected(any_app, now):
    led = Led(now)
    members, first = led.members(), led.meetings()[0]
    with refused(InvalidInputError):
        led.hold(0, 1, at=now)
    with refused(InvalidInputError):
        led.hold(at=first.starts_at)
    with refused(InvalidInputError):
        led.hold(0, 1, client=2, at=first.starts_at)
    led.hold(0, 1, 2, client=0)
    (held,) = led.meetings(CircleMeetingState.HELD)
    assert (held.minutes, held.client_member_id) == (90, members[0].id)
    assert [row.was_there for row in held_rows(held)] == [True, True, True, False]
    report = MeetingReport(present=[members[1].public_id], client=None, minutes=60)
    circle_meetings.hold_meeting(meeting_id=held.public_id, report=report, actor=led.coordinator, at=held.starts_at)
    circle_meetings.miss_meeting(meeting_id=held.public_id, actor=led.coordinator, at=held.starts_at)
    circle_meetings.hold_meeting(meeting_id=held.public_id, report=report, actor=led.coordinator, at=held.starts_at)
    (held,) = led.meetings(CircleMeetingState.HELD)
    assert [row.was_there for row in held_rows(held)] == [False, True, False, False]
    assert held.client_member_id is None
    assert len(led.meetings(CircleMeetingState.PLANNED)) == 3
    assert broken_laws() == []


def held_rows(meeting):
    rows = select(CircleAttendance).where(CircleAttendance.meeting_id == meeting.id)
    return db.session.scalars(rows.order_by(CircleAttendance.member_id)).all()


def test_who_has_not_joined_or_answers_late_or_for_another_is_refused(any_app, now):
    led = Led(now)
    with refused(InvalidTransitionError):
        led.says(0, CircleAnswer.YES, paris(FIRST))
    meeting, members = led.meetings()[0], led.members()
    with refused(NotFoundError):
        circle_meetings.answer_meeting(
            meeting_id=meeting.public_id,
            member_id=members[1].public_id,
            answer=CircleAnswer.YES,
            actor=led.as_person(0),
            at=now,
        )
    circles.leave_circle(member_id=members[0].public_id, actor=led.as_person(0), at=now)
    with refused(InvalidTransitionError):
        led.says(0, CircleAnswer.YES, now)


def test_too_few_who_come_are_noticed_and_the_facilitator_decides(any_app, now):
    led = Led(now)
    led.says(0, CircleAnswer.NO, now)
    day = paris(FIRST) - timedelta(days=3)
    notice_circles(at=day)
    assert "circle_too_few_come" not in {kind for kind, _ in led.noticed()}
    led.says(1, CircleAnswer.NO, now)
    assert notice_circles(at=day - timedelta(seconds=1)) == 0
    assert notice_circles(at=day) == 2
    assert notice_circles(at=day) == 0
    told = [recipient for kind, recipient in led.noticed() if kind == "circle_too_few_come"]
    assert told == [led.supporters[0].email, led.account.email]
    circle_meetings.keep_meeting(meeting_id=led.meetings()[0].public_id, actor=led.leader, at=day)
    circle_meetings.keep_meeting(meeting_id=led.meetings()[0].public_id, actor=led.leader, at=day)
    assert [kind for kind, _ in led.messages()] == ["circle_meeting_kept"] * 4
    assert led.events("circle_meeting")[-1] == ("keep", "planned", "planned", None)


def test_who_said_nothing_is_reminded_a_week_before(any_app, now):
    led = Led(now)
    led.says(0, CircleAnswer.YES, now)
    notice_circles(at=paris(FIRST) - timedelta(days=7))
    assert led.noticed() == [("circle_meets_soon", person.email) for person in led.people[1:]]


def test_a_meeting_nobody_notes_is_told_and_then_counts_as_missed(any_app, now):
    led = Led(now)
    ended = paris(FIRST) + timedelta(hours=2)
    notice_circles(at=ended)
    assert led.noticed()[-1] == ("circle_to_report", led.supporters[0].email)
    notice_circles(at=ended + timedelta(days=3))
    assert led.noticed()[-1] == ("circle_not_reported", led.account.email)
    assert take_circle_steps(at=ended + timedelta(days=29)) == 0
    assert take_circle_steps(at=ended + timedelta(days=30)) == 1
    assert led.meetings()[0].state is CircleMeetingState.MISSED


def test_an_invitation_is_reminded_of_two_days_before_its_end(any_app, now):
    led = Led(now, people=4)
    with transaction() as session:
        person = make_entrepreneur(session, led.association)
        circle = session.get_one(Circle, led.circle_id)
        make_circle_member(session, circle, person, deadline_at=now + timedelta(days=7))
    notice_circles(at=now + timedelta(days=4))
    assert led.noticed() == []
    notice_circles(at=now + timedelta(days=5))
    assert led.noticed() == [("circle_to_answer", person.email)]


def test_a_circle_that_falls_short_waits_for_a_decision_with_a_day(any_app, now):
    led = Led(now)
    members = led.members()
    circles.leave_circle(member_id=members[0].public_id, actor=led.as_person(0), at=now)
    assert led.circle().decide_by_at == now + timedelta(days=7)
    assert notice_circles(at=now) == 2
    assert {kind for kind, _ in led.noticed()} == {"circle_too_small"}
    notice_circles(at=now + timedelta(days=7))
    assert ("circle_undecided", led.account.email) in led.noticed()
    with refused(NotFoundError):
        circle_seats.go_on_with_fewer(circle_id=led.circle().public_id, actor=led.as_person(1), at=now)
    circle_seats.go_on_with_fewer(circle_id=led.circle().public_id, actor=led.leader, at=now)
    assert led.circle().decide_by_at is None
    with refused(InvalidTransitionError):
        circle_seats.go_on_with_fewer(circle_id=led.circle().public_id, actor=led.leader, at=now)
    circles.leave_circle(member_id=members[1].public_id, actor=led.as_person(1), at=now)
    assert led.circle().decide_by_at is not None
    day = now + timedelta(days=21)
    assert take_circle_steps(at=day - timedelta(seconds=1)) == 0
    assert take_circle_steps(at=day) == 1
    assert led.circle().decide_by_at is None
    assert led.events("circle")[-1][0] == "go_on"
    assert broken_laws() == []


def test_a_free_place_is_offered_to_who_fits_best_and_settles_the_decision(any_app, now):
    led = Led(now)
    circles.leave_circle(member_id=led.members()[0].public_id, actor=led.as_person(0), at=now)
    with transaction() as session:
        asks = {"wants_circle": True, "activity_code": None}
        nothing = make_entrepreneur(session, led.association, needs={"sales": 1}, **asks)
        fits = make_entrepreneur(
            session, led.association, needs={"cash_flow": 3}, offers={"sales": 3, "cash_flow": 3}, **asks
        )
        busy = make_entrepreneur(session, led.association, availability=1, **asks)
    found = circle_seats.list_next_people(circle=led.circle(), actor=led.coordinator, at=now)
    assert found.asking == 4  # who left still asks
    best = [one.person.id for one in found.best]
    assert best[0] == fits.id
    assert nothing.id in best
    assert busy.id not in best
    circle_id = led.circle().public_id
    add = {"circle_id": circle_id, "at": now}
    with refused(PermissionDeniedError):
        circle_seats.add_member(entrepreneur_id=fits.public_id, actor=led.leader, **add)
    with refused(NotEligibleError):
        circle_seats.add_member(entrepreneur_id=busy.public_id, actor=led.coordinator, **add)
    with refused(NotEligibleError):
        circle_seats.add_member(entrepreneur_id=led.people[1].public_id, actor=led.coordinator, **add)
    circle_seats.add_member(entrepreneur_id=fits.public_id, actor=led.coordinator, **add)
    assert led.messages()[-1] == ("circle_invited", fits.email)
    assert led.circle().taken == 4
    assert led.circle().decide_by_at is None
    assert broken_laws() == []


def test_a_circle_without_anybody_asking_says_so(any_app, now):
    led = Led(now)
    found = circle_seats.list_next_people(circle=led.circle(), actor=led.coordinator, at=now)
    assert (found.asking, found.fitting, found.best) == (0, 0, ())


def test_everybody_says_yes_to_the_contract_once(any_app, now):
    led = Led(now)
    member = led.members()[0]
    with refused(NotFoundError):
        agree_to_contract(member_id=member.public_id, actor=led.as_person(1), at=now)
    for late in (0, 1):
        agree_to_contract(member_id=member.public_id, actor=led.as_person(0), at=now + timedelta(days=late))
    (yes,) = db.session.scalars(select(CircleAgreement)).all()
    assert (yes.member_id, yes.version, yes.agreed_at) == (member.id, "2026-1", now)
    circles.leave_circle(member_id=led.members()[1].public_id, actor=led.as_person(1), at=now)
    with refused(InvalidTransitionError):
        agree_to_contract(member_id=led.members()[1].public_id, actor=led.as_person(1), at=now)
    assert broken_laws() == []


def test_a_circle_that_ends_calls_its_meetings_off_without_a_message_each(any_app, now):
    led = Led(now)
    circles.dissolve_circle(
        circle_id=led.circle().public_id,
        reason=circles.DissolveReason.TERM_REACHED,
        actor=led.coordinator,
        at=now,
    )
    assert {meeting.state for meeting in led.meetings()} == {CircleMeetingState.CANCELLED}
    assert {kind for kind, _ in led.messages()} == {"circle_over"}
    assert fill_calendar(led.circle_id, at=now) == 0
    assert notice_circles(at=paris(FIRST) + timedelta(days=60)) == 0
    assert broken_laws() == []


def test_every_notice_about_circles_has_a_reader():
    readers = {NoticeKind.CIRCLE_TO_ANSWER, NoticeKind.CIRCLE_MEETS_SOON}
    readers |= {*circle_clocks.TO_FACILITATOR, *circle_clocks.TO_COORDINATORS}
    noticed = {*circle_clocks.ON_THE_DAY, *circle_clocks.EARLIER}
    assert readers == {kind for kind in NoticeKind if kind.value.startswith("circle")} == noticed


def test_the_actor_of_a_facilitator_who_is_also_a_member_reads_no_copy(any_app, now):
    led = Led(now)
    both = Actor(
        account_id=None,
        supporter_ids=frozenset({led.supporters[0].id}),
        entrepreneur_ids=frozenset({led.people[0].id}),
    )
    circle_meetings.cancel_meeting(meeting_id=led.meetings()[0].public_id, actor=both, at=now)
    assert {recipient for _, recipient in led.messages()} == {person.email for person in led.people[1:]}
