"""The one function that changes a state: the table of moves, compare-and-set, and the event row."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from models import moves
from models.audit import AuditEvent
from models.db import db, transaction
from models.exceptions import InvalidTransitionError
from models.match_runs import Suggestion
from models.moves import move, move_all
from models.pairings import DeclineReason, Pairing
from models.states import PairingAction, PairingState, SuggestionAction, SuggestionState
from tests.factories import (
    make_association,
    make_entrepreneur,
    make_match_run,
    make_pairing,
    make_suggestion,
    make_supporter,
)


@pytest.fixture
def pairing(any_app: Flask) -> Pairing:
    with transaction() as session:
        association = make_association(session)
        return make_pairing(session, make_entrepreneur(session, association), make_supporter(session, association))


def count_events() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


def test_a_move_writes_state_values_and_event_in_one_go(pairing: Pairing, now: datetime) -> None:
    with transaction() as session:
        found = session.get_one(Pairing, pairing.id)
        move(
            session,
            found,
            PairingAction.DECLINE,
            actor_id=None,
            at=now,
            reason="no_time",
            note="En déplacement",
            answered_at=now,
            ended_at=now,
            decline_reason=DeclineReason.NO_TIME,
        )
        assert found.state is PairingState.DECLINED
    db.session.remove()
    kept = db.session.get_one(Pairing, pairing.id)
    assert (kept.state, kept.ended_at, kept.decline_reason) == (PairingState.DECLINED, now, DeclineReason.NO_TIME)
    event = db.session.scalars(select(AuditEvent)).one()
    assert (event.record, event.record_id, event.action) == ("pairing", pairing.id, "decline")
    assert (event.from_state, event.to_state) == ("proposed", "declined")
    assert (event.at, event.reason, event.note) == (now, "no_time", "En déplacement")
    assert event.association_id == pairing.association_id


def test_a_move_that_does_not_exist_is_refused_and_changes_nothing(pairing: Pairing, now: datetime) -> None:
    with pytest.raises(InvalidTransitionError) as refusal, transaction() as session:
        move(session, session.get_one(Pairing, pairing.id), PairingAction.END, actor_id=None, at=now)
    assert refusal.value.facts == {"record": "pairing", "state": "proposed", "action": "end"}
    assert db.session.get_one(Pairing, pairing.id).state is PairingState.PROPOSED
    assert count_events() == 0


def test_a_state_that_changed_since_it_was_read_refuses_the_move(pairing: Pairing, now: datetime) -> None:
    with pytest.raises(InvalidTransitionError), transaction() as session:
        found = session.get_one(Pairing, pairing.id)
        session.execute(
            update(Pairing)
            .values(state=PairingState.ACTIVE, answered_at=now, next_meeting_due_at=now, ends_on=now.date())
            .execution_options(synchronize_session=False)
        )
        move(session, found, PairingAction.EXPIRE, actor_id=None, at=now, ended_at=now)
    assert db.session.get_one(Pairing, pairing.id).state is PairingState.PROPOSED
    assert count_events() == 0


@pytest.fixture
def suggestions(any_app: Flask) -> list[Suggestion]:
    with transaction() as session:
        association = make_association(session)
        run = make_match_run(session, association)
        people = [make_entrepreneur(session, association) for _ in range(3)]
        supporters = [make_supporter(session, association) for _ in range(2)]
        return [
            make_suggestion(
                session,
                run,
                person,
                supporter,
                rank=rank,
                state=SuggestionState.OPEN if rank == 1 else SuggestionState.ALTERNATIVE,
            )
            for person in people
            for rank, supporter in enumerate(supporters, start=1)
        ]


def test_many_records_move_alike_from_their_different_states(
    suggestions: list[Suggestion], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "BATCH", 2)
    with transaction() as session:
        found = session.scalars(select(Suggestion).order_by(Suggestion.id)).all()
        move_all(session, found, SuggestionAction.SUPERSEDE, actor_id=None, at=now, reason="newer_run")
        assert {suggestion.state for suggestion in found} == {SuggestionState.SUPERSEDED}
    db.session.remove()
    states = db.session.scalars(select(Suggestion.state)).all()
    assert states == [SuggestionState.SUPERSEDED] * 6
    events = db.session.scalars(select(AuditEvent)).all()
    assert sorted(event.record_id for event in events) == sorted(suggestion.id for suggestion in suggestions)
    assert sorted(str(event.from_state) for event in events) == ["alternative"] * 3 + ["open"] * 3
    assert {(event.record, event.to_state, event.reason) for event in events} == {
        ("suggestion", "superseded", "newer_run")
    }


def test_one_record_that_changed_meanwhile_refuses_the_move_of_all(
    suggestions: list[Suggestion], now: datetime
) -> None:
    with pytest.raises(InvalidTransitionError), transaction() as session:
        found = session.scalars(select(Suggestion).order_by(Suggestion.id)).all()
        session.execute(
            update(Suggestion)
            .where(Suggestion.id == suggestions[-1].id)
            .values(state=SuggestionState.SUPERSEDED)
            .execution_options(synchronize_session=False)
        )
        move_all(session, found, SuggestionAction.SUPERSEDE, actor_id=None, at=now)
    states = set(db.session.scalars(select(Suggestion.state)))
    assert states == {SuggestionState.OPEN, SuggestionState.ALTERNATIVE}
    assert count_events() == 0


def test_many_records_cannot_make_a_move_that_one_of_them_lacks(suggestions: list[Suggestion], now: datetime) -> None:
    with pytest.raises(InvalidTransitionError), transaction() as session:
        found = session.scalars(select(Suggestion).where(Suggestion.rank == 2)).all()
        move_all(session, found, SuggestionAction.REJECT, actor_id=None, at=now)
    assert count_events() == 0
