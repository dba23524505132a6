"""Make the first tables of the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "ledger",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
    )
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ledger_urgent",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("action <> 'publish'"),
            postgresql_where=sa.text("action <> 'publish'"),
        )

    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "place", name=op.f("pk_ledger_node")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("area", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
    )
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.create_index("ix_subject_folded", ["folded"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=18), nullable=True),
        sa.Column("area", sa.String(length=6), nullable=False),
        sa.Column("superior_id", sa.Integer(), nullable=True),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["superior_id"], ["unit.id"], name=op.f("fk_unit_superior_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index("ix_unit_code", ["code"], unique=False)

    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_batch_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index("ix_batch_unit_id", ["unit_id", "kind"], unique=False)

    op.create_table(
        "subject_code",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_code_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("kind", "value", name=op.f("pk_subject_code")),
    )
    with op.batch_alter_table("subject_code", schema=None) as batch_op:
        batch_op.create_index("ix_subject_code_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "subject_name",
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("current", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_subject_name_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("subject_id", "folded", name=op.f("pk_subject_name")),
    )
    with op.batch_alter_table("subject_name", schema=None) as batch_op:
        batch_op.create_index("ix_subject_name_folded", ["folded"], unique=False)

    op.create_table(
        "unit_name",
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alias", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_name_unit_id_unit")),
        sa.PrimaryKeyConstraint("folded", name=op.f("pk_unit_name")),
    )
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("record_n", sa.BigInteger(), nullable=True),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_held_batch_id_batch")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_held_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held")),
        sa.UniqueConstraint("digest", name=op.f("uq_held_digest")),
    )
    op.create_table(
        "record",
        sa.Column(
            "n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("class", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("decided", sa.String(length=10), nullable=False),
        sa.Column("shown_from", sa.String(length=10), nullable=False),
        sa.Column("shown_until", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("marks", sa.String(length=80), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_record_batch_id_batch")),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_record_subject_id_subject")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_record_unit_id_unit")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_record")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index("ix_record_id", ["id"], unique=True)
        batch_op.create_index("ix_record_subject_id", ["subject_id", "kind", "decided"], unique=False)

    op.create_table(
        "row_problem",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_row_problem_batch_id_batch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_problem")),
    )
    with op.batch_alter_table("row_problem", schema=None) as batch_op:
        batch_op.create_index("ix_row_problem_batch_id", ["batch_id", "row"], unique=False)

    op.create_table(
        "person_lookup",
        sa.Column("hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=op.f("fk_person_lookup_n_record")),
        sa.PrimaryKeyConstraint("hash", "n", name=op.f("pk_person_lookup")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("person_lookup", schema=None) as batch_op:
        batch_op.create_index("ix_person_lookup_n", ["n"], unique=False)

    op.create_table(
        "person_secret",
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=op.f("fk_person_secret_n_record")),
        sa.PrimaryKeyConstraint("n", "field", name=op.f("pk_person_secret")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "record_key",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=op.f("fk_record_key_n_record")),
        sa.PrimaryKeyConstraint("key", "n", name=op.f("pk_record_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "record_subject",
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=op.f("fk_record_subject_n_record")),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_record_subject_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("n", "role", "place", name=op.f("pk_record_subject")),
    )
    op.create_table(
        "record_version",
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=16), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_record_version_batch_id_batch")),
        sa.ForeignKeyConstraint(["n"], ["record.n"], name=op.f("fk_record_version_n_record")),
        sa.PrimaryKeyConstraint("n", "version", name=op.f("pk_record_version")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("record_version")
    op.drop_table("record_subject")
    op.drop_table("record_key")
    op.drop_table("person_secret")
    with op.batch_alter_table("person_lookup", schema=None) as batch_op:
        batch_op.drop_index("ix_person_lookup_n")

    op.drop_table("person_lookup")
    with op.batch_alter_table("row_problem", schema=None) as batch_op:
        batch_op.drop_index("ix_row_problem_batch_id")

    op.drop_table("row_problem")
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index("ix_record_subject_id")
        batch_op.drop_index("ix_record_id")

    op.drop_table("record")
    op.drop_table("held")
    op.drop_table("unit_name")
    with op.batch_alter_table("subject_name", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_name_folded")

    op.drop_table("subject_name")
    with op.batch_alter_table("subject_code", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_code_subject_id")

    op.drop_table("subject_code")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index("ix_batch_unit_id")

    op.drop_table("batch")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_code")

    op.drop_table("unit")
    with op.batch_alter_table("subject", schema=None) as batch_op:
        batch_op.drop_index("ix_subject_folded")

    op.drop_table("subject")
    op.drop_table("meta")
    op.drop_table("ledger_node")
    with op.batch_alter_table("ledger", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ledger_urgent",
            sqlite_where=sa.text("action <> 'publish'"),
            postgresql_where=sa.text("action <> 'publish'"),
        )

    op.drop_table("ledger")
    op.drop_table("lease")
