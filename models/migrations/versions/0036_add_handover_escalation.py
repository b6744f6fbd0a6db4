"""Add the clock after which a call that nobody takes stays with the coordinators."""

from alembic import op

revision = "0036"
down_revision = "0035"

TABLE, CHECK = "association_clocks", "ck_association_clocks_clock"
OLD = (
    *("interview", "question", "first_meeting", "charter", "meeting_report", "silence", "silence_escalation", "pause"),
    *("suggestion_escalation", "review", "seat_offer", "go_or_no_go", "circle_answer", "expert_answer"),
    *("introduction", "handover", "session_proposal", "gathering"),
)
NEW = "handover_escalation"


def restrict(values: tuple[str, ...]) -> None:
    """Let these clocks be set only."""
    told = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(TABLE) as batch_op:
        batch_op.drop_constraint(batch_op.f(CHECK), type_="check")
        batch_op.create_check_constraint(batch_op.f(CHECK), f"clock IN ({told})")


def upgrade() -> None:
    restrict((*OLD, NEW))


def downgrade() -> None:
    op.execute(f"DELETE FROM {TABLE} WHERE clock = '{NEW}'")
    restrict(OLD)
