"""Keep where or how a first interview is held, who calls whom, and when it last changed: calendars ask for that."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    with op.batch_alter_table("interviews") as batch_op:
        batch_op.add_column(sa.Column("place", sa.String(length=255), server_default="", nullable=False))
        batch_op.add_column(sa.Column("person_calls", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_interviews_person_calls"), "channel = 'phone' OR NOT person_calls"
        )
    op.execute("UPDATE interviews SET updated_at = coalesce(held_at, planned_at)")
    with op.batch_alter_table("interviews") as batch_op:
        batch_op.alter_column("place", existing_type=sa.String(length=255), server_default=None)
        batch_op.alter_column("person_calls", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("updated_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("interviews") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_interviews_person_calls"), type_="check")
        batch_op.drop_column("updated_at")
        batch_op.drop_column("person_calls")
        batch_op.drop_column("place")
