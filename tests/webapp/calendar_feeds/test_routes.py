"""The private calendar: read by its secret alone, renewed, ended, and nothing private in it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from models.associations import Network
from models.circles import CircleMember, DepartureReason
from models.correspondence import CalendarFeed
from models.db import db, transaction
from models.pairings import Pairing
from models.states import CircleMeetingState, CircleMemberState, CircleState, MeetingState, PairingState
from models.supporters import Supporter, SupporterRole
from models.workshops import WorkshopSession
from tests.browsing import sign_in
from tests.factories import (
    make_account,
    make_association,
    make_booking,
    make_circle,
    make_circle_meeting,
    make_circle_member,
    make_coordinator,
    make_entrepreneur,
    make_facilitator,
    make_meeting,
    make_pairing,
    make_supporter,
    make_workshop_session,
)
from tests.webapp.desk import fresh
from webapp.clock import utc_now
from webapp.permissions import Actor
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.workshops import cancel_session

ADDRESS = re.compile(r"http://[^<\s]+/calendar/[\w-]+\.ics")


class Owner:
    """A person with an account in an association, and her browser."""

    def __init__(self, app, network=Network.INITIATIVE_FRANCE):
        self.app = app
        with transaction() as session:
            self.association = make_association(session, network=network)
            self.organiser = make_coordinator(session, self.association)
            self.account = make_account(session)
            self.person = make_entrepreneur(session, self.association, account_id=self.account.id)
        self.client = sign_in(app.test_client(), self.account)

    def new_path(self):
        page = self.client.post("/calendar/renew").get_data(as_text=True)
        return ADDRESS.search(page).group().removeprefix(self.app.config["SETTINGS"].public_url)

    def session(self, **values):
        with transaction() as session:
            start = utc_now().replace(microsecond=0) + timedelta(days=9)
            dates = {"starts_at": start, "ends_at": start + timedelta(hours=2), "organiser_id": self.organiser.id}
            return make_workshop_session(session, self.association, **dates, **values)

    def pair(self, **values):
        with transaction() as session:
            supporter = make_supporter(session, self.association)
            pairing = make_pairing(session, self.person, supporter, state=PairingState.ACTIVE, **values)
            state = MeetingState.CONFIRMED
            return make_meeting(session, pairing, state=state, starts_at=utc_now() + timedelta(days=3), place="Café")

    @property
    def actor(self):
        return Actor(
            account_id=self.account.id,
            entrepreneur_ids=frozenset({self.person.id}),
            member_of=frozenset({self.association.id}),
        )


def read(app, path, **headers):
    return app.test_client().get(path, headers=headers)


def events(app, path):
    answer = read(app, path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.data).walk("VEVENT")


@pytest.fixture
def owner(app):
    return Owner(app)


def test_an_address_is_shown_once_and_only_its_hash_stays(owner):
    path = owner.new_path()
    token = path.split("/")[-1].removesuffix(".ics")
    assert token not in owner.client.get("/calendar").get_data(as_text=True)
    hashes = fresh().scalars(select(CalendarFeed.token_hash)).all()
    assert len(hashes) == 1
    assert token not in hashes


def test_the_calendar_is_read_without_a_sign_in(owner):
    answer = read(owner.app, owner.new_path())
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert b"X-WR-CALNAME:Maillage" in answer.data
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_new_address_ends_the_old_one_and_ending_leaves_none(owner):
    first = owner.new_path()
    second = owner.new_path()
    assert read(owner.app, first).status_code == 404
    assert read(owner.app, second).status_code == 200
    assert owner.client.post("/calendar/end").status_code == 303
    assert owner.client.post("/calendar/end").status_code == 303
    assert read(owner.app, second).status_code == 404
    live = select(func.count()).select_from(CalendarFeed).where(CalendarFeed.ended_at.is_(None))
    assert fresh().scalar(live) == 0


def test_a_closed_account_and_an_unknown_secret_have_no_calendar(owner):
    path = owner.new_path()
    with transaction() as session:
        session.get_one(type(owner.account), owner.account.id).is_active = False
    assert read(owner.app, path).status_code == 404
    assert read(owner.app, "/calendar/unknown.ics").status_code == 404


def test_a_program_that_asks_again_gets_nothing_new_until_something_changes(owner):
    path = owner.new_path()
    workshop = owner.session()
    first = read(owner.app, path)
    again = read(owner.app, path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Last-Modified"]
    assert "no-store" not in first.headers["Cache-Control"]
    book_session(session_id=workshop.public_id, entrepreneur_id=owner.person.public_id, actor=owner.actor, at=utc_now())
    changed = read(owner.app, path, If_None_Match=first.headers["ETag"])
    assert changed.status_code == 200


def test_each_change_raises_the_sequence_of_the_one_entry(owner):
    path, workshop = owner.new_path(), owner.session()
    organiser = Actor(account_id=owner.organiser.id, coordinates=frozenset({owner.association.id}))
    seen = []

    def note():
        (event,) = events(owner.app, path)
        seen.append((str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])))

    def book():
        return book_session(
            session_id=workshop.public_id, entrepreneur_id=owner.person.public_id, actor=owner.actor, at=utc_now()
        )

    booked = book()
    note()
    cancel_booking(booking_id=booked.booking_id, actor=owner.actor, at=utc_now())
    note()
    book()
    note()
    cancel_session(session_id=workshop.public_id, actor=organiser, at=utc_now())
    note()
    assert len({uid for uid, _, _ in seen}) == 1
    assert [sequence for _, sequence, _ in seen] == sorted({sequence for _, sequence, _ in seen})
    assert [status for _, _, status in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CANCELLED"]


def test_nothing_private_is_in_a_calendar(app):
    owner = Owner(app, Network.REBONDS)
    path = owner.new_path()
    workshop = owner.session(theme_slug="stress_management", title="Gestion du stress", description="Souffler")
    with transaction() as session:
        make_booking(session, workshop, owner.person)
    owner.pair(role=SupporterRole.COACH, budget_minutes=420)
    data = read(app, path).data.decode()
    assert data.count("SUMMARY:Rendez-vous") == 2
    for word in ("stress", "Souffler", "coach", "rebond", owner.association.name, "DESCRIPTION"):
        assert word.lower() not in data.lower()


def test_a_meeting_is_in_both_calendars_with_whom_it_is(owner):
    meeting = owner.pair(role=SupporterRole.MENTOR)
    pairing = db.session.get_one(Pairing, meeting.pairing_id)
    with transaction() as session:
        other = make_account(session)
        session.get_one(Supporter, pairing.supporter_id).account_id = other.id
    browser = sign_in(owner.app.test_client(), other)
    theirs = ADDRESS.search(browser.post("/calendar/renew").get_data(as_text=True)).group()
    path = theirs.removeprefix(owner.app.config["SETTINGS"].public_url)
    (mine,), (hers,) = events(owner.app, owner.new_path()), events(owner.app, path)
    assert mine["UID"] == hers["UID"] == f"{meeting.public_id}@maillage"
    assert mine["DTSTART"].params["TZID"] == "Europe/Paris"
    names = [db.session.get_one(Supporter, pairing.supporter_id).first_name, owner.person.first_name]
    assert [str(mine["SUMMARY"]), str(hers["SUMMARY"])] == [
        f"Rendez-vous avec {name}, {owner.association.name}" for name in names
    ]
    assert str(mine["URL"]).endswith(f"/pairings/{pairing.public_id}")


@pytest.mark.parametrize(
    ("network", "role"),
    [(Network.INITIATIVE_FRANCE, SupporterRole.COACH), (Network.REBONDS, SupporterRole.EXPERT)],
)
def test_a_calendar_does_not_name_who_helps_to_rebuild(app, network, role):
    owner = Owner(app, network)
    owner.pair(role=role, **({"budget_minutes": 420} if role is SupporterRole.COACH else {}))
    (mine,) = events(app, owner.new_path())
    assert str(mine["SUMMARY"]) == "Rendez-vous"


def test_an_organiser_sees_the_sessions_she_leads(owner):
    workshop = owner.session()
    browser = sign_in(owner.app.test_client(), owner.organiser)
    address = ADDRESS.search(browser.post("/calendar/renew").get_data(as_text=True)).group()
    (event,) = events(owner.app, address.removeprefix(owner.app.config["SETTINGS"].public_url))
    assert event["UID"] == f"{workshop.public_id}@maillage"
    assert str(event["URL"]).endswith(f"/workshops/{workshop.public_id}")


@pytest.mark.parametrize(
    ("state", "circle_state", "status"),
    [
        (CircleMemberState.INVITED, CircleState.CONFIRMED, "TENTATIVE"),
        (CircleMemberState.JOINED, CircleState.CONFIRMED, "CONFIRMED"),
        (CircleMemberState.LEFT, CircleState.CONFIRMED, "CANCELLED"),
    ],
)
def test_a_circle_shows_its_first_day(owner, state, circle_state, status):
    day = date(2099, 12, 8)
    with transaction() as session:
        supporter = make_supporter(session, owner.association, account_id=owner.organiser.id)
        circle = make_circle(
            session, make_facilitator(session, supporter), state=circle_state, first_meeting_on=day, minimum=2, quorum=2
        )
        make_circle_member(session, circle, owner.person, state=state)
    (event,) = events(owner.app, owner.new_path())
    assert (event.decoded("dtstart"), str(event["STATUS"])) == (day, status)


def test_a_circle_shows_all_its_meetings_and_not_its_first_day_beside_them(owner):
    first = datetime(2099, 12, 8, 17, tzinfo=UTC)
    with transaction() as session:
        supporter = make_supporter(session, owner.association, account_id=owner.organiser.id)
        circle = make_circle(
            session,
            make_facilitator(session, supporter),
            state=CircleState.CONFIRMED,
            first_meeting_on=first.date(),
            minimum=2,
            quorum=2,
        )
        member = make_circle_member(session, circle, owner.person, state=CircleMemberState.JOINED)
        for number in range(3):
            make_circle_meeting(
                session,
                circle,
                number=number + 1,
                starts_at=first + timedelta(days=28 * number),
                state=CircleMeetingState.CANCELLED if number == 1 else CircleMeetingState.PLANNED,
                sequence=number,
            )
    found = events(owner.app, owner.new_path())
    assert [event.decoded("dtstart").astimezone(UTC) for event in found] == [
        first + timedelta(days=28 * number) for number in range(3)
    ]
    assert [str(event["STATUS"]) for event in found] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [int(event["SEQUENCE"]) for event in found] == [1, 3, 3]
    assert len({str(event["UID"]) for event in found}) == 3
    with transaction() as session:
        row = session.get_one(CircleMember, member.id)
        row.state, row.departed_at = CircleMemberState.LEFT, first + timedelta(days=40)
        row.departure_reason = DepartureReason.OWN_WISH
    after = events(owner.app, owner.new_path())
    assert [str(event["STATUS"]) for event in after] == ["CONFIRMED", "CANCELLED", "CANCELLED"]
    assert int(after[2]["SEQUENCE"]) > int(found[2]["SEQUENCE"])


def test_times_hold_across_the_change_of_clocks(owner):
    path, workshop = owner.new_path(), owner.session()
    start = workshop.starts_at.replace(year=2027, month=10, day=31, hour=0, minute=0, second=0)
    with transaction() as session:
        row = session.get_one(WorkshopSession, workshop.id)
        row.starts_at, row.ends_at = start, start + timedelta(hours=2)
        make_booking(session, row, owner.person)
    (event,) = events(owner.app, path)
    assert event.decoded("dtstart").astimezone(UTC) == start
    assert event.decoded("dtend").astimezone(UTC) == start + timedelta(hours=2)


def test_a_full_calendar_takes_no_more_statements_than_an_empty_one(owner, statements):
    path = owner.new_path()
    with statements() as empty:
        read(owner.app, path)
    for _ in range(3):
        workshop = owner.session()
        with transaction() as session:
            make_booking(session, workshop, owner.person)
    owner.pair(role=SupporterRole.MENTOR)
    owner.pair(role=SupporterRole.EXPERT)
    with statements() as full:
        assert len(events(owner.app, path)) == 5
    assert full.number == empty.number
