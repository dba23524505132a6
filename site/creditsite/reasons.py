"""Why a row stands among the results 命中原因, said on the row (FEATURES D3, K4).

Read off what is shown, not taken from the index: so it names the very field, and is true of this version.
Each piece of the question gives one reason: the first place, from codes to contents, in which it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creditregister import references
from creditregister.kinds import Label
from creditregister.text import fold
from creditsite import excerpt, labels

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from creditindex.query import NameHit
    from creditregister.kinds import Kind
    from creditsite.excerpt import Segments

CODE = Label("代码", "Code")
OLD_CODE = Label("旧代码", "Old code")
NAME = Label("名称", "Name")
FORMER = Label("曾用名", "Former name")
NOW = Label("现名", "Name now")
RELATED = Label("相关案件或文书", "Related case or document")
#: How a subject's name fits what was typed.
HOW = {
    "exact": Label("名称一致", "Same name"),
    "containing": Label("名称含有", "In the name"),
    "closest": Label("名称相近", "Similar name"),
    "pinyin": Label("拼音相符", "Pinyin"),
    "code": CODE,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; ``field`` names the field where the label does not, ``text`` is what matched in it."""

    label: Label
    field: Label | None = None
    text: Segments | None = None


def of_record(
    kind: Kind, document: Mapping[str, Any], needles: Sequence[str], current: str = ""
) -> list[Reason]:
    """The reasons of a record; ``current`` is its subject's name now, where the record bears another one."""
    found: list[Reason] = []
    for needle in needles:
        reason = next(_places(kind, document, needle, current), None) if needle else None
        if reason is not None and reason not in found:
            found.append(reason)
    return found


def of_subject(hit: NameHit | None, *, former: bool) -> list[Label]:
    """The reasons of a subject, which was found by a name, or by its code where there is no hit."""
    how = HOW[hit.how if hit is not None else "code"]
    return [FORMER, how] if former else [how]


def number(text: str, needles: Sequence[str]) -> Segments:
    """A number with what matched marked; all of it where it is written otherwise than it was typed."""
    segments = excerpt.marked(text, needles)
    if len(segments) == 1 and not segments[0][1] and _means(text, needles):
        return [(text, True)]
    return segments


def _places(kind: Kind, document: Mapping[str, Any], needle: str, current: str) -> Iterator[Reason]:
    yield from _codes(document["codes"], needle.replace("-", ""))
    name = fold(document["name"])
    if needle in name:
        yield Reason(FORMER if current and needle not in fold(current) else NAME)
    elif needle in fold(current):
        yield Reason(NOW)
    yield from _numbers(kind, document["fields"], needle)
    for role in ("title", "text"):
        for field, text in excerpt.texts(kind, document["fields"]):
            if field.search == role and needle in fold(text):
                yield Reason(field.label)
    if needle in fold(document["body"]):
        yield Reason(kind.by_id[kind.body].label)


def _codes(codes: Mapping[str, str], needle: str) -> Iterator[Reason]:
    """A code from its beginning; the organisation code inside a unified one is an old code, too."""
    for sort, value in codes.items():
        folded = fold(str(value))
        if folded.startswith(needle) or (sort == "organisation" and folded in needle):
            yield Reason(CODE if sort == "unified" else OLD_CODE, labels.label_of(labels.CODES, sort))
        elif sort == "unified" and needle == folded[8:17]:
            yield Reason(OLD_CODE, labels.CODES["organisation"])


def _numbers(kind: Kind, fields: Mapping[str, Any], needle: str) -> Iterator[Reason]:
    """The record's own number, or another one in it: the case that it rests on."""
    for field in kind.searched:
        value = fields.get(field.id)
        if field.search == "number" and isinstance(value, str) and _stands_in(needle, value):
            if field.id == kind.reference:
                yield Reason(field.label)
            else:
                yield Reason(RELATED, field.label, number(value, (needle,)))


def _stands_in(needle: str, value: str) -> bool:
    return needle in fold(value) or _means(value, (needle,))


def _means(value: str, needles: Sequence[str]) -> bool:
    """Whether the canonical form of a number holds one of the needles."""
    reference = references.parse(value)
    return reference is not None and any(needle in reference.canonical for needle in needles)
