"""A row made anew: with other content, as of another class, or from a version that is stored (DESIGN 3).

What follows from the content (projection, dates, state, natural key) is worked out here as it is when a row
is delivered, so that an answer, a decision or an undoing cannot make a record that no delivery could.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import orjson

from creditregister import projection
from creditregister.delivered import Delivered
from creditregister.kinds import CODE_FIELDS, SUBJECT_NAME
from creditregister.privacy.person import is_minor
from creditregister.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.kinds import Content, Kind

_IDENTITY = "identity_number"


def natural_key(kind: Kind, content: Content) -> str:
    """The identity fields without the subject, folded, as canonical JSON; empty if one of them is lacking."""
    values = []
    for name in kind.identity:
        if name == "subject":
            continue
        value = content.get(name)
        if not value:
            return ""
        values.append(fold(value if isinstance(value, str) else "、".join(sorted(value))))
    # A list of texts is written the same by RFC 8785, so the cheaper call will do.
    return orjson.dumps(values).decode()


def of_minor(content: Content, number: str, on: date) -> bool:
    """Whether a person's row is about a minor 未成年人 on a day, by its identity number, else by its age."""
    age = content.get("age")
    return is_minor(number or None, int(age) if isinstance(age, str) and age else None, on)


def redrafted(kind: Kind, row: Delivered, content: Content, klass: str = "") -> Delivered:
    """The row with this content, as of this class (by default its own); it waits for nothing any more."""
    klass = klass or row.klass
    decided = projection.first_day(kind.dated(content)[1])
    # What a word of the unit makes a person's row was not looked at with that question when it was read.
    minor = row.minor and klass == row.klass
    if klass == "person" and decided:
        minor = minor or of_minor(content, row.number, date.fromisoformat(decided))
    return replace(
        row,
        klass=klass,
        content=canonical(content).decode(),
        public=projection.project(kind, content, klass),
        key=natural_key(kind, content),
        decided=decided,
        minor=minor,
        case=str(content.get(kind.reference, "")) if klass == "person" else "",
        revoked=kind.state_of(content) == "revoked",
        ended=kind.state_of(content) == "ended",
        warnings=tuple(each for each in row.warnings if each.outcome != "held"),
    )


def rebuilt(
    kind: Kind, content: Content, secrets: Mapping[str, str], klass: str, *, shown: bool
) -> Delivered:
    """The row that a stored version came from; ``shown`` is false for one that was never to be public."""
    codes = {CODE_FIELDS[name]: str(content[name]) for name in CODE_FIELDS if content.get(name)}
    bare = Delivered(
        row=0,
        klass=klass,
        name=str(content.get(SUBJECT_NAME, "")),
        codes=codes,
        content="",
        public=b"",
        key="",
        decided="",
        area=str(content.get("area_code", "")),
        secrets=dict(secrets),
        number=secrets.get(_IDENTITY, ""),
        minor=not shown,
        document=kind.documented,
    )
    return redrafted(kind, bare, content)
