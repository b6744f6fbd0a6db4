"""Add the cancelled session from which a booking comes, and the place in line that goes with it."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

OLD_RULES = ("first_time_and_need", "first_time", "need", "arrival")


def restrict(values: tuple[str, ...]) -> None:
    """Let a turn be given by these rules only."""
    told = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_bookings_waiting_rule"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_bookings_waiting_rule"), f"waiting_rule IN ({told})")


def upgrade() -> None:
    restrict(("cancelled_before", *OLD_RULES))
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.add_column(sa.Column("from_session_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_bookings_association_id_from_session_id"),
            "workshop_sessions",
            ["association_id", "from_session_id"],
            ["association_id", "id"],
        )
        batch_op.create_index(batch_op.f("ix_bookings_from_session_id"), ["from_session_id"])


def downgrade() -> None:
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_from_session_id"))
        batch_op.drop_constraint(batch_op.f("fk_bookings_association_id_from_session_id"), type_="foreignkey")
        batch_op.drop_column("from_session_id")
    # The turn stays where it is: only the word for it goes.
    op.execute(sa.text("UPDATE bookings SET waiting_rule = 'arrival' WHERE waiting_rule = 'cancelled_before'"))
    restrict(OLD_RULES)
