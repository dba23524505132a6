"""What sort of file a delivery is, and a helpful sentence for every other sort."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from creditindex.feeds.problems import FileRefusedError
from creditindex.feeds.sniff import Sort, recognise
from support import tables

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("head", "sort"),
    [
        ("名称,日期\n".encode(), Sort.TEXT),
        (b"PK\x03\x04....", Sort.XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Sort.XLS),
        (b"\xef\xbb\xbfname", Sort.TEXT),
        ("[名称],日期\n".encode(), Sort.TEXT),
        (b'[{"name": 1}]', Sort.JSON),
        (b"\xef\xbb\xbf [\n {", Sort.JSON),
        (b"[]", Sort.JSON),
        (b'{"name": 1}', Sort.LINES),
        (b"{", Sort.LINES),
    ],
)
def test_five_sorts_are_read(head: bytes, sort: Sort) -> None:
    assert recognise(head) is sort


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\x1f\x8b\x08", "archive"),
        (b"Rar!\x1a", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (b"%PDF-1.7", "type"),
        (b"\x89PNG\r\n", "type"),
        (b"{\\rtf1", "type"),
        (b"<html><table>", "markup"),
        (b"\xef\xbb\xbf  <!DOCTYPE html>", "markup"),
        (b'<?xml version="1.0"?><Workbook>', "markup"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "encoding"),
        (b"\x09\x04\x06\x00\x00\x00", "old-xls"),
    ],
)
def test_everything_else_is_named_and_refused(head: bytes, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        recognise(head)
    assert refused.value.code == code
    assert refused.value.message.endswith("。")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}, "ods"),
        ({"word/document.xml": b"<x/>"}, "type"),
        ({"xl/workbook.bin": b""}, "type"),
        ({"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b""}, "macros"),
        ({"a.csv": b"a,b"}, "archive"),
        ({"xl/workbook.xml": b"<workbook/>", "xl/embeddings/a.xlsx": b"PK"}, "nested"),
    ],
)
def test_archives_that_are_no_plain_workbook(tmp_path: Path, parts: dict[str, bytes], code: str) -> None:
    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(FileRefusedError) as refused:
        tables.read(path)
    assert refused.value.code == code


def test_locked_and_foreign_compound_files(tmp_path: Path) -> None:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for names, code in (("EncryptedPackage", "locked"), ("WordDocument", "type"), ("Other", "type")):
        path = tmp_path / "table.xls"
        path.write_bytes(head + names.encode("utf-16-le"))
        with pytest.raises(FileRefusedError) as refused:
            tables.read(path)
        assert refused.value.code == code
