"""Who may call which endpoint: door one, declared on every view and checked before it runs."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from webapp.permissions import Actor

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Access(StrEnum):
    """Who an endpoint is for."""

    PUBLIC = "public"
    MEMBER = "member"
    COORDINATOR = "coordinator"
    SUPPORTER = "supporter"
    ENTREPRENEUR = "entrepreneur"
    SENTINEL = "sentinel"
    DEVELOPMENT = "development"


def access(level: Access) -> Callable[[View], View]:
    """Declare who may call a view. A view without it answers nobody."""

    def declare(view: View) -> View:
        view.access = level  # type: ignore[attr-defined]
        return view

    return declare


def current_actor() -> Actor:
    """Give the actor behind the request."""
    actor: Actor = current_user.actor
    return actor


def declared_access(app: Flask, endpoint: str) -> Access | None:
    """Give what a view declared; Flask's own static files are public."""
    if endpoint == "static":
        return Access.PUBLIC
    return getattr(app.view_functions[endpoint], "access", None)


def register_access(app: Flask) -> None:
    """Check door one before every request."""

    @app.before_request
    def check_access() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        level = declared_access(current_app, request.endpoint)
        if level is Access.PUBLIC:
            return None
        if level is Access.DEVELOPMENT:
            return abort(404) if current_app.config["SETTINGS"].production else None
        if not current_user.is_authenticated:
            return _send_to_sign_in()
        if level is None or not _has(current_actor(), level):
            abort(404)
        return None


def _has(actor: Actor, level: Access) -> bool:
    return {
        Access.MEMBER: True,
        Access.COORDINATOR: bool(actor.coordinates),
        Access.SUPPORTER: bool(actor.supporter_ids),
        Access.ENTREPRENEUR: bool(actor.entrepreneur_ids),
        Access.SENTINEL: bool(actor.sentinel_ids),
    }[level]


def _page_of(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # no address at all, such as `http://[x`
        return ""


def _send_to_sign_in() -> ResponseReturnValue:
    if request.headers.get("HX-Request"):
        page = _page_of(request.headers.get("HX-Current-URL", ""))
        return "", 204, {"HX-Redirect": url_for("accounts.sign_in", next=page or None)}
    page = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("accounts.sign_in", next=page or None), code=303)
