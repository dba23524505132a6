"""``python -m bench.copies``: a loaded register made larger, by copies of what it shows.

For the reference size (10,000,000 records, DESIGN 7): a million loaded as files are, then nine more of the
same texts under other names and codes, made inside the SQLite database. Such a register is good for building
an index and for asking it, and for nothing else: the copies' entries in the ledger prove nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from creditregister import settings
from creditregister.schema import (
    ledger,
    record,
    record_key,
    record_version,
    subject,
    subject_code,
    subject_name,
)
from creditregister.store import Store, Turn

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

#: Records of one transaction.
CHUNK = 50_000
#: What stands in the place of a name's third and fourth character, one pair for each copy.
NAMES = ("云岚", "霁川", "禾序", "铭渡", "砚秋", "澄野", "栖梧", "泊远", "觅光")
#: The same for a unified code: all invented ones have N in the tenth place.
_LETTERS = "ABCDEFGHJ"
#: One expression each for a name and for a code of a copy; the code's check digit is not made good.
_NAME = "substr({0}, 1, 2) || :name || substr({0}, 5)"
_CODE = (
    "CASE length({0}) WHEN 18 THEN substr({0}, 1, 9) || :letter || substr({0}, 11) ELSE {0} || :letter END"
)
#: What a copy has otherwise than its original, by table and column.
_TEXT = (
    f"CASE WHEN s.id IS NULL THEN {{0}} ELSE replace(replace({{0}}, s.name, {_NAME.format('s.name')}),"
    f" s.code, {_CODE.format('s.code')}) END"
)
_SUBJECTS = {
    subject: {"id": "t.id + :subjects", "name": _NAME, "folded": _NAME, "code": _CODE},
    subject_name: {"subject_id": "t.subject_id + :subjects", "name": _NAME, "folded": _NAME},
    subject_code: {"subject_id": "t.subject_id + :subjects", "value": _CODE},
}
_RECORDS = {
    record: {
        "n": "t.n + :records",
        "id": "randomblob(16)",
        "subject_id": "t.subject_id + :subjects",
        "name": f"CASE WHEN t.subject_id IS NULL THEN t.name ELSE {_NAME.format('t.name')} END",
        "seq": "t.seq + :entries",
    },
    record_key: {"key": "randomblob(16)", "n": "t.n + :records"},
    record_version: {
        "n": "t.n + :records",
        "content": _TEXT.format("t.content"),
        "public": f"CAST({_TEXT.format('CAST(t.public AS TEXT)')} AS BLOB)",
        "digest": "randomblob(16)",
    },
    ledger: {"seq": "t.seq + :entries", "hash": "randomblob(32)", "n": "t.n + :records"},
}
#: Only what is shown, in its current version, is worth a copy.
_SHOWN = (
    "JOIN record r ON r.n = t.n AND r.state = 'public' AND r.version = 1"
    " LEFT JOIN subject s ON s.id = r.subject_id"
)


def main() -> int:
    """Copy, and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.copies", description=__doc__)
    parser.add_argument("--data", required=True, help="the data folder of a loaded register")
    parser.add_argument("--copies", type=int, default=len(NAMES), help=f"how many, at most {len(NAMES)}")
    options = parser.parse_args()
    store = Store(settings.load(data=Path(options.data)))
    store.tune_for_loading()
    began = time.monotonic()
    with store.read() as connection:
        sizes = {
            "subjects": _most(connection, "id", subject),
            "records": _most(connection, "n", record),
            "entries": _most(connection, "seq", ledger),
        }
    for place in range(options.copies):
        shift = {name: size * (place + 1) for name, size in sizes.items()}
        given = {**shift, "name": NAMES[place], "letter": _LETTERS[place]}
        _copy(store, sizes, given)
        print(f"{place + 1} copies in {time.monotonic() - began:,.0f} s", flush=True)
    return 0


def _most(connection: Connection, column: str, table: Table) -> int:
    return int(connection.exec_driver_sql(f"SELECT max({column}) FROM {table.name}").scalar_one())  # noqa: S608 -- names of our own schema


def _copy(store: Store, sizes: dict[str, int], given: dict[str, object]) -> None:
    """One copy of all subjects, then of the records, range by range."""
    with store.write(Turn.BULK) as connection:
        for table, changed in _SUBJECTS.items():
            key = "id" if table is subject else "subject_id"
            where = f"WHERE t.{key} <= {sizes['subjects']}"
            connection.exec_driver_sql(_insert(table, changed, where), given)
    for start in range(0, sizes["records"], CHUNK):
        where = f"{_SHOWN} WHERE t.n > {start} AND t.n <= {min(start + CHUNK, sizes['records'])}"
        with store.write(Turn.BULK) as connection:
            for table, changed in _RECORDS.items():
                of = where
                if table is record:
                    of = f"LEFT JOIN subject s ON s.id = t.subject_id {where.removeprefix(_SHOWN)}"
                    of += " AND t.state = 'public' AND t.version = 1"
                connection.exec_driver_sql(_insert(table, changed, of), given)


def _insert(table: Table, changed: dict[str, str], of: str) -> str:
    names = [column.name for column in table.columns]
    values = [changed.get(name, "{0}").format(f't."{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table.name} ({columns}) SELECT {', '.join(values)} FROM {table.name} t {of}"  # noqa: S608 -- names of our own schema


if __name__ == "__main__":
    sys.exit(main())
