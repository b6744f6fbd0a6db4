"""Add association clocks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "association_clocks",
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "clock",
            sa.Enum(
                "interview",
                "question",
                "first_meeting",
                "charter",
                "meeting_report",
                "silence",
                "silence_escalation",
                "pause",
                "suggestion_escalation",
                "review",
                "seat_offer",
                "go_or_no_go",
                "circle_answer",
                "expert_answer",
                "introduction",
                "handover",
                name="clock",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("days BETWEEN 1 AND 180", name=op.f("ck_association_clocks_days")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_association_clocks_association_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["accounts.id"], name=op.f("fk_association_clocks_set_by_id")),
        sa.PrimaryKeyConstraint("association_id", "clock", name=op.f("pk_association_clocks")),
    )


def downgrade() -> None:
    op.drop_table("association_clocks")
