"""Let subjects change over time: attested names, merged codes, decisions, own ledger entries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_UNNAMED = sa.text("subject_id IS NULL AND name <> ''")


def upgrade() -> None:
    """Bring the tables to this revision."""
    for column in (
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("seq", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=True),
    ):
        op.add_column("subject", column)
    op.add_column(
        "subject_name", sa.Column("attested", sa.String(length=10), nullable=False, server_default="")
    )
    op.add_column("subject_code", sa.Column("current", sa.Integer(), nullable=False, server_default="1"))
    # Until now the day of a subject's first record stood there, which says nothing of its name.
    op.execute(sa.text("UPDATE subject_name SET since = ''"))
    op.create_table(
        "subject_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_event_subject_id_subject")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["subject.id"], name=op.f("fk_subject_event_other_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject_event")),
    )
    op.create_index("ix_subject_event_subject_id", "subject_event", ["subject_id"], unique=False)
    op.create_index(
        "ix_record_name",
        "record",
        ["name"],
        unique=False,
        sqlite_where=_UNNAMED,
        postgresql_where=_UNNAMED,
    )


def downgrade() -> None:
    """Take the tables back to the revision before."""
    op.drop_index("ix_record_name", table_name="record")
    op.drop_table("subject_event")
    op.drop_column("subject_code", "current")
    op.drop_column("subject_name", "attested")
    for name in ("salt", "seq", "version", "merged_into"):
        op.drop_column("subject", name)
