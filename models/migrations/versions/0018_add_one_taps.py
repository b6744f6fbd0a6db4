"""Let people answer from a mail in one tap."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def enum(name: str, *values: str) -> sa.Enum:
    """Text with a named CHECK."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "one_taps",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", enum("purpose", "answer_pairing", "tell_meeting", "leave_session", "answer_seat"), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=True),
        sa.Column("supporter_id", sa.Integer(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, nullable=True),
        sa.Column("answer", enum("answer_value", "yes", "no"), nullable=True),
        sa.CheckConstraint(
            "(entrepreneur_id IS NULL) <> (supporter_id IS NULL)", name=op.f("ck_one_taps_one_person")
        ),
        sa.CheckConstraint("(used_at IS NULL) = (answer IS NULL)", name=op.f("ck_one_taps_answer")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_one_taps_expires_at")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_one_taps_association_id")),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_one_taps_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "supporter_id"],
            ["supporters.association_id", "supporters.id"],
            name=op.f("fk_one_taps_association_id_supporter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_taps")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_taps_token_hash")),
    )
    for column in ("association_id", "entrepreneur_id", "supporter_id"):
        op.create_index(op.f(f"ix_one_taps_{column}"), "one_taps", [column])
    op.create_index("ix_one_taps_expires_at", "one_taps", ["expires_at"])


def downgrade() -> None:
    op.drop_table("one_taps")
