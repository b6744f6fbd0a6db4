"""Cancelling a session at its organiser's desk, with another date for its people, and taking that date back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from models.states import BookingState, SessionState
from models.workshops import Booking, WorkshopSession
from tests.factories import make_association, make_workshop_session
from tests.webapp.desk import Desk, fresh
from tests.webapp.workshops.test_workshops import book, session_of
from webapp.clock import utc_now

NEW = {"choice": "new", "day": "2030-07-02", "starts_at": "18:30", "ends_at": "20:30"}


def path_of(workshop: WorkshopSession) -> str:
    return f"/workshops/{workshop.public_id}/cancel"


def full_session(desk: Desk, **values: Any) -> WorkshopSession:
    workshop = session_of(desk, seats=1, **values)
    book(desk, workshop)
    book(desk, workshop, BookingState.WAITING)
    return workshop


def state_of(workshop: WorkshopSession) -> SessionState:
    return fresh().get_one(WorkshopSession, workshop.id).state


def test_another_session_is_proposed_and_taken_back(desk: Desk) -> None:
    workshop = full_session(desk)
    other = session_of(desk, seats=1, title="Seconde date", starts_at=utc_now() + timedelta(days=20))
    page = desk.client.get(path_of(workshop)).text
    assert "Seconde date · 1 place libre" in page
    answer = desk.client.post(path_of(workshop), data={"choice": "other", "other": str(other.public_id)})
    assert answer.status_code == 303
    page = desk.client.get(answer.headers["Location"]).text
    assert "une place est gardée pour 1 personne" in page
    assert "1 personne a une place gardée et n’a pas encore répondu" in page
    assert "Seconde date" in page
    assert "Place gardée, réponse avant le" in desk.client.get(f"/workshops/{other.public_id}").text
    undone = desk.client.post(f"{path_of(workshop)}/undo")
    page = desk.client.get(undone.headers["Location"]).text
    assert "retirée pour 2 personnes" in page
    assert "/undo" not in page
    found = fresh().scalars(select(Booking.state).where(Booking.session_id == other.id)).all()
    assert set(found) == {BookingState.CANCELLED}


def test_the_same_session_is_proposed_at_a_new_date(desk: Desk) -> None:
    workshop = full_session(desk)
    night = {**NEW, "day": "2030-10-27", "starts_at": "02:30", "ends_at": "04:30"}
    answer = desk.client.post(path_of(workshop), data=night)
    assert answer.status_code == 303
    assert "montrent deux fois cette heure" in desk.client.get(answer.headers["Location"]).text
    copy = fresh().scalars(select(WorkshopSession).where(WorkshopSession.id != workshop.id)).one()
    assert (copy.wall_start, copy.taken) == ("2030-10-27T02:30", 1)
    again = desk.client.post(path_of(workshop), data=night)
    assert again.status_code == 303
    assert len(fresh().scalars(select(WorkshopSession.id)).all()) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Merci de remplir ce champ"),
        ({"choice": "tomorrow"}, ""),
        ({"choice": "other"}, "Merci de remplir ce champ"),
        ({"choice": "other", "other": str(uuid4())}, "ne peut plus être proposé"),
        ({"choice": "other", "other": "x"}, "ne peut plus être proposé"),
        ({**NEW, "day": ""}, "Merci de remplir ce champ"),
        ({**NEW, "day": "bientôt"}, ""),
        ({**NEW, "ends_at": "18:00"}, "La fin doit venir après le début"),
        ({**NEW, "day": "2020-07-02"}, "plus d’une journée pour répondre"),
        ({**NEW, "day": "2027-03-28", "starts_at": "02:30", "ends_at": "04:00"}, "n’existe pas"),
    ],
)
def test_what_cannot_be_proposed_is_said_and_nothing_is_cancelled(
    desk: Desk, values: dict[str, str], words: str
) -> None:
    workshop = full_session(desk)
    answer = desk.client.post(path_of(workshop), data=values)
    assert answer.status_code == 422
    assert words in answer.text
    assert state_of(workshop) is SessionState.SCHEDULED


def test_another_date_is_another_time(desk: Desk) -> None:
    workshop = full_session(desk, starts_at=datetime(2030, 7, 2, 16, 30, tzinfo=UTC))
    answer = desk.client.post(path_of(workshop), data=NEW)
    assert answer.status_code == 422
    assert "a déjà ce jour et cette heure" in answer.text
    assert state_of(workshop) is SessionState.SCHEDULED


def test_only_dates_that_suit_are_in_the_list(desk: Desk) -> None:
    workshop = session_of(desk)
    later = utc_now() + timedelta(days=20)
    session_of(desk, title="Confidentiel", theme_slug="stress_management", starts_at=later)
    session_of(desk, title="Demain matin", starts_at=utc_now() + timedelta(hours=20))
    session_of(desk, title="Annulé", state=SessionState.CANCELLED, starts_at=later)
    make_workshop_session(desk.session, make_association(desk.session), title="Chez d’autres", starts_at=later)
    desk.session.commit()
    page = desk.client.get(path_of(workshop)).text
    assert not [name for name in ("Confidentiel", "Demain matin", "Annulé", "Chez d’autres") if name in page]
    assert "Aucune autre session ne peut être proposée" in page


def test_a_session_that_was_held_is_not_cancelled_and_a_cancelled_one_shows_itself(desk: Desk) -> None:
    held, cancelled = session_of(desk, state=SessionState.HELD), session_of(desk, state=SessionState.CANCELLED)
    assert desk.client.get(path_of(held)).status_code == 409
    assert desk.client.get(path_of(cancelled)).status_code == 303


def test_sessions_of_others_stay_hidden(desk: Desk, app: Flask) -> None:
    foreign = make_workshop_session(desk.session, make_association(desk.session))
    desk.session.commit()
    assert desk.client.get(path_of(foreign)).status_code == 404
    assert desk.client.post(path_of(foreign), data={"choice": "nothing"}).status_code == 404
    assert desk.client.post(f"{path_of(foreign)}/undo").status_code == 404
    stranger: FlaskClient = app.test_client()
    assert stranger.get(path_of(foreign)).status_code in (302, 303)
