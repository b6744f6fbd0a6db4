"""Another facilitator: the circle goes on, its members know, and the hours stay with who gave them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.circles import Circle, CircleFormat, CircleRule
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.erasures import ErasureGround
from models.exceptions import CapacityReachedError, NotEligibleError, NotFoundError
from models.messages import Message, MessageKind
from models.notices import Notice, NoticeKind
from models.pairings import DeclineReason
from models.personal.ways import Root
from models.queries.circle_meetings import list_planned
from models.queries.circle_waiting import list_matters, of_association, select_decisions
from models.queries.meetings import read_given_hours
from models.states import CircleMeetingState, PairingState
from models.supporters import Supporter
from tests.factories import make_account, make_circle_meeting, make_entrepreneur, make_pairing
from tests.office import broken_laws, refused
from tests.webapp.services.test_circles import TOPICS, CircleOffice
from webapp.permissions import Actor
from webapp.services import circles
from webapp.services.circle_leaders import hand_over_circle, list_possible_leaders
from webapp.services.circle_meetings import say_where
from webapp.services.circle_seats import list_next_people
from webapp.services.clocks import tick
from webapp.services.erasing import carry_out_erasures
from webapp.services.erasures import ask_erasure
from webapp.services.supporters import let_supporter_leave, pause_supporter, resume_supporter


@pytest.fixture
def office(any_app):
    return CircleOffice(leaders=2)


def hand_over(office, at, *, number=1, actor=None, **more):
    (circle,) = office.circles()
    new, actor = office.supporters[number], actor or office.coordinator
    hand_over_circle(circle_id=circle.public_id, supporter_id=new.public_id, actor=actor, at=at, **more)


def leader_of(office):
    """Give the number in the office of who leads the one circle, and of who could."""
    (circle,) = office.circles()
    ids = [one.id for one in office.supporters]
    return ids.index(circle.facilitator_id)


def count_decisions(office, at):
    circles_of = of_association(office.association_id)
    return len(db.session.execute(select_decisions(circles_of, at=at)).all())


def test_a_circle_whose_facilitator_left_waits_for_the_coordinators_until_somebody_takes_it_over(office, now):
    office.confirm(now)
    before = leader_of(office)
    let_supporter_leave(supporter_id=office.supporters[before].public_id, actor=office.coordinator, at=now)
    (matter,) = list_matters(db.session(), of_association(office.association_id), at=now)
    assert (matter.is_unled, count_decisions(office, now)) == (True, 1)
    assert matter.due_at == list_planned(db.session(), matter.circle.id)[0].starts_at
    tick(at=now + timedelta(hours=1))
    told = select(Notice.recipient).where(Notice.kind == NoticeKind.CIRCLE_UNLED)
    assert db.session.scalars(told).all() == [office.account.email]

    hand_over(office, now + timedelta(days=1), number=1 - before)
    assert leader_of(office) == 1 - before
    assert sorted(office.led()) == [0, 1]
    assert list_matters(db.session(), of_association(office.association_id), at=now) == []
    assert broken_laws() == []


def test_members_and_who_takes_over_are_told_once_however_often_it_is_sent(office, now):
    office.confirm(now)
    new = 1 - leader_of(office)
    for _sent_again in range(2):
        hand_over(office, now, number=new)
    told = db.session.scalars(select(Message).where(Message.kind == MessageKind.CIRCLE_LEADER)).all()
    assert len(told) == len(office.people) + 1
    assert [message.recipient for message in told if message.facts.get("leads")] == [office.supporters[new].email]
    assert not any("place" in message.facts for message in told)


def test_nobody_takes_over_more_than_she_agreed_to_nor_what_she_cannot_lead(office, now):
    office.confirm(now)
    new = 1 - leader_of(office)
    with refused(NotFoundError):
        hand_over(office, now, number=new, actor=office.as_supporter(new))
    with transaction() as session:
        person = office.people[0]
        made = {"state": PairingState.DECLINED, "decline_reason": DeclineReason.CONFLICT_OF_INTEREST}
        made |= {"answered_at": now, "ended_at": now}
        make_pairing(session, person, session.get_one(Supporter, office.supporters[new].id), **made)
    with refused(NotEligibleError, rule="circle"):
        hand_over(office, now, number=new)
    pause_supporter(supporter_id=office.supporters[new].public_id, actor=office.coordinator, at=now)
    with pytest.raises(NotEligibleError):
        hand_over(office, now, number=new)
    circles.set_circle_capacity(
        supporter_id=office.supporters[new].public_id, capacity=0, actor=office.coordinator, at=now
    )
    resume_supporter(supporter_id=office.supporters[new].public_id, actor=office.coordinator, at=now)
    with pytest.raises(CapacityReachedError):
        hand_over(office, now, number=new)


def test_the_hours_of_a_meeting_stay_with_who_led_it(office, now):
    circle = office.confirm(now)
    first = leader_of(office)
    with transaction() as session:
        make_circle_meeting(
            session, circle, state=CircleMeetingState.HELD, starts_at=now - timedelta(days=2), number=90, minutes=120
        )
    hand_over(office, now, number=1 - first)
    span = {"start": now - timedelta(days=30), "end": now + timedelta(days=1)}
    given = [read_given_hours(db.session(), one, **span).circle_minutes for one in office.supporters]
    assert (given[first], given[1 - first]) == (120, 0)


@pytest.mark.parametrize(("place", "moves", "risen"), [("Ailleurs", True, 1), ("—", False, 1), ("Ailleurs", False, 0)])
def test_a_circle_in_person_stays_where_it_is_found_unless_it_is_moved_or_nobody_finds_it(
    office, now, place, moves, risen
):
    circle = office.confirm(now)
    with transaction() as session:
        circle = session.merge(circle)
        circle.format, circle.place = CircleFormat.IN_PERSON, place
    before = [meeting.sequence for meeting in list_planned(db.session(), circle.id)]
    hand_over(office, now, number=1 - leader_of(office), moves_place=moves)
    (circle,) = office.circles()
    assert (circle.place == place) == (risen == 0)
    assert [meeting.sequence for meeting in list_planned(db.session(), circle.id)] == [one + risen for one in before]


def test_where_a_circle_meets_is_forgotten_with_who_said_it_also_after_her_time(office, now):
    circle = office.confirm(now)
    first = office.supporters[leader_of(office)]
    with transaction() as session:
        account = make_account(session)
        session.get_one(Supporter, first.id).account_id = account.id
        session.merge(circle).format = CircleFormat.IN_PERSON
    meeting = list_planned(db.session(), circle.id)[0]
    said_by = Actor(account_id=account.id, supporter_ids=frozenset({first.id}))
    say_where(meeting_id=meeting.public_id, place="Chez elle, 3 rue Haute", actor=said_by, at=now)
    hand_over(office, now, number=1 - leader_of(office))
    assert office.circles()[0].place == "Chez elle, 3 rue Haute"
    ask_erasure(root=Root.ACCOUNT, public_id=account.public_id, ground=ErasureGround.OWN, actor=said_by, at=now)
    assert [carry_out_erasures(at=now + timedelta(days=days)) for days in (2, 3)] == [0, 1]
    assert "elle" not in office.circles()[0].place


def test_whoever_can_no_longer_sign_in_leads_no_circle(office, now):
    circle = office.confirm(now)
    with transaction() as session:
        account = make_account(session, is_active=False)
        session.get_one(Supporter, circle.facilitator_id).account_id = account.id
    assert count_decisions(office, now) == 1


def test_where_profiles_leave_nobody_one_is_named_by_hand_and_it_is_kept_what_was_passed_over(office, now):
    office.confirm(now)
    new = 1 - leader_of(office)
    with transaction() as session:
        session.get_one(Supporter, office.supporters[new].id).availability = 0
    (circle,) = office.circles()
    (possible,) = list_possible_leaders(circle=circle, actor=office.coordinator, at=now)
    assert possible.passed_over == (CircleRule.TIME,)
    with refused(NotEligibleError, rule="circle"):
        hand_over(office, now, number=new)
    hand_over(office, now, number=new, note=" Elle se libère le mardi. ")
    (circle,) = office.circles()
    assert (leader_of(office), circle.passed_over, circle.leader_note) == (new, ["time"], "Elle se libère le mardi.")
    with transaction() as session:
        extra = {"needs": {TOPICS[0]: 3}, "offers": {TOPICS[1]: 2}, "activity_code": None, "wants_circle": True}
        newcomer = make_entrepreneur(session, office.association, **extra)
    (found,) = list_next_people(circle=circle, actor=office.coordinator, at=now).best
    assert found.person.id == newcomer.id
    assert broken_laws() == []


def test_no_word_of_a_coordinator_passes_over_what_keeps_two_people_apart(office, now):
    office.confirm(now)
    new = 1 - leader_of(office)
    with transaction() as session:
        helper = session.get_one(Supporter, office.supporters[new].id)
        helper.availability = 0
        helper.household = session.get_one(Entrepreneur, office.people[0].id).household = "rue des Lilas 3"
    (circle,) = office.circles()
    assert list_possible_leaders(circle=circle, actor=office.coordinator, at=now) == []
    with refused(NotEligibleError, rule="circle"):
        hand_over(office, now, number=new, note="Nous en avons parlé.")


def test_each_rule_is_told_alone_and_a_circle_in_person_stays_where_it_meets(office, now):
    office.confirm(now)
    new = 1 - leader_of(office)
    with transaction() as session:
        circle = session.get_one(Circle, office.circles()[0].id)
        circle.format, circle.place, circle.language = CircleFormat.IN_PERSON, "Maison des projets", "ar"
        helper = session.get_one(Supporter, office.supporters[new].id)
        helper.latitude, helper.longitude = 43.3, 5.4
    hand_over(office, now, number=new, note="Il vient en train.")
    (circle,) = office.circles()
    assert (circle.passed_over, circle.place) == (["language", "place"], "Maison des projets")
