"""A record of every kind through the real commands: loaded from its own headings, indexed, found, projected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from creditindex import opening
from creditindex.cli import main
from creditindex.query import ask
from creditregister import kinds, records
from creditregister import settings as setting_files
from creditregister.store import Store
from support import tables
from support.registers import UNIT, make_register
from support.town import identity, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.kinds import Field, Kind
    from creditregister.records import Published

KINDS = kinds.load()
PERSON = "王小明"
#: Fields of an end that has not come, or of what the row is not about.
EMPTY = {"removal_date", "removal_reason", "released_on", "cleared_on", "breach_document", "suspended_from"}
LATER = {"valid_to", "due_on", "publicity_end", "extended_to", "planned_on", "next_review", "suspended_to"}


def company(kind: Kind) -> str:
    return f"云泽市甲{kind.number}食品有限公司"


def cell(kind: Kind, entry: Field) -> str:
    """A plausible cell under this field's own label."""
    told = {
        "subject_name": company(kind),
        "subject_type": "法人",
        "unified_code": unified(kind.number),
        kind.reference: f"云示〔2026〕{kind.number}号",
        kind.date: "2026-05-10",
        "area_code": "990100",
        # What is minor is not published.
        "severity": "严重",
    }
    if entry.id in EMPTY or (entry.type == "code" and entry.id not in told):
        return ""
    if entry.id in told:
        return told[entry.id]
    if entry.type == "date":
        return "2027-05-10" if entry.id in LATER else "2026-05-10"
    if entry.choices:
        return choice(kind, entry)
    words = f"{entry.label.zh}{kind.number}"
    by_type = {
        "money": "12.5",
        "count": "12",
        "secret": identity(8),
        "number_text": f"{kind.number}-{entry.id}",
    }
    return (
        PERSON
        if entry.person
        else by_type.get(entry.type, f"云泽{words}局" if entry.type == "name" else words)
    )


def choice(kind: Kind, entry: Field) -> str:
    codes = entry.must or tuple(one.code for one in entry.choices)
    if entry.id == kind.state.field:
        codes = tuple(code for code in codes if kind.state.codes[code] == "normal")
    found = entry.choice(codes[0])
    assert found is not None
    return found.label.zh


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A register with one record of each kind, all indexed; what the load reported of each file."""
    folder = tmp_path_factory.mktemp("kinds")
    make_register(folder).store.close()
    reports: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CREDIT_DATA", str(folder / "data"))
        patch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
        paths = {kind.id: write(folder, kind) for kind in KINDS.values()}
        # Its own labels do not tell it from other lists, so that its kind is named.
        untold = paths.pop("abnormal-operations")
        for arguments in ((*paths.values(),), (untold, "--kind", "abnormal-operations")):
            _, summary = tables.load(*arguments, "--source", UNIT)
            reports |= {report["kind"]: report for report in summary["files"]}
        assert CliRunner().invoke(main, ["rebuild"]).exit_code == 0
    settings = setting_files.load(data=folder / "data", today=tables.TODAY.isoformat())
    return {"settings": settings, "reports": reports}


def write(folder: Path, kind: Kind) -> Path:
    return tables.write(
        folder / f"{kind.id}.csv", [{entry.label.zh: cell(kind, entry) for entry in kind.fields}]
    )


def published(world: dict[str, Any]) -> dict[str, Published]:
    store = Store(world["settings"])
    with store.read() as connection:
        found = records.scan(connection, 0, 1000)
    store.close()
    return {item.kind: item for item in found}


@pytest.mark.parametrize("kind", list(KINDS))
def test_it_loads_from_its_own_headings(world: dict[str, Any], kind: str) -> None:
    report = world["reports"][kind]
    assert (report["accepted"], report["refused"], report["held"]) == (1, 0, 0), report
    document = published(world)[kind].document
    assert document["title"]["zh"]
    assert document["name"] == company(KINDS[kind])


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_it_shows_is_what_its_file_allows(world: dict[str, Any], kind: str) -> None:
    made, item = KINDS[kind], published(world)[kind]
    text = item.public.decode()
    assert identity(8) not in text
    document = item.document
    for entry in made.fields:
        hidden = entry.public["organisation"] == "hidden"
        assert not (hidden and entry.id in document["fields"]), entry.id
        if entry.person and entry.public["organisation"] != "shown":
            assert document["fields"].get(entry.id) != PERSON


@pytest.mark.parametrize("kind", list(KINDS))
def test_it_is_found_by_code_number_name_and_words(world: dict[str, Any], kind: str) -> None:
    made, item = KINDS[kind], published(world)[kind]
    engine = opening.reader(world["settings"])
    parts = kinds.search_parts(made, item.document)
    texts = [unified(made.number), company(made), *parts.number[:1], *parts.title[:1], *parts.text[:1]]
    for text in texts:
        assert item.id in {hit.id for hit in engine.find(ask(text, tables.TODAY)).hits}, text
    assert engine.find(ask(PERSON, tables.TODAY)).total == 0
    engine.close()


def test_all_kinds_are_counted(world: dict[str, Any]) -> None:
    engine = opening.reader(world["settings"])
    found = engine.find(ask("", tables.TODAY))
    assert found.total == len(KINDS)
    assert found.facets is not None
    assert {count.value for count in found.facets.kind} == set(KINDS)
    engine.close()
