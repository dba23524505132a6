"""Addresses on a world: one of every kind and state of page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from creditregister import lists, records
from creditregister.clock import FixedClock
from creditregister.store import Store
from creditregister.subjects import by_ids, same_name
from support.site import NOON

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from creditregister.records import Published
    from support.world import World

#: The pages about the rules, which need no record.
RULES = {
    "rules": "/rules",
    "simulator": "/rules/simulate",
    "simulated": "/rules/simulate?kind=penalty&grade=general&decided=2026-05-20",
    "simulated and held": "/rules/simulate?kind=penalty&decided=2026-05-20",
    "simulated wrongly": "/rules/simulate?kind=penalty&decided=soon",
    "notice before a delivery": "/rules/simulate/notice?kind=penalty&grade=general&decided=2026-05-20",
}


def places(world: World) -> dict[str, str]:
    """Name of a kind of page → its address in Chinese; ``/en`` before it is the same page in English."""
    store = Store(world.settings)
    with store.read() as connection:
        found = records.scan(connection, 0, 5_000)
        twin = _twin(connection, found)
    store.close()
    coded = next(item for item in found if item.subject_id)
    nameless = next(item for item in found if not item.subject_id)
    name, code = coded.document["name"], coded.document["code"]
    numbered = next(item.document["number"] for item in found if item.document["number"])
    return {
        "home": "/",
        **_of_search(name, code, numbered),
        "subject": f"/s/{code}",
        "subject with a twin": f"/s/{twin}",
        "unknown subject": f"/s/{code[:-1]}{'0' if code[-1] != '0' else '1'}",
        **_of_each_kind(found),
        "repair notice": f"/r/{next(item.id for item in found if item.kind == 'penalty' and item.shown_until)}/notice",
        "not identified by code": f"/r/{nameless.id}",
        "unknown record": "/r/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "body": f"/b/{quote(coded.document['body'])}",
        "unknown body": f"/b/{quote('没有这个机关')}",
        "statistics": "/statistics",
        "lists": "/lists",
        **{f"list: {name}": f"/lists/{name}" for name in lists.load()},
        "unknown list": "/lists/nothing",
        "bans": "/bans",
        "an answer about bans": "/bans?code=91990100MA0000015X&field=work-safety",
        "bans asked wrongly": "/bans?code=1&field=x&on=y",
        "punctuality": "/punctuality",
        "punctuality of one": f"/punctuality?unit={quote(coded.unit)}",
        "coverage": "/coverage",
        "statistics by unit": "/statistics?by=unit&kind=penalty",
        "statistics by year": "/statistics?by=year",
        "statistics of nothing": "/statistics?year=1950",
        "statistics asked wrongly": "/statistics?by=colour",
        **RULES,
        "people": "/people",
        "about": "/about",
        "help": "/help",
        "privacy": "/privacy",
        "accessibility": "/accessibility",
        "changes feed": "/open-data/changes",
        "not found": "/nowhere",
        "refused": "/search?nonsense=1",
        "too long": f"/search?q={'长' * 201}",
        "large text": f"/search?q={quote('有限公司')}&text=large",
    }


def _of_search(name: str, code: str, number: str) -> dict[str, str]:
    """Every way in which the result page answers; name, code and document number are there."""
    return {
        "results": f"/search?q={quote('有限公司')}",
        "results by code": f"/search?q={code}",
        "results in words": f"/search?q={quote('现场 记录')}",
        "filtered": f"/search?q={quote('有限公司')}&kind=penalty&order=newest",
        "everything": "/search",
        "names": f"/search?q={quote('食品')}&view=names",
        "names by pinyin": "/search?q=yxgs&view=pinyin",
        "pinyin is offered": "/search?q=yxgs",
        "existing document number": f"/search?q={quote(number)}",
        "a case number": f"/search?q={quote('（2026）赣0102执12号')}",
        "closest names": f"/search?q={quote(name[:3] + name[-6:])}",
        "nothing": f"/search?q={quote('没有这样的内容可以查到')}",
        "wrong code": f"/search?q={code[:-1]}{'0' if code[-1] != '0' else '1'}",
        "identity number": "/search?q=990101199001011234",
    }


def _of_each_kind(found: list[Published]) -> dict[str, str]:
    newest = {item.kind: item for item in found}
    return {f"record: {kind}": f"/r/{item.id}" for kind, item in sorted(newest.items())}


def _twin(connection: Connection, found: list[Published]) -> str:
    """The code of a subject whose name another one bears, or of any."""
    today = FixedClock(NOON).today().isoformat()
    known = by_ids(connection, [item.subject_id for item in found if item.subject_id])
    for subject in known.values():
        if same_name(connection, subject, today):
            return subject.code
    return next(iter(known.values())).code
