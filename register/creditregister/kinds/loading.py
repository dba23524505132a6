"""Kind files read, checked and made into values.

A kind is one file ``<id>.toml``; files whose name begins with an underscore are no kinds. ``_shared.toml``
holds fields that many kinds have; a kind takes one by ``shared = true`` and may override each of its keys.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from creditregister.kinds.checks import check
from creditregister.kinds.files import FieldId, FieldShape, KindShape, LabelShape, Shape
from creditregister.kinds.headings import normal_heading
from creditregister.kinds.model import (
    CLASSES,
    Choice,
    Field,
    Kind,
    Label,
    SignRule,
    StateRule,
    Visibility,
)
from creditregister.kinds.problems import MANUAL, KindError, Wrong, from_pydantic, nearest
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from pathlib import Path

SHARED = "_shared.toml"
#: Kinds' ids stand in addresses, facets and ledger leaves.
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
#: Yes and no, as delivered tables say them; the code list of every field of type ``flag``.
FLAG = (
    Choice("yes", Label("是", "Yes"), ("1", "y", "true", "t", "√", "有", "同意")),
    Choice("no", Label("否", "No"), ("0", "n", "false", "f", "×", "无", "不同意")),
)


#: Keys of a field that mean the same in the file and in ``model.Field``.
_SAME = (
    "need", "type", "search", "facet", "person", "party", "redact", "unit", "least", "must", "needs", "rest",
)  # fmt: skip


class SharedShape(Shape):
    """``_shared.toml``: fields, nothing else."""

    fields: dict[FieldId, FieldShape]


class Kinds(Mapping[str, Kind]):
    """All kinds by id, in the order of their numbers. ``digest`` changes when any of their files does."""

    def __init__(self, kinds: list[Kind], digest: str) -> None:
        self._kinds = {kind.id: kind for kind in sorted(kinds, key=lambda kind: kind.number)}
        self.digest = digest

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)


def load(folder: Path | None = None) -> Kinds:
    """All kinds of ``folder``, by default those that are shipped.

    Raises:
        KindError: with every error of every file.
    """
    folder = folder or shipped("config") / "kinds"
    files = tuple((path.name, path.read_bytes()) for path in sorted(folder.glob("*.toml")))
    if not files:
        raise KindError([Wrong(str(folder), "file", "there is no kind file", "add one, <id>.toml")])
    return _of_files(files)


@lru_cache(maxsize=4)
def _of_files(files: tuple[tuple[str, bytes], ...]) -> Kinds:
    """The kinds of files by name and content; those that were made before are made once a process."""
    wrong: list[Wrong] = []
    digest = hashlib.sha256()
    tables: dict[str, dict[str, Any]] = {}
    for name, data in files:
        digest.update(name.encode() + b"\0" + data + b"\0")
        table = _toml(name, data, wrong)
        if table is not None:
            tables[name] = table
    shared = tables.pop(SHARED, {"fields": {}})
    if _parse(SharedShape, SHARED, shared, wrong) is None:
        raise KindError(wrong)
    kinds = [_kind(name, table, shared, wrong) for name, table in tables.items() if name[0] != "_"]
    made = [kind for kind in kinds if kind is not None]
    wrong += _twice(made)
    if wrong:
        raise KindError(wrong)
    return Kinds(made, digest.hexdigest())


def _toml(file: str, data: bytes, wrong: list[Wrong]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong.append(Wrong(file, "file", f"is no TOML: {error}", "put that line right"))
        return None


def _kind(file: str, table: dict[str, Any], shared: dict[str, Any], wrong: list[Wrong]) -> Kind | None:
    name = file.removesuffix(".toml")
    if not _ID.fullmatch(name):
        remedy = "name it in lower case letters, digits and single hyphens"
        wrong.append(Wrong(file, "file", f"{name!r} cannot be an id", remedy))
    whole = _with_shared(file, table, shared, wrong)
    shape = _parse(KindShape, file, whole, wrong)
    if not isinstance(shape, KindShape):
        return None
    kind = _made(name, shape, _common(table, shared))
    wrong += check(kind, file)
    return kind


def _with_shared(
    file: str, table: dict[str, Any], shared: dict[str, Any], wrong: list[Wrong]
) -> dict[str, Any]:
    """The file's table with each ``shared = true`` replaced by the shared field under its own keys."""
    fields = table.get("fields")
    if not isinstance(fields, dict):
        return table
    common = shared.get("fields", {})
    merged = {}
    for name, own in fields.items():
        if isinstance(own, dict) and own.get("shared") is True:
            if name not in common:
                remedy = nearest(name, list(common), "shared fields")
                wrong.append(Wrong(file, f"fields.{name}.shared", f"is not in {SHARED}", remedy))
            own = _over(common.get(name, {}), own)  # noqa: PLW2901 -- the table as it is meant
        merged[name] = own
    return {**table, "fields": merged}


