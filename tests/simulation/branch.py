"""What the people of one association do in a day, drawn from one seeded stream, through services only."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from sqlalchemy import select

from models.accounts import Coordinator
from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import DomainError
from models.match_runs import RejectReason, Suggestion
from models.pairings import DeclineReason, EndReason, Pairing
from models.reviews import Review, SkipReason
from models.states import (
    BookingState,
    EntrepreneurState,
    PairingState,
    ReviewState,
    SessionState,
    SuggestionState,
    SupporterState,
)
from models.supporters import Supporter
from models.topics import WorkshopTheme
from models.workshops import Booking, SessionFormat, WorkshopSession
from tests.simulation.circles import Circles
from tests.simulation.newcomers import Newcomers
from tests.simulation.pairs import Pairs
from tests.simulation.world import instant
from webapp.permissions import Actor
from webapp.services.attendance import hold_session, mark_attendance
from webapp.services.bookings import book_session, cancel_booking
from webapp.services.entrepreneur_files import set_follow_up
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.match_runs import execute_run, request_run
from webapp.services.pairing_pauses import ask_question
from webapp.services.pairings import accept_pairing, decline_pairing, end_pairing
from webapp.services.reviews import ReviewAnswers, note_review, skip_review
from webapp.services.seat_offers import accept_seat
from webapp.services.session_values import SessionValues
from webapp.services.suggestions import approve_suggestion, reject_suggestion
from webapp.services.supporters import let_supporter_leave, pause_supporter, resume_supporter
from webapp.services.workshops import cancel_session, create_session, resize_session, update_session

T = TypeVar("T")
RUN_EVERY_DAYS = 91
SESSION_EVERY_DAYS = 9
# A share of supporters never answers anything, whoever asks: what becomes of the people proposed to them?
SILENT_SHARE = 0.15
DECISIONS_A_DAY = 6
# Chances per day.
DECIDES, REJECTS = 0.35, 0.15
ANSWERS, ASKS, DECLINES = 0.22, 0.1, 0.25
PAIR_ENDS, PERSON_STOPS = 0.0015, 0.0004
SUPPORTER_PAUSES, SUPPORTER_RESUMES, SUPPORTER_LEAVES = 0.0015, 0.03, 0.0003
BOOKS, CANCELS, SESSION_MOVES, SESSION_FALLS, TAKES_SEAT = 0.005, 0.02, 0.02, 0.006, 0.5
CAME = 0.85
COMES_BACK_TO_PEOPLE = 0.1
FORGETS_ATTENDANCE = 0.3
# Some reviews are held weeks late, some never.
HOLDS_REVIEW, LEAVES_REVIEW_OUT = 0.08, 0.15


class Branch(Circles, Newcomers, Pairs):
    """One association: who runs it, who is silent, and what everybody does day after day."""

    def __init__(self, association: Association, *, holidays: tuple[date, date], rng: np.random.Generator) -> None:
        self.id, self.public_id = association.id, association.public_id
        self.holidays = holidays
        self.rng = rng
        self.did: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        account_id = db.session.scalars(
            select(Coordinator.account_id).where(Coordinator.association_id == self.id).order_by(Coordinator.id)
        ).first()
        self.coordinator = Actor(
            account_id=account_id, coordinates=frozenset({self.id}), member_of=frozenset({self.id})
        )
        supporters = db.session.scalars(
            select(Supporter.id).where(Supporter.association_id == self.id).order_by(Supporter.id)
        )
        self.silent = frozenset(number for number in supporters if self._happens(SILENT_SHARE))

    def live(self, day: date, number: int) -> None:
        """Let everybody act for a day. Coordinators are away at weekends and on holiday; others are not."""
        at_desk = day.weekday() < 5 and not self.holidays[0] <= day <= self.holidays[1]
        if at_desk:
            self._work_at_the_desk(day, number)
        self._answer_proposals(day)
        self._change_lives(day)
        self.live_together(day)
        self.live_in_circles(day)
        self._book(day)

    def _work_at_the_desk(self, day: date, number: int) -> None:
        at = instant(day, 9)
        if number % RUN_EVERY_DAYS < 5 and self._since_last_run(number):
            self._match(at)
        opened = self._ids(Suggestion, Suggestion.state == SuggestionState.OPEN)
        for suggestion_id in opened[:DECISIONS_A_DAY]:
            if self._happens(DECIDES):
                self._decide(suggestion_id, at)
        due = self._ids(Entrepreneur, Entrepreneur.state != EntrepreneurState.CLOSED, Entrepreneur.follow_up_on <= day)
        for person_id in due:
            if self._happens(COMES_BACK_TO_PEOPLE):
                self._do(set_follow_up, entrepreneur_id=person_id, on=day + timedelta(days=60), at=at)
        self.answer_questions(at)
        self._run_workshops(day, number)
        self._hold_reviews(at)
        self.welcome(day)
        self.compose(day, number)

    def _since_last_run(self, number: int) -> bool:
        """Say whether this is the first day at the desk of a new round."""
        round_number = number // RUN_EVERY_DAYS
        if getattr(self, "_round", -1) == round_number:
            return False
        self._round = round_number
        return True

    def _match(self, at: datetime) -> None:
        run_id = self._do(request_run, association_id=self.public_id, at=at)
        if run_id is not None:
            execute_run(run_id=run_id, at=at)
            self.did["execute_run"] += 1

    def _decide(self, suggestion_id: UUID, at: datetime) -> None:
        if self._happens(REJECTS):
            reason = self._pick(list(RejectReason)[:4])
            self._do(reject_suggestion, suggestion_id=suggestion_id, reason=reason, at=at)
        else:
            self._do(approve_suggestion, suggestion_id=suggestion_id, at=at)

    def _answer_proposals(self, day: date) -> None:
        rows = db.session.execute(
            select(Pairing.public_id, Pairing.supporter_id, Supporter.account_id)
            .join(Supporter, Supporter.id == Pairing.supporter_id)
            .where(Pairing.association_id == self.id, Pairing.state == PairingState.PROPOSED)
            .order_by(Pairing.id)
        ).all()
        for pairing_id, supporter_id, account_id in rows:
            if supporter_id in self.silent or not self._happens(ANSWERS):
                continue
            actor = Actor(account_id=account_id, supporter_ids=frozenset({supporter_id}))
            at = instant(day, int(self.rng.integers(8, 21)))
            if self._happens(ASKS):
                self._do(ask_question, pairing_id=pairing_id, question="Combien d'heures ?", actor=actor, at=at)
            elif self._happens(DECLINES):
                reason = self._pick([DeclineReason.NO_TIME, DeclineReason.TOO_FAR, DeclineReason.OTHER_EXPERTISE])
                self._do(decline_pairing, pairing_id=pairing_id, reason=reason, actor=actor, at=at)
            else:
                self._do(accept_pairing, pairing_id=pairing_id, actor=actor, at=at)

    def _change_lives(self, day: date) -> None:
        """Let pairs end, people stop, and supporters pause, come back and leave."""
        at = instant(day, 14)
        for pairing_id in self._drawn(Pairing, PAIR_ENDS, Pairing.state == PairingState.ACTIVE):
            self._do(end_pairing, pairing_id=pairing_id, reason=self._pick(list(EndReason)[2:6]), at=at)
        for person_id in self._drawn(Entrepreneur, PERSON_STOPS, Entrepreneur.state == EntrepreneurState.READY):
            self._do(close_entrepreneur, entrepreneur_id=person_id, at=at)
        active, paused = Supporter.state == SupporterState.ACTIVE, Supporter.state == SupporterState.PAUSED
        for chance, decide, condition in (
            (SUPPORTER_PAUSES, pause_supporter, active),
            (SUPPORTER_RESUMES, resume_supporter, paused),
            (SUPPORTER_LEAVES, let_supporter_leave, active),
        ):
            for supporter_id in self._drawn(Supporter, chance, condition):
                self._do(decide, supporter_id=supporter_id, at=at)

    def _hold_reviews(self, at: datetime) -> None:
        for review_id in self._drawn(Review, HOLDS_REVIEW, Review.state == ReviewState.DUE, Review.due_at <= at):
            if self._happens(LEAVES_REVIEW_OUT):
                self._do(skip_review, review_id=review_id, reason=SkipReason.UNREACHABLE, at=at)
            else:
                self._do(note_review, review_id=review_id, answers=ReviewAnswers(goes_on=self._happens(0.9)), at=at)

    def _run_workshops(self, day: date, number: int) -> None:
        at = instant(day, 11)
        if number % SESSION_EVERY_DAYS == 0:
            self._do(create_session, association_id=self.public_id, values=self._new_session(day), at=at)
        ahead = (WorkshopSession.state == SessionState.SCHEDULED, WorkshopSession.starts_at > at)
        for session_id in self._drawn(WorkshopSession, SESSION_FALLS, *ahead):
            self._do(cancel_session, session_id=session_id, at=at)
        for session_id in self._drawn(WorkshopSession, SESSION_MOVES, *ahead):
            if self._happens(0.5):
                self._do(resize_session, session_id=session_id, seats=int(self.rng.integers(3, 14)), at=at)
            else:
                values = self._new_session(day)
                self._do(update_session, session_id=session_id, values=values, at=at)
        over = (WorkshopSession.state == SessionState.SCHEDULED, WorkshopSession.ends_at <= at)
        for session_id in self._ids(WorkshopSession, *over):
            if not self._happens(FORGETS_ATTENDANCE):
                self._mark(session_id, at)

    def _new_session(self, day: date) -> SessionValues:
        themes = db.session.scalars(select(WorkshopTheme.slug).order_by(WorkshopTheme.slug)).all()
        return SessionValues(
            theme=self._pick(themes),
            title="Atelier simulé",
            day=day + timedelta(days=int(self.rng.integers(10, 40))),
            starts_at=time(int(self.rng.integers(9, 17))),
            ends_at=time(18),
            format=SessionFormat.ONLINE,
            online_url="https://visio.example.org/atelier",
            seats=int(self.rng.integers(3, 10)),
        )

    def _mark(self, session_id: UUID, at: datetime) -> None:
        confirmed = db.session.scalars(
            select(Booking.public_id)
            .join(WorkshopSession, WorkshopSession.id == Booking.session_id)
            .where(WorkshopSession.public_id == session_id, Booking.state == BookingState.CONFIRMED)
            .order_by(Booking.id)
        ).all()
        for booking_id in confirmed:
            self._do(mark_attendance, booking_id=booking_id, attended=self._happens(CAME), at=at)
        self._do(hold_session, session_id=session_id, at=at)

    def _book(self, day: date) -> None:
        at = instant(day, 19)
        ahead = self._ids(
            WorkshopSession, WorkshopSession.state == SessionState.SCHEDULED, WorkshopSession.starts_at > at
        )
        if not ahead:
            return
        for person_id in self._drawn(Entrepreneur, BOOKS, Entrepreneur.state == EntrepreneurState.READY):
            self._do(book_session, session_id=self._pick(ahead), entrepreneur_id=person_id, at=at)
        held = (
            Booking.state.in_((BookingState.CONFIRMED, BookingState.WAITING)),
            Booking.booked_at < at - timedelta(days=1),
        )
        for booking_id in self._drawn(Booking, CANCELS, *held):
            self._do(cancel_booking, booking_id=booking_id, at=at)
        for booking_id in self._drawn(Booking, TAKES_SEAT, Booking.state == BookingState.OFFERED):
            self._do(accept_seat, booking_id=booking_id, at=at)

    def _do(self, decide: Callable[..., T], *, actor: Actor | None = None, **values: Any) -> T | None:
        """Do it as this association's coordinator, or as somebody; a refusal is counted by its code."""
        try:
            outcome = decide(actor=actor or self.coordinator, **values)
        except DomainError as error:
            self.refused[f"{decide.__name__}: {error.code}"] += 1
            return None
        self.did[decide.__name__] += 1
        return outcome

    def _ids(self, table: Any, *conditions: Any) -> Sequence[UUID]:
        db.session.rollback()
        return db.session.scalars(
            select(table.public_id).where(table.association_id == self.id, *conditions).order_by(table.id)
        ).all()

    def _drawn(self, table: Any, chance: float, *conditions: Any) -> list[UUID]:
        ids = self._ids(table, *conditions)
        hits = self.rng.random(len(ids)) < chance
        return [public_id for public_id, hit in zip(ids, hits, strict=True) if hit]

    def _happens(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def _pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.rng.integers(len(choices)))]
