"""Workbooks that are made to do harm: refused with a sentence, at once, before a spreadsheet library sees them."""

from __future__ import annotations

import struct
import time
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from creditindex.feeds import parts
from creditindex.feeds.bombs import column_name, place
from creditindex.feeds.problems import FileRefusedError
from support import tables

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds in which a bomb must be refused (issue 3); a busy machine gets no more.
AT_ONCE = 2.0


def refusal(path: Path) -> FileRefusedError:
    begun = time.monotonic()
    with pytest.raises(FileRefusedError) as refused:
        tables.read(path)
    assert time.monotonic() - begun < AT_ONCE
    assert refused.value.message.endswith("。")
    return refused.value


def test_the_sparse_bomb(tmp_path: Path) -> None:
    row = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = tables.raw_sheet(tmp_path / "sparse.xlsx", tables.sheet(row))
    assert path.stat().st_size < 6_000
    refused = refusal(path)
    assert refused.code == "sparse"
    assert "XFD1048576" in refused.message


@pytest.mark.parametrize(
    "reference", ["XFD1048576", "xfd1048576", "A1048576", "AAA1", "A9999999999", "ZZZZZZ1"]
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_cell_far_outside_in_any_spelling(tmp_path: Path, reference: str, quote: str) -> None:
    row = f"<row><c r={quote}{reference}{quote}><v>1</v></c></row>"
    refused = refusal(tables.raw_sheet(tmp_path / "sparse.xlsx", tables.sheet(row)))
    # A row without a number of its own is the first one for the slow reader: then its cell is no heading.
    assert refused.code in ("sparse", "broken", "headings")


def test_the_dense_bomb(tmp_path: Path) -> None:
    row = "<row>" + "<c><v>1</v></c>" * 50 + "</row>"
    path = tables.raw_sheet(tmp_path / "dense.xlsx", tables.sheet(row * 300_000))
    assert path.stat().st_size < 1_500_000
    assert refusal(path).code == "bomb"


def test_a_far_cell_that_is_only_formatted_does_no_harm(tmp_path: Path) -> None:
    names = "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in tables.PENALTY)
    values = "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in tables.PENALTY.values())
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    body = tables.sheet(f'<row r="1">{names}</row><row r="2">{values}</row>{far}')
    taken = tables.read(tables.raw_sheet(tmp_path / "formatted.xlsx", body))
    assert [each.outcome for each in taken] == ["delivered"]


def test_headers_that_lie_about_sizes(tmp_path: Path) -> None:
    path = tables.raw_sheet(tmp_path / "lying.xlsx", tables.sheet("<row/>" * 100_000))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    while (found := data.find(struct.pack("<I", true))) >= 0:
        data[found : found + 4] = struct.pack("<I", 1000)
    path.write_bytes(data)
    assert refusal(path).code == "bomb"


def test_a_hundred_thousand_parts(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(70_000):
            archive.writestr(f"{number}", b"")
    assert refusal(path).code == "bomb"


def test_a_list_of_parts_that_claims_to_be_short(tmp_path: Path) -> None:
    path = tmp_path / "many.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(parts.PARTS + 1):
            archive.writestr(f"{number}", b"")
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + 8 : end + 12] = struct.pack("<HH", 3, 3)
    path.write_bytes(data)
    assert refusal(path).code in ("bomb", "broken")


def test_parts_that_share_their_bytes(tmp_path: Path) -> None:
    """One deflated block, listed a hundred times: each part unpacks, the archive stays small."""
    path = tmp_path / "shared.xlsx"
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(bytes(1_000_000)) + packed.flush()
    check = zlib.crc32(bytes(1_000_000))
    sizes = struct.pack("<IIIHH", check, len(body), 1_000_000, 1, 0)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + b"a" + body
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
    entry += struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a"
    count = 100
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(entry) * count, len(local), 0)
    path.write_bytes(local + entry * count + end)
    assert refusal(path).code == "bomb"


def test_entities_and_other_encodings_in_the_xml(tmp_path: Path) -> None:
    laugh = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]>' + tables.sheet("")
    assert refusal(tables.raw_sheet(tmp_path / "laughs.xlsx", laugh)).code == "entities"
    wide = tables.sheet("").decode().encode("utf-16")
    assert refusal(tables.raw_sheet(tmp_path / "wide.xlsx", wide)).code == "entities"


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.99])
def test_half_a_file(tmp_path: Path, cut: float) -> None:
    path = tables.workbook(tmp_path / "half.xlsx", [list(tables.PENALTY)])
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * cut)])
    assert refusal(path).code == "broken"


def test_too_many_rows(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "long.xlsx", [list(tables.PENALTY)] + [["x"]] * 50)
    with pytest.raises(FileRefusedError, match="超过") as refused:
        tables.read(path, rows=20)
    assert refused.value.code == "too-many-rows"


def test_names_of_columns() -> None:
    assert [column_name(number) for number in (1, 26, 27, 702, 703, 16_384)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
    assert all(place(f"{column_name(number)}7") == (7, number) for number in range(1, 2000))
