"""Add weight drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "weight_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "ready",
                "failed",
                "published",
                "discarded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("based_on_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replay", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.Column("published_as_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name=op.f("ck_weight_drafts_failure")),
        sa.CheckConstraint(
            "(state = 'published') = (published_as_id IS NOT NULL)", name=op.f("ck_weight_drafts_published_as")
        ),
        sa.CheckConstraint("state <> 'running' OR seen_at IS NOT NULL", name=op.f("ck_weight_drafts_running_is_seen")),
        sa.CheckConstraint(
            "state NOT IN ('ready', 'published') OR replay IS NOT NULL", name=op.f("ck_weight_drafts_replayed")
        ),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_weight_drafts_association_id")),
        sa.ForeignKeyConstraint(["based_on_id"], ["weight_versions.id"], name=op.f("fk_weight_drafts_based_on_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name=op.f("fk_weight_drafts_made_by_id")),
        sa.ForeignKeyConstraint(
            ["published_as_id"], ["weight_versions.id"], name=op.f("fk_weight_drafts_published_as_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_drafts")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_weight_drafts_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_weight_drafts_public_id")),
        sa.UniqueConstraint("published_as_id", name=op.f("uq_weight_drafts_published_as_id")),
    )
    with op.batch_alter_table("weight_drafts", schema=None) as batch_op:
        batch_op.create_index("ix_weight_drafts_association_id_state", ["association_id", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("weight_drafts", schema=None) as batch_op:
        batch_op.drop_index("ix_weight_drafts_association_id_state")

    op.drop_table("weight_drafts")
