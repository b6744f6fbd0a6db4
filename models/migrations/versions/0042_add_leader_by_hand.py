"""Keep which rules a circle's facilitator was named past, by hand, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("circles", sa.Column("passed_over", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("circles", sa.Column("leader_note", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("circles") as batch_op:
        batch_op.alter_column("passed_over", server_default=None)
        batch_op.alter_column("leader_note", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("circles") as batch_op:
        batch_op.drop_column("leader_note")
        batch_op.drop_column("passed_over")
