"""A NUL in a form or an address is left out before anything reads it, since PostgreSQL refuses it in a text."""

from collections.abc import Callable

from flask import Flask, request
from flask.testing import FlaskClient

from models.accounts import Account
from models.db import transaction
from tests.webapp.member_pages import make_house, make_member


def test_a_form_with_a_nul_is_answered(any_app: Flask) -> None:
    client = any_app.test_client()
    assert client.post("/sign-in", data={"email": "a\x00@example.org", "password": "\x00"}).status_code == 422
    assert client.post("/new-password", data={"email": "a\x00@example.org"}).status_code == 200


def test_an_address_with_a_nul_is_answered(
    any_app: Flask, sign_in: Callable[[FlaskClient, Account], FlaskClient]
) -> None:
    with transaction() as session:
        house = make_house(session)
        _person, account = make_member(session, house)
    client = sign_in(any_app.test_client(), account)
    assert client.get("/my-profile/place?q=Mont\x00reuil").status_code == 200
    assert client.get("/my-profile/place?commune=93\x00048").status_code == 200
    assert client.get("/my-profile/activity?q=\x00").status_code == 200


def test_a_text_that_would_turn_its_line_or_ring_is_read_as_it_was_typed(app: Flask) -> None:
    sent = {
        "name": "Zoé\u202e\u2066 نور\u200f\x07\x1b[31m",
        "phone": "\u202a+33 6 12 34 56 78\u202c",
        "word": "a\r\n\tb",
    }
    with app.test_request_context("/?q=\u202ea\x85", method="POST", data=sent):
        assert dict(request.form) == {
            "name": "Zoé نور\u200f[31m",
            "phone": "+33 6 12 34 56 78",
            "word": "a\r\n\tb",
        }
        assert request.args["q"] == "a"
