"""Series at their organiser's desk, and as an entrepreneur books and leaves them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from models.db import transaction
from models.series import WorkshopSeries
from models.states import BookingState
from models.workshops import Booking, WorkshopSession
from tests.factories import make_booking, make_workshop_series, make_workshop_session
from tests.webapp.desk import Desk, fresh
from tests.webapp.member_pages import make_house, make_member
from tests.webapp.workshops.test_workshops import WHOLE
from webapp.clock import utc_now

SERIES = {"theme": "financial_management", "title": "Gérer au quotidien", "description": "Trois soirées."}


def make_dates(session, association, number=2, seats=3, **values):
    series = make_workshop_series(session, association, **values)
    dates = [
        make_workshop_session(
            session,
            association,
            series_id=series.id,
            theme_slug=series.theme_slug,
            seats=seats,
            starts_at=utc_now() + timedelta(days=7 * (place + 1)),
        )
        for place in range(number)
    ]
    return series, dates


def test_a_series_is_made_and_its_dates_follow_one_another(desk: Desk) -> None:
    answer = desk.client.post("/workshops/series/add", data=SERIES)
    assert answer.status_code == 303
    page = desk.client.get(answer.headers["Location"]).text
    assert "Pas encore de date" in page
    series = fresh().scalars(select(WorkshopSeries)).one()
    add = f"/workshops/add?series={series.public_id}"
    assert "Trois soirées." in desk.client.get(add).text
    made = desk.client.post("/workshops/add", data={**WHOLE, "series": str(series.public_id)})
    assert made.status_code == 303
    assert fresh().scalars(select(WorkshopSession)).one().series_id == series.id
    following = desk.client.get(add).text
    assert "2030-07-09" in following
    assert "Maison des projets" in following
    assert "Une date du cycle" in desk.client.get(made.headers["Location"]).text
    assert "Gérer au quotidien" in desk.client.get("/workshops/series").text


def test_a_date_of_another_theme_says_why_and_keeps_what_was_typed(desk: Desk) -> None:
    series, _dates = make_dates(desk.session, desk.association)
    desk.session.commit()
    answer = desk.client.post(
        "/workshops/add", data={**WHOLE, "theme": "legal_status", "series": str(series.public_id)}
    )
    assert answer.status_code == 422
    assert "Les dates d’un cycle ont son thème" in answer.text
    assert "Avec vos propres factures." in answer.text


def test_the_title_of_a_series_changes_and_its_theme_does_not(desk: Desk) -> None:
    series, _dates = make_dates(desk.session, desk.association)
    desk.session.commit()
    address = f"/workshops/series/{series.public_id}/edit"
    assert desk.client.post(address, data={**SERIES, "title": "Autrement"}).status_code == 303
    assert fresh().scalars(select(WorkshopSeries)).one().title == "Autrement"
    refused = desk.client.post(address, data={**SERIES, "theme": "legal_status"})
    assert refused.status_code == 422
    assert "se choisit une seule fois" in refused.text
    assert desk.client.post(address, data={**SERIES, "title": ""}).status_code == 422


def test_series_of_others_do_not_exist(desk: Desk, stranger: Desk, client: FlaskClient) -> None:
    series, _dates = make_dates(desk.session, desk.association)
    desk.session.commit()
    for path in (f"/workshops/series/{series.public_id}", f"/workshops/series/{series.public_id}/edit"):
        assert stranger.client.get(path).status_code == 404
        assert client.get(path).status_code == 303
    assert stranger.client.get(f"/workshops/add?series={series.public_id}").status_code == 404
    assert "Gérer au quotidien" not in stranger.client.get("/workshops/series").text
    assert desk.client.get(f"/workshops/series/{uuid4()}").status_code == 404


@pytest.fixture
def house(app):
    with transaction() as session:
        return make_house(session)


@pytest.fixture
def person(house, client, sign_in):
    with transaction() as session:
        person, account = make_member(session, house)
    sign_in(client, account)
    return person


def test_a_person_books_all_dates_in_one_tap_and_leaves_them(client, person, house):
    with transaction() as session:
        series, dates = make_dates(session, house.association)
    assert "Gérer au quotidien" in client.get(f"/sessions/{dates[0].public_id}").text
    address = f"/sessions/series/{series.public_id}"
    assert "Je viens aux 2 dates" in client.get(address).text
    booked = client.post(f"{address}/book", data={"form_key": "a"}, follow_redirects=True)
    assert "Vous avez une place pour 2 dates" in booked.text
    assert "Je viens aux" not in booked.text
    left = client.post(f"{address}/leave", follow_redirects=True)
    assert "Vos places vont à d’autres personnes" in left.text
    assert [one.state for one in fresh().scalars(select(Booking))] == [BookingState.CANCELLED] * 2


def test_where_a_date_is_full_she_waits_and_reads_it(client, person, house):
    with transaction() as session:
        series, dates = make_dates(session, house.association, seats=1)
        other, _account = make_member(session, house)
        make_booking(session, dates[1], other)
    page = client.post(f"/sessions/series/{series.public_id}/book", follow_redirects=True).text
    assert "Vous avez une place pour 1 date." in page
    assert "Pour 1 date, vous êtes sur liste d’attente." in page


def test_a_series_without_dates_or_of_others_is_nothing_to_book(client, person, house):
    with transaction() as session:
        empty = make_workshop_series(session, house.association)
        other = make_house(session)
        foreign, _dates = make_dates(session, other.association)
    assert "Aucune date n’est prévue" in client.get(f"/sessions/series/{empty.public_id}").text
    assert client.post(f"/sessions/series/{empty.public_id}/book").status_code == 409
    for action in ("book", "leave"):
        assert client.post(f"/sessions/series/{foreign.public_id}/{action}").status_code == 404
    assert client.get(f"/sessions/series/{foreign.public_id}").status_code == 404
