"""Add meetings and charters; let a pairing be asked about, paused, and have its term and next meeting."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

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
)
NEW_KINDS = (
    "pairing_asked",
    "pairing_question_answered",
    "pairing_paused",
    "pairing_resumed",
    "meeting_proposed",
    "meeting_confirmed",
    "meeting_cancelled",
    "charter_opened",
    "charter_signed",
)
OLD_STATES = ("proposed", "active", "declined", "withdrawn", "expired", "ended")
NEW_STATES = ("proposed", "asked", "active", "paused", "declined", "withdrawn", "expired", "ended")
OLD_LIVE = sa.text("state IN ('proposed', 'active')")
NEW_LIVE = sa.text("state IN ('proposed', 'asked', 'active', 'paused')")
LIVE_MEETING = sa.text("state IN ('proposed', 'confirmed')")
LIVE_INDEXES = (
    ("uq_pairings_live_couple", ["entrepreneur_id", "supporter_id"]),
    ("uq_pairings_live_role", ["entrepreneur_id", "role"]),
)
OLD_RULES = {
    "proposed_has_deadline": "state <> 'proposed' OR deadline_at IS NOT NULL",
    "answered_at": "state NOT IN ('active', 'declined', 'ended') OR answered_at IS NOT NULL",
}
CHANGED_RULES = {
    "proposed_has_deadline": "state NOT IN ('proposed', 'asked') OR deadline_at IS NOT NULL",
    "answered_at": "state NOT IN ('active', 'paused', 'declined', 'ended') OR answered_at IS NOT NULL",
}
NEW_RULES = {
    "asked_has_question": "state <> 'asked' OR "
    "(question <> '' AND asked_at IS NOT NULL AND question_due_at IS NOT NULL)",
    "active_has_next_meeting": "state <> 'active' OR next_meeting_due_at IS NOT NULL",
    "paused_has_end": "state <> 'paused' OR pause_until IS NOT NULL",
    "together_has_term": "state NOT IN ('active', 'paused') OR ends_on IS NOT NULL",
    "budget_minutes": "budget_minutes IS NULL OR budget_minutes BETWEEN 60 AND 6000",
    "closing": "closing_done_at IS NULL OR closing_due_at IS NOT NULL",
}
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
FIRST_MEETING_DAYS = 10
SUPPORT_MONTHS = 24
SHORT_SUPPORT_MONTHS = 6
COACHING_MINUTES = 420

pairings = sa.table(
    "pairings",
    sa.column("id", ROW_ID),
    sa.column("role", sa.String()),
    sa.column("state", sa.String()),
    sa.column("answered_at", INSTANT),
    sa.column("next_meeting_due_at", INSTANT),
    sa.column("ends_on", sa.Date()),
    sa.column("budget_minutes", sa.Integer()),
)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Write the CHECK of an enum column."""
    return "{} IN ({})".format(column, ", ".join(f"'{value}'" for value in values))


