"""Add first interviews, with the messages and notices that tell of them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

OLD_MESSAGES = (
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
)
NEW_MESSAGES = ("interview_planned", "interview_outcome")
OLD_NOTICES = (
    "question_waits",
    "date_to_find",
    "silence",
    "long_silence",
    "date_to_choose",
    "did_you_meet",
    "report_missing",
    "charter_to_sign",
    "pause_over",
    "term_near",
    "news_due",
    "profile_to_finish",
    "attendance_to_mark",
    "introduction_to_make",
    "introduction_news",
    "introduction_late",
    "review_due",
    "review_late",
    "go_or_no_go",
    "go_overdue",
    "expert_question_waits",
    "training_ends",
    "insurance_ends",
    "never_matched",
    "invitation_waits",
    "invitation_unanswered",
    "attendance_late",
)
NEW_NOTICES = ("interview_due", "interview_late", "interview_again")
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
PLANNED = sa.text("state = 'planned'")


def restrict(table: str, kinds: tuple[str, ...]) -> None:
    """Let the rows of a table be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_kind"), f"kind IN ({told})")


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    restrict("messages", (*OLD_MESSAGES, *NEW_MESSAGES))
    restrict("notices", (*OLD_NOTICES, *NEW_NOTICES))
    op.create_table(
        "interviews",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("coordinator_id", ROW_ID, nullable=True),
        sa.Column("state", enum("state", "planned", "held", "missed", "cancelled"), nullable=False),
        sa.Column("channel", enum("channel", "in_person", "online", "phone"), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=True),
        sa.Column("outcome", enum("outcome", "joins", "later", "elsewhere"), nullable=True),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("orientation", sa.Text(), nullable=True),
        sa.Column("team_note", sa.Text(), nullable=True),
        sa.Column("held_at", INSTANT, nullable=True),
        sa.Column("planned_at", INSTANT, nullable=False),
        sa.CheckConstraint("(state = 'held') = (outcome IS NOT NULL)", name=op.f("ck_interviews_held_has_outcome")),
        sa.CheckConstraint("(state = 'held') = (held_at IS NOT NULL)", name=op.f("ck_interviews_held_at")),
        sa.CheckConstraint(
            "(again_on IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'joins')", name=op.f("ck_interviews_again_on")
        ),
        sa.CheckConstraint("outcome <> 'elsewhere' OR orientation IS NOT NULL", name=op.f("ck_interviews_orientation")),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_interviews_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(["coordinator_id"], ["accounts.id"], name=op.f("fk_interviews_coordinator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interviews_public_id")),
    )
    for column in ("association_id", "entrepreneur_id", "coordinator_id"):
        op.create_index(op.f(f"ix_interviews_{column}"), "interviews", [column])
    op.create_index(
        "uq_interviews_one_to_come",
        "interviews",
        ["entrepreneur_id"],
        unique=True,
        sqlite_where=PLANNED,
        postgresql_where=PLANNED,
    )


def downgrade() -> None:
    op.drop_table("interviews")
    for table, new, old in (("messages", NEW_MESSAGES, OLD_MESSAGES), ("notices", NEW_NOTICES, OLD_NOTICES)):
        told = ", ".join(f"'{kind}'" for kind in new)
        op.execute(sa.text(f"DELETE FROM {table} WHERE kind IN ({told})"))  # noqa: S608 - names written above
        restrict(table, old)
