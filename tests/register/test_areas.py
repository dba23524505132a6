"""Area codes have names, those of abolished divisions too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister import areas
from creditregister.areas import Areas, AreasFileError
from support.registers import make_register

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("36", "江西省"),
        ("360000", "江西省"),
        ("3601", "南昌市"),
        ("360100", "南昌市"),
        ("1101", "北京市"),
        ("110105", "朝阳区"),
        ("110103", "崇文区"),
        ("98", "98"),
        ("3699", "3699"),
        ("", ""),
        ("abc", "abc"),
        ("３６", "３６"),
    ],
)
def test_the_name_of_a_code(code: str, name: str) -> None:
    assert Areas().name(code) == name


def test_a_deployment_names_its_own(tmp_path: Path) -> None:
    settings = make_register(tmp_path).settings
    assert areas.load(settings).name("9901") == "9901"
    (settings.data / "areas.csv").write_text("code,name\n9901,砚州市\n36,赣\n", encoding="utf-8-sig")
    own = areas.load(settings)
    assert [own.name("9901"), own.name("36"), own.name("3601")] == ["砚州市", "赣", "南昌市"]


@pytest.mark.parametrize("line", ["99,", "9,某地", "xx,某地", ",某地"])
def test_a_wrong_row_is_named(tmp_path: Path, line: str) -> None:
    settings = make_register(tmp_path).settings
    (settings.data / "areas.csv").write_text(f"code,name\n{line}\n", encoding="utf-8")
    with pytest.raises(AreasFileError, match="row 2"):
        areas.load(settings)
