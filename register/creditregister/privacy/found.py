"""What can be found in a text about a person: the kinds, and where one stands."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What was found."""

    IDENTITY = "identity"
    """Identity number 居民身份证号码, or the number of a passport or permit 证件号码."""
    PHONE = "phone"
    """Mobile or landline telephone 电话."""
    BANK = "bank"
    """Bank card or account 银行卡号、账号."""
    CONTACT = "contact"
    """Electronic address, WeChat or QQ number 电子邮箱、微信号、QQ号."""
    NAME = "name"
    """A person's name 姓名."""
    ADDRESS = "address"
    """A home address 住址."""


class Found(NamedTuple):
    """One finding: ``text[start:end]`` is what it is about."""

    kind: Kind
    start: int
    end: int

    @property
    def places(self) -> range:
        """The places of its characters."""
        return range(self.start, self.end)

    @property
    def is_name(self) -> bool:
        """Whether it is a name, which may stand again elsewhere."""
        return self.kind is Kind.NAME
