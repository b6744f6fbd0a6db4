"""The supporters' circle: a yes of one's own, gatherings planned, changed, noted; mails, hours, clocks."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from models.circle_meetings import CircleAnswer
from models.clocks import AssociationClock, Clock
from models.db import db, transaction
from models.exceptions import (
    InvalidInputError,
    InvalidTransitionError,
    InvalidWallTimeError,
    NotFoundError,
    PermissionDeniedError,
)
from models.gatherings import Gathering, GatheringAttendance, SupporterListing
from models.messages import Message
from models.notices import Notice
from models.queries.dashboard import get_overview
from models.queries.meetings import read_given_hours
from models.states import GatheringState
from models.supporters import Supporter
from tests.clock import NOW
from tests.office import NOBODY, Office, broken_laws, refused
from webapp.clock import PARIS
from webapp.services.clocks.gatherings import notice_gatherings, take_gathering_steps
from webapp.services.gatherings import (
    GatheringReport,
    GatheringValues,
    answer_gathering,
    cancel_gathering,
    change_gathering,
    hold_gathering,
    miss_gathering,
    plan_gathering,
)
from webapp.services.supporter_listings import join_supporters_circle, leave_supporters_circle
from webapp.services.supporters import let_supporter_leave

DAY = date(2026, 12, 15)
STARTS = datetime.combine(DAY, time(18, 30), PARIS)
VALUES = GatheringValues(day=DAY, starts_at=time(18, 30), minutes=120, place=" Maison des projets ", words="Dire non")
YES, NO = CircleAnswer.YES, CircleAnswer.NO


class Peers(Office):
    """An association with two supporters in the circle, and one who is not."""

    def __init__(self):  # type: ignore[no-untyped-def]
        super().__init__(people=0, supporters=3, suggested=False)
        for number in (0, 1):
            self.join(number)
        self.told_before = len(self.messages())

    def join(self, number, **values):
        supporter = self.supporters[number]
        join_supporters_circle(supporter_id=supporter.public_id, actor=self.as_supporter(number), at=NOW, **values)

    def plan(self, values=VALUES, *, at=NOW, actor=None):
        return plan_gathering(
            association_id=self.association.public_id, values=values, actor=actor or self.coordinator, at=at
        )

    def says(self, made, number, answer, *, at=NOW):
        answer_gathering(
            gathering_id=made,
            supporter_id=self.supporters[number].public_id,
            answer=answer,
            actor=self.as_supporter(number),
            at=at,
        )

    def hold(self, made, *numbers, minutes=90, at=STARTS + timedelta(hours=2)):
        present = [self.supporters[number].public_id for number in numbers]
        report = GatheringReport(present=present, minutes=minutes)
        hold_gathering(gathering_id=made, report=report, actor=self.coordinator, at=at)

    def told(self):
        return [kind for kind, _ in self.messages()[self.told_before :]]

    def hours(self, number):
        db.session.rollback()
        supporter = db.session.get_one(Supporter, self.supporters[number].id)
        start = datetime(2026, 1, 1, tzinfo=PARIS)
        given = read_given_hours(db.session(), supporter, start=start, end=start + timedelta(days=365))
        return given.gatherings, given.gathering_minutes


def read(made):
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Gathering).where(Gathering.public_id == made)).one()


def answers():
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(select(GatheringAttendance).order_by(GatheringAttendance.supporter_id))
    return [(one.answer, one.was_there) for one in rows]


def noticed():
    db.session.rollback()
    return [kind.value for kind in db.session.scalars(select(Notice.kind).order_by(Notice.id))]


@pytest.fixture
def peers(app):
    return Peers()


def test_a_gathering_is_planned_told_answered_and_counted(any_app):
    peers = Peers()
    made = peers.plan()
    gathering = read(made)
    assert (gathering.starts_at, gathering.place, gathering.host_id) == (STARTS, "Maison des projets", peers.account.id)
    assert gathering.report_due_at == STARTS + timedelta(hours=2)
    assert peers.told() == ["gathering_planned"] * 2
    peers.says(made, 0, YES)
    peers.says(made, 1, YES)
    peers.says(made, 1, NO)
    assert answers() == [(YES, None), (NO, None)]
    peers.hold(made, 0)
    assert answers() == [(YES, True), (NO, False)]
    assert (peers.hours(0), peers.hours(1)) == ((1, 90), (0, 0))
    assert [event[:3] for event in peers.events("gathering")] == [
        ("plan", None, "planned"),
        ("hold", "planned", "held"),
    ]
    assert broken_laws() == []


def test_what_was_noted_can_be_corrected(peers):
    made = peers.plan()
    peers.says(made, 0, YES)
    peers.hold(made, 1)
    peers.hold(made, 0, 1, minutes=60)
    assert (peers.hours(0), peers.hours(1)) == ((1, 60), (1, 60))
    miss_gathering(gathering_id=made, actor=peers.coordinator, at=STARTS + timedelta(days=1))
    assert answers() == [(YES, None)]
    assert peers.hours(0) == (0, 0)
    assert broken_laws() == []
    peers.hold(made, 0)
    assert read(made).state is GatheringState.HELD


def test_moving_forgets_answers_and_changing_the_place_keeps_them(peers):
    made = peers.plan()
    peers.says(made, 0, YES)
    elsewhere = GatheringValues(day=DAY, starts_at=time(18, 30), minutes=120, online_url="https://visio.example")
    change_gathering(gathering_id=made, values=elsewhere, actor=peers.coordinator, at=NOW)
    change_gathering(gathering_id=made, values=elsewhere, actor=peers.coordinator, at=NOW)
    assert (read(made).sequence, answers()) == (1, [(YES, None)])
    later = GatheringValues(day=DAY + timedelta(days=1), starts_at=time(18, 30), minutes=120, place="Ici")
    change_gathering(gathering_id=made, values=later, actor=peers.coordinator, at=NOW)
    assert (read(made).sequence, answers()) == (2, [])
    assert peers.told() == ["gathering_planned"] * 2 + ["gathering_changed"] * 4
    db.session.rollback()
    facts = [one.facts for one in db.session.scalars(select(Message).order_by(Message.id))][-4:]
    assert ["tap" in one for one in facts] == [False, False, True, True]
    assert not any("place" in one for one in facts)


def test_one_is_planned_at_a_time_and_the_next_after_it_is_called_off(peers):
    made = peers.plan()
    with refused(InvalidTransitionError, record="gathering"):
        peers.plan()
    cancel_gathering(gathering_id=made, actor=peers.coordinator, at=NOW)
    assert peers.told() == ["gathering_planned"] * 2 + ["gathering_cancelled"] * 2
    assert read(peers.plan()).state is GatheringState.PLANNED


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("gathering_day", {"day": NOW.date() - timedelta(days=1)}),
        ("gathering_day", {"day": NOW.date() + timedelta(days=400)}),
        ("minutes", {"minutes": 5}),
        ("place", {"place": "  "}),
        ("online_url", {"online_url": "javascript:1"}),
        ("words", {"words": "x" * 2001}),
    ],
)
def test_what_is_not_right_is_refused(peers, field, values):
    whole = {"day": DAY, "starts_at": time(18), "minutes": 120, "place": "Ici"}
    with refused(InvalidInputError, field=field):
        peers.plan(GatheringValues(**{**whole, **values}))


def test_an_hour_that_no_clock_shows_is_refused(peers):
    with refused(InvalidWallTimeError):
        peers.plan(GatheringValues(day=date(2027, 3, 28), starts_at=time(2, 30), minutes=60, place="Ici"))


def test_time_and_state_decide_what_can_be_done(peers):
    made = peers.plan()
    with refused(InvalidInputError, field="starts_at"):
        peers.hold(made, 0, at=NOW)
    with refused(InvalidInputError, field="starts_at"):
        miss_gathering(gathering_id=made, actor=peers.coordinator, at=NOW)
    for act in (
        lambda: peers.says(made, 0, YES, at=STARTS),
        lambda: cancel_gathering(gathering_id=made, actor=peers.coordinator, at=STARTS),
        lambda: change_gathering(gathering_id=made, values=VALUES, actor=peers.coordinator, at=STARTS),
    ):
        with refused(InvalidTransitionError):
            act()
    with refused(InvalidInputError, field="present"):
        peers.hold(made)
    with refused(InvalidInputError, field="present"):
        peers.hold(made, 2)
    with refused(InvalidInputError, field="minutes"):
        peers.hold(made, 0, minutes=5)


def test_only_who_runs_the_association_plans_and_only_who_is_in_the_circle_answers(peers):
    elsewhere = Peers()
    made = peers.plan()
    for actor in (NOBODY, peers.as_supporter(), elsewhere.coordinator):
        with refused(NotFoundError):
            peers.plan(actor=actor)
        with refused(NotFoundError):
            cancel_gathering(gathering_id=made, actor=actor, at=NOW)
    with refused(NotFoundError):
        peers.says(made, 2, YES)
    with refused(NotFoundError):
        elsewhere.says(made, 0, YES)
    with refused(PermissionDeniedError):
        supporter_id = peers.supporters[0].public_id
        answer_gathering(gathering_id=made, supporter_id=supporter_id, answer=YES, actor=peers.coordinator, at=NOW)


def test_a_yes_is_hers_alone_and_taken_back_at_any_time(peers):
    supporter = peers.supporters[0]
    for actor, error in ((peers.coordinator, PermissionDeniedError), (peers.as_supporter(1), NotFoundError)):
        with refused(error):
            join_supporters_circle(supporter_id=supporter.public_id, actor=actor, at=NOW)
    with refused(InvalidInputError, field="contact"):
        peers.join(0, contact="x" * 161)
    peers.join(0, contact=" 06 00  00 00 12 ")
    made = peers.plan()
    peers.says(made, 0, YES)
    db.session.rollback()
    assert db.session.get_one(SupporterListing, supporter.id).contact == "06 00 00 00 12"
    for _ in range(2):
        leave_supporters_circle(supporter_id=supporter.public_id, actor=peers.as_supporter(), at=NOW)
    assert answers() == []
    assert peers.events("supporter")[-1][0] == "leave_circle"
    with refused(NotFoundError):
        peers.says(made, 0, YES)


def test_who_leaves_the_association_leaves_the_circle_and_keeps_her_hours(peers):
    made = peers.plan()
    peers.hold(made, 0)
    let_supporter_leave(supporter_id=peers.supporters[0].public_id, actor=peers.coordinator, at=STARTS)
    assert broken_laws() == []
    assert peers.hours(0) == (1, 90)
    with refused(InvalidTransitionError):
        peers.join(0)


def test_the_clock_reminds_once_asks_for_the_note_and_counts_it_as_missed(peers):
    made = peers.plan()
    peers.says(made, 1, NO)
    assert notice_gatherings(at=STARTS - timedelta(days=8)) == 0
    assert [notice_gatherings(at=STARTS - timedelta(days=6)) for _ in range(2)] == [1, 0]
    end = STARTS + timedelta(hours=2)
    assert [notice_gatherings(at=end) for _ in range(2)] == [1, 0]
    assert notice_gatherings(at=end + timedelta(days=3)) == 1
    assert noticed() == ["gathering_soon", "gathering_to_note", "gathering_not_noted"]
    assert take_gathering_steps(at=end + timedelta(days=29)) == 0
    assert [take_gathering_steps(at=end + timedelta(days=30)) for _ in range(2)] == [1, 0]
    assert read(made).state is GatheringState.MISSED
    assert broken_laws() == []


def test_a_clock_that_comes_late_tells_nobody_of_a_gathering_that_has_begun(peers):
    peers.plan()
    notice_gatherings(at=STARTS + timedelta(days=10))
    assert noticed() == ["gathering_to_note", "gathering_not_noted"]


def test_a_circle_that_has_not_met_for_long_is_told_to_who_runs_it(peers):
    def lacks(at):
        db.session.rollback()
        overview = get_overview(db.session(), peers.association_id, account_id=None, at=at)
        return overview.lacks_a_gathering(at=at)

    assert not lacks(NOW + timedelta(days=89))
    assert lacks(NOW + timedelta(days=90))
    assert [notice_gatherings(at=NOW + timedelta(days=90)) for _ in range(2)] == [1, 0]
    made = peers.plan()
    assert not lacks(NOW + timedelta(days=90))
    peers.hold(made, 0)
    with transaction() as session:
        session.add(AssociationClock(association_id=peers.association_id, clock=Clock.GATHERING, days=30, set_at=NOW))
    assert not lacks(STARTS + timedelta(days=29))
    assert lacks(STARTS + timedelta(days=30))
    assert notice_gatherings(at=STARTS + timedelta(days=30)) == 1
    assert noticed() == ["gathering_wanted"] * 2


def test_somebody_alone_in_the_circle_is_no_reason_to_plan_anything(app):
    office = Office(people=0, supporters=1, suggested=False)
    join_supporters_circle(supporter_id=office.supporters[0].public_id, actor=office.as_supporter(), at=NOW)
    assert notice_gatherings(at=NOW + timedelta(days=400)) == 0
