"""Add coaching files with what people note in them, trained people, and wishes to be called."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

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
)
NEW_KINDS = ("handover_asked", "handover_reminder", "handover_unanswered")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LIVE = sa.text("state IN ('open', 'taken')")
STILL = sa.text("ended_at IS NULL")


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), f"kind IN ({told})")


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def of_a_person(table: str) -> sa.ForeignKeyConstraint:
    """Let the rows of a person go with her file."""
    return sa.ForeignKeyConstraint(
        ["association_id", "entrepreneur_id"],
        ["entrepreneurs.association_id", "entrepreneurs.id"],
        name=op.f(f"fk_{table}_association_id_entrepreneur_id"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, *NEW_KINDS))
    create_coaching()
    create_sentinels()
    create_handovers()


def create_coaching() -> None:
    """Make the files of coached people."""
    op.create_table(
        "coaching_files",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("state", enum("state", "open", "withdrawn", "closed"), nullable=False),
        sa.Column("door", sa.Text(), nullable=True),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("consent_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("erase_at", INSTANT, nullable=True),
        sa.Column("erased_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_coaching_files_withdrawn_at")
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_coaching_files_closed_at")),
        sa.CheckConstraint("(state = 'open') = (erase_at IS NULL)", name=op.f("ck_coaching_files_erase_at")),
        sa.CheckConstraint(
            "erased_at IS NULL OR (state <> 'open' AND door IS NULL)", name=op.f("ck_coaching_files_erased_at")
        ),
        of_a_person("coaching_files"),
        sa.ForeignKeyConstraint(
            ["association_id", "pairing_id"],
            ["pairings.association_id", "pairings.id"],
            name=op.f("fk_coaching_files_association_id_pairing_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coaching_files_public_id")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_coaching_files_association_id_id")),
        sa.UniqueConstraint("pairing_id", name=op.f("uq_coaching_files_pairing_id")),
    )
    op.create_index("ix_coaching_files_entrepreneur_id", "coaching_files", ["entrepreneur_id"])
    op.create_index("ix_coaching_files_state_ends_on", "coaching_files", ["state", "ends_on"])
    op.create_table(
        "coaching_assessments",
        sa.Column("file_id", ROW_ID, nullable=False),
        sa.Column("moment", enum("moment", "before", "after"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("noted_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["coaching_files.id"], name=op.f("fk_coaching_assessments_file_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_id", "moment", name=op.f("pk_coaching_assessments")),
    )


def create_sentinels() -> None:
    """Make the list of trained people."""
    op.create_table(
        "sentinels",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("account_id", ROW_ID, nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("certified_by_id", ROW_ID, nullable=True),
        sa.Column("certified_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= certified_at", name=op.f("ck_sentinels_ended_at")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_sentinels_association_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sentinels_account_id")),
        sa.ForeignKeyConstraint(["certified_by_id"], ["accounts.id"], name=op.f("fk_sentinels_certified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentinels")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sentinels_public_id")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_sentinels_association_id_id")),
    )
    op.create_index(op.f("ix_sentinels_account_id"), "sentinels", ["account_id"])
    op.create_index(
        "uq_sentinels_still",
        "sentinels",
        ["association_id", "account_id"],
        unique=True,
        sqlite_where=STILL,
        postgresql_where=STILL,
    )


def create_handovers() -> None:
    """Make the wishes to be called."""
    op.create_table(
        "handovers",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("sentinel_id", sa.Integer(), nullable=True),
        sa.Column("state", enum("state", "open", "taken", "closed"), nullable=False),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column("tells_name", sa.Boolean(), nullable=False),
        sa.Column("asked_ids", sa.JSON(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.Column("taken_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_handovers_closed_at")),
        sa.CheckConstraint("(state = 'closed') = (reach IS NULL)", name=op.f("ck_handovers_reach")),
        sa.CheckConstraint(
            "state <> 'taken' OR (taken_at IS NOT NULL AND sentinel_id IS NOT NULL)",
            name=op.f("ck_handovers_taken_at"),
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_handovers_round")),
        of_a_person("handovers"),
        sa.ForeignKeyConstraint(
            ["association_id", "sentinel_id"],
            ["sentinels.association_id", "sentinels.id"],
            name=op.f("fk_handovers_association_id_sentinel_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_handovers_public_id")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_handovers_association_id_id")),
    )
    op.create_index("ix_handovers_sentinel_id", "handovers", ["sentinel_id"])
    op.create_index("ix_handovers_state_due_at", "handovers", ["state", "due_at"])
    op.create_index(
        "uq_handovers_live",
        "handovers",
        ["entrepreneur_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    for table in ("handovers", "sentinels", "coaching_assessments", "coaching_files"):
        op.drop_table(table)
    op.execute(sa.text("DELETE FROM messages WHERE kind LIKE 'handover_%'"))
    restrict_kinds(OLD_KINDS)
