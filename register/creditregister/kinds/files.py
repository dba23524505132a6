"""The shape of a kind file: what TOML keys there are and which values they take.

An unknown key is an error, so that a slip of the pen never makes a field public by default. What one file
cannot say about itself alone (names that other keys refer to) is checked in ``checks``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from creditregister.kinds.model import (
    CLASSES,
    FieldType,
    SearchRole,
    Sign,
    State,
    Visibility,
)

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
#: Ids stand in addresses and in canonical JSON, which knows ASCII keys only.
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
#: The same, or nothing.
NoFieldId = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{0,39})?$")]
NoCode = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9_-]{0,39})?$")]


def _for_every_class(value: object) -> object:
    """``public = "hidden"`` is short for the same word for each class."""
    return dict.fromkeys(CLASSES, value) if isinstance(value, str) else value


def _one_or_more(value: object) -> object:
    """``must = "public"`` is short for a list of one code."""
    return [value] if isinstance(value, str) else value


class Shape(BaseModel):
    """A frozen table of a TOML file; an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LabelShape(Shape):
    """``{ zh = "…", en = "…" }``."""

    zh: Text
    en: Text


class ChoiceShape(Shape):
    """``code = { zh, en, also = […], needs = "field", otherwise = "code", until = …, afterwards = … }``."""

    zh: Text
    en: Text
    also: tuple[Text, ...] = ()
    needs: NoFieldId = ""
    otherwise: NoCode = ""
    until: NoFieldId = ""
    afterwards: NoCode = ""


class PublicShape(Shape):
    """Who may see a field's value, by class of subject; what is not said keeps the kind to its default."""

    organisation: Visibility | None = None
    business: Visibility | None = None
    person: Visibility | None = None


class FieldShape(Shape):
    """``[fields.<id>]``: one field."""

    zh: Text
    en: Text
    type: FieldType = "text"
    # Whether a field is required says the key `required`, since it may be one of several.
    need: Literal["expected", "optional"] = "optional"
    headings: tuple[Text, ...] = ()
    public: Annotated[PublicShape, BeforeValidator(_for_every_class)] = PublicShape()
    choices: dict[Code, ChoiceShape] = {}
    open: bool = False
    search: SearchRole = ""
    facet: bool = False
    person: bool = False
    party: bool = False
    redact: bool = False
    unit: Literal["", "元", "万元"] = ""
    least: int = Field(default=0, ge=0)
    must: Annotated[tuple[Code, ...], BeforeValidator(_one_or_more)] = ()
    needs: NoFieldId = ""
    needed_when: dict[FieldId, tuple[Code, ...]] = {}
    rest: NoFieldId = ""
    help: LabelShape | None = None


class StateShape(Shape):
    """``[state]``: how a record's state is read."""

    field: NoFieldId = ""
    until: NoFieldId = ""
    ends: NoFieldId = ""
    codes: dict[Code, State] = {}


class SignShape(Shape):
    """``[signs]``: records whose sign is not the kind's."""

    field: NoFieldId = ""
    codes: dict[Code, Sign] = {}


class CatalogueShape(Shape):
    """``[catalogue]``: the entry of the catalogue of public credit information that allows the kind."""

    entry: Text
    source: Text


class KindShape(Shape):
    """A whole kind file."""

    number: int = Field(ge=1, le=63)
    zh: Text
    en: Text
    sign: Sign
    persons: Literal["exact", "never"]
    consent: NoFieldId = ""
    rules: Literal["none"] = "none"
    required: tuple[Annotated[tuple[FieldId, ...], Field(min_length=1)], ...]
    identity: tuple[FieldId, ...]
    date: FieldId
    date_fallback: NoFieldId = ""
    body: NoFieldId = ""
    body_code: NoFieldId = ""
    reference: NoFieldId = ""
    ignored: tuple[Text, ...] = ()
    tells: tuple[Text, ...] = ()
    rounds: bool = False
    listed: bool = False
    listed_by: NoFieldId = ""
    catalogue: CatalogueShape
    titles: Annotated[tuple[LabelShape, ...], Field(min_length=1)]
    state: StateShape = StateShape()
    signs: SignShape = SignShape()
    fields: dict[FieldId, FieldShape]
