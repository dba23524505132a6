"""Patterns cannot be made slow 正则拒绝服务 (ReDoS): proven by their structure, and by counting work.

A pattern is linear if a repeat without bound repeats one character class and nothing has to follow it (so
it never has to be tried again shorter), and if bounded repeats multiply to a small number only.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from re import _constants as op  # type: ignore[attr-defined]  # no public way to see a parsed pattern
from re import _parser as parser  # type: ignore[attr-defined]  # no public way to see a parsed pattern
from typing import TYPE_CHECKING, Any

import pytest

from creditregister import codes, dates
from creditregister.privacy import leak, person
from creditregister.privacy.redact import redact
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The most steps that bounded repeats inside of each other may take from one place of a text.
MOST_STEPS = 10_000
MODULES = ("text", "codes", "dates", "courts", "references", "privacy")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern that is a constant of one of the modules, also inside of tuples."""
    for name in MODULES:
        module = importlib.import_module(f"creditregister.{name}")
        names = [module.__name__]
        if hasattr(module, "__path__"):
            names += [found.name for found in pkgutil.iter_modules(module.__path__, f"{module.__name__}.")]
        for each in names:
            for constant, value in vars(importlib.import_module(each)).items():
                for pattern in _flat(value):
                    yield f"{each}.{constant}", pattern


def _flat(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _flat(each)


ALL = sorted(dict(patterns()).items())
REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}


def steps(items: Any, *, is_last: bool) -> int:
    """Count the steps that a sequence may take from one place, at most; refuse what is not linear."""
    total = 1
    for place, (code, value) in enumerate(items):
        last = is_last and all(_may_be_empty(each) for each in items[place + 1 :])
        if code in REPEATS:
            least, most, body = value
            if most == op.MAXREPEAT:
                assert last, "something has to follow a repeat without bound"
                assert len(body) == 1, "a repeat without bound repeats more than one class"
                assert body[0][0] in {op.IN, op.LITERAL, op.NOT_LITERAL, op.ANY}
                continue
            inside = steps(body, is_last=last and most == 1)
            # What a possessive repeat took it keeps; any other may be tried again in each of its lengths.
            again = 0 if code is op.POSSESSIVE_REPEAT else most - least
            total = total * (1 + again * inside) + most * inside
        elif code is op.SUBPATTERN:
            total += steps(value[-1], is_last=last)
        elif code is op.BRANCH:
            total += sum(steps(branch, is_last=last) for branch in value[1])
        elif code in {op.ASSERT, op.ASSERT_NOT}:
            total += steps(value[1], is_last=False)
        elif code is op.ATOMIC_GROUP:
            total += steps(value, is_last=last)
    return total


def _may_be_empty(item: Any) -> bool:
    code, value = item
    return (code in REPEATS and value[0] == 0) or (code is op.AT)


def test_there_are_patterns_to_look_at() -> None:
    assert len(ALL) > 30


@pytest.mark.parametrize(("name", "pattern"), ALL, ids=[name for name, _ in ALL])
def test_is_linear_by_construction(name: str, pattern: re.Pattern[str]) -> None:
    assert steps(parser.parse(pattern.pattern), is_last=True) < MOST_STEPS, name


def test_what_is_not_linear_is_noticed() -> None:
    for bad in ("(a+)+b", "a+b", "(?:ab)*", r"(?:\d{1,100}x?){1,100}y", "(a|a)*"):
        with pytest.raises(AssertionError):
            assert steps(parser.parse(bad), is_last=True) < MOST_STEPS


#: Texts made to make careless patterns go back and forth.
ADVERSARIAL = {
    "digits": "1",
    "digits and gaps": "1 ",
    "digits and dashes": "13-",
    "identity numbers": "360102197003071234",
    "stars": "360102****",
    "brackets": "（",
    "roles": "当事人",
    "roles and surnames": "员工张",
    "role and colon": "负责人：",
    "names in a list": "张三、",
    "role and list": "员工张三、李四和王五",
    "dots": "艾·",
    "labels": "电话",
    "addresses": "住址",
    "address and comma": "，住省",
    "sexes": "张三，男",
    "mail": "a@a.",
    "mail without end": "a",
    "at": "@",
    "latin names": "：A ",
    "white space": " ",
    "wide": "１",
    "zero width": "1\u200b",
}


def _refused_date(text: str) -> None:
    with pytest.raises(dates.DateError):
        dates.parse(text)


WORK = {
    "redact": redact,
    "scan": leak.scan,
    "identities": codes.find_identities,
    "fold": fold,
    "check": codes.check,
    "person": person.looks_like_person,
    "date": _refused_date,
}


@pytest.mark.parametrize("name", WORK)
@pytest.mark.parametrize("seed", ADVERSARIAL)
def test_time_grows_with_the_text_and_not_faster(seed: str, name: str) -> None:
    """Four times the text may take about four times as long; with squares it would take sixteen."""
    work, piece = WORK[name], ADVERSARIAL[seed]
    short, long = (piece * (size // len(piece)) for size in (10_000, 40_000))
    assert _seconds(work, long) < 8 * _seconds(work, short) + 0.02


def _seconds(work: Any, text: str) -> float:
    """The least of three runs in processor time, which other programs do not disturb."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work(text)
        best = min(best, time.process_time() - start)
    return best
