"""Add introductions, the messages that tell of them, and the notices of those without news."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

OLD_MESSAGES = (
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
)
NEW_MESSAGES = ("introduction_made", "introduction_told")
OLD_NOTICES = (
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
NEW_NOTICES = ("introduction_to_make", "introduction_news", "introduction_late")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATES = ("promised", "made", "met", "fruitful", "lapsed")
PURPOSES = (
    "customer",
    "supplier",
    "finance",
    "premises",
    "partner",
    "public_body",
    "recruitment",
    "advice",
    "other",
)


def restrict_kinds(table: str, kinds: tuple[str, ...]) -> None:
    """Let the rows of a table be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_kind"), f"kind IN ({told})")


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    restrict_kinds("messages", (*OLD_MESSAGES, *NEW_MESSAGES))
    restrict_kinds("notices", (*OLD_NOTICES, *NEW_NOTICES))
    op.create_table(
        "introductions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("state", enum("state", *STATES), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", enum("purpose", *PURPOSES), nullable=False),
        sa.Column("word", sa.String(length=500), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.Column("noted_by_id", ROW_ID, nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.CheckConstraint("organisation <> ''", name=op.f("ck_introductions_organisation")),
        sa.CheckConstraint(
            "(supporter_id IS NULL) = (pairing_id IS NULL)", name=op.f("ck_introductions_whole_pairing")
        ),
        sa.CheckConstraint(
            "(state IN ('promised', 'made')) = (due_at IS NOT NULL)", name=op.f("ck_introductions_live_has_deadline")
        ),
        sa.CheckConstraint(
            "state NOT IN ('made', 'met', 'fruitful') OR made_at IS NOT NULL", name=op.f("ck_introductions_made_at")
        ),
        sa.CheckConstraint(
            "(state IN ('met', 'fruitful', 'lapsed')) = (told_at IS NOT NULL)", name=op.f("ck_introductions_told_at")
        ),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_introductions_association_id")),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_introductions_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "supporter_id"],
            ["supporters.association_id", "supporters.id"],
            name=op.f("fk_introductions_association_id_supporter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "pairing_id"],
            ["pairings.association_id", "pairings.id"],
            name=op.f("fk_introductions_association_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(["noted_by_id"], ["accounts.id"], name=op.f("fk_introductions_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_introductions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_introductions_public_id")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_introductions_association_id_id")),
    )
    op.create_index(
        "ix_introductions_association_id_state_due_at", "introductions", ["association_id", "state", "due_at"]
    )
    op.create_index(op.f("ix_introductions_entrepreneur_id"), "introductions", ["entrepreneur_id"])
    op.create_index(op.f("ix_introductions_supporter_id"), "introductions", ["supporter_id"])
    op.create_index(op.f("ix_introductions_pairing_id"), "introductions", ["pairing_id"])


def downgrade() -> None:
    op.drop_table("introductions")
    for table, new, old in (("messages", NEW_MESSAGES, OLD_MESSAGES), ("notices", NEW_NOTICES, OLD_NOTICES)):
        told = ", ".join(f"'{kind}'" for kind in new)
        op.execute(sa.text(f"DELETE FROM {table} WHERE kind IN ({told})"))  # noqa: S608 - words of this file only
        restrict_kinds(table, old)
