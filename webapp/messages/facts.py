"""The facts of a message in the form that sentences need, and what a message says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_date, format_time
from flask_babel import get_locale

from webapp.clock import PARIS
from webapp.translation import gettext


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one kind of message says: sentences in order, and where to go for what.

    A summary tells it by its `headline`, where the subject alone would not say of whom it is.
    """

    subject: str
    sentences: tuple[str | None, ...]
    path: str
    call: str
    headline: str = ""


class Facts:
    """The facts of a message, each in the form a sentence needs."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts = facts

    def text(self, name: str) -> str:
        """Give a fact as one line of text, empty when missing."""
        return " ".join(str(self._facts.get(name, "")).split())

    def number(self, name: str) -> int:
        """Give a count, 0 when missing."""
        return int(self._facts.get(name, 0))

    def parts(self, name: str) -> list[dict[str, Any]]:
        """Give the parts of a fact that has several, none when missing."""
        return list(self._facts.get(name, ()))

    def within(self, name: str) -> "Facts | None":
        """Give the facts within a fact, None when missing."""
        found = self._facts.get(name)
        return Facts(found) if found else None

    def is_true(self, name: str) -> bool:
        """Say whether a fact is there and true."""
        return bool(self._facts.get(name, False))

    def day(self, name: str) -> str:
        """Give the day of an instant on a clock in France, empty when missing."""
        moment = self._moment(name)
        if moment is None:
            return ""
        words = format_date(moment.date(), "full", locale=get_locale())
        is_french = get_locale().language == "fr"
        return words.replace(" 1 ", " 1er ") if is_french else words  # le 1er décembre, mais le 2 décembre

    def day_and_time(self, name: str) -> str:
        """Give day and time of an instant on a clock in France, empty when missing."""
        moment = self._moment(name)
        if moment is None:
            return ""
        time = format_time(moment.time(), "short", locale=get_locale())
        return str(gettext("%(day)s at %(time)s", day=self.day(name), time=time))

    def _moment(self, name: str) -> datetime | None:
        value = self._facts.get(name)
        return datetime.fromisoformat(value).astimezone(PARIS) if value else None


def tell_lost(facts: Facts) -> str | None:
    """Say that a talk or meeting which was agreed does not take place, where a fact says so."""
    moment = facts.day_and_time("lost_at")
    return if_any(moment, gettext("The meeting on %(moment)s does not take place.", moment=moment))


def tell_moved(facts: Facts) -> str | None:
    """Say when something was to be before it was moved, where a fact says so: somebody may have it in mind."""
    moment = facts.day_and_time("lost_at")
    return if_any(moment, gettext("It is no longer on %(moment)s.", moment=moment))


def if_any(fact: str, sentence: str) -> str | None:
    """Leave a sentence out when its fact is missing."""
    return sentence if fact else None
