"""Add compositions of circles that a worker makes."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "circle_compositions",
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_circle_compositions_attempts")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_circle_compositions_association_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["accounts.id"], name=op.f("fk_circle_compositions_requested_by_id")),
        sa.PrimaryKeyConstraint("association_id", name=op.f("pk_circle_compositions")),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("circle_compositions")
