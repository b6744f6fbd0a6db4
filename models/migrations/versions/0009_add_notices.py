"""Add notices, and the one mail a day that tells them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

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
)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNTOLD = sa.text("told_at IS NULL")
NOTICE_KINDS = (
    "question_waits",
    "date_to_find",
    "silence",
    "long_silence",
    "date_to_choose",
    "did_you_meet",
    "report_missing",
    "charter_to_sign",
    "pause_over",
    "term_near",
    "news_due",
    "profile_to_finish",
    "attendance_to_mark",
)


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), f"kind IN ({told})")


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, "digest"))
    op.create_table(
        "notices",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("account_id", ROW_ID, nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("locale", enum("locale", "fr", "en"), nullable=False),
        sa.Column("kind", enum("kind", *NOTICE_KINDS), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("noticed_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.CheckConstraint("recipient <> ''", name=op.f("ck_notices_recipient")),
        sa.CheckConstraint("told_at IS NULL OR told_at >= noticed_at", name=op.f("ck_notices_told_at")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notices_account_id")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_notices_association_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint(
            "subject_id", "kind", "due_at", "recipient", name=op.f("uq_notices_subject_id_kind_due_at_recipient")
        ),
    )
    op.create_index(op.f("ix_notices_account_id"), "notices", ["account_id"])
    op.create_index(op.f("ix_notices_association_id"), "notices", ["association_id"])
    op.create_index(
        "ix_notices_untold",
        "notices",
        ["recipient", "association_id"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )


def downgrade() -> None:
    op.drop_table("notices")
    op.execute(sa.text("DELETE FROM messages WHERE kind = 'digest'"))
    restrict_kinds(OLD_KINDS)
