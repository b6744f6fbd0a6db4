"""Add series of workshop sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "workshop_series",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", ROW_ID, nullable=False),
        sa.Column("organiser_id", ROW_ID, nullable=True),
        sa.Column("theme_slug", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_workshop_series_title")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_workshop_series_association_id")),
        sa.ForeignKeyConstraint(["organiser_id"], ["accounts.id"], name=op.f("fk_workshop_series_organiser_id")),
        sa.ForeignKeyConstraint(
            ["theme_slug"], ["workshop_themes.slug"], name=op.f("fk_workshop_series_theme_slug")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_series")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_workshop_series_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workshop_series_public_id")),
    )
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.add_column(sa.Column("series_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_workshop_sessions_association_id_series_id"),
            "workshop_series",
            ["association_id", "series_id"],
            ["association_id", "id"],
        )
        batch_op.create_index(batch_op.f("ix_workshop_sessions_series_id"), ["series_id"])


def downgrade() -> None:
    with op.batch_alter_table("workshop_sessions") as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_sessions_series_id"))
        batch_op.drop_constraint(batch_op.f("fk_workshop_sessions_association_id_series_id"), type_="foreignkey")
        batch_op.drop_column("series_id")
    op.drop_table("workshop_series")
