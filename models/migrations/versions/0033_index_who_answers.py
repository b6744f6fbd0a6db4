"""Index who answers for somebody, for a session or for a series: the pages of a coordinator filter on it."""

from alembic import op

revision = "0033"
down_revision = "0032"

KEYS = (("entrepreneurs", "referent_id"), ("workshop_sessions", "organiser_id"), ("workshop_series", "organiser_id"))


def upgrade() -> None:
    for table, column in KEYS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in KEYS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
