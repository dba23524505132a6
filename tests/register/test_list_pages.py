"""A list without its page is not shown: its entries are held when the page goes, and come back with it."""

from __future__ import annotations

import json
import shutil
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from creditregister import daily, explanation, lists, proof, records, rule_change
from creditregister.cli import main
from creditregister.clock import FixedClock
from creditregister.schema import ledger, record_version
from creditregister.shipping import shipped
from creditsite.companion import Days
from support.registers import LAW, NOON, deliver, make_register
from support.town import row, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register
    from creditregister.records import Published

TODAY = date(2026, 6, 1)


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The pages of lists that there are, in a folder of their own."""
    folder = tmp_path / "lists"
    shutil.copytree(shipped("config") / "lists", folder)
    monkeypatch.setattr(lists, "load", partial(lists.load, folder))
    return folder


@pytest.fixture
def register(tmp_path: Path, pages: Path) -> Register:  # noqa: ARG001 -- the pages must be there first
    made = make_register(tmp_path)
    deliver(made, [entry(1, ["tax"]), entry(2, ["tax", "wages"]), entry(3, ["wages"])], kind="serious-list")
    deliver(
        made,
        [row("market-ban", 4, "云泽甲4号公司", unified(4), valid_from="2026-05-20", valid_to="2028-05-20")],
        kind="market-ban",
    )
    deliver(made, [row("penalty", 5, "云泽甲5号公司", unified(5))])
    daily.run(made, TODAY)
    return made


def entry(number: int, words: list[str], **values: Any) -> Delivered:
    return row(
        "serious-list", number, f"云泽甲{number}号公司", unified(number), dishonesty_field=words, **values
    )


def at(register: Register, day: date) -> date:
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms = NOON + (day - TODAY).days * 86_400_000
    return day


def items(register: Register) -> dict[int, Published]:
    with register.store.read() as connection:
        found = records.by_any_number(connection, range(1, 6))
    return {each.n: each for each in sorted(found, key=lambda each: each.n)}


def states(register: Register) -> list[str]:
    return [each.state for _, each in sorted(items(register).items())]


def test_every_entry_of_a_list_without_a_page_is_held_that_night_and_no_other(
    register: Register, pages: Path
) -> None:
    assert states(register) == ["public"] * 5
    taken = (pages / "tax.toml").read_bytes()
    (pages / "tax.toml").unlink()
    assert daily.preview(register, TODAY).pages.counts == {"held": 2}
    assert states(register) == ["public"] * 5
    assert daily.run(register, TODAY).pages.counts == {"held": 2}
    assert states(register) == ["held", "held", "public", "public", "public"]
    assert daily.run(register, TODAY).pages.counts == {}
    with register.store.read() as connection:
        told = connection.execute(
            select(ledger.c.action, ledger.c.reason, ledger.c.told).where(ledger.c.seq > 5)
        )
        assert [tuple(each) for each in told] == [("withdraw", "unlisted", "withdrawn")] * 2
        for n, item in items(register).items():
            why = explanation.explanation(LAW, explanation.case_of(connection, item), TODAY)
            assert why.shows(TODAY) == (n > 2)
            assert any("公开页" in step.zh for step in why.steps) == (n <= 2)
            assert records.standing(connection, item.id, TODAY).state == ("ended" if n <= 2 else "public")
    (pages / "tax.toml").write_bytes(taken)
    assert daily.run(register, TODAY).pages.counts == {"restored": 2}
    assert states(register) == ["public"] * 5
    assert proof.verify(register.store).count == 0


def test_an_entry_that_may_not_be_shown_keeps_no_other_from_coming_back(
    register: Register, pages: Path
) -> None:
    taken = (pages / "tax.toml").read_bytes()
    (pages / "tax.toml").unlink()
    daily.run(register, TODAY)
    (pages / "tax.toml").write_bytes(taken)
    clean = items(register)[1].public
    mine = update(record_version).where(record_version.c.n == 1)
    with register.store.write() as connection:
        connection.execute(mine.values(public='{"facts":"当事人 11010519491231002X"}'.encode()))
    # It is named every night.
    for counts in ({"restored": 1}, {}):
        done = daily.run(register, TODAY)
        assert (done.pages.counts, done.refused) == (counts, [items(register)[1].id])
    assert states(register)[:2] == ["held", "public"]
    with register.store.write() as connection:
        connection.execute(mine.values(public=clean))
    done = daily.run(register, TODAY)
    assert (done.pages.counts, done.refused) == ({"restored": 1}, [])


def test_a_kind_that_is_one_list_is_held_too(register: Register, pages: Path) -> None:
    (pages / "market-ban.toml").unlink()
    daily.run(register, TODAY)
    assert states(register) == ["public", "public", "public", "held", "public"]


def test_what_comes_back_has_the_end_that_it_had(register: Register, pages: Path) -> None:
    ends = [each.shown_until for each in items(register).values()]
    taken = (pages / "tax.toml").read_bytes()
    (pages / "tax.toml").unlink()
    daily.run(register, TODAY)
    (pages / "tax.toml").write_bytes(taken)
    daily.run(register, at(register, date(2027, 6, 1)))
    assert [each.shown_until for each in items(register).values()][:3] == ends[:3]
    assert states(register)[:3] == ["public"] * 3


def test_what_is_over_meanwhile_stays_away(register: Register, pages: Path) -> None:
    taken = (pages / "tax.toml").read_bytes()
    (pages / "tax.toml").unlink()
    daily.run(register, TODAY)
    last = date.fromisoformat(items(register)[1].max_end)
    assert daily.run(register, at(register, last)).of("lapsed") == 0
    assert daily.run(register, at(register, date.fromordinal(last.toordinal() + 1))).of("lapsed") == 2
    (pages / "tax.toml").write_bytes(taken)
    daily.run(register, date.fromordinal(last.toordinal() + 1))
    assert states(register)[:2] == ["ended"] * 2


def test_rules_apply_does_it_at_once_and_says_so_before(register: Register, pages: Path) -> None:
    (pages / "wages.toml").unlink()
    assert rule_change.apply(register, TODAY, dry_run=True).counts == {"held": 2}
    assert states(register) == ["public"] * 5
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {"held": 2}
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {}
    assert states(register) == ["public", "held", "held", "public", "public"]


def test_an_entry_whose_day_is_to_come_does_not_begin_without_the_page(
    register: Register, pages: Path
) -> None:
    ban = row("market-ban", 6, "云泽甲6号公司", unified(6), valid_from="2026-07-01", valid_to="2027-06-30")
    deliver(register, [ban], kind="market-ban")
    taken = (pages / "market-ban.toml").read_bytes()
    (pages / "market-ban.toml").unlink()
    daily.run(register, TODAY)
    assert daily.run(register, at(register, date(2026, 7, 1))).of("begun") == 0
    (pages / "market-ban.toml").write_bytes(taken)
    assert daily.run(register, date(2026, 7, 1)).pages.counts == {"restored": 2}
    with register.store.read() as connection:
        (found,) = records.by_any_number(connection, [6])
    assert (found.state, found.shown_from) == ("public", "2026-07-01")


def test_the_commands_say_it(register: Register, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(register.settings.data))
    monkeypatch.setenv("CREDIT_TODAY", TODAY.isoformat())
    if register.settings.database_url:
        monkeypatch.setenv("CREDIT_DATABASE_URL", register.settings.database_url.get_secret_value())
    (pages / "tax.toml").unlink()
    run = CliRunner().invoke
    assert json.loads(run(main, ["rules", "apply", "--dry-run", "--json"]).output)["held"] == 2
    assert "名单没有公开页，暂缓 2" in run(main, ["daily"]).output
    assert json.loads(run(main, ["daily", "--json"]).output)["lists"] == {"held": 0, "restored": 0}


def test_a_server_does_it_by_itself_and_logs_it(
    register: Register, pages: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (pages / "tax.toml").unlink()
    with caplog.at_level("WARNING", logger="creditsite.companion"):
        Days(register).look()
    assert states(register) == ["held", "held", "public", "public", "public"]
    assert "Entries of lists followed their pages: {'held': 2}" in caplog.messages
