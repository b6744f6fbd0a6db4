"""Series: several dates of one workshop that belong together."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime
from models.topics import WorkshopTheme


class WorkshopSeries(PublicRecord, Model):
    """A workshop of several dates. Each date is a session of its own, with its seats; all have the theme of the series.

    Its theme never changes: who books one date of a private series stays private on all.
    """

    __tablename__ = "workshop_series"
    __table_args__ = (UniqueConstraint("association_id", "id"), CheckConstraint("title <> ''", name="title"))

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    organiser_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    theme_slug: Mapped[str] = mapped_column(ForeignKey("workshop_themes.slug"))
    title: Mapped[str] = mapped_column(String(160))
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    theme: Mapped[WorkshopTheme] = relationship(lazy="raise_on_sql", viewonly=True)
