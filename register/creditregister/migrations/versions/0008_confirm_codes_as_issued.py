"""Keep codes that fail their check and were issued so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "issued_code",
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_issued_code_unit_id_unit")),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_issued_code_by_id_staff")),
        sa.PrimaryKeyConstraint("value", name=op.f("pk_issued_code")),
    )


def downgrade() -> None:
    """Bring the tables back to the revision before."""
    op.drop_table("issued_code")
