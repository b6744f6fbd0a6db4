"""Signing in and out in the browser."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from models.accounts import Account
from models.db import db
from tests.factories.accounts import make_account

SignIn = Callable[[FlaskClient, Account], FlaskClient]


def test_two_browsers_are_two_people(app: Flask, sign_in: SignIn) -> None:
    somebody = make_account(db.session(), first_name="Awa")
    somebody_else = make_account(db.session(), first_name="Yanis")
    db.session.commit()
    one, other, nobody = app.test_client(), app.test_client(), app.test_client()
    sign_in(one, somebody)
    sign_in(other, somebody_else)
    assert "Awa" in one.get("/account").text
    assert "Yanis" in other.get("/account").text
    assert "Awa" in one.get("/account").text
    assert nobody.get("/account").status_code == 303


def test_a_post_without_its_token_is_refused(client: FlaskClient) -> None:
    client.sends_token = False
    assert client.post("/language", data={"locale": "en"}).status_code == 400
    client.sends_token = True
    assert client.post("/language", data={"locale": "en"}).status_code == 303
