"""Fold 折叠 and canonical JSON: properties that search, highlighting and signatures stand on."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import unicodedata
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from creditregister import text as text_module
from creditregister.text import FOLD_VERSION, FOLDS, canonical, fold, fold_spans
from support import naughty

#: Any text at all, also lone surrogates, which come from broken files.
ANY_TEXT = st.text(st.characters(), max_size=80)
FOLDING = st.text(st.sampled_from(sorted(map(chr, FOLDS))), max_size=20)
MIXED = st.one_of(ANY_TEXT, FOLDING)


@given(MIXED, MIXED)
def test_fold_of_a_sum_is_the_sum_of_folds(first: str, second: str) -> None:
    assert fold(first + second) == fold(first) + fold(second)


@given(MIXED)
def test_few_changes_and_many_are_folded_alike(value: str) -> None:
    many = "".join(map(chr, [code for code in FOLDS if code < 0xD800][:40]))
    assert fold(value) + fold(many) == fold(value + many)


@given(MIXED)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_every_single_character_folds_to_something_settled() -> None:
    for code, folded in FOLDS.items():
        assert fold(folded) == folded, f"U+{code:04X}"


@given(ANY_TEXT)
def test_fold_always_encodes(text: str) -> None:
    fold(text).encode("utf-8")


@pytest.mark.parametrize("text", naughty.ALL)
def test_fold_never_raises_on_naughty_strings(text: str) -> None:
    assert fold_spans(text)[0] == fold(text)


@given(MIXED)
@example("ﬁ（ＡＢ）　發㈱")
def test_spans_lead_back_to_the_original(text: str) -> None:
    folded, offsets = fold_spans(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert list(offsets) == sorted(offsets)
    for place, offset in enumerate(offsets):
        assert folded[place] in fold(text[offset])


def test_a_match_in_the_fold_can_be_shown_in_the_original() -> None:
    text = "虚構（集團） 食品 有限公司"
    folded, offsets = fold_spans(text)
    first = folded.index("集团)食")
    assert text[offsets[first] : offsets[first + 3] + 1] == "集團） 食"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("虚构市监罚〔２０２６〕１号", "虚构市监罚[2026]1号"),
        ("【甲】「乙」《丙》", "(甲)(乙)(丙)"),
        ("甲 乙\t丙\u3000丁\u200b戊\ufeff己", "甲乙丙丁戊己"),
        ("甲—乙－丙–丁", "甲-乙-丙-丁"),
        ("艾·买・艾•买", "艾·买·艾·买"),
        ("發財集團", "发财集团"),
        ("二○二六", "二〇二六"),
        ("“引”‘用’", "\"引\"'用'"),
        ("Café", "cafe"),
        ("Straße", "STRASSE"),
        ("乾", "干"),
    ],
)
def test_spellings_that_are_the_same_to_people(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(st.characters(min_codepoint=0xC0, max_codepoint=0x24F), max_size=20))
def test_composed_and_decomposed_letters_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(("one", "other"), [("王", "玉"), ("己", "已"), ("0", "o"), ("1", "l"), ("一", "-")])
def test_what_is_different_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_another_table_needs_another_version() -> None:
    """An index made with another table is wrong: whoever changes the table raises FOLD_VERSION."""
    table = text_module._TABLE_FILE.read_bytes()
    assert (FOLD_VERSION, hashlib.sha256(table).hexdigest()[:16]) == (1, "5c8eff111f8aed05")


@pytest.mark.slow
def test_the_committed_table_is_what_its_tool_makes() -> None:
    """Only where opencc (extra ``build``) and this Python's Unicode are those in the head of the table."""
    opencc = pytest.importorskip("opencc")
    head = text_module._TABLE_FILE.read_text("ascii").splitlines()[1]
    if unicodedata.unidata_version not in head or opencc.__version__ not in head:
        pytest.skip(f"the table was made with other versions: {head}")
    tool = Path(__file__).parents[2] / "tools" / "make_fold.py"
    assert subprocess.run([sys.executable, tool, "--check"], check=False).returncode == 0


# --- canonical JSON ---------------------------------------------------------------------------------

SAFE = st.integers(-(2**53) + 1, 2**53 - 1)
PLAIN_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=0x7F), max_size=6)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), SAFE, PLAIN_TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_bytes_are_those_of_rfc_8785(value: object) -> None:
    expected = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical(value) == expected.encode()
    assert json.loads(canonical(value)) == value


def test_the_example_of_the_standard() -> None:
    """RFC 8785, 3.2.2, without its numbers: control characters, quotes and letters beyond ASCII."""
    value = {"string": '\u20ac$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    assert canonical(value) == (
        b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


class _Word(StrEnum):
    ONE = "one"


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**53,
        -(2**53),
        b"bytes",
        (1, 2),
        {1: "number as key"},
        {"键": 1},
        {"a": [{"b": 0.5}]},
        _Word.ONE,
        {_Word.ONE: 1},
        {"a": {1, 2}},
        "\ud800",
        {"\ud800": 1},
    ],
)
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="not canonical JSON"):
        canonical(value)


def test_deep_nesting_is_refused_rather_than_followed() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(ValueError, match="deeper"):
        canonical(value)
