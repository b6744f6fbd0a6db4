"""Add checks of pairings and reviews of projects, and the notices about them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
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
)
NEW_KINDS = ("review_due", "review_late")
SKIP_REASONS = ("unreachable", "not_wanted", "other", "not_held", "pairing_ended", "file_closed")
DUE_CHECK = sa.text("state = 'due' AND kind = 'check'")
DUE_REVIEW = sa.text("state = 'due' AND kind = 'review'")
RULES = {
    "check_has_pairing": "(kind = 'check') = (pairing_id IS NOT NULL)",
    "month": "month BETWEEN 1 AND 60",
    "done_at": "(state = 'done') = (done_at IS NOT NULL)",
    "skip_reason": "(state = 'skipped') = (skip_reason IS NOT NULL)",
    "done_has_answer": "state <> 'done' OR goes_on IS NOT NULL",
    "jobs_created": "jobs_created IS NULL OR jobs_created BETWEEN 0 AND 1000",
    "jobs_kept": "jobs_kept IS NULL OR jobs_kept BETWEEN 0 AND 1000",
}


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let notices be of these kinds only."""
    known = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("notices") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_notices_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_notices_kind"), f"kind IN ({known})")


def upgrade() -> None:
    restrict_kinds((*OLD_KINDS, *NEW_KINDS))
    op.create_table(
        "reviews",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=True),
        sa.Column("kind", enum("kind", "check", "review"), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("deadline_at", INSTANT, nullable=False),
        sa.Column("state", enum("state", "due", "done", "skipped"), nullable=False),
        sa.Column("skip_reason", enum("skip_reason_value", *SKIP_REASONS), nullable=True),
        sa.Column("done_at", INSTANT, nullable=True),
        sa.Column("done_by_id", ROW_ID, nullable=True),
        sa.Column("goes_on", sa.Boolean(), nullable=True),
        sa.Column("jobs_created", sa.Double(), nullable=True),
        sa.Column("jobs_kept", sa.Double(), nullable=True),
        sa.Column("in_neighbourhood", sa.Boolean(), nullable=True),
        sa.Column("heard", sa.Text(), nullable=True),
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_reviews_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(["done_by_id"], ["accounts.id"], name=op.f("fk_reviews_done_by_id")),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_reviews_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "pairing_id"],
            ["pairings.association_id", "pairings.id"],
            name=op.f("fk_reviews_association_id_pairing_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_reviews_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reviews_public_id")),
    )
    for name, columns, where in (
        ("uq_reviews_due_check", ["pairing_id", "month"], DUE_CHECK),
        ("uq_reviews_due_review", ["entrepreneur_id", "month"], DUE_REVIEW),
    ):
        op.create_index(name, "reviews", columns, unique=True, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_reviews_association_id_state_due_on", "reviews", ["association_id", "state", "due_on"])
    op.create_index("ix_reviews_state_deadline_at", "reviews", ["state", "deadline_at"])
    op.create_index("ix_reviews_entrepreneur_id", "reviews", ["entrepreneur_id"])
    op.create_index("ix_reviews_pairing_id", "reviews", ["pairing_id"])


def downgrade() -> None:
    op.drop_table("reviews")
    op.execute(sa.text("DELETE FROM notices WHERE kind IN ('review_due', 'review_late')"))
    restrict_kinds(OLD_KINDS)
