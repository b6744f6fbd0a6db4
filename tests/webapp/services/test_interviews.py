"""First interviews: planned with a name and a day, every outcome with what comes next, and what the clocks notice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.clocks import Clock
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import AlreadyServedError, InvalidInputError, InvalidTransitionError, NotFoundError
from models.interviews import Interview, InterviewOutcome
from models.meetings import MeetingFormat
from models.messages import Message
from models.notices import Notice
from models.pairings import WithdrawReason
from models.queries.deadlines import check_deadlines
from models.queries.interviews import list_to_meet, list_to_meet_again
from models.states import EntrepreneurState, InterviewState, PairingState
from tests.factories import make_coordinator, make_interview
from tests.office import Office, broken_laws
from webapp.services import clock_settings, interviews, invitations
from webapp.services.clocks import tick
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.interview_dates import InterviewPlan, arrange_interview
from webapp.services.interviews import InterviewReport
from webapp.services.next_steps import StepKind, list_next_steps

LINK = "https://visio.example.org/premier"
LATER = InterviewReport(outcome=InterviewOutcome.LATER, again_on=date(2027, 2, 1), note="Attend la fin de son contrat")
ELSEWHERE = InterviewReport(
    outcome=InterviewOutcome.ELSEWHERE, again_on=date(2027, 1, 11), orientation="Point Justice de Saint-Denis"
)
JOINS = InterviewReport(outcome=InterviewOutcome.JOINS)


@pytest.fixture
def office(any_app):
    return Office(suggested=False, supporters=1, person={"state": EntrepreneurState.INCOMPLETE})


@pytest.fixture
def planned(office, now):
    return interviews.plan_interview(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)


def read(public_id):
    db.session.rollback()
    return db.session.scalars(select(Interview).where(Interview.public_id == public_id)).one()


def person():
    db.session.rollback()
    return db.session.scalars(select(Entrepreneur)).one()


def to_come():
    db.session.rollback()
    return db.session.scalars(select(Interview).where(Interview.state == InterviewState.PLANNED)).one_or_none()


def hold(office, public_id, report, at):
    interviews.hold_interview(interview_id=public_id, report=report, actor=office.coordinator, at=at)


def late(at):
    db.session.rollback()
    return {check.name for check in check_deadlines(db.session(), at=at) if not check.holds}


def test_it_is_planned_with_a_name_and_a_day_and_the_person_is_told(office, planned, now):
    found = read(planned)
    assert (found.coordinator_id, found.due_at) == (office.account.id, now + timedelta(days=10))
    assert person().follow_up_on == date(2026, 12, 3)
    assert office.messages() == [("interview_planned", office.people[0].email)]
    assert office.events("interview") == [("create", None, None, None)]
    assert broken_laws() == []


def test_the_days_are_those_of_the_association(office, now):
    clock_settings.set_clocks(
        association_id=office.association.public_id,
        days={
            **dict.fromkeys(Clock, 5),
            Clock.SILENCE_ESCALATION: 45,
            Clock.GATHERING: 30,
            Clock.AWAY: 30,
            Clock.INTERVIEW: 4,
        },
        actor=office.coordinator,
        at=now,
    )
    found = read(
        interviews.plan_interview(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    )
    assert found.due_at == now + timedelta(days=4)


def test_one_at_most_is_to_come(office, planned, now):
    with pytest.raises(AlreadyServedError):
        interviews.plan_interview(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)


def test_who_is_invited_before_her_profile_is_complete_is_met_once(office, now):
    for _ in range(2):
        invitations.invite_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    assert to_come().coordinator_id == office.account.id
    hold(office, to_come().public_id, JOINS, now)
    invitations.invite_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    assert to_come() is None


def test_who_has_a_complete_profile_is_not_met_for_being_invited(any_app, now):
    office = Office(suggested=False)
    invitations.invite_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    assert to_come() is None


def test_the_one_with_the_fewest_to_meet_is_named(office, now):
    with transaction() as session:
        other = make_coordinator(session, office.association, first_name="Karim")
        make_interview(session, office.people[0], coordinator_id=office.account.id, state=InterviewState.PLANNED)
    with transaction() as session:
        found = session.scalars(select(Interview)).one()
        session.delete(found)
        session.flush()
        chosen = interviews.add_interview(
            session, session.get_one(Entrepreneur, office.people[0].id), coordinator_id=None,
            actor=office.coordinator, at=now,
        )  # fmt: skip
        assert chosen.coordinator_id == office.account.id
        session.flush()
        assert interviews.choose_interviewer(session, office.association_id).id == other.id


def test_yes_leads_to_the_profile(office, planned, now):
    hold(office, planned, JOINS, now)
    assert (read(planned).state, read(planned).held_at, to_come()) == (InterviewState.HELD, now, None)
    assert person().follow_up_on == date(2026, 12, 7)
    assert [kind for kind, _ in office.messages()] == ["interview_planned", "interview_outcome"]
    assert office.events("interview")[-1] == ("hold", "planned", "held", "joins")
    assert broken_laws() == []


@pytest.mark.parametrize("report", [LATER, ELSEWHERE])
def test_the_two_other_answers_have_a_day_of_their_own(office, planned, now, report):
    hold(office, planned, report, now)
    following = to_come()
    assert (following.opens_on, following.coordinator_id) == (report.again_on, office.account.id)
    assert following.due_at.date() == report.again_on + timedelta(days=10)
    session = db.session()
    assert list_to_meet(session, office.association_id, on=now.date()).total == 0
    assert [one.id for one in list_to_meet_again(session, office.association_id, on=now.date(), limit=9)] == [
        following.id
    ]
    assert list_to_meet(session, office.association_id, on=report.again_on).total == 1
    assert broken_laws() == []


def test_on_that_day_it_comes_back_by_itself_and_both_are_told_once(office, planned, now):
    hold(office, planned, LATER, now)
    day = now.replace(year=2027, month=2, day=1)
    for at in (now, day - timedelta(days=1), day, day, day + timedelta(days=2)):
        tick(at=at)
        db.session.rollback()
    told = db.session.scalars(select(Notice.recipient).where(Notice.kind == "interview_again")).all()
    assert sorted(told) == sorted([office.account.email, office.people[0].email])
    assert "profile_to_finish" not in db.session.scalars(select(Notice.kind)).all()


@pytest.mark.parametrize("report", [LATER, ELSEWHERE])
def test_who_was_asked_for_somebody_who_is_met_again_later_waits_no_more(any_app, now, report):
    office = Office(people=1, supporters=2)
    proposed = office.propose(at=now)
    planned = interviews.plan_interview(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    hold(office, planned, report, now)
    withdrawn = office.pairing(proposed.public_id)
    assert (withdrawn.state, withdrawn.withdraw_reason) == (PairingState.WITHDRAWN, WithdrawReason.OTHER_CHOICE)
    assert set(office.states()) == {"approved", "superseded"}
    assert ("pairing_withdrawn", office.supporters[0].email) in office.messages()
    assert (office.taken(), broken_laws()) == (0, [])


def test_somebody_ready_is_looked_for_no_more_until_then(any_app, now):
    office = Office(suggested=False)
    planned = interviews.plan_interview(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    hold(office, planned, LATER, now)
    assert person().state is EntrepreneurState.INCOMPLETE
    assert broken_laws() == []


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (InterviewReport(outcome=InterviewOutcome.LATER), "again_on"),
        (InterviewReport(outcome=InterviewOutcome.LATER, again_on=date(2026, 11, 23)), "again_on"),
        (InterviewReport(outcome=InterviewOutcome.LATER, again_on=date(2027, 11, 24)), "again_on"),
        (replace(ELSEWHERE, orientation=" "), "orientation"),
    ],
)
def test_an_answer_without_its_day_or_its_place_is_refused(office, planned, now, report, field):
    with pytest.raises(InvalidInputError) as refusal:
        hold(office, planned, report, now)
    assert refusal.value.facts["field"] == field
    assert read(planned).state is InterviewState.PLANNED


def test_what_was_noted_can_be_corrected_and_the_same_twice_is_once(office, planned, now):
    hold(office, planned, LATER, now)
    hold(office, planned, LATER, now)
    first = to_come().public_id
    hold(office, planned, JOINS, now + timedelta(hours=1))
    assert (read(first).state, to_come()) == (InterviewState.CANCELLED, None)
    assert (read(planned).outcome, read(planned).again_on) == (InterviewOutcome.JOINS, None)
    assert read(planned).held_at == now
    assert [kind for kind, _ in office.messages()] == ["interview_planned", "interview_outcome", "interview_outcome"]
    assert broken_laws() == []


def test_a_call_that_was_missed_is_tried_again(office, planned, now):
    following = interviews.miss_interview(interview_id=planned, actor=office.coordinator, at=now + timedelta(days=3))
    assert (read(planned).state, read(following).due_at) == (InterviewState.MISSED, now + timedelta(days=13))
    with pytest.raises(InvalidTransitionError):
        interviews.miss_interview(interview_id=planned, actor=office.coordinator, at=now)


def test_called_off_leaves_a_day_to_come(office, planned, now):
    interviews.cancel_interview(interview_id=planned, actor=office.coordinator, at=now)
    assert (to_come(), person().follow_up_on) == (None, date(2026, 12, 7))
    told = db.session.scalars(select(Message).order_by(Message.id)).all()[-1]
    assert (told.kind, told.facts["is_called_off"], told.facts["due_at"][:10]) == (
        "interview_planned",
        True,
        "2026-12-07",
    )


def test_an_hour_agreed_is_told_once(office, planned, now):
    plan = InterviewPlan(
        coordinator_id=office.account.id, channel=MeetingFormat.ONLINE, place=LINK, starts_at=now + timedelta(days=2)
    )
    for _ in range(2):
        arrange_interview(interview_id=planned, plan=plan, actor=office.coordinator, at=now)
    assert [kind for kind, _ in office.messages()] == ["interview_planned", "interview_planned"]
    assert (read(planned).due_at, person().follow_up_on) == (now + timedelta(days=3), date(2026, 11, 26))


def test_what_she_reads_last_is_the_hour_that_holds(office, planned, now):
    plan = InterviewPlan(coordinator_id=office.account.id, channel=MeetingFormat.ONLINE, place=LINK)
    hours = [now + timedelta(days=2), now + timedelta(days=3), now + timedelta(days=2), None]
    for starts_at in hours:
        changed = replace(plan, starts_at=starts_at)
        arrange_interview(interview_id=planned, plan=changed, actor=office.coordinator, at=now)
    told = [facts.get("starts_at") for facts in db.session.scalars(select(Message.facts).order_by(Message.id))]
    assert told[1:] == [hour and hour.isoformat() for hour in hours]
    late = now + timedelta(days=30)
    again = replace(plan, starts_at=late + timedelta(days=1))
    arrange_interview(interview_id=planned, plan=again, actor=office.coordinator, at=late)
    arrange_interview(interview_id=planned, plan=plan, actor=office.coordinator, at=late + timedelta(days=3))
    assert len(office.messages()) == 6


def test_what_she_reads_last_is_the_answer_that_holds(office, planned, now):
    reports = [JOINS, LATER, JOINS, replace(JOINS, note="Contente")]
    for report in reports:
        hold(office, planned, report, now)
    told = [facts.get("outcome") for facts in db.session.scalars(select(Message.facts).order_by(Message.id))]
    assert told == [None, "joins", "later", "joins"]
    assert broken_laws() == []


def test_an_hour_past_and_a_stranger_are_refused(office, planned, now):
    for values in ({"starts_at": now}, {"coordinator_id": 0}):
        usual = {"coordinator_id": office.account.id, "channel": MeetingFormat.ONLINE, "place": LINK}
        plan = InterviewPlan(**usual | values)
        with pytest.raises(InvalidInputError):
            arrange_interview(interview_id=planned, plan=plan, actor=office.coordinator, at=now)


def test_an_hour_agreed_that_is_called_off_or_moved_is_told_before_it_comes(office, planned, now):
    plan = InterviewPlan(coordinator_id=office.account.id, channel=MeetingFormat.ONLINE, place=LINK)
    agreed, moved = now + timedelta(hours=20), now + timedelta(days=20)
    for starts_at in (agreed, moved):
        changed = replace(plan, starts_at=starts_at)
        arrange_interview(interview_id=planned, plan=changed, actor=office.coordinator, at=now)
    close_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    told = [facts.get("lost_at") for facts in db.session.scalars(select(Message.facts).order_by(Message.id))]
    assert told == [None, None, agreed.isoformat(), moved.isoformat()]


def test_of_an_hour_gone_by_nobody_reads_that_it_no_longer_holds(office, planned, now):
    agreed = now + timedelta(hours=1)
    plan = InterviewPlan(coordinator_id=office.account.id, channel=MeetingFormat.ONLINE, place=LINK, starts_at=agreed)
    arrange_interview(interview_id=planned, plan=plan, actor=office.coordinator, at=now)
    again, late = replace(plan, starts_at=now + timedelta(hours=9)), now + timedelta(hours=2)
    arrange_interview(interview_id=planned, plan=again, actor=office.coordinator, at=late)
    interviews.cancel_interview(interview_id=planned, actor=office.coordinator, at=now + timedelta(hours=10))
    facts = db.session.scalars(select(Message.facts).order_by(Message.id)).all()
    assert [(one.get("is_called_off"), "lost_at" in one) for one in facts[-2:]] == [(None, False), (True, False)]


def test_a_closed_file_has_nothing_to_come(office, planned, now):
    close_entrepreneur(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    assert read(planned).state is InterviewState.CANCELLED
    with pytest.raises(InvalidTransitionError):
        interviews.plan_interview(entrepreneur_id=office.people[0].public_id, actor=office.coordinator, at=now)
    assert broken_laws() == []


def test_others_do_not_know_of_it(office, planned, now):
    elsewhere = Office(people=0, supporters=0, suggested=False).coordinator
    with pytest.raises(NotFoundError):
        interviews.plan_interview(entrepreneur_id=office.people[0].public_id, actor=elsewhere, at=now)
    with pytest.raises(NotFoundError):
        interviews.hold_interview(interview_id=planned, report=JOINS, actor=elsewhere, at=now)


def test_what_was_said_is_in_no_mail_and_no_history(office, planned, now):
    report = InterviewReport(
        outcome=InterviewOutcome.ELSEWHERE, again_on=date(2027, 1, 11), orientation="APESA", note="Très éprouvée"
    )
    hold(office, planned, report, now)
    facts = str(db.session.scalars(select(Message.facts)).all())
    notes = str(office.events("interview"))
    raw = str(db.session.connection().exec_driver_sql("SELECT orientation, team_note FROM interviews").all())
    for word in ("APESA", "éprouvée"):
        assert word not in facts + notes + raw
    assert read(planned).team_note == "Très éprouvée"


def test_past_its_day_who_holds_it_is_told_and_a_week_later_everybody(office, planned, now):
    with transaction() as session:
        other = make_coordinator(session, office.association, first_name="Karim")
    due = now + timedelta(days=10)
    assert late(due + timedelta(days=3)) >= {"interview_past_its_day_is_noticed"}
    for at in (due - timedelta(hours=1), due, due, due + timedelta(days=7), due + timedelta(days=8)):
        tick(at=at)
        db.session.rollback()
    rows = db.session.execute(
        select(Notice.kind, Notice.recipient).where(Notice.kind.in_(["interview_due", "interview_late"]))
    )
    both = {("interview_late", account.email) for account in (office.account, other)}
    assert {(str(kind), recipient) for kind, recipient in rows} == {("interview_due", office.account.email), *both}
    assert "interview_past_its_day_is_noticed" not in late(due + timedelta(days=3))


def test_her_page_says_who_meets_her_then_when_they_talk_again(office, planned, now):
    def steps(at):
        db.session.rollback()
        loaded = db.session.get(Entrepreneur, office.people[0].id, populate_existing=True)
        from models.queries.members import find_entrepreneur

        return list_next_steps(db.session(), entrepreneur=find_entrepreneur(db.session(), [loaded.id]), at=at)[1]

    first = steps(now)[0]
    assert (first.kind, first.person, first.day) == (StepKind.INTERVIEW, "Nadia Lopez", date(2026, 12, 3))
    hold(office, planned, ELSEWHERE, now)
    again = steps(now)
    assert (again[0].kind, again[0].day, again[0].orientation) == (
        StepKind.MEET_AGAIN,
        ELSEWHERE.again_on,
        ELSEWHERE.orientation,
    )
    assert StepKind.FINISH_PROFILE not in {step.kind for step in again}
    agreed = now.replace(year=2027, month=1, day=13, hour=14)
    plan = InterviewPlan(coordinator_id=office.account.id, channel=MeetingFormat.ONLINE, place=LINK, starts_at=agreed)
    arrange_interview(interview_id=to_come().public_id, plan=plan, actor=office.coordinator, at=now)
    assert (steps(now)[0].kind, steps(now)[0].day) == (StepKind.MEET_AGAIN, date(2027, 1, 13))
    assert steps(now.replace(year=2027, month=1, day=11))[0].kind is StepKind.INTERVIEW
