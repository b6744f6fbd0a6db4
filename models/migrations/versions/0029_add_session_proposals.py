"""Add sessions that members propose to lead, with their messages, their notices and their clock."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

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
    "interview_planned",
    "interview_outcome",
    "registration",
    "circle_meeting_moved",
    "circle_meeting_cancelled",
    "circle_meeting_kept",
    "circle_turn_asked",
    "circle_turn_answered",
    "call_ended",
)
NEW_MESSAGES = ("peer_proposed", "peer_answered", "peer_changed")
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
)
NEW_NOTICES = ("session_proposal_waits", "session_proposal_late")
OLD_CLOCKS = (
    "interview",
    "question",
    "first_meeting",
    "charter",
    "meeting_report",
    "silence",
    "silence_escalation",
    "pause",
    "suggestion_escalation",
    "review",
    "seat_offer",
    "go_or_no_go",
    "circle_answer",
    "expert_answer",
    "introduction",
    "handover",
)
NEW_CLOCKS = ("session_proposal",)
RESTRICTED = (
    ("messages", "kind", OLD_MESSAGES, NEW_MESSAGES),
    ("notices", "kind", OLD_NOTICES, NEW_NOTICES),
    ("association_clocks", "clock", OLD_CLOCKS, NEW_CLOCKS),
)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATES = ("proposed", "confirmed", "declined", "withdrawn")
PROPOSED = sa.text("state = 'proposed'")


def restrict(table: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column of a table hold these values only."""
    told = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{column}"), f"{column} IN ({told})")


def check(name: str, condition: str) -> sa.CheckConstraint:
    """A named condition of the table."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_session_proposals_{name}"))


def of_association(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A key to a row of the same association."""
    return sa.ForeignKeyConstraint(
        ["association_id", column],
        [f"{table}.association_id", f"{table}.id"],
        name=op.f(f"fk_session_proposals_association_id_{column}"),
    )


def to_table(column: str, table: str, key: str = "id") -> sa.ForeignKeyConstraint:
    """A key to a row of another table."""
    return sa.ForeignKeyConstraint([column], [f"{table}.{key}"], name=op.f(f"fk_session_proposals_{column}"))


def upgrade() -> None:
    for table, column, old, new in RESTRICTED:
        restrict(table, column, (*old, *new))
    op.create_table(
        "session_proposals",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=True),
        sa.Column("supporter_id", sa.Integer(), nullable=True),
        sa.Column("coordinator_id", ROW_ID, nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("theme_slug", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("word", sa.String(length=500), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        check("one_proposer", "(entrepreneur_id IS NULL) <> (supporter_id IS NULL)"),
        check("seats", "seats BETWEEN 1 AND 500"),
        check("proposed_has_deadline", "(state = 'proposed') = (due_at IS NOT NULL)"),
        check("ended_at", "(state = 'proposed') = (ended_at IS NULL)"),
        check("confirmed_has_session", "(state = 'confirmed') = (session_id IS NOT NULL)"),
        to_table("association_id", "associations"),
        to_table("coordinator_id", "accounts"),
        to_table("theme_slug", "workshop_themes", "slug"),
        of_association("entrepreneur_id", "entrepreneurs"),
        of_association("supporter_id", "supporters"),
        of_association("session_id", "workshop_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_proposals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_session_proposals_public_id")),
        sa.UniqueConstraint("session_id", name=op.f("uq_session_proposals_session_id")),
    )
    for name, column in (("person", "entrepreneur_id"), ("supporter", "supporter_id")):
        op.create_index(
            f"uq_session_proposals_{name}",
            "session_proposals",
            [column],
            unique=True,
            sqlite_where=PROPOSED,
            postgresql_where=PROPOSED,
        )
    op.create_index(
        "ix_session_proposals_association_id_state_due_at", "session_proposals", ["association_id", "state", "due_at"]
    )
    for column in ("entrepreneur_id", "supporter_id", "coordinator_id"):
        op.create_index(op.f(f"ix_session_proposals_{column}"), "session_proposals", [column])


def downgrade() -> None:
    op.drop_table("session_proposals")
    for table, column, old, new in RESTRICTED:
        told = ", ".join(f"'{value}'" for value in new)
        op.execute(sa.text(f"DELETE FROM {table} WHERE {column} IN ({told})"))  # noqa: S608 - names written above
        restrict(table, column, old)
