"""Add the message that two people go on for longer than they had agreed on."""

from alembic import op

revision = "0041"
down_revision = "0040"

OLD_KINDS = (
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
    "circle_leader",
)
NEW_KIND = "pairing_extended"


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), f"kind IN ({told})")


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, NEW_KIND))


def downgrade() -> None:
    op.execute(f"DELETE FROM messages WHERE kind = '{NEW_KIND}'")
    restrict_kinds(OLD_KINDS)
