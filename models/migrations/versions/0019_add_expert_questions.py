"""Add expert questions, the messages that tell of them, and the notice of those without an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

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
)
NEW_MESSAGES = (
    "expert_asked",
    "expert_answered",
    "expert_unanswered",
)
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
)
NEW_NOTICES = (
    "expert_question_waits",
)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATES = ("asked", "answered", "closed", "declined", "expired")
LIVE = sa.text("state IN ('asked', 'answered')")


def restrict_kinds(table: str, kinds: tuple[str, ...]) -> None:
    """Let the rows of a table be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_kind"), f"kind IN ({told})")


def check(name: str, condition: str) -> sa.CheckConstraint:
    """A named condition of the table."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_expert_questions_{name}"))


def of_association(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A key to a row of the same association."""
    return sa.ForeignKeyConstraint(
        ["association_id", column],
        [f"{table}.association_id", f"{table}.id"],
        name=op.f(f"fk_expert_questions_association_id_{column}"),
    )


def upgrade() -> None:
    restrict_kinds("messages", (*OLD_MESSAGES, *NEW_MESSAGES))
    restrict_kinds("notices", (*OLD_NOTICES, *NEW_NOTICES))
    op.create_table(
        "expert_questions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=True),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("word", sa.String(length=500), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("passed_back_at", INSTANT, nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", ROW_ID, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        check("whole_pairing", "(supporter_id IS NULL) = (pairing_id IS NULL)"),
        check("live_has_deadline", "(state IN ('asked', 'answered')) = (due_at IS NOT NULL)"),
        check("answered_has_answer", "state <> 'answered' OR answer IS NOT NULL"),
        check("answered_at", "(answer IS NULL) = (answered_at IS NULL)"),
        check("ended_at", "(state IN ('closed', 'declined', 'expired')) = (ended_at IS NOT NULL)"),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_expert_questions_association_id")
        ),
        of_association("entrepreneur_id", "entrepreneurs"),
        of_association("supporter_id", "supporters"),
        of_association("pairing_id", "pairings"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["accounts.id"], name=op.f("fk_expert_questions_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_questions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_expert_questions_public_id")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_expert_questions_association_id_id")),
    )
    op.create_index(
        "uq_expert_questions_live",
        "expert_questions",
        ["entrepreneur_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index(
        "ix_expert_questions_association_id_state_due_at", "expert_questions", ["association_id", "state", "due_at"]
    )
    for column in ("entrepreneur_id", "supporter_id", "pairing_id"):
        op.create_index(op.f(f"ix_expert_questions_{column}"), "expert_questions", [column])


def downgrade() -> None:
    op.drop_table("expert_questions")
    for table, new, old in (("messages", NEW_MESSAGES, OLD_MESSAGES), ("notices", NEW_NOTICES, OLD_NOTICES)):
        told = ", ".join(f"'{kind}'" for kind in new)
        op.execute(sa.text(f"DELETE FROM {table} WHERE kind IN ({told})"))  # noqa: S608 - words of this file only
        restrict_kinds(table, old)
