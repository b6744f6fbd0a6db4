"""A wish to be called: by explicit agreement, never left lying, and nothing of why."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, text

from models.accounts import Account
from models.audit import AuditEvent
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur
from models.exceptions import InvalidInputError, NobodyTrainedError, NotFoundError
from models.handovers import Handover, Sentinel
from models.messages import Message
from models.queries.care import list_sentinels
from models.queries.deadlines import check_deadlines
from models.states import HandoverState
from tests.clock import NOW
from tests.factories import (
    make_account,
    make_association,
    make_committee_file,
    make_entrepreneur,
    make_sentinel,
    make_supporter,
)
from tests.office import Office, broken_laws
from webapp.permissions import Actor
from webapp.services.clocks.care import hand_over_calls
from webapp.services.handovers import ask_for_call, change_reach, close_call, hand_on, take_call
from webapp.services.sentinels import end_sentinel, name_sentinel

DAY = timedelta(days=1)
REACH = "06 12 34 56 78, le soir"


class Watch:
    """An association with two trained people and somebody who may ask for them."""

    def __init__(self, trained: int = 2) -> None:
        self.office = Office(suggested=False)
        with transaction() as session:
            self.accounts = [make_account(session) for _ in range(trained)]
            self.sentinels = [make_sentinel(session, self.office.association, account) for account in self.accounts]
        self.person = self.office.people[0]

    def ask(self, *, at=NOW, **values):
        given = {"sentinel_id": None, "reach": REACH, "tells_name": False, "agrees": True}
        given |= {"entrepreneur_id": self.person.public_id, "actor": self.office.as_person(), **values}
        return ask_for_call(at=at, **given)

    def as_sentinel(self, number: int = 0) -> Actor:
        return Actor(account_id=self.accounts[number].id, sentinel_ids=frozenset({self.sentinels[number].id}))

    def handover(self) -> Handover:
        db.session.rollback()
        return db.session.scalars(select(Handover)).one()

    def told(self) -> list[tuple[str, str]]:
        return [line for line in self.office.messages() if line[0].startswith("handover")]


@pytest.fixture
def watch(any_app) -> Watch:
    return Watch()


def list_events():
    return db.session.scalars(select(AuditEvent).where(AuditEvent.record == "handover").order_by(AuditEvent.id))


def test_who_agrees_is_handed_to_somebody_trained_who_is_told_no_name(watch):
    watch.ask()
    handover = watch.handover()
    assert (handover.state, handover.sentinel_id) == (HandoverState.OPEN, watch.sentinels[0].id)
    assert handover.due_at == NOW + DAY
    assert watch.told() == [("handover_asked", watch.accounts[0].email)]
    facts = db.session.scalars(select(Message)).one().facts
    assert set(facts) == {"association", "due_at"}
    assert broken_laws() == []


def test_the_number_is_unreadable_in_the_database_and_gone_when_it_is_over(watch):
    watch.ask()
    assert REACH not in db.session.scalar(text("SELECT reach FROM handovers"))
    close_call(handover_id=watch.handover().public_id, actor=watch.office.as_person(), at=NOW + DAY)
    handover = watch.handover()
    assert (handover.state, handover.reach) == (HandoverState.CLOSED, None)
    assert [event.note for event in list_events()] == ["", ""]
    assert broken_laws() == []


def test_without_agreement_or_a_number_nobody_is_told(watch):
    with pytest.raises(InvalidInputError):
        watch.ask(agrees=False)
    with pytest.raises(InvalidInputError):
        watch.ask(reach=" 1 ")
    assert watch.told() == []


def test_another_number_takes_the_place_of_the_first_and_is_hers_to_give(watch):
    watch.ask(tells_name=True)
    given = {"entrepreneur_id": watch.person.public_id, "reach": " 07  98 76 54 32", "tells_reach": True, "at": NOW}
    for actor in (watch.office.coordinator, watch.as_sentinel()):
        with pytest.raises(NotFoundError):
            change_reach(actor=actor, **given)
    for _time in range(2):
        change_reach(actor=watch.office.as_person(), **given)
    handover = watch.handover()
    assert (handover.reach, handover.tells_reach) == ("07 98 76 54 32", True)
    assert [event.action for event in list_events()] == [
        "ask",
        "change_reach",
    ]
    assert broken_laws() == []
    with pytest.raises(InvalidInputError):
        watch.ask(tells_reach=True)


def test_asking_twice_is_one_wish(watch):
    assert watch.ask() == watch.ask(at=NOW + timedelta(minutes=1))
    assert len(watch.told()) == 1


def test_the_person_chooses_whom_she_asks_among_the_trained_of_her_association(watch):
    with transaction() as session:
        stranger = make_sentinel(session, make_association(session), make_account(session))
    with pytest.raises(InvalidInputError):
        watch.ask(sentinel_id=stranger.public_id)
    watch.ask(sentinel_id=watch.sentinels[1].public_id)
    assert watch.handover().sentinel_id == watch.sentinels[1].id


def test_nobody_asks_for_somebody_else_and_a_coordinator_knows_of_nothing(watch):
    for actor in (watch.office.coordinator, watch.office.as_supporter(), Actor(account_id=None)):
        with pytest.raises(NotFoundError):
            watch.ask(actor=actor)
    watch.ask()
    handover_id = watch.handover().public_id
    for actor in (watch.office.coordinator, watch.as_sentinel(1)):
        for act in (take_call, hand_on, close_call):
            with pytest.raises(NotFoundError):
                act(handover_id=handover_id, actor=actor, at=NOW)


def test_where_nobody_is_trained_it_is_said(any_app):
    watch = Watch(trained=0)
    with pytest.raises(NobodyTrainedError):
        watch.ask()


def test_nobody_is_asked_to_call_herself(watch):
    with transaction() as session:
        session.get_one(Entrepreneur, watch.person.id).account_id = watch.accounts[0].id
    watch.ask()
    assert watch.handover().sentinel_id == watch.sentinels[1].id


def test_a_day_without_an_answer_asks_the_next_then_tells_the_coordinators_once(watch):
    watch.ask()
    assert hand_over_calls(at=NOW + timedelta(hours=13)) == 1  # the reminder
    assert hand_over_calls(at=NOW + timedelta(hours=14)) == 0
    hand_over_calls(at=NOW + DAY)
    assert watch.handover().sentinel_id == watch.sentinels[1].id
    hand_over_calls(at=NOW + 2 * DAY)
    hand_over_calls(at=NOW + 3 * DAY)
    first, second = (account.email for account in watch.accounts)
    coordinator = watch.office.account.email
    assert watch.told() == [
        ("handover_asked", first),
        ("handover_reminder", first),
        ("handover_asked", second),
        ("handover_asked", first),
        ("handover_unanswered", coordinator),
        ("handover_asked", second),
    ]
    told = db.session.scalars(select(Message).where(Message.kind == "handover_unanswered")).one()
    assert set(told.facts) == {"association"}
    assert broken_laws() == []


def test_the_coordinators_learn_her_name_only_if_she_agreed(watch):
    watch.ask(tells_name=True)
    for days in (1, 2):
        hand_over_calls(at=NOW + days * DAY)
    told = db.session.scalars(select(Message).where(Message.kind == "handover_unanswered")).one()
    assert told.facts["entrepreneur"] == f"{watch.person.first_name} {watch.person.last_name}"
    close_call(handover_id=watch.handover().public_id, actor=watch.office.coordinator, at=NOW + 3 * DAY)
    assert watch.handover().state is HandoverState.CLOSED


def test_a_call_that_nobody_takes_stays_with_the_coordinators_who_are_told_once_a_week(watch):
    watch.ask(tells_name=True)
    for day in range(1, 60):
        hand_over_calls(at=NOW + day * DAY)
        laws = {check.name: check.holds for check in check_deadlines(db.session(), at=NOW + day * DAY)}
        assert laws["call_is_asked_of_the_next_in_time"]
    handover = watch.handover()
    assert (handover.state, handover.sentinel_id) == (HandoverState.OPEN, None)
    kinds = ["handover_asked", "handover_unanswered"]
    told = db.session.scalars(select(Message).where(Message.kind.in_(kinds)).order_by(Message.id)).all()
    days = [(message.queued_at - NOW).days for message in told if message.kind == "handover_unanswered"]
    assert days == [2, 9, 16, 23, 30, 37, 44, 51, 58]
    assert max((message.queued_at - NOW).days for message in told if message.kind == "handover_asked") == 7
    named = watch.office.account.public_id
    chosen = {"account_id": named, "trained_on": NOW.date(), "actor": watch.office.coordinator}
    name_sentinel(association_id=watch.office.association.public_id, at=NOW + 59 * DAY, **chosen)
    assert (watch.told()[-1], watch.handover().due_at) == (
        ("handover_asked", watch.office.account.email),
        NOW + 60 * DAY,
    )
    hand_over_calls(at=NOW + 60 * DAY)
    assert (watch.handover().sentinel_id, watch.handover().due_at) == (None, NOW + 65 * DAY)
    assert broken_laws() == []


def test_a_call_taken_and_not_made_is_asked_of_somebody_else(watch):
    watch.ask()
    handover_id = watch.handover().public_id
    take_call(handover_id=handover_id, actor=watch.as_sentinel(), at=NOW + timedelta(hours=2))
    take_call(handover_id=handover_id, actor=watch.as_sentinel(), at=NOW + timedelta(hours=3))
    assert (watch.handover().state, watch.handover().due_at) == (HandoverState.TAKEN, NOW + DAY + timedelta(hours=2))
    hand_over_calls(at=NOW + DAY + timedelta(hours=3))
    assert (watch.handover().state, watch.handover().sentinel_id) == (HandoverState.OPEN, watch.sentinels[1].id)


def test_who_cannot_call_hands_on_at_once_and_knows_nothing_more(watch):
    watch.ask()
    handover_id = watch.handover().public_id
    hand_on(handover_id=handover_id, actor=watch.as_sentinel(), at=NOW)
    assert watch.handover().sentinel_id == watch.sentinels[1].id
    with pytest.raises(NotFoundError):
        close_call(handover_id=handover_id, actor=watch.as_sentinel(), at=NOW)


def test_who_said_that_she_cannot_call_is_not_asked_again_before_the_next_day(watch):
    watch.ask()
    handover_id = watch.handover().public_id
    for number in (0, 1):
        hand_on(handover_id=handover_id, actor=watch.as_sentinel(number), at=NOW)
    handover = watch.handover()
    assert (handover.state, handover.sentinel_id, handover.due_at) == (HandoverState.OPEN, None, NOW + DAY)
    assert [kind for kind, _ in watch.told()] == ["handover_asked", "handover_asked", "handover_unanswered"]
    hand_over_calls(at=NOW + DAY)
    assert watch.handover().sentinel_id in {one.id for one in watch.sentinels}


def test_who_is_a_sentinel_no_more_leaves_nobody_waiting(watch):
    watch.ask()
    for number in (0, 1):
        end_sentinel(sentinel_id=watch.sentinels[number].public_id, actor=watch.office.coordinator, at=NOW)
    handover = watch.handover()
    assert (handover.state, handover.sentinel_id) == (HandoverState.OPEN, None)
    assert watch.told()[-1] == ("handover_unanswered", watch.office.account.email)
    assert list_sentinels(db.session(), watch.office.association_id) == []
    assert broken_laws() == []


def test_a_week_without_a_tick_asks_one_person_once(watch):
    watch.ask()
    hand_over_calls(at=NOW + 7 * DAY)
    assert [kind for kind, _to in watch.told()] == ["handover_asked", "handover_asked"]


def test_a_coordinator_names_who_was_trained_among_her_own(any_app):
    watch = Watch(trained=0)
    office = watch.office
    with transaction() as session:
        stranger = make_account(session)
    named = {"association_id": office.association.public_id, "trained_on": date(2026, 3, 1), "at": NOW}
    account_id = office.account.public_id
    with pytest.raises(InvalidInputError):
        name_sentinel(account_id=stranger.public_id, actor=office.coordinator, **named)
    with pytest.raises(InvalidInputError):
        name_sentinel(account_id=account_id, actor=office.coordinator, **{**named, "trained_on": date(2027, 1, 1)})
    for actor in (office.as_supporter(), office.as_person()):
        with pytest.raises(NotFoundError):
            name_sentinel(account_id=account_id, actor=actor, **named)
    name_sentinel(account_id=account_id, actor=office.coordinator, **named)
    with pytest.raises(InvalidInputError):
        name_sentinel(account_id=account_id, actor=office.coordinator, **named)


def test_erasing_a_person_takes_her_wishes_with_her(watch):
    watch.ask()
    with transaction() as session:
        session.execute(delete(Entrepreneur).where(Entrepreneur.id == watch.person.id))
    assert db.session.scalar(text("SELECT count(*) FROM handovers")) == 0


def test_who_runs_the_association_is_asked_by_choice_or_agreement_alone(watch):
    """Else whoever decides on loans would name herself trained, and read who asked."""
    house = watch.office.association
    herself = db.session.get_one(Account, watch.office.coordinator.account_id).public_id
    watch.ask()
    for number in range(2):
        hand_on(handover_id=watch.handover().public_id, actor=watch.as_sentinel(number), at=NOW)
    assert (watch.handover().sentinel_id, watch.handover().told_at) == (None, NOW)
    named = {"association_id": house.public_id, "account_id": herself, "trained_on": date(2026, 3, 1)}
    name_sentinel(**named, actor=watch.office.coordinator, at=NOW)
    for sentinel in watch.sentinels:
        end_sentinel(sentinel_id=sentinel.public_id, actor=watch.office.coordinator, at=NOW)
    hand_over_calls(at=NOW + DAY)
    assert watch.handover().sentinel_id is None
    waiting_id = watch.handover().id
    with transaction() as session:
        other = make_entrepreneur(session, house)
        session.get_one(Handover, waiting_id).tells_name = True
    with pytest.raises(NobodyTrainedError):
        watch.ask(
            entrepreneur_id=other.public_id,
            actor=Actor(account_id=None, entrepreneur_ids=frozenset({other.id})),
        )
    hand_over_calls(at=NOW + 3 * DAY)
    assert watch.handover().sentinel_id == db.session.scalar(
        select(Sentinel.id).where(Sentinel.account_id == watch.office.coordinator.account_id)
    )
    assert broken_laws() == []


def test_who_examines_a_file_is_never_asked_to_call(watch):
    with transaction() as session:
        examiner = make_supporter(session, watch.office.association, account_id=watch.accounts[1].id)
        make_committee_file(session, watch.person, examiner)
    with pytest.raises(InvalidInputError):
        watch.ask(sentinel_id=watch.sentinels[1].public_id)
    watch.ask()
    assert not hand_on(handover_id=watch.handover().public_id, actor=watch.as_sentinel(), at=NOW)
    assert watch.handover().sentinel_id is None
