"""The values of dated rules: what a rule says, what is known of a record, what follows (DOMAIN 1.8, 1.11).

Everything here is frozen and knows neither database nor clock; "today" is always passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from creditregister.dates import Civil
    from creditregister.kinds.model import Label
    from creditregister.rules.counting import Period

Grade = Literal["minor", "general", "serious"]
#: What starts or stops a clock. ``decision`` and ``inclusion`` are both the date that the kind names.
Event = Literal["decision", "inclusion", "publication", "conduct-end", "effect", "validity-end", "lifting"]
Publish = Literal["yes", "no", "if-necessary"]
#: When a subject may apply for repair: from the minimum on, once the duty is met, never, only
#: at the body; ``none``: there is nothing to repair, as with a licence.
Repair = Literal["minimum", "duty", "never", "body", "none"]
State = Literal["open", "over", "held", "never", "not-yet"]
#: ``credit``: a credit portal 信用门户; ``gsxt``: an enterprise publicity system 企业信用信息公示系统.
Portal = Literal["credit", "gsxt"]

GRADES: Final[tuple[Grade, ...]] = get_args(Grade)
#: Stands in a rule's grades for "the source gave none".
NO_GRADE: Final = "none"
#: Selectors that stand for every kind of a sign which its set does not name.
SIGNS: Final = ("negative", "neutral", "positive")
#: Where facts hold the date of an event.
_EVENT_FIELDS: Final[dict[Event, str]] = {
    "decision": "decided",
    "inclusion": "decided",
    "publication": "published",
    "conduct-end": "conduct_ended",
    "effect": "effective",
    "validity-end": "valid_to",
    "lifting": "lifted",
}
#: The condition that an authority found publication necessary.
NECESSARY: Final = "necessary"


@dataclass(frozen=True, slots=True)
class Selector:
    """Which records a rule binds: a kind or a sign, and maybe a condition (``penalty:food``)."""

    kind: str
    condition: str = ""

    def __str__(self) -> str:
        """As a file writes it."""
        return f"{self.kind}:{self.condition}" if self.condition else self.kind


@dataclass(frozen=True, slots=True)
class Rule:
    """One publicity period of a set, as its file states it; docs/rules.md explains every key."""

    id: str
    label: Label
    source: Label
    selectors: tuple[Selector, ...]
    grades: frozenset[str]
    start: date
    until: date
    publish: Publish
    clock: Event
    fallback: tuple[Event, ...]
    starts: Event
    missing: Literal["held", "open"]
    latest_start: Period | None
    minimum: Period | None
    maximum: Period | None
    extendable: Period | None
    or_until: bool
    stops: bool
    marked: bool
    repair: Repair
    exception: bool
    unconfirmed: bool

    def in_force(self, day: date) -> bool:
        """Whether the rule holds on that day."""
        return self.start <= day <= self.until


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit for somebody: whom it binds, from which event, how long, what stops and extends it."""

    id: str
    label: Label
    source: Label
    action: str
    binds: str
    kinds: tuple[str, ...]
    after: str
    within: Period
    start: date
    until: date
    stops: tuple[str, ...]
    shifts: bool
    extend: Period | None
    extended_by: str
    missed: Label | None
    unconfirmed: bool

    def in_force(self, day: date) -> bool:
        """Whether the time limit holds for an event of that day."""
        return self.start <= day <= self.until

    def binds_kind(self, kind: str) -> bool:
        """Whether it is about records of that kind."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One law's rules for one jurisdiction, over time."""

    id: str
    label: Label
    law: str
    #: Where its text is, from when it holds, what was not checked.
    source: str
    jurisdiction: str
    start: date
    until: date
    yields_to: tuple[str, ...]
    needs_grade: frozenset[str]
    #: Kinds that the rules for a whole sign do not bind.
    leaves: frozenset[str]
    rules: tuple[Rule, ...]
    clocks: tuple[Clock, ...]

    def binds(self, jurisdiction: Jurisdiction) -> bool:
        """Whether it holds there: nation-wide, for the area, one around it, or the sort of portal."""
        if self.jurisdiction in {"national", jurisdiction.portal}:
            return True
        return self.jurisdiction.isdigit() and jurisdiction.area.startswith(self.jurisdiction)


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """Where a deployment publishes: an area code (2, 4 or 6 digits; "" = none) and its sort of portal."""

    area: str = ""
    portal: Portal = "credit"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A grade that the content suggests, and why. The authority's published standard decides, never this."""

    grade: Grade
    reason: Label


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a record that the rules ask for.

    ``decided`` is the date that its kind names. A date known by quarter or year counts as its first day,
    since that ends publicity first; validity of a positive record as its last. ``promised`` is an end that
    was already computed for an earlier version: no later delivery exceeds it.
    """

    kind: str
    decided: Civil | None
    grade: Grade | None = None
    conditions: frozenset[str] = frozenset()
    published: Civil | None = None
    conduct_ended: Civil | None = None
    effective: Civil | None = None
    valid_to: Civil | None = None
    lifted: Civil | None = None
    extended_to: Civil | None = None
    own_end: Civil | None = None
    permanent: bool = False
    #: ``decided`` is a stand-in, such as the day of publication for a court's decision.
    stand_in: bool = False
    promised: date | None = None
    suggestion: Suggestion | None = None

    def event(self, name: Event) -> Civil | None:
        """The date of an event, if it is known."""
        found: Civil | None = getattr(self, _EVENT_FIELDS[name])
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the reasoning, with law and article; ``end`` and ``repair``: the days it comes to."""

    zh: str
    en: str
    source: Label
    rule: str = ""
    end: date | None = None
    repair: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """When a record may be shown, as seen on the day ``on``.

    Days are inclusive: ``max_end`` is the last day shown, None while no end is set. ``earliest_repair`` is
    the first day on which the subject may apply; None: not by this way. ``held_from``: a set that comes into
    force on that day needs what the record lacks. ``sets`` names the rules that gave ``max_end``, as
    ``set/rule``.
    """

    state: State
    on: date
    shown_from: date | None
    min_end: date | None
    max_end: date | None
    earliest_repair: date | None
    sets: tuple[str, ...]
    steps: tuple[Step, ...]
    held_from: date | None = None
    flags: frozenset[str] = frozenset()
    suggestion: Suggestion | None = None

    @property
    def last_shown(self) -> date | None:
        """The last day on which it may be shown as things stand; None: no end is set."""
        if self.held_from is None:
            return self.max_end
        before = date.fromordinal(self.held_from.toordinal() - 1)
        return before if self.max_end is None else min(before, self.max_end)

    @property
    def rule(self) -> str:
        """The rules that gave the end, in one word of at most 80 characters."""
        return "+".join(self.sets)[:80] or "none"

    def shows(self, day: date) -> bool:
        """Whether the record may be shown on a day, by what is known on ``on``."""
        if self.state in {"held", "never"} or self.shown_from is None or day < self.shown_from:
            return False
        return self.last_shown is None or day <= self.last_shown
