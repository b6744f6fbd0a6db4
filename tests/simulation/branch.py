"""What the people of one association do in a day, drawn from one seeded stream, through services only."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from sqlalchemy import Select, select

from models.accounts import Coordinator
from models.associations import Association
from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import DomainError
from models.match_runs import RejectReason, Suggestion
from models.pairings import DeclineReason, EndReason, Pairing
from models.reviews import Review, SkipReason
from models.states import (
    EntrepreneurState,
    PairingState,
    ReviewState,
    SuggestionState,
    SupporterState,
)
from models.supporters import Supporter
from tests.simulation.care import Care
from tests.simulation.circles import Circles
from tests.simulation.exchanges import Exchanges
from tests.simulation.gatherings import Gatherings
from tests.simulation.newcomers import Newcomers
from tests.simulation.pairs import Pairs
from tests.simulation.programme import Programme
from tests.simulation.rarities import Rarities
from tests.simulation.world import AT, TODAY, as_supporter, ids_of, instant, rows_of
from webapp.permissions import Actor
from webapp.services.assisted_calls import begin_call, end_call
from webapp.services.entrepreneur_files import set_follow_up
from webapp.services.entrepreneurs import close_entrepreneur
from webapp.services.match_runs import execute_run, request_run
from webapp.services.pairing_pauses import ask_question
from webapp.services.pairings import accept_pairing, decline_pairing, end_pairing
from webapp.services.rematch import rematch_supporter
from webapp.services.reviews import ReviewAnswers, note_review, skip_review
from webapp.services.suggestions import approve_suggestion, reject_suggestion
from webapp.services.supporters import let_supporter_leave, pause_supporter, resume_supporter

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
COMES_BACK_TO_PEOPLE = 0.1
TELEPHONES, HANGS_UP = 0.001, 0.7
# Some reviews are held weeks late, some never.
HOLDS_REVIEW, LEAVES_REVIEW_OUT = 0.08, 0.15
# No association has more rows alive of anything that is drawn from.
MOST_ROWS = 300

READY_PEOPLE = ids_of(Entrepreneur, Entrepreneur.state == EntrepreneurState.READY)
TO_COME_BACK_TO = ids_of(
    Entrepreneur, Entrepreneur.state != EntrepreneurState.CLOSED, Entrepreneur.follow_up_on <= TODAY
)
ACTIVE_SUPPORTERS = ids_of(Supporter, Supporter.state == SupporterState.ACTIVE)
PAUSED_SUPPORTERS = ids_of(Supporter, Supporter.state == SupporterState.PAUSED)
SUGGESTED = ids_of(Suggestion, Suggestion.state == SuggestionState.OPEN)
PROPOSED = rows_of(Pairing.public_id, Pairing.supporter_id, where=[Pairing.state == PairingState.PROPOSED])
ACTIVE_PAIRS = ids_of(Pairing, Pairing.state == PairingState.ACTIVE)
DUE_REVIEWS = ids_of(Review, Review.state == ReviewState.DUE, Review.due_at <= AT)


class Branch(Care, Circles, Exchanges, Gatherings, Newcomers, Pairs, Programme, Rarities):
    """One association: who runs it, who is silent, and what everybody does day after day."""

    def __init__(self, association: Association, *, holidays: tuple[date, date], seed: np.random.SeedSequence) -> None:
        self.id, self.public_id = association.id, association.public_id
        self.holidays = holidays
        self.rng = np.random.default_rng(seed)
        self.circle_rng, self.rare_rng = (np.random.default_rng(stream) for stream in seed.spawn(2))
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
        self.exchange(day)
        self.care(day)
        self.come_and_go(day)
        self.gather(day)
        self.live_rarely(day)

    def _work_at_the_desk(self, day: date, number: int) -> None:
        at = instant(day, 9)
        if number % RUN_EVERY_DAYS < 5 and self._since_last_run(number):
            self._match(at)
        opened = self._ids(SUGGESTED)
        for suggestion_id in opened[:DECISIONS_A_DAY]:
            if self._happens(DECIDES):
                self._decide(suggestion_id, at)
        for person_id in self._drawn(TO_COME_BACK_TO, COMES_BACK_TO_PEOPLE, today=day):
            self._do(set_follow_up, entrepreneur_id=person_id, on=day + timedelta(days=60), at=at)
        self.answer_questions(at)
        self.run_workshops(day, number)
        self.steer_exchanges(day)
        self.train(day, number)
        self._telephone(day)
        self._hold_reviews(at)
        self.welcome(day)
        self.compose(day, number)
        self.call_together(day)
        self.steer_by_hand(day)

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
            self.did["match_runs.execute_run"] += 1

    def _decide(self, suggestion_id: UUID, at: datetime) -> None:
        if self._happens(REJECTS):
            reason = self._pick(list(RejectReason)[:4])
            self._do(reject_suggestion, suggestion_id=suggestion_id, reason=reason, at=at)
        else:
            self._do(approve_suggestion, suggestion_id=suggestion_id, at=at)

    def _answer_proposals(self, day: date) -> None:
        for pairing_id, supporter_id in self._rows(PROPOSED):
            if supporter_id in self.silent or not self._happens(ANSWERS):
                continue
            actor = as_supporter(supporter_id)
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
        for pairing_id in self._drawn(ACTIVE_PAIRS, PAIR_ENDS):
            self._do(end_pairing, pairing_id=pairing_id, reason=self._pick(list(EndReason)[2:6]), at=at)
        for person_id in self._drawn(READY_PEOPLE, PERSON_STOPS):
            self._do(close_entrepreneur, entrepreneur_id=person_id, at=at)
        for chance, decide, supporters in (
            (SUPPORTER_PAUSES, pause_supporter, ACTIVE_SUPPORTERS),
            (SUPPORTER_RESUMES, resume_supporter, PAUSED_SUPPORTERS),
            (SUPPORTER_LEAVES, let_supporter_leave, ACTIVE_SUPPORTERS),
        ):
            for supporter_id in self._drawn(supporters, chance):
                self._do(decide, supporter_id=supporter_id, at=at)
                self._do_alone(rematch_supporter, supporter_id=supporter_id, at=at)

    def _telephone(self, day: date) -> None:
        """Do something for a person while she is on the telephone; sometimes the call is never ended by anybody."""
        at = instant(day, 16)
        for person_id in self._drawn(READY_PEOPLE, TELEPHONES):
            self._do(begin_call, entrepreneur_id=person_id, agreed=True, at=at)
            self._do(set_follow_up, entrepreneur_id=person_id, on=day + timedelta(days=30), at=at)
            if self._happens(HANGS_UP):
                self._do(end_call, entrepreneur_id=person_id, at=at + timedelta(minutes=10))

    def _hold_reviews(self, at: datetime) -> None:
        for review_id in self._drawn(DUE_REVIEWS, HOLDS_REVIEW, at=at):
            if self._happens(LEAVES_REVIEW_OUT):
                self._do(skip_review, review_id=review_id, reason=SkipReason.UNREACHABLE, at=at)
            else:
                self._do(note_review, review_id=review_id, answers=ReviewAnswers(goes_on=self._happens(0.9)), at=at)

    def _do(self, decide: Callable[..., T], *, actor: Actor | None = None, **values: Any) -> T | None:
        """Do it as this association's coordinator, or as somebody; a refusal is counted by its code."""
        return self._do_alone(decide, actor=actor or self.coordinator, **values)

    def _do_alone(self, decide: Callable[..., T], **values: Any) -> T | None:
        """Do it as nobody in particular: who comes from outside has no account."""
        name = f"{decide.__module__.rpartition('.')[2]}.{decide.__name__}"
        try:
            outcome = decide(**values)
        except DomainError as error:
            self.refused[f"{name}: {error.code}"] += 1
            return None
        self.did[name] += 1
        return outcome

    def _rows(self, rows: Select[Any], *, most: int | None = None, **moments: Any) -> Sequence[Any]:
        """Read columns as they are now; what was read stays so, whatever happens to it afterwards."""
        db.session.expunge_all()
        found = db.session.connection().execute(rows, {"association": self.id, **moments})
        return found.all() if most is None else found.fetchmany(most)

    def _ids(self, rows: Select[Any], **moments: Any) -> list[UUID]:
        return [public_id for (public_id,) in self._rows(rows, **moments)]

    def _chosen(self, rows: Select[Any], chance: float, **moments: Any) -> list[Any]:
        """Draw some of the rows; on days on which nobody is drawn, they are not even read."""
        drawn = np.flatnonzero(self.rng.random(MOST_ROWS) < chance)
        found = self._rows(rows, most=int(drawn[-1]) + 1, **moments) if len(drawn) else []
        return [found[place] for place in drawn if place < len(found)]

    def _drawn(self, rows: Select[Any], chance: float, **moments: Any) -> list[UUID]:
        return [row.public_id for row in self._chosen(rows, chance, **moments)]

    @contextmanager
    def _drawing_from(self, stream: np.random.Generator) -> Iterator[None]:
        """Draw from a stream of its own: what is drawn here changes nothing of what others draw."""
        others, self.rng = self.rng, stream
        try:
            yield
        finally:
            self.rng = others

    def _happens(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def _pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.rng.integers(len(choices)))]
