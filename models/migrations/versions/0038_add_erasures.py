"""Add wishes to be forgotten, and say of each file and account whether its person is."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
TABLE = "erasures"
LIVE = sa.text("state IN ('asked', 'under_way')")
OLD_KINDS = (
    *("invitation", "password_reset", "pairing_proposed", "pairing_reminder", "pairing_accepted"),
    *("pairing_declined", "pairing_expired", "pairing_withdrawn", "pairing_ended", "booking_confirmed"),
    *("booking_waiting", "booking_promoted", "booking_cancelled", "session_changed", "session_cancelled"),
    *("session_proposed", "suggestions_waiting", "pairing_asked", "pairing_question_answered", "pairing_paused"),
    *("pairing_resumed", "meeting_proposed", "meeting_confirmed", "meeting_cancelled", "charter_opened"),
    *("charter_signed", "circle_invited", "circle_led", "circle_answered", "circle_over"),
    *("digest", "introduction_made", "introduction_told", "seat_offered", "seat_free"),
    *("handover_asked", "handover_reminder", "handover_unanswered", "session_sure", "session_reminder"),
    *("expert_asked", "expert_answered", "expert_unanswered", "visitor_asked", "visitor_confirmed"),
    *("visitor_changed", "visitor_cancelled", "interview_planned", "interview_outcome", "registration"),
    *("circle_meeting_moved", "circle_meeting_cancelled", "circle_meeting_kept", "circle_turn_asked", "circle_turn_answered"),
    *("call_ended", "peer_proposed", "peer_answered", "peer_changed", "gathering_planned"),
    *("gathering_changed", "gathering_cancelled"),
)
NEW_KINDS = ("erasure_asked", "erasure_done")
NOTHING_LEFT = {
    "accounts": "NOT is_active AND phone IS NULL AND password_hash IS NULL",
    "entrepreneurs": (
        "state = 'closed' AND email IS NULL AND phone IS NULL AND household IS NULL"
        " AND project_title = '' AND project_text = '' AND latitude IS NULL"
    ),
    "supporters": (
        "state = 'left' AND email IS NULL AND phone IS NULL AND household IS NULL"
        " AND presentation = '' AND latitude IS NULL"
    ),
}


def restrict(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), f"kind IN ({told})")


def check(name: str, condition: str) -> sa.CheckConstraint:
    """A named condition of a wish."""
    return sa.CheckConstraint(condition, name=op.f(f"ck_{TABLE}_{name}"))


def to_table(column: str, other: str) -> sa.ForeignKeyConstraint:
    """A key of a wish to a row of another table."""
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def choice(name: str, *values: str) -> sa.Enum:
    """A column that holds one of these values."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    restrict((*OLD_KINDS, *NEW_KINDS))
    for table, condition in NOTHING_LEFT.items():
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("erased_at", INSTANT, nullable=True))
            batch_op.create_check_constraint(
                batch_op.f(f"ck_{table}_erased_at"), f"erased_at IS NULL OR ({condition})"
            )
    add_erasures()


def add_erasures() -> None:
    """The wishes themselves."""
    op.create_table(
        TABLE,
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=True),
        sa.Column("account_id", ROW_ID, nullable=True),
        sa.Column("entrepreneur_id", ROW_ID, nullable=True),
        sa.Column("supporter_id", ROW_ID, nullable=True),
        sa.Column("state", choice("state", "asked", "under_way", "kept", "done"), nullable=False),
        sa.Column("ground", choice("ground", "own", "by_telephone", "in_writing", "in_person"), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by_id", ROW_ID, nullable=True),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("mail_ids", sa.JSON(), nullable=False),
        sa.Column("mails_until", INSTANT, nullable=True),
        sa.Column("mails_erased_at", INSTANT, nullable=True),
        check(
            "one_subject",
            "(CASE WHEN account_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN entrepreneur_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN supporter_id IS NULL THEN 0 ELSE 1 END) = 1",
        ),
        check("file_of_an_association", "(association_id IS NULL) = (account_id IS NOT NULL)"),
        check("due_at", "due_at >= asked_at"),
        check("ended_at", "(state IN ('asked', 'under_way')) = (ended_at IS NULL)"),
        check("mails_until", "(state = 'done') = (mails_until IS NOT NULL)"),
        check("mails_erased_at", "mails_erased_at IS NULL OR state = 'done'"),
        to_table("association_id", "associations"),
        to_table("account_id", "accounts"),
        to_table("entrepreneur_id", "entrepreneurs"),
        to_table("supporter_id", "supporters"),
        to_table("asked_by_id", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{TABLE}_public_id")),
    )
    for subject in ("account", "entrepreneur", "supporter"):
        op.create_index(
            f"uq_{TABLE}_{subject}",
            TABLE,
            [f"{subject}_id"],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )
    op.create_index(f"ix_{TABLE}_state_due_at", TABLE, ["state", "due_at"])
    op.create_index(op.f(f"ix_{TABLE}_association_id"), TABLE, ["association_id"])


def downgrade() -> None:
    op.drop_table(TABLE)
    for table in NOTHING_LEFT:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_erased_at"), type_="check")
            batch_op.drop_column("erased_at")
    told = ", ".join(f"'{kind}'" for kind in NEW_KINDS)
    op.execute(f"DELETE FROM messages WHERE kind IN ({told})")
    restrict(OLD_KINDS)
