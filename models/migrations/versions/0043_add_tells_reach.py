"""Keep whether a person agrees that her association knows the number at which she asked to be called."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    op.add_column("handovers", sa.Column("tells_reach", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("handovers") as batch_op:
        batch_op.alter_column("tells_reach", server_default=None)
        batch_op.create_check_constraint(batch_op.f("ck_handovers_tells_reach"), "tells_name OR NOT tells_reach")


def downgrade() -> None:
    with op.batch_alter_table("handovers") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_handovers_tells_reach"), type_="check")
        batch_op.drop_column("tells_reach")
