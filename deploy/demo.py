"""``make run``: synthetic data where there is none, then the site.

The data folder is ``CREDIT_DATA`` or ``var``. In an empty one a demo is made: register, deliveries, loads,
index. The file ``make-run.json`` in it says which demo it is to become and whether it is whole; a half-made
one is completed by the next call (every step can be repeated: the loader knows what it has loaded). A folder
that somebody else has filled is served as it stands and never changed here.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import sys
from contextlib import redirect_stdout
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NoReturn

BIN = Path(sys.executable).parent
STATE = "make-run.json"
DELIVERIES = "deliveries"
RECORDS, SEED = 5000, 1
#: Names of the demo's indexes in a cluster begin so: one that serves a real site is not touched by a demo.
PREFIX = "credit_demo"


class StepError(Exception):
    """A step that did not succeed; the message is the command."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Which demo a data folder holds, or is about to hold.

    ``stale``: first remove what is there; ``invented``: the deliveries are written; ``whole``: all is done.
    """

    records: int = RECORDS
    seed: int = SEED
    stale: bool = False
    invented: bool = False
    whole: bool = False


def held(data: Path) -> Demo | None:
    """The demo in ``data``, if one was begun by this program."""
    path = data / STATE
    return Demo(**json.loads(path.read_text())) if path.is_file() else None


def hold(data: Path, demo: Demo) -> None:
    """Say which demo ``data`` holds, in one step that is either done or not."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = data / f"{STATE}.new"
    fresh.write_text(json.dumps(asdict(demo)) + "\n")
    fresh.replace(data / STATE)


def decide(data: Path, records: int | None, seed: int | None) -> Demo | None:
    """Which demo to make or complete in ``data``; None: what is there is served as it stands.

    A demo is disposable: one of another size or seed, asked for by name, replaces it.
    """
    begun = held(data)
    if begun is None:
        foreign = data.is_dir() and any(data.iterdir())
        return None if foreign else Demo(records or RECORDS, seed or SEED)
    wanted = replace(begun, records=records or begun.records, seed=seed or begun.seed)
    if wanted != begun:
        return Demo(wanted.records, wanted.seed, stale=True)
    return None if begun.whole else begun


def empty(data: Path) -> None:
    """Remove all but the state, which tells the next call to go on should this one be interrupted."""
    for path in data.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != STATE:
            path.unlink()


