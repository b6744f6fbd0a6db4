"""32 clients want the last seats and places, over HTTP, of a server with two processes: exact on both databases."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain, combinations

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.db import db, transaction
from models.match_runs import Suggestion
from models.messages import Message, MessageKind
from models.pairings import Pairing
from models.queries.invariants import check_invariants
from models.states import LIVE_PAIRING_STATES, BookingState, PairingState, SuggestionState
from models.supporters import Supporter
from models.workshops import Booking, WorkshopSession
from tests.browsing import open_login_session
from tests.factories import (
    make_account,
    make_association,
    make_booking,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
    make_workshop_session,
)
from tests.load.clients import Answer, Plan, run_clients
from tests.load.server import GUARDED, UNGUARDED, serve
from webapp.clock import utc_now

CLIENTS = 32
SESSIONS = 60
SEATS = (1, 2, 3, 5, 8, 40)  # of each sixth session; forty is more than there are clients
IMPATIENT = 4  # every fourth client sends each form twice
MENTORS = 10
CAPACITY = 3
PEOPLE_EACH = 6
COORDINATORS = 22  # with one client per mentor that makes 32


def cookie_of(app: Flask, account_id: int) -> str:
    """Open a sign-in and make its cookie as the app does."""
    serializer = app.session_interface.get_signing_serializer(app)
    return f"session={serializer.dumps({'_user_id': open_login_session(account_id), '_fresh': True})}"


class Venue:
    """Sixty sessions with some seats gone already, and 32 people who want every one of them."""

    def __init__(self, app: Flask, sessions: int = SESSIONS):
        starts_at = utc_now() + timedelta(days=20)
        with transaction() as session:
            association = make_association(session)
            early = [make_entrepreneur(session, association) for _ in range(2)]
            workshops = [
                make_workshop_session(
                    session, association, starts_at=starts_at, seats=SEATS[number % len(SEATS)] + number % 3
                )
                for number in range(sessions)
            ]
            for number, workshop in enumerate(workshops):
                for person in early[: number % 3]:
                    make_booking(session, workshop, person)
            accounts = [make_account(session) for _ in range(CLIENTS)]
            people = [make_entrepreneur(session, association, account_id=account.id) for account in accounts]
            self.ids = [workshop.public_id for workshop in workshops]
            self.persons = [person.id for person in people]
        self.cookies = [cookie_of(app, account.id) for account in accounts]

    def race(self, port: int) -> list[list[Answer]]:
        plans = [
            Plan(cookie=cookie, page=f"/sessions/{self.ids[0]}", forms=tuple(self._forms(number)))
            for number, cookie in enumerate(self.cookies)
        ]
        return run_clients(port, plans)

    def _forms(self, number: int) -> Iterable[tuple[str, tuple[tuple[str, str], ...]]]:
        for public_id in self.ids:
            for time in range(2 if number % IMPATIENT == 0 else 1):
                yield f"/sessions/{public_id}/book", (("form_key", f"client-{number}-{public_id.hex[:12]}-{time}"),)

    def check(self, answers: Sequence[Sequence[Answer]]) -> None:
        """Compare the answers with the rows: none over, none under, the line in the order of the requests."""
        assert set(statuses(answers)) == {303}
        assert overbooked_sessions() == 0
        check_seats_are_taken()
        check_order_of_requests(self, answers)
        assert broken_laws() == []


class Board:
    """Mentors whose last places many coordinators give away while their proposals are answered."""

    def __init__(self, app: Flask, mentors: int = MENTORS, people_each: int = PEOPLE_EACH):
        self.now = utc_now()
        self.people_each = people_each
        with transaction() as session:
            association = make_association(session)
            run = make_match_run(session, association)
            accounts = [make_account(session) for _ in range(mentors)]
            self.mentors = [
                make_supporter(session, association, capacity=CAPACITY, account_id=account.id) for account in accounts
            ]
            suggestions = [
                make_suggestion(
                    session,
                    run,
                    make_entrepreneur(session, association),
                    mentor,
                    deadline_at=self.now + timedelta(days=7),
                )
                for mentor in self.mentors
                for _ in range(people_each)
            ]
            held = [
                make_pairing(
                    session,
                    make_entrepreneur(session, association),
                    mentor,
                    proposed_at=self.now - timedelta(days=1),
                    deadline_at=self.now + timedelta(days=9),
                )
                for mentor in self.mentors
            ]
            coordinators = [make_coordinator(session, association) for _ in range(COORDINATORS)]
            self.suggestions = [suggestion.public_id for suggestion in suggestions]
            self.held = [pairing.public_id for pairing in held]
        self.cookies = [cookie_of(app, account.id) for account in coordinators]
        self.mentors_cookies = [cookie_of(app, account.id) for account in accounts]

    def approvals(self) -> list[Plan]:
        """Mentor after mentor, each coordinator begins with somebody else: all want the same place, for others."""
        plans = []
        for number, cookie in enumerate(self.cookies):
            places = [
                mentor * self.people_each + (number + step) % self.people_each
                for mentor in range(len(self.mentors))
                for step in range(PEOPLE_EACH)
            ]
            forms = tuple((f"/suggestions/{self.suggestions[place]}/approve", ()) for place in places)
            plans.append(Plan(cookie=cookie, page="/suggestions", forms=forms))
        return plans

    def answers(self) -> list[Plan]:
        """Half the mentors accept what waits for them, half decline: a place comes back in the middle of the race."""
        plans = []
        for number, (cookie, public_id) in enumerate(zip(self.mentors_cookies, self.held, strict=True)):
            answer, fields = (
                ("accept", (("together", "yes"),))
                if number % 2
                else ("decline", (("declinereason-reason", "no_time"),))
            )
            form = (f"/pairings/{public_id}/{answer}", fields)
            plans.append(Plan(cookie=cookie, page="/pairings", forms=(form, form)))
        return plans

    def check(self, raced: Sequence[Sequence[Answer]], swept: Sequence[Sequence[Answer]]) -> None:
        """Compare the answers with the rows: every mentor has as many people as she can take, told once each."""
        assert set(statuses(raced)) | set(statuses(swept)) <= {303, 409}
        assert overloaded_supporters() == 0
        assert live_pairings() == {mentor.id: CAPACITY for mentor in self.mentors}
        db.session.rollback()
        assert list(db.session.scalars(select(Supporter.taken))) == [CAPACITY] * len(self.mentors)
        # A coordinator who asks once more for what she approved is led to it: one approval, however often she asks.
        told = chain(enumerate(raced[:COORDINATORS]), enumerate(swept))
        approved = len({(who, one.path) for who, given in told for one in given if is_approval(one)})
        states = Counter(db.session.scalars(select(Suggestion.state)))
        declined = len(self.held[::2])
        assert approved == states[SuggestionState.APPROVED] == len(self.mentors) * (CAPACITY - 1) + declined
        assert count_messages(MessageKind.PAIRING_PROPOSED) == approved
        states = Counter(db.session.scalars(select(Pairing.state)))
        assert states[PairingState.DECLINED] == declined
        assert states[PairingState.ACTIVE] == len(self.mentors) - declined
        assert broken_laws() == []

    def race(self, port: int) -> tuple[list[list[Answer]], list[list[Answer]]]:
        """Let all want everything at once; then a few once more, for places that came back after all had asked."""
        return run_clients(port, [*self.approvals(), *self.answers()]), run_clients(port, self.approvals()[:3])


def is_approval(answer: Answer) -> bool:
    return answer.status == 303 and "/approve" in answer.path


def statuses(answers: Sequence[Sequence[Answer]]) -> Counter[int]:
    return Counter(answer.status for answer in chain(*answers))


def broken_laws() -> list[str]:
    db.session.rollback()
    made_by_factories = {"match_run_state_has_its_event"}
    return [
        check.name
        for check in check_invariants(db.session())
        if not check.holds and check.name not in made_by_factories
    ]


def seated(session_id: int) -> int:
    return db.session.scalar(
        select(func.count()).where(Booking.session_id == session_id, Booking.state == BookingState.CONFIRMED)
    )


def overbooked_sessions() -> int:
    db.session.rollback()
    return sum(seated(workshop.id) > workshop.seats for workshop in db.session.scalars(select(WorkshopSession)))


def check_seats_are_taken() -> None:
    """Every seat that had a taker is taken, the counter says so, and who came too late waits."""
    for workshop in db.session.scalars(select(WorkshopSession)):
        bookings = list(db.session.scalars(select(Booking).where(Booking.session_id == workshop.id)))
        assert len(bookings) >= CLIENTS
        assert seated(workshop.id) == workshop.taken == min(workshop.seats, len(bookings))
        tickets = {state: [one.ticket for one in bookings if one.state is state] for state in BookingState}
        assert max(tickets[BookingState.CONFIRMED]) < min(tickets[BookingState.WAITING], default=10**9)


def check_order_of_requests(venue: Venue, answers: Sequence[Sequence[Answer]]) -> None:
    """Whoever had her answer before another one asked stands before her in the line."""
    ticket = {
        (workshop, person): ticket
        for workshop, person, ticket in db.session.execute(
            select(WorkshopSession.public_id, Booking.entrepreneur_id, Booking.ticket).join(
                WorkshopSession, WorkshopSession.id == Booking.session_id
            )
        )
    }
    compared = 0
    for public_id in venue.ids:
        path = f"/sessions/{public_id}/book"
        first = [
            (next(answer for answer in given if answer.path == path), ticket[public_id, person])
            for given, person in zip(answers, venue.persons, strict=True)
        ]
        for (one, one_ticket), (other, other_ticket) in combinations(first, 2):
            if one.answered < other.sent:
                assert one_ticket < other_ticket
            elif other.answered < one.sent:
                assert other_ticket < one_ticket
            else:
                continue
            compared += 1
    assert compared > 0


def live_pairings() -> dict[int, int]:
    db.session.rollback()
    return dict(
        db.session.execute(
            select(Pairing.supporter_id, func.sum(Pairing.cost))
            .where(Pairing.state.in_(LIVE_PAIRING_STATES))
            .group_by(Pairing.supporter_id)
        ).all()
    )


def overloaded_supporters() -> int:
    held = live_pairings()
    return sum(held.get(one.id, 0) > one.capacity for one in db.session.scalars(select(Supporter)))


def count_messages(kind: MessageKind) -> int:
    return db.session.scalar(select(func.count()).select_from(Message).where(Message.kind == kind))


@contextmanager
def served(url, folder, command=GUARDED):
    """Serve what was made, and let go of the database meanwhile."""
    db.session.rollback()
    with serve(url, folder, command) as port:
        yield port


def test_32_clients_get_the_last_seats_of_60_sessions_exactly(any_app, any_url, tmp_path):
    venue = Venue(any_app)
    with served(any_url, tmp_path) as port:
        answers = venue.race(port)
    venue.check(answers)


def test_the_same_stampede_overbooks_when_seats_are_counted_first(any_app, any_url, tmp_path):
    """The negative control: without the conditional update the same check turns red."""
    venue = Venue(any_app, sessions=6)
    with served(any_url, tmp_path, UNGUARDED) as port:
        answers = venue.race(port)
    assert overbooked_sessions() > 0
    with pytest.raises(AssertionError):
        venue.check(answers)


def test_coordinators_and_mentors_use_the_last_places_exactly(any_app, any_url, tmp_path):
    board = Board(any_app)
    with served(any_url, tmp_path) as port:
        raced, swept = board.race(port)
    board.check(raced, swept)


def test_the_same_stampede_overloads_mentors_when_places_are_counted_first(any_app, any_url, tmp_path):
    """The negative control: without the conditional update the same check turns red."""
    # Everybody begins with another person, so that however few threads answer at once, they want more than is left.
    board = Board(any_app, mentors=2, people_each=COORDINATORS)
    with served(any_url, tmp_path, UNGUARDED) as port:
        raced, swept = board.race(port)
    assert overloaded_supporters() > 0
    with pytest.raises(AssertionError):
        board.check(raced, swept)
