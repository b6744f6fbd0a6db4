"""Every endpoint declares whom it is for, and keeps to it: the stranger, the forged form, the wrong hat."""

import uuid

import pytest
from werkzeug.routing import AnyConverter, Rule, UUIDConverter

from models.db import db
from tests.browsing import sign_in
from tests.factories.accounts import make_account
from webapp.access import Access, declared_access

HATS = (Access.COORDINATOR, Access.SUPPORTER, Access.ENTREPRENEUR, Access.SENTINEL)


def list_rules(app, method):
    return [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"]


def address(app, rule: Rule) -> str:
    values = {name: a_value(converter) for name, converter in rule._converters.items()}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=next(iter(rule.methods - {"OPTIONS"})))


def a_value(converter):
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return uuid.UUID(int=7) if isinstance(converter, UUIDConverter) else "x"


def test_every_endpoint_declares_its_access(app):
    undeclared = [rule.endpoint for rule in app.url_map.iter_rules() if declared_access(app, rule.endpoint) is None]
    assert undeclared == []


def test_a_stranger_is_sent_to_sign_in_from_every_page_that_is_not_public(app):
    client = app.test_client()
    for rule in list_rules(app, "GET"):
        if declared_access(app, rule.endpoint) in {Access.PUBLIC, Access.DEVELOPMENT}:
            continue
        answer = client.get(address(app, rule))
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), rule


def test_a_stranger_changes_nothing(app):
    client = app.test_client()
    for rule in list_rules(app, "POST"):
        if declared_access(app, rule.endpoint) is not Access.PUBLIC:
            answer = client.post(address(app, rule))
            assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), rule


def test_every_form_wants_its_token(app):
    client = app.test_client()
    client.sends_token = False
    for rule in list_rules(app, "POST"):
        assert client.post(address(app, rule)).status_code == 400, rule


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_wears_no_hat_finds_nothing_of_those_who_do(app, method):
    account = make_account(db.session())
    db.session.commit()
    client = sign_in(app.test_client(), account)
    for rule in list_rules(app, method):
        if declared_access(app, rule.endpoint) in HATS:
            assert client.open(address(app, rule), method=method).status_code == 404, rule


def test_reading_is_never_a_post_and_writing_never_a_get(app):
    for rule in app.url_map.iter_rules():
        assert rule.methods <= {"GET", "HEAD", "OPTIONS", "POST"}, rule
