"""Punctuality 时效 of units and of the site: decisions online in time, deliveries missing (DOMAIN 1.9).

The time from the decision to the delivery is the unit's, the time from the delivery to the publication is the
site's; both are counted in working days. Assessed are records of companies whose date names a whole day and
whose kind has a time limit that runs from the decision, decided in the last twelve months and since the unit
has been reporting here: what was decided before is no lateness of its deliveries. They count once they were
public, whatever became of them since; and what came so late that its publicity was over, as late.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, and_, bindparam, case, func, or_, select

from creditregister import reports, rules, schedules
from creditregister.clock import civil, midnight
from creditregister.prepared import Prepared
from creditregister.rules import Jurisdiction
from creditregister.schema import batch, record, record_version
from creditregister.standing import NEVER_PUBLIC, Standing, Timed, Withdrawn, month_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from creditregister.calendar import Deadline
    from creditregister.records import Published
    from creditregister.reports import Delivery, Pair, Report
    from creditregister.rules import Clock, RuleBook
    from creditregister.schedules import Schedule

#: Months that are looked at.
MONTHS = 12
#: Working days for taking back what was revoked (Administrative Penalty Law 48).
WITHDRAWAL_DAYS = 3
#: What the time limits are about whose keeping is measured here.
MEASURED = ("publish", "withdraw")
#: Answers that a measure remembers.
_MOST_LAGS = 50_000
_DAY, _OFFSET, _EPOCH = 86_400_000, 28_800_000, date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Lags:
    """One record's way to the public; ``due``: the last day in time, none where no limit is known."""

    decided: date
    received: date
    published: date
    unit: int
    site: int
    due: date | None
    provisional: bool

    @property
    def late(self) -> bool:
        """Whether the unit delivered after the last day."""
        return self.due is not None and self.received > self.due

    @property
    def site_late(self) -> bool:
        """Whether it was delivered in time and published too late."""
        return self.due is not None and not self.late and self.published > self.due


@dataclass(frozen=True, slots=True)
class Measure:
    """How time is measured where this site publishes; ``count`` and ``withdrawals`` are for a tally."""

    book: RuleBook
    jurisdiction: Jurisdiction = field(default_factory=Jurisdiction)
    _lags: dict[tuple[str, str, int, int], Lags] = field(default_factory=dict, repr=False, compare=False)

    def clock(self, kind: str, decided: date) -> Clock | None:
        """The strictest time limit for publishing that names the kind and runs from its decision."""
        found = self.book.clocks(self.jurisdiction, "publish", kind, decided)
        return next((clock for clock in found if kind in clock.kinds and clock.after == "decision"), None)

    def lags(self, kind: str, decided: date, received: date, published: date) -> Lags:
        """How long a record took, and whether that was in time."""
        calendar, region = self.book.calendar, self.jurisdiction.area
        unit = calendar.workdays_between(decided, received, region)
        site = calendar.workdays_between(received, published, region)
        clock = self.clock(kind, decided)
        due = rules.deadline(clock, decided, calendar, region) if clock else None
        doubt = unit.provisional or site.provisional or (due is not None and due.provisional)
        return Lags(decided, received, published, unit.days, site.days, due.day if due else None, doubt)

    def _known(self, kind: str, decided: str, came: int, shown: int) -> Lags:
        """As ``lags``, remembered: the same days come again and again."""
        key = (kind, decided, came, shown)
        if key not in self._lags:
            if len(self._lags) >= _MOST_LAGS:
                self._lags.clear()
            days = (date.fromordinal(_EPOCH + came), date.fromordinal(_EPOCH + shown))
            self._lags[key] = self.lags(kind, date.fromisoformat(decided), *days)
        return self._lags[key]

    def count(self, connection: Connection, within: ColumnElement[bool], today: date) -> Counter[Timed]:
        """The decisions of the last months that meet a condition, were public and have a time limit.

        What was over on delivery counts as late from the day after: it makes no entry of the ledger, which
        would have it counted at once.
        """
        received, published = _day(batch.c.received_at), _day(record.c.published_at)
        shown = record.c.published_at > 0
        over = and_(
            record.c.published_at == 0,
            record.c.state == "ended",
            record.c.shown_until != "",
            batch.c.started_at < midnight(today),
        )
        until = case((shown, ""), else_=record.c.shown_until)
        columns = (record.c.unit_id, record.c.kind, record.c.decided, received, published, until)
        query = (
            select(*columns, func.count())
            .join(batch, batch.c.id == record.c.batch_id)
            .where(
                within,
                or_(shown, over),
                record.c["class"] != "person",
                record.c.whole_day == 1,
                record.c.decided >= first_month(today).isoformat(),
            )
            .group_by(*columns)
        )
        counts: Counter[Timed] = Counter()
        for unit, kind, decided, came, public, last, count in connection.execute(query).all():
            lags = self._known(kind, decided, came, came if last else public)
            if last and not (lags.late and last < lags.received.isoformat()):
                continue  # it ended before it could be shown, by another way than the unit's lateness
            if lags.due is not None:
                site = NEVER_PUBLIC if last else lags.site
                times = (lags.unit, lags.late, site, lags.site_late, lags.provisional)
                counts[Timed(unit, kind, decided[:7], *times)] += count
        return counts

    def withdrawals(
        self, connection: Connection, within: ColumnElement[bool], today: date
    ) -> Counter[Withdrawn]:
        """What was withdrawn in the last months: days since the delivery that said so, or its last day."""
        last = and_(record_version.c.n == record.c.n, record_version.c.version == record.c.version)
        said = and_(batch.c.id == record_version.c.batch_id, record_version.c.at == record.c.withdrawn_at)
        columns = (
            record.c.unit_id,
            record.c.kind,
            record.c.shown_until,
            _day(batch.c.received_at),
            _day(record.c.withdrawn_at),
        )
        query = (
            select(*columns, func.count())
            .join(record_version, last)
            .outerjoin(batch, said)
            .where(
                within,
                record.c["class"] != "person",
                _day(record.c.withdrawn_at) >= first_month(today).toordinal() - _EPOCH,
            )
            .group_by(*columns)
        )
        counts: Counter[Withdrawn] = Counter()
        for unit, kind, until, received, withdrawn, count in connection.execute(query).all():
            gone = date.fromordinal(_EPOCH + withdrawn)
            if until and date.fromisoformat(until) < gone:
                asked = date.fromisoformat(until) + timedelta(days=1)
            elif received is not None:
                asked = date.fromordinal(_EPOCH + received)
            else:
                continue  # by another way than a delivery or the end of its term: nobody's lateness
            lag = self.book.calendar.workdays_between(asked, gone, self.jurisdiction.area)
            late = lag.days > self._withdrawal_days(kind, asked)
            counts[Withdrawn(unit, kind, lag.days, late, lag.provisional)] += count
        return counts

    def reports(
        self, schedule: Schedule | None, received: Sequence[Delivery], today: date
    ) -> tuple[Report, ...]:
        """The periods of the last months; none without a schedule."""
        if schedule is None:
            return ()
        return tuple(
            reports.reports(
                schedule,
                received,
                since=first_month(today),
                today=today,
                calendar=self.book.calendar,
                region=self.jurisdiction.area,
            )
        )

    def ahead(self, today: date) -> Deadline | None:
        """A time limit that runs from today into days off that are not announced yet; the shortest such."""
        calendar, region = self.book.calendar, self.jurisdiction.area
        clocks = [
            clock
            for one in self.book.sets
            if one.binds(self.jurisdiction)
            for clock in one.clocks
            if clock.action in MEASURED and clock.within.unit == "wd" and clock.in_force(today)
        ]
        clocks.sort(key=lambda clock: clock.within.count)
        found = (rules.deadline(clock, today, calendar, region) for clock in clocks)
        return next((each for each in found if each.provisional), None)

    def _withdrawal_days(self, kind: str, day: date) -> int:
        """Working days for taking back what was revoked; three where no rule names fewer."""
        found = self.book.clocks(self.jurisdiction, "withdraw", kind, day)
        days = [clock.within.count for clock in found if clock.within.unit == "wd"]
        return min([*days, WITHDRAWAL_DAYS])


