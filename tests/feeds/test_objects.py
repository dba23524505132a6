"""JSON and JSON Lines: what is read, what is refused and with which sentence, in how much memory."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.feeds import objects
from creditindex.feeds.objects import Objects
from creditindex.feeds.problems import FileRefusedError
from support import tables

if TYPE_CHECKING:
    from pathlib import Path

ROW = {"行政相对人名称": "云泽市甲食品有限公司", "违法事实": "未公示", "处罚决定日期": "2026-05-10"}


def read(
    path: Path, text: str | bytes, *, lines: bool = False
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Keys and rows of a file with this text."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with path.open("rb", buffering=0) as file:
        reading = Objects(file, path.stat().st_size, lines=lines)
        rows = list(reading.rows())
        assert reading.digest == hashlib.sha256(path.read_bytes()).hexdigest()
        assert reading.position == path.stat().st_size or not lines
        return reading.keys, rows


def refusal(path: Path, text: str | bytes, *, lines: bool = False) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as refused:
        read(path, text, lines=lines)
    assert refused.value.message.endswith("。")
    return refused.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "delivery.json"


def test_an_array_is_a_table_of_all_its_keys(path: Path) -> None:
    keys, rows = read(path, '\ufeff [ {"a": "x", "b": null} ,\n {"c": true, "a": ["y", "z", null]} ] \n')
    assert keys == ["a", "b", "c"]
    assert rows == [(1, ["x", "", ""]), (2, ["y、z", "", "true"])]


def test_lines_are_numbered_as_an_editor_does(path: Path) -> None:
    keys, rows = read(path, '{"a":"x"}\r\n\n  \n{"b":"y\u2028z"}', lines=True)
    assert keys == ["a", "b"]
    assert rows == [(1, ["x", ""]), (4, ["", "y\u2028z"])]


def test_numbers_stay_as_they_are_written(path: Path) -> None:
    _, rows = read(path, '[{"a": 12.50, "b": 1e5, "c": -0.0, "d": 9007199254740991, "e": 1.5E-3}]')
    assert rows == [(1, ["12.50", "100000", "-0.0", "9007199254740991", "0.0015"])]


def test_gb18030_and_characters_outside_the_plane(path: Path) -> None:
    _, rows = read(path, '[{"名": "㐂𬱖"}]'.encode("gb18030"))
    assert rows == [(1, ["㐂𬱖"])]
    _, rows = read(path, '{"名": "\\ud872\\udc56"}', lines=True)
    assert rows == [(1, ["\U0002c856"])]


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"uscc": "1", "uscc": "2"}', "key-twice"),
        ('{"a": {"b": 1, "b": 1}}', "key-twice"),
        ('{"a": NaN}', "no-number"),
        ('{"a": -Infinity}', "no-number"),
        ('{"a": 9007199254740992}', "rounded"),
        ('{"a": ' + "9" * 100_000 + "}", "rounded"),
        ('{"a": 1e999999999}', "rounded"),
        ('{"a": 1e-999999999}', "rounded"),
        ('{"a": {"b": 1}}', "nested"),
        ('{"a": [[1]]}', "nested"),
        ('{"a": ' + "[" * 10_000 + "]" * 10_000 + "}", "nested"),
        ('{"a": ' + '{"a":' * 10_000 + "1" + "}" * 10_000 + "}", "nested"),
        ('{"a": "\\ud800"}', "half"),
        ('{"\\udfff": "a"}', "half"),
        ('{"a": "' + "x" * 200_001 + '"}', "long-field"),
        ('{"a": ["' + "x" * 150_000 + '", "' + "x" * 150_000 + '"]}', "long-field"),
        ("3", "json"),
        ('["a"]', "json"),
        ('{"a": 1', "json"),
        ('{"a": 1} x', "json"),
        ("{'a': 1}", "json"),
        ('{"a": 01}', "json"),
        ('{"a": "\t"}', "json"),
        ("{}", "empty"),
        (json.dumps({str(number): 1 for number in range(703)}), "keys"),
    ],
)
def test_what_two_programs_could_read_differently_is_refused(
    path: Path, text: str, code: str, *, lines: bool
) -> None:
    before = json.dumps({"a": 1})
    whole = f"{before}\n{text}\n" if lines else f"[{before},\n{text}]"
    if code == "empty":
        whole = text if lines else f"[{text}]"
    error = refusal(path, whole, lines=lines)
    assert error.code == code
    if code not in {"empty", "keys"}:
        assert "第 2 " in error.message


@pytest.mark.parametrize(
    "text", ['[{"a":1},]', '[{"a":1} {"a":2}]', '[{"a":1}', '[{"a":1}] []', "[{},,{}]", "["]
)
def test_a_broken_array_is_refused_with_its_place(path: Path, text: str) -> None:
    error = refusal(path, text)
    assert error.code == "json"
    assert "文件第 1 行第" in error.message


def test_an_empty_array_says_so(path: Path) -> None:
    assert refusal(path, "[ ]").code == "empty"


def test_an_object_over_several_lines_is_no_line(path: Path) -> None:
    assert "JSON Lines" in refusal(path, json.dumps({"data": [ROW]}, indent=1), lines=True).message


def test_a_large_array_is_refused_before_it_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "ARRAY_BYTES", 20)
    assert "JSON Lines" in refusal(path, json.dumps([ROW])).message
    assert read(path, json.dumps(ROW), lines=True)[1]


def test_a_nul_character_is_refused(path: Path) -> None:
    assert refusal(path, b'{"a": "\0"}', lines=True).code == "nul"


def test_lines_stream_in_flat_memory(path: Path) -> None:
    line = json.dumps({f"键{number}": "值" * 20 for number in range(20)}, ensure_ascii=False) + "\n"
    peaks = []
    for count in (500, 5_000):
        path.write_text(line * count)
        with path.open("rb", buffering=0) as file:
            tracemalloc.start()
            seen = sum(1 for _ in Objects(file, path.stat().st_size, lines=True).rows())
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert seen == count
    assert peaks[1] < peaks[0] * 1.2


VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text()
    | st.lists(st.text(), max_size=3)
)
ROWS = st.lists(
    st.dictionaries(st.text(min_size=1, max_size=8), VALUES, min_size=1, max_size=5), min_size=1, max_size=5
)


def expected(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


@given(rows=ROWS)
def test_both_forms_give_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "objects.json"
    as_array = read(path, json.dumps(rows))
    as_lines = read(path, "".join(json.dumps(row) + "\n" for row in rows), lines=True)
    assert as_array == as_lines
    keys, found = as_lines
    assert [dict(zip(keys, cells, strict=True)) for _, cells in found] == [
        {key: expected(row.get(key)) for key in keys} for row in rows
    ]


@given(text=st.text(alphabet='{}[]",:\\ue0123456789.-+ntrfalsy \n', max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text("[" + text)
    for lines in (True, False):
        with path.open("rb", buffering=0) as file, suppress(FileRefusedError):
            list(Objects(file, path.stat().st_size, lines=lines).rows())


@pytest.mark.parametrize("name", ["delivery.json", "delivery.jsonl"])
def test_a_delivery_of_objects_becomes_records(tmp_path: Path, name: str) -> None:
    rows = [tables.penalty(number) for number in (1, 2)] + [tables.penalty(3, 处罚决定日期="2025-13-01")]
    path = tmp_path / name
    text = json.dumps(rows, ensure_ascii=False) if name.endswith("json") else "\n".join(map(json.dumps, rows))
    path.write_text(text, encoding="utf-8")
    same = tables.write(tmp_path / "same.csv", rows)
    taken, wanted = tables.read(path), tables.read(same)
    assert [each.outcome for each in taken] == ["delivered", "delivered", "refused"]
    assert [tables.content(each) for each in taken[:2]] == [tables.content(each) for each in wanted[:2]]
    assert taken[2].problems[0].message.startswith("第 3 行")
