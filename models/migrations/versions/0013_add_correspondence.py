"""Let people choose how they are written to, and give their calendars a private address."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LIVE = sa.text("ended_at IS NULL")
STATES = ("queued", "sending", "sent", "failed")
WAYS = ("each", "daily", "weekly", "in_app")


def restrict_states(states: tuple[str, ...]) -> None:
    """Let messages be in these states only."""
    told = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_state"), f"state IN ({told})")


def way(name: str) -> sa.Column[str]:
    """How a group of messages comes: text with a named CHECK."""
    values = sa.Enum(*WAYS, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, values, nullable=False)


def upgrade() -> None:
    restrict_states((*STATES, "held", "kept"))
    with op.batch_alter_table("messages") as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_messages_held_for_an_account"), "state <> 'held' OR account_id IS NOT NULL"
        )
    op.create_table(
        "mail_preferences",
        sa.Column("account_id", ROW_ID, autoincrement=False, nullable=False),
        way("asks_way"),
        way("pairs_way"),
        way("workshops_way"),
        way("circles_way"),
        way("desk_way"),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 23", name=op.f("ck_mail_preferences_quiet_from")),
        sa.CheckConstraint("quiet_until BETWEEN 0 AND 23", name=op.f("ck_mail_preferences_quiet_until")),
        sa.CheckConstraint("asks_way IN ('each', 'daily')", name=op.f("ck_mail_preferences_asks_reach_her")),
        sa.CheckConstraint("desk_way IN ('each', 'daily')", name=op.f("ck_mail_preferences_desk_reaches_her")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_mail_preferences_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_preferences")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("account_id", ROW_ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= created_at", name=op.f("ck_calendar_feeds_ended_at")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_calendar_feeds_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feeds_account_id"), "calendar_feeds", ["account_id"])
    op.create_index(
        "uq_calendar_feeds_live",
        "calendar_feeds",
        ["account_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    op.drop_table("calendar_feeds")
    op.drop_table("mail_preferences")
    # What was gathered or kept was never mailed: it stays on the person's page as a message that did not leave.
    op.execute(sa.text("UPDATE messages SET state = 'failed' WHERE state IN ('held', 'kept')"))
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_held_for_an_account"), type_="check")
    restrict_states(STATES)
