"""An activity typed as a NAF code or in everyday words, and the heading that is meant."""

from sqlalchemy.orm import Session

from webapp.activities.index import find_activities
from webapp.translation import gettext as _

HEADINGS_SHOWN = 5


class UnclearActivityError(ValueError):
    """Nothing, or more than one heading, answers to what was typed; the message says what to type instead."""


def resolve_activity(session: Session, text: str) -> str | None:
    """Give the NAF code that is meant, or None when nothing was typed.

    Raises
    ------
    UnclearActivityError
        If it is not clear; the message is for the person who typed.
    """
    typed = text.strip()
    if not typed:
        return None
    found = find_activities(session, typed)
    if len(found) == 1:
        return found[0].code
    if not found:
        raise UnclearActivityError(_("We find no activity for “%(text)s”. Try other words, or a NAF code.", text=typed))
    headings = "; ".join(f"{heading.code} {heading.label}" for heading in found[:HEADINGS_SHOWN])
    raise UnclearActivityError(
        _("“%(text)s” may be several activities. Type the code of one: %(headings)s.", text=typed, headings=headings)
    )


def resolve_activities(session: Session, text: str) -> tuple[str, ...]:
    """Give the NAF codes of several activities, one per line or separated by commas.

    Raises
    ------
    UnclearActivityError
        If one of them is not clear.
    """
    typed = [part for line in text.splitlines() for part in line.split(",")]
    codes = [resolve_activity(session, part) for part in typed]
    return tuple(dict.fromkeys(code for code in codes if code is not None))
