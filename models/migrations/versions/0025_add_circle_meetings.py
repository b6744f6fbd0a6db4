"""Add the meetings of circles, who comes to them, and each member's yes to the contract."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

OLD_KINDS = (
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
)
NEW_KINDS = (
    "circle_meeting_moved",
    "circle_meeting_cancelled",
    "circle_meeting_kept",
    "circle_turn_asked",
    "circle_turn_answered",
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
)
NEW_NOTICES = (
    "circle_to_answer",
    "circle_meets_soon",
    "circle_too_few_come",
    "circle_to_report",
    "circle_not_reported",
    "circle_too_small",
    "circle_undecided",
)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def restrict_kinds(table: str, kinds: tuple[str, ...]) -> None:
    """Let rows be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_kind"), f"kind IN ({told})")


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def member_key(table: str, column: str) -> sa.ForeignKeyConstraint:
    """Refer to a place in a circle of the same association."""
    return sa.ForeignKeyConstraint(
        ["association_id", column],
        ["circle_members.association_id", "circle_members.id"],
        name=op.f(f"fk_{table}_association_id_{column}"),
    )


def upgrade() -> None:
    restrict_kinds("messages", (*OLD_KINDS, *NEW_KINDS))
    restrict_kinds("notices", (*OLD_NOTICES, *NEW_NOTICES))
    op.add_column("circles", sa.Column("decide_by_at", INSTANT, nullable=True))
    create_meetings()
    op.create_table(
        "circle_attendances",
        sa.Column("meeting_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("answer", enum("answer", "yes", "no"), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("was_there", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_circle_attendances_answered_at")
        ),
        sa.CheckConstraint(
            "answer IS NOT NULL OR was_there IS NOT NULL", name=op.f("ck_circle_attendances_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "meeting_id"],
            ["circle_meetings.association_id", "circle_meetings.id"],
            name=op.f("fk_circle_attendances_association_id_meeting_id"),
        ),
        member_key("circle_attendances", "member_id"),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_circle_attendances")),
    )
    op.create_index(op.f("ix_circle_attendances_member_id"), "circle_attendances", ["member_id"])
    op.create_table(
        "circle_agreements",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("agreed_at", INSTANT, nullable=False),
        member_key("circle_agreements", "member_id"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_circle_agreements")),
    )
    op.create_index(op.f("ix_circle_agreements_association_id"), "circle_agreements", ["association_id"])


def create_meetings() -> None:
    """Make the table of meetings, with its indexes."""
    op.create_table(
        "circle_meetings",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", enum("state", "planned", "held", "missed", "cancelled"), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("quorum_due_at", INSTANT, nullable=False),
        sa.Column("report_due_at", INSTANT, nullable=False),
        sa.Column("kept_at", INSTANT, nullable=True),
        sa.Column("client_member_id", sa.Integer(), nullable=True),
        sa.Column("swap_with_id", sa.Integer(), nullable=True),
        sa.Column("logged_at", INSTANT, nullable=True),
        sa.Column("logged_by_id", ROW_ID, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_circle_meetings_number")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 600", name=op.f("ck_circle_meetings_minutes")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_circle_meetings_sequence")),
        sa.CheckConstraint(
            "quorum_due_at <= starts_at AND starts_at < report_due_at", name=op.f("ck_circle_meetings_days_in_order")
        ),
        sa.CheckConstraint(
            "state NOT IN ('held', 'missed') OR logged_at IS NOT NULL", name=op.f("ck_circle_meetings_logged_at")
        ),
        sa.CheckConstraint(
            "swap_with_id IS NULL OR client_member_id IS NOT NULL", name=op.f("ck_circle_meetings_swap_of_somebody")
        ),
        sa.CheckConstraint("swap_with_id <> client_member_id", name=op.f("ck_circle_meetings_swap_of_two")),
        sa.ForeignKeyConstraint(
            ["association_id", "circle_id"],
            ["circles.association_id", "circles.id"],
            name=op.f("fk_circle_meetings_association_id_circle_id"),
        ),
        member_key("circle_meetings", "client_member_id"),
        member_key("circle_meetings", "swap_with_id"),
        sa.ForeignKeyConstraint(["logged_by_id"], ["accounts.id"], name=op.f("fk_circle_meetings_logged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_meetings")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_circle_meetings_association_id_id")),
        sa.UniqueConstraint("circle_id", "number", name=op.f("uq_circle_meetings_circle_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_circle_meetings_public_id")),
    )
    op.create_index(op.f("ix_circle_meetings_circle_id"), "circle_meetings", ["circle_id"])
    op.create_index("ix_circle_meetings_state_starts_at", "circle_meetings", ["state", "starts_at"])
    op.create_index("ix_circle_meetings_state_report_due_at", "circle_meetings", ["state", "report_due_at"])


def downgrade() -> None:
    op.drop_table("circle_agreements")
    op.drop_table("circle_attendances")
    op.drop_table("circle_meetings")
    op.drop_column("circles", "decide_by_at")
    for table, kinds, old in (("messages", NEW_KINDS, OLD_KINDS), ("notices", NEW_NOTICES, OLD_NOTICES)):
        told = ", ".join(f"'{kind}'" for kind in kinds)
        op.execute(sa.text(f"DELETE FROM {table} WHERE kind IN ({told})"))  # noqa: S608 - names of our own
        restrict_kinds(table, old)
