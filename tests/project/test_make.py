"""What make does: its list, the environment's stamp, and a demo that is never half a one."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from creditregister import settings
from support import elastic, project


def program(name: str) -> Any:
    """A program of deploy/ as a module; they lie outside the packages."""
    spec = importlib.util.spec_from_file_location(f"deploy_{name}", project.TOP / "deploy" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


environment, demo = program("environment"), program("demo")


def make(*words: str) -> str:
    """What make prints; it is told of no other make above it."""
    above = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    clean = {name: value for name, value in os.environ.items() if name not in above}
    done = subprocess.run(
        ["make", *words], cwd=project.TOP, env=clean, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_make_alone_lists_every_target() -> None:
    text = (project.TOP / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", text, re.MULTILINE)) - {"ready"}
    assert set(re.findall(r"^  make ([a-z]+) +\S", make(), re.MULTILINE)) == targets
    assert {"run", "test", "check", "bench", "setup"} <= targets


def test_run_hands_over_what_was_asked_for() -> None:
    said = make("-n", "run", "PORT=8123", "RECORDS=77", "SEED=3", "ENGINE=elasticsearch")
    assert (
        re.sub(r"\s+", " ", said.replace("\\\n", " "))
        .strip()
        .endswith("deploy/demo.py --port 8123 --engine elasticsearch --records 77 --seed 3")
    )


def test_check_is_what_ci_runs() -> None:
    last = (project.TOP / ".ci" / "run").read_text().rstrip().splitlines()[-1]
    assert last == "make check"
    planned = make("-n", "check")
    assert planned.index("ruff format --check") < planned.index("-m pytest")
    for tool in ("ruff check", "mypy", "lint-imports", "djlint"):
        assert tool in planned


def test_ci_is_a_program_that_stops_at_the_first_error() -> None:
    path = project.TOP / ".ci" / "run"
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text()
    subprocess.run(["bash", "-n", str(path)], check=True)


# The environment


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like a set-up checkout to deploy/environment.py."""
    for name in ("pyproject.toml", *environment.LOCKS.values()):
        (tmp_path / name).write_text(name)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    return tmp_path


def mark(top: Path, level: str) -> None:
    environment.stamp(top, level).write_text(f"{environment.place(top)}\n{environment.digest(top, level)}\n")


def test_an_environment_without_its_stamp_is_not_whole(checkout: Path) -> None:
    assert not environment.ready(checkout, "run")
    assert not environment.usable(checkout)


def test_a_whole_environment_is_seen_at_once(checkout: Path) -> None:
    mark(checkout, "run")
    assert environment.ready(checkout, "run")
    assert not environment.ready(checkout, "dev")


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_or_project_is_installed_over_the_old(checkout: Path, name: str) -> None:
    mark(checkout, "run")
    (checkout / name).write_text("other")
    assert not environment.ready(checkout, "run")
    assert environment.usable(checkout)


