"""One row of a synthetic delivery, kind by kind: cells as a source unit would type them.

A ``Maker`` makes the rows of one file. It is seeded by the demo's seed and the file, so files can be made in
any order and in several processes and are always the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from creditindex.demo import further, people, subjects, texts, units
from creditindex.demo.places import CITIES, PLACES, Place
from creditindex.demo.texts import pick

#: How many records there are to a subject; popular subjects have far more (bounded Zipf, ENGINES 2).
RECORDS_A_SUBJECT = 5
ZIPF = 0.75
#: Decisions reach this many days back, recent ones more often: far enough that some of each kind are over by
#: the shipped rules, and most are not.
DAYS_BACK = 1_250
SHORT_DAYS_BACK = {"penalty": 430, "enforcement": 105, "dishonest-debtor": 800, **further.DAYS_BACK}
#: Share of the rows that are about natural persons 自然人, by kind: 8 % of all.
PERSON_SHARE = {
    "licence": 0.05,
    "penalty": 0.08,
    "enforcement": 0.06,
    "dishonest-debtor": 0.30,
    "commitment": 0.0,
    "serious-list": 0.04,
    **further.PERSON_SHARE,
}
#: Kinds whose rows are never about an individual business under its operator's name.
_NOT_OPERATED = {"commitment", "dishonest-debtor", "false-litigation", "arrears"}
#: Share about individual businesses that trade under the operator's name; such rows count as persons.
OPERATED_SHARE = 0.008
_BRACKETS = (*("〔〕",) * 80, *("[]",) * 8, *("（）",) * 6, *("()",) * 3, *("［］",) * 3)
_ORGANISATION, _BUSINESS, PERSON = "法人及非法人组织", "个体工商户", "自然人"


@dataclass(slots=True)
class Row:
    """The cells of a row by the keys of ``columns``, who is named in it, and what must become of it.

    The three dates stand beside the cells, since each file writes dates in its own way; an empty cell
    ``date`` or ``from`` says that the file has such a column.
    """

    cells: dict[str, str]
    subject: people.Person | None = None
    representative: str = ""
    third: people.Person | None = None
    case: str = ""
    day: date = date.min
    to: date | None = None
    expected: str = "accepted"
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One file of a kind: whose rows, how many, from which running number on.

    ``today`` is the newest day of a decision; ``days`` is how far back they reach, if not as far as usual.
    """

    seed: int
    today: date
    subjects: int
    faults: float
    name: str = ""
    kind: str = ""
    source: str = ""
    office: str = ""
    rows: int = 0
    first: int = 0
    place: int = 0
    cities: tuple[str, ...] = CITIES
    named_only: bool = False
    missing: frozenset[str] = frozenset()
    days: int = 0


@dataclass(slots=True)
class Maker:
    """Makes the rows of one job, one after the other."""

    job: Job
    rng: Random = field(init=False)
    codes: dict[str, str] = field(init=False)
    reach: float = field(init=False)

    def __post_init__(self) -> None:
        """Seed the chances of this file."""
        self.rng = Random(f"{self.job.seed}/{self.job.place}")
        self.codes = units.codes()
        self.reach = (self.job.subjects + 1) ** (1 - ZIPF) - 1

    def day(self) -> date:
        """A day of decision, recent ones more often."""
        back = self.rng.random()
        days = self.job.days or SHORT_DAYS_BACK.get(self.job.kind, DAYS_BACK)
        return self.job.today - timedelta(days=int(back * back * days))

    def party(self, made: Row, number: int) -> Place:
        """Draw whom the row with this running number is about and fill in the cells about them."""
        if self.job.kind in further.SINGLE:
            return self._subject(made, number)
        draw = self.rng.random()
        share = PERSON_SHARE[self.job.kind]
        if self.job.named_only:
            return self._subject(made)
        if draw < share:
            return self._person(made)
        if draw < share + OPERATED_SHARE and self.job.kind not in _NOT_OPERATED:
            return self._operated(made)
        return self._subject(made)

    def _person(self, made: Row) -> Place:
        index = int(self.rng.random() * max(20, self.job.subjects // 2))
        somebody = people.person(self.job.seed, index)
        made.subject = somebody
        made.cells.update(name=somebody.name, party=PERSON, paper="身份证", number=somebody.number)
        return PLACES[index % len(PLACES)]

    def _operated(self, made: Row) -> Place:
        index = int(self.rng.random() * max(10, self.job.subjects // 20))
        shop = subjects.operated(self.job.seed, index)
        made.subject = shop.operator
        made.cells.update(name=shop.name, party=_BUSINESS, unified=shop.unified)
        made.cells.update(representative=shop.operator.name, paper="身份证", number=shop.operator.number)
        return PLACES[index % len(PLACES)]

    def _subject(self, made: Row, index: int | None = None) -> Place:
        """A subject, popular ones far more often unless ``index`` says which."""
        if index is None:
            index = int((self.rng.random() * self.reach + 1) ** (1 / (1 - ZIPF))) - 1
        found = subjects.subject(self.job.seed, index)
        cells = made.cells
        cells["name"] = found.former if found.former and self.rng.random() < 0.03 else found.name
        cells["party"] = _BUSINESS if found.business else _ORGANISATION
        shape = "none" if self.job.named_only else found.shape
        if shape in {"unified", "both"}:
            cells["unified"] = found.unified
        if shape in {"old", "both"}:
            cells["registration"] = found.registration
            cells["organisation"] = f"{found.organisation[:8]}-{found.organisation[8]}"
        if shape != "none":
            cells["representative"] = made.representative = found.representative.name
            if self.rng.random() < 0.5:
                cells["representative_number"] = found.representative.number
        return found.place

    def document(self, sign: str, number: int, day: date, place: Place) -> tuple[str, str]:
        """Body and document number: the subject's city if it is one of the job's, one of five brackets."""
        cities = self.job.cities
        city = place.city if place.city in cities else cities[number % len(cities)]
        brackets = pick(self.rng, _BRACKETS)
        short = units.CITY_SHORT[city] + units.OFFICES[self.job.office]
        return f"{city}{self.job.office}", f"{short}{sign}{brackets[0]}{day.year}{brackets[1]}{number + 1}号"

    def facts(self, made: Row, found: str) -> str:
        """The facts of a row; some name a third person, who is noted in the row."""
        text = texts.facts(self.rng, made.cells["name"], spoken(made.day), found)
        if texts.names_third_person(self.rng):
            made.third = people.bystander(self.job.seed, int(self.rng.random() * 10**6))
            text += texts.third_person(self.rng, made.third)
        return text


def spoken(day: date) -> str:
    """The day as texts write it: 2025年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
