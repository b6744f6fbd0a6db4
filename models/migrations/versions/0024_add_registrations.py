"""Add registrations, with the message that confirms them and the notice that somebody new is to be met."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

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
)
NEW_MESSAGES = ("registration",)
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
)
NEW_NOTICES = ("interview_new",)
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
LOCALE = sa.Enum("fr", "en", name="locale", native_enum=False, create_constraint=True, length=32)


def restrict(table: str, kinds: tuple[str, ...]) -> None:
    """Let the rows of a table be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_kind"), f"kind IN ({told})")


def upgrade() -> None:
    restrict("messages", (*OLD_MESSAGES, *NEW_MESSAGES))
    restrict("notices", (*OLD_NOTICES, *NEW_NOTICES))
    op.create_table(
        "registrations",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("locale", LOCALE, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_registrations_email_folded")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_registrations_expires_at")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_registrations_association_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_registrations_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_registrations_token_hash")),
    )
    for column in ("association_id", "email", "expires_at"):
        op.create_index(op.f(f"ix_registrations_{column}"), "registrations", [column])


def downgrade() -> None:
    op.drop_table("registrations")
    for table, new, old in (("messages", NEW_MESSAGES, OLD_MESSAGES), ("notices", NEW_NOTICES, OLD_NOTICES)):
        told = ", ".join(f"'{kind}'" for kind in new)
        op.execute(sa.text(f"DELETE FROM {table} WHERE kind IN ({told})"))  # noqa: S608 - names written above
        restrict(table, old)
