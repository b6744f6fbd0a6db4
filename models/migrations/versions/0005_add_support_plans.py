"""Add support plans."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KINDS = (
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
)
NEW_KINDS = ("session_proposed",)


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    rule = "kind IN ({})".format(", ".join(f"'{kind}'" for kind in kinds))
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), rule)


def upgrade() -> None:
    restrict_kinds(KINDS)
    op.create_table(
        "support_plans",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_support_plans_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "run_id"],
            ["match_runs.association_id", "match_runs.id"],
            name=op.f("fk_support_plans_association_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_plans")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_support_plans_association_id_id")),
        sa.UniqueConstraint("entrepreneur_id", name=op.f("uq_support_plans_entrepreneur_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_support_plans_public_id")),
    )
    with op.batch_alter_table("support_plans", schema=None) as batch_op:
        batch_op.create_index(
            "ix_support_plans_association_id_deadline_at", ["association_id", "deadline_at"], unique=False
        )

    op.create_table(
        "plan_lines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mentor",
                "coach",
                "expert",
                "ambassador",
                "workshop",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "approved",
                "rejected",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("slot", sa.String(length=8), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(kind <> 'workshop') = (suggestion_id IS NOT NULL)", name=op.f("ck_plan_lines_supporter_has_suggestion")
        ),
        sa.CheckConstraint(
            "(kind = 'workshop') = (session_id IS NOT NULL)", name=op.f("ck_plan_lines_workshop_has_session")
        ),
        sa.CheckConstraint("(kind = 'workshop') = (state IS NOT NULL)", name=op.f("ck_plan_lines_workshop_has_state")),
        sa.CheckConstraint(
            "(state IN ('approved', 'rejected')) = (decided_at IS NOT NULL)", name=op.f("ck_plan_lines_decided_at")
        ),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_plan_lines_score")),
        sa.ForeignKeyConstraint(
            ["association_id", "plan_id"],
            ["support_plans.association_id", "support_plans.id"],
            name=op.f("fk_plan_lines_association_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "run_id"],
            ["match_runs.association_id", "match_runs.id"],
            name=op.f("fk_plan_lines_association_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "session_id"],
            ["workshop_sessions.association_id", "workshop_sessions.id"],
            name=op.f("fk_plan_lines_association_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "suggestion_id"],
            ["suggestions.association_id", "suggestions.id"],
            name=op.f("fk_plan_lines_association_id_suggestion_id"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_plan_lines_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_lines")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_plan_lines_association_id_id")),
        sa.UniqueConstraint("plan_id", "suggestion_id", name=op.f("uq_plan_lines_plan_id_suggestion_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_lines_public_id")),
    )
    with op.batch_alter_table("plan_lines", schema=None) as batch_op:
        batch_op.create_index("ix_plan_lines_session_id_state", ["session_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_plan_lines_suggestion_id"), ["suggestion_id"], unique=False)
        batch_op.create_index(
            "uq_plan_lines_live",
            ["plan_id", "session_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'approved')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved')"),
        )


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM messages WHERE kind = 'session_proposed'"))
    restrict_kinds(tuple(kind for kind in KINDS if kind not in NEW_KINDS))
    with op.batch_alter_table("plan_lines", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plan_lines_live",
            sqlite_where=sa.text("state IN ('proposed', 'approved')"),
            postgresql_where=sa.text("state IN ('proposed', 'approved')"),
        )
        batch_op.drop_index(batch_op.f("ix_plan_lines_suggestion_id"))
        batch_op.drop_index("ix_plan_lines_session_id_state")

    op.drop_table("plan_lines")
    with op.batch_alter_table("support_plans", schema=None) as batch_op:
        batch_op.drop_index("ix_support_plans_association_id_deadline_at")

    op.drop_table("support_plans")
