"""The front door."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.accounts import Account
from models.db import db
from models.states import SupporterState
from tests.factories.accounts import make_account, make_coordinator
from tests.factories.associations import make_association
from tests.factories.entrepreneurs import make_entrepreneur
from tests.factories.supporters import make_supporter

SignIn = Callable[[FlaskClient, Account], FlaskClient]


@pytest.mark.parametrize("path", ["/", "/help"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_visitor_is_told_what_this_is_in_her_language(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.text.count("<h1>") == 1
    assert "3114" in answer.text or path == "/"


def wear(*hats: str) -> Account:
    association = make_association(db.session())
    account = make_coordinator(db.session(), association) if "coordinator" in hats else make_account(db.session())
    if "supporter" in hats:
        make_supporter(db.session(), association, account_id=account.id)
    if "entrepreneur" in hats:
        make_entrepreneur(db.session(), association, account_id=account.id)
    db.session.commit()
    return account


@pytest.mark.parametrize(
    ("hat", "address"), [("coordinator", "/dashboard"), ("supporter", "/pairings"), ("entrepreneur", "/my-steps")]
)
def test_a_person_with_one_hat_goes_to_her_workspace(
    client: FlaskClient, sign_in: SignIn, hat: str, address: str
) -> None:
    sign_in(client, wear(hat))
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (303, address)


def test_a_person_with_several_hats_chooses(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, wear("coordinator", "supporter", "entrepreneur"))
    page = client.get("/")
    assert page.status_code == 200
    for address in ("/dashboard", "/pairings", "/my-steps"):
        assert f'href="{address}"' in page.text


def test_a_person_with_no_hat_is_told_what_to_do(client: FlaskClient, sign_in: SignIn) -> None:
    account = wear()
    sign_in(client, account)
    page = client.get("/")
    assert page.status_code == 200
    assert account.email in page.text


def test_a_supporter_who_left_acts_no_more(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    association = make_association(db.session(), name="Initiative Ici")
    account = make_account(db.session())
    make_supporter(db.session(), association, account_id=account.id, state=SupporterState.LEFT)
    db.session.commit()
    sign_in(client, account)
    shown = client.get("/").text
    assert "/pairings" not in shown
    assert "Initiative Ici garde les heures que vous avez données" in shown


def test_navigation_leads_to_pages_that_exist(app: Flask) -> None:
    from webapp.navigation import NAVIGATION, WORKSPACES

    every = [item for items in NAVIGATION.values() for item in items]
    wanted = {item.endpoint for item in every} | {page.endpoint for item in every for page in item.pages}
    wanted |= {workspace.endpoint for workspace in WORKSPACES.values()}
    assert wanted <= app.view_functions.keys()


def test_the_page_one_is_on_is_marked(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, wear("supporter"))
    page = client.get("/messages").text
    assert page.count('aria-current="page"') == 1
    assert 'href="/messages" aria-current="page"' in page


def test_a_coordinator_sees_the_pages_beside_the_one_she_is_on(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, wear("coordinator"))
    page = client.get("/plans").text
    # Once in the folded menu of a phone, once beside the others on a desk.
    assert page.count('href="/plans" aria-current="page"') == 2
    assert page.count('aria-current="page"') == 2
    assert 'href="/suggestions" aria-current="true"' in page
    assert page.count('href="/weights"') == 2
    assert page.count('href="/introductions"') == 1
