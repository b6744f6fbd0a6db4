"""A commune typed by name, postal code or INSEE code, and the one that is meant."""

from sqlalchemy.orm import Session

from models.queries.members import find_commune, find_communes
from models.search import fold
from models.territories import Commune
from webapp.translation import gettext as _

NAMES_SHOWN = 6


class UnclearCommuneError(ValueError):
    """Nothing, or more than one commune, answers to what was typed; the message says what to type instead."""


def resolve_commune(session: Session, text: str) -> Commune | None:
    """Give the commune that is meant, or None when nothing was typed.

    A name that several communes bear is settled by « Saint-Denis (93066) », which is how the form writes it back.

    Raises
    ------
    UnclearCommuneError
        If it is not clear; the message is for the person who typed.
    """
    typed = text.strip()
    if not typed:
        return None
    code = _code_of(typed)
    known = find_commune(session, code) if code else None
    if known is not None:
        return known
    found = find_communes(session, typed)
    same_name = [commune for commune in found if commune.search_name == fold(typed)]
    if len(found) == 1 or len(same_name) == 1:
        return (same_name or found)[0]
    if not found:
        raise UnclearCommuneError(_("We do not know this town. Type its name or its postal code."))
    names = ", ".join(write_commune(commune) for commune in found[:NAMES_SHOWN])
    raise UnclearCommuneError(_("Several towns answer to this. Type one of: %(names)s.", names=names))


def write_commune(commune: Commune | None) -> str:
    """Write a commune so that it reads back as itself."""
    return f"{commune.name} ({commune.code})" if commune else ""


def _code_of(typed: str) -> str | None:
    if typed.endswith(")") and "(" in typed:
        return typed[typed.rindex("(") + 1 : -1].strip().upper()
    code = typed.upper().replace(" ", "")
    return code if len(code) == 5 and code[2:].isdigit() else None