def run(*words: str, allowed: tuple[int, ...] = (0,)) -> str:
    """Run ``credit-index`` with these words and return what it prints.

    In this process: twenty loads would wait twenty times for Python and its libraries.
    """
    import click  # noqa: PLC0415 -- where the demo is whole already, the site need not wait for all this

    from creditindex.cli import main as credit_index  # noqa: PLC0415 -- the same

    said = io.StringIO()
    try:
        with redirect_stdout(said):
            code = credit_index.main(list(words), prog_name="credit-index", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except SystemExit as end:
        code = end.code
    if (code or 0) not in allowed:
        raise StepError(f"credit-index {' '.join(words)}")
    return said.getvalue()


def make(data: Path, demo: Demo) -> None:
    """Make or complete the demo; every step may be repeated."""
    hold(data, demo)
    if demo.stale:
        print(f"Replacing the demo in {data}.")
        empty(data)
        demo = replace(demo, stale=False)
        hold(data, demo)
    folder = data / DELIVERIES
    if not demo.invented:
        print(f"Inventing {demo.records:,} records …", flush=True)
        sizes = ("--records", str(demo.records), "--seed", str(demo.seed))
        run("demo", str(folder), *sizes)
        demo = replace(demo, invented=True)
        hold(data, demo)
    manifest = folder / "manifest.json"
    for entry in json.loads(manifest.read_text(encoding="utf-8"))["files"]:
        load(folder, entry)
    print("Building the index …", flush=True)
    run("rebuild")
    hold(data, replace(demo, whole=True))


def load(folder: Path, entry: dict[str, object]) -> None:
    """Load one delivery of the manifest; some of its rows are wrong on purpose, hence exit code 1 is fine."""
    given = entry["with"]
    pairs = [f"{field}={value}" for field, value in given.items()] if isinstance(given, dict) else []
    options = ["--kind", str(entry["kind"]), "--source", str(entry["source"])]
    options += [part for pair in pairs for part in ("--with", pair)]
    options += ["--received", str(entry["received"])] if entry.get("received") else []
    name = str(entry["file"])
    said = run("load", str(folder / name), *options, "--json", allowed=(0, 1))
    try:
        result = json.loads(said)
    except ValueError as error:  # exit code 1 without its summary is a crash
        raise StepError(f"credit-index load {name}") from error
    if wrong := result["files"][0].get("error"):
        raise StepError(f"credit-index load {name}: {wrong['message']}")
    words = ("accepted", "unchanged", "updated", "refused", "held")
    counts = ", ".join(f"{result[word]} {word}" for word in words if result[word])
    print(f"  {name}: {counts}", flush=True)


def prepare(data: Path, records: int | None, seed: int | None, engine: str) -> None:
    """Make or complete the demo in ``data``; one made with the other engine gets an index in this one."""
    if demo := decide(data, records, seed):
        make(data, demo)
    elif held(data) and not indexed(data, engine):
        print("Building the index …", flush=True)
        run("rebuild")


def indexed(data: Path, engine: str) -> bool:
    """Whether the engine that was chosen has an index of this demo."""
    if engine == "embedded":
        return (data / "index" / "current").exists()  # asking would double the time of a start
    standing: str = json.loads(run("status", "--json", allowed=(0, 1)))["standing"]
    return standing in {"current", "behind"}


def environment(engine: str) -> str:
    """Choose the engine for every command that follows; returns what is wrong, or nothing."""
    if engine == "embedded":
        os.environ.pop("CREDIT_ELASTICSEARCH_URL", None)
    elif engine != "elasticsearch":
        return f"ENGINE={engine} is not known; it is embedded or elasticsearch."
    elif not os.environ.get("CREDIT_ELASTICSEARCH_URL"):
        return (
            "ENGINE=elasticsearch needs CREDIT_ELASTICSEARCH_URL, the address of an Elasticsearch 9 server; "
            "tools/elasticsearch.sh start DIR starts one on this machine (it needs Maven) and prints it."
        )
    else:
        os.environ.setdefault("CREDIT_ELASTICSEARCH__PREFIX", PREFIX)
        return away()
    return ""


def away() -> str:
    """Why the cluster cannot be used, or nothing: said before minutes are spent on loading."""
    from creditindex.elastic.service import opened  # noqa: PLC0415 -- the embedded engine does not need it
    from creditregister import settings  # noqa: PLC0415 -- the same
    from creditregister.errors import CreditError  # noqa: PLC0415 -- the same

    try:
        opened(settings.load(), {}).indexes.builds()
    except CreditError as error:
        return f"{error} CREDIT_ELASTICSEARCH_URL is {os.environ['CREDIT_ELASTICSEARCH_URL']}."
    return ""


def serve(port: int) -> NoReturn:
    """Become the server, so that signals reach it."""
    sys.stdout.flush()
    program = str(BIN / "credit-site")
    os.execv(program, [program, "serve", "--port", str(port)])  # noqa: S606 -- no shell is meant


def main() -> int:
    """Prepare, then become the server."""
    parser = argparse.ArgumentParser(description="The site with synthetic data.")
    parser.add_argument("--records", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--engine", default="embedded")
    options = parser.parse_args()
    if wrong := environment(options.engine):
        print(wrong, file=sys.stderr)
        return 2
    data = Path(os.environ.get("CREDIT_DATA") or "var")
    try:
        prepare(data, options.records, options.seed, options.engine)
    except StepError as failed:
        print(f"Failed: {failed}\nCall make run again, or remove {data} to begin anew.", file=sys.stderr)
        return 1
    serve(options.port)


if __name__ == "__main__":
    sys.exit(main())
