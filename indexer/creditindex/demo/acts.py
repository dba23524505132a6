"""What each kind of record says: a licence, a penalty and so on, cell by cell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from creditindex.demo import further, texts, units, words
from creditindex.demo.places import PROVINCE, Place
from creditindex.demo.rows import PERSON, Maker, Row
from creditindex.demo.texts import pick

if TYPE_CHECKING:
    from random import Random


def row(maker: Maker, number: int) -> Row:
    """The row of this maker's file with this running number."""
    made = Row({"date": ""}, day=maker.day())
    place = maker.party(made, number)
    _KIND.get(maker.job.kind, further.fill)(maker, made, number, place)
    for key in maker.job.missing:
        made.cells.pop(key, None)
    return made


def _later(day: date, years: int) -> date:
    return day + timedelta(days=365 * years)


def _licence(maker: Maker, made: Row, number: int, place: Place) -> None:
    rng, cells = maker.rng, made.cells
    paper, content = pick(rng, words.LICENCES.get(maker.job.office, words.LICENCES["other"]))
    body, document_number = maker.document("许准字", number, made.day, place)
    made.to = _later(made.day, 5) if rng.random() < 0.9 else None
    cells.update(document=f"准予行政许可决定书（{paper}）", document_number=document_number)
    cells.update(kind=pick(rng, words.LICENCE_KINDS), certificate=paper, body=body)
    cells.update(certificate_number=f"YZ{place.area}{number + 1:07d}", body_code=maker.codes[body])
    cells["content"] = texts.padded(
        rng, "licence", [f"准予{cells['name']}的申请", content], f"经营地址为{place.full}"
    )
    cells.update(state="0", **{"from": ""})
    cells.update(source=maker.job.source, source_code=maker.codes[maker.job.source])


def _penalty(maker: Maker, made: Row, number: int, place: Place) -> None:
    rng, cells = maker.rng, made.cells
    violation, basis, found = pick(rng, words.VIOLATIONS[maker.job.office])
    body, document_number = maker.document("罚", number, made.day, place)
    kind = pick(rng, words.PENALTY_KINDS)
    cells.update(document_number=document_number, violation=violation, basis=basis, kind=kind)
    cells["facts"] = maker.facts(made, found)
    cells.update(body=body, body_code=maker.codes[body])
    sum_ = 10 ** (3 + rng.random() * 2.5)
    if kind == "罚款":
        cells["fine"] = f"{sum_ / 10_000:.6f}".rstrip("0")
        cells["content"] = f"责令改正违法行为，处罚款人民币{sum_:.2f}元"
    elif kind.startswith("没收"):
        cells["confiscated"] = f"{sum_ / 10_000:.6f}".rstrip("0")
        cells["content"] = f"没收违法所得人民币{sum_:.2f}元"
    else:
        cells["content"] = "责令限期改正" if kind == "其他" else f"对{violation}的行为给予{kind}"
    made.to = _later(made.day, 1)
    cells["publicity"] = made.to.isoformat()
    cells["severity"] = _grade(rng, kind)
    cells.update(source=maker.job.source, source_code=maker.codes[maker.job.source])


def _grade(rng: Random, kind: str) -> str:
    """Reprimands are minor where the standard of their body says so; the others are so only by exception."""
    draw = rng.random()
    if kind in {"警告", "通报批评"}:
        return "轻微" if draw < 0.25 else "一般"
    return "一般" if draw < 0.8 else "严重"


def _enforcement(maker: Maker, made: Row, number: int, place: Place) -> None:
    rng, cells = maker.rng, made.cells
    kind, basis = pick(rng, words.ENFORCEMENTS)
    body, document_number = maker.document("强", number, made.day, place)
    goods = pick(rng, words.GOODS)
    cells.update(document_number=document_number, kind=kind, basis=basis, body=body)
    cells.update(object=f"{place.full}的{goods}", body_code=maker.codes[body])
    cells["content"] = f"对{goods}{kind}，期限三十日"
    cells["facts"] = maker.facts(made, f"涉嫌违法的{goods}需要采取{kind}措施")
    made.to = made.day + timedelta(days=30)
    cells["from"] = ""
    if rng.random() < 0.15 and made.to < maker.job.today:
        cells["released"] = made.to.isoformat()


