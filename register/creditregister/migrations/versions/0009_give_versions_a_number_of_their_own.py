"""Keep versions where SQLite reads them fast: as rows, no longer inside the tree of their key.

Without a rowid, rows of two kilobytes stood in the inner pages of the tree, four to a page: ten pages had to
be read to find one row of a million. PostgreSQL keeps rows and keys apart by itself.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    _copy("")


def downgrade() -> None:
    """Take the tables back to the revision before."""
    _copy(" WITHOUT ROWID")


def _copy(ending: str) -> None:
    """Make the table anew in SQLite with the same columns, and copy its rows in the order of their key."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    made = "SELECT sql FROM sqlite_master WHERE type = ? AND tbl_name = 'record_version' AND sql IS NOT NULL"
    table = str(connection.exec_driver_sql(made, ("table",)).scalar_one())
    indexes = [str(sql) for (sql,) in connection.exec_driver_sql(made, ("index",))]
    columns = table[table.index("(") : table.rindex(")") + 1]
    statements = (
        f"CREATE TABLE record_version_anew {columns}{ending}",
        "INSERT INTO record_version_anew SELECT * FROM record_version ORDER BY n, version",
        "DROP TABLE record_version",
        "ALTER TABLE record_version_anew RENAME TO record_version",
        *indexes,
    )
    for statement in statements:
        connection.exec_driver_sql(statement)
