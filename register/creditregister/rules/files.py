"""The shape of a rule file: what TOML keys there are and which values they take (docs/rules.md).

An unknown key is an error, so that a slip of the pen never lengthens anybody's publicity by default.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from creditregister.kinds.files import LabelShape, Shape, Text
from creditregister.kinds.model import Sign
from creditregister.rules.counting import Period
from creditregister.rules.model import Event, Grade, Portal, Publish, Repair, State

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
#: A kind or a sign, and maybe a condition: ``penalty``, ``penalty:food``, ``negative``.
SelectorText = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*(:[a-z][a-z0-9-]*)?$")]
#: Nation-wide, an area of 2, 4 or 6 digits, or a sort of portal.
Where = Annotated[str, Field(pattern=r"^(national|credit|gsxt|[0-9]{2}|[0-9]{4}|[0-9]{6})$")]
DateText = date | Text
GradeText = Grade | Literal["none"]
Signs = dict[Id, Sign]
Action = Literal[
    "publish",
    "withdraw",
    "correct",
    "check",
    "answer",
    "mark",
    "pass-on",
    "decide",
    "measure",
    "repair",
    "report",
]
Bound = Literal["body", "platform", "provider", "service", "court", "company", "applicant"]
After = Literal[
    "decision",
    "making",
    "change",
    "receipt",
    "acceptance",
    "passing-on",
    "revocation",
    "repair",
    "start",
    "report",
]


def _period(value: object) -> object:
    return Period.parse(value) if isinstance(value, str) else value


PeriodText = Annotated[Period, BeforeValidator(_period)]


class Dated(Shape):
    """What a period and a time limit share: where it stands in law and from when to when."""

    id: Id
    zh: Text
    en: Text
    article: Text
    article_en: Text | None = None
    law: Text | None = None
    law_en: Text | None = None
    begins: date | None = Field(default=None, alias="from")
    until: date | None = None
    unconfirmed: bool = False


class PeriodShape(Dated):
    """``[[period]]``, and ``[[exception]]`` which stands above them."""

    kinds: tuple[SelectorText, ...] = Field(min_length=1)
    grades: tuple[GradeText, ...] = ()
    publish: Publish = "yes"
    clock: Event = "decision"
    fallback: tuple[Event, ...] = ()
    starts: Event = "decision"
    missing: Literal["held", "open"] = "held"
    latest_start: PeriodText | None = None
    minimum: PeriodText | None = None
    maximum: PeriodText | None = None
    extendable: PeriodText | None = None
    or_until: Literal["validity-end"] | None = None
    stops: tuple[Literal["lifting"], ...] = ()
    afterwards: Literal["ends", "marked"] = "ends"
    repair: Repair = "minimum"


class ClockShape(Dated):
    """``[[clock]]``: a time limit for somebody."""

    action: Action
    binds: Bound
    kinds: tuple[Id, ...] = ()
    after: After
    within: PeriodText
    stops: tuple[Text, ...] = ()
    #: A day of rest shifts the last day, but for the length of a measure.
    shifts: bool = True
    extend: PeriodText | None = None
    extended_by: Text | None = None
    missed: LabelShape | None = None


class FactsShape(Shape):
    """``facts`` of an example: what is known of a record."""

    kind: Id
    decided: DateText
    grade: Grade | None = None
    conditions: tuple[Id, ...] = ()
    published: DateText | None = None
    conduct_ended: DateText | None = None
    effective: DateText | None = None
    valid_to: DateText | None = None
    lifted: DateText | None = None
    extended_to: DateText | None = None
    own_end: DateText | None = None
    permanent: bool = False


class ExampleShape(Shape):
    """``[[example]]``: facts and the window they must give on a day."""

    zh: Text
    facts: FactsShape
    on: date
    area: str = ""
    portal: Portal | None = None
    beside: tuple[Id, ...] = Field(default=(), alias="with")
    state: State
    shown_from: date | None = None
    min_end: date | None = None
    max_end: date | None = None
    earliest_repair: date | None = None
    held_from: date | None = None
    #: No end, or no repair, is what must come out.
    no_end: bool = False
    no_repair: bool = False


class ClockExampleShape(Shape):
    """``[[clock_example]]``: an event's day and the last day that the time limit allows."""

    clock: Id
    event: date
    due: date
    extended: bool = False


class SetShape(Shape):
    """A whole file."""

    zh: Text
    en: Text
    law: Text
    source: Text
    jurisdiction: Where
    begins: date = Field(alias="from")
    until: date | None = None
    yields_to: tuple[Id, ...] = ()
    needs_grade: tuple[SelectorText, ...] = ()
    leaves: tuple[Id, ...] = ()
    period: tuple[PeriodShape, ...] = ()
    exception: tuple[PeriodShape, ...] = ()
    clock: tuple[ClockShape, ...] = ()
    example: tuple[ExampleShape, ...] = ()
    clock_example: tuple[ClockExampleShape, ...] = ()


class ConditionShape(Shape):
    """``[conditions.<id>]``: words or codes that make it hold; without any it is said by hand only."""

    zh: Text
    en: Text
    fields: tuple[Text, ...] = ()
    words: tuple[Text, ...] = ()
    codes: tuple[Text, ...] = ()
    only: tuple[Text, ...] = ()


class GradesShape(Shape):
    """``[grades]``: what suggests a grade."""

    huge_fine: Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]
    codes: dict[Grade, tuple[Text, ...]]
    words: dict[Grade, tuple[Text, ...]]


class ReadingShape(Shape):
    """``_facts.toml``: how facts are read, and kinds that rules may name before their files exist."""

    kinds: Signs
    fields: dict[str, tuple[Text, ...]]
    conditions: dict[Id, ConditionShape]
    grades: GradesShape
