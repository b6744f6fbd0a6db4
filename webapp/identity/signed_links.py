"""Links that name a registration: signed with the app's key when a mail is written, and kept nowhere."""

from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def sign_visitor(visitor_id: UUID | str) -> str:
    """Give what stands in the link of a visitor's mail."""
    return str(_signer().dumps(UUID(str(visitor_id)).hex))


def read_visitor(token: str) -> UUID | None:
    """Give the registration that a link names, or None when we did not write it."""
    try:
        return UUID(str(_signer().loads(token)))
    except (BadSignature, ValueError):
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="visitor")
