"""At most three next steps, each with a reason, a day and a name; nobody is left with none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.associations import Association, Network
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, Stage
from models.pairings import Pairing
from models.queries.members import Contact, KnownCheck
from models.states import BookingState, EntrepreneurState, PairingState
from models.supporters import Supporter, SupporterRole
from models.territories import QpvCheck, QpvGround, QpvResult
from models.topics import Offer
from tests.clock import NOW
from tests.factories import (
    make_association,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
    make_unmatched_need,
    make_workshop_session,
)
from webapp.services.next_steps import (
    CITESLAB,
    MOST_STEPS,
    QUARTER_LOAN,
    NextStep,
    Situation,
    StepKind,
    Turn,
    choose_steps,
    list_next_steps,
)
from webapp.services.next_steps.kinds import ANSWERS, WAITING_KINDS, pressing_order
from webapp.services.talks import place_pairing

TODAY = NOW.date()


def steps_of(entrepreneur_id, at=NOW):
    """The steps of a stored person."""
    db.session.expire_all()
    from models.queries.members import find_entrepreneur

    return list_next_steps(db.session(), entrepreneur=find_entrepreneur(db.session(), [entrepreneur_id]), at=at)[1]


def kinds(steps):
    return [step.kind for step in steps]


@pytest.fixture
def association(app):
    with transaction() as session:
        association = make_association(session)
        make_coordinator(session, association)
    return association


def test_an_unfinished_profile_comes_first_with_what_is_missing(association):
    with transaction() as session:
        person = make_entrepreneur(
            session, association, state=EntrepreneurState.INCOMPLETE, stage=None, waiting_since=None, availability=0
        )
    first = steps_of(person.id)[0]
    assert first.kind == StepKind.FINISH_PROFILE
    assert [str(step) for step in first.missing] == ["project", "availability"]
    assert (first.person, first.day >= TODAY) == ("Nadia Lopez", True)


def test_a_seat_that_is_held_for_a_day_comes_before_a_profile_that_can_wait(association):
    with transaction() as session:
        person = make_entrepreneur(session, association, state=EntrepreneurState.INCOMPLETE, waiting_since=None)
        workshop = make_workshop_session(session, association)
        offered = {"state": BookingState.OFFERED, "offer_until": NOW + timedelta(hours=24)}
        make_booking(session, workshop, person, **offered)
    assert kinds(steps_of(person.id))[:2] == [StepKind.ANSWER_SEAT, StepKind.FINISH_PROFILE]


def test_a_proposal_tells_who_was_asked_and_until_when(association):
    with transaction() as session:
        person = make_entrepreneur(session, association)
        supporter = make_supporter(session, association, first_name="Claire", last_name="Morel")
        make_pairing(session, person, supporter, deadline_at=NOW + timedelta(days=3))
    step = steps_of(person.id)[0]
    assert (step.kind, step.person, step.role) == (StepKind.PROPOSED, "Claire M.", SupporterRole.MENTOR)
    assert (step.day, step.is_late) == (TODAY + timedelta(days=3), False)
    assert steps_of(person.id, NOW + timedelta(days=5))[0].is_late


def test_an_open_suggestion_names_the_referent_and_not_the_supporter(association):
    with transaction() as session:
        person = make_entrepreneur(session, association)
        run = make_match_run(session, association)
        make_suggestion(session, run, person, make_supporter(session, association), deadline_at=NOW + timedelta(days=2))
    step = steps_of(person.id)[0]
    assert (step.kind, step.person, step.day) == (StepKind.REVIEWED, "Nadia Lopez", TODAY + timedelta(days=2))


def test_who_found_nobody_reads_why_and_when_there_is_news(association):
    with transaction() as session:
        person = make_entrepreneur(session, association, follow_up_on=TODAY + timedelta(days=9))
        make_unmatched_need(session, make_match_run(session, association), person, refusals={"time": 7, "language": 2})
    step = steps_of(person.id)[0]
    assert (step.kind, step.refusal, step.day) == (StepKind.SEARCHED, "time", TODAY + timedelta(days=9))


def test_whom_somebody_looks_for_is_one_step(association):
    with transaction() as session:
        person = make_entrepreneur(session, association, wanted_roles=["mentor", "expert", "ambassador"])
        make_unmatched_need(session, make_match_run(session, association), person)
    searched = [step for step in steps_of(person.id) if step.kind == StepKind.SEARCHED]
    assert [step.roles for step in searched] == [(SupporterRole.MENTOR, SupporterRole.EXPERT, SupporterRole.AMBASSADOR)]
    assert searched[0].refusal is None


@pytest.mark.parametrize("consent_at", [None, NOW])
def test_a_coach_is_looked_for_only_with_consent(association, consent_at):
    with transaction() as session:
        person = make_entrepreneur(
            session, association, wanted_roles=["coach"], confided={"coaching_consent_at": consent_at}
        )
    first = steps_of(person.id)[0]
    assert first.kind == (StepKind.SEARCHED if consent_at else StepKind.AGREE_TO_COACH)


def test_an_older_run_no_longer_explains(association):
    with transaction() as session:
        person = make_entrepreneur(session, association)
        make_unmatched_need(session, make_match_run(session, association), person)
        make_match_run(session, association, ended_at=NOW)
    assert steps_of(person.id)[0].refusal is None


def test_a_new_pairing_asks_for_a_first_meeting_then_for_a_talk_a_month(association):
    with transaction() as session:
        person = make_entrepreneur(session, association)
        values = {"answered_at": NOW, "next_meeting_due_at": NOW + timedelta(days=10)}
        make_pairing(session, person, make_supporter(session, association), state=PairingState.ACTIVE, **values)
    soon, late = steps_of(person.id)[0], steps_of(person.id, NOW + timedelta(days=20))[0]
    assert (soon.kind, soon.day, soon.is_late) == (StepKind.MEET, TODAY + timedelta(days=10), False)
    assert (late.kind, late.is_late) == (StepKind.MEET, True)
    after = steps_of(person.id, NOW + timedelta(days=50))[0]
    assert (after.kind, after.day, after.is_late) == (StepKind.TALK, TODAY + timedelta(days=10), True)


def test_a_workshop_is_proposed_for_a_need_until_it_is_booked(association):
    with transaction() as session:
        person = make_entrepreneur(session, association, needs={"cash_flow": 3})
        workshop = make_workshop_session(session, association, latitude=48.94, longitude=2.36)
    step = next(step for step in steps_of(person.id) if step.kind == StepKind.BOOK_SESSION)
    assert (step.recommended.topics, step.recommended.session.id) == (("cash_flow",), workshop.id)
    assert 0 < step.recommended.distance_km < 2
    with transaction() as session:
        make_booking(session, session.merge(workshop), session.merge(person))
    assert StepKind.BOOK_SESSION not in kinds(steps_of(person.id))
    assert StepKind.ATTEND_SESSION in kinds(steps_of(person.id, NOW + timedelta(days=10)))


def test_who_waits_for_a_seat_sees_her_turn(association):
    with transaction() as session:
        person = make_entrepreneur(session, association, wanted_roles=["mentor"])
        workshop = make_workshop_session(session, association, seats=1)
        for state in (BookingState.CONFIRMED, BookingState.WAITING):
            make_booking(session, workshop, make_entrepreneur(session, association), state=state)
        make_booking(session, workshop, person, state=BookingState.WAITING)
    step = next(step for step in steps_of(person.id) if step.kind == StepKind.WAIT_FOR_SEAT)
    assert step.booking.position == 2


def test_a_closed_file_has_one_step(association):
    with transaction() as session:
        person = make_entrepreneur(session, association, state=EntrepreneurState.CLOSED, closed_at=NOW)
        make_workshop_session(session, association, latitude=48.94, longitude=2.36)
    assert kinds(steps_of(person.id)) == [StepKind.CLOSED]


def a_person(**values):
    """A person that is not stored."""
    return Entrepreneur(
        **{
            "state": EntrepreneurState.READY,
            "stage": Stage.LAUNCH,
            "wanted_roles": [],
            "needs": [],
            "languages": [],
            "availability": 1,
            "project_text": "",
            "created_at": NOW,
            "waiting_since": TODAY,
            "closed_at": NOW,
            **values,
        }
    )


def a_situation(person, **values):
    return Situation(
        entrepreneur=person,
        association=Association(name="A", network=Network.INITIATIVE_FRANCE, follow_up_days=14),
        contact=Contact(name="Nadia Lopez", email="n@example.org", phone=None, association="A"),
        **values,
    )


def a_check(result=QpvResult.INSIDE):
    return KnownCheck(check=QpvCheck(result=result, checked_at=NOW, ground=QpvGround.RESIDENCE), qpv_name="Les Lilas")


OFFERS = {slug: Offer(slug=slug) for slug in (QUARTER_LOAN, CITESLAB)}


@pytest.mark.parametrize(
    ("stage", "result", "slug"),
    [
        (Stage.LAUNCH, QpvResult.INSIDE, QUARTER_LOAN),
        (Stage.IDEA, QpvResult.DECLARED, CITESLAB),
        (Stage.FUNDING, QpvResult.BORDERLINE, QUARTER_LOAN),
        (Stage.LAUNCH, QpvResult.OUTSIDE, None),
        (Stage.LAUNCH, QpvResult.UNKNOWN, None),
    ],
)
def test_a_neighbourhood_opens_a_right_that_follows_the_stage(stage, result, slug):
    checks = {QpvGround.HEAD_OFFICE: a_check(result)}
    steps = choose_steps(a_situation(a_person(stage=stage), checks=checks, offers=OFFERS), at=NOW)
    rights = [step.offer.slug for step in steps if step.kind == StepKind.RIGHT]
    assert rights == ([slug] if slug else [])


@given(
    state=st.sampled_from(EntrepreneurState),
    roles=st.lists(st.sampled_from(SupporterRole), unique=True),
    live=st.lists(st.sampled_from(SupporterRole), unique=True),
    active=st.booleans(),
    follow_up=st.none() | st.dates(date(2026, 10, 1), date(2027, 2, 1)),
    age=st.integers(0, 400),
    has_right=st.booleans(),
)
def test_everybody_has_one_to_three_steps_with_a_name_and_a_day(state, roles, live, active, follow_up, age, has_right):
    person = a_person(
        state=state, wanted_roles=[str(role) for role in roles], follow_up_on=follow_up, waiting_since=TODAY
    )
    pairings = [
        Pairing(
            role=role,
            state=PairingState.ACTIVE if active else PairingState.PROPOSED,
            supporter=Supporter(first_name="Claire", last_name="Morel"),
            proposed_at=NOW - timedelta(days=age),
            answered_at=NOW - timedelta(days=age) if active else None,
            deadline_at=NOW,
        )
        for role in live
    ]
    checks = {QpvGround.RESIDENCE: a_check()} if has_right else {}
    talks = [place_pairing(pairing, at=NOW) for pairing in pairings]
    steps = choose_steps(a_situation(person, talks=talks, checks=checks, offers=OFFERS), at=NOW)
    assert 1 <= len(steps) <= MOST_STEPS
    assert all(step.person and isinstance(step.day, date) for step in steps)
    waiting = [step for step in steps if step.kind in {StepKind.PROPOSED, StepKind.REVIEWED, StepKind.SEARCHED}]
    assert len(waiting) <= 2


@pytest.mark.parametrize(("state", "days"), [(PairingState.ACTIVE, 3), (PairingState.PAUSED, 20)])
def test_the_next_talk_is_on_the_day_of_the_row_or_when_the_pause_ends(state, days):
    due_at, until = NOW + timedelta(days=3), NOW + timedelta(days=20)
    pairing = Pairing(state=state, proposed_at=NOW, next_meeting_due_at=due_at, pause_until=until)
    assert place_pairing(pairing, at=NOW).day == TODAY + timedelta(days=days)


def test_of_all_she_is_expected_at_the_nearest_comes_first():
    days = {StepKind.ATTEND_SESSION: 2, StepKind.CIRCLE_MEETS: 9, StepKind.TALK_AGREED: 1}
    steps = [NextStep(kind=kind, person="Claire", day=TODAY + timedelta(days=day)) for kind, day in days.items()]
    nearest = [StepKind.TALK_AGREED, StepKind.ATTEND_SESSION, StepKind.CIRCLE_MEETS]
    assert kinds(sorted(steps, key=pressing_order)) == nearest


def test_a_step_says_whose_turn_it_is():
    turns = {kind: NextStep(kind=kind, person="Claire", day=TODAY).turn for kind in StepKind}
    assert {turns[kind] for kind in WAITING_KINDS} == {Turn.UNDER_WAY}
    assert {turns[kind] for kind in ANSWERS | {StepKind.FINISH_PROFILE, StepKind.SIGN_CHARTER}} == {Turn.HERS}
    assert turns[StepKind.TALK_AGREED] == Turn.AGREED
    assert turns[StepKind.CHECK_IN] == Turn.FREE
