"""An invented town: a real register with a few companies, a person and their records, and its index.

Small enough to know by heart, so that page tests can say exactly what must stand where.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from creditindex import opening
from creditregister import kinds as kind_files
from creditregister import projection, publication, records
from creditregister.clock import FixedClock
from creditregister.codes.arithmetic import identity_check, organisation_check, unified_check
from creditregister.delivered import Delivered
from creditregister.opening import open_register
from creditregister.publication import Author
from creditregister.redrafting import natural_key
from creditregister.text import canonical
from support import indexes, registers, site
from support.pages import Pages
from support.site import Seconds

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from creditindex.engine import Engine
    from creditregister.opening import Register
    from creditregister.records import Published
    from creditregister.settings import Settings

__all__ = ["Seconds", "Town", "make"]

BODY = "云泽市市场监督管理局"


def unified(number: int, kind: str = "91") -> str:
    """A valid unified code in the reserved area 990100."""
    stem = f"MA{number:06d}"
    code = f"{kind}990100{stem}{organisation_check(stem)}"
    return code + unified_check(code)


def identity(number: int) -> str:
    """A well-formed identity number of nobody, in the reserved area."""
    stem = f"99010019850203{number:03d}"
    return stem + identity_check(stem)


DAWN, DAWN_TWIN, RIVER, STONE = (unified(number) for number in (1, 2, 3, 4))
ROGUE = "<script>alert(1)</script>有限公司"
ROGUE_CODE = unified(5)
GATE = unified(6)
NOBODY = identity(8)


@dataclass(frozen=True)
class Town:
    """The register of the town, and pages of its site."""

    register: Register

    def app(self, **options: Any) -> Flask:
        """The site; its index looks at the disk at every question."""
        options.setdefault("open_engine", lambda _settings: indexes.engine_of(self.register))
        options.setdefault("clock", self.register.clock)
        return site.make(self.register.settings.data, **options)

    def pages(self, **options: Any) -> Pages:
        return Pages(self.app(**options))

    def copy(self, folder: Path) -> Town:
        """The same town in another folder, its clock its own."""
        own = self.register
        shutil.copytree(own.settings.data, folder, symlinks=True, ignore=shutil.ignore_patterns("counters.*"))
        settings = own.settings.model_copy(update={"data": folder})
        return Town(open_register(settings, FixedClock(own.clock.now())))

    def later(self, milliseconds: int) -> None:
        """Let time pass in this town."""
        clock = self.register.clock
        assert isinstance(clock, FixedClock)
        clock.ms += milliseconds

    def rebuild(self) -> None:
        indexes.rebuild(self.register, indexes.engine_of(self.register)).run()

    def follow(self) -> None:
        """Bring the index up to date."""
        follower = indexes.follower(self.register, indexes.engine_of(self.register))
        while follower.step().applied:
            pass
        follower.close()

    def records(self) -> list[Published]:
        with self.register.store.read() as connection:
            return records.scan(connection, 0, 1000)

    def record(self, number: str) -> Published:
        """The public record with this document number."""
        return next(each for each in self.records() if each.document["number"] == number)

    def withdraw(self, record: Published, state: str = "ended") -> None:
        author = Author("test", "test", self.register.clock.now())
        with self.register.store.write() as connection:
            publication.withdraw(connection, [record], state, author)


def make(folder: Path, today_ms: int = site.NOON) -> Town:
    """Build the town."""
    town = Town(registers.make_register(folder, FixedClock(today_ms)))
    for kind, rows in _rows().items():
        registers.deliver(town.register, rows, kind=kind)
    town.rebuild()
    return town


def row(kind: str, number: int, name: str, code: str, **values: Any) -> Delivered:
    """A delivered row with the public bytes of the real projection."""
    klass = values.pop("klass", "organisation")
    secret, case = values.pop("secret", ""), values.pop("case", "")
    shipped = kind_files.load()[kind]
    content = {"subject_name": name, "unified_code": code, "body": BODY, shipped.date: "2026-05-20"} | values
    if kind == "penalty":
        content.setdefault("severity", "general")
    if shipped.reference not in content:
        content[shipped.reference] = f"云市监{shipped.number}〔2026〕{number}号"
    content = {field: value for field, value in content.items() if value}
    return Delivered(
        row=number,
        klass=klass,
        name=name,
        codes={"unified": code} if code else {},
        content=canonical(content).decode(),
        public=projection.project(shipped, content, klass),
        key=natural_key(shipped, content),
        decided=content[shipped.date],
        area="990100",
        number=secret,
        case=case,
        secrets={"identity_number": secret} if secret else {},
    )


def _rows() -> dict[str, list[Delivered]]:
    facts = "当事人未按规定公示年度报告，经责令改正后逾期未改。" * 4
    return {
        "licence": [
            row("licence", 1, "云泽晨光食品有限公司", DAWN, document_name="食品经营许可"),
            row("licence", 2, "赤水物流股份有限公司", RIVER, document_name="道路运输许可"),
            *(
                row("licence", 100 + n, "青石贸易有限公司", STONE, content=f"第{n}项经营许可")
                for n in range(45)
            ),
        ],
        "penalty": [
            row("penalty", 1, "云泽晨光食品有限公司", DAWN, facts=facts, content="罚款", fine_amount="1.5"),
            row("penalty", 2, "云泽晨光食品有限公司", DAWN_TWIN, facts="标签不合格", legal_rep="郑无有"),
            row("penalty", 3, "北岭无代码商店有限公司", "", facts="超范围经营"),
            row("penalty", 4, ROGUE, ROGUE_CODE, facts="<b>加粗</b>&amp;"),
        ],
        "dishonest-debtor": [
            row(
                "dishonest-debtor",
                2,
                "雁门岗运输合作社",
                GATE,
                case_number="（2026）赣0102执字第0012号",
                basis_number="（2025）赣0102民初345号",
                duty="支付运费",
            ),
            row(
                "dishonest-debtor",
                1,
                "郑无名",
                "",
                klass="person",
                secret=NOBODY,
                case="（2026）云9901执7号",
                case_number="（2026）云9901执7号",
                duty="支付货款",
            ),
        ],
    }


def index_elsewhere(settings: Settings, folder: Path) -> Engine:
    """A reader of an index that was never built."""
    elsewhere = settings.model_copy(update={"data": folder})
    return opening.reader(elsewhere)


def index_of(town: Town) -> Engine:
    """The index of a town, for another one's site."""
    return indexes.engine_of(town.register)
