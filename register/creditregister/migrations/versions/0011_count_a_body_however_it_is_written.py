"""Count a body 决定机关 by its folded name, so that brackets, width and spaces make no difference.

One record of each body is read for the name, and only the records of those names are changed that fold to
another text; a register of ten million records has a few thousand bodies.
"""

from __future__ import annotations

import hashlib
import json

import sqlalchemy as sa
from alembic import op

from creditregister.text import fold

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: Records that are read and filled in at once on the way back.
PAGE = 1_000
_NAMED = (
    "FROM record r JOIN record_version v ON v.n = r.n AND v.version = r.version"
    " WHERE r.body <> 0 AND length(v.public) > 0"
)


def upgrade() -> None:
    """Bring the tables to this revision."""
    connection = op.get_bind()
    one = sa.text(f"SELECT v.public {_NAMED} AND r.body = :body LIMIT 1")
    change = sa.text("UPDATE record SET body = :folded WHERE body = :body")
    for body in connection.scalars(sa.text("SELECT DISTINCT body FROM record WHERE body <> 0")).all():
        public = connection.scalar(one, {"body": body})
        # What was erased names nobody; its number is looked up no more.
        folded = _number(fold(_name(public))) if public else body
        if folded != body:
            connection.execute(change, {"folded": folded, "body": body})


def downgrade() -> None:
    """Take the tables back to the revision before: each spelling has its own number again."""
    connection = op.get_bind()
    query = sa.text(f"SELECT r.n, v.public {_NAMED} AND r.n > :after ORDER BY r.n LIMIT :page")
    change = sa.text("UPDATE record SET body = :body WHERE n = :n")
    after = 0
    while rows := connection.execute(query, {"after": after, "page": PAGE}).all():
        after = rows[-1].n
        connection.execute(change, [{"n": row.n, "body": _number(_name(row.public))} for row in rows])


def _name(public: bytes) -> str:
    return str(json.loads(bytes(public)).get("body", ""))


def _number(name: str) -> int:
    """What ``creditregister.bodies`` makes of a name at this revision."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1 if name else 0
