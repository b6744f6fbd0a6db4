"""Feedback: once per person, by who came, in its time; read together, never by name, never of a few."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.audit import AuditEvent
from models.db import db, transaction
from models.exceptions import FeedbackClosedError, InvalidInputError, NotFoundError
from models.feedback import FeedbackFace, SessionFeedback
from models.queries.agenda import get_organised_session
from models.queries.feedback import read_feedback
from models.states import BookingState, SessionState
from models.workshops import WorkshopSession
from tests.factories import make_booking, make_session_feedback
from tests.webapp.services.test_bookings import House
from webapp.services.feedback import give_feedback

AFTER = timedelta(hours=3)


@pytest.fixture
def house(app, now):
    return House(seats=8, people=6, starts_at=now - timedelta(hours=2), ends_at=now)


def come(house, number, state=BookingState.ATTENDED):
    with transaction() as session:
        workshop = session.get_one(WorkshopSession, house.workshop.id)
        return make_booking(session, workshop, house.people[number], state=state)


def tell(house, number, at, face=FeedbackFace.GOOD, word=None, actor=None):
    give_feedback(
        session_id=house.id,
        entrepreneur_id=house.people[number].public_id,
        face=face,
        word=word,
        actor=actor or house.actor(number),
        at=at,
    )


def sheet_of(house):
    db.session.rollback()
    ids = frozenset({house.association.id})
    return read_feedback(db.session(), get_organised_session(db.session(), house.id, association_ids=ids))


def count_kept():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(SessionFeedback))


def test_each_person_has_one_word_and_may_change_it(house, now):
    come(house, 0)
    before = db.session.scalar(select(func.count()).select_from(AuditEvent))
    tell(house, 0, now + AFTER, FeedbackFace.POOR, "Trop court")
    tell(house, 0, now + AFTER, FeedbackFace.FAIR)
    kept = db.session.scalars(select(SessionFeedback)).one()
    assert (kept.face, kept.word) == (FeedbackFace.FAIR, "Trop court")
    tell(house, 0, now + AFTER, FeedbackFace.FAIR, "  ")
    db.session.rollback()
    assert db.session.scalars(select(SessionFeedback).execution_options(populate_existing=True)).one().word is None
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == before


@pytest.mark.parametrize(
    ("state", "at"),
    [
        (BookingState.ATTENDED, -timedelta(minutes=1)),
        (BookingState.ATTENDED, timedelta(days=30, minutes=1)),
        (BookingState.ABSENT, AFTER),
        (BookingState.WAITING, AFTER),
    ],
)
def test_outside_its_time_or_without_having_come_it_is_refused(house, now, state, at):
    come(house, 0, state)
    with pytest.raises(FeedbackClosedError):
        tell(house, 0, now + at)
    assert count_kept() == 0


def test_of_a_cancelled_session_nothing_is_said(house, now):
    come(house, 0)
    with transaction() as session:
        session.get_one(WorkshopSession, house.workshop.id).state = SessionState.CANCELLED
    with pytest.raises(FeedbackClosedError):
        tell(house, 0, now + AFTER)


def test_nobody_else_speaks_for_a_person(house, now):
    come(house, 0)
    for actor in (house.actor(1), house.organiser):
        with pytest.raises(NotFoundError):
            tell(house, 0, now + AFTER, actor=actor)
    with pytest.raises(NotFoundError):
        tell(house, 1, now + AFTER)
    with pytest.raises(InvalidInputError):
        tell(house, 0, now + AFTER, word="a" * 501)
    assert count_kept() == 0


@pytest.mark.parametrize(("theme", "least"), [("financial_management", 3), ("stress_management", 5)])
def test_answers_are_read_from_a_number_on_and_tell_no_order(house, now, theme, least):
    with transaction() as session:
        session.get_one(WorkshopSession, house.workshop.id).theme_slug = theme
    words = ["zeste", "Abricot", None, "miel", "banane"]
    for number in range(least):
        booking = come(house, number)
        sheet = sheet_of(house)
        assert (sheet.counts, sheet.words, sheet.lacking) == ({}, (), least - number)
        with transaction() as session:
            make_session_feedback(session, booking, word=words[number], given_at=now)
    sheet = sheet_of(house)
    assert (sheet.total, sheet.lacking) == (least, 0)
    assert sheet.counts == {FeedbackFace.GOOD: least, FeedbackFace.FAIR: 0, FeedbackFace.POOR: 0}
    assert sheet.words == (("Abricot", "zeste") if least == 3 else ("Abricot", "banane", "miel", "zeste"))


def test_a_word_is_not_readable_in_the_database(house, now):
    come(house, 0)
    tell(house, 0, now + AFTER, word="Je dors mieux")
    stored = db.session.execute(select(SessionFeedback.__table__.c.word.label("w"))).scalar()
    assert stored == "Je dors mieux"
    raw = db.session.connection().exec_driver_sql("SELECT word FROM session_feedbacks").scalar()
    assert "Je dors" not in raw
