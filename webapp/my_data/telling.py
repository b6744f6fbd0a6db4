"""What is kept of somebody, in her words: each value as pages write it, each column by its name."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from models.coaching import CoachingDoor, Statement
from models.correspondence import TapAnswer
from models.entrepreneurs import Gender
from models.messages import Message
from models.personal.ways import Root
from webapp.labels import (
    activity_label,
    availability_words,
    join_words,
    label,
    language_label,
    level_label,
    priority_label,
    role_label,
    rule_label,
    slot_label,
    stage_label,
    theme_label,
    topic_label,
)
from webapp.locale import current_locale
from webapp.messages.wording import render_message
from webapp.services.own_data import OwnData, OwnPart, OwnTable
from webapp.templating import LOCALE_NAMES, format_day, format_hours, format_instant
from webapp.translation import gettext as _
from webapp.words.enums import LABELS
from webapp.words.own_data import COLUMN_WORDS, TABLE_WORDS
from webapp.words.week import SLOTS


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTable:
    """A table of the file: its title, and its rows as pairs of a name and what is told."""

    title: str
    rows: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPart:
    """A part of the file: her account, or one file of hers."""

    title: str
    tables: tuple[ToldTable, ...]


def tell_parts(data: OwnData) -> tuple[ToldPart, ...]:
    """Put all that is kept of somebody into words, part by part."""
    return tuple(
        ToldPart(title=_part_title(part), tables=tuple(_tell_table(table, data.messages) for table in part.tables))
        for part in data.parts
    )


def _part_title(part: OwnPart) -> str:
    if part.root is Root.ACCOUNT:
        return str(TABLE_WORDS["accounts"])
    title = str(TABLE_WORDS[part.root.value])
    names = [part.association] if part.role is None else [label(part.role), part.association]
    return " · ".join([title, *names])


def _tell_table(found: OwnTable, messages: Sequence[Message]) -> ToldTable:
    rows = [_tell_row(row) for row in found.rows]
    if found.table == "messages":
        rows = [_tell_message(message) for message in messages]
    return ToldTable(title=str(TABLE_WORDS[found.table]), rows=tuple(row for row in rows if row))


def _tell_row(row: Mapping[str, Any]) -> Mapping[str, str]:
    told = {str(COLUMN_WORDS[name]): _tell(name, value) for name, value in row.items()}
    return {name: words for name, words in told.items() if words}


def _tell_message(message: Message) -> Mapping[str, str]:
    rendered = render_message(message)
    words = {"subject": rendered.subject, "body": rendered.body.strip()}
    facts = {name: getattr(message, name) for name in ("recipient", "state", "queued_at", "sent_at")}
    return {**_tell_row(facts), **_tell_row(words)}


def _tell(name: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    if name in TELLERS:
        return TELLERS[name](value)
    if isinstance(value, bool | TapAnswer):
        return _("Yes") if value in (True, TapAnswer.YES) else _("No")
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, StrEnum) and type(value) in LABELS:
        return label(value)
    return str(value)


def _join(word: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda values: join_words([word(value) for value in values])


def _tell_look(content: str) -> str:
    """Say what somebody noted of her strengths and gaps, a line each."""
    said = json.loads(content)
    lines = [f"{label(Statement(name))} : {answer}" for name, answer in said["answers"].items()]
    return "\n".join([*lines, *(said[name] for name in ("strengths", "gaps") if said[name])])


def _tell_slot(slot: str | int) -> str:
    """Name a moment of the week: a plan keeps its code, a circle its place among the 21."""
    return slot_label(SLOTS[slot] if isinstance(slot, int) else slot)


def _tell_dates(slots: list[Any]) -> str:
    return ", ".join(format_instant(datetime.fromisoformat(slot["starts_at"])) for slot in slots)


TELLERS: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        "activity_code": activity_label,
        "activity_codes": _join(activity_label),
        "after_liquidation": lambda _value: _("Yes"),
        "availability": availability_words,
        "budget_minutes": format_hours,
        "content": _tell_look,
        "door": lambda value: label(CoachingDoor(value)),
        "gender": lambda value: label(Gender(value)),
        "language": language_label,
        "level": level_label,
        "locale": lambda value: LOCALE_NAMES[str(value)],
        "minutes": format_hours,
        "priority": priority_label,
        "rule": rule_label,
        "score": lambda value: f"{value:.2f}",
        "slot": _tell_slot,
        "slots": _tell_dates,
        "stages": _join(stage_label),
        "theme_slug": theme_label,
        "topic": topic_label,
        "wanted_roles": _join(role_label),
    }
)


def write_json(parts: Sequence[ToldPart]) -> str:
    """Write the file for machines: the same names and words as the page, in the same order."""
    content = {
        "language": current_locale(),
        "parts": [
            {
                "title": part.title,
                "tables": [{"title": table.title, "rows": list(table.rows)} for table in part.tables],
            }
            for part in parts
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)
