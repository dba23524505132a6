"""Where the folders that are shipped with the program stand: config, templates, static."""

from __future__ import annotations

from pathlib import Path

from creditregister.errors import CreditError


class ShippingError(CreditError):
    """The program was not installed whole; the message says what is missing."""


def shipped(name: str, anchor: str = __file__) -> Path:
    """The folder ``name`` (config, templates, static) as it is shipped with the package of ``anchor``.

    An installed wheel holds it inside the package, a checkout at its top.

    Raises:
        ShippingError: neither is there.
    """
    package = Path(anchor).resolve().parent
    for candidate in (package / name, package.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise ShippingError(f"The shipped folder {name!r} is missing beside {package}; reinstall the package.")
