"""Sessions that members propose to lead themselves: a workshop of a peer, once a coordinator has confirmed it."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.accounts import Account
from models.db import Model, PublicRecord, UtcDateTime, enum_type
from models.entrepreneurs import Entrepreneur
from models.states import SessionProposalState
from models.supporters import Supporter
from models.topics import WorkshopTheme
from models.workshops import WorkshopSession

PROPOSED = text("state = 'proposed'")


class SessionProposal(PublicRecord, Model):
    """A session that an entrepreneur or a supporter wishes to lead. One at a time waits for its answer.

    `wished_on` is empty where the date is to be agreed. Once confirmed, `session_id` is the session that its proposer
    leads and its coordinator organises; `word` is what the coordinator wrote with the answer.
    """

    __tablename__ = "session_proposals"
    __table_args__ = (
        UniqueConstraint("session_id"),
        ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"], ["entrepreneurs.association_id", "entrepreneurs.id"]
        ),
        ForeignKeyConstraint(["association_id", "supporter_id"], ["supporters.association_id", "supporters.id"]),
        ForeignKeyConstraint(
            ["association_id", "session_id"], ["workshop_sessions.association_id", "workshop_sessions.id"]
        ),
        Index(
            "uq_session_proposals_person",
            "entrepreneur_id",
            unique=True,
            sqlite_where=PROPOSED,
            postgresql_where=PROPOSED,
        ),
        Index(
            "uq_session_proposals_supporter",
            "supporter_id",
            unique=True,
            sqlite_where=PROPOSED,
            postgresql_where=PROPOSED,
        ),
        Index("ix_session_proposals_association_id_state_due_at", "association_id", "state", "due_at"),
        CheckConstraint("(entrepreneur_id IS NULL) <> (supporter_id IS NULL)", name="one_proposer"),
        CheckConstraint("seats BETWEEN 1 AND 500", name="seats"),
        CheckConstraint("(state = 'proposed') = (due_at IS NOT NULL)", name="proposed_has_deadline"),
        CheckConstraint("(state = 'proposed') = (ended_at IS NULL)", name="ended_at"),
        CheckConstraint("(state = 'confirmed') = (session_id IS NOT NULL)", name="confirmed_has_session"),
    )

    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"))
    entrepreneur_id: Mapped[int | None] = mapped_column(index=True)
    supporter_id: Mapped[int | None] = mapped_column(index=True)
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[SessionProposalState] = mapped_column(
        enum_type(SessionProposalState, "state"), default=SessionProposalState.PROPOSED
    )
    title: Mapped[str] = mapped_column(String(160))
    theme_slug: Mapped[str] = mapped_column(ForeignKey("workshop_themes.slug"))
    words: Mapped[str] = mapped_column(Text, default="")
    wished_on: Mapped[date | None] = mapped_column(Date)
    seats: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(160), default="")
    word: Mapped[str] = mapped_column(String(500), default="")
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    theme: Mapped[WorkshopTheme] = relationship(lazy="raise_on_sql", viewonly=True)
    coordinator: Mapped[Account | None] = relationship(lazy="raise_on_sql", viewonly=True)
    entrepreneur: Mapped[Entrepreneur | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(SessionProposal.entrepreneur_id) == Entrepreneur.id"
    )
    supporter: Mapped[Supporter | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(SessionProposal.supporter_id) == Supporter.id"
    )
    session: Mapped[WorkshopSession | None] = relationship(
        lazy="raise_on_sql", viewonly=True, primaryjoin="foreign(SessionProposal.session_id) == WorkshopSession.id"
    )
