"""Add the number of people that a session needs, reminders of sessions, and absences put right by the person."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

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
)
NEW_KINDS = ("session_sure", "session_reminder")
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
)
NEW_NOTICES = ("go_or_no_go", "go_overdue")
INSTANT = sa.DateTime(timezone=True)


def restrict(table: str, values: tuple[str, ...]) -> None:
    """Let the kind of a message or a notice be one of these only."""
    told = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_kind"), f"kind IN ({told})")


def upgrade() -> None:
    restrict("messages", (*OLD_KINDS, *NEW_KINDS))
    restrict("notices", (*OLD_NOTICES, *NEW_NOTICES))
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.add_column(sa.Column("minimum", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("decide_by", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("sure_at", INSTANT, nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_workshop_sessions_minimum"), "minimum IS NULL OR minimum BETWEEN 1 AND 500"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_workshop_sessions_decide_by"), "(minimum IS NULL) = (decide_by IS NULL)"
        )
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.add_column(sa.Column("reminded_for", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("corrected_at", INSTANT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_column("corrected_at")
        batch_op.drop_column("reminded_for")
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_workshop_sessions_decide_by"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_workshop_sessions_minimum"), type_="check")
        batch_op.drop_column("sure_at")
        batch_op.drop_column("decide_by")
        batch_op.drop_column("minimum")
    op.execute(sa.text("DELETE FROM notices WHERE kind IN ('go_or_no_go', 'go_overdue')"))
    restrict("notices", OLD_NOTICES)
    op.execute(sa.text("DELETE FROM messages WHERE kind IN ('session_sure', 'session_reminder')"))
    restrict("messages", OLD_KINDS)