def standings(
    connection: Connection,
    measure: Measure,
    timed: Mapping[Timed, int],
    withdrawn: Mapping[Withdrawn, int],
    today: date,
) -> list[Standing]:
    """Every unit and kind with decisions, withdrawals or a schedule, by their numbers."""
    owed = {(each.unit_id, each.kind): each for each in schedules.read(connection)}
    received = reports.deliveries(connection)
    since = {key: came[0].day for key, came in received.items()}
    since |= {key: schedule.since for key, schedule in owed.items()}
    decisions: dict[Pair, Counter[Timed]] = {}
    for one, count in timed.items():
        first = since.get((one.unit, one.kind))
        if first is not None and one.month >= _whole_month(first):
            decisions.setdefault((one.unit, one.kind), Counter())[one] += count
    gone: dict[Pair, Counter[Withdrawn]] = {}
    for other, count in withdrawn.items():
        gone.setdefault((other.unit, other.kind), Counter())[other] += count
    return [
        Standing(
            *key,
            owed[key].every if key in owed else "",
            decisions.get(key, Counter()),
            gone.get(key, Counter()),
            measure.reports(owed.get(key), received.get(key, []), today),
        )
        for key in sorted(decisions.keys() | gone.keys() | owed.keys())
    ]


def together(many: Iterable[Standing]) -> Standing:
    """Several standings as one, of no unit or kind of its own."""
    timed: Counter[Timed] = Counter()
    withdrawn: Counter[Withdrawn] = Counter()
    periods: list[Report] = []
    for each in many:
        timed.update(each.counts)
        withdrawn.update(each.withdrawn)
        periods += each.reports
    return Standing(0, "", "", timed, withdrawn, tuple(periods))


def first_month(today: date) -> date:
    """The first day of the months that are looked at."""
    return date.fromisoformat(f"{month_before(today, MONTHS - 1)}-01")


def _whole_month(since: date) -> str:
    """The first month that lies wholly after a day, or begins with it."""
    return month_before(since, 0 if since.day == 1 else -1)


def _day(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """The civil day in Shanghai of a moment, counted from 1970-01-01."""
    return (moment + _OFFSET) // _DAY


def of_bodies(connection: Connection, measure: Measure, names: Sequence[int], today: date) -> Standing:
    """The punctuality of the decisions that name a body so, whichever unit delivered them."""
    timed = measure.count(connection, record.c.body.in_(names), today)
    return together(each for each in standings(connection, measure, timed, {}, today) if each.counts)


def of_record(connection: Connection, measure: Measure, item: Published) -> Lags | None:
    """How long one record took; none where its date names no day, or no delivery brought it."""
    found = _RECEIVED.rows(connection, {"batch": item.batch})
    if not found or str(item.document["date"]) != item.decided:
        return None
    decided = date.fromisoformat(item.decided)
    return measure.lags(item.kind, decided, civil(found[0][0]), civil(item.published_at))


#: When a delivery came, as a statement: every page of a record asks it.
_RECEIVED = Prepared(select(batch.c.received_at).where(batch.c.id == bindparam("batch", type_=Integer)))
