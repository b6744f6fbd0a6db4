"""Closed lists with words: topics, languages, workshop themes, offers."""

from sqlalchemy import JSON, Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Model


class Topic(Model):
    """A need on one side, an expertise on the other: the same list."""

    __tablename__ = "topics"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, unique=True)
    label_fr: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))


class Language(Model):
    """A language people speak."""

    __tablename__ = "languages"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, unique=True)
    label_fr: Mapped[str] = mapped_column(String(60))
    label_en: Mapped[str] = mapped_column(String(60))


class WorkshopTheme(Model):
    """A kind of workshop; attendance of a sensitive one is known to the person and the organiser only."""

    __tablename__ = "workshop_themes"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, unique=True)
    label_fr: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    description_fr: Mapped[str] = mapped_column(Text)
    description_en: Mapped[str] = mapped_column(Text)
    topics: Mapped[list[str]] = mapped_column(JSON)
    is_sensitive: Mapped[bool] = mapped_column(Boolean)


class Activity(Model):
    """A heading of the NAF, revision 2, at any of its five levels."""

    __tablename__ = "activities"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    level: Mapped[str] = mapped_column(String(16))
    parent: Mapped[str | None] = mapped_column(String(8))
    label_fr: Mapped[str] = mapped_column(String(255))


class Offer(Model):
    """A loan or a service of a partner, with where the fact comes from and how sure it is."""

    __tablename__ = "offers"

    slug: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    operator: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(40))
    zone_condition: Mapped[str] = mapped_column(String(60))
    conditions: Mapped[str] = mapped_column(Text)
    min_euros: Mapped[int | None] = mapped_column(Integer)
    max_euros: Mapped[int | None] = mapped_column(Integer)
    reliability: Mapped[str] = mapped_column(String(40))
    source_url: Mapped[str] = mapped_column(Text)
    source_date: Mapped[str] = mapped_column(String(32))
