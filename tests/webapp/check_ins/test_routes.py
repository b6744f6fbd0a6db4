"""The page of a check-in: help at once, and nothing kept."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from models.db import Model, db, transaction
from tests.factories import make_coordinator
from tests.webapp.member_pages import House, make_house, make_member

NOT_COPING = {"activity": "very_hard", "cash": "under_a_month", "mood": "not_coping"}
FINE = {"activity": "fine", "cash": "long", "mood": "fine"}


@pytest.fixture
def house(app: Flask) -> House:
    with transaction() as session:
        return make_house(session)


@pytest.fixture
def person(house: House, client: FlaskClient, sign_in: Callable) -> None:
    with transaction() as session:
        _person, account = make_member(session, house)
    sign_in(client, account)


def count_everything() -> dict[str, int]:
    db.session.rollback()
    # A sign-in notes when it was last seen; that is the only thing that using a page may leave.
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) for table in Model.metadata.sorted_tables
    }


@pytest.mark.usefixtures("person")
def test_distress_shows_help_at_once_on_the_same_page(client: FlaskClient) -> None:
    answer = client.post("/my-check-in", data=NOT_COPING)
    assert answer.status_code == 200
    for words in ("3114", "15 ou le 112", "APESA"):
        assert words in answer.text
    assert answer.text.index("3114") < answer.text.index("Votre contact")


@pytest.mark.usefixtures("person")
def test_nothing_of_it_is_kept(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/my-check-in")
    before = count_everything()
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/my-check-in", data=NOT_COPING)
    assert count_everything() == before
    told = "".join(str(record.__dict__) for record in caplog.records)
    assert not [word for word in ("not_coping", "very_hard", "under_a_month") if word in told]
    assert answer.headers["Cache-Control"] == "no-store"
    with client.session_transaction() as cookie:
        assert not [word for word in ("not_coping", "very_hard", "under_a_month") if word in str(dict(cookie))]


@pytest.mark.usefixtures("person")
def test_who_is_fine_is_not_alarmed(client: FlaskClient) -> None:
    answer = client.post("/my-check-in", data=FINE)
    assert answer.status_code == 200
    assert "tel:3114" not in answer.text


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("data", [{}, {**FINE, "mood": "other"}, {"activity": "fine"}])
def test_a_missing_or_foreign_answer_is_asked_again(client: FlaskClient, data: dict[str, str]) -> None:
    answer = client.post("/my-check-in", data=data)
    assert answer.status_code == 422
    assert 'name="mood"' in answer.text


def test_it_is_for_entrepreneurs(house: House, client: FlaskClient, sign_in: Callable) -> None:
    assert client.get("/my-check-in").status_code == 303
    with transaction() as session:
        account = make_coordinator(session, house.association)
    sign_in(client, account)
    assert client.get("/my-check-in").status_code == 404
    assert client.post("/my-check-in", data=NOT_COPING).status_code == 404


@pytest.mark.usefixtures("person")
def test_it_is_found_among_the_next_steps(client: FlaskClient) -> None:
    assert "/my-check-in" in client.get("/my-steps").text
