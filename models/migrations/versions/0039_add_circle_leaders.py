"""Keep who led each meeting of a circle, and tell that nobody leads a circle, or somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

NOTICES = (
    *("question_waits", "date_to_find", "silence", "long_silence", "date_to_choose", "did_you_meet", "report_missing"),
    *("charter_to_sign", "pause_over", "term_near", "news_due", "profile_to_finish", "attendance_to_mark"),
    *("introduction_to_make", "introduction_news", "introduction_late", "review_due", "review_late", "go_or_no_go"),
    *("go_overdue", "expert_question_waits", "training_ends", "insurance_ends", "never_matched", "invitation_waits"),
    *("invitation_unanswered", "attendance_late", "interview_due", "interview_late", "interview_again"),
    *("interview_new", "circle_to_answer", "circle_meets_soon", "circle_too_few_come", "circle_to_report"),
    *("circle_not_reported", "circle_too_small", "circle_undecided", "session_proposal_waits"),
    *("session_proposal_late", "gathering_soon", "gathering_to_note", "gathering_not_noted", "gathering_wanted"),
    *("hours_used", "hours_undecided", "supporter_rests", "available_again", "still_away"),
)
MESSAGES = (
    *("invitation", "password_reset", "pairing_proposed", "pairing_reminder", "pairing_accepted", "pairing_declined"),
    *("pairing_expired", "pairing_withdrawn", "pairing_ended", "booking_confirmed", "booking_waiting"),
    *("booking_promoted", "booking_cancelled", "session_changed", "session_cancelled", "session_proposed"),
    *("suggestions_waiting", "pairing_asked", "pairing_question_answered", "pairing_paused", "pairing_resumed"),
    *("meeting_proposed", "meeting_confirmed", "meeting_cancelled", "charter_opened", "charter_signed"),
    *("circle_invited", "circle_led", "circle_answered", "circle_over", "digest", "introduction_made"),
    *("introduction_told", "seat_offered", "seat_free", "handover_asked", "handover_reminder", "handover_unanswered"),
    *("session_sure", "session_reminder", "expert_asked", "expert_answered", "expert_unanswered", "visitor_asked"),
    *("visitor_confirmed", "visitor_changed", "visitor_cancelled", "interview_planned", "interview_outcome"),
    *("registration", "circle_meeting_moved", "circle_meeting_cancelled", "circle_meeting_kept"),
    *("circle_turn_asked", "circle_turn_answered", "call_ended", "peer_proposed", "peer_answered", "peer_changed"),
    *("gathering_planned", "gathering_changed", "gathering_cancelled", "erasure_asked", "erasure_done"),
)
NEW = {"notices": "circle_unled", "messages": "circle_leader"}
MEETINGS, LED_BY = "circle_meetings", "fk_circle_meetings_association_id_facilitator_id"


def restrict(table: str, kinds: tuple[str, ...]) -> None:
    """Let rows of a table be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_kind"), f"kind IN ({told})")


def upgrade() -> None:
    with op.batch_alter_table(MEETINGS) as batch_op:
        batch_op.add_column(sa.Column("facilitator_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE circle_meetings SET facilitator_id = (SELECT circles.facilitator_id FROM circles"
        " WHERE circles.id = circle_meetings.circle_id) WHERE state = 'held'"
    )
    with op.batch_alter_table(MEETINGS) as batch_op:
        batch_op.create_index(batch_op.f("ix_circle_meetings_facilitator_id"), ["facilitator_id"])
        batch_op.create_foreign_key(
            batch_op.f(LED_BY), "supporters", ["association_id", "facilitator_id"], ["association_id", "id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_circle_meetings_led_by_somebody"), "state <> 'held' OR facilitator_id IS NOT NULL"
        )
    restrict("notices", (*NOTICES, NEW["notices"]))
    restrict("messages", (*MESSAGES, NEW["messages"]))


def downgrade() -> None:
    for table, kind in NEW.items():
        op.execute(f"DELETE FROM {table} WHERE kind = '{kind}'")
    restrict("notices", NOTICES)
    restrict("messages", MESSAGES)
    with op.batch_alter_table(MEETINGS) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_circle_meetings_led_by_somebody"), type_="check")
        batch_op.drop_constraint(batch_op.f(LED_BY), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_circle_meetings_facilitator_id"))
        batch_op.drop_column("facilitator_id")
