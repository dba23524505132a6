"""Keys: their own file each, demo keys only in a demo, sealed text bound to its place."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from creditregister import keys as key_files
from creditregister.keys import KeyFileError
from support.registers import make_register

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_sealed_opens_only_where_it_belongs(tmp_path: Path) -> None:
    keys = make_register(tmp_path).keys
    key_id, sealed = keys.seal("闻人听雪", "7/name")
    assert keys.unseal(key_id, sealed, "7/name") == "闻人听雪"
    assert keys.seal("闻人听雪", "7/name")[1] != sealed
    with pytest.raises(KeyFileError, match="does not open"):
        keys.unseal(key_id, sealed, "8/name")
    with pytest.raises(KeyFileError, match="does not open"):
        keys.unseal(key_id, sealed[:-1] + bytes([sealed[-1] ^ 1]), "7/name")
    with pytest.raises(KeyFileError, match="Sealed with key"):
        keys.unseal("other", sealed, "7/name")


def test_key_files_are_for_their_owner_only_and_made_once(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    files = sorted(key_files.folder(register.settings).iterdir())
    assert [file.name for file in files] == ["digest.json", "log.json", "lookup.json", "seal.json"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    before = [file.read_text() for file in files]
    assert key_files.make(register.settings) == []
    assert [file.read_text() for file in files] == before


def test_demo_keys_are_refused_outside_a_demo(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    for file in key_files.folder(register.settings).iterdir():
        file.unlink()
    key_files.make(register.settings, "seed")
    with pytest.raises(KeyFileError, match="demo key"):
        key_files.load(register.settings).key("seal")
    (register.settings.data / "DEMO").write_text("{}")
    assert key_files.load(register.settings).key("seal").demo


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"id":"a","demo":false,"key":"!!"}', '{"id":"a","demo":false,"key":"YQ=="}']
)
def test_a_broken_key_file_is_named(tmp_path: Path, text: str) -> None:
    register = make_register(tmp_path)
    (key_files.folder(register.settings) / "seal.json").write_text(text)
    with pytest.raises(KeyFileError, match=r"seal\.json"):
        key_files.load(register.settings).key("seal")


def test_a_key_never_shows_its_secret(tmp_path: Path) -> None:
    key = make_register(tmp_path).keys.key("seal")
    assert repr(key.secret) not in repr(key)


def test_the_secrets_folder_stands_before_the_data_folder(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    settings = register.settings.model_copy(update={"secrets": tmp_path / "secrets"})
    with pytest.raises(KeyFileError, match="secrets"):
        key_files.load(settings).key("seal")
    assert sorted(key_files.make(settings)) == ["digest", "log", "lookup", "seal"]
