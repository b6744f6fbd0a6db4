"""Headers of every answer, and static addresses that change with their content."""

import os
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.db import db
from tests.browsing import Browser, sign_in
from tests.databases import build_settings
from tests.factories.accounts import make_account
from webapp.app import create_app
from webapp.security import CONTENT_SECURITY_POLICY, HEADERS


@pytest.mark.parametrize(
    "path", ["/", "/help", "/sign-in", "/account", "/nope", "/static/theme.css", "/messages/outbox"]
)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "Strict-Transport-Security" not in answer.headers


def test_the_policy_allows_no_inline_code_and_no_stranger() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY
    for needed in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert needed in CONTENT_SECURITY_POLICY


def test_production_asks_for_https_for_a_year(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(build_settings(sqlite_url, tmp_path, production=True, public_url="https://maillage.example"))
    answer = app.test_client().get("/", base_url="https://maillage.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    app.test_client_class = Browser
    cookie = app.test_client().get("/sign-in", base_url="https://maillage.example").headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    with app.app_context():
        db.engine.dispose()


def test_pages_of_a_person_are_kept_nowhere(client: FlaskClient) -> None:
    assert client.get("/").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/sign-in").headers["Cache-Control"] == "no-store"
    for path in ("/tap/a", "/new-password/a", "/invitation/a", "/register/a", "/events/mine/a"):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
    account = make_account(db.session())
    db.session.commit()
    sign_in(client, account)
    for path in ("/", "/help", "/account", "/messages", "/nope"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
    assert {"Cookie", "HX-Request"} <= set(client.get("/account").vary)


def test_static_files_are_kept_for_a_year_under_the_hash_of_their_content(app: Flask, client: FlaskClient) -> None:
    address = re.search(r'href="(/static/theme.css\?v=\w{12})"', client.get("/").text)
    assert address is not None
    assert client.get(address[1]).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/theme.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/nothing.css?v=123456789012").headers["Cache-Control"] == "no-cache"


def test_the_hash_follows_the_content(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flask import url_for

    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    sheet = tmp_path / "a.css"
    sheet.write_text("one")
    with app.test_request_context():
        first = url_for("static", filename="a.css")
        sheet.write_text("another")
        os.utime(sheet, ns=(0, sheet.stat().st_mtime_ns + 10**9))  # some machines count files' time in coarse steps
        assert url_for("static", filename="a.css") != first
        assert url_for("static", filename="missing.css") == "/static/missing.css"


def test_templates_hold_no_inline_code() -> None:
    templates = Path(__file__).parents[2] / "webapp" / "templates"
    taken_home = templates / "my_data" / "file.html"  # read far from the site
    forbidden = re.compile(
        r'\sstyle=|<style|\son[a-z]+="|javascript:|<script(?![^>]*\ssrc=)(?![^>]*type="application/json")'
    )
    found = [
        f"{path.relative_to(templates)}: {match.group()}"
        for path in sorted(templates.rglob("*.html"))
        for match in forbidden.finditer(path.read_text(encoding="utf-8"))
        if (path, match.group()) != (taken_home, "<style")
    ]
    assert found == []
