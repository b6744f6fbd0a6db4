"""Drafts of weights: refusals change nothing, lost workers are noticed, nothing that waits is forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.associations import WeightVersion
from models.db import db, transaction
from models.exceptions import InvalidInputError, InvalidTransitionError, NotFoundError, PermissionDeniedError
from models.states import WeightDraftState
from models.weights import WeightDraft
from tests.factories import make_match_run, make_weight_draft, make_weight_version
from tests.office import NOBODY, Office, broken_laws
from webapp import jobs
from webapp.matcher_bridge import default_weights
from webapp.services import weight_drafts
from webapp.services.clocks import tick
from webapp.services.suggestions import compare_supporters
from webapp.services.weight_drafts import (
    discard_draft,
    draft_version_again,
    draft_weights,
    learn_weights,
    publish_draft,
    replay_draft,
)


def draft(office: Office, now: object, **weights: dict[str, float]):
    return draft_weights(
        association_id=office.association.public_id,
        weights={**default_weights(), **weights},
        actor=office.coordinator,
        at=now,
    )


def states() -> list[WeightDraftState]:
    db.session.rollback()
    return list(db.session.scalars(select(WeightDraft.state).order_by(WeightDraft.id)))


def test_a_draft_goes_from_words_to_a_version_on_both_databases(any_app, now):
    office = Office(suggested=False)
    draft_id = draft(office, now, mentor={"stage": 1.0})
    assert states() == [WeightDraftState.QUEUED]
    assert replay_draft(draft_id=draft_id, at=now) is WeightDraftState.READY
    assert publish_draft(draft_id=draft_id, note="Essai", actor=office.coordinator, at=now) == 1
    version = db.session.scalars(select(WeightVersion).where(WeightVersion.association_id.is_not(None))).one()
    assert version.weights["mentor"] == {"stage": 1.0}
    assert states() == [WeightDraftState.PUBLISHED]
    assert broken_laws() == []


def test_weights_of_no_use_are_refused(app, now):
    office = Office(suggested=False)
    for wrong in ({"mentor": {"needs": -1.0}}, {"mentor": {"needs": 1.0, "text": 1.0}}, {"mentor": {"hair": 1.0}}):
        with pytest.raises(InvalidInputError) as refusal:
            draft(office, now, **wrong)
        assert refusal.value.facts["field"] == "weights"
    assert states() == []


def test_only_coordinators_of_the_association_decide_about_weights(app, now):
    office, other = Office(suggested=False), Office(suggested=False)
    draft_id = draft(office, now)
    replay_draft(draft_id=draft_id, at=now)
    for actor in (NOBODY, other.coordinator, office.as_supporter()):
        for call in (
            lambda actor=actor: draft_weights(
                association_id=office.association.public_id, weights=default_weights(), actor=actor, at=now
            ),
            lambda actor=actor: draft_version_again(
                association_id=office.association.public_id,
                number=1,
                is_national=True,
                note="",
                actor=actor,
                at=now,
            ),
            lambda actor=actor: publish_draft(draft_id=draft_id, note="Non", actor=actor, at=now),
            lambda actor=actor: discard_draft(draft_id=draft_id, actor=actor, at=now),
            lambda actor=actor: learn_weights(association_id=office.association.public_id, role="mentor", actor=actor),
        ):
            with pytest.raises((NotFoundError, PermissionDeniedError)):
                call()
    assert states() == [WeightDraftState.READY]


def test_a_note_is_needed_to_publish(app, now):
    office = Office(suggested=False)
    draft_id = draft(office, now)
    replay_draft(draft_id=draft_id, at=now)
    with pytest.raises(InvalidInputError):
        publish_draft(draft_id=draft_id, note=" \n", actor=office.coordinator, at=now)
    assert states() == [WeightDraftState.READY]


def test_nothing_is_published_before_its_replay(app, now):
    office = Office(suggested=False)
    draft_id = draft(office, now)
    with pytest.raises(InvalidTransitionError):
        publish_draft(draft_id=draft_id, note="Vite", actor=office.coordinator, at=now)
    assert db.session.scalars(select(WeightVersion).where(WeightVersion.association_id.is_not(None))).all() == []


def test_a_replay_is_done_once(app, now):
    office = Office(suggested=False)
    draft_id = draft(office, now)
    replay_draft(draft_id=draft_id, at=now)
    with pytest.raises(InvalidTransitionError):
        replay_draft(draft_id=draft_id, at=now)
    jobs.replay_draft(str(draft_id))
    assert states() == [WeightDraftState.READY]


def test_a_draft_that_no_worker_was_told_of_is_found_by_the_next_tick(app, now):
    office = Office(suggested=False)
    draft(office, now)
    jobs.tick()
    assert states() == [WeightDraftState.READY]


def test_a_worker_that_fell_silent_fails_its_replay(app, now):
    office = Office(suggested=False)
    with transaction() as session:
        for minutes in (20, 5):
            seen = {"state": WeightDraftState.RUNNING, "replay": None, "seen_at": now - timedelta(minutes=minutes)}
            make_weight_draft(session, office.association, **seen)
    assert tick(at=now)["failed_replays"] == 1
    assert states() == [WeightDraftState.FAILED, WeightDraftState.RUNNING]
    assert tick(at=now)["failed_replays"] == 0


def test_an_answer_that_comes_after_its_draft_was_declared_lost_is_not_kept(app, now, monkeypatch):
    office = Office(suggested=False)
    draft_id = draft(office, now)

    def lose(*_arguments, **_values):
        tick(at=now + timedelta(hours=1))
        raise ZeroDivisionError

    monkeypatch.setattr(weight_drafts.decision_bridge, "replay", lose)
    assert replay_draft(draft_id=draft_id, at=now) is WeightDraftState.FAILED
    assert states() == [WeightDraftState.FAILED]


def test_suggestions_are_compared_by_the_weights_that_made_them(app, now):
    """Newer weights wait for the next run: until then every line of the list is scored alike."""
    office = Office(suggested=False, supporters=2)

    def scores():
        db.session.rollback()
        lines = compare_supporters(
            entrepreneur_id=office.people[0].public_id, role="mentor", actor=office.coordinator, at=now
        )
        return [line.score for line in lines]

    with transaction() as session:
        version = make_weight_version(session, weights={"mentor": {"languages": 1.0}})
        make_match_run(session, office.association, weight_version_id=version.id)
    before = scores()
    with transaction() as session:
        newer = {"mentor": {"place": 1.0}}
        make_weight_version(session, association_id=office.association_id, number=1, weights=newer)
    assert scores() == before
    with transaction() as session:
        version = session.scalars(select(WeightVersion).where(WeightVersion.association_id.is_not(None))).one()
        make_match_run(session, office.association, weight_version_id=version.id)
    assert scores() != before
