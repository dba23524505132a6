"""Keep what waits, who releases it, and what was decided."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

#: Columns of ``batch`` that this revision adds.
_BATCH = ("by_id", "released_by", "undoes")
_LATER = "version > 1"


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("person", sa.LargeBinary(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "waiting",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_waiting_batch_id_batch")),
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=op.f("fk_waiting_n_record")),
        sa.PrimaryKeyConstraint("batch_id", "n", name=op.f("pk_waiting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fixed_field",
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=op.f("fk_fixed_field_n_record")),
        sa.PrimaryKeyConstraint("n", "field", name=op.f("pk_fixed_field")),
        sqlite_with_rowid=False,
    )
    op.add_column("batch", sa.Column("full", sa.Integer(), server_default="0", nullable=False))
    for name in _BATCH:
        op.add_column("batch", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("batch", sa.Column("released_at", sa.BigInteger(), nullable=True))
    _alter_held()
    _number_secrets()
    op.create_index("ix_record_unit_id", "record", ["unit_id", "kind", "state", "n"])
    op.create_index(
        "ix_record_version_batch_id",
        "record_version",
        ["batch_id"],
        sqlite_where=sa.text(_LATER),
        postgresql_where=sa.text(_LATER),
    )


def _alter_held() -> None:
    """Make room for several reasons, and for the answer."""
    with op.batch_alter_table("held") as table:
        table.alter_column("code", existing_type=sa.String(length=40), type_=sa.String(length=80))
        table.add_column(sa.Column("answer", sa.String(length=80), nullable=True))
        table.add_column(sa.Column("answered_by", sa.Integer(), nullable=True))
        table.add_column(sa.Column("answered_at", sa.BigInteger(), nullable=True))
        table.create_foreign_key(op.f("fk_held_answered_by_staff"), "staff", ["answered_by"], ["id"])
        table.create_index("ix_held_state", ["state", "unit_id"])


def _number_secrets() -> None:
    """Give the secrets that are kept the version of their record: it is the one they came with."""
    columns = (
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    _remake_secrets(columns, ("n", "version", "field"), "SELECT s.n, r.version, s.field, s.key_id, s.sealed")


def downgrade() -> None:
    """Bring the tables back to the revision before; of the secrets the newest are kept."""
    op.drop_index("ix_record_version_batch_id", "record_version")
    op.drop_index("ix_record_unit_id", "record")
    columns = (
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    _remake_secrets(columns, ("n", "field"), "SELECT s.n, s.field, s.key_id, s.sealed")
    with op.batch_alter_table("held") as table:
        table.drop_index("ix_held_state")
        table.drop_constraint(op.f("fk_held_answered_by_staff"), type_="foreignkey")
        for name in ("answered_at", "answered_by", "answer"):
            table.drop_column(name)
        table.alter_column("code", existing_type=sa.String(length=80), type_=sa.String(length=40))
    for name in ("released_at", *_BATCH, "full"):
        op.drop_column("batch", name)
    for name in ("fixed_field", "waiting", "staff"):
        op.drop_table(name)


def _remake_secrets(columns: tuple[sa.Column[Any], ...], key: tuple[str, ...], chosen: str) -> None:
    """Make ``person_secret`` anew with another key, keeping the rows of each record's newest secrets."""
    again = "_again" if "version" in key else ""  # PostgreSQL's indexes are named beside each other's tables
    op.rename_table("person_secret", "person_secret_before")
    op.create_table(
        "person_secret",
        *columns,
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=f"fk_person_secret_n_record{again}"),
        sa.PrimaryKeyConstraint(*key, name=f"pk_person_secret{again}"),
        sqlite_with_rowid=False,
    )
    names = ", ".join(column.name for column in columns)
    newest = (
        ""
        if "version" in key
        else " WHERE s.version = (SELECT max(t.version) FROM person_secret_before AS t WHERE t.n = s.n)"
    )
    op.execute(
        f"INSERT INTO person_secret ({names}) {chosen} FROM person_secret_before AS s"
        f" JOIN record AS r ON r.n = s.n{newest}"
    )
    op.drop_table("person_secret_before")