def _common(table: dict[str, Any], shared: dict[str, Any]) -> frozenset[str]:
    """The headings that come from the shared fields alone; what a kind lists itself is its own."""
    found: set[str] = set()
    for name, own in table["fields"].items():
        if own.get("shared") is True:
            common = shared["fields"][name]
            words = {*map(normal_heading, (common["zh"], *common.get("headings", ())))}
            found |= words - {normal_heading(word) for word in own.get("headings", ())}
    return frozenset(found)


def _over(common: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Own keys win; headings add up, since a shared heading never means something else."""
    whole = {**common, **own}
    del whole["shared"]
    added = own.get("headings", [])
    if isinstance(added, list):
        whole["headings"] = [*added, *common.get("headings", []), common.get("zh", "")]
    return whole


def _parse(shape: type[BaseModel], file: str, table: dict[str, Any], wrong: list[Wrong]) -> BaseModel | None:
    try:
        return shape.model_validate(table)
    except ValidationError as error:
        wrong += [from_pydantic(file, one, shape) for one in error.errors(include_url=False)]
        return None


def _twice(kinds: list[Kind]) -> Iterator[Wrong]:
    """A number stands for one kind in the index for ever; two kinds with one number would add up."""
    taken: dict[int, str] = {}
    for kind in kinds:
        other = taken.setdefault(kind.number, kind.id)
        if other != kind.id:
            free = min(set(range(1, 64)) - {entry.number for entry in kinds}, default=0)
            remedy = f"take a number of its own, such as {free}; {MANUAL}"
            yield Wrong(f"{kind.id}.toml", "number", f"{kind.number} is that of {other!r}", remedy)


def _made(name: str, shape: KindShape, common: frozenset[str]) -> Kind:
    return Kind(
        id=name,
        number=shape.number,
        name=Label(shape.zh, shape.en),
        sign=shape.sign,
        fields=tuple(_field(one, entry, shape.required) for one, entry in shape.fields.items()),
        required=shape.required,
        identity=shape.identity,
        date=shape.date,
        date_fallback=shape.date_fallback,
        body=shape.body,
        body_code=shape.body_code,
        reference=shape.reference,
        persons=shape.persons,
        catalogue=shape.catalogue.entry,
        catalogue_source=shape.catalogue.source,
        rules=shape.rules,
        titles=tuple(Label(title.zh, title.en) for title in shape.titles),
        state=StateRule(shape.state.field, shape.state.codes, shape.state.until, shape.state.ends),
        ignored=shape.ignored,
        tells=shape.tells,
        common=common,
        consent=shape.consent,
        signs=SignRule(shape.signs.field, shape.signs.codes),
        rounds=shape.rounds,
        listed=shape.listed,
        listed_by=shape.listed_by,
    )


def _field(name: str, shape: FieldShape, required: tuple[tuple[str, ...], ...]) -> Field:
    values = {key: getattr(shape, key) for key in _SAME}
    if (name,) in required:
        values["need"] = "required"
    return Field(
        **values,
        id=name,
        label=Label(shape.zh, shape.en),
        headings=tuple(dict.fromkeys((shape.zh, *shape.headings, shape.en, name))),
        public=_public(shape),
        choices=FLAG if shape.type == "flag" else _choices(shape),
        open_list=shape.open,
        needed_when=shape.needed_when,
        help=_label(shape.help),
    )


def _public(shape: FieldShape) -> dict[str, Visibility]:
    """Said for each class, else: a secret is hidden, and nothing of a person is shown unless it is said."""
    hidden = shape.type == "secret"
    default: dict[str, Visibility] = {
        "organisation": "hidden" if hidden else "shown",
        "business": "hidden" if hidden or shape.person else "shown",
        "person": "hidden",
    }
    return {klass: getattr(shape.public, klass) or default[klass] for klass in CLASSES}


def _choices(shape: FieldShape) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            code,
            Label(entry.zh, entry.en),
            entry.also,
            entry.needs,
            entry.otherwise,
            entry.until,
            entry.afterwards,
        )
        for code, entry in shape.choices.items()
    )


def _label(shape: LabelShape | None) -> Label | None:
    return Label(shape.zh, shape.en) if shape else None
