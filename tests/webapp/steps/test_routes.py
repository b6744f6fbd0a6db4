"""An entrepreneur's next steps and team, as pages."""

from datetime import timedelta

import pytest

from models.db import transaction
from models.entrepreneurs import Entrepreneur
from models.pairings import Pairing
from models.states import EntrepreneurState, PairingState
from tests.factories import (
    make_account,
    make_association,
    make_entrepreneur,
    make_interview,
    make_pairing,
    make_supporter,
)
from tests.webapp.member_pages import make_house, make_member
from webapp.clock import utc_now
from webapp.templating import format_day


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


def text_of(answer):
    return answer.get_data(as_text=True)


def test_steps_name_somebody_and_a_day(client, person, house, statements):
    with statements() as counted:
        page = text_of(client.get("/my-steps"))
    assert page.count("<h1") == 1
    assert 'class="task task-' in page
    assert "Nadia Lopez" in page
    assert "<time " in page
    assert house.coordinator.email in page
    assert counted.number <= 25, counted.texts


def test_steps_and_team_name_the_same_day_on_which_she_is_met_again(client, person):
    again = (utc_now() + timedelta(days=40)).date()
    with transaction() as session:
        stored = session.get_one(Entrepreneur, person.id)
        stored.state, stored.follow_up_on = EntrepreneurState.INCOMPLETE, again + timedelta(days=10)
        make_interview(session, stored, opens_on=again, due_at=utc_now() + timedelta(days=50))
    day = format_day(again, "EEEE d MMMM")
    assert f"Nous nous reparlons le {day}" in text_of(client.get("/my-steps"))
    assert f"Vous vous reparlez le {day}" in text_of(client.get("/my-steps/team"))


def test_before_the_answer_the_team_shows_no_contact(client, person, house, statements):
    with transaction() as session:
        supporter = make_supporter(session, house.association, last_name="Discret", phone="06 99 88 77 66")
        pairing = make_pairing(session, person, supporter, deadline_at=utc_now() + timedelta(days=3))
    for page in ("/my-steps", "/my-steps/team"):
        shown = text_of(client.get(page))
        assert "Jean D." in shown
        assert not [word for word in ("Discret", "06 99 88 77 66", supporter.email) if word in shown]
    with transaction() as session:
        stored = session.get_one(Pairing, pairing.id)
        stored.answered_at = utc_now()
        stored.next_meeting_due_at, stored.ends_on = utc_now() + timedelta(days=10), utc_now().date()
        stored.state = PairingState.ACTIVE
    with statements() as counted:
        shown = text_of(client.get("/my-steps/team"))
    assert [word for word in ("Discret", "06 99 88 77 66", supporter.email) if word in shown]
    assert "06 99 88 77 66" in text_of(client.get("/my-steps"))
    assert counted.number <= 15, counted.texts


def test_a_team_without_anybody_says_what_can_be_asked_for(client, house, sign_in):
    with transaction() as session:
        _person, account = make_member(session, house, wanted_roles=[])
    sign_in(client, account)
    assert "/my-profile/wishes" in text_of(client.get("/my-steps/team"))


def test_a_coach_wished_for_without_consent_asks_for_it(client, house, sign_in):
    with transaction() as session:
        _person, account = make_member(session, house, wanted_roles=["coach"])
    sign_in(client, account)
    for page in ("/my-steps", "/my-steps/team"):
        shown = text_of(client.get(page))
        assert "seulement avec votre accord" in shown
        assert "/my-profile/wishes" in shown


def test_who_is_not_matched_yet_is_told_to_finish_first(client, house, sign_in):
    with transaction() as session:
        _person, account = make_member(session, house, state=EntrepreneurState.INCOMPLETE)
    sign_in(client, account)
    assert 'href="/my-profile"' in text_of(client.get("/my-steps/team"))
    assert 'href="/my-profile"' in text_of(client.get("/my-steps"))


def test_an_association_without_a_coordinator_still_gives_a_name(client, app, sign_in):
    with transaction() as session:
        association = make_association(session, name="Initiative Seule")
        account = make_account(session)
        make_entrepreneur(session, association, account_id=account.id)
    sign_in(client, account)
    assert "Initiative Seule" in text_of(client.get("/my-steps"))
    assert "Initiative Seule" in text_of(client.get("/my-steps/team"))


@pytest.mark.parametrize("page", ["/my-steps", "/my-steps/team"])
def test_steps_ask_for_a_sign_in_and_for_a_file(client, house, sign_in, page):
    assert client.get(page).status_code == 303
    sign_in(client, house.coordinator)
    assert client.get(page).status_code == 404


def test_of_a_closed_file_no_page_promises_anything(client, person):
    with transaction() as session:
        found = session.get_one(type(person), person.id)
        found.state, found.closed_at, found.wants_circle = EntrepreneurState.CLOSED, utc_now(), True
        found.follow_up_on = utc_now().date() + timedelta(days=9)
    pages = [text_of(client.get(path)) for path in ("/my-steps/team", "/questions/mine", "/circles/mine")]
    assert all("Votre dossier est fermé. Nadia Lopez peut le rouvrir avec vous." in page for page in pages)
    assert not [page for page in pages if "evient vers vous" in page or "Vous pouvez demander" in page]
