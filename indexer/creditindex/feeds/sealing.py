"""Personal data leaves the text of a row before anybody sees it (DESIGN 3, Natural persons).

Third persons, identity, telephone and bank numbers in free text are redacted; the original goes with the
row's secrets, sealed. Where the redaction is not sure of itself, the row is held. What is left is looked at
with the eyes of ``publication``, which would stop a whole chunk for one row that leaks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from creditindex.feeds.cells import Said
from creditregister.kinds import SUBJECT_NAME
from creditregister.privacy import leak, mask
from creditregister.privacy.found import Kind as Sort
from creditregister.privacy.redact import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from creditregister.kinds import Content, Kind, Value
    from creditregister.privacy.redact import Redaction

_WORDS = {
    Sort.IDENTITY: "证件号码",
    Sort.PHONE: "电话",
    Sort.BANK: "银行卡号",
    Sort.NAME: "姓名",
    Sort.ADDRESS: "住址",
    Sort.CONTACT: "联系方式",
}
#: Nothing that ``leak`` finds is shorter; most cells do not even have this.
_DIGITS = re.compile(r"\d[\d\s()（）xX*＊×\u2010-\u2015－-]{6}")
_REMEMBERED = 16_384
_SHORT = 64


class Found(NamedTuple):
    """Something personal in a field, and what is said about it."""

    field: str
    said: Said


class Seals:
    """Redacts the rows of one kind."""

    def __init__(self, kind: Kind) -> None:
        """Sort the kind's fields by what may stand in them."""
        self._kind = kind
        self._free = tuple(field.id for field in kind.fields if field.redact)
        # Codes were recognised as codes, and those are told from persons' numbers there.
        self._numbers = tuple(
            (field.id, field.type == "number_text")
            for field in kind.fields
            if not field.redact and field.type not in ("date", "money", "count", "flag", "secret", "code")
        )
        self._nobody = kind.persons == "never"
        shown = tuple(field.id for field in kind.fields if field.person)
        self._harmless: set[str] = set()  # short texts that repeat themselves, looked at once
        self._kept = (SUBJECT_NAME, kind.body, *shown)

    def seal(self, content: dict[str, Value], secrets: dict[str, str]) -> Iterator[Found]:
        """Redact the texts of a row in place; originals go to ``secrets``."""
        keep: tuple[str, ...] | None = None
        for name in self._free:
            value = content.get(name)
            if isinstance(value, str):
                keep = keep or self._keep(content)
                done = redact(value, keep, nobody=self._nobody)
                yield from _redacted(name, value, done, content, secrets)
        for name, whole in self._numbers:
            value = content.get(name)
            if value is None:
                continue
            text = value if isinstance(value, str) else "、".join(value)
            if text in self._harmless:
                continue
            if leaks(text, whole=whole):
                yield from _numbers(name, text, content, secrets)
            elif len(self._harmless) < _REMEMBERED and len(text) < _SHORT:
                self._harmless.add(text)

    def _keep(self, content: Content) -> tuple[str, ...]:
        """The subject's own name, and those whom the kind shows anyway: they are no third persons."""
        names = (content.get(name) for name in self._kept)
        return tuple(name for name in names if isinstance(name, str))


def leaks(text: str, *, whole: bool) -> bool:
    """Whether a value holds a person's number.

    A document's number may be nothing but digits (``whole``): then it is no telephone and no card.
    """
    return bool(_DIGITS.search(text) and leak.scan(f'"{text}"' if whole else text))


def _redacted(
    name: str, value: str, done: Redaction, content: dict[str, Value], secrets: dict[str, str]
) -> Iterator[Found]:
    if done.found:
        content[name] = done.text
        secrets[name] = value
    if done.uncertain:
        message = "文字中似有第三人的个人信息，不能确定；请人工核对、隐去后重新报送，或确认可以公示"
        yield Found(name, Said("held", "redaction", message))
    elif done.found:
        message = f"文字中的个人信息（{_words(done.found)}）已自动隐去，原文加密保存；请今后勿报送"
        yield Found(name, Said("warned", "redacted", message))


def _numbers(name: str, text: str, content: dict[str, Value], secrets: dict[str, str]) -> Iterator[Found]:
    """A number where none belongs: in a name, a title, a code, a word of a list."""
    message = f"含有{_words(leak.scan(text))}；请把号码移到相应的列"
    done = redact(text)
    if name == SUBJECT_NAME or leak.scan(f'"{done.text}"') or not isinstance(content[name], str):
        yield Found(name, Said("refused", "number-in-text", message))
        return
    content[name] = done.text
    secrets[name] = text
    yield Found(name, Said("warned", "redacted", f"{message}；本次已自动隐去，原文加密保存"))


def unpersonal(sentence: str) -> str:
    """A sentence about a row, on one line and with every person's number in it masked."""
    if not sentence.isprintable():
        sentence = "".join(mark if mark.isprintable() else " " for mark in sentence)
    if _DIGITS.search(sentence):
        for found in reversed(leak.scan(sentence)):
            number = mask.identity(sentence[found.start : found.end])
            sentence = sentence[: found.start] + number + sentence[found.end :]
    return sentence


def _words(found: Iterable[leak.Leak]) -> str:
    return "、".join(sorted({_WORDS[each.kind] for each in found}))
