"""Find what was delivered and never shown by the batch that brought it, for its term of retention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNPUBLISHED = "published_at = 0 AND state IN ('ended', 'never', 'annulled', 'hidden')"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_index(
        "ix_record_unpublished",
        "record",
        ["batch_id", "n"],
        sqlite_where=sa.text(UNPUBLISHED),
        postgresql_where=sa.text(UNPUBLISHED),
    )


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index("ix_record_unpublished", "record")