def test_a_moved_environment_is_made_anew(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It would run the code of the old place."""
    mark(checkout, "run")
    moved = checkout.rename(tmp_path_factory.mktemp("elsewhere") / "checkout")
    assert not environment.ready(moved, "run")
    assert not environment.usable(moved)


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Path) -> None:
    mark(checkout, "run")
    (checkout / ".venv" / "bin" / "python").unlink()
    assert not environment.ready(checkout, "run")
    assert not environment.usable(checkout)


# The demo


def test_an_empty_folder_gets_a_demo(tmp_path: Path) -> None:
    assert demo.decide(tmp_path / "new", None, None) == demo.Demo()
    assert demo.decide(tmp_path, 20, 7) == demo.Demo(20, 7)


def test_a_half_made_demo_is_completed(tmp_path: Path) -> None:
    demo.hold(tmp_path, demo.Demo(20, 7))
    assert demo.decide(tmp_path, None, None) == demo.Demo(20, 7)


def test_a_whole_demo_is_served_as_it_is(tmp_path: Path) -> None:
    demo.hold(tmp_path, demo.Demo(20, 7, whole=True))
    assert demo.decide(tmp_path, None, None) is None
    assert demo.decide(tmp_path, 20, 7) is None


def test_another_size_replaces_the_demo(tmp_path: Path) -> None:
    demo.hold(tmp_path, demo.Demo(20, 7, whole=True))
    wanted = demo.decide(tmp_path, 30, None)
    assert wanted == demo.Demo(30, 7, stale=True)


def test_an_interrupted_replacement_is_gone_on_with(tmp_path: Path) -> None:
    """Else the rest of the old data would be taken for the new."""
    demo.hold(tmp_path, demo.Demo(30, 7, stale=True))
    (tmp_path / "deliveries").mkdir()
    (tmp_path / "deliveries" / "old.csv").touch()
    assert demo.decide(tmp_path, None, None).stale
    demo.empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [demo.STATE]


def test_the_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "register.db").write_text("theirs")
    assert demo.decide(tmp_path, 30, 7) is None


@pytest.mark.parametrize("engine", ["elasticsearch", "solr"])
def test_an_engine_that_cannot_be_is_refused(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDIT_ELASTICSEARCH_URL", raising=False)
    assert "ENGINE=" in demo.environment(engine)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address of this machine where no cluster listens, named in the environment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    monkeypatch.setenv("CREDIT_ELASTICSEARCH_URL", url)
    monkeypatch.setenv("CREDIT_ELASTICSEARCH__PREFIX", "")  # put back what the program sets
    monkeypatch.delenv("CREDIT_ELASTICSEARCH__PREFIX")
    return url


def test_a_cluster_that_is_away_is_said_before_anything_is_made(away: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(project.TOP / "deploy" / "demo.py"), "--engine", "elasticsearch"],
        env={**os.environ, "CREDIT_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        f"Elasticsearch does not answer (ConnectionError). CREDIT_ELASTICSEARCH_URL is {away}.\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_demo_does_not_touch_the_indexes_of_a_site(away: str) -> None:
    site = settings.load().elasticsearch.prefix
    assert away in demo.environment("elasticsearch")
    assert settings.load().elasticsearch.prefix == demo.PREFIX != site


@pytest.mark.parametrize(
    ("engine", "standing", "called"),
    [
        ("elasticsearch", "missing", ["status", "rebuild"]),
        ("elasticsearch", "current", ["status"]),
        ("embedded", "", []),
        ("embedded", "missing", ["rebuild"]),
    ],
)
def test_a_demo_gets_an_index_in_the_engine_that_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: str, standing: str, called: list[str]
) -> None:
    demo.hold(tmp_path, demo.Demo(20, 7, whole=True))
    if standing != "missing":
        (tmp_path / "index" / "current").mkdir(parents=True)
    calls: list[str] = []

    def run(*words: str, allowed: tuple[int, ...] = (0,)) -> str:
        assert allowed
        calls.append(words[0])
        return json.dumps({"standing": standing})

    monkeypatch.setattr(demo, "run", run)
    demo.prepare(tmp_path, None, None, engine)
    assert calls == called


def test_the_state_is_readable_after_any_interruption(tmp_path: Path) -> None:
    demo.hold(tmp_path, demo.Demo(20, 7))
    (tmp_path / f"{demo.STATE}.new").write_text("{half")
    assert demo.held(tmp_path) == demo.Demo(20, 7)
    assert json.loads((tmp_path / demo.STATE).read_text())["whole"] is False


#: What a call of make does before it serves, with the engine as argument; then how the index stands.
PREPARE = (
    "import demo, json, pathlib, os, sys\n"
    "assert not demo.environment(sys.argv[1])\n"
    "demo.prepare(pathlib.Path(os.environ['CREDIT_DATA']), None, None, sys.argv[1])\n"
    "print(json.dumps(json.loads(demo.run('status', '--json'))))"
)


@dataclass
class Begun:
    """A demo that was invented and not loaded: five of its deliveries, for each costs a second."""

    data: Path
    files: list[dict[str, Any]]
    environment: dict[str, str]

    def popen(self, engine: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PREPARE, engine]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def prepare(self, engine: str) -> tuple[list[str], dict[str, Any]]:
        """What ``make run`` prints, and the status of the index after it."""
        with self.popen(engine) as process:
            printed, _ = process.communicate()
        assert process.returncode == 0
        *said, status = printed.rstrip().splitlines()
        return said, json.loads(status)


@pytest.fixture
def begun(tmp_path: Path) -> Begun:
    data = tmp_path / "data"
    folder = data / demo.DELIVERIES
    kept = {"CREDIT_DATA": str(data), "PYTHONPATH": str(project.TOP / "deploy"), "PYTHONUNBUFFERED": "1"}
    found = Begun(data, [], {**os.environ, **kept})
    invent = [str(Path(sys.executable).parent / "credit-index"), "demo", str(folder), "--records", "60"]
    subprocess.run(invent, env=found.environment, check=True, capture_output=True)
    manifest = folder / "manifest.json"
    files = json.loads(manifest.read_text())["files"]
    found.files += [entry for entry in files if entry["kind"] in {"penalty", "commitment"}][:5]
    manifest.write_text(json.dumps({"files": found.files}))
    demo.hold(data, demo.Demo(records=60, invented=True))
    return found


@pytest.mark.slow
def test_a_demo_is_found_again_in_whichever_engine_is_chosen(begun: Begun) -> None:
    """``make run ENGINE=elasticsearch`` on a real cluster, again, and without it: an index is made where none is."""
    with elastic.own_indexes() as above:
        begun.environment["CREDIT_ELASTICSEARCH_URL"] = above["elasticsearch_url"]
        begun.environment["CREDIT_ELASTICSEARCH__PREFIX"] = above["elasticsearch"]["prefix"]
        said, first = begun.prepare("elasticsearch")
        assert said[-1] == "Building the index …"
        assert first["standing"] == "current"
        assert first["health"]["records"] > 5
        assert begun.prepare("elasticsearch") == ([], first)
        said, other = begun.prepare("embedded")
    assert said == ["Building the index …"]
    for name in ("position", "records", "names"):
        assert other["health"][name] == first["health"][name]


@pytest.mark.slow
def test_a_demo_that_is_killed_while_it_is_made_is_completed(begun: Begun) -> None:
    """``kill -9`` after the first delivery; the second call ends with what one call would have made."""
    with begun.popen("embedded") as making:
        assert making.stdout is not None
        next(line for line in making.stdout if "accepted" in line)
        making.kill()
    assert demo.decide(begun.data, None, None) == demo.Demo(records=60, invented=True)
    begun.prepare("embedded")
    assert demo.decide(begun.data, None, None) is None
    expected = sum(entry["expected"].get("accepted", 0) for entry in begun.files)
    with closing(sqlite3.connect(begun.data / "register.sqlite")) as register:
        assert register.execute("SELECT count(*) FROM record").fetchone() == (expected,)
    assert expected > 5
