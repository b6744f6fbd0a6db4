"""The pages of a team: an account closed with a named successor, opened again, and hidden from others."""

import re

import pytest

from models.accounts import Account
from models.associations import Network
from models.entrepreneurs import Entrepreneur
from tests.crawl.test_wall import PASSING
from tests.factories import (
    make_account,
    make_association,
    make_coordinator,
    make_entrepreneur,
    make_handover,
    make_sentinel,
    make_supporter,
)
from tests.webapp.desk import fresh


@pytest.fixture
def colleague(desk):
    found = make_coordinator(desk.session, desk.association, first_name="Paul", last_name="Petit")
    desk.session.commit()
    return found


def close_page(account):
    return f"/colleagues/{account.public_id}/close"


def is_open(account):
    return fresh().get_one(Account, account.id).is_active


def test_the_team_is_listed_with_a_way_to_close(desk, colleague):
    page = desk.client.get("/colleagues").get_data(as_text=True)
    assert page.count("<h1") == 1
    assert close_page(colleague) in page
    own = desk.client.get(close_page(desk.account)).get_data(as_text=True)
    assert "Ce compte est le vôtre" in own
    assert "Fermer le compte</button>" not in own


def test_closed_with_a_successor_and_opened_again(desk, colleague):
    person = make_entrepreneur(desk.session, desk.association, referent_id=colleague.id)
    desk.session.commit()
    page = desk.client.get(close_page(colleague)).get_data(as_text=True)
    assert "1 personne suivie" in page
    assert "(facultatif)" not in page
    refused = desk.client.post(close_page(colleague), data={"successor": ""})
    assert refused.status_code == 422
    assert "field-error" in refused.get_data(as_text=True)
    assert is_open(colleague)
    answer = desk.client.post(close_page(colleague), data={"successor": str(desk.account.public_id)})
    assert (answer.status_code, answer.location) == (303, "/colleagues")
    assert fresh().get_one(Entrepreneur, person.id).referent_id == desk.account.id
    assert not is_open(colleague)
    page = desk.client.get("/colleagues").get_data(as_text=True)
    assert "Rouvrir : Paul Petit" in page
    assert "déjà fermé" in desk.client.get(close_page(colleague)).get_data(as_text=True)
    assert desk.client.post(f"/colleagues/{colleague.public_id}/open").status_code == 303
    assert is_open(colleague)


def test_a_colleague_whose_account_is_closed_is_signed_out(app, desk, colleague, sign_in):
    client = sign_in(app.test_client(), colleague)
    assert client.get("/dashboard").status_code == 200
    desk.client.post(close_page(colleague), data={"successor": ""})
    assert client.get("/dashboard").status_code == 303
    desk.client.post(f"/colleagues/{colleague.public_id}/open")
    assert client.get("/dashboard").status_code == 303


def test_nobody_closes_her_own(desk, colleague):
    assert desk.client.post(close_page(desk.account), data={"successor": ""}).status_code == 422
    assert is_open(desk.account)
    wrong = desk.client.post(close_page(colleague), data={"successor": "0"})
    assert wrong.status_code == 422


def test_others_do_not_know_of_it(app, desk, colleague, stranger):
    for method, address in (
        ("get", close_page(colleague)),
        ("post", close_page(colleague)),
        ("post", f"/colleagues/{colleague.public_id}/open"),
        ("get", f"/colleagues/{desk.association.public_id}/close"),
    ):
        assert getattr(stranger.client, method)(address).status_code == 404
        assert getattr(app.test_client(), method)(address).status_code == 303
    assert "Petit" not in stranger.client.get("/colleagues").get_data(as_text=True)
    assert is_open(colleague)


def test_nothing_tells_that_somebody_asked_for_a_call_or_is_helped_elsewhere(desk, colleague):
    """A volunteer who is helped by another network, and is trained to call, shows neither to who lends."""
    session = desk.session
    volunteer, elsewhere = make_account(session), make_association(session, network=Network.REBONDS)
    make_supporter(session, desk.association, account_id=volunteer.id)
    trained = [make_sentinel(session, desk.association, account) for account in (volunteer, colleague)]
    session.commit()

    def look():
        pages = [desk.client.get(page) for page in (close_page(volunteer), close_page(colleague), "/sentinels")]
        pages.append(desk.client.post(close_page(volunteer), data={"successor": ""}))
        return [(page.status_code, re.sub(PASSING, "", page.text)) for page in pages]

    before = look()
    assert [status for status, _text in before] == [404, 200, 200, 404]
    make_entrepreneur(session, elsewhere, account_id=volunteer.id)
    for sentinel in trained:
        make_handover(session, make_entrepreneur(session, desk.association, referent_id=None), sentinel)
    make_handover(session, make_entrepreneur(session, desk.association, referent_id=None), trained[0])
    session.commit()
    assert look() == before
