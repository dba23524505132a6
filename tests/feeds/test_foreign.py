"""Foreign tables, odd and broken ones: none is a delivery, and each is told why in a sentence that helps."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support import tables
from support.registers import UNIT, make_register

SHARED = os.environ.get("CREDIT_TEST_SHARED", "")
FOLDER = Path(SHARED) / "data" / "tables"
FILES = sorted(path for path in FOLDER.rglob("*") if path.is_file()) if SHARED else []


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("foreign")
    make_register(folder).store.close()
    return folder / "data"


@pytest.mark.slow
@pytest.mark.skipif(not SHARED, reason="CREDIT_TEST_SHARED names no folder of files")
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_foreign_table_is_refused_with_a_sentence(
    data: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(data))
    monkeypatch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
    code, summary = tables.load(path, "--source", UNIT)
    (report,) = summary["files"]
    assert (code, report["rows"], report["batch"]) == (1, 0, None)
    assert report["error"]["code"] not in {"crash", "died"}
    what, _, remedy = report["error"]["message"].partition("。")
    assert what
    assert "请" in remedy or "请" in what, "it says what to do"
