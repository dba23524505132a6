"""Units: one name, one unit; a slip names its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister import units
from creditregister.units import UnitsFileError, UnknownUnitError
from support.registers import UNIT, make_register

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register


def import_text(register: Register, folder: Path, text: str) -> int:
    path = folder / "units.csv"
    path.write_text(text, encoding="utf-8-sig")
    with register.store.write() as connection:
        return units.import_file(connection, path, 1)


def test_a_unit_is_found_by_name_alias_and_code(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    text = (
        "name,code,area,superior,aliases\n云泽省市场监督局,11990000MB00000014,990000,,云泽市监局、云泽省局\n"
    )
    code = "11990000MB0000001"
    for last in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        try:
            import_text(register, tmp_path, text.replace("11990000MB00000014", code + last))
        except UnitsFileError:
            continue
        code += last
        break
    with register.store.read() as connection:
        found = {
            units.resolve(connection, given).id
            for given in ("云泽省市场监督局", "云泽市监局", code, code.lower())
        }
    assert len(found) == 1


def test_an_unknown_unit_names_the_nearest(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    with register.store.read() as connection, pytest.raises(UnknownUnitError, match=UNIT):
        units.resolve(connection, UNIT.replace("示范", "示笵"))


def test_importing_twice_makes_no_second_unit(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    text = f"name,code,area,superior,aliases\n{UNIT},,990000,,示范\n云泽二局,,990000,{UNIT},\n"
    assert import_text(register, tmp_path, text) == 2
    assert import_text(register, tmp_path, text) == 2
    with register.store.read() as connection:
        assert units.resolve(connection, "示范").name == UNIT
        assert units.resolve(connection, "云泽二局").confirmed


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (",,,,", "name is empty"),
        ("云泽一局,11990000MB000000XX,,,", "no valid unified code"),
        ("云泽一局,,,天外天局,", "superior"),
        ("云泽一局,,9900000000,,", "no area code"),
        (f"云泽一局,,,,{UNIT}", "another unit"),
    ],
)
def test_a_wrong_file_changes_nothing_and_says_where(tmp_path: Path, body: str, said: str) -> None:
    register = make_register(tmp_path)
    with pytest.raises(UnitsFileError, match=f"row 3.*{said}|{said}"):
        import_text(register, tmp_path, f"name,code,area,superior,aliases\n云泽三局,,,,\n{body}\n")
    with register.store.read() as connection:
        assert units.find(connection, "云泽三局") is None


def test_a_file_without_columns_says_which(tmp_path: Path) -> None:
    with pytest.raises(UnitsFileError, match="name, code"):
        import_text(make_register(tmp_path), tmp_path, "a,b\n1,2\n")
