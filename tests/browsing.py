"""A test client that behaves like a browser: each request in a context of its own, forms sent with their token."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from models.accounts import Account, LoginSession
from models.db import transaction
from webapp.clock import utc_now
from webapp.identity.tokens import hash_token, new_token
from webapp.typography import NO_BREAK

TOKEN_HEADER = "X-CSRFToken"
TOKEN_SALT = "wtf-csrf-token"  # the salt of Flask-WTF


def plain(text: str) -> str:
    """Give a French sentence as one types it: tests compare it so."""
    return text.replace(NO_BREAK, " ").replace("&nbsp;", " ")


class PlainAnswer(TestResponse):
    """An answer whose text is read with plain spaces: French sets no-break ones, which nobody types in a test."""

    def get_data(self, as_text: bool = False) -> Any:
        """Give the bytes as they were sent, or their text as one types it."""
        data = super().get_data(as_text)  # type: ignore[call-overload]
        return plain(data) if as_text else data


class Browser(FlaskClient):
    """A client whose POSTs carry the token that a page would have given them, unless `sends_token` is switched off."""

    application: Flask
    sends_token = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Read answers with plain spaces."""
        super().__init__(*args, **kwargs)
        self.response_wrapper = type("Answer", (PlainAnswer, self.response_wrapper), {})

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; without a fresh context it would see the person and the session of the one before."""
        if self.sends_token and kwargs.get("method") == "POST":
            headers = dict(kwargs.get("headers") or {})
            headers.setdefault(TOKEN_HEADER, self._token())
            kwargs["headers"] = headers
        kwargs.setdefault("buffered", True)  # reads and closes the file of a static answer
        with self.application.app_context():
            return super().open(*args, **kwargs)

    def _token(self) -> str:
        with self.application.app_context(), self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(str(self.application.secret_key), salt=TOKEN_SALT).dumps(raw))


def open_login_session(account_id: int, *, length: timedelta = timedelta(days=1)) -> str:
    """Write a live sign-in and give the secret of its cookie."""
    token = new_token()
    now = utc_now()
    with transaction() as session:
        session.add(
            LoginSession(
                token_hash=hash_token(token),
                account_id=account_id,
                created_at=now,
                seen_at=now,
                expires_at=now + length,
            )
        )
    return token


def sign_in(client: FlaskClient, account: Account) -> FlaskClient:
    """Sign an account in on this client, without its password. Commit what the factories made first."""
    token = open_login_session(account.id)
    with client.application.app_context(), client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client
