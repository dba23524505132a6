"""Rare characters 生僻字 in deliveries: outside GBK, outside the BMP, in every encoding, none lost or changed."""

from __future__ import annotations

import codecs
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.feeds.cells import clean
from creditindex.feeds.delimited import Delimited, prove
from support.rare import HAN


def cells(data: bytes) -> list[str]:
    file = io.BytesIO(data)
    return [clean(cell)[0] for _, row in Delimited(file, prove(file), ",").rows() for cell in row]


def written(texts: list[str], encoding: str) -> bytes:
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16-le" else b""
    return mark + "".join(f"名称,{text}\n" for text in texts).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le"])
def test_every_han_character_is_read_as_it_was_written(encoding: str) -> None:
    pieces = [HAN[start : start + 100] for start in range(0, len(HAN), 100)]
    assert [cell for cell in cells(written(pieces, encoding)) if cell != "名称"] == pieces


@given(
    st.lists(st.text(HAN, min_size=1, max_size=20), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_any_han_text_comes_through_a_file(texts: list[str], encoding: str) -> None:
    assert [cell for cell in cells(written(texts, encoding)) if cell != "名称"] == texts


@pytest.mark.parametrize(
    ("code", "character"),
    [
        (b"\xfe\x59", "龴"),
        (b"\xfe\xa0", "龻"),
        (b"\xfe\x51", "𠂇"),
        (b"\xfe\x91", "𤇾"),
        (b"\xfe\x9f", "䶮"),
        (b"\xa8\xbc", "ḿ"),
    ],
)
def test_two_bytes_that_the_first_edition_of_gb_18030_kept_private(code: bytes, character: str) -> None:
    data = "名称,云泽".encode("gb18030") + code + "食品\n".encode("gb18030")
    assert cells(data)[1] == f"云泽{character}食品"


def test_a_private_character_is_read_the_same_in_unicode() -> None:
    assert clean("云泽\ue81e食品") == ("云泽龴食品", ())
    assert clean("云泽\ue000食品") == ("云泽\ue000食品", ())
