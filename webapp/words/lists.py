"""Words of the closed lists in the database (topics, languages, workshop themes, activities), read once per app."""

from collections.abc import Callable, Mapping

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accounts import Locale
from models.db import db
from models.topics import Activity, Language, Topic, WorkshopTheme
from webapp.locale import current_locale

Reader = Callable[[Session], dict[str, str]]
CACHE = "maillage_word_lists"
Translated = type[Topic] | type[Language] | type[WorkshopTheme]


def topic_label(slug: str) -> str:
    """Give the words of a topic; its slug if the list does not have it."""
    return _words(Topic).get(slug, slug)


def language_label(code: str) -> str:
    """Give the name of a language people speak."""
    return _words(Language).get(code, code)


def language_inside(code: str) -> str:
    """Name a language inside a sentence: « arabe » in French, "Arabic" in English."""
    name = language_label(code)
    return name if current_locale() == Locale.ENGLISH else name.lower()


def theme_label(slug: str) -> str:
    """Give the words of a workshop theme."""
    return _words(WorkshopTheme).get(slug, slug)


def activity_label(code: str | None) -> str:
    """Give the official heading of a NAF code, which exists in French only."""
    if not code:
        return ""
    return _cached("activities", _read_activities).get(code, code)


def list_topics() -> list[tuple[str, str]]:
    """Give the topics with their words, in their order, for a choice."""
    return list(_words(Topic).items())


def list_languages() -> list[tuple[str, str]]:
    """Give the languages with their names, in their order, for a choice."""
    return list(_words(Language).items())


def list_themes() -> list[tuple[str, str]]:
    """Give the workshop themes with their words, in their order, for a choice."""
    return list(_words(WorkshopTheme).items())


def _words(table: Translated) -> Mapping[str, str]:
    locale = current_locale()

    def read(session: Session) -> dict[str, str]:
        words = table.label_en if locale == Locale.ENGLISH else table.label_fr
        key = table.code if issubclass(table, Language) else table.slug
        return {row[0]: row[1] for row in session.execute(select(key, words).order_by(table.position))}

    return _cached(f"{table.__tablename__}.{locale}", read)


def _read_activities(session: Session) -> dict[str, str]:
    return {row[0]: row[1] for row in session.execute(select(Activity.code, Activity.label_fr))}


def _cached(name: str, read: Reader) -> Mapping[str, str]:
    """Keep a list for the life of the app: reference data changes with a release. An empty one is read again."""
    kept: dict[str, dict[str, str]] = current_app.extensions.setdefault(CACHE, {})
    if not kept.get(name):
        kept[name] = read(db.session())
    return kept[name]
