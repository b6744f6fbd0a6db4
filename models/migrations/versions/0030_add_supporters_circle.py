"""Add the supporters' circle: who is in it, when they meet and who comes, with messages, notices, clock and tap."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

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
    "peer_proposed",
    "peer_answered",
    "peer_changed",
)
NEW_MESSAGES = ("gathering_planned", "gathering_changed", "gathering_cancelled")
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
    "session_proposal_waits",
    "session_proposal_late",
)
NEW_NOTICES = ("gathering_soon", "gathering_to_note", "gathering_not_noted", "gathering_wanted")
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
    "session_proposal",
)
NEW_CLOCKS = ("gathering",)
OLD_TAPS = ("answer_pairing", "tell_meeting", "leave_session", "answer_seat")
NEW_TAPS = ("answer_gathering",)
RESTRICTED = (
    ("messages", "kind", OLD_MESSAGES, NEW_MESSAGES),
    ("notices", "kind", OLD_NOTICES, NEW_NOTICES),
    ("association_clocks", "clock", OLD_CLOCKS, NEW_CLOCKS),
    ("one_taps", "purpose", OLD_TAPS, NEW_TAPS),
)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STATES = ("planned", "held", "missed", "cancelled")
PLANNED = sa.text("state = 'planned'")


def restrict(table: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column of a table hold these values only."""
    told = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{column}"), f"{column} IN ({told})")


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    """A named condition of a table."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def of_association(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    """A key to a row of the same association."""
    return sa.ForeignKeyConstraint(
        ["association_id", column],
        [f"{other}.association_id", f"{other}.id"],
        name=op.f(f"fk_{table}_association_id_{column}"),
    )


def to_table(column: str, other: str) -> sa.ForeignKeyConstraint:
    """A key of a gathering to a row of another table."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_gatherings_{column}"))


def choice(name: str, *values: str) -> sa.Enum:
    """A column that holds one of these values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    for table, column, old, new in RESTRICTED:
        restrict(table, column, (*old, *new))
    add_listings()
    add_gatherings()
    add_attendances()


def add_listings() -> None:
    """Who agreed to be seen by the other supporters."""
    table = "supporter_listings"
    op.create_table(
        table,
        sa.Column("supporter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(length=160), nullable=False),
        sa.Column("listed_at", INSTANT, nullable=False),
        of_association(table, "supporter_id", "supporters"),
        sa.PrimaryKeyConstraint("supporter_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_association_id"), table, ["association_id"])


def add_gatherings() -> None:
    """When they meet."""
    table = "gatherings"
    op.create_table(
        table,
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("host_id", ROW_ID, nullable=True),
        sa.Column("state", choice("state", *STATES), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("online_url", sa.String(length=255), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("report_due_at", INSTANT, nullable=False),
        sa.Column("logged_at", INSTANT, nullable=True),
        sa.Column("logged_by_id", ROW_ID, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        check(table, "minutes", "minutes BETWEEN 15 AND 600"),
        check(table, "sequence", "sequence >= 0"),
        check(table, "days_in_order", "starts_at < report_due_at"),
        check(table, "logged_at", "state NOT IN ('held', 'missed') OR logged_at IS NOT NULL"),
        check(table, "somewhere", "place <> '' OR online_url <> ''"),
        to_table("association_id", "associations"),
        to_table("host_id", "accounts"),
        to_table("logged_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("association_id", "id", name=op.f(f"uq_{table}_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )
    op.create_index(
        f"uq_{table}_planned", table, ["association_id"], unique=True, sqlite_where=PLANNED, postgresql_where=PLANNED
    )
    op.create_index(f"ix_{table}_state_report_due_at", table, ["state", "report_due_at"])
    for column in ("association_id", "host_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def add_attendances() -> None:
    """Who comes, and who was there."""
    table = "gathering_attendances"
    op.create_table(
        table,
        sa.Column("gathering_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("supporter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("answer", choice("answer", "yes", "no"), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("was_there", sa.Boolean(), nullable=True),
        check(table, "answered_at", "(answer IS NULL) = (answered_at IS NULL)"),
        check(table, "says_something", "answer IS NOT NULL OR was_there IS NOT NULL"),
        of_association(table, "gathering_id", "gatherings"),
        of_association(table, "supporter_id", "supporters"),
        sa.PrimaryKeyConstraint("gathering_id", "supporter_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_supporter_id"), table, ["supporter_id"])


def downgrade() -> None:
    for table in ("gathering_attendances", "gatherings", "supporter_listings"):
        op.drop_table(table)
    for table, column, old, new in RESTRICTED:
        told = ", ".join(f"'{value}'" for value in new)
        op.execute(sa.text(f"DELETE FROM {table} WHERE {column} IN ({told})"))  # noqa: S608 - names written above
        restrict(table, column, old)
