"""Add until when training and insurance of a supporter are good, and a reason to hand a proposal back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

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
)
NEW_NOTICES = (
    "training_ends",
    "insurance_ends",
)
OLD_REASONS = ("person_changed_mind", "supporter_paused", "other_choice", "other")
NEW_REASONS = ("person_changed_mind", "supporter_paused", "supporter_less_time", "other_choice", "other")


def restrict(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column hold these words only."""
    told = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{name}"), f"{column} IN ({told})")


def upgrade() -> None:
    restrict("notices", "kind", "kind", (*OLD_NOTICES, *NEW_NOTICES))
    restrict("pairings", "withdraw_reason_value", "withdraw_reason", NEW_REASONS)
    op.add_column("supporters", sa.Column("training_until", sa.Date(), nullable=True))
    op.add_column("supporters", sa.Column("insurance_until", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("supporters", "insurance_until")
    op.drop_column("supporters", "training_until")
    op.execute(
        sa.text("UPDATE pairings SET withdraw_reason = 'other' WHERE withdraw_reason = 'supporter_less_time'")
    )
    restrict("pairings", "withdraw_reason_value", "withdraw_reason", OLD_REASONS)
    told = ", ".join(f"'{kind}'" for kind in NEW_NOTICES)
    op.execute(sa.text(f"DELETE FROM notices WHERE kind IN ({told})"))  # noqa: S608 - words of this file only
    restrict("notices", "kind", "kind", OLD_NOTICES)
