"""What a text asks for, in the order in which answers are tried (DESIGN 4, Search).

Pure: a text in, values out. A *stage* is one way to read the text; it consists of *tiers*, each wider than
the one before, whose hits come first. A *condition* is what an engine has to translate, and all that it
ever gets to see of a text: terms and phrases made here, in fields that both engines have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from creditindex.query import StageName, Understood, words_of
from creditindex.spelling import letters, ways
from creditindex.terms import GRAM, PREFIX
from creditregister import codes, references
from creditregister.text import fold

if TYPE_CHECKING:
    from creditregister.references import Reference

#: A piece of a document or case number 文书号、案号: a year in brackets and, somewhere after it, digits.
_NUMBER = re.compile(r"\([12]\d{3}\).*\d")
_CODE = re.compile(r"[0-9a-z]{6,20}")
_FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Term:
    """A field holds this very term."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """A field of bigrams holds this text, three characters or longer."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class All:
    """Every one of the conditions holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the conditions holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every record."""


Condition = Term | Phrase | All | AnyOf | Everything


@dataclass(frozen=True, slots=True)
class Tier:
    """Hits of one rank within a stage, and where they match."""

    condition: Condition
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One way to answer. The last tier holds all hits; ``by_name`` orders them by name instead of by day."""

    name: StageName
    tiers: tuple[Tier, ...]
    needles: tuple[str, ...] = ()
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was read; no stages where nothing may be searched."""

    understood: Understood
    stages: tuple[Stage, ...]


def read(text: str) -> Reading:
    """Read a text that was measured before (``query.check_text``)."""
    if codes.find_identities(text):
        return Reading(Understood("nothing", "identity"), ())
    folded = fold(text)
    if not folded:
        return Reading(Understood("browse"), (Stage("browse", (Tier(Everything()),)),))
    check = _code_of(text)
    reference = references.parse(text) if check is None else None
    stages = (*_identifier(folded, check, reference), _name(folded), *_words(text, folded))
    value = check.value if check else text.strip()
    return Reading(Understood(stages[0].name, value, check, reference), stages)


def searchable(text: str) -> str:
    """The fold of a text that names may be looked up by; empty where nothing may be looked up."""
    return "" if codes.find_identities(text) else fold(text)


def is_identifier(text: str) -> bool:
    """Whether a text is a code or the number of a document; close names would mean nothing then."""
    known = _code_of(text) is not None or references.parse(text) is not None
    return known or bool(_NUMBER.search(fold(text)))


def by_pinyin(text: str) -> Condition | None:
    """A name's initials have the text, or its syllables have it; none for a text that is no pinyin 拼音."""
    typed = letters(searchable(text.replace("ü", "v").replace("Ü", "v")))
    if not typed:
        return None
    return AnyOf((contains("s_initials", typed), *(contains("s_pinyin", way) for way in ways(typed))))


def contains_name(folded: str) -> Condition:
    """The text stands inside the name."""
    return Term("gram", folded) if len(folded) <= GRAM else Phrase("name", folded)


def contains(field: str, folded: str) -> Condition:
    """The text, two characters or longer, stands inside a field of bigrams."""
    return Term(field, folded) if len(folded) <= len("ab") else Phrase(field, folded)


def _code_of(text: str) -> codes.CodeCheck | None:
    """What is known of a text that is a code, or looks like one; none for any other text."""
    check = codes.check(text)
    known = check.kind is not None and (check.valid or codes.looks_like_unified(text))
    return check if known or codes.looks_like_unified(text) else None


def _identifier(folded: str, check: codes.CodeCheck | None, reference: Reference | None) -> tuple[Stage, ...]:
    """The stage of codes and numbers; none for a text that cannot be one."""
    if check is not None:
        values = dict.fromkeys([folded, fold(check.value), fold(check.organisation or "")])
        terms = tuple(Term("identifier", value) for value in values if value)
        return (Stage("identifier", (Tier(AnyOf(terms), ("code",)),), (folded,)),)
    if reference is not None:
        return (_cited(folded, reference.canonical),)
    if not any(character.isdigit() for character in folded):
        return ()
    tiers = [Tier(Term("identifier", folded), ("number",))]
    if _NUMBER.search(folded):
        tiers.append(Tier(AnyOf((tiers[0].condition, Phrase("number", folded))), ("number",)))
    elif _begins_code(plain := folded.replace("-", "")):
        tiers = [Tier(AnyOf((tiers[0].condition, Term("prefix", plain))), ("code",))]
    return (Stage("identifier", tuple(tiers), (folded,)),)


def _cited(folded: str, canonical: str) -> Stage:
    """A case or document number, as typed or in its canonical form: whole first, then inside another."""
    written = tuple(dict.fromkeys([folded, canonical]))
    whole = tuple(Term("identifier", each) for each in written)
    inside = tuple(Phrase("number", each) for each in written)
    tiers = (Tier(AnyOf(whole), ("number",)), Tier(AnyOf((*whole, *inside)), ("number",)))
    return Stage("identifier", tiers, written)


def _begins_code(plain: str) -> bool:
    """Whether the text may be the first characters of a code, and not just a number."""
    digits = sum(character.isdigit() for character in plain)
    return bool(_CODE.fullmatch(plain)) and len(plain) >= PREFIX and digits >= _FEWEST_DIGITS


def _name(folded: str) -> Stage:
    return Stage("name", (Tier(contains_name(folded), ("name",)),), (folded,), by_name=True)


def _words(text: str, folded: str) -> tuple[Stage, ...]:
    """Every word somewhere; a word of one character is looked for in names only."""
    words = tuple(dict.fromkeys(word for part in words_of(text) if (word := fold(part))))
    if not words or (words == (folded,) and len(folded) == 1):
        return ()  # one character stands in a name, or it is not looked for
    head = All(tuple(_word("head", word) for word in words))
    tiers = [Tier(head, ("title",)), Tier(All(tuple(_word("text", word) for word in words)), ("content",))]
    if words != (folded,):  # one word inside a name would have been answered by the stage before
        tiers.insert(0, Tier(All(tuple(contains_name(word) for word in words)), ("name",)))
    return (Stage("words", tuple(tiers), words),)


def _word(field: str, word: str) -> Condition:
    return contains_name(word) if len(word) == 1 else contains(field, word)
