"""Add calls in which a coordinator acts with a person on the telephone, and the message that tells her of it."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

OLD_KINDS = (
    "invitation",
    "password_reset",
    "pairing_proposed",
    "pairing_reminder",
    "pairing_accepted",
    "pairing_declined",
    "pairing_expired",
    "pairing_withdrawn",
    "pairing_ended",
    "booking_confirmed",
    "booking_waiting",
    "booking_promoted",
    "booking_cancelled",
    "session_changed",
    "session_cancelled",
    "session_proposed",
    "suggestions_waiting",
    "pairing_asked",
    "pairing_question_answered",
    "pairing_paused",
    "pairing_resumed",
    "meeting_proposed",
    "meeting_confirmed",
    "meeting_cancelled",
    "charter_opened",
    "charter_signed",
    "circle_invited",
    "circle_led",
    "circle_answered",
    "circle_over",
    "digest",
    "introduction_made",
    "introduction_told",
    "seat_offered",
    "seat_free",
    "handover_asked",
    "handover_reminder",
    "handover_unanswered",
    "session_sure",
    "session_reminder",
    "expert_asked",
    "expert_answered",
    "expert_unanswered",
    "visitor_asked",
    "visitor_confirmed",
    "visitor_changed",
    "visitor_cancelled",
    "interview_planned",
    "interview_outcome",
    "registration",
    "circle_meeting_moved",
    "circle_meeting_cancelled",
    "circle_meeting_kept",
    "circle_turn_asked",
    "circle_turn_answered",
)
NEW_KINDS = ("call_ended",)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNDER_WAY = sa.text("ended_at IS NULL")


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), f"kind IN ({told})")


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, *NEW_KINDS))
    op.create_table(
        "assisted_calls",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("coordinator_id", ROW_ID, nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("deadline_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("agreed", name=op.f("ck_assisted_calls_agreed")),
        sa.CheckConstraint("deadline_at > began_at", name=op.f("ck_assisted_calls_deadline_at")),
        sa.CheckConstraint(
            "ended_at IS NULL OR (ended_at >= began_at AND ended_at <= deadline_at)",
            name=op.f("ck_assisted_calls_ended_at"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_assisted_calls_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(["coordinator_id"], ["accounts.id"], name=op.f("fk_assisted_calls_coordinator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assisted_calls")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assisted_calls_public_id")),
    )
    for column in ("association_id", "entrepreneur_id"):
        op.create_index(op.f(f"ix_assisted_calls_{column}"), "assisted_calls", [column])
    op.create_index(
        "uq_assisted_calls_one_at_a_time",
        "assisted_calls",
        ["coordinator_id"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )


def downgrade() -> None:
    op.drop_table("assisted_calls")
    op.execute(sa.text("DELETE FROM messages WHERE kind = 'call_ended'"))
    restrict_kinds(OLD_KINDS)
