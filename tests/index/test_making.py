"""Documents made by other processes: the same ones, in the same order, and no process that outlives its work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from creditindex import verify as checking
from creditindex.documents import Documents
from creditindex.embedded import schema
from creditindex.engine import EngineError
from creditindex.making import Maker, Makers, Range
from creditindex.rebuild import Rebuild
from creditregister import kinds
from creditregister.clock import FixedClock
from support.indexes import engine_of, penalty
from support.registers import NOON, deliver, make_register

if TYPE_CHECKING:
    from creditindex.making import Made
    from creditregister.opening import Register

EDGES = (0, 1, 2, 5, 9, 20, 30, 40)
RANGES = [Range(names, one, other) for names in (False, True) for one, other in pairwise(EDGES)]


@pytest.fixture
def register(tmp_path: Path, engine_settings: dict[str, Any]) -> Register:
    made = make_register(tmp_path, FixedClock(NOON), **engine_settings)
    deliver(made, [penalty(n) for n in range(1, 30)])
    return made


def alone(register: Register) -> list[Made]:
    maker = Maker(register.store, Documents(kinds.load()), schema.as_json)
    return [maker.make(each) for each in RANGES]


def test_several_processes_make_the_same_in_the_same_order(register: Register) -> None:
    with Makers(register.settings, schema.as_json, 2) as makers:
        made = list(makers.make(RANGES))
    assert made == alone(register)
    assert sum(each.count for each in made if not each.range.names) == 29
    assert [each.range for each in made] == RANGES


def test_a_rebuild_by_several_processes_holds_what_the_register_shows(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"RANGE": 4, "SUBJECTS": 3, "MANY": 2}.items():
        monkeypatch.setattr(f"creditindex.rebuild.{name}", value)
    engine = engine_of(register)
    report = Rebuild(register, engine, Documents(kinds.load()), processes=2).run()
    assert (report.records, report.subjects, report.aside) == (29, 29, 0)
    assert checking.verify(register, engine).differences == 0


def test_a_process_that_was_killed_is_said(register: Register) -> None:
    with Makers(register.settings, schema.as_json, 1) as makers:
        made = makers.make(RANGES)
        next(made)
        (process,) = makers.processes
        os.kill(process, signal.SIGKILL)
        with pytest.raises(EngineError, match="has ended"):
            list(made)


LEFT = """
import os, sys
from pathlib import Path
from creditindex.embedded import schema
from creditindex.making import Makers, Range
from creditregister import settings

if __name__ == "__main__":
    makers = Makers(settings.load(data=Path(sys.argv[1])), schema.as_json, 2)
    list(makers.make([Range(False, 0, 9), Range(True, 0, 9)]))
    print(*makers.processes, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_no_process_outlives_a_killed_rebuild(register: Register, tmp_path: Path) -> None:
    script = tmp_path / "left.py"
    script.write_text(LEFT, encoding="utf-8")
    command = [sys.executable, str(script), str(register.settings.data)]
    # The processes hold this pipe, too: it ends when the last of them has.
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=False, timeout=120, text=True)
    assert ran.returncode == -signal.SIGKILL
    left = [int(each) for each in ran.stdout.split()]
    assert len(left) == 2
    assert not [each for each in left if running(each)]


def running(process: int) -> bool:
    """Whether it is there, and more than an entry that nobody has read yet."""
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text(encoding="ascii")
