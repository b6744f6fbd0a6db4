"""Add what people thought of a session."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FACE = sa.Enum("good", "fair", "poor", name="face", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "session_feedbacks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("face", FACE, nullable=False),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id", "session_id"],
            ["workshop_sessions.association_id", "workshop_sessions.id"],
            name=op.f("fk_session_feedbacks_association_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "booking_id"],
            ["bookings.association_id", "bookings.id"],
            name=op.f("fk_session_feedbacks_association_id_booking_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_feedbacks")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_session_feedbacks_booking_id")),
    )
    op.create_index(op.f("ix_session_feedbacks_session_id"), "session_feedbacks", ["session_id"])


def downgrade() -> None:
    op.drop_table("session_feedbacks")
