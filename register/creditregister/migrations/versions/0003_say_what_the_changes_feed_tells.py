"""Say beside each entry of the ledger what the changes feed tells of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: What was withdrawn of companies before this column was there; corrections are told from now on.
WITHDRAWN = """
UPDATE ledger SET told = 'withdrawn'
WHERE action = 'withdraw' AND n IN (SELECT n FROM record WHERE class <> 'person')
"""


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.add_column("ledger", sa.Column("told", sa.String(length=12), nullable=False, server_default=""))
    op.create_index(
        "ix_ledger_told",
        "ledger",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("told <> ''"),
        postgresql_where=sa.text("told <> ''"),
    )
    op.execute(WITHDRAWN)


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_ledger_told", table_name="ledger")
    op.drop_column("ledger", "told")
