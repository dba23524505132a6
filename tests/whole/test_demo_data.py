"""The demo's data: reproducible, well-formed, and nobody's."""

from __future__ import annotations

import csv
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from stdnum.cn import ric, uscc

from creditindex.demo import (
    deliver,
    faults,
    files,
    forms,
    further,
    numbers,
    people,
    plan,
    regular,
    subjects,
    units,
    words,
)
from creditindex.demo.columns import COLUMNS
from creditindex.demo.rows import Maker
from creditregister import areas, codes, courts, kinds, references
from creditregister.kinds.headings import normal_heading
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from support.world import World

TODAY = date(2026, 11, 24)
SEED = 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("demo")
    deliver.deliver(place, 600, SEED, TODAY)
    return place


def test_case_numbers_name_the_demos_own_courts(folder: Path, world: World) -> None:
    known = courts.load(world.settings, areas.load(world.settings))
    rows = [
        row
        for path in folder.glob("*dishonest-debtor*.csv")
        for row in csv.reader(
            path.read_text("gb18030" if "gb18030" in path.name else "utf-8-sig").splitlines()
        )
    ]
    cited = {
        cell: row for row in rows for cell in row if re.fullmatch(r"[(（]\d{4}[)）]泽\d{4}执\d+号", cell)
    }
    assert cited
    for text, row in cited.items():
        number = references.parse(text)
        assert isinstance(number, references.CaseNumber)
        assert known.name(number.court) in row


def test_the_same_seed_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    deliver.deliver(tmp_path, 600, SEED, TODAY)
    for path in folder.rglob("*"):
        # A spreadsheet is a ZIP archive, which keeps the time of writing; its rows come from the same source.
        if path.is_file() and path.suffix != ".xlsx":
            assert path.read_bytes() == (tmp_path / path.relative_to(folder)).read_bytes(), path.name


def test_another_seed_gives_other_rows(folder: Path, tmp_path: Path) -> None:
    deliver.deliver(tmp_path, 600, SEED + 1, TODAY)
    name = "01-licence-csv.csv"
    assert (tmp_path / name).read_bytes() != (folder / name).read_bytes()


def test_several_processes_write_what_one_writes(tmp_path: Path) -> None:
    many = tmp_path / "many"
    deliver.deliver(many, 20_000, SEED, TODAY)
    job = plan.files(20_000, SEED, TODAY)[0]
    alone = tmp_path / "alone"
    alone.mkdir()
    files.write(job, alone)
    assert (alone / job.job.name).read_bytes() == (many / job.job.name).read_bytes()


def test_the_manifest_counts_every_row_and_every_fault_occurs(folder: Path) -> None:
    manifest = json.loads((folder / deliver.MANIFEST).read_text(encoding="utf-8"))
    assert sum(entry["rows"] for entry in manifest["files"]) == manifest["records"] == 600
    seen: set[str] = set()
    for entry in manifest["files"]:
        assert sum(entry["expected"].values()) == entry["rows"]
        assert (folder / entry["people"]).is_file()
        seen |= entry["faults"].keys()
    assert {entry["kind"] for entry in manifest["files"]} == set(COLUMNS) <= set(kinds.load())
    assert len(seen) >= len(faults._FAULTS) - 1


def test_every_kind_is_delivered_in_every_dialect_it_has_and_every_form_occurs(folder: Path) -> None:
    entries = json.loads((folder / deliver.MANIFEST).read_text(encoding="utf-8"))["files"]
    for kind, columns in COLUMNS.items():
        dialects = {"zh"} | {name for name in ("code", "old") if any(getattr(c, name) for c in columns)}
        assert {entry["headings"] for entry in entries if entry["kind"] == kind} == dialects, kind
    # What a kind's file knows by a code has one in the demo, so that no dialect is left out.
    for made in kinds.load().values():
        coded = any(re.fullmatch("[a-z]{2}_[a-z]+_[a-z_]+", word) for word in made.heading_index)
        assert coded == any("_" in column.code for column in COLUMNS[made.id]), made.id
    assert {entry["form"] for entry in entries} == set(forms.ENDINGS)


def test_objects_hold_the_rows_that_the_manifest_says(folder: Path) -> None:
    for entry in json.loads((folder / deliver.MANIFEST).read_text(encoding="utf-8"))["files"]:
        text = (folder / entry["file"]).read_text(encoding="utf-8") if "json" in entry["file"] else ""
        rows = json.loads(text) if entry["form"] == "json" else list(map(json.loads, text.splitlines()))
        assert len(rows) == (entry["rows"] if text else 0)


