"""Keep how an association is reached: mail, telephone and post; each may stay empty."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

LENGTHS = (("email", 254), ("phone", 32), ("address", 255))


def upgrade() -> None:
    with op.batch_alter_table("associations") as batch_op:
        for name, length in LENGTHS:
            batch_op.add_column(sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    with op.batch_alter_table("associations") as batch_op:
        for name, length in LENGTHS:
            batch_op.alter_column(name, existing_type=sa.String(length=length), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("associations") as batch_op:
        for name, _length in reversed(LENGTHS):
            batch_op.drop_column(name)
