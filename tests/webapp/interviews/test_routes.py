"""The pages of first interviews: seen and used by coordinators of the association alone."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from models.entrepreneurs import Entrepreneur
from models.interviews import Interview
from models.states import EntrepreneurState, InterviewState
from tests.factories import make_entrepreneur, make_interview
from tests.factories.sequence import MADE_AT
from tests.webapp.desk import fresh
from webapp.clock import utc_now

LINK = "https://visio.example.org/premier"


@pytest.fixture
def interview(desk):
    person = make_entrepreneur(
        desk.session,
        desk.association,
        state=EntrepreneurState.INCOMPLETE,
        first_name="Fatou",
        last_name="Sow",
        phone="06 12 34 56 78",
    )
    found = make_interview(desk.session, person, coordinator_id=desk.account.id, due_at=utc_now() + timedelta(days=5))
    desk.session.commit()
    return found


def person_of(interview):
    return fresh().get_one(Entrepreneur, interview.entrepreneur_id).public_id


def read(interview):
    return fresh().get(Interview, interview.id)


def test_nobody_to_meet_says_what_next(desk):
    page = desk.client.get("/interviews").get_data(as_text=True)
    assert "Personne à rencontrer aujourd’hui" in page
    assert page.count("<h1") == 1


def test_the_list_the_dashboard_and_the_sheet_say_the_same(desk, interview):
    page = desk.client.get("/interviews").get_data(as_text=True)
    assert "Fatou" in page
    assert "06 12 34 56 78" in page
    assert "personne à rencontrer" in desk.client.get("/dashboard").get_data(as_text=True)
    sheet = desk.client.get(f"/entrepreneurs/{person_of(interview)}").get_data(as_text=True)
    assert f"/interviews/{interview.public_id}" in sheet
    assert "Le premier entretien a lieu." in sheet


def test_two_minutes_are_enough(desk, interview):
    again_on = (utc_now() + timedelta(days=60)).date()
    answer = desk.client.post(
        f"/interviews/{interview.public_id}",
        data={
            "outcome-outcome": "later",
            "outcome-again_on": again_on.isoformat(),
            "outcome-note": "Bébé en mars",
        },
    )
    assert (answer.status_code, answer.location) == (303, f"/entrepreneurs/{person_of(interview)}")
    assert read(interview).state is InterviewState.HELD
    page = desk.client.get(f"/interviews/{interview.public_id}").get_data(as_text=True)
    assert "Bébé en mars" in page
    assert "Corriger ce qui est noté" in page
    later = desk.client.get("/interviews").get_data(as_text=True)
    assert "À revoir plus tard" in later


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Merci de remplir ce champ"),
        ({"outcome-outcome": "refused"}, "pas un choix valide"),
        ({"outcome-outcome": "later"}, "Choisissez un jour après aujourd’hui"),
        ({"outcome-outcome": "elsewhere", "outcome-again_on": "2027-03-01"}, "vers qui la personne peut se tourner"),
    ],
)
def test_an_answer_that_lacks_something_is_shown_again(desk, interview, data, words):
    answer = desk.client.post(f"/interviews/{interview.public_id}", data={"outcome-note": "Gardé", **data})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Gardé" in page
    assert read(interview).state is InterviewState.PLANNED
    assert words in page


def test_an_hour_is_agreed(desk, interview, monkeypatch):
    day = (utc_now() + timedelta(days=3)).date().isoformat()
    data = {"arrange-coordinator": str(desk.account.id), "arrange-channel": "online", "arrange-interview_day": day}
    address = f"/interviews/{interview.public_id}/arrange"
    assert desk.client.post(address, data=data).status_code == 422
    without = desk.client.post(address, data={**data, "arrange-hour": "10:00"})
    assert (without.status_code, "Donnez le lien de votre échange" in without.text) == (422, True)
    assert read(interview).starts_at is None
    data["arrange-link"] = LINK
    assert desk.client.post(address, data={**data, "arrange-hour": "25:00"}).status_code == 422
    past = {**data, "arrange-interview_day": "2026-01-01", "arrange-hour": "10:00"}
    assert desk.client.post(address, data=past).status_code == 422
    monkeypatch.setattr("webapp.twice.is_twice", lambda *moment: moment == (date.fromisoformat(day), time(10, 0)))
    arranged = desk.client.post(address, data={**data, "arrange-hour": "10:00"})
    assert read(interview).starts_at is not None
    page = desk.client.get(arranged.location).text
    assert "montrent deux fois cette heure" in page
    assert f'href="{LINK}"' in page
    assert 'value="06 12 34 56 78"' in page  # the number of the file, should they talk by telephone instead


def test_missed_called_off_and_planned_again(desk, interview):
    following = desk.client.post(f"/interviews/{interview.public_id}/miss").location
    assert desk.client.get(following).status_code == 200
    sheet = desk.client.post(f"{following}/cancel").location
    person = fresh().scalars(select(Entrepreneur)).one()
    assert "Prévoir un entretien" in desk.client.get(sheet).get_data(as_text=True)
    planned = desk.client.post(f"/interviews/plan/{person.public_id}").location
    assert desk.client.get(planned).status_code == 200
    refused = desk.client.post(f"/interviews/plan/{person.public_id}")
    assert refused.status_code == 409
    assert "est déjà prévu" in refused.get_data(as_text=True)
    assert "une place à cet atelier" not in refused.get_data(as_text=True)


def test_others_do_not_know_of_it(app, interview, stranger):
    person = person_of(interview)
    pages = [("get", ""), ("post", ""), ("post", "/arrange"), ("post", "/miss"), ("post", "/cancel")]
    for method, rest in pages:
        address = f"/interviews/{interview.public_id}{rest}"
        assert getattr(stranger.client, method)(address).status_code == 404
        assert getattr(app.test_client(), method)(address).status_code == 303
    assert stranger.client.post(f"/interviews/plan/{person}").status_code == 404
    assert "Fatou" not in stranger.client.get("/interviews").get_data(as_text=True)
    assert read(interview).state is InterviewState.PLANNED


def test_the_list_costs_the_same_for_many(desk, statements):
    for _ in range(3):
        make_interview(
            desk.session,
            make_entrepreneur(desk.session, desk.association),
            coordinator_id=desk.account.id,
            due_at=MADE_AT,
        )
    desk.session.commit()
    with statements() as counted:
        desk.client.get("/interviews")
    assert counted.number <= 8
