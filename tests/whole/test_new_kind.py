"""A kind is a file: added to a copy of the project, and nothing else, it is loaded, found and shown."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from creditindex.demo import numbers
from support import project
from support.world import TODAY

if TYPE_CHECKING:
    from pathlib import Path

#: 行政奖励, which the shipped kinds do not have.
AWARD = """\
number = 40
zh = "行政奖励"
en = "Administrative award"
sign = "positive"
persons = "never"
required = [["subject_name"], ["decision_date"], ["body"]]
identity = ["body", "document_number", "subject"]
date = "decision_date"
body = "body"
reference = "document_number"
titles = [
  { zh = "{body}对{subject_name}给予行政奖励", en = "Award by {body} to {subject_name}" },
  { zh = "{subject_name}受到行政奖励", en = "Award to {subject_name}" },
]
[catalogue]
entry = "行政奖励"
source = "invented for a test"
[fields.subject_name]
shared = true
[fields.unified_code]
shared = true
[fields.document_number]
shared = true
[fields.decision_date]
shared = true
[fields.body]
shared = true
[fields.award_level]
zh = "奖励等级"
en = "Level of the award"
search = "text"
public = "shown"
"""
ROW = """\
主体名称,统一社会信用代码,文书号,决定日期,决定机关,奖励等级
砚州市恒泰茶业有限公司,{code},砚奖〔2026〕7号,2026-05-06,砚州市行政审批局,蓝鲸星云级
"""
#: Fetches a search and the record it leads to, inside the copy.
LOOK = """\
import re, sys
from creditregister import settings
from creditsite.app import create_app
client = create_app(settings.load()).test_client()
found = client.get("/search?q=蓝鲸星云").get_data(as_text=True)
links = re.findall(r'href="(/r/[a-z2-7]{26})', found)
assert links, found
print(client.get(links[0]).get_data(as_text=True))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's own folders, in another place."""
    for name in ("register", "indexer", "site", "config", "templates", "static"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(project.TOP / name, tmp_path / "copy" / name, ignore=ignored)
    return tmp_path / "copy"


def run(copy: Path, *arguments: str) -> str:
    """Run a program of the copy: its folders stand before every installed package."""
    roots = os.pathsep.join(str(copy / name) for name in ("register", "indexer", "site"))
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": roots, "CREDIT_DATA": str(copy / "data")}
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**environ, "CREDIT_TODAY": TODAY},
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def command(copy: Path, package: str, *arguments: str) -> str:
    return run(copy, "-c", f"from {package}.cli import main; main()", *arguments)


def test_a_kind_added_by_a_file_alone_ends_on_a_page(copy: Path) -> None:
    (copy / "config" / "kinds" / "award.toml").write_text(AWARD, encoding="utf-8")
    code = numbers.unified("91", "990101", numbers.organisation(77))
    (copy / "award.csv").write_text(ROW.format(code=code), encoding="utf-8")
    command(copy, "creditregister", "init")
    where = ("--kind", "award", "--source", "砚州市行政审批局", "--new-source")
    command(copy, "creditindex", "load", "award.csv", *where)
    command(copy, "creditindex", "rebuild")
    page = run(copy, "-c", LOOK)
    assert "行政奖励" in page
    assert "奖励等级" in page
    assert "蓝鲸星云级" in page
    assert re.search(r"砚州市行政审批局对砚州市恒泰茶业有限公司给予行政奖励", re.sub(r"<[^>]+>|\s", "", page))
