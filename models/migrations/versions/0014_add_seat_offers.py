"""Add seats offered from the waiting list, held until an answer, and the order of that list with its rule."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

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
)
NEW_KINDS = ("seat_offered", "seat_free")
OLD_STATES = ("confirmed", "waiting", "cancelled", "attended", "absent")
OLD_REASONS = ("by_person", "by_organiser", "session_cancelled", "no_seat_freed")
NEW_REASONS = ("offer_declined", "offer_lapsed")
RULES = ("first_time_and_need", "first_time", "need", "arrival")


def restrict(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column hold these values only."""
    told = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")
        batch_op.create_check_constraint(batch_op.f(f"ck_{table}_{name}"), f"{column} IN ({told})")


def upgrade() -> None:
    restrict("messages", "kind", "kind", (*OLD_KINDS, *NEW_KINDS))
    restrict("bookings", "state", "state", (*OLD_STATES, "offered"))
    restrict("bookings", "cancel_reason_value", "cancel_reason", (*OLD_REASONS, *NEW_REASONS))
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.add_column(sa.Column("last_calls", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.add_column(sa.Column("turn", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "waiting_rule",
                sa.Enum(*RULES, name="waiting_rule", native_enum=False, create_constraint=True, length=32),
                server_default="arrival",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True))
    # Who waits already keeps her turn: it was given by order of arrival, and nobody new goes before her.
    op.execute(sa.text("UPDATE bookings SET turn = ticket"))
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.alter_column("turn", existing_type=sa.Integer(), nullable=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_bookings_offer_until"), "state <> 'offered' OR offer_until IS NOT NULL"
        )
        batch_op.create_index("ix_bookings_state_offer_until", ["state", "offer_until"])


def downgrade() -> None:
    # A seat that is held becomes a seat that is taken: nobody loses what was offered.
    op.execute(sa.text("UPDATE bookings SET state = 'confirmed', confirmed_at = booked_at WHERE state = 'offered'"))
    op.execute(
        sa.text("UPDATE bookings SET cancel_reason = 'by_person' WHERE cancel_reason IN ('offer_declined', 'offer_lapsed')")
    )
    with op.batch_alter_table("bookings") as batch_op:
        batch_op.drop_index("ix_bookings_state_offer_until")
        batch_op.drop_constraint(batch_op.f("ck_bookings_offer_until"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_bookings_waiting_rule"), type_="check")
        batch_op.drop_column("offer_until")
        batch_op.drop_column("waiting_rule")
        batch_op.drop_column("turn")
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.drop_column("last_calls")
    restrict("bookings", "cancel_reason_value", "cancel_reason", OLD_REASONS)
    restrict("bookings", "state", "state", OLD_STATES)
    op.execute(sa.text("DELETE FROM messages WHERE kind IN ('seat_offered', 'seat_free')"))
    restrict("messages", "kind", "kind", OLD_KINDS)
