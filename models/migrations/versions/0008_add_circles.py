"""Add circles."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

CIRCLE_KINDS = ("circle_invited", "circle_led", "circle_answered", "circle_over")
KINDS = (
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
    *CIRCLE_KINDS,
)


def upgrade() -> None:
    op.create_table(
        "circle_rounds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("composed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("composed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("placed_bound", sa.Integer(), nullable=False),
        sa.Column("objective", sa.Double(), nullable=False),
        sa.Column("upper_bound", sa.Double(), nullable=False),
        sa.Column("gap", sa.Double(), nullable=False),
        sa.Column("is_exact", sa.Boolean(), nullable=False),
        sa.CheckConstraint("gap >= 0", name=op.f("ck_circle_rounds_gap")),
        sa.CheckConstraint("placed BETWEEN 0 AND placed_bound", name=op.f("ck_circle_rounds_placed")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_circle_rounds_association_id")),
        sa.ForeignKeyConstraint(["composed_by_id"], ["accounts.id"], name=op.f("fk_circle_rounds_composed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_rounds")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_circle_rounds_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_circle_rounds_public_id")),
    )
    op.create_table(
        "circle_left_outs",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("refusals", sa.JSON(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_circle_left_outs_association_id_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "round_id"],
            ["circle_rounds.association_id", "circle_rounds.id"],
            name=op.f("fk_circle_left_outs_association_id_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "entrepreneur_id", name=op.f("pk_circle_left_outs")),
    )
    with op.batch_alter_table("circle_left_outs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circle_left_outs_entrepreneur_id"), ["entrepreneur_id"], unique=False)

    op.create_table(
        "circles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("facilitator_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed", "confirmed", "dissolved", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column(
            "format",
            sa.Enum("in_person", "online", name="format", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("first_meeting_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "dissolve_reason",
            sa.Enum(
                "replaced",
                "not_fitting",
                "too_few",
                "facilitator_unavailable",
                "term_reached",
                "other",
                name="dissolve_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'dissolved') = (dissolve_reason IS NOT NULL)", name=op.f("ck_circles_dissolve_reason")
        ),
        sa.CheckConstraint("(state = 'dissolved') = (ended_at IS NOT NULL)", name=op.f("ck_circles_ended_at")),
        sa.CheckConstraint("format <> 'in_person' OR place <> ''", name=op.f("ck_circles_place_in_person")),
        sa.CheckConstraint(
            "state <> 'confirmed' OR (confirmed_at IS NOT NULL AND first_meeting_on IS NOT NULL)",
            name=op.f("ck_circles_confirmed_is_whole"),
        ),
        sa.CheckConstraint("minimum >= 2 AND minimum <= maximum", name=op.f("ck_circles_sizes")),
        sa.CheckConstraint("quorum BETWEEN 2 AND minimum", name=op.f("ck_circles_quorum")),
        sa.CheckConstraint("slot BETWEEN 0 AND 20", name=op.f("ck_circles_slot")),
        sa.CheckConstraint("taken BETWEEN 0 AND maximum", name=op.f("ck_circles_taken")),
        sa.ForeignKeyConstraint(
            ["association_id", "facilitator_id"],
            ["supporters.association_id", "supporters.id"],
            name=op.f("fk_circles_association_id_facilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "round_id"],
            ["circle_rounds.association_id", "circle_rounds.id"],
            name=op.f("fk_circles_association_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_circles_association_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["accounts.id"], name=op.f("fk_circles_confirmed_by_id")),
        sa.ForeignKeyConstraint(["language"], ["languages.code"], name=op.f("fk_circles_language")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circles")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_circles_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_circles_public_id")),
    )
    with op.batch_alter_table("circles", schema=None) as batch_op:
        batch_op.create_index("ix_circles_association_id_state", ["association_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_circles_facilitator_id"), ["facilitator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_circles_round_id"), ["round_id"], unique=False)

    op.create_table(
        "entrepreneur_offers",
        sa.Column("entrepreneur_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_entrepreneur_offers_level")),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneurs.id"],
            name=op.f("fk_entrepreneur_offers_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.slug"], name=op.f("fk_entrepreneur_offers_topic")),
        sa.PrimaryKeyConstraint("entrepreneur_id", "topic", name=op.f("pk_entrepreneur_offers")),
    )
    op.create_table(
        "facilitators",
        sa.Column("supporter_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 0 AND 20", name=op.f("ck_facilitators_capacity")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_facilitators_taken")),
        sa.ForeignKeyConstraint(
            ["association_id", "supporter_id"],
            ["supporters.association_id", "supporters.id"],
            name=op.f("fk_facilitators_association_id_supporter_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("supporter_id", name=op.f("pk_facilitators")),
    )
    with op.batch_alter_table("facilitators", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facilitators_association_id"), ["association_id"], unique=False)

    op.create_table(
        "circle_members",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("circle_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "invited",
                "joined",
                "declined",
                "left",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "departure_reason",
            sa.Enum(
                "declined",
                "no_answer",
                "own_wish",
                "moved",
                "not_together",
                "other_choice",
                "file_closed",
                "circle_over",
                name="departure_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("departure_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('declined', 'left')) = (departed_at IS NOT NULL)", name=op.f("ck_circle_members_departed_at")
        ),
        sa.CheckConstraint(
            "(state IN ('declined', 'left')) = (departure_reason IS NOT NULL)",
            name=op.f("ck_circle_members_departure_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'invited' OR deadline_at IS NOT NULL", name=op.f("ck_circle_members_invited_has_deadline")
        ),
        sa.CheckConstraint("state <> 'joined' OR joined_at IS NOT NULL", name=op.f("ck_circle_members_joined_at")),
        sa.ForeignKeyConstraint(
            ["association_id", "circle_id"],
            ["circles.association_id", "circles.id"],
            name=op.f("fk_circle_members_association_id_circle_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_circle_members_association_id_entrepreneur_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circle_members")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_circle_members_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_circle_members_public_id")),
    )
    with op.batch_alter_table("circle_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circle_members_circle_id"), ["circle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_circle_members_entrepreneur_id"), ["entrepreneur_id"], unique=False)
        batch_op.create_index("ix_circle_members_state_deadline_at", ["state", "deadline_at"], unique=False)
        batch_op.create_index(
            "uq_circle_members_live",
            ["entrepreneur_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'invited', 'joined')"),
            postgresql_where=sa.text("state IN ('proposed', 'invited', 'joined')"),
        )

    op.add_column("entrepreneurs", sa.Column("wants_circle", sa.Boolean(), server_default=sa.false(), nullable=False))
    _allow_kinds(KINDS)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM messages WHERE kind LIKE 'circle_%'"))
    _allow_kinds(KINDS[: -len(CIRCLE_KINDS)])
    op.drop_column("entrepreneurs", "wants_circle")
    for table in (
        "circle_members",
        "facilitators",
        "entrepreneur_offers",
        "circles",
        "circle_left_outs",
        "circle_rounds",
    ):
        op.drop_table(table)


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    """Let messages be of these kinds; SQLite makes the table anew for it."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("messages") as batch_op:
        batch_op.drop_constraint(op.f("ck_messages_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_messages_kind"), f"kind IN ({listed})")
