"""Which files a demo of N records has: source unit, format, headings, and how many rows of which kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from creditindex.demo import faults, forms, regular
from creditindex.demo.places import CITIES, PROVINCE
from creditindex.demo.regular import Part
from creditindex.demo.rows import RECORDS_A_SUBJECT, Job

if TYPE_CHECKING:
    from datetime import date

#: Rows of one file at most. openpyxl writes about 3,000 rows a second, so spreadsheets stay small; a JSON
#: array may have 64 MB.
ROWS_A_FILE = 100_000
_FEWER = {"xlsx": 2_500, "office": 2_500, "json": 20_000}


@dataclass(frozen=True, slots=True)
class Style:
    """How a file is written.

    ``form`` is a key of ``forms.ENDINGS``; ``headings`` are zh, code or old; ``dates`` a key of
    ``files._DATES``.
    """

    form: str
    headings: str
    dates: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """One delivery: its job, its style, what ``load --with`` must add (field id, value), when it came."""

    job: Job
    style: Style
    given: tuple[tuple[str, str], ...] = ()
    received: date | None = None


@dataclass(frozen=True, slots=True)
class _Share:
    kind: str
    per_mille: int
    source: str
    office: str
    style: Style
    cities: tuple[str, ...] = CITIES[1:]
    named_only: bool = False
    regular: bool = False


def _province(office: str) -> tuple[str, str]:
    return f"{PROVINCE}{office}", office


_MARKET, _APPROVAL = _province("市场监督管理局"), _province("行政审批局")
_BUILDING, _TRANSPORT = _province("住房和城乡建设局"), _province("交通运输局")
_ENVIRONMENT, _SAFETY = _province("生态环境局"), _province("应急管理局")
_LABOUR, _REFORM = _province("人力资源和社会保障局"), _province("发展和改革委员会")
_COURT = (f"{PROVINCE}高级人民法院", "")
_CAPITAL = CITIES[:1]
# The files that lack body and date: a list whose heading sheet held both, and quarterly lists of names.
_SHEET = Style("csv", "zh", "iso", missing=("body", "document_number", "date"))
_QUARTERS = Style(
    "xlsx", "zh", "quarter", missing=("unified", "document_number", "body", "body_code", "party")
)

_SHARES = (
    _Share("licence", 88, *_APPROVAL, Style("csv", "code", "iso")),
    _Share("licence", 88, *_MARKET, Style("gb18030", "zh", "slash")),
    _Share("licence", 30, *_BUILDING, Style("xlsx", "zh", "cell")),
    _Share("licence", 50, *_TRANSPORT, Style("bom", "zh", "han"), regular=True),
    _Share("penalty", 80, *_MARKET, Style("csv", "code", "plain")),
    _Share("penalty", 55, *_ENVIRONMENT, Style("gb18030", "zh", "han")),
    _Share("penalty", 40, *_SAFETY, Style("bom", "code", "iso"), regular=True),
    _Share(
        "penalty", 20, f"{CITIES[0]}市场监督管理局", "市场监督管理局", Style("xlsx", "code", "cell"), _CAPITAL
    ),
    _Share("penalty", 15, *_BUILDING, Style("csv", "zh", "slash")),
    _Share("penalty", 5, f"{CITIES[0]}生态环境局", "生态环境局", _QUARTERS, _CAPITAL, named_only=True),
    _Share("enforcement", 32, *_MARKET, Style("csv", "zh", "iso")),
    _Share("enforcement", 25, *_TRANSPORT, Style("gb18030", "zh", "slash"), regular=True),
    _Share("dishonest-debtor", 42, *_COURT, Style("csv", "code", "iso")),
    _Share("dishonest-debtor", 25, *_COURT, Style("gb18030", "zh", "han")),
    _Share("commitment", 54, *_REFORM, Style("csv", "zh", "iso")),
    _Share("commitment", 20, *_LABOUR, Style("xlsx", "zh", "cell")),
    _Share("serious-list", 24, *_LABOUR, Style("gb18030", "zh", "iso")),
    _Share("serious-list", 15, *_MARKET, Style("xlsx", "zh", "cell")),
    _Share("serious-list", 5, *_REFORM, _SHEET),
    _Share("confirmation", 9, *_LABOUR, Style("csv", "code", "iso")),
    _Share("confirmation", 6, *_LABOUR, Style("gb18030", "zh", "slash")),
    _Share("levy", 9, *_ENVIRONMENT, Style("csv", "code", "plain")),
    _Share("levy", 5, *_ENVIRONMENT, Style("xlsx", "zh", "cell")),
    _Share("benefit", 9, *_LABOUR, Style("bom", "code", "iso")),
    _Share("benefit", 6, *_LABOUR, Style("gb18030", "zh", "han")),
    _Share("ruling", 8, *_MARKET, Style("csv", "code", "iso")),
    _Share("ruling", 5, *_MARKET, Style("bom", "zh", "han")),
    _Share("compensation", 7, *_BUILDING, Style("csv", "code", "slash")),
    _Share("compensation", 5, *_BUILDING, Style("xlsx", "zh", "cell")),
    _Share("reward", 7, *_MARKET, Style("bom", "code", "iso")),
    _Share("reward", 6, *_MARKET, Style("gb18030", "zh", "han")),
    _Share("inspection", 14, *_SAFETY, Style("csv", "code", "plain")),
    _Share("inspection", 10, *_MARKET, Style("gb18030", "zh", "slash")),
    _Share("false-litigation", 8, *_COURT, Style("gb18030", "zh", "han")),
    _Share("abnormal-operations", 15, *_MARKET, Style("csv", "zh", "iso")),
    _Share("market-ban", 8, *_SAFETY, Style("csv", "zh", "iso")),
    _Share("rating", 18, *_REFORM, Style("csv", "zh", "iso")),
    _Share("interview", 8, *_LABOUR, Style("xlsx", "zh", "cell")),
    _Share("arrears", 8, *_REFORM, Style("csv", "zh", "slash")),
    _Share("consumer-complaints", 12, *_MARKET, Style("csv", "zh", "quarter")),
    _Share("consumer-complaints", 4, *_MARKET, Style("xlsx", "zh", "quarter")),
    _Share("measure", 12, *_REFORM, Style("gb18030", "zh", "iso")),
    _Share("licence", 12, *_APPROVAL, Style("csv", "old", "slash")),
    _Share("licence", 10, *_MARKET, Style("json", "zh", "iso")),
    _Share("licence", 8, *_BUILDING, Style("office", "zh", "cell")),
    _Share("penalty", 12, *_ENVIRONMENT, Style("gb18030", "old", "slash")),
    _Share("penalty", 10, *_MARKET, Style("lines", "code", "iso")),
    _Share("penalty", 8, *_BUILDING, Style("office", "zh", "cell")),
    _Share("enforcement", 8, *_MARKET, Style("bom", "code", "iso")),
    _Share("dishonest-debtor", 8, *_COURT, Style("lines", "code", "iso")),
    _Share("serious-list", 6, *_LABOUR, Style("json", "zh", "han")),
    _Share("commitment", 6, *_REFORM, Style("lines", "zh", "iso")),
)


def files(records: int, seed: int, today: date) -> list[File]:
    """The files of a demo of that many rows, the same for the same three values."""
    counts = _counts(records)
    base = Job(
        seed=seed, today=today, subjects=max(40, records // RECORDS_A_SUBJECT), faults=faults.share(records)
    )
    started: dict[tuple[str, str], int] = {}
    found: list[File] = []
    for share, rows in zip(_SHARES, counts, strict=True):
        for part in _parts(share, rows, records, today):
            job = replace(base, today=part.today, days=part.days)
            for size in _sizes(share, part.rows):
                first = started.get((share.source, share.kind), 0)
                started[share.source, share.kind] = first + size
                file = _file(share, len(found), size, first, job)
                found.append(replace(file, received=part.received))
    return found


def schedules(records: int, today: date) -> list[tuple[str, str, str, str]]:
    """What the regular units of a demo owe: unit, kind, how often, since when."""
    begun = regular.since(today).isoformat()
    owing = [share for share in _SHARES if share.regular and records >= regular.ENOUGH]
    return [(share.source, share.kind, "month", begun) for share in owing]


def _parts(share: _Share, rows: int, records: int, today: date) -> list[Part]:
    if share.regular and records >= regular.ENOUGH:
        return regular.parts(rows, today)
    return [Part(rows, today)] if rows else []


def _sizes(share: _Share, rows: int) -> list[int]:
    """Rows of each file that a part is cut into; a part without rows is a file with headings only."""
    most = _FEWER.get(share.style.form, ROWS_A_FILE)
    return [min(most, rows - begun) for begun in range(0, max(rows, 1), most)]


def _counts(records: int) -> list[int]:
    """Rows by share; what a form has no room for, and the rest of rounding, go to the first files."""
    counts = [records * share.per_mille // 1000 for share in _SHARES]
    first = {share.kind: place for place, share in reversed(list(enumerate(_SHARES)))}
    for place, share in enumerate(_SHARES):
        most = _FEWER.get(share.style.form, counts[place])
        counts[first[share.kind]] += max(0, counts[place] - most)
        counts[place] = min(counts[place], most)
    counts[0] += records - sum(counts)
    return counts


def _file(share: _Share, place: int, rows: int, first: int, base: Job) -> File:
    form = f"{share.style.form}-old" if share.style.headings == "old" else share.style.form
    job = replace(
        base,
        name=f"{place + 1:02d}-{share.kind}-{form}.{forms.ENDINGS[share.style.form]}",
        kind=share.kind,
        source=share.source,
        office=share.office,
        rows=rows,
        first=first,
        place=place,
        cities=share.cities,
        named_only=share.named_only,
        missing=frozenset(share.style.missing),
    )
    return File(job, share.style, _given(share, base.today))


def _given(share: _Share, today: date) -> tuple[tuple[str, str], ...]:
    """What the rows lack and the person at the keyboard knows."""
    given = {
        "body": ("body", f"{share.cities[0]}{share.office}"),
        "date": ("decision_date", today.replace(month=1, day=15).isoformat()),
    }
    return tuple(given[key] for key in share.style.missing if key in given)
