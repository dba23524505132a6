"""Make the fold table ``register/creditregister/fold.tsv`` (run by hand, never at run time).

    .venv/bin/python tools/make_fold.py            # writes the table
    .venv/bin/python tools/make_fold.py --check    # exit 1 if the committed table differs

It needs ``opencc`` (extra ``build``), whose character table gives traditional → simplified 繁→简; where
a character has several simplified forms (乾 → 干 or 乾) opencc's first one is taken. Everything else
comes from ``unicodedata``. The table is committed because both tools change with their versions, and
a fold that changes silently would make every index wrong: whoever commits another table raises
``FOLD_VERSION`` in creditregister/text.py.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import opencc

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = Path(__file__).parent.parent / "register" / "creditregister" / "fold.tsv"
SURROGATES = range(0xD800, 0xE000)

#: What looks alike in documents and is typed for one another, although Unicode keeps it apart.
ALIKE = {
    "-": "‐‑‒–—―−─━⁃˗﹘",
    "~": "〜〰∼∽",
    "·": "•‧∙⋅・᛫⸱●・·",
    '"': "“”„‟″〃＂",
    "'": "‘’‚‛′`´ʼ",
    ":": "∶︓ː",
    "〇": "○◯",
    ".": "。｡",
    ",": "，、､",
}
#: Letters and symbols that are drawn as nothing; white space and format characters are found by category.
BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc"
#: Accents: with them gone the composed and the decomposed form of a letter fold alike.
ACCENTS = ((0x300, 0x370), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00), (0x20D0, 0x2100), (0xFE20, 0xFE30))
VARIATIONS = ((0xFE00, 0xFE10), (0xE0100, 0xE01F0))
_PLAIN = {character: plain for plain, alike in ALIKE.items() for character in alike}
_QUOTES = set("‚„")


def main() -> int:
    """Write the table, or compare it with the committed one."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare, exit 1 if different")
    text = "".join(lines())
    if parser.parse_args().check:
        return int(TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8")
    return 0


def lines() -> Iterator[str]:
    """Yield the head and one line for each character that folds to something else."""
    yield (
        "# The fold table: code point (hexadecimal), TAB, the code points it folds to (-: removed).\n"
        f"# Made by tools/make_fold.py with Unicode {unicodedata.unidata_version}"
        f" and opencc {opencc.__version__}. Do not edit.\n"
    )
    converter = opencc.OpenCC("t2s")
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        unassigned = unicodedata.category(character) == "Cn" and not blank(character)
        if code in SURROGATES or unassigned:
            continue
        folded = closed(character, converter)
        if folded != character:
            yield f"{code:04X}\t{points(folded)}\n"


def points(folded: str) -> str:
    """Write code points in hexadecimal, or a dash so that no line ends in white space."""
    return " ".join(f"{ord(each):04X}" for each in folded) or "-"


def closed(character: str, converter: opencc.OpenCC) -> str:
    """Fold one character again and again until nothing changes, so that folding twice is folding once."""
    seen = [character]
    while True:
        folded = "".join(once(each, converter) for each in seen[-1])
        if folded == seen[-1]:
            return folded
        if folded in seen:
            raise ValueError(f"the fold of U+{ord(character):04X} goes in a circle: {seen}")
        seen.append(folded)


def once(character: str, converter: opencc.OpenCC) -> str:
    """Fold one character one step: width and case, accents, marks that look alike, 繁→简."""
    if blank(character):
        return ""
    if character in _PLAIN:
        return _PLAIN[character]
    category = unicodedata.category(character)
    if category == "Pd":
        return "-"
    if category in {"Ps", "Pe"} and character not in _QUOTES:
        return "(" if category == "Ps" else ")"
    plain = without_accents(unicodedata.normalize("NFKC", character).casefold())
    return str(converter.convert(plain))


def blank(character: str) -> bool:
    """Tell whether a character is white space, a control or format character, or drawn as nothing."""
    code = ord(character)
    return (
        unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}
        or character in BLANK
        or any(first <= code < last for first, last in ACCENTS + VARIATIONS)
    )


def without_accents(text: str) -> str:
    """Take Latin, Greek and Cyrillic accents off; other scripts' marks are letters and stay."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(each for each in parts if not blank(each)))


if __name__ == "__main__":
    raise SystemExit(main())
