"""Every setting is documented where it stands and on a page, and a slip in a name is an error (DESIGN 6)."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from creditregister import settings
from support import project, settings_page

if TYPE_CHECKING:
    from pathlib import Path


def known() -> set[str]:
    """The dotted names that the code reads."""
    names: set[str] = set()
    for section, field in settings.Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names |= {f"{section}.{name}" for name in kind.model_fields}
    return names


def flat() -> set[str]:
    """The names outside the sections, as variables."""
    sections = {name.partition(".")[0] for name in known()}
    return {f"CREDIT_{name.upper()}" for name in settings.Settings.model_fields if name not in sections}


def test_the_shipped_file_holds_every_setting_and_no_other() -> None:
    assert {setting.dotted for setting in settings_page.settings()} == known()


def test_every_setting_has_a_sentence_above_it() -> None:
    """A sentence: it begins large, ends with a full stop, and is more than the name in other words."""
    poor = [
        setting.dotted
        for setting in settings_page.settings()
        if not setting.sentence.endswith(".")
        or not setting.sentence[0].isupper()
        or len(setting.sentence) < 20
    ]
    assert poor == []


def test_variables_without_a_section_are_on_the_page() -> None:
    assert flat() <= {name for name, _, _ in settings_page.FLAT}


def test_the_page_is_made_from_the_shipped_file() -> None:
    assert settings_page.PAGE.read_text(encoding="utf-8") == settings_page.page(), "call `make docs`"


def test_the_shipped_file_alone_is_a_whole_configuration() -> None:
    read = settings.load()
    shipped = tomllib.loads(settings_page.DEFAULTS.read_text(encoding="utf-8"))
    assert read.load.rows_per_transaction == shipped["load"]["rows_per_transaction"]


def test_an_unknown_key_of_the_operator_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[load]\npause_mss = 5\n")
    monkeypatch.setenv("CREDIT_CONFIG", str(own))
    with pytest.raises(settings.SettingsError, match=r"load\.pause_mss"):
        settings.load()


@pytest.mark.parametrize("variable", ["CREDIT_LOAD__PAUSE_MSS", "CREDIT_LODE__PAUSE_MS", "CREDIT_DTA"])
def test_an_unknown_variable_is_named(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "5")
    with pytest.raises(settings.SettingsError) as refused:
        settings.load()
    assert variable.lower().removeprefix("credit_").replace("__", ".") in str(
        refused.value
    ) or variable in str(refused.value)


def test_the_environment_stands_over_the_operator_over_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[load]\npause_ms = 5\nspreadsheet_rows = 30\n")
    monkeypatch.setenv("CREDIT_CONFIG", str(own))
    monkeypatch.setenv("CREDIT_LOAD__PAUSE_MS", "7")
    read = settings.load().load
    shipped = tomllib.loads(settings_page.DEFAULTS.read_text(encoding="utf-8"))["load"]
    assert (read.pause_ms, read.spreadsheet_rows, read.rows_per_transaction) == (
        7,
        30,
        shipped["rows_per_transaction"],
    )


def test_the_page_of_settings_is_linked() -> None:
    assert "docs/settings.md" in (project.TOP / "README.md").read_text(encoding="utf-8")
