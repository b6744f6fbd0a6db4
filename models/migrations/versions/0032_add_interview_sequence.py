"""Add the sequence of an interview: it rises with each news for the person, so that none of them is held for told."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    with op.batch_alter_table("interviews") as batch_op:
        batch_op.add_column(sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_check_constraint(batch_op.f("ck_interviews_sequence"), "sequence >= 0")


def downgrade() -> None:
    with op.batch_alter_table("interviews") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_interviews_sequence"), type_="check")
        batch_op.drop_column("sequence")
