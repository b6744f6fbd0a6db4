"""Meetings: dates proposed by one and chosen by the other, moved, called off, logged, and what each changes."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from models.clocks import AssociationClock, Clock
from models.db import db, transaction
from models.exceptions import (
    FarDateError,
    HoursUsedError,
    InvalidInputError,
    InvalidTransitionError,
    MeetingPastError,
    NotFoundError,
    OwnDatesError,
    PermissionDeniedError,
    RepeatedRequestError,
)
from models.meetings import Meeting, MeetingSide
from models.messages import Message
from models.notices import Notice, NoticeKind
from models.pairings import EndReason
from models.queries.meetings import read_held
from models.states import MeetingState, PairingState
from models.supporters import SupporterRole
from tests.browsing import plain
from tests.factories import make_pairing
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.clock import PARIS, day_of
from webapp.messages.wording import render_message
from webapp.services.clocks import tick
from webapp.services.coaching_hours import grant_hours
from webapp.services.meeting_dates import ProposedDate, list_instants
from webapp.services.meetings import (
    MeetingPlan,
    cancel_meeting,
    confirm_meeting,
    log_meeting,
    miss_meeting,
    propose_meeting,
)
from webapp.services.pairing_pauses import pause_pairing
from webapp.services.pairings import accept_pairing, end_pairing

FIRST = ProposedDate(day=date(2026, 12, 8), hour=time(18))
SECOND = ProposedDate(day=date(2026, 12, 10), hour=time(9, 30))


@pytest.fixture
def office(any_app):
    return Office()


@pytest.fixture
def pair(office, now):
    proposed = office.propose(at=now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    return office.pairing(proposed.public_id)


def only_meeting() -> Meeting:
    db.session.rollback()
    return db.session.scalars(select(Meeting)).one()


def propose(office, pair, now, *dates, actor=None):
    plan = MeetingPlan(dates=dates or (FIRST, SECOND))
    return propose_meeting(pairing_id=pair.public_id, plan=plan, actor=actor or office.as_supporter(), at=now)


def read_messages(kind: str) -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def read_body(message: Message) -> str:
    return plain(render_message(message).body)


def instant(one: ProposedDate) -> datetime:
    return datetime.combine(one.day, one.hour, PARIS)


def test_a_yes_gives_ten_days_to_meet_and_a_term_of_two_years(office, pair, now):
    assert pair.next_meeting_due_at == now + timedelta(days=10)
    assert pair.ends_on == date(2028, 11, 23)
    assert pair.budget_minutes is None


def test_a_yes_with_dates_proposes_them_in_the_same_message(office, now):
    proposed = office.propose(at=now)
    plan = MeetingPlan(dates=(FIRST,))
    accept_pairing(pairing_id=proposed.public_id, first_meeting=plan, actor=office.as_supporter(), at=now)
    meeting = only_meeting()
    assert (meeting.state, meeting.proposed_by) == (MeetingState.PROPOSED, MeetingSide.SUPPORTER)
    assert list_instants(meeting) == [instant(FIRST)]
    assert "meeting_proposed" not in dict(office.messages())
    asked = [one for one in read_messages("pairing_accepted") if one.facts.get("has_dates")]
    assert [one.facts["due_at"] for one in asked] == [meeting.answer_due_at.isoformat()]
    assert "choisissez celle qui vous convient avant le samedi 28 novembre 2026" in read_body(asked[0])
    assert broken_laws() == []


def test_dates_are_told_to_the_other_side_with_a_day_to_answer(office, pair, now):
    propose(office, pair, now, SECOND, FIRST, FIRST)
    meeting = only_meeting()
    assert list_instants(meeting) == [instant(FIRST), instant(SECOND)]
    assert meeting.answer_due_at == now + timedelta(days=5)
    told = [recipient for kind, recipient in office.messages() if kind == "meeting_proposed"]
    assert told == [office.people[0].email]


def test_the_other_side_agrees_with_one_tap_and_both_are_told(office, pair, now):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(SECOND), actor=office.as_person(), at=now)
    meeting = only_meeting()
    assert (meeting.state, meeting.starts_at) == (MeetingState.CONFIRMED, instant(SECOND))
    assert (meeting.wall_start, meeting.sequence) == ("2026-12-10T09:30", 1)
    assert meeting.report_due_at == instant(SECOND) + timedelta(minutes=60, days=3)
    assert office.pairing(pair.public_id).next_meeting_due_at == instant(SECOND)
    told = {recipient for kind, recipient in office.messages() if kind == "meeting_confirmed"}
    assert told == {office.people[0].email, office.supporters[0].email}
    assert broken_laws() == []


def test_a_date_is_never_nearer_at_most_than_the_day_by_which_the_two_are_asked_to_meet(office, pair, now):
    late = ProposedDate(day=day_of(now) + timedelta(days=50), hour=time(18))
    with refused(FarDateError, field="date_2", days=42):
        propose(office, pair, now, FIRST, late)
    with transaction() as session:
        clock = {"clock": Clock.FIRST_MEETING, "days": 60, "set_at": now}
        session.add(AssociationClock(association_id=office.association_id, **clock))
    propose(office, pair, now, FIRST, late)
    assert len(only_meeting().slots) == 2


def test_own_dates_are_for_the_other_to_choose(office, pair, now):
    meeting_id = propose(office, pair, now)
    with refused(OwnDatesError):
        confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_supporter(), at=now)


def test_only_a_date_that_is_proposed_and_to_come_can_be_agreed(office, pair, now):
    meeting_id = propose(office, pair, now)
    with refused(InvalidInputError):
        confirm_meeting(
            meeting_id=meeting_id, starts_at=instant(FIRST) + timedelta(hours=1), actor=office.as_person(), at=now
        )
    with refused(InvalidInputError):
        confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=instant(FIRST))


def test_other_dates_replace_the_meeting_and_raise_its_sequence(office, pair, now):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=now)
    later = ProposedDate(day=date(2026, 12, 20), hour=time(10))
    assert propose(office, pair, now, later, actor=office.as_person()) == meeting_id
    meeting = only_meeting()
    assert (meeting.state, meeting.sequence, meeting.starts_at) == (MeetingState.PROPOSED, 2, None)
    told = read_messages("meeting_proposed")[-1]
    assert told.facts["lost_at"] == instant(FIRST).astimezone(UTC).isoformat()
    assert "Le rendez-vous du mardi 8 décembre 2026 à 18:00 n’aura pas lieu." in read_body(told)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(later), actor=office.as_supporter(), at=now)
    assert only_meeting().sequence == 3


def test_an_old_page_does_not_move_or_call_off_a_meeting_that_nobody_has_noted(office, pair, now):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=now)
    later = ProposedDate(day=date(2026, 12, 20), hour=time(10))
    with refused(MeetingPastError):
        propose(office, pair, instant(FIRST), later)
    with refused(MeetingPastError):
        cancel_meeting(meeting_id=meeting_id, actor=office.as_person(), at=instant(FIRST))
    assert (only_meeting().state, only_meeting().starts_at) == (MeetingState.CONFIRMED, instant(FIRST))
    miss_meeting(meeting_id=meeting_id, actor=office.as_person(), at=instant(FIRST))
    propose(office, pair, instant(FIRST), later)


def test_calling_off_gives_some_days_to_find_another_date(office, pair, now):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=now)
    later = now + timedelta(days=2)
    cancel_meeting(meeting_id=meeting_id, word="Je suis malade, pardon", actor=office.as_person(), at=later)
    meeting = only_meeting()
    assert (meeting.state, meeting.cancelled_by, meeting.sequence) == (
        MeetingState.CANCELLED,
        MeetingSide.ENTREPRENEUR,
        2,
    )
    assert office.pairing(pair.public_id).next_meeting_due_at == later + timedelta(days=10)
    told = [recipient for kind, recipient in office.messages() if kind == "meeting_cancelled"]
    assert told == [office.supporters[0].email]
    stored = db.session.connection().exec_driver_sql("SELECT word FROM meetings").scalar()
    assert "malade" not in stored


def test_a_meeting_that_was_agreed_is_the_one_that_is_logged(office, pair, now):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=now)
    after = instant(FIRST) + timedelta(hours=2)
    logged = log_meeting(
        pairing_id=pair.public_id,
        day=FIRST.day,
        minutes=90,
        next_step="Appeler la banque",
        actor=office.as_supporter(),
        at=after,
    )
    again = log_meeting(pairing_id=pair.public_id, day=FIRST.day, minutes=60, actor=office.as_person(), at=after)
    assert logged == again == meeting_id
    meeting = only_meeting()
    assert (meeting.state, meeting.minutes, meeting.next_step) == (MeetingState.HELD, 60, "Appeler la banque")
    assert office.pairing(pair.public_id).next_meeting_due_at == instant(FIRST) + timedelta(days=30)
    assert broken_laws() == []


def test_a_talk_that_nobody_planned_counts_too(office, pair, now):
    later = now + timedelta(days=3)
    log_meeting(pairing_id=pair.public_id, day=later.date(), minutes=30, actor=office.as_person(), at=later)
    held = read_held(db.session(), pair.id, at=later)
    assert (held.number, held.minutes, held.quarter_number) == (1, 30, 1)
    assert broken_laws() == []


def test_a_talk_of_another_day_leaves_the_agreed_meeting_to_be_told(office, pair, now):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=now)
    earlier, after = date(2026, 12, 3), instant(FIRST) + timedelta(hours=2)
    log_meeting(pairing_id=pair.public_id, day=earlier, minutes=30, actor=office.as_person(), at=after)
    db.session.rollback()
    days = {
        one.state: (one.starts_at.astimezone(PARIS).date(), one.minutes) for one in db.session.scalars(select(Meeting))
    }
    assert days == {MeetingState.CONFIRMED: (FIRST.day, 60), MeetingState.HELD: (earlier, 30)}
    assert broken_laws() == []


@pytest.mark.parametrize(
    ("day", "minutes"), [(date(2026, 11, 22), 30), (date(2026, 11, 24), 30), (date(2026, 11, 23), 3)]
)
def test_a_talk_before_the_yes_or_to_come_or_too_short_is_not_logged(office, pair, now, day, minutes):
    with refused(InvalidInputError):
        log_meeting(pairing_id=pair.public_id, day=day, minutes=minutes, actor=office.as_person(), at=now)


def test_not_yet_is_noted_without_fault_and_may_be_corrected(office, pair, now):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=now)
    with refused(InvalidInputError):
        miss_meeting(meeting_id=meeting_id, actor=office.as_person(), at=now)
    after = instant(FIRST) + timedelta(hours=2)
    miss_meeting(meeting_id=meeting_id, actor=office.as_person(), at=after)
    assert only_meeting().state is MeetingState.MISSED
    assert office.pairing(pair.public_id).next_meeting_due_at == after + timedelta(days=10)


def test_who_is_not_concerned_does_not_know_the_meeting(office, pair, now):
    meeting_id = propose(office, pair, now)
    for stranger in (NOBODY, office.as_supporter(1)):
        with refused(NotFoundError):
            confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=stranger, at=now)
        with refused(NotFoundError):
            log_meeting(pairing_id=pair.public_id, day=now.date(), minutes=30, actor=stranger, at=now)


def test_nothing_is_planned_before_the_yes(office, now):
    proposed = office.propose(at=now)
    with refused(InvalidTransitionError):
        propose(office, proposed, now)


def test_a_coordinator_notes_a_talk_but_never_what_comes_next_of_it(office, pair, now):
    log_meeting(
        pairing_id=pair.public_id, day=now.date(), minutes=30, next_step="Secret", actor=office.coordinator, at=now
    )
    assert only_meeting().next_step is None
    assert only_meeting().logged_by is MeetingSide.COORDINATOR


@pytest.mark.parametrize(("stop", "kind"), [("pause", "pairing_paused"), ("end", "pairing_ended")])
def test_who_stops_tells_the_other_that_the_talk_agreed_is_off(office, pair, now, stop, kind):
    meeting_id = propose(office, pair, now)
    confirm_meeting(meeting_id=meeting_id, starts_at=instant(FIRST), actor=office.as_person(), at=now)
    if stop == "pause":
        pause_pairing(pairing_id=pair.public_id, actor=office.as_person(), at=now)
    else:
        end_pairing(pairing_id=pair.public_id, reason="moved", actor=office.as_person(), at=now)
    told = [one for one in read_messages(kind) if one.facts.get("partner")]
    assert len(told) == 2
    assert all("Le rendez-vous du mardi 8 décembre 2026 à 18:00 n’aura pas lieu." in read_body(one) for one in told)


def test_the_end_of_a_pairing_calls_off_what_was_planned(office, pair, now):
    propose(office, pair, now)
    end_pairing(pairing_id=pair.public_id, reason="moved", actor=office.as_person(), at=now)
    assert only_meeting().state is MeetingState.CANCELLED
    assert office.pairing(pair.public_id).state is PairingState.ENDED
    assert broken_laws() == []


def test_hours_of_a_coach_are_counted_and_the_coordinator_decides_beyond(any_app, now):
    office = Office(supporter={"role": SupporterRole.COACH, "capacity": 14}, suggested=False)
    with transaction() as session:
        session.add(office.supporters[0])
        proposed = make_pairing(session, office.people[0], office.supporters[0], proposed_at=now)
    accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(), at=now)
    pair = office.pairing(proposed.public_id)
    assert pair.budget_minutes == 420
    at = now + timedelta(days=10)
    for step in range(7):
        day = (now + timedelta(days=step)).date()
        log_meeting(pairing_id=pair.public_id, day=day, minutes=60, actor=office.as_supporter(), at=at)
    with refused(HoursUsedError, minutes=420, budget_minutes=420):
        propose(office, pair, at)
    with refused(PermissionDeniedError):
        grant_hours(pairing_id=pair.public_id, hours=2, actor=office.as_supporter(), at=at)
    tick(at=at)
    tick(at=at + timedelta(days=60))
    told = {(kind, account_id) for kind, account_id in db.session.execute(select(Notice.kind, Notice.account_id))}
    hours = {(NoticeKind.HOURS_USED, office.account.id), (NoticeKind.HOURS_UNDECIDED, office.account.id)}
    assert hours <= told
    asked_for_a_date = {NoticeKind.DATE_TO_FIND, NoticeKind.SILENCE, NoticeKind.LONG_SILENCE}
    assert not asked_for_a_date & {kind for kind, _account_id in told}
    for _sent in range(2):
        with suppress(RepeatedRequestError):
            grant_hours(pairing_id=pair.public_id, hours=2, actor=office.coordinator, at=at, form_key="once")
    again = office.pairing(pair.public_id)
    assert (again.budget_minutes, again.next_meeting_due_at) == (540, at + timedelta(days=10))
    propose(office, pair, at)
    assert broken_laws() == []


@pytest.mark.parametrize(("reason", "goes_on"), [("moved", True), ("goal_reached", False)])
def test_another_coach_on_the_way_goes_on_until_the_day_of_the_first(any_app, now, reason, goes_on):
    office = Office(supporter={"role": SupporterRole.COACH, "capacity": 14}, suggested=False)
    at, terms = now, []
    for number in (0, 1):
        with transaction() as session:
            person, coach = session.merge(office.people[0]), session.merge(office.supporters[number])
            proposed = make_pairing(session, person, coach, proposed_at=at)
        accept_pairing(pairing_id=proposed.public_id, actor=office.as_supporter(number), at=at)
        terms.append(office.pairing(proposed.public_id).ends_on)
        end_pairing(pairing_id=proposed.public_id, reason=reason, actor=office.as_person(), at=at)
        at += timedelta(days=200)
    assert (terms[0] == terms[1]) is goes_on
    assert terms[0] <= terms[1]


def agree_on_first(office, pair, now) -> datetime:
    """Let the two agree on a date, and give its instant."""
    meeting_id = propose_meeting(
        pairing_id=pair.public_id, plan=MeetingPlan(dates=(FIRST,)), actor=office.as_supporter(), at=now
    )
    starts_at = list_instants(only_meeting())[0]
    confirm_meeting(meeting_id=meeting_id, starts_at=starts_at, actor=office.as_person(), at=now)
    return starts_at


@pytest.mark.parametrize("stop", [end_pairing, pause_pairing], ids=["end", "pause"])
def test_a_talk_whose_hour_came_before_the_two_stop_can_still_be_noted(office, pair, now, stop):
    starts_at = agree_on_first(office, pair, now)
    stopped_at = starts_at + timedelta(hours=20)
    reason = {"reason": EndReason.GOAL_REACHED} if stop is end_pairing else {}
    stop(pairing_id=pair.public_id, actor=office.as_person(), at=stopped_at, **reason)
    assert (only_meeting().state, broken_laws()) == (MeetingState.CONFIRMED, [])
    log_meeting(
        pairing_id=pair.public_id,
        day=FIRST.day,
        minutes=90,
        actor=office.as_supporter(),
        at=stopped_at + timedelta(days=5),
    )
    assert (only_meeting().state, only_meeting().minutes) == (MeetingState.HELD, 90)
    assert broken_laws() == []


def test_after_an_end_talks_are_noted_for_thirty_days_and_of_the_days_before_it_only(office, pair, now):
    agree_on_first(office, pair, now)
    end_pairing(pairing_id=pair.public_id, reason=EndReason.MOVED, actor=office.as_person(), at=now)
    assert only_meeting().state is MeetingState.CANCELLED  # it lay ahead
    noted = {"pairing_id": pair.public_id, "minutes": 60, "actor": office.as_supporter()}
    with refused(InvalidInputError, field="talk_day"):
        log_meeting(day=day_of(now) + timedelta(days=1), at=now + timedelta(days=3), **noted)
    with refused(InvalidTransitionError, action="log"):
        log_meeting(day=day_of(now), at=now + timedelta(days=31), **noted)
    log_meeting(day=day_of(now), at=now + timedelta(days=30), **noted)
    db.session.rollback()
    assert read_held(db.session(), pair.id, at=now).minutes == 60


def test_a_talk_that_nobody_told_of_after_an_end_counts_as_not_held_in_the_end(office, pair, now):
    starts_at = agree_on_first(office, pair, now)
    end_pairing(pairing_id=pair.public_id, reason=EndReason.MOVED, actor=office.as_person(), at=starts_at)
    tick(at=starts_at + timedelta(days=30))
    assert only_meeting().state is MeetingState.CONFIRMED
    tick(at=starts_at + timedelta(days=31))
    assert (only_meeting().state, broken_laws()) == (MeetingState.MISSED, [])
