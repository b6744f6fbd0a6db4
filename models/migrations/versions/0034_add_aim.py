"""Add what matching aims at to weight versions and their drafts: those that exist serve most people, then the total."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

TABLES = ("weight_versions", "weight_drafts")


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("aim", sa.String(length=32), server_default="most_served", nullable=False))
            batch_op.create_check_constraint(batch_op.f(f"ck_{table}_aim"), "aim IN ('most_served', 'fairest')")


def downgrade() -> None:
    for table in reversed(TABLES):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_aim"), type_="check")
            batch_op.drop_column("aim")
