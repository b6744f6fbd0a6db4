"""An association at work, for tests of decisions: its people, its supporters, what a run suggested, and who may act."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.audit import AuditEvent
from models.db import Model, db, transaction
from models.match_runs import Suggestion
from models.messages import Message
from models.pairings import Pairing
from models.queries.invariants import check_invariants
from models.states import SuggestionState
from models.supporters import Supporter
from tests.factories import (
    make_association,
    make_coordinator,
    make_entrepreneur,
    make_match_run,
    make_suggestion,
    make_supporter,
)
from tests.factories.sequence import MADE_AT
from webapp.permissions import Actor
from webapp.services.suggestions import approve_suggestion

NOBODY = Actor(account_id=None)


class Office:
    """Some people, some supporters, and for each person every supporter suggested, her neighbour in the list first."""

    def __init__(
        self,
        *,
        people: int = 1,
        supporters: int = 2,
        suggested: bool = True,
        person: dict[str, Any] | None = None,
        supporter: dict[str, Any] | None = None,
        association: dict[str, Any] | None = None,
    ) -> None:
        with transaction() as session:
            self.association = make_association(session, **(association or {}))
            self.account = make_coordinator(session, self.association)
            self.people = [make_entrepreneur(session, self.association, **(person or {})) for _ in range(people)]
            self.supporters = [
                make_supporter(session, self.association, **(supporter or {})) for _ in range(supporters)
            ]
            if suggested:
                self._suggest(session)
        self.association_id = self.association.id

    def _suggest(self, session: Any) -> None:
        run = make_match_run(session, self.association)
        for number, person in enumerate(self.people):
            order = [self.supporters[(number + step) % len(self.supporters)] for step in range(len(self.supporters))]
            for rank, supporter in enumerate(order[:3], start=1):
                state = SuggestionState.OPEN if rank == 1 else SuggestionState.ALTERNATIVE
                deadline_at = MADE_AT + timedelta(days=30) if rank == 1 else None
                make_suggestion(session, run, person, supporter, rank=rank, state=state, deadline_at=deadline_at)

    @property
    def coordinator(self) -> Actor:
        return Actor(account_id=self.account.id, name="Nadia Lopez", coordinates=frozenset({self.association_id}))

    def as_supporter(self, number: int = 0) -> Actor:
        return Actor(account_id=None, supporter_ids=frozenset({self.supporters[number].id}))

    def as_person(self, number: int = 0) -> Actor:
        return Actor(account_id=None, entrepreneur_ids=frozenset({self.people[number].id}))

    def suggestion(self, person: int = 0, *, rank: int = 1) -> Suggestion:
        db.session.rollback()
        return db.session.scalars(
            select(Suggestion).where(Suggestion.entrepreneur_id == self.people[person].id, Suggestion.rank == rank)
        ).one()

    def states(self, person: int = 0) -> list[str]:
        """States of a person's suggestions, by rank."""
        db.session.rollback()
        return [
            str(state)
            for state in db.session.scalars(
                select(Suggestion.state)
                .where(Suggestion.entrepreneur_id == self.people[person].id)
                .order_by(Suggestion.run_id, Suggestion.rank)
            )
        ]

    def propose(self, person: int = 0, *, rank: int = 1, at: Any) -> Pairing:
        """Approve a suggestion, and give its pairing."""
        outcome = approve_suggestion(
            suggestion_id=self.suggestion(person, rank=rank).public_id, actor=self.coordinator, at=at
        )
        return self.pairing(outcome.pairing_id)

    def pairing(self, public_id: Any) -> Pairing:
        db.session.rollback()
        return db.session.scalars(select(Pairing).where(Pairing.public_id == public_id)).one()

    def taken(self, number: int = 0) -> int:
        db.session.rollback()
        return db.session.scalars(select(Supporter.taken).where(Supporter.id == self.supporters[number].id)).one()

    def messages(self) -> list[tuple[str, str]]:
        """Kind and recipient of every message, in the order in which they were written."""
        db.session.rollback()
        rows = db.session.execute(select(Message.kind, Message.recipient).order_by(Message.id))
        return [(str(kind), recipient) for kind, recipient in rows]

    def events(self, record: str) -> list[tuple[str, str | None, str | None, str | None]]:
        """Action, states and reason of every event of one kind of record, in order."""
        db.session.rollback()
        rows = db.session.scalars(select(AuditEvent).where(AuditEvent.record == record).order_by(AuditEvent.id))
        return [(event.action, event.from_state, event.to_state, event.reason) for event in rows]


def take_snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Read every row of every table that decisions write."""
    db.session.rollback()
    names = ("entrepreneurs", "supporters", "match_runs", "suggestions", "plan_lines", "pairings", "messages")
    names += ("circles", "circle_members", "circle_meetings", "introductions", "expert_questions", "session_proposals")
    names += ("gatherings", "audit_events")
    return {
        name: [tuple(row) for row in db.session.execute(select(Model.metadata.tables[name]).order_by("id"))]
        for name in names
    }


@contextmanager
def refused(error: type[Exception], **facts: Any) -> Iterator[None]:
    """Expect a typed refusal with these facts that leaves every row as it was."""
    before = take_snapshot()
    with pytest.raises(error) as refusal:
        yield
    assert {name: refusal.value.facts[name] for name in facts} == facts  # type: ignore[attr-defined]
    assert take_snapshot() == before


def broken_laws() -> list[str]:
    """Name the laws that do not hold; factories make runs that are done without having been moved there."""
    db.session.rollback()
    return [
        check.name
        for check in check_invariants(db.session())
        if not check.holds and check.name != "match_run_state_has_its_event"
    ]
