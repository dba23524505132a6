"""The files of ``deploy/``, each checked by the tool that will read it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from creditregister.settings import load
from support import proxy, require
from support.project import TOP

if TYPE_CHECKING:
    import pytest

BIN = Path(sys.executable).parent
DEPLOY = TOP / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
#: Out of ten; services of a distribution are mostly beyond nine, two and less is called good.
MOST_EXPOSED = 1.5


def run(*command: str | Path) -> str:
    """What a tool says; it must not complain."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_compose_is_what_the_compose_specification_allows() -> None:
    run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_compose_runs_everything_that_a_site_beyond_one_machine_needs() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    services = re.findall(
        r"^  ([\w-]+):", text.partition("\nservices:\n")[2].partition("\nconfigs:")[0], re.MULTILINE
    )
    assert services == ["init", "site-1", "site-2", "follower", "postgresql", "elasticsearch", "nginx"]
    assert "password" not in text.replace("POSTGRES_PASSWORD", "").lower()
    published = re.findall(r"^    ports: (.*)$", text, re.MULTILINE)
    assert published == ['["80:80", "443:443"]']


def test_the_settings_in_compose_and_units_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (DEPLOY / "compose.yaml", *UNITS):
        text = path.read_text(encoding="utf-8")
        for name, value in re.findall(r"^    (CREDIT_\w+): (.*)$", text, re.MULTILINE):
            monkeypatch.setenv(name, value.strip("'\""))
    settings = load()
    assert settings.site.trusted_proxies == ("172.30.77.0/24",)
    assert settings.metrics.port == 9400


def systemd(folder: Path) -> list[Path]:
    """The units as they would be installed, with this environment's programs."""
    require.command("systemd", "systemd-analyze")
    for path in UNITS:
        text = path.read_text(encoding="utf-8")
        text = text.replace("/opt/credit/.venv/bin/", f"{BIN}/").replace("/opt/credit/docs/", f"{TOP}/docs/")
        (folder / path.name.replace("@.", "@8001.")).write_text(text, encoding="utf-8")
    return sorted(folder.iterdir())


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    assert run("systemd-analyze", "verify", *systemd(tmp_path)) == ""


def test_the_services_are_shut_in(tmp_path: Path) -> None:
    for path in systemd(tmp_path):
        if path.suffix == ".service":
            limit = f"--threshold={round(MOST_EXPOSED * 10)}"
            run("systemd-analyze", "security", "--offline=yes", limit, path)


def test_every_command_of_a_unit_is_one_of_ours() -> None:
    for path in UNITS:
        for command in re.findall(
            r"/opt/credit/\.venv/bin/(credit-\w+ \w+)", path.read_text(encoding="utf-8")
        ):
            run(BIN / command.split()[0], command.split()[1], "--help")


def test_nginx_finds_nothing_wrong_with_its_configuration(tmp_path: Path) -> None:
    nginx = proxy.Proxy.prepare(tmp_path, [1, 2])
    said = run(*nginx.command, "-t")
    assert "warn" not in said
    assert "successful" in said


def test_the_metrics_port_is_not_the_sites() -> None:
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "9400" not in text
    assert "access_log off;" in text
    assert "proxy_cache " not in re.sub(r"#.*", "", text)
    assert json.dumps("credit.example") in (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
