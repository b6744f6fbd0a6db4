"""One's own messages, and the outbox of development."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.accounts import Account, Locale
from models.db import db
from models.messages import MessageKind
from tests.browsing import Browser
from tests.databases import build_settings
from tests.factories.accounts import make_account
from tests.factories.messages import make_message
from webapp.app import create_app
from webapp.messages.reading import link_addresses

SignIn = Callable[[FlaskClient, Account], FlaskClient]


def test_a_person_reads_her_own_messages_only(client: FlaskClient, sign_in: SignIn) -> None:
    awa, yanis = make_account(db.session()), make_account(db.session())
    make_message(
        db.session(), account_id=awa.id, kind=MessageKind.PAIRING_PROPOSED, facts={"entrepreneur": "Salima Aziz"}
    )
    make_message(
        db.session(), account_id=yanis.id, kind=MessageKind.PAIRING_PROPOSED, facts={"entrepreneur": "Tom Petit"}
    )
    db.session.commit()
    sign_in(client, awa)
    page = client.get("/messages").text
    assert "Salima Aziz" in page
    assert "Tom Petit" not in page


def test_without_a_message_the_page_says_when_one_comes(client: FlaskClient, sign_in: SignIn) -> None:
    awa = make_account(db.session())
    db.session.commit()
    sign_in(client, awa)
    assert "Aucun message pour le moment" in client.get("/messages").text


def test_a_message_is_read_in_the_language_it_was_written_in(client: FlaskClient, sign_in: SignIn) -> None:
    awa = make_account(db.session())
    make_message(db.session(), account_id=awa.id, kind=MessageKind.PASSWORD_RESET, locale=Locale.ENGLISH)
    db.session.commit()
    sign_in(client, awa)
    page = client.get("/messages").text
    assert '<div lang="en">' in page
    assert "Choose a new password" in page
    assert '<html lang="fr"' in page


def test_messages_are_paged_newest_first(
    client: FlaskClient, sign_in: SignIn, now: datetime, statements: Callable[[], object]
) -> None:
    awa = make_account(db.session())
    for number in range(45):
        make_message(
            db.session(),
            account_id=awa.id,
            kind=MessageKind.PAIRING_PROPOSED,
            facts={"entrepreneur": f"Person-{number:02}."},
            queued_at=now + timedelta(minutes=number),
        )
    db.session.commit()
    sign_in(client, awa)
    first = client.get("/messages").text
    assert "Person-44." in first
    assert "Person-24." not in first
    assert "Person-24." in client.get("/messages?page=2").text
    assert "Person-00." in client.get("/messages?page=99").text
    assert client.get("/messages?page=nonsense").status_code == 200
    db.session.remove()
    with statements() as counted:
        client.get("/messages")
    assert counted.number <= 5  # the last one reads who signs, for all of the page


def test_the_outbox_shows_links_that_work_in_development(client: FlaskClient) -> None:
    make_message(db.session(), kind=MessageKind.INVITATION, facts={"path": "/invitation/abc"})
    db.session.commit()
    page = client.get("/messages/outbox")
    assert page.status_code == 200
    assert '<a href="/invitation/abc">' in page.text
    assert "camille@example.org" in page.text


def test_there_is_no_outbox_in_production(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(build_settings(sqlite_url, tmp_path, production=True))
    app.test_client_class = Browser
    assert app.test_client().get("/messages/outbox").status_code == 404
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <b>\nc", "a &lt;b&gt;<br>c"),
        (
            "See http://127.0.0.1:5000/pairings/1?x=1&y=2 now",
            'See <a href="/pairings/1?x=1&amp;y=2">http://127.0.0.1:5000/pairings/1?x=1&amp;y=2</a> now',
        ),
        ("https://evil.example/a", "https://evil.example/a"),
        ("http://127.0.0.1:5000.evil.example/a", "http://127.0.0.1:5000.evil.example/a"),
        ('http://127.0.0.1:5000/"onx="', '<a href="/">http://127.0.0.1:5000/</a>&#34;onx=&#34;'),
    ],
)
def test_only_addresses_of_ours_become_links(app: Flask, text: str, html: str) -> None:
    assert str(link_addresses(text)) == html
