"""The commands of README and docs/loading.md, run as they stand there."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support import documents, project

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Programs lie beside the Python that runs the tests, whatever the environment is called.
PLACE = ".venv/bin/"
#: A load that refuses a row ends with 1; the examples hold such rows on purpose.
FINE = (0, 1)


def run(line: str, data: Path) -> str:
    """Run one documented command on a data folder; returns what it printed."""
    given, _, command = line.rpartition(" | ")
    words = shlex.split(command)
    assert words[0].startswith(PLACE), line
    program = Path(sys.executable).with_name(words[0].removeprefix(PLACE))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_")}
    done = subprocess.run(
        [str(program), *words[1:]],
        cwd=project.TOP,
        env={**kept, "CREDIT_DATA": str(data)},
        input=given.removeprefix("echo "),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in FINE, f"{line}\n{done.stderr}"
    return done.stdout


def typed(lines: Sequence[str]) -> list[str]:
    """The lines that are run here: not the setting of the folder, and not what serves until it is stopped."""
    return [line for line in lines if not line.startswith("export ") and " serve" not in line]


@pytest.mark.slow
def test_a_file_of_ones_own_is_loaded_into_the_demo(tmp_path: Path) -> None:
    """README: 示范单位 is known in every demo; a dry run stores nothing, the load after it does."""
    (block,) = (lines for lines in documents.blocks(documents.text("README.md")) if "--dry-run" in str(lines))
    data = tmp_path / "data"
    run(f".venv/bin/credit-index demo {tmp_path / 'deliveries'} --records 20", data)
    counts = [json.loads(run(f"{line} --json", data)) for line in typed(block)]
    assert [(one["rows"], one["accepted"], one["refused"]) for one in counts] == [(7, 5, 2), (7, 5, 2)]


@pytest.mark.slow
def test_a_register_of_ones_own_is_made(tmp_path: Path) -> None:
    """README: what another folder needs before it can be served."""
    (block,) = (lines for lines in documents.blocks(documents.text("README.md")) if "export" in str(lines))
    said = [run(line, tmp_path) for line in typed(block)]
    assert any("收录 5" in text for text in said)
    assert (tmp_path / "index" / "current").exists()


@pytest.mark.slow
def test_the_page_on_loading_is_true_from_top_to_bottom(tmp_path: Path) -> None:
    lines = typed(documents.commands(documents.text("docs/loading.md")))
    said = {line: run(line, tmp_path) for line in lines}
    again = json.loads(next(text for line, text in said.items() if line.endswith("--json")))
    assert (again["accepted"], again["unchanged"], again["refused"]) == (0, 5, 2)
    dialect = next(text for line, text in said.items() if "--dialect" in line)
    assert "收录 2" in dialect
    assert "GB18030" in dialect
