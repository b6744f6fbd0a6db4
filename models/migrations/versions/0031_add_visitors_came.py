"""Add how many visitors came to a session: a number, since their names are erased."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.add_column(sa.Column("visitors_came", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_workshop_sessions_visitors_came"), "visitors_came IS NULL OR visitors_came BETWEEN 0 AND 500"
        )


def downgrade() -> None:
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_workshop_sessions_visitors_came"), type_="check")
        batch_op.drop_column("visitors_came")
