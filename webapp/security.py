"""Headers of every answer, and addresses of static files that change with their content."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request
from flask_login import current_user

from webapp.config import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Bootstrap draws its check marks and arrows as data images
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not stricter: over https, CSRF checks the referrer of a form on our own pages.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
ONE_YEAR = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
NEVER_KEEP = "no-store"
WITH_SECRETS = frozenset({"accounts", "one_taps"})
BY_ADDRESS = "token"
CALENDARS = "calendar_feeds"  # read by machines that keep a copy and ask by its tag whether it still holds
VARY_ON = ("Cookie", "HX-Request", "Accept-Language")


def register_security(app: Flask) -> None:
    """Put the headers on every answer and the content's hash in every static address."""
    app.after_request(add_headers)

    @app.url_defaults
    def add_hash(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values and "v" not in values and app.static_folder:
            values["v"] = _hash_of(Path(app.static_folder) / values["filename"])


def add_headers(response: Response) -> Response:
    """Add what a browser must know to protect the person in front of it."""
    settings: Settings = current_app.config["SETTINGS"]
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.production:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if request.endpoint == "static":
        hashed = bool(request.args.get("v")) and response.status_code in (200, 304)
        response.headers["Cache-Control"] = ONE_YEAR if hashed else ASK_EACH_TIME
        return response
    response.vary.update(VARY_ON)
    response.headers["Cache-Control"] = NEVER_KEEP if _is_personal() else f"private, {ASK_EACH_TIME}"
    return response


def _is_personal() -> bool:
    """Say whether a page is of somebody, or can be reached with a secret in its address."""
    by_address = BY_ADDRESS in (request.view_args or {}) and request.blueprint != CALENDARS
    return by_address or request.blueprint in WITH_SECRETS or bool(current_user and current_user.is_authenticated)


def _hash_of(path: Path) -> str | None:
    """Hash a file again only when it changed; a missing one gets no hash."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _hash_content(str(path), changed)


@lru_cache(maxsize=256)
def _hash_content(path: str, _changed: int) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:12]