def test_an_office_writes_headings_in_two_lines() -> None:
    assert forms.two_lines(["行政相对人名称", "行政相对人类别", "法定代表人", "处罚依据", "处罚内容"]) == (
        ["行政相对人", "", "法定代表人", "处罚", ""],
        ["名称", "类别", "", "依据", "内容"],
    )


def test_csv_files_hold_the_rows_that_the_manifest_says(folder: Path) -> None:
    manifest = json.loads((folder / deliver.MANIFEST).read_text(encoding="utf-8"))
    for entry in manifest["files"]:
        if entry["file"].endswith(".csv"):
            encoding = "gb18030" if "gb18030" in entry["file"] else "utf-8-sig"
            with (folder / entry["file"]).open(encoding=encoding, newline="") as handle:
                assert sum(1 for _ in csv.reader(handle)) == entry["rows"] + 1


@pytest.mark.parametrize("kind", COLUMNS)
def test_every_heading_means_a_field_of_its_own(kind: str) -> None:
    known = dict(kinds.load()[kind].heading_index)
    # Columns that must never be taken in are known too; each is itself only.
    known |= {heading: f"not taken in: {heading}" for heading in kinds.load()[kind].ignored_headings}
    coded = [c.code or c.zh for c in COLUMNS[kind]]
    old = [c.old or heading for c, heading in zip(COLUMNS[kind], coded, strict=True)]
    for headings in ([c.zh for c in COLUMNS[kind]], coded, old):
        meant = [known.get(normal_heading(heading)) for heading in headings]
        assert None not in meant, dict(zip(headings, meant, strict=True))
        assert len(set(meant)) == len(meant)


def test_codes_are_valid_and_stand_in_reserved_ranges() -> None:
    for index in range(300):
        subject = subjects.subject(SEED, index)
        check = codes.check(subject.unified)
        assert check.valid, check
        assert uscc.is_valid(subject.unified)
        assert subject.unified[2:4] == numbers.AREA_PREFIX
        assert subject.unified[8:10] == numbers.ORGANISATION_PREFIX
        assert subject.unified[8:17] == subject.organisation
        for old in (subject.registration, subject.organisation):
            assert codes.check(old).valid, old
    for unit in units.all_units():
        assert codes.check(unit.code).valid, unit


def test_identity_numbers_have_right_checks_and_an_area_that_was_never_assigned() -> None:
    for index in range(300):
        number = people.person(SEED, index).number
        assert ric.calc_check_digit(number) == number[-1]
        assert number.startswith(numbers.AREA_PREFIX)
        assert codes.is_identity(number)


def test_no_vocabulary_holds_a_character_of_the_given_names() -> None:
    given = set(people.GIVEN)
    assert len(given) == len(people.GIVEN)
    texts = [path.read_text(encoding="utf-8") for path in _public_texts()]
    texts += [*(unit.name for unit in units.all_units()), *people.SURNAMES]
    texts += [subjects.subject(SEED, index).name for index in range(2_000)]
    for text in texts:
        assert not given & set(text), given & set(text)


def _public_texts() -> list[Path]:
    """Everything whose words may stand on a page: templates, kinds, the demo's vocabulary."""
    found = list(shipped("templates").rglob("*.html")) + list(shipped("config").rglob("*.toml"))
    return [*found, *(Path(str(module.__file__)).with_suffix(".toml") for module in (words, further))]


def test_some_persons_are_minors() -> None:
    made = [people.person(SEED, index) for index in range(5_000)]
    assert sum(person.minor for person in made) == 125
    assert all((person.born.year > 2008) == person.minor for person in made)


def test_a_larger_demo_has_units_that_report_regularly() -> None:
    made = plan.files(5_000, SEED, TODAY)
    assert sum(file.job.rows for file in made) == 5_000
    regular_files = [file for file in made if file.received]
    assert {file.received <= TODAY for file in regular_files if file.received} == {True}
    assert {file.job.rows == 0 for file in regular_files} == {
        True,
        False,
    }  # a zero report 零报送 is among them
    for file in regular_files:
        maker = Maker(file.job)
        days = [maker.day() for _ in range(200)]
        assert file.received is not None
        assert all(timedelta(1) <= file.received - day <= timedelta(regular.DAYS) for day in days)
    begun = regular.since(TODAY)
    assert plan.schedules(5_000, TODAY)[0] == ("云泽省交通运输局", "licence", "month", begun.isoformat())
    owed = {(unit, kind) for unit, kind, _, _ in plan.schedules(5_000, TODAY)}
    history = [file for file in made if (file.job.source, file.job.kind) in owed and not file.received]
    assert all(Maker(file.job).day() < begun for file in history)


def test_a_small_demo_has_none() -> None:
    assert plan.schedules(600, TODAY) == []
    assert not any(file.received for file in plan.files(600, SEED, TODAY))
