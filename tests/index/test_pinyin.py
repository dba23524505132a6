"""How names are read, and how what people type meets it: places, surnames, several readings, syllables."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from creditindex import pinyin, spelling
from creditindex.plan import AnyOf, Phrase, Term, by_pinyin

SYLLABLES = st.sampled_from(sorted(spelling.SYLLABLES - spelling._SILENT))


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("晨光食品", "'chen'guang'shi'pin"),
        ("单县食品", "'shan'xian'shi'pin"),
        ("六安茶业", "'lu'an'cha'ye"),
        ("洪洞醋业", "'hong'tong'cu'ye"),
        ("重庆银行", "'chong'qing'yin'hang"),
        ("厦门大厦", "'xia'men'da'sha"),
        ("绿源", "'lv'yuan"),
        ("tcl科技", "'t'c'l'ke'ji"),
        ("曾记餐饮", "'zeng'ji'can'yin"),
        ("仇记", "'qiu'ji"),
    ],
)
def test_names_are_read_as_people_read_them(name: str, whole: str) -> None:
    assert pinyin.spelt(name).whole[0] == whole


@pytest.mark.parametrize("character", sorted(pinyin.SEVERAL))
def test_a_character_with_several_readings_is_written_in_each(character: str) -> None:
    found = pinyin.spelt(f"{character}龘").whole
    assert [way.removesuffix("'da").lstrip("'") for way in found] == pinyin.SEVERAL[character].split()
    assert len(found) > 1


def test_ways_are_few_however_many_characters_have_several() -> None:
    letters = pinyin.spelt("曾仇单解查区盖翟覃缪")
    assert len(letters.whole) == pinyin.MOST_WAYS
    assert letters.whole[0] == "'zeng'qiu'dan'jie'cha'qu'gai'zhai'qin'miao"
    assert len(letters.initials) <= pinyin.MOST_WAYS


def test_a_character_that_nobody_reads_stands_for_itself() -> None:
    assert pinyin.spelt("㐂𠮷米").initials == ("㐂𠮷m",)
    assert pinyin.spelt("") == pinyin.Spelt(("",), ("",))


def test_our_syllables_are_those_of_the_dictionary() -> None:
    known = {to_normal(each) for readings in PINYIN_DICT.values() for each in readings.split(",")} - {"ê"}
    assert known == spelling.SYLLABLES
    own = {
        each
        for table in (pinyin.SEVERAL, pinyin.WORDS)
        for readings in table.values()
        for each in readings.split()
    }
    assert own <= spelling.SYLLABLES


def test_a_web_worker_loads_no_table_of_readings() -> None:
    program = "import sys, creditsite.wsgi; sys.exit('pypinyin' in sys.modules or 'creditindex.pinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@given(st.lists(SYLLABLES, min_size=1, max_size=8), st.data())
def test_what_is_typed_is_cut_as_it_was_meant_or_a_shorter_way(meant: list[str], data: st.DataObject) -> None:
    typed = "".join(meant)
    found = spelling.ways(typed)
    assert len(found) <= spelling.WAYS
    assert all(way.replace(spelling.MARK, "") == typed for way in found)
    fewest = found[0].count(spelling.MARK)
    assert fewest <= len(meant)
    if len(found) < spelling.WAYS:
        assert spelling.marked(meant) in found
    half = data.draw(st.integers(1, len(meant[-1])))
    begun = "".join(meant[:-1]) + meant[-1][:half]
    assert spelling.ways(begun)


@pytest.mark.parametrize(
    "text", ["", "c", "12", "2026", "晨光", "c g 公司", "c" * 51, "11010519491231002X", "a-b", "*"]
)
def test_what_is_no_pinyin_is_not_looked_for(text: str) -> None:
    assert by_pinyin(text) is None


def test_initials_and_syllables_are_both_looked_for() -> None:
    assert by_pinyin("CG Sp") == AnyOf((Phrase("s_initials", "cgsp"),))
    assert by_pinyin("xi'a") == AnyOf(
        (Phrase("s_initials", "xia"), Phrase("s_pinyin", "'xia"), Phrase("s_pinyin", "'xi'a"))
    )
    assert by_pinyin("lü") == AnyOf((Term("s_initials", "lv"), Phrase("s_pinyin", "'lv")))
