"""Approval committees (*comités d'agrément*): which supporter examines whose file."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.db import Model, PublicRecord, UtcDateTime
from models.supporters import Supporter

EXAMINED_NOW = text("until IS NULL")


class CommitteeFile(PublicRecord, Model):
    """A supporter examines an entrepreneur's file in a committee, from `since` on; without `until`, still."""

    __tablename__ = "committee_files"
    __table_args__ = (
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        Index(
            "uq_committee_files_examined_now",
            "entrepreneur_id",
            "supporter_id",
            unique=True,
            sqlite_where=EXAMINED_NOW,
            postgresql_where=EXAMINED_NOW,
        ),
        CheckConstraint("until IS NULL OR until >= since", name="until_after_since"),
    )

    association_id: Mapped[int] = mapped_column(index=True)
    entrepreneur_id: Mapped[int] = mapped_column(index=True)
    supporter_id: Mapped[int] = mapped_column(index=True)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    supporter: Mapped[Supporter] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(CommitteeFile.supporter_id) == Supporter.id"
    )
