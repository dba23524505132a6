"""The changes feed: complete, signed, chained, without persons; the same after a kill, a loss, a year."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditregister import changesfeed, ledger, moving, publication, records
from creditregister.changesfeed import ChangesError, Page
from creditregister.clock import FixedClock
from creditregister.keys import folder as key_folder
from creditregister.keys import make as make_keys
from creditregister.opening import open_register
from creditregister.publication import Author
from creditregister.settings import load
from creditregister.store import Store
from support import registers
from support.registers import NOON, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

DAY = 86_400_000
STAFF = Author("staff", "repaired", NOON)


def renew(register: Register, now: int = NOON) -> list[Page]:
    """Write until nothing is left to write; all pages, their signatures checked."""
    while True:
        with register.store.read() as connection:
            if not changesfeed.renew(connection, register.settings, register.keys, now):
                return pages(register)


def pages(register: Register) -> list[Page]:
    public = register.keys.signer().public_key()
    texts = [
        changesfeed.path(register.settings, n).read_bytes() for n in changesfeed.numbers(register.settings)
    ]
    found = [changesfeed.verify(text, public) for text in texts]
    for text, later in zip(texts, found[1:], strict=False):
        assert later.previous == hashlib.sha256(text).hexdigest()
    return found


def told(found: list[Page]) -> list[tuple[str, str]]:
    return [(each["change"], each["id"]) for page in found for each in page.changes]


def person(made: Delivered) -> Delivered:
    return replace(
        made, klass="person", number="99010119900307123X", secrets={"identity_number": "99010119900307123X"}
    )


def withdraw(register: Register, items: list[records.Published], at: int = NOON) -> None:
    with register.store.write() as connection:
        publication.withdraw(connection, items, "ended", replace(STAFF, at=at))


def public(register: Register) -> list[records.Published]:
    with register.store.read() as connection:
        return records.scan(connection, 0, 10_000)


def test_what_is_told_and_what_not(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1), row(2), row(3)])
    first, second, _ = public(register)
    assert told(renew(register)) == []  # a publication is no change of what somebody has
    deliver(register, [row(2, facts="更正后的事实")])
    withdraw(register, [first])
    found = renew(register)
    assert told(found) == [("corrected", second.id), ("withdrawn", first.id)]
    assert [each["seq"] for each in found[0].changes] == [4, 5]
    assert set(found[0].changes[0]) == {"at", "change", "id", "seq"}
    with register.store.read() as connection:
        assert found[-1].upto == ledger.head(connection).seq


def test_persons_are_not_in_it_but_a_company_that_became_one_is(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [person(row(1, code="")), row(2, code="")])
    (shop,) = public(register)
    found_out = person(row(2, code="", facts="经营者为自然人"))
    assert [str(each) for each in deliver(register, [found_out])] == ["updated"]
    assert public(register) == []
    assert told(renew(register)) == [("withdrawn", shop.id)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(0, 9), min_size=1, max_size=12), size=st.integers(1, 4))
def test_nothing_is_missed_whenever_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, steps: list[int], size: int
) -> None:
    register = make_register(tmp_path_factory.mktemp("feed"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changesfeed, "SIZE", size)
        wanted: list[tuple[str, str]] = []
        deliver(register, [row(n) for n in range(1, 11)])
        items = {item.n: item for item in public(register)}
        for step in steps:
            item = items.pop(step + 1, None)
            if item is None:
                renew(register)
            else:
                withdraw(register, [item])
                wanted.append(("withdrawn", item.id))
        found = renew(register)
        assert told(found) == wanted
        assert [len(page.lines) for page in found[:-1]] == [size] * (len(found) - 1)
        before = [changesfeed.path(register.settings, page.number).read_bytes() for page in found]
        shutil.rmtree(changesfeed.folder(register.settings))
        again = [changesfeed.path(register.settings, page.number).read_bytes() for page in renew(register)]
        assert again == before


def test_a_kill_between_a_full_page_and_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changesfeed, "SIZE", 2)
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 4)])
    withdraw(register, public(register)[:2])
    renew(register)
    changesfeed.path(register.settings, 2).unlink()
    withdraw(register, public(register))
    assert [len(page.lines) for page in renew(register)] == [2, 1]


def test_one_call_writes_a_bounded_number_of_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changesfeed, "SIZE", 1)
    monkeypatch.setattr(changesfeed, "AT_ONCE", 3)
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 9)])
    withdraw(register, public(register))
    with register.store.read() as connection:
        assert changesfeed.renew(connection, register.settings, register.keys, NOON) == 3
    assert len(told(pages(register))) == 3
    assert len(told(renew(register))) == 8


def test_pages_are_kept_for_four_hundred_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changesfeed, "SIZE", 1)
    register = make_register(tmp_path)
    deliver(register, [row(1), row(2)])
    first, second = public(register)
    withdraw(register, [first])
    withdraw(register, [second], NOON + 10 * DAY)
    assert [page.number for page in renew(register, NOON + 400 * DAY)] == [1, 2, 3]
    assert [page.number for page in renew(register, NOON + 401 * DAY)] == [2, 3]
    assert [page.number for page in renew(register, NOON + 4000 * DAY)] == [3]  # the last page stays


def test_a_ledger_that_lost_entries_is_not_continued(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    address = registers.new_address(empty=True) or f"sqlite:///{tmp_path / 'backup.sqlite'}"
    with register.store.snapshot() as connection:
        moving.fill(connection, Store(register.settings, address), lambda *_: None)
    withdraw(register, public(register))
    renew(register)
    shutil.copytree(key_folder(register.settings), tmp_path / "backup" / "keys")
    earlier = open_register(load(data=tmp_path / "backup", database_url=address), FixedClock(NOON))
    shutil.copytree(changesfeed.folder(register.settings), changesfeed.folder(earlier.settings))
    with pytest.raises(ChangesError, match="the ledger ends at 1"):
        renew(earlier)


def test_pages_of_another_log_are_dropped(tmp_path: Path) -> None:
    register, other = make_register(tmp_path / "one"), make_register(tmp_path / "two")
    for each in (register, other):
        deliver(each, [row(1)])
        withdraw(each, public(each))
        renew(each)
    shutil.rmtree(changesfeed.folder(register.settings))
    shutil.copytree(changesfeed.folder(other.settings), changesfeed.folder(register.settings))
    with register.store.read() as connection:
        origin = ledger.origin(connection)
    assert [page.origin for page in renew(register)] == [origin]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace(b"withdrawn", b"corrected"), "does not fit its text"),
        (lambda text: text.replace(b'"signature":"', b'"signature":"AAAA'), "does not fit its text"),
        (lambda text: text.partition(b"\n")[2], "malformed"),
        (lambda text: text.rpartition(b"{")[0], "malformed"),
        (lambda _text: b"", "malformed"),
        (lambda _text: b"<html>\n</html>\n", "malformed"),
    ],
)
def test_what_was_tampered_with_is_found(tmp_path: Path, change: object, message: str) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    withdraw(register, public(register))
    renew(register)
    text = changesfeed.path(register.settings, 1).read_bytes()
    assert callable(change)
    with pytest.raises(ChangesError, match=message):
        changesfeed.verify(change(text), register.keys.signer().public_key())


def test_another_key_is_not_trusted(tmp_path: Path) -> None:
    register = make_register(tmp_path / "one")
    deliver(register, [row(1)])
    renew(register)
    other = make_register(tmp_path / "two")
    assert make_keys(other.settings) == []
    with pytest.raises(ChangesError, match="another key"):
        changesfeed.verify(
            changesfeed.path(register.settings, 1).read_bytes(), other.keys.signer().public_key()
        )