def restrict_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds only."""
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_messages_kind"), one_of("kind", kinds))


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def change_live_indexes(where: sa.TextClause) -> None:
    """Say again which pairings are live."""
    for name, columns in LIVE_INDEXES:
        op.drop_index(name, table_name="pairings")
        op.create_index(name, "pairings", columns, unique=True, sqlite_where=where, postgresql_where=where)


def replace_rules(states: tuple[str, ...], rules: dict[str, str]) -> None:
    """Let pairings be in these states, under these rules."""
    with op.batch_alter_table("pairings") as batch_op:
        for name, rule in {"state": one_of("state", states), **rules}.items():
            batch_op.drop_constraint(batch_op.f(f"ck_pairings_{name}"), type_="check")
            batch_op.create_check_constraint(batch_op.f(f"ck_pairings_{name}"), rule)


def add_months(day: date, months: int) -> date:
    """Give the same day some months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    first_of_next = date(day.year + years + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(day.year + years, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


def give_terms() -> None:
    """Give those who work together already a term, and ten days from their yes to meet, or from now if that is over."""
    connection = op.get_bind()
    now = datetime.now(UTC)
    rows = connection.execute(sa.select(pairings).where(pairings.c.state == "active")).mappings().all()
    for row in rows:
        answered_at = (
            row["answered_at"].replace(tzinfo=UTC) if row["answered_at"].tzinfo is None else row["answered_at"]
        )
        months = SUPPORT_MONTHS if row["role"] in ("mentor", "coach") else SHORT_SUPPORT_MONTHS
        due_at = max(answered_at, now) + timedelta(days=FIRST_MEETING_DAYS)
        connection.execute(
            sa.update(pairings)
            .where(pairings.c.id == row["id"])
            .values(
                next_meeting_due_at=due_at.replace(tzinfo=None) if connection.dialect.name == "sqlite" else due_at,
                ends_on=add_months(answered_at.date(), months),
                budget_minutes=COACHING_MINUTES if row["role"] == "coach" else None,
            )
        )


def add_pairing_columns() -> None:
    """Add what a pairing has to remember of questions, pauses, its next meeting and its end."""
    with op.batch_alter_table("pairings") as batch_op:
        batch_op.add_column(sa.Column("question", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("asked_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("question_due_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("question_answer", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("question_answered_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("next_meeting_due_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("pause_until", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("budget_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("wants_other", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("closing_due_at", INSTANT, nullable=True))
        batch_op.add_column(sa.Column("closing_done_at", INSTANT, nullable=True))


def create_meetings() -> None:
    """Create the table of meetings."""
    op.create_table(
        "meetings",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("state", enum("state", "proposed", "confirmed", "held", "missed", "cancelled"), nullable=False),
        sa.Column("format", enum("format", "in_person", "online", "phone"), nullable=False),
        sa.Column("place", sa.String(length=255), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("starts_at", INSTANT, nullable=True),
        sa.Column("wall_start", sa.String(length=16), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("proposed_by", enum("proposed_by", "entrepreneur", "supporter", "coordinator"), nullable=False),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column("answer_due_at", INSTANT, nullable=True),
        sa.Column("report_due_at", INSTANT, nullable=True),
        sa.Column("cancelled_by", enum("cancelled_by", "entrepreneur", "supporter", "coordinator"), nullable=True),
        sa.Column("word", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("logged_at", INSTANT, nullable=True),
        sa.Column("logged_by", enum("logged_by", "entrepreneur", "supporter", "coordinator"), nullable=True),
        sa.Column("logged_by_id", ROW_ID, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 600", name=op.f("ck_meetings_minutes")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_meetings_sequence")),
        sa.CheckConstraint(
            "state <> 'proposed' OR answer_due_at IS NOT NULL", name=op.f("ck_meetings_proposed_has_deadline")
        ),
        sa.CheckConstraint(
            "state NOT IN ('confirmed', 'held', 'missed') OR starts_at IS NOT NULL", name=op.f("ck_meetings_has_start")
        ),
        sa.CheckConstraint(
            "state <> 'confirmed' OR report_due_at IS NOT NULL", name=op.f("ck_meetings_confirmed_has_report")
        ),
        sa.CheckConstraint(
            "state NOT IN ('held', 'missed') OR logged_at IS NOT NULL", name=op.f("ck_meetings_logged_at")
        ),
        sa.CheckConstraint("(starts_at IS NULL) = (wall_start IS NULL)", name=op.f("ck_meetings_whole_start")),
        sa.ForeignKeyConstraint(
            ["association_id", "pairing_id"],
            ["pairings.association_id", "pairings.id"],
            name=op.f("fk_meetings_association_id_pairing_id"),
        ),
        sa.ForeignKeyConstraint(["logged_by_id"], ["accounts.id"], name=op.f("fk_meetings_logged_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_meetings_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_meetings_public_id")),
    )
    op.create_index(
        "uq_meetings_live",
        "meetings",
        ["pairing_id"],
        unique=True,
        sqlite_where=LIVE_MEETING,
        postgresql_where=LIVE_MEETING,
    )
    op.create_index("ix_meetings_pairing_id_state_starts_at", "meetings", ["pairing_id", "state", "starts_at"])
    op.create_index("ix_meetings_state_report_due_at", "meetings", ["state", "report_due_at"])
    op.create_index("ix_meetings_state_answer_due_at", "meetings", ["state", "answer_due_at"])


def create_charters() -> None:
    """Create the tables of charters and their signatures."""
    op.create_table(
        "charters",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("pairing_id", sa.Integer(), nullable=False),
        sa.Column("network", enum("network", "initiative_france", "rebonds"), nullable=False),
        sa.Column("version", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", enum("state", "open", "signed", "closed"), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("signed_at", INSTANT, nullable=True),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name=op.f("ck_charters_signed_at")),
        sa.CheckConstraint("(state = 'signed') = (pdf IS NOT NULL)", name=op.f("ck_charters_pdf")),
        sa.CheckConstraint("(pdf IS NULL) = (pdf_sha256 IS NULL)", name=op.f("ck_charters_pdf_sha256")),
        sa.ForeignKeyConstraint(
            ["association_id", "pairing_id"],
            ["pairings.association_id", "pairings.id"],
            name=op.f("fk_charters_association_id_pairing_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charters")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_charters_association_id_id")),
        sa.UniqueConstraint("pairing_id", name=op.f("uq_charters_pairing_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_charters_public_id")),
    )
    op.create_index("ix_charters_state_due_at", "charters", ["state", "due_at"])
    op.create_table(
        "charter_signatures",
        sa.Column("charter_id", ROW_ID, nullable=False),
        sa.Column("party", enum("party", "entrepreneur", "supporter", "referent"), nullable=False),
        sa.Column("name", sa.String(length=170), nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.Column("signed_by_id", ROW_ID, nullable=True),
        sa.Column("is_on_paper", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["charter_id"], ["charters.id"], name=op.f("fk_charter_signatures_charter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["signed_by_id"], ["accounts.id"], name=op.f("fk_charter_signatures_signed_by_id")),
        sa.PrimaryKeyConstraint("charter_id", "party", name=op.f("pk_charter_signatures")),
    )


def upgrade() -> None:
    restrict_kinds(OLD_KINDS + NEW_KINDS)
    add_pairing_columns()
    give_terms()
    replace_rules(NEW_STATES, CHANGED_RULES)
    with op.batch_alter_table("pairings") as batch_op:
        for name, rule in NEW_RULES.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_pairings_{name}"), rule)
    op.create_index(op.f("ix_pairings_next_meeting_due_at"), "pairings", ["next_meeting_due_at"])
    change_live_indexes(NEW_LIVE)
    create_meetings()
    create_charters()


def downgrade() -> None:
    """Take it back: who was asked about is a proposal again, who paused goes on."""
    op.drop_table("charter_signatures")
    op.drop_table("charters")
    op.drop_table("meetings")
    op.execute(sa.text(f"DELETE FROM messages WHERE {one_of('kind', NEW_KINDS)}"))
    restrict_kinds(OLD_KINDS)
    op.drop_index(op.f("ix_pairings_next_meeting_due_at"), table_name="pairings")
    with op.batch_alter_table("pairings") as batch_op:
        for name in NEW_RULES:
            batch_op.drop_constraint(batch_op.f(f"ck_pairings_{name}"), type_="check")
    op.execute(sa.text("UPDATE pairings SET state = 'proposed' WHERE state = 'asked'"))
    op.execute(sa.text("UPDATE pairings SET state = 'active' WHERE state = 'paused'"))
    change_live_indexes(OLD_LIVE)
    replace_rules(OLD_STATES, OLD_RULES)
    with op.batch_alter_table("pairings") as batch_op:
        for column in (
            "question",
            "asked_at",
            "question_due_at",
            "question_answer",
            "question_answered_at",
            "next_meeting_due_at",
            "pause_until",
            "ends_on",
            "budget_minutes",
            "wants_other",
            "closing_due_at",
            "closing_done_at",
        ):
            batch_op.drop_column(column)
