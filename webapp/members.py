"""Whose file a page is about: the person behind the request has one, or the page does not exist for her."""

from typing import Any

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.queries import members
from webapp.access import current_actor
from webapp.words import members as member_words


def own_entrepreneur(association_id: int | None = None) -> Entrepreneur:
    """Give the file of the person behind the request, in one association when it matters which.

    Raises
    ------
    NotFoundError
        If she has none there.
    """
    ids = current_actor().entrepreneur_ids
    entrepreneur = members.find_entrepreneur(db.session(), ids, association_id=association_id)
    if entrepreneur is None:
        raise NotFoundError(record="Entrepreneur")
    return entrepreneur


def clean_text(value: str | None) -> str | None:
    """Take out what no text holds and PostgreSQL refuses."""
    return value.replace("\x00", "") if value else value


def member_context() -> dict[str, Any]:
    """Give the members' templates their words: a context processor of each of their blueprints."""
    return {"words": member_words}
