"""Add notices about the hours of a coach that are used, and about which nothing is decided."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

OLD_KINDS = (
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
    "interview_due",
    "interview_late",
    "interview_again",
    "interview_new",
    "circle_to_answer",
    "circle_meets_soon",
    "circle_too_few_come",
    "circle_to_report",
    "circle_not_reported",
    "circle_too_small",
    "circle_undecided",
    "session_proposal_waits",
    "session_proposal_late",
    "gathering_soon",
    "gathering_to_note",
    "gathering_not_noted",
    "gathering_wanted",
)
NEW_KINDS = ("hours_used", "hours_undecided")


def write_list(kinds: tuple[str, ...]) -> str:
    """Write kinds as SQL does."""
    return ", ".join(f"'{kind}'" for kind in kinds)


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let notices be of these kinds only."""
    with op.batch_alter_table("notices") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notices_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_notices_kind"), f"kind IN ({write_list(kinds)})")


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, *NEW_KINDS))


def downgrade() -> None:
    op.execute(sa.text(f"DELETE FROM notices WHERE kind IN ({write_list(NEW_KINDS)})"))
    restrict_kinds(OLD_KINDS)
