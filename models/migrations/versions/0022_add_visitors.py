"""Add public sessions, the visitors who come to them, and what they are told."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

OLD_KINDS = (
    "invitation",
    "password_reset",
    "pairing_proposed",
    "pairing_reminder",
    "pairing_accepted",
    "pairing_declined",
    "pairing_expired",
    "pairing_withdrawn",
    "pairing_ended",
    "booking_confirmed",
    "booking_waiting",
    "booking_promoted",
    "booking_cancelled",
    "session_changed",
    "session_cancelled",
    "session_proposed",
    "suggestions_waiting",
    "pairing_asked",
    "pairing_question_answered",
    "pairing_paused",
    "pairing_resumed",
    "meeting_proposed",
    "meeting_confirmed",
    "meeting_cancelled",
    "charter_opened",
    "charter_signed",
    "circle_invited",
    "circle_led",
    "circle_answered",
    "circle_over",
    "digest",
    "introduction_made",
    "introduction_told",
    "seat_offered",
    "seat_free",
    "handover_asked",
    "handover_reminder",
    "handover_unanswered",
    "session_sure",
    "session_reminder",
    "expert_asked",
    "expert_answered",
    "expert_unanswered",
)
NEW_KINDS = ("visitor_asked", "visitor_confirmed", "visitor_changed", "visitor_cancelled")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LIVE = sa.text("state IN ('asked', 'confirmed')")


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), f"kind IN ({told})")


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, *NEW_KINDS))
    op.add_column("workshop_sessions", sa.Column("is_public", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "visitors",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", enum("state", "asked", "confirmed", "cancelled", "lapsed"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("locale", enum("locale", "fr", "en"), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("erase_at", INSTANT, nullable=False),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.CheckConstraint("(name IS NULL) = (email IS NULL)", name=op.f("ck_visitors_name_with_email")),
        sa.CheckConstraint(
            "state IN ('asked', 'confirmed') OR email IS NULL", name=op.f("ck_visitors_only_live_have_email")
        ),
        sa.CheckConstraint("erased_at IS NULL OR email IS NULL", name=op.f("ck_visitors_erased")),
        sa.ForeignKeyConstraint(
            ["association_id", "session_id"],
            ["workshop_sessions.association_id", "workshop_sessions.id"],
            name=op.f("fk_visitors_association_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitors")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_visitors_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visitors_public_id")),
    )
    op.create_index(op.f("ix_visitors_session_id"), "visitors", ["session_id"])
    op.create_index(
        "uq_visitors_live",
        "visitors",
        ["session_id", "email"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("ix_visitors_state_expires_at", "visitors", ["state", "expires_at"])
    op.create_index("ix_visitors_erased_at_erase_at", "visitors", ["erased_at", "erase_at"])


def downgrade() -> None:
    op.drop_table("visitors")
    op.drop_column("workshop_sessions", "is_public")
    told = ", ".join(f"'{kind}'" for kind in NEW_KINDS)
    op.execute(sa.text(f"DELETE FROM messages WHERE kind IN ({told})"))  # noqa: S608 - words of this file
    restrict_kinds(OLD_KINDS)
