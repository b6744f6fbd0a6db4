"""The weeks that invented people have behind them: every state is reached through the services, day after day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Account
from models.associations import Association
from models.db import db, transaction
from models.entrepreneurs import Entrepreneur, EntrepreneurNeed
from models.exceptions import DomainError
from models.match_runs import RejectReason, Suggestion
from models.pairings import DeclineReason, Pairing
from models.plans import PlanLine
from models.queries.coordinators import list_coordinators
from models.states import BookingState, EntrepreneurState, PairingState, PlanLineState, SessionState, SuggestionState
from models.supporters import Supporter
from models.topics import WorkshopTheme
from models.workshops import Booking, WorkshopSession
from seeds.call_story import CALLED_DAYS_AGO, begin_call_now, tell_call
from seeds.care_story import tell_care
from seeds.circle_story import CircleStory
from seeds.interview_story import InterviewStory
from seeds.peer_story import tell_peers
from seeds.programme_story import ProgrammeStory
from seeds.seat_story import SMALL_GROUP_DAYS_AGO, leave_to_decide, offer_seat
from seeds.story_pairs import tell_life
from seeds.support_story import SupportStory
from seeds.supporters_story import SupportersStory
from webapp.clock import PARIS, day_of
from webapp.permissions import Actor
from webapp.services.attendance import mark_attendance
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.clocks import tick
from webapp.services.match_runs import execute_run, request_run
from webapp.services.pairings import accept_pairing, decline_pairing
from webapp.services.plans import approve_line
from webapp.services.suggestions import approve_suggestion, reject_suggestion

DAYS_BEHIND = 28
APPROVED, REJECTED = 0.5, 0.08  # shares of the first run's suggestions; the others wait until the second run
ACCEPTED, DECLINED = 0.72, 0.14  # shares of proposals; the others stay without an answer
INVITED = 0.5  # share of the workshop lines of the first run's plans to which people are invited
BOOKED = (0.05, 0.5)  # share of the people who need its topic that book a session: some are popular
CANCELLED = 0.08
ATTENDED = 0.85
LONGEST_SILENCE_DAYS = 6
ASIDE_HOUR = 19  # what draws no hour comes after what drew one, and moves no other chance

Move = Callable[[datetime], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryReport:
    """What happened, and how many moves the services refused because somebody was faster or places were gone."""

    moves: int
    refused: int


class Story:
    """The story of one association, from its people to the suggestions that wait today."""

    def __init__(self, association: Association, *, today: date, until: datetime, rng: np.random.Generator) -> None:
        self._association = association
        self._today, self._until = today, until
        self._rng = rng
        self._days: dict[date, list[Move]] = {}
        self._evenings: dict[date, list[Move]] = {}
        self._coordinator = find_coordinator(association)
        self._moves = self._refused = 0
        # Its own chance: what circles draw moves nothing else.
        self._circles = CircleStory(association, self._coordinator, rng.spawn(1)[0])
        self._programme = ProgrammeStory(association, self._coordinator, rng.spawn(1)[0])
        self._interviews = InterviewStory(association, self._coordinator)
        self._support = SupportStory(association, self._coordinator)
        self._peers = SupportersStory(association, self._coordinator)

    def begin(self) -> None:
        """Match for the first time, four weeks ago, and plan what people make of it."""
        self._match(self._today - timedelta(days=DAYS_BEHIND))
        self._plan_decisions()
        self._plan_invitations()
        self._plan_bookings()
        self._circles.plan(self._on, self._aside)
        self._interviews.plan(self._on)
        self._support.plan(self._aside)
        self._peers.plan(self._aside)
        self._aside(CALLED_DAYS_AGO, lambda at: tell_call(self._association, self._coordinator, at))
        self._aside(SMALL_GROUP_DAYS_AGO, lambda at: leave_to_decide(self._association, self._coordinator, at))

    def live(self, day: date) -> None:
        """Do what was planned for a day; answers plan later days."""
        for move in self._days.pop(day, []):
            self._do(move, self._at(day, int(self._rng.integers(8, 19))))
        for move in self._evenings.pop(day, []):
            self._do(move, self._at(day, ASIDE_HOUR))

    def end(self) -> StoryReport:
        """Match again today, so that fresh suggestions wait for the coordinator."""
        self._match(self._today)
        at = self._at(self._today, 8)
        self._circles.end(at)
        tell_care(self._association, self._coordinator, at)
        self._programme.end(at)
        offer_seat(self._association, self._coordinator, at)
        self._support.end(at)
        tell_peers(self._association, self._coordinator, at)
        begin_call_now(self._association, self._coordinator, self._until)
        return StoryReport(moves=self._moves, refused=self._refused)

    def _at(self, day: date, hour: int) -> datetime:
        """Give the instant of an hour, or the last one of the story: nothing is written into the future."""
        return min(_instant(day, hour), self._until)

    def _do(self, move: Move, at: datetime) -> None:
        self._moves += 1
        try:
            move(at)
        except DomainError:
            self._refused += 1

    def _on(self, days_back: int, move: Move) -> None:
        self._days.setdefault(self._today - timedelta(days=days_back), []).append(move)

    def _aside(self, days_back: int, move: Move) -> None:
        self._evenings.setdefault(self._today - timedelta(days=days_back), []).append(move)

    def _match(self, day: date) -> None:
        at = self._at(day, 7)
        run_id = request_run(association_id=self._association.public_id, actor=self._coordinator, at=at)
        execute_run(run_id=run_id, at=at)

    def _plan_decisions(self) -> None:
        for suggestion_id in _open_suggestions(db.session(), self._association.id):
            fate, back = self._rng.random(), int(self._rng.integers(1, DAYS_BEHIND))
            if fate < APPROVED:
                self._on(back, self._approve(suggestion_id, back))
            elif fate < APPROVED + REJECTED:
                self._on(back, self._reject(suggestion_id))

    def _approve(self, suggestion_id: UUID, back: int) -> Move:
        def approve(at: datetime) -> None:
            outcome = approve_suggestion(suggestion_id=suggestion_id, actor=self._coordinator, at=at)
            self._plan_answer(outcome.pairing_id, back)

        return approve

    def _reject(self, suggestion_id: UUID) -> Move:
        reason = self._pick(list(RejectReason)[:4])
        return lambda at: reject_suggestion(suggestion_id=suggestion_id, reason=reason, actor=self._coordinator, at=at)

    def _plan_answer(self, pairing_id: UUID, back: int) -> None:
        fate, silence = self._rng.random(), int(self._rng.integers(1, LONGEST_SILENCE_DAYS))
        if back - silence < 1:
            return  # the answer lies in the future: today the proposal waits
        actor = _supporter_actor(db.session(), pairing_id)
        if fate < ACCEPTED:
            self._on(back - silence, lambda at: accept_pairing(pairing_id=pairing_id, actor=actor, at=at))
            for days, happens in tell_life(pairing_id, supporter=actor, coordinator=self._coordinator, fate=fate):
                if back - silence - days >= 1:
                    self._on(back - silence - days, happens)
        elif fate < ACCEPTED + DECLINED:
            reason = self._pick([DeclineReason.NO_TIME, DeclineReason.TOO_FAR, DeclineReason.OTHER_EXPERTISE])
            self._on(
                back - silence, lambda at: decline_pairing(pairing_id=pairing_id, reason=reason, actor=actor, at=at)
            )

    def _plan_invitations(self) -> None:
        for line_id in _proposed_sessions(db.session(), self._association.id):
            if self._rng.random() < INVITED:
                back = int(self._rng.integers(1, DAYS_BEHIND))
                self._on(back, self._invite(line_id))

    def _invite(self, line_id: UUID) -> Move:
        return lambda at: approve_line(line_id=line_id, actor=self._coordinator, at=at)

    def _plan_bookings(self) -> None:
        people = _people_by_topic(db.session(), self._association.id)
        for workshop, topics in _sessions(db.session(), self._association.id):
            wanted = list(dict.fromkeys(person for topic in topics for person in people.get(topic, ())))
            for entrepreneur_id in self._sample(wanted, float(self._rng.uniform(*BOOKED))):
                self._plan_booking(workshop, entrepreneur_id)
            behind = (self._today - day_of(workshop.starts_at)).days
            if 0 < behind < DAYS_BEHIND:
                self._on(behind - 1, self._mark(workshop.public_id))

    def _plan_booking(self, workshop: WorkshopSession, entrepreneur_id: UUID) -> None:
        behind = max(0, (self._today - day_of(workshop.starts_at)).days + 1)
        if behind >= DAYS_BEHIND:
            return
        back = int(self._rng.integers(behind, DAYS_BEHIND))
        leaves = self._rng.random() < CANCELLED and back > behind

        def book(at: datetime) -> None:
            outcome = book_session(
                session_id=workshop.public_id, entrepreneur_id=entrepreneur_id, actor=self._coordinator, at=at
            )
            if leaves:
                booking_id = outcome.booking_id
                self._on(back - 1, lambda then: cancel_booking(booking_id=booking_id, actor=self._coordinator, at=then))

        self._on(back, book)

    def _mark(self, session_id: UUID) -> Move:
        def mark(at: datetime) -> None:
            for booking_id in _confirmed(db.session(), session_id):
                came = bool(self._rng.random() < ATTENDED)
                mark_attendance(booking_id=booking_id, attended=came, actor=self._coordinator, at=at)

        return mark

    def _sample(self, people: Sequence[UUID], share: float) -> list[UUID]:
        return [person for person in people if self._rng.random() < share]

    def _pick(self, choices: Sequence[T]) -> T:
        return choices[int(self._rng.integers(len(choices)))]


def find_coordinator(association: Association) -> Actor:
    """Give whoever runs an association, as the one who acts.

    Raises
    ------
    LookupError
        If nobody does.
    """
    found = list_coordinators(db.session(), association.id)
    if not found:
        raise LookupError(f"{association.slug} has no coordinator")
    return Actor(account_id=found[0].id, coordinates=frozenset({association.id}), member_of=frozenset({association.id}))


def tell_stories(
    associations: Sequence[Association],
    *,
    today: date,
    until: datetime,
    seed: int,
    progress: Callable[[float], None] | None = None,
) -> StoryReport:
    """Live through four weeks with several associations, the clock ticking each evening for all.

    What would come after `until` happens at that instant: mails of a story are never dated after they are read.
    """
    seeds = np.random.SeedSequence(seed).spawn(len(associations))
    stories = [
        Story(association, today=today, until=until, rng=np.random.default_rng(sequence))
        for association, sequence in zip(associations, seeds, strict=True)
    ]
    for story in stories:
        story.begin()
    for back in range(DAYS_BEHIND, -1, -1):
        day = today - timedelta(days=back)
        for story in stories:
            story.live(day)
        tick(at=min(_instant(day, 20), until))
        if progress is not None:
            progress((DAYS_BEHIND - back + 1) / (DAYS_BEHIND + 1))
    reports = [story.end() for story in stories]
    return StoryReport(moves=sum(report.moves for report in reports), refused=sum(report.refused for report in reports))


def give_accounts(association_id: int, *, at: datetime) -> None:
    """Give everybody with an address an account, so that moves bear a name. Nobody gets a password."""
    with transaction() as session:
        _give_accounts(session, Entrepreneur, association_id, at)
        _give_accounts(session, Supporter, association_id, at)


def _give_accounts(
    session: Session, table: type[Entrepreneur] | type[Supporter], association_id: int, at: datetime
) -> None:
    people: Sequence[Any] = session.scalars(
        select(table).where(
            table.association_id == association_id, table.account_id.is_(None), table.email.is_not(None)
        )
    ).all()
    accounts = [
        Account(
            email=str(person.email).lower(),
            first_name=person.first_name,
            last_name=person.last_name,
            phone=person.phone,
            created_at=at,
        )
        for person in people
    ]
    session.add_all(accounts)
    session.flush()
    for person, account in zip(people, accounts, strict=True):
        person.account_id = account.id


def _instant(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), PARIS).astimezone(UTC)


def _open_suggestions(session: Session, association_id: int) -> list[UUID]:
    statement = (
        select(Suggestion.public_id)
        .where(Suggestion.association_id == association_id, Suggestion.state == SuggestionState.OPEN)
        .order_by(Suggestion.id)
    )
    return list(session.scalars(statement))


def _proposed_sessions(session: Session, association_id: int) -> list[UUID]:
    return list(
        session.scalars(
            select(PlanLine.public_id)
            .where(PlanLine.association_id == association_id, PlanLine.state == PlanLineState.PROPOSED)
            .order_by(PlanLine.id)
        )
    )


def _supporter_actor(session: Session, pairing_id: UUID) -> Actor:
    supporter_id, account_id, association_id = session.execute(
        select(Supporter.id, Supporter.account_id, Supporter.association_id)
        .join(Pairing, Pairing.supporter_id == Supporter.id)
        .where(Pairing.public_id == pairing_id, Pairing.state == PairingState.PROPOSED)
    ).one()
    return Actor(account_id=account_id, supporter_ids=frozenset({supporter_id}), member_of=frozenset({association_id}))


def _people_by_topic(session: Session, association_id: int) -> dict[str, list[UUID]]:
    rows = session.execute(
        select(EntrepreneurNeed.topic, Entrepreneur.public_id)
        .join(Entrepreneur, Entrepreneur.id == EntrepreneurNeed.entrepreneur_id)
        .where(Entrepreneur.association_id == association_id, Entrepreneur.state == EntrepreneurState.READY)
        .order_by(Entrepreneur.id)
    )
    found: dict[str, list[UUID]] = {}
    for topic, public_id in rows:
        found.setdefault(topic, []).append(public_id)
    return found


def _sessions(session: Session, association_id: int) -> list[tuple[WorkshopSession, list[str]]]:
    statement = (
        select(WorkshopSession, WorkshopTheme.topics)
        .join(WorkshopTheme, WorkshopTheme.slug == WorkshopSession.theme_slug)
        .where(WorkshopSession.association_id == association_id, WorkshopSession.state == SessionState.SCHEDULED)
        .order_by(WorkshopSession.id)
    )
    return [(workshop, topics) for workshop, topics in session.execute(statement)]


def _confirmed(session: Session, session_id: UUID) -> list[UUID]:
    statement = (
        select(Booking.public_id)
        .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
        .where(WorkshopSession.public_id == session_id, Booking.state == BookingState.CONFIRMED)
        .order_by(Booking.id)
    )
    return list(session.scalars(statement))
