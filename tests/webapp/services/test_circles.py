"""Circles: proposed to coordinators only, confirmed with invitations, joined or declined; every place counted."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.circles import (
    Circle,
    CircleLeftOut,
    CircleMember,
    CircleRound,
    DepartureReason,
    DissolveReason,
    Facilitator,
)
from models.db import db, transaction
from models.exceptions import (
    AlreadyServedError,
    CapacityInUseError,
    CapacityReachedError,
    InvalidInputError,
    InvalidTransitionError,
    NotEligibleError,
    NotFoundError,
    PermissionDeniedError,
)
from models.messages import Message, MessageKind
from models.queries.circles import map_apart
from models.states import CircleMemberState, CircleState, SupporterState
from tests.factories import make_circle, make_circle_member, make_entrepreneur, make_facilitator, make_supporter
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.circle_bridge import CircleSizes
from webapp.services import circles
from webapp.services.circles import first_meeting_on
from webapp.services.clocks import tick
from webapp.services.entrepreneurs import close_entrepreneur, save_profile_step
from webapp.services.profile_steps import CircleValues

SIZES = CircleSizes()
TOPICS = ("cash_flow", "sales", "marketing")


class CircleOffice(Office):
    """People who ask for a circle, each offering what the next one needs, and supporters who lead."""

    def __init__(self, *, people: int = 7, leaders: int = 1, capacity: int = 1) -> None:
        super().__init__(people=0, supporters=leaders, suggested=False)
        with transaction() as session:
            self.people = [
                make_entrepreneur(
                    session,
                    self.association,
                    wants_circle=True,
                    activity_code=None,
                    needs={TOPICS[at % 3]: 3},
                    offers={TOPICS[(at + 1) % 3]: 2},
                )
                for at in range(people)
            ]
            for supporter in self.supporters:
                make_facilitator(session, supporter, capacity=capacity)

    def propose(self, now, **sizes):  # type: ignore[no-untyped-def, override]
        return circles.propose_circles(
            association_id=self.association.public_id,
            sizes=CircleSizes(**sizes),
            actor=self.coordinator,
            at=now,
        )

    def circles(self, *states):
        db.session.rollback()
        db.session.expire_all()
        wanted = states or tuple(CircleState)
        return db.session.scalars(select(Circle).where(Circle.state.in_(wanted)).order_by(Circle.id)).all()

    def members(self, *states):
        db.session.rollback()
        db.session.expire_all()
        wanted = states or tuple(CircleMemberState)
        chosen = select(CircleMember).where(CircleMember.state.in_(wanted)).order_by(CircleMember.id)
        return db.session.scalars(chosen).all()

    def confirm(self, now):
        self.propose(now)
        (circle,) = self.circles()
        circles.confirm_circle(circle_id=circle.public_id, actor=self.coordinator, at=now)
        return self.circles()[0]

    def led(self):
        db.session.rollback()
        return db.session.scalars(select(Facilitator.taken).order_by(Facilitator.supporter_id)).all()


def test_a_proposal_places_who_asked_and_tells_nobody(any_app, now):
    office = CircleOffice()
    with transaction() as session:
        make_entrepreneur(session, office.association, activity_code=None)
    office.propose(now)
    (circle,) = office.circles()
    members = office.members()
    assert (circle.state, circle.taken, circle.quorum) == (CircleState.PROPOSED, 7, 4)
    assert {member.entrepreneur_id for member in members} == {person.id for person in office.people}
    assert {member.state for member in members} == {CircleMemberState.PROPOSED}
    assert {reason["code"] for reason in members[0].reasons} >= {"receives", "gives", "common_slot"}
    made = db.session.scalars(select(CircleRound)).one()
    assert (made.placed, made.placed_bound, made.gap, made.is_exact) == (7, 7, 0.0, True)
    assert office.messages() == []
    assert office.led() == [0]
    assert broken_laws() == []


def test_proposing_again_replaces_what_was_not_confirmed(any_app, now):
    office = CircleOffice()
    office.propose(now)
    office.propose(now + timedelta(hours=1))
    first, second = office.circles()
    assert (first.state, first.dissolve_reason, first.taken) == (CircleState.DISSOLVED, DissolveReason.REPLACED, 0)
    assert (second.state, second.taken) == (CircleState.PROPOSED, 7)
    assert broken_laws() == []


def test_who_is_left_out_is_kept_with_the_reason_and_the_remedy(any_app, now):
    office = CircleOffice(people=4)
    office.propose(now)
    assert office.circles() == []
    rows = db.session.scalars(select(CircleLeftOut).order_by(CircleLeftOut.entrepreneur_id)).all()
    assert {row.rule for row in rows} == {"people"}
    assert rows[0].change["code"] == "more_people"
    assert rows[0].change["facts"]["missing"] == 2


def test_sizes_that_no_circle_can_have_are_refused(any_app, now):
    office = CircleOffice()
    with refused(InvalidInputError, field="target"):
        office.propose(now, minimum=6, target=4)


def test_confirming_takes_the_facilitator_and_invites_everybody_once(any_app, now):
    office = CircleOffice()
    circle = office.confirm(now)
    members = office.members()
    assert circle.state is CircleState.CONFIRMED
    assert circle.first_meeting_on is not None
    assert circle.first_meeting_on.weekday() == circle.slot // 3
    assert {member.state for member in members} == {CircleMemberState.INVITED}
    assert {member.deadline_at for member in members} == {now + timedelta(days=7)}
    kinds = [kind for kind, _ in office.messages()]
    assert sorted(kinds) == ["circle_invited"] * 7 + ["circle_led"]
    assert office.led() == [1]
    assert broken_laws() == []
    with refused(InvalidTransitionError):
        circles.confirm_circle(circle_id=circle.public_id, actor=office.coordinator, at=now)


def test_a_facilitator_leads_no_more_circles_than_she_agreed_to(any_app, now):
    office = CircleOffice(people=16, capacity=2)
    office.propose(now)
    first, second = office.circles()
    circles.confirm_circle(circle_id=first.public_id, actor=office.coordinator, at=now)
    with pytest.raises(CapacityInUseError):
        circles.set_circle_capacity(
            supporter_id=office.supporters[0].public_id, capacity=0, actor=office.coordinator, at=now
        )
    circles.set_circle_capacity(
        supporter_id=office.supporters[0].public_id, capacity=1, actor=office.coordinator, at=now
    )
    with refused(CapacityReachedError):
        circles.confirm_circle(circle_id=second.public_id, actor=office.coordinator, at=now)
    with pytest.raises(InvalidInputError):
        circles.set_circle_capacity(
            supporter_id=office.supporters[0].public_id, capacity=21, actor=office.coordinator, at=now
        )
    assert broken_laws() == []


def test_a_circle_of_too_few_or_without_its_facilitator_is_not_confirmed(any_app, now):
    office = CircleOffice(people=6)
    office.propose(now)
    (circle,) = office.circles()
    with transaction() as session:
        facilitator = session.get_one(type(office.supporters[0]), office.supporters[0].id)
        facilitator.state, facilitator.back_on = SupporterState.PAUSED, now.date()
    with refused(NotEligibleError, rule="not_active"):
        circles.confirm_circle(circle_id=circle.public_id, actor=office.coordinator, at=now)
    remove(office, office.members()[0], now, DepartureReason.OTHER_CHOICE)
    with refused(NotEligibleError, rule="people"):
        circles.confirm_circle(circle_id=circle.public_id, actor=office.coordinator, at=now)


def remove(office, member, now, reason):
    circles.remove_member(member_id=member.public_id, reason=reason, note=" a word ", actor=office.coordinator, at=now)


def actor_of(office, member):
    return office.as_person(next(at for at, one in enumerate(office.people) if one.id == member.entrepreneur_id))


def test_a_person_joins_or_declines_and_the_place_is_free_again(any_app, now):
    office = CircleOffice()
    office.confirm(now)
    yes, no, silent = office.members()[:3]
    circles.join_circle(member_id=yes.public_id, actor=actor_of(office, yes), at=now)
    circles.decline_circle(member_id=no.public_id, note="Pas le temps", actor=actor_of(office, no), at=now)
    (circle,) = office.circles()
    assert circle.taken == 6
    assert ("circle_answered", office.account.email) in office.messages()
    with refused(InvalidTransitionError):
        circles.join_circle(member_id=no.public_id, actor=actor_of(office, no), at=now)
    with refused(NotFoundError):
        circles.join_circle(member_id=silent.public_id, actor=actor_of(office, yes), at=now)
    with refused(NotFoundError):
        circles.decline_circle(member_id=silent.public_id, actor=NOBODY, at=now)
    circles.leave_circle(member_id=yes.public_id, actor=actor_of(office, yes), at=now)
    assert office.members()[0].departure_reason is DepartureReason.OWN_WISH
    assert broken_laws() == []


def test_an_invitation_without_an_answer_ends_by_itself_once(any_app, now):
    office = CircleOffice()
    office.confirm(now)
    assert tick(at=now + timedelta(days=6))["circles"] == 0
    late = now + timedelta(days=7)
    assert tick(at=late)["circles"] == 7
    assert tick(at=late)["circles"] == 0
    over = select(Message.recipient, Message.facts).where(Message.kind == MessageKind.CIRCLE_OVER)
    told = {recipient: facts.get("lapsed") for recipient, facts in db.session.execute(over)}
    assert told == {person.email: True for person in office.people}
    assert {member.departure_reason for member in office.members()} == {DepartureReason.NO_ANSWER}
    assert office.circles()[0].taken == 0
    assert broken_laws() == []


def test_dissolving_frees_the_facilitator_and_tells_who_knew(any_app, now):
    office = CircleOffice()
    circle = office.confirm(now)
    with refused(InvalidInputError):
        circles.dissolve_circle(
            circle_id=circle.public_id, reason=DissolveReason.REPLACED, actor=office.coordinator, at=now
        )
    circles.dissolve_circle(circle_id=circle.public_id, reason=DissolveReason.TOO_FEW, actor=office.coordinator, at=now)
    assert office.led() == [0]
    assert {member.state for member in office.members()} == {CircleMemberState.LEFT}
    assert [kind for kind, _ in office.messages()].count("circle_over") == 8
    assert broken_laws() == []
    office.propose(now)
    proposal = office.circles(CircleState.PROPOSED)[0]
    before = office.messages()
    circles.dissolve_circle(
        circle_id=proposal.public_id, reason=DissolveReason.NOT_FITTING, actor=office.coordinator, at=now
    )
    assert office.messages() == before


def test_who_must_not_sit_together_never_does_again(any_app, now):
    office = CircleOffice(people=8, leaders=2)
    office.propose(now)
    gone = office.members()[0]
    remove(office, gone, now, DepartureReason.NOT_TOGETHER)
    with transaction() as session:
        apart = map_apart(session, office.association_id)
    assert office.members(CircleMemberState.LEFT)[0].departure_note == "a word"
    assert gone.entrepreneur_id in apart
    assert len(apart[gone.entrepreneur_id]) == 7
    office.propose(now + timedelta(hours=1))
    placed = {member.entrepreneur_id for member in office.members(CircleMemberState.PROPOSED)}
    assert placed == {person.id for person in office.people} - {gone.entrepreneur_id}
    with refused(InvalidInputError):
        remove(office, office.members(CircleMemberState.PROPOSED)[0], now, DepartureReason.CIRCLE_OVER)


def test_a_member_moves_to_a_circle_that_suits_everybody(any_app, now):
    office = CircleOffice(people=14, leaders=2)
    office.propose(now)
    first, second = office.circles()
    member = next(one for one in office.members() if one.circle_id == first.id)
    placed = circles.move_member(
        member_id=member.public_id, circle_id=second.public_id, actor=office.coordinator, at=now
    )
    first, second = office.circles()
    assert (first.taken, second.taken) == (6, 8)
    moved = next(one for one in office.members() if one.public_id == placed)
    assert (moved.circle_id, moved.entrepreneur_id) == (second.id, member.entrepreneur_id)
    other = next(one for one in office.members(CircleMemberState.PROPOSED) if one.circle_id == first.id)
    with refused(CapacityReachedError):
        circles.move_member(member_id=other.public_id, circle_id=second.public_id, actor=office.coordinator, at=now)
    circles.confirm_circle(circle_id=first.public_id, actor=office.coordinator, at=now)
    circles.move_member(member_id=placed, circle_id=first.public_id, actor=office.coordinator, at=now)
    assert office.members()[-1].state is CircleMemberState.INVITED
    assert broken_laws() == []


def test_who_knew_of_her_circle_is_told_when_she_moves_to_one_that_is_only_proposed(any_app, now):
    office = CircleOffice(people=14, leaders=2)
    office.propose(now)
    first, second = office.circles()
    circles.confirm_circle(circle_id=first.public_id, actor=office.coordinator, at=now)
    member = next(one for one in office.members() if one.circle_id == first.id)
    moved = {"member_id": member.public_id, "circle_id": second.public_id, "actor": office.coordinator, "at": now}
    circles.move_member(**moved)
    assert [kind for kind, _ in office.messages()].count("circle_over") == 1


def test_a_move_that_a_rule_forbids_is_refused(any_app, now):
    office = CircleOffice(people=12, leaders=2)
    office.propose(now)
    first, second = office.circles()
    member = next(one for one in office.members() if one.circle_id == first.id)
    with transaction() as session:
        session.get_one(type(office.people[0]), member.entrepreneur_id).household = "home"
        other = next(one for one in office.members() if one.circle_id == second.id)
        other_id = other.entrepreneur_id
    with transaction() as session:
        session.get_one(type(office.people[0]), member.entrepreneur_id).household = "home"
        session.get_one(type(office.people[0]), other_id).household = "home"
    with refused(NotEligibleError, rule="circle"):
        circles.move_member(member_id=member.public_id, circle_id=second.public_id, actor=office.coordinator, at=now)
    with refused(NotFoundError):
        circles.move_member(member_id=member.public_id, circle_id=first.public_id, actor=office.coordinator, at=now)
    circles.dissolve_circle(circle_id=second.public_id, reason=DissolveReason.OTHER, actor=office.coordinator, at=now)
    with refused(NotEligibleError, rule="circle_over"):
        circles.move_member(member_id=member.public_id, circle_id=second.public_id, actor=office.coordinator, at=now)


def test_closing_a_file_or_taking_the_wish_back_gives_the_place_back(any_app, now):
    office = CircleOffice(people=8)
    office.propose(now)
    save_profile_step(
        entrepreneur_id=office.people[0].public_id,
        values=CircleValues(wants_circle=False, offers=frozenset({"sales"})),
        actor=office.as_person(0),
        at=now,
    )
    (circle,) = office.circles()
    assert circle.taken == 7
    circles.confirm_circle(circle_id=circle.public_id, actor=office.coordinator, at=now)
    joined = next(one for one in office.members() if one.entrepreneur_id == office.people[1].id)
    circles.join_circle(member_id=joined.public_id, actor=office.as_person(1), at=now)
    save_profile_step(
        entrepreneur_id=office.people[1].public_id,
        values=CircleValues(wants_circle=False),
        actor=office.as_person(1),
        at=now,
    )
    assert office.circles()[0].taken == 7
    close_entrepreneur(entrepreneur_id=office.people[1].public_id, actor=office.coordinator, at=now)
    assert office.circles()[0].taken == 6
    assert broken_laws() == []


def test_confided_topics_are_not_offered(any_app, now):
    office = CircleOffice(people=1)
    with refused(InvalidInputError, field="offers"):
        save_profile_step(
            entrepreneur_id=office.people[0].public_id,
            values=CircleValues(wants_circle=True, offers=frozenset({"stress_balance"})),
            actor=office.as_person(0),
            at=now,
        )


def test_a_stale_composition_changes_nothing(any_app, now, monkeypatch):
    office = CircleOffice(people=7)
    office.propose(now)
    real = circles.circle_bridge.compose

    def confirm_meanwhile(pool, **values):
        plan = real(pool, **values)
        circles.confirm_circle(circle_id=office.circles()[0].public_id, actor=office.coordinator, at=now)
        return plan

    monkeypatch.setattr(circles.circle_bridge, "compose", confirm_meanwhile)
    with pytest.raises(AlreadyServedError):
        office.propose(now)
    assert len(office.circles()) == 1
    assert broken_laws() == []


def test_who_takes_her_wish_back_while_the_engine_works_is_not_placed(any_app, now, monkeypatch):
    office = CircleOffice(people=7)
    real = circles.circle_bridge.compose

    def change_her_mind(pool, **values):
        plan = real(pool, **values)
        values = CircleValues(wants_circle=False)
        person = office.people[0].public_id
        save_profile_step(entrepreneur_id=person, values=values, actor=office.as_person(0), at=now)
        return plan

    monkeypatch.setattr(circles.circle_bridge, "compose", change_her_mind)
    with pytest.raises(AlreadyServedError):
        office.propose(now)
    assert office.members() == []


def test_only_coordinators_of_the_association_steer_circles(any_app, now):
    office, other = CircleOffice(), Office(people=1)
    circle = office.confirm(now)
    member = office.members()[0]
    person = actor_of(office, member)
    for actor, error in ((other.coordinator, NotFoundError), (NOBODY, NotFoundError)):
        with refused(error):
            circles.propose_circles(association_id=office.association.public_id, sizes=SIZES, actor=actor, at=now)
        with refused(error):
            circles.dissolve_circle(circle_id=circle.public_id, reason=DissolveReason.OTHER, actor=actor, at=now)
    with refused(PermissionDeniedError):
        circles.remove_member(member_id=member.public_id, reason=DepartureReason.OTHER_CHOICE, actor=person, at=now)


def test_a_circle_of_another_association_is_no_target(any_app, now):
    office, other = CircleOffice(), CircleOffice()
    office.propose(now)
    with transaction() as session:
        leader = make_facilitator(session, make_supporter(session, other.association))
        target = make_circle(session, leader)
        make_circle_member(session, target, other.people[0])
    with refused(NotFoundError):
        circles.move_member(
            member_id=office.members()[0].public_id,
            circle_id=target.public_id,
            actor=office.coordinator,
            at=now,
        )


@pytest.mark.parametrize(
    ("slot", "after", "expected"),
    [(0, date(2026, 12, 1), date(2026, 12, 14)), (5, date(2026, 12, 1), date(2026, 12, 8))],
)
def test_the_first_meeting_leaves_a_week_to_prepare(slot, after, expected):
    assert first_meeting_on(slot, after=after) == expected
