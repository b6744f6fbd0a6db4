"""Signing in and out, links and the account page, in the browser."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from models.accounts import Account, LinkPurpose, Locale, LoginSession
from models.db import db, transaction
from models.messages import Message
from tests.browsing import open_login_session
from tests.factories.accounts import make_account
from webapp.clock import utc_now
from webapp.identity.passwords import hash_password
from webapp.services import one_time_links

SignIn = Callable[[FlaskClient, Account], FlaskClient]
PASSWORD = "un cheval bleu 42"
NEW_PASSWORD = "trois ponts et demi"


def add_account(**values: object) -> Account:
    account = make_account(
        db.session(), **{"email": "awa@example.org", "password_hash": hash_password(PASSWORD), **values}
    )
    db.session.commit()
    return account


def enter(client: FlaskClient, password: str = PASSWORD, **values: str) -> object:
    return client.post("/sign-in", data={"email": "awa@example.org", "password": password, **values})


def link_path(account: Account, purpose: LinkPurpose) -> str:
    with transaction() as session:
        one_time_links.send_link(session, session.get_one(Account, account.id), purpose, at=utc_now())
    db.session.rollback()
    message = db.session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert message is not None
    return str(message.facts["path"])


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


def test_signing_in_leads_on_and_signing_out_leads_back(client: FlaskClient) -> None:
    add_account()
    assert "autocomplete" in client.get("/sign-in").text
    answer = enter(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").status_code == 303
    assert client.post("/sign-out").status_code == 303
    assert client.get("/account").location == "/sign-in?next=/account"
    assert client.post("/sign-out").status_code == 303


@pytest.mark.parametrize("password", ["wrong password", ""])
def test_what_is_wrong_is_said_beside_the_form_and_the_address_is_kept(client: FlaskClient, password: str) -> None:
    add_account()
    answer = enter(client, password)
    assert answer.status_code == 422
    assert 'value="awa@example.org"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "wrong password" not in answer.text
    assert client.get("/account").status_code == 303


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask) -> None:
    add_account()
    one, thief = app.test_client(), app.test_client()
    enter(one)
    cookie = one.get_cookie("session")
    assert cookie is not None
    thief.set_cookie("session", cookie.value)
    assert thief.get("/account").status_code == 200
    one.post("/sign-out")
    thief.set_cookie("session", cookie.value)
    assert thief.get("/account").status_code == 303


def test_the_session_from_before_signing_in_is_left_behind(client: FlaskClient) -> None:
    add_account()
    client.get("/sign-in")
    with client.session_transaction() as before:
        before["planted"] = "by a stranger"
    enter(client)
    with client.session_transaction() as after:
        assert "planted" not in after


def test_only_who_asks_stays_signed_in_when_the_browser_closes(client: FlaskClient) -> None:
    add_account()
    assert "Expires" not in enter(client).headers["Set-Cookie"]
    client.post("/sign-out")
    assert "Expires" in enter(client, stay="y").headers["Set-Cookie"]


def test_an_expired_an_unused_and_an_inactive_sign_in_are_dead(app: Flask, sign_in: SignIn) -> None:
    account = add_account()

    def is_in(**values: object) -> bool:
        client = sign_in(app.test_client(), account)
        with transaction() as session:
            session.execute(update(LoginSession).values({"created_at": LoginSession.created_at, **values}))
        return client.get("/account").status_code == 200

    now = utc_now()
    assert is_in(seen_at=now - timedelta(days=13))
    assert not is_in(seen_at=now - timedelta(days=15))
    assert not is_in(expires_at=now)
    assert not is_in(ended_at=now)
    with transaction() as session:
        session.execute(update(Account).values(is_active=False))
    assert not is_in()


def test_use_is_noted_at_most_every_ten_minutes(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, add_account())

    def seen_after(minutes: int) -> bool:
        before = utc_now() - timedelta(minutes=minutes)
        with transaction() as session:
            session.execute(update(LoginSession).values(seen_at=before))
        client.get("/account")
        db.session.rollback()
        return db.session.scalars(select(LoginSession.seen_at)).one() > before

    assert not seen_after(9)
    assert seen_after(11)


def test_a_person_is_known_in_two_statements(app: Flask, statements: Callable[[], object]) -> None:
    from webapp.identity.sessions import load_signed_in

    account = add_account()
    token = open_login_session(account.id)
    db.session.rollback()
    with statements() as counted:
        assert load_signed_in(token) is not None
    assert counted.number == 2


def test_too_many_attempts_are_told_until_when(client: FlaskClient) -> None:
    add_account()
    for _try in range(8):
        enter(client, "wrong password")
    answer = enter(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert "Il y a eu trop d’essais" in answer.text
    assert re.search(r"après le \d+(er)? \w+ \d{4}, \d\d:\d\d", answer.text)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/%09/evil.example",
        "https://evil.example/account",
        "javascript:alert(1)",
        "/account@evil.example",
        "/static/theme.css",
        "/sign-out",
        "/nope",
        "/account\r\nX-Evil: 1",
        "/" + "a" * 900,
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(client: FlaskClient, target: str) -> None:
    add_account()
    answer = enter(client, next=target)
    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/account", "/account"),
        ("/messages?page=2", "/messages?page=2"),
        ("/messages?x=//evil", "/messages?x=%2F%2Fevil"),
    ],
)
def test_a_page_of_ours_is_found_again_after_signing_in(client: FlaskClient, target: str, location: str) -> None:
    add_account()
    assert enter(client, next=target).location == location


def test_a_fragment_asked_by_a_script_sends_the_whole_page_to_sign_in(client: FlaskClient) -> None:
    answer = client.get(
        "/account", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/messages?page=2"}
    )
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/sign-in?next=/messages")


@pytest.mark.parametrize(
    ("purpose", "password_hash"), [(LinkPurpose.INVITATION, None), (LinkPurpose.RESET, "something old")]
)
def test_a_link_shows_a_form_and_its_use_signs_in_once(
    client: FlaskClient, purpose: LinkPurpose, password_hash: str | None
) -> None:
    path = link_path(add_account(password_hash=password_hash), purpose)
    for _look in range(2):
        page = client.get(path)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "awa@example.org" in page.text
    assert client.post(path, data={"password": "short", "again": "short"}).status_code == 422
    assert client.post(path, data={"password": NEW_PASSWORD, "again": PASSWORD}).status_code == 422
    assert client.post(path, data={"password": "azertyuiop", "again": "azertyuiop"}).status_code == 422
    assert client.post(path, data={"password": NEW_PASSWORD, "again": NEW_PASSWORD}).status_code == 303
    assert client.get("/account").status_code == 200
    assert client.get(path).status_code == 404
    client.post("/sign-out")
    assert enter(client, NEW_PASSWORD).status_code == 303


def test_a_link_that_is_none_says_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/invitation/nothing")
    assert answer.status_code == 404
    assert "Ce lien ne fonctionne plus" in answer.text


def test_asking_for_a_reset_is_answered_alike_for_known_and_unknown(client: FlaskClient) -> None:
    add_account()

    def answer(email: str) -> str:
        found = client.post("/new-password", data={"email": email})
        assert found.status_code == 200
        return re.sub(r'(value="|X-CSRFToken": ")[^"]+', "", found.text)

    assert answer("awa@example.org") == answer("unknown@example.org")
    assert client.post("/new-password", data={"email": ""}).status_code == 422


def test_links_carry_the_addresses_of_their_pages(app: Flask) -> None:
    with app.test_request_context():
        from flask import url_for

        assert one_time_links.PATH[LinkPurpose.INVITATION].format(token="abc") == url_for(
            "accounts.accept_invitation", token="abc"
        )
        assert one_time_links.PATH[LinkPurpose.RESET].format(token="abc") == url_for(
            "accounts.reset_password", token="abc"
        )


def test_changing_ones_password_in_the_app(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, add_account())
    assert client.get("/account/password").status_code == 200

    def change(current: str, new: str, again: str) -> int:
        return client.post("/account/password", data={"current": current, "password": new, "again": again}).status_code

    assert change("wrong password", NEW_PASSWORD, NEW_PASSWORD) == 422
    assert change(PASSWORD, "azertyuiop", "azertyuiop") == 422
    assert change(PASSWORD, NEW_PASSWORD, "something else") == 422
    assert change(PASSWORD, NEW_PASSWORD, NEW_PASSWORD) == 303
    assert client.get("/account").status_code == 200


def test_other_devices_are_signed_out_and_this_one_is_not(app: Flask, sign_in: SignIn) -> None:
    account = add_account()
    here, lost = sign_in(app.test_client(), account), sign_in(app.test_client(), account)
    assert here.post("/account/other-devices").status_code == 303
    assert here.get("/account").status_code == 200
    assert lost.get("/account").status_code == 303


@pytest.mark.parametrize("path", ["/account", "/account/password", "/messages"])
def test_ones_own_pages_want_a_sign_in(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, f"/sign-in?next={path}")


def test_the_language_follows_the_browser_then_the_choice_then_the_account(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    def language(browser: FlaskClient, wanted: str = "") -> str:
        found = re.search(
            r'<html lang="(\w+)" dir="(\w+)"', browser.get("/help", headers={"Accept-Language": wanted}).text
        )
        assert found is not None
        return f"{found[1]} {found[2]}"

    assert language(client) == "fr ltr"
    assert language(client, "de, pl;q=0.5") == "fr ltr"
    assert language(client, "en-GB, fr;q=0.5") == "en ltr"
    answer = client.post("/language", data={"locale": "en", "here": "/help?x=1"})
    assert (answer.status_code, answer.location) == (303, "/help?x=1")
    assert language(client) == "en ltr"
    account = add_account(locale=Locale.FRENCH)
    sign_in(client, account)
    assert language(client, "en") == "fr ltr"
    client.post("/language", data={"locale": "en", "here": "//evil.example"})
    assert language(client, "fr") == "en ltr"
    db.session.expire_all()
    assert db.session.get_one(Account, account.id).locale is Locale.ENGLISH
    assert client.post("/language", data={"locale": "xx"}).status_code == 422


def test_the_language_switch_does_not_show_pages_of_others(client: FlaskClient) -> None:
    assert client.post("/language", data={"locale": "fr", "here": "/account"}).location == "/"


POSTS = ["/sign-in", "/sign-out", "/language", "/new-password", "/account/password", "/account/other-devices"]


@pytest.mark.parametrize("path", POSTS)
def test_a_post_without_its_token_is_refused(client: FlaskClient, sign_in: SignIn, path: str) -> None:
    sign_in(client, add_account())
    client.sends_token = False
    answer = client.post(path, data={"email": "awa@example.org", "password": PASSWORD, "locale": "en"})
    assert answer.status_code == 400
    assert "trop longtemps" in answer.text
    assert client.get("/account").status_code == 200
