"""Keep the window with each version, and find what ends tonight."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

DAYS = ("shown_from", "min_end", "max_end", "repair_from", "held_from")
INDEXES = {
    "ix_record_ends": (["shown_until", "n"], "state IN ('public', 'held') AND shown_until <> ''"),
    "ix_record_begins": (["shown_from", "n"], "state = 'waiting'"),
}


def upgrade() -> None:
    """Bring the tables to this revision."""
    # ADD COLUMN keeps the rows where they are; a default is needed for those that are there.
    for name in DAYS:
        op.add_column("record_version", sa.Column(name, sa.String(10), nullable=False, server_default=""))
    op.add_column("record_version", sa.Column("rule", sa.String(80), nullable=False, server_default="none"))
    for name, (columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, "record", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take the tables back to the revision before."""
    for name in INDEXES:
        op.drop_index(name, "record")
    for name in ("rule", *reversed(DAYS)):
        op.drop_column("record_version", name)
