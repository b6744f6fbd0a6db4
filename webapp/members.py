"""Whose file a page is about: the person behind the request has one, or the page does not exist for her.

Whom two associations follow has two files. She chooses one, every page about it says whose it is, and what belongs to
an association, such as a workshop, is about her file there.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, g
from flask import session as cookie

from models.db import db
from models.entrepreneurs import Entrepreneur
from models.exceptions import NotFoundError
from models.queries import members
from models.queries.members import OwnFile
from webapp.access import current_actor
from webapp.words import members as member_words
from webapp.words.talks import tell_called_off, tell_next, tell_over

CHOSEN = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFiles:
    """The file a page is about, and the others she could turn to."""

    current: OwnFile
    others: tuple[OwnFile, ...]


def own_entrepreneur(association_id: int | None = None) -> Entrepreneur:
    """Give the file of the person behind the request, in one association when it matters which.

    Raises
    ------
    NotFoundError
        If she has none there.
    """
    ids: Collection[int] = current_actor().entrepreneur_ids
    if len(ids) > 1:
        ids = {_turn_to(ids, association_id).id}
    entrepreneur = members.find_entrepreneur(db.session(), ids, association_id=association_id)
    if entrepreneur is None:
        raise NotFoundError(record="Entrepreneur")
    return entrepreneur


def choose_file(public_id: UUID) -> None:
    """Turn to another of her files from now on; a file that is not hers does not exist."""
    files = members.list_own_files(db.session(), current_actor().entrepreneur_ids)
    if public_id not in {file.public_id for file in files}:
        abort(404)
    cookie[CHOSEN] = str(public_id)


def _turn_to(ids: Collection[int], association_id: int | None) -> OwnFile:
    """Take the file she chose, else the first; in another association, the one she has there, and remember it."""
    files = members.list_own_files(db.session(), ids)
    fitting = [file for file in files if association_id in (None, file.association_id)]
    if not fitting:
        raise NotFoundError(record="Entrepreneur")
    current = next((file for file in fitting if str(file.public_id) == cookie.get(CHOSEN)), fitting[0])
    if association_id is not None:
        cookie[CHOSEN] = str(current.public_id)
    g.own_files = OwnFiles(current=current, others=tuple(file for file in files if file.id != current.id))
    return current


def clean_text(value: str | None) -> str | None:
    """Take out what no text holds and PostgreSQL refuses."""
    return value.replace("\x00", "") if value else value


def member_context() -> dict[str, Any]:
    """Give the members' templates their words: a context processor of each of their blueprints."""
    return {
        "words": member_words,
        "tell_next": tell_next,
        "tell_over": tell_over,
        "tell_called_off": tell_called_off,
    }
