"""Add committee files."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

EXAMINED_NOW = sa.text("until IS NULL")


def upgrade() -> None:
    op.create_table(
        "committee_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("noted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_committee_files_until_after_since")),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_committee_files_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "supporter_id"],
            ["supporters.association_id", "supporters.id"],
            name=op.f("fk_committee_files_association_id_supporter_id"),
        ),
        sa.ForeignKeyConstraint(["noted_by_id"], ["accounts.id"], name=op.f("fk_committee_files_noted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_files")),
        sa.UniqueConstraint("public_id", name=op.f("uq_committee_files_public_id")),
    )
    for column in ("association_id", "entrepreneur_id", "supporter_id"):
        op.create_index(op.f(f"ix_committee_files_{column}"), "committee_files", [column])
    op.create_index(
        "uq_committee_files_examined_now",
        "committee_files",
        ["entrepreneur_id", "supporter_id"],
        unique=True,
        sqlite_where=EXAMINED_NOW,
        postgresql_where=EXAMINED_NOW,
    )


def downgrade() -> None:
    op.drop_table("committee_files")
