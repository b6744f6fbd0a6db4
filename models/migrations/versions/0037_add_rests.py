"""Let a supporter's pause have a day, and begin after proposals in a row without an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

USUAL_DAYS = 60
OLD_CLOCKS = (
    *("interview", "question", "first_meeting", "charter", "meeting_report", "silence", "silence_escalation", "pause"),
    *("suggestion_escalation", "review", "seat_offer", "go_or_no_go", "circle_answer", "expert_answer"),
    *("introduction", "handover", "session_proposal", "gathering", "handover_escalation"),
)
OLD_KINDS = (
    *("question_waits", "date_to_find", "silence", "long_silence", "date_to_choose", "did_you_meet", "report_missing"),
    *("charter_to_sign", "pause_over", "term_near", "news_due", "profile_to_finish", "attendance_to_mark"),
    *("introduction_to_make", "introduction_news", "introduction_late", "review_due", "review_late", "go_or_no_go"),
    *("go_overdue", "expert_question_waits", "training_ends", "insurance_ends", "never_matched", "invitation_waits"),
    *("invitation_unanswered", "attendance_late", "interview_due", "interview_late", "interview_again"),
    *("interview_new", "circle_to_answer", "circle_meets_soon", "circle_too_few_come", "circle_to_report"),
    *("circle_not_reported", "circle_too_small", "circle_undecided", "session_proposal_waits"),
    *("session_proposal_late", "gathering_soon", "gathering_to_note", "gathering_not_noted", "gathering_wanted"),
    *("hours_used", "hours_undecided"),
)
NEW_CLOCK, NEW_KINDS = "away", ("supporter_rests", "available_again", "still_away")


def restrict(table: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column hold these values only."""
    name, told = f"ck_{table}_{column}", ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.create_check_constraint(batch_op.f(name), f"{column} IN ({told})")


def upgrade() -> None:
    restrict("association_clocks", "clock", (*OLD_CLOCKS, NEW_CLOCK))
    restrict("notices", "kind", (*OLD_KINDS, *NEW_KINDS))
    op.add_column("supporters", sa.Column("unanswered", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("supporters", sa.Column("back_on", sa.Date(), nullable=True))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    day = f"date(updated_at, '+{USUAL_DAYS} days')" if is_sqlite else f"CAST(updated_at AS date) + {USUAL_DAYS}"
    op.execute(sa.text(f"UPDATE supporters SET back_on = {day} WHERE state = 'paused'"))
    with op.batch_alter_table("supporters") as batch_op:
        batch_op.alter_column("unanswered", server_default=None)
        batch_op.create_check_constraint(batch_op.f("ck_supporters_unanswered"), "unanswered >= 0")
        batch_op.create_check_constraint(
            batch_op.f("ck_supporters_back_on"), "(state = 'paused') = (back_on IS NOT NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("supporters") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_supporters_back_on"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_supporters_unanswered"), type_="check")
        batch_op.drop_column("back_on")
        batch_op.drop_column("unanswered")
    kinds = ", ".join(f"'{kind}'" for kind in NEW_KINDS)
    op.execute(sa.text(f"DELETE FROM notices WHERE kind IN ({kinds})"))
    op.execute(sa.text(f"DELETE FROM association_clocks WHERE clock = '{NEW_CLOCK}'"))
    restrict("notices", "kind", OLD_KINDS)
    restrict("association_clocks", "clock", OLD_CLOCKS)
