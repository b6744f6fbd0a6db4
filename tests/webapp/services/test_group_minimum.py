"""A session that needs some people: certain once it has them, else somebody is asked; never cancelled by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.db import db, transaction
from models.exceptions import InvalidInputError, NotFoundError, SessionClosedError
from models.messages import Message, MessageKind
from models.notices import Notice, NoticeKind
from models.queries.deadlines import check_deadlines
from models.states import SessionState, VisitorState
from tests.factories import make_visitor
from tests.webapp.services.test_bookings import House, kinds_to
from tests.webapp.services.test_workshops import VALUES, create, load
from webapp.services.clocks import tick
from webapp.services.group_minimum import confirm_full_groups, go_ahead, notice_undecided
from webapp.services.visitors import confirm_seat
from webapp.services.workshops import cancel_session, update_session

DAY = timedelta(days=1)
NEEDS_TWO = replace(VALUES, seats=5, minimum=2)


def needy_house(now, **values):
    house = House()
    house.id = create(house, now, **{"seats": 5, "minimum": 2, **values}).session_id
    return house


def decided_law(at):
    db.session.rollback()
    checks = {check.name: check.holds for check in check_deadlines(db.session(), at=at)}
    return checks["session_is_decided_or_asked_about"]


def notices():
    db.session.rollback()
    asked = (NoticeKind.GO_OR_NO_GO, NoticeKind.GO_OVERDUE)
    told = select(Notice.kind, Notice.recipient).where(Notice.kind.in_(asked))
    return [(kind, recipient) for kind, recipient in db.session.execute(told)]


def test_it_is_decided_three_days_before_the_start(any_app, now):
    house = needy_house(now)
    workshop = load(house.id)
    assert (workshop.minimum, workshop.decide_by, workshop.sure_at) == (2, workshop.starts_at - 3 * DAY, None)


def test_no_more_people_are_needed_than_there_are_seats(app, now):
    with pytest.raises(InvalidInputError) as refused:
        needy_house(now, minimum=6)
    assert refused.value.facts["field"] == "minimum"


def test_with_its_people_it_is_certain_and_stays_so_when_one_leaves(any_app, now):
    house = needy_house(now)
    first = house.book(0, now)
    assert confirm_full_groups(at=now) == 0
    house.book(1, now)
    assert [tick(at=now)["groups_complete"], tick(at=now)["groups_complete"]] == [1, 0]
    for person in house.people[:2]:
        assert kinds_to(person) == [MessageKind.BOOKING_CONFIRMED, MessageKind.SESSION_SURE]
    facts = select(Message.facts).where(Message.recipient == house.people[0].email).order_by(Message.id)
    assert [one.get("unsure") for one in db.session.scalars(facts)] == [True, None]
    house.cancel(first, 0, now)
    assert load(house.id).sure_at == now
    assert notice_undecided(at=load(house.id).decide_by) == 0


def test_a_visitor_who_confirmed_counts_and_one_who_only_asked_does_not(any_app, now):
    house = needy_house(now, is_public=True)
    house.book(0, now)
    with transaction() as session:
        visitor = make_visitor(session, load(house.id))
    assert (confirm_full_groups(at=now), load(house.id).sure_at) == (0, None)
    assert confirm_seat(visitor_id=visitor.public_id, at=now).state is VisitorState.CONFIRMED
    assert (confirm_full_groups(at=now), load(house.id).sure_at) == (1, now)


def test_on_the_day_the_organiser_is_asked_and_a_day_later_the_coordinators(any_app, now):
    house = needy_house(now)
    house.book(0, now)
    day = load(house.id).decide_by
    assert notice_undecided(at=day - timedelta(seconds=1)) == 0
    assert [tick(at=day)["go_or_no_go"], tick(at=day)["go_or_no_go"]] == [1, 0]
    assert notices() == [(NoticeKind.GO_OR_NO_GO, house.coordinator.email)]
    assert tick(at=day + DAY)["go_or_no_go"] == 1
    assert {kind for kind, _ in notices()} == {NoticeKind.GO_OR_NO_GO, NoticeKind.GO_OVERDUE}
    assert load(house.id).state is SessionState.SCHEDULED, "nothing is cancelled by itself"
    assert decided_law(day + 3 * DAY)


def test_a_day_of_decision_that_nobody_was_asked_about_breaks_the_law(app, now):
    house = needy_house(now)
    day = load(house.id).decide_by
    assert decided_law(day + DAY)
    assert not decided_law(day + 3 * DAY)


def test_going_ahead_tells_who_comes_once(any_app, now):
    house = needy_house(now)
    house.book(0, now)
    assert [go_ahead(session_id=house.id, actor=house.organiser, at=now) for _ in range(2)] == [1, 0]
    assert kinds_to(house.people[0])[-1] is MessageKind.SESSION_SURE
    assert notice_undecided(at=load(house.id).decide_by) == 0


def test_no_go_is_a_cancellation_with_a_word_to_all(any_app, now):
    house = needy_house(now)
    house.book(0, now)
    cancel_session(session_id=house.id, actor=house.organiser, at=now)
    assert kinds_to(house.people[0])[-1] is MessageKind.SESSION_CANCELLED
    with pytest.raises(SessionClosedError):
        go_ahead(session_id=house.id, actor=house.organiser, at=now)


def test_only_coordinators_of_the_association_decide(app, now):
    house, other = needy_house(now), House()
    with pytest.raises(NotFoundError):
        go_ahead(session_id=house.id, actor=other.organiser, at=now)
    with pytest.raises(SessionClosedError):
        go_ahead(session_id=house.id, actor=house.organiser, at=load(house.id).starts_at)


def test_a_moved_session_has_a_new_day_and_other_words_keep_it(app, now):
    house = needy_house(now)
    before = load(house.id).decide_by
    update_session(
        session_id=house.id, values=replace(NEEDS_TWO, title="Autrement"), actor=house.organiser, at=before + DAY
    )
    assert load(house.id).decide_by == before
    later = replace(NEEDS_TWO, day=VALUES.day + 7 * DAY)
    update_session(session_id=house.id, values=later, actor=house.organiser, at=now)
    assert load(house.id).decide_by == before + 7 * DAY
    update_session(session_id=house.id, values=replace(later, minimum=None), actor=house.organiser, at=now)
    assert (load(house.id).minimum, load(house.id).decide_by) == (None, None)
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 0
