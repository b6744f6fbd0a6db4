"""Keep what would help the people a run left over, and whom to recruit; let a person declare her gender."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("unmatched_needs", sa.Column("changes", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("match_runs", sa.Column("recruitment", sa.JSON(), nullable=True))
    op.add_column("entrepreneur_confided", sa.Column("gender", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("entrepreneur_confided", "gender")
    op.drop_column("match_runs", "recruitment")
    op.drop_column("unmatched_needs", "changes")
