"""Coaching files between the clocks and the person: what she does meanwhile is read again before a decision."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.coaching import CoachingAssessment, CoachingDoor, CoachingFile
from models.db import db, transaction
from models.states import CoachingFileState, PairingState
from models.supporters import SupporterRole
from tests.databases import lend_app
from tests.factories import make_coaching_assessment, make_coaching_file, make_pairing
from tests.office import Office
from webapp.services import coaching


@pytest.fixture
def office(postgresql_url, tmp_path):
    """An office on the database on which two decide at once."""
    with lend_app(postgresql_url, tmp_path) as app:
        office = Office(supporter={"role": SupporterRole.COACH, "capacity": 14}, suggested=False)
        office.app = app
        with transaction() as session:
            pairing = make_pairing(session, office.people[0], office.supporters[0], state=PairingState.ACTIVE)
            make_coaching_assessment(session, make_coaching_file(session, pairing))
        office.pairing_id = pairing.public_id
        yield office


def meanwhile(monkeypatch, app, act):
    """Let somebody act in a transaction of her own, right after the next file was read."""
    read = coaching.get_file

    def read_then_act(session, file_id):
        monkeypatch.setattr(coaching, "get_file", read)
        found = read(session, file_id)
        other = threading.Thread(target=lambda: run(app, act))
        other.start()
        other.join()
        return found

    monkeypatch.setattr(coaching, "get_file", read_then_act)


def run(app, act):
    with app.app_context():
        act()


def only_file():
    db.session.rollback()
    return db.session.scalars(select(CoachingFile)).one()


@pytest.mark.postgresql
def test_words_stay_when_she_agrees_again_as_they_are_to_be_erased(office, monkeypatch, now):
    file_id, herself = only_file().public_id, office.as_person()
    coaching.withdraw_agreement(file_id=file_id, actor=herself, at=now)
    later = now + coaching.ERASED_AFTER_WITHDRAWAL
    again = {"pairing_id": office.pairing_id, "door": CoachingDoor.PREVENTION, "agrees": True, "actor": herself}
    meanwhile(monkeypatch, office.app, lambda: coaching.open_file(**again, at=later))
    assert coaching.erase_file(file_id=file_id, at=later) == 0
    assert (only_file().state, only_file().erased_at) == (CoachingFileState.OPEN, None)
    assert db.session.scalar(select(func.count()).select_from(CoachingAssessment)) == 1


@pytest.mark.postgresql
def test_a_file_whose_agreement_is_taken_back_meanwhile_is_left_alone(office, monkeypatch, now):
    file_id, herself = only_file().public_id, office.as_person()
    later = now + timedelta(days=1)
    meanwhile(
        monkeypatch,
        office.app,
        lambda: coaching.withdraw_agreement(file_id=file_id, actor=herself, at=later),
    )
    assert coaching.close_file(file_id=file_id, at=later) == 0
    assert only_file().state is CoachingFileState.WITHDRAWN
