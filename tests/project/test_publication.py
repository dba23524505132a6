"""``creditregister.publication`` is the only module that changes what is public; seen in the source of all.

Import rules cannot say "may read but not write", hence this reads every call in the three packages.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from creditregister import schema
from support import project

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What the public sees of a record, with its history; and the ledger with its tree.
PUBLIC = {"record", "record_version"}
LEDGER = {"ledger", "ledger_node"}
PUBLICATION = "creditregister.publication"
#: Modules that may write a table: the ledger keeps its own; a migration changes forms, not contents.
WRITERS = {PUBLICATION: PUBLIC, "creditregister.ledger": LEDGER}
#: Functions that write what their first or second argument names.
WRITING = {"insert", "update", "delete", "insert_many"}


def word(node: ast.expr) -> str:
    """The last word of a dotted name."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def aliases(tree: ast.Module) -> dict[str, str]:
    """Names that a module gives to the tables of the schema -> the table."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "creditregister.schema":
            found |= {alias.asname or alias.name: alias.name for alias in node.names}
    return found


def written(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The tables that a module inserts into, updates or deletes from, with the line."""
    names = aliases(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or word(node.func) not in WRITING:
            continue
        targets = node.args[:2]
        if isinstance(node.func, ast.Attribute):
            targets = [*targets, node.func.value]
        for target in targets:
            name = names.get(word(target), "") if isinstance(target, ast.Name) else word(target)
            if name in schema.metadata.tables:
                yield name, node.lineno


def test_only_publication_writes_public_state() -> None:
    found = [
        f"{module}:{line} writes {table}"
        for module, path in project.by_name().items()
        for table, line in written(project.tree(path))
        if table in PUBLIC | LEDGER and table not in WRITERS.get(module, set())
    ]
    assert found == []


def test_the_search_for_writers_finds_them() -> None:
    """The test above would pass on a tree that it cannot read."""
    for module, tables in WRITERS.items():
        seen = {table for table, _ in written(project.tree(project.by_name()[module]))}
        assert tables <= seen


def test_only_publication_appends_to_the_ledger() -> None:
    callers = {
        module
        for module, path in project.by_name().items()
        for node in ast.walk(project.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "append"
        and word(node.func.value) == "ledger"
    }
    assert callers == {PUBLICATION}


def test_nobody_writes_sql_by_hand() -> None:
    """Text would get past the tests above."""
    pattern = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.IGNORECASE)
    own = {"creditsite.guard.counters"}  # a database of its own, for counting; no register in it
    found = {module for module, path in project.by_name().items() if pattern.search(path.read_text())}
    assert {module for module in found - own if ".migrations" not in module} == set()
