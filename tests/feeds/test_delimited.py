"""Delimited text: the encoding is proven, nothing is replaced, broken files are named by byte and row."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.feeds import delimited
from creditindex.feeds.delimited import Delimited, Encoding, prove
from creditindex.feeds.headings import Dictionary
from creditindex.feeds.opened import open_table
from creditindex.feeds.problems import FileRefusedError
from support import tables


def rows(data: bytes, mark: str = ",") -> list[list[str]]:
    file = io.BytesIO(data)
    return [cells for _, cells in Delimited(file, prove(file), mark).rows()]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("名称,𠮷\n".encode(), Encoding("utf-8", 0)),
        ("名称\n".encode("utf-8-sig"), Encoding("utf-8", 3)),
        ("名称,镕\n".encode("gb18030"), Encoding("gb18030", 0)),
        ("名称,𠮷㐀\n".encode("gb18030"), Encoding("gb18030", 0)),
        ("名称\n".encode("gbk"), Encoding("gb18030", 0)),
        (b"\xff\xfe" + "名称\n".encode("utf-16-le"), Encoding("utf-16-le", 2)),
        (b"\xfe\xff" + "名称\n".encode("utf-16-be"), Encoding("utf-16-be", 2)),
        (b"a,b\n", Encoding("utf-8", 0)),
    ],
)
def test_the_encoding_is_proven(data: bytes, encoding: Encoding) -> None:
    assert prove(io.BytesIO(data)) == encoding


def test_a_byte_that_fits_no_encoding_is_named_by_offset_and_row() -> None:
    with pytest.raises(FileRefusedError) as refused:
        prove(io.BytesIO("名称,日期\n甲,1\n".encode() + b"a\xff,2\n"))
    assert refused.value.code == "encoding"
    # 14 bytes of headings, 6 of the first row, one letter: the 22nd byte, in row 3.
    assert "第 22 个字节（第 3 行）" in refused.value.message


def test_the_offset_is_right_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_CHUNK", 7)
    data = "名称,日期\n".encode() * 5 + "称".encode()[:2] + b"\n\xff"
    with pytest.raises(FileRefusedError, match=rf"按 UTF-8 解码，在第 {14 * 5 + 1} 个字节（第 6 行）"):
        prove(io.BytesIO(data))


def test_a_file_that_was_cut_inside_a_character_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="编码"):
        prove(io.BytesIO("名称,甲\n乙".encode()[:-1]))


def test_utf16_without_its_mark_is_refused_with_advice() -> None:
    with pytest.raises(FileRefusedError, match=r"NUL.*UTF-8"):
        prove(io.BytesIO("a,b\n".encode("utf-16-le")))


def test_nul_is_refused_with_its_row() -> None:
    with pytest.raises(FileRefusedError, match="第 2 行含有 NUL"):
        prove(io.BytesIO(b"a,b\nc\0,d\n"))


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(FileRefusedError, match="未换行"):
        prove(io.BytesIO(b"a,b\n" + b"x" * (delimited.LINE_LIMIT + 2 * 1024 * 1024)))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'a,b\n"c,d\n', "quotes"),
        (b'a,b\n"c"d,e\n', "quotes"),
        (b'a,b\n"' + b"x" * (delimited.FIELD_LIMIT + 1) + b'",d\n', "long-field"),
    ],
)
def test_broken_quotes_and_endless_fields_name_their_row(data: bytes, code: str) -> None:
    with pytest.raises(FileRefusedError, match="第 2 行") as refused:
        rows(data)
    assert refused.value.code == code


def test_rows_count_as_in_a_spreadsheet_whatever_the_line_ends() -> None:
    for end in ("\n", "\r\n", "\r"):
        data = end.join(["a,b", '"one', 'two",c', "", "d,e"]).encode()
        file = io.BytesIO(data)
        numbers = [number for number, cells in Delimited(file, prove(file), ",").rows() if cells]
        assert numbers == [1, 2, 4]


def test_a_file_that_changes_while_it_is_read_is_noticed() -> None:
    file = io.BytesIO("名称\n甲\n".encode())
    encoding = prove(file)
    file.seek(0)
    file.write(b"\xff\xff\xff")
    with pytest.raises(FileRefusedError, match="读取期间被改动"):
        list(Delimited(file, encoding, ",").rows())


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0\r", codec="utf-8")), min_size=2), min_size=1
    )
)
def test_every_text_comes_back_as_it_was_written(table: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    for codec in ("utf-8", "gb18030"):
        data = out.getvalue().encode(codec)
        file = io.BytesIO(data)
        # What is valid UTF-8 is never taken for GB18030, so only the codec at hand is tried here.
        found = [cells for _, cells in Delimited(file, Encoding(codec, 0), ",").rows()]
        assert found == table


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_the_delimiter_is_the_one_that_makes_headings(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(tables.text([tables.penalty(违法事实="甲,乙;丙|丁\t戊")], mark), "utf-8")
    taken = tables.read(path)
    assert tables.content(taken[0])["facts"] == "甲,乙;丙|丁\t戊"


SHARED = os.environ.get("CREDIT_TEST_SHARED", "")


@pytest.mark.skipif(not SHARED, reason="CREDIT_TEST_SHARED names no folder of files")
def test_a_collection_of_odd_tables_is_read_as_its_authors_say() -> None:
    folder = Path(SHARED) / "data" / "tables" / "csv-spectrum"
    tried = sorted(folder.glob("csvs_*.csv"))
    for path in tried:
        heads, *body = (cells for cells in rows(path.read_bytes()) if cells)
        said = json.loads(
            path.with_name(path.name.replace("csvs_", "json_")).with_suffix(".json").read_bytes()
        )
        found = [dict(zip(heads, cells, strict=True)) for cells in body]
        assert json.dumps(found).replace("\\r\\n", "\\n") == json.dumps(said).replace("\\r\\n", "\\n"), (
            path.name
        )
    assert len(tried) == 11


@pytest.mark.parametrize("mark", [",", "\t", ";", "|"])
def test_a_table_that_nobody_knows_is_told_by_its_cells(mark: str) -> None:
    text = mark.join(["date", "temperature", "place"]) + "\n" + mark.join(["2011-01-01", "1", "Galway"])
    with pytest.raises(FileRefusedError, match="第一行是：date、temperature、place"):
        open_table(io.BytesIO(text.encode()), len(text), Dictionary(tables.KINDS, "", {}), {}, 100)