def _debtor(maker: Maker, made: Row, number: int, place: Place) -> None:
    rng, cells = maker.rng, made.cells
    court = units.court_of(place.city, place.district)
    year, serial = made.day.year, number + 1
    left, right = "()" if rng.random() < 0.5 else "（）"
    made.case = cells["case_number"] = f"{left}{year}{right}{place.court}执{serial}号"
    cells["basis_number"] = f"（{year - 1}）{place.court}民初{serial + 300}号"
    cells.update(body=court, basis_body=court, province=PROVINCE, duty=_duty(rng))
    cells.update(performance=pick(rng, words.PERFORMANCES), conduct=pick(rng, words.DEBTOR_CASES))
    cells["filed"] = (made.day - timedelta(days=40)).isoformat()
    somebody = made.subject
    if cells["party"] == PERSON and somebody:
        cells.update(party="自然人", sex="女" if somebody.woman else "男")
        cells["age"] = str(made.day.year - somebody.born.year)
    else:
        cells["party"] = "法人或其他组织"
        codes = [cells.pop(key, "") for key in ("unified", "organisation", "registration")]
        cells["number"] = codes[0] or codes[1]


def _duty(rng: Random) -> str:
    return texts.padded(
        rng,
        "duty",
        [pick(rng, words.DUTIES).format(sum=texts.money(rng))],
        "负有连带清偿责任的以判决主文为准",
    )


def _commitment(maker: Maker, made: Row, number: int, place: Place) -> None:
    rng, cells = maker.rng, made.cells
    paper, _ = pick(rng, words.LICENCES["other"])
    kind = pick(rng, words.COMMITMENT_KINDS)
    city = place.city if place.city in maker.job.cities else pick(rng, maker.job.cities)
    body = f"{city}{maker.job.office}"
    cells["commitment_number"] = f"CN{place.area}{made.day.year}{number + 1:07d}"
    cells.update(kind=kind, item_code=f"YZ{abs(hash_of(paper)) % 10**6:06d}", item=f"{paper}核发")
    cells.update(body=body, body_code=maker.codes[body], consent="是")
    promised = [f"{cells['name']}郑重承诺", pick(rng, words.COMMITMENTS)]
    cells["content"] = texts.padded(rng, "promise", promised, "本承诺自签署之日起生效")
    made.to = _later(made.day, 3)
    state = cells["state"] = pick(rng, words.COMMITMENT_STATES)
    due = made.day + timedelta(days=60)
    if kind == "容缺受理型":
        papers = pick(rng, words.PAPERS)
        cells.update(due=due.isoformat(), papers=papers, evidence=papers if state == "已履行" else "")
    if state == "逾期未履行":
        cells["confirmed"] = min(due + timedelta(days=10), maker.job.today).isoformat()


def hash_of(text: str) -> int:
    """A small number from a text that, unlike ``hash``, is the same in every process."""
    return sum(ord(c) * (place + 31) for place, c in enumerate(text))


def _serious(maker: Maker, made: Row, number: int, place: Place) -> None:
    rng, cells = maker.rng, made.cells
    theme, found = pick(rng, words.SERIOUS.get(maker.job.office, words.SERIOUS["other"]))
    body, document_number = maker.document("失信", number, made.day, place)
    cells.update(field=theme, body=body, document_number=document_number)
    cells["facts"] = maker.facts(made, found)
    cells["content"] = f"依据{theme}领域严重失信主体名单管理规定，列入严重失信主体名单，期限三年"
    cells["publicity"] = _later(made.day, 3).isoformat()


_KIND = {
    "licence": _licence,
    "penalty": _penalty,
    "enforcement": _enforcement,
    "dishonest-debtor": _debtor,
    "commitment": _commitment,
    "serious-list": _serious,
}
