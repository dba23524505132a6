"""What one row of a delivery brings, as values: made by the parsing process, stored by ``deliveries``.

They hold no database and no keys, so that the process that opens foreign files needs neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson

#: The problem of a code that fails its check 代码校验不通过, which is counted by unit.
BAD_CODE = "code-check"


class Outcome(StrEnum):
    """What became of a row; the five add up to the rows of a delivery (DESIGN 6)."""

    ACCEPTED = "accepted"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a row: what, where, why and what to do, in one sentence.

    ``outcome`` is ``refused``, ``held`` or ``warned``; ``raw`` are the delivered cells (heading → text) of a
    refused or held row, sealed before they are stored.
    """

    row: int
    outcome: str
    field: str
    code: str
    message: str
    raw: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """A checked row, ready for the register.

    ``klass`` is organisation, business or person; ``codes`` maps a kind of code to its value; ``content`` is
    canonical JSON without identity numbers; ``public`` its projection; ``key`` the canonical JSON list of the
    identity fields without the subject, or empty where the row lacks them; ``secrets`` what must be sealed;
    ``number`` and ``case`` find a person's record; ``decided`` is an ISO day or empty; ``revoked`` (撤销) and
    ``ended`` (removed from its list, lifted, paid) take the record from the public; ``document`` says that
    the key names a document, whose other subjects a new row is compared with. A row that waits for its
    unit's word has the reasons, with outcome ``held``, among its ``warnings``.
    """

    row: int
    klass: str
    name: str
    codes: dict[str, str]
    content: str
    public: bytes
    key: str
    decided: str
    area: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    number: str = ""
    case: str = ""
    minor: bool = False
    revoked: bool = False
    warnings: tuple[Problem, ...] = ()
    ended: bool = False
    document: bool = True
    raw: dict[str, str] | None = None

    @property
    def held(self) -> bool:
        """Whether the row waits for its unit's word."""
        return any(problem.outcome == "held" for problem in self.warnings)


@dataclass(frozen=True, slots=True)
class Result:
    """What the register made of one row: its outcome, problems found there, records withdrawn.

    Of a held row ``held`` is the row itself, and ``near`` the record that it looks like or contradicts.
    ``key`` is the keyed digest of the record of which the unit said this in place of what it said before.
    """

    row: int
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    withdrawn: int = 0
    held: Delivered | None = None
    near: int | None = None
    key: bytes = b""


def pack(row: Delivered) -> str:
    """A row as text, to be sealed until it may be taken in."""
    return orjson.dumps(row, default=bytes.decode, option=orjson.OPT_SORT_KEYS).decode()


def unpack(text: str) -> Delivered:
    """The row that ``pack`` wrote."""
    values: dict[str, Any] = orjson.loads(text)
    values["public"] = values["public"].encode()
    values["warnings"] = tuple(Problem(**problem) for problem in values["warnings"])
    return Delivered(**values)
