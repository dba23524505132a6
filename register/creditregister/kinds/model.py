"""What a kind of record 信息类别 is: frozen values, made by ``loading`` from a TOML file each.

A kind says which fields its records have, how foreign tables call them, what makes two rows the same record,
which date starts the publicity clock, and what of it may be shown of whom (DESIGN 1.5, DOMAIN 1.1-1.8).
``docs/kinds.md`` explains every key.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from creditregister.kinds.headings import heading_unit, normal_heading
from creditregister.kinds.plans import Plan, plan

#: Classes of subjects: a legal person or other organisation 法人及非法人组织, an individual business with a
#: trade name of its own 个体工商户, a natural person 自然人 (also businesses that bear a person's name).
CLASSES = ("organisation", "business", "person")

Class = Literal["organisation", "business", "person"]
Need = Literal["required", "expected", "optional"]
FieldType = Literal[
    "text",
    "long",
    "number_text",
    "date",
    "money",
    "count",
    "choice",
    "choices",
    "name",
    "code",
    "secret",
    "flag",
]
Visibility = Literal["shown", "masked", "hidden"]
SearchRole = Literal["", "title", "number", "text"]
Sign = Literal["positive", "neutral", "negative"]
Withheld = Literal["", "person", "consent", "few"]
State = Literal[
    "normal", "disputed", "expired", "fulfilled", "overdue", "other", "pending", "ended", "revoked"
]

#: A value of a record's content: text (also of dates, amounts, ``yes`` and ``no``), or codes of ``choices``.
Value = str | list[str]
#: Field id → value, as the truth holds it (DESIGN 1.1).
Content = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages of the site."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """The label in ``language``; anything but English reads Chinese, the language of the record."""
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a code list.

    ``synonyms`` are the words and codes, old and new, by which delivered tables mean it. ``needs`` names
    a field without which it may not be said in public; the page then says ``otherwise`` (DESIGN 8: a negative
    statement needs its document). After the day in the field ``until`` the page says ``afterwards``.
    """

    code: str
    label: Label
    synonyms: tuple[str, ...] = ()
    needs: str = ""
    otherwise: str = ""
    until: str = ""
    afterwards: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind; ``docs/kinds.md`` explains each attribute under the key of the same name."""

    id: str
    label: Label
    need: Need
    type: FieldType
    headings: tuple[str, ...]
    public: Mapping[str, Visibility]
    choices: tuple[Choice, ...] = ()
    open_list: bool = False
    search: SearchRole = ""
    facet: bool = False
    person: bool = False
    party: bool = False
    redact: bool = False
    unit: str = ""
    least: int = 0
    must: tuple[str, ...] = ()
    needs: str = ""
    needed_when: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    rest: str = ""
    help: Label | None = None

    def choice(self, code: str) -> Choice | None:
        """The entry of the code list with this code, or none for a value the list does not know."""
        return next((entry for entry in self.choices if entry.code == code), None)


@dataclass(frozen=True, slots=True)
class StateRule:
    """How a record's state 当前状态 is read from its content.

    ``codes`` maps codes of the choice field ``field`` to states; a code that is not there reads "other",
    an absent value "normal". After the civil date in the field ``until`` a normal record has expired; one
    whose date field ``ends`` is filled has ended (removed from a list, lifted, paid).
    """

    field: str = ""
    codes: Mapping[str, State] = dataclasses.field(default_factory=dict)
    until: str = ""
    ends: str = ""

    def of(self, content: Content) -> State:
        """The state that this content says."""
        value = content.get(self.field) if self.field else None
        state = self.codes.get(value, "other") if isinstance(value, str) and value else "normal"
        day = content.get(self.ends) if self.ends else None
        # A day only: "lifted on: never" 长期 has not ended anything.
        return "ended" if state != "revoked" and isinstance(day, str) and day[:1].isdigit() else state


@dataclass(frozen=True, slots=True)
class SignRule:
    """Records of a kind that speak otherwise of their subject than the kind does: a failed inspection.

    ``codes`` maps codes of the choice field ``field`` to signs; every other record has the kind's own sign.
    """

    field: str = ""
    codes: Mapping[str, Sign] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading means: a field, and the unit of money that it names (empty: the field's own)."""

    field: Field
    unit: str


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of record. Compared by identity: there is one object for each file that was loaded.

    ``date`` starts the publicity clock; ``date_fallback`` stands in, marked, where the date is missing.
    ``required`` are groups of fields of which each row must bring one; ``persons`` says whether records about
    natural persons are found by exact look-up or never shown, ``consent`` names the flag without whose yes
    they are not shown either; ``common`` holds the normalised headings that every kind has. ``listed``: its
    records stand on a list 名单, and ``listed_by`` names the field that says on which (``lists``).
    ``rounds``: a later round 期 corrects its record, and an earlier one that comes late changes nothing.
    """

    id: str
    number: int
    name: Label
    sign: Sign
    fields: tuple[Field, ...]
    required: tuple[tuple[str, ...], ...]
    identity: tuple[str, ...]
    date: str
    date_fallback: str
    body: str
    body_code: str
    reference: str
    persons: Literal["exact", "never"]
    catalogue: str
    catalogue_source: str
    rules: str
    titles: tuple[Label, ...]
    state: StateRule
    ignored: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    common: frozenset[str] = frozenset()
    consent: str = ""
    signs: SignRule = SignRule()
    rounds: bool = False
    listed: bool = False
    listed_by: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """Every field under its id."""
        return {entry.id: entry for entry in self.fields}

    @cached_property
    def heading_index(self) -> Mapping[str, str]:
        """Normalised heading → field id; ids and both labels count as headings too."""
        return {normal_heading(heading): entry.id for entry in self.fields for heading in entry.headings}

    @cached_property
    def ignored_headings(self) -> frozenset[str]:
        """Normalised headings of columns that are known and carry nothing, such as 序号."""
        return frozenset(normal_heading(heading) for heading in self.ignored)

    @cached_property
    def searched(self) -> tuple[Field, ...]:
        """The fields that the index may see words of."""
        return tuple(entry for entry in self.fields if entry.search)

    @cached_property
    def faceted(self) -> tuple[Field, ...]:
        """The fields whose values are facets."""
        return tuple(entry for entry in self.fields if entry.facet)

    @cached_property
    def persons_named(self) -> tuple[Field, ...]:
        """The fields whose values name persons; the subject's own name is not one of them."""
        return tuple(entry for entry in self.fields if entry.person)

    @cached_property
    def counted(self) -> tuple[Field, ...]:
        """The fields whose small counts keep a record from the public."""
        return tuple(entry for entry in self.fields if entry.least)

    @cached_property
    def plans(self) -> Mapping[str, Plan]:
        """For each class of subject, what its projection shows, worked out once."""
        return {klass: plan(self, klass) for klass in CLASSES}

    @property
    def title(self) -> Label:
        """The first and fullest pattern of the sentence that heads a record's page."""
        return self.titles[0]

    @property
    def documented(self) -> bool:
        """Whether a record's key holds its document's number, so that it says which rows share a document."""
        return bool(self.reference) and self.reference in self.identity

    def told_by(self, headings: Iterable[str]) -> bool:
        """Whether one of these normalised headings holds a word that tells this kind from others.

        Many headings (名称, 列入日期) stand in tables of any kind; that enough of them are known here is no
        reason to publish a table as this kind. Those that shared fields have everywhere (失信严重程度) tell
        nothing, whatever they hold. A kind that names no such words is told by any heading.
        """
        words = [normal_heading(word) for word in self.tells]
        own = [heading for heading in headings if heading not in self.common]
        return not words or any(word in heading for heading in own for word in words)

    def match(self, heading: str) -> Match | None:
        """What a column's heading means here, or none (it may still be one of ``ignored_headings``)."""
        name = self.heading_index.get(normal_heading(heading))
        return Match(self.by_id[name], heading_unit(heading)) if name else None

    def field(self, name: str) -> Field:
        """The field with this id.

        Raises:
            KeyError: the kind has no such field.
        """
        return self.by_id[name]

    def shows(self, klass: str) -> bool:
        """Whether a record about this class of subject may be shown to anyone at all."""
        return klass != "person" or self.persons == "exact"

    def dated(self, content: Content) -> tuple[str, str]:
        """The field that gives the kind's date and its text; two empty strings if neither is there."""
        for name in (self.date, self.date_fallback):
            value = content.get(name) if name else None
            if isinstance(value, str) and value:
                return name, value
        return "", ""

    def state_of(self, content: Content) -> State:
        """The state that this content says; ``revoked`` and ``ended`` withdraw a record (DESIGN 3)."""
        return self.state.of(content)

    def sign_of(self, fields: Content) -> Sign:
        """How a record speaks of its subject, by its content or by its public fields."""
        value = fields.get(self.signs.field) if self.signs.field else None
        return self.signs.codes.get(value, self.sign) if isinstance(value, str) else self.sign

    def withheld(self, content: Content, klass: str) -> Withheld:
        """Why a record about this class of subject is kept and shown to nobody; empty if it is shown."""
        if not self.shows(klass):
            return "person"
        if klass == "person" and self.consent and content.get(self.consent) != "yes":
            return "consent"
        return "few" if any(_below(entry, content) for entry in self.counted) else ""

    def lacking(self, content: Content) -> Iterator[tuple[str, ...]]:
        """Groups of fields of which a row must bring one but brings none: each refuses the row."""
        for group in self.required:
            if not any(content.get(name) for name in group):
                yield group
        for entry in self.fields:
            if entry.needed_when and not content.get(entry.id) and _applies(entry, content):
                yield (entry.id,)

    def forbidding(self, content: Content) -> Iterator[Field]:
        """Fields whose value forbids publication, such as a commitment without consent."""
        for entry in self.fields:
            value = content.get(entry.id)
            if entry.must and value and value not in entry.must:
                yield entry


def _below(entry: Field, content: Content) -> bool:
    """Whether a count is missing or so small that it may point to single persons."""
    value = content.get(entry.id)
    return not (isinstance(value, str) and value.isdecimal() and int(value) >= entry.least)


def _applies(entry: Field, content: Content) -> bool:
    return any(content.get(name) in codes for name, codes in entry.needed_when.items())
