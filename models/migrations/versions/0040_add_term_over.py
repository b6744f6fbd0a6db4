"""Add the notice that two people have come to the end of the time they agreed on."""

from alembic import op

revision = "0040"
down_revision = "0039"

OLD_KINDS = (
    *("question_waits", "date_to_find", "silence", "long_silence", "date_to_choose", "did_you_meet", "report_missing"),
    *("charter_to_sign", "pause_over", "term_near", "news_due", "profile_to_finish", "attendance_to_mark"),
    *("introduction_to_make", "introduction_news", "introduction_late", "review_due", "review_late", "go_or_no_go"),
    *("go_overdue", "expert_question_waits", "training_ends", "insurance_ends", "never_matched", "invitation_waits"),
    *("invitation_unanswered", "attendance_late", "interview_due", "interview_late", "interview_again"),
    *("interview_new", "circle_to_answer", "circle_meets_soon", "circle_too_few_come", "circle_to_report"),
    *("circle_not_reported", "circle_too_small", "circle_undecided", "session_proposal_waits"),
    *("session_proposal_late", "gathering_soon", "gathering_to_note", "gathering_not_noted", "gathering_wanted"),
    *("hours_used", "hours_undecided", "supporter_rests", "available_again", "still_away", "circle_unled"),
)
NEW_KIND = "term_over"


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let notices be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("notices") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notices_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_notices_kind"), f"kind IN ({told})")


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, NEW_KIND))


def downgrade() -> None:
    op.execute(f"DELETE FROM notices WHERE kind = '{NEW_KIND}'")
    restrict_kinds(OLD_KINDS)
