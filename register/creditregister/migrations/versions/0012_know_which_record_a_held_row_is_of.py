"""Know which record a held row says something of, so that a later row of it can take its place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_OPEN = "state = 'open'"


def upgrade() -> None:
    """Bring the tables to this revision; what waits already has no key, and waits for its answer."""
    op.add_column("held", sa.Column("key", sa.LargeBinary(length=16), nullable=True))
    op.create_index(
        "ix_held_key", "held", ["key"], sqlite_where=sa.text(_OPEN), postgresql_where=sa.text(_OPEN)
    )


def downgrade() -> None:
    """Take the tables back to the revision before; what was superseded counts as answered."""
    op.drop_index("ix_held_key", "held")
    op.execute("UPDATE held SET state = 'resolved' WHERE state = 'superseded'")
    op.drop_column("held", "key")
