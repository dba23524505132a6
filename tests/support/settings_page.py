"""docs/settings.md, made from config/default.toml (``make docs``); a test compares the two."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass

from support import project

PAGE = project.TOP / "docs" / "settings.md"
DEFAULTS = project.TOP / "config" / "default.toml"

HEAD = """# Settings

Made from `config/default.toml` by `make docs`. Where a value comes from, the first that has it:

1. the environment: `CREDIT_<SECTION>__<NAME>`, two underscores between section and name
   (`CREDIT_LOAD__PAUSE_MS=50`; lists as JSON: `CREDIT_SITE__HOSTS='["credit.example"]'`);
2. the operator's own TOML file, which `CREDIT_CONFIG` names; it holds only what differs;
3. `config/default.toml`.

An unknown name is an error that gives its dotted name; nothing is passed over in silence.

## Variables without a section

| variable | default | meaning |
| --- | --- | --- |
"""

#: The variables that stand in no section: (name, default, meaning).
FLAT = (
    ("CREDIT_DATA", "`var`", "The folder of database, keys, index and counters; on a local disk."),
    ("CREDIT_CONFIG", "", "The operator's TOML file."),
    ("CREDIT_SECRETS", "", "A folder with one file a secret, as systemd and compose provide it."),
    ("CREDIT_DATABASE_URL", "", "Another database than the SQLite file in the data folder."),
    (
        "CREDIT_ELASTICSEARCH_URL",
        "",
        "Nodes of an Elasticsearch 9 cluster, separated by commas; without it the index is in the data folder.",
    ),
    (
        "CREDIT_ELASTICSEARCH_API_KEY",
        "",
        "Secret: the key that the cluster knows us by (encoded, as the cluster prints it).",
    ),
    ("CREDIT_ELASTICSEARCH_PASSWORD", "", "Secret: the password of `elasticsearch.user`, instead of a key."),
    (
        "CREDIT_TODAY",
        "",
        "Rehearses another day, as 2027-01-31; every page says so, the ledger's time stays real.",
    ),
    ("CREDIT_REQUIRE", "", "For tests: what must not be missing (`browser,elasticsearch,postgresql`)."),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the shipped file, with the comment above it."""

    section: str
    name: str
    default: str
    sentence: str

    @property
    def dotted(self) -> str:
        """The name as error messages give it."""
        return f"{self.section}.{self.name}"


def settings() -> list[Setting]:
    """Every setting of the shipped file, in its order."""
    tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    found: list[Setting] = []
    section, comment = "", []
    for line in DEFAULTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
            continue
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            section = heading[1]
        elif pair := re.match(r"(\w+)\s*=\s*(.*)", line):
            found.append(Setting(section, pair[1], pair[2], " ".join(comment)))
        comment = []
    return found


def page() -> str:
    """The whole page."""
    lines = [HEAD.rstrip("\n")]
    lines += [f"| `{name}` | {default} | {meaning} |" for name, default, meaning in FLAT]
    section = ""
    for setting in settings():
        if setting.section != section:
            section = setting.section
            lines += ["", f"## [{section}]", "", "| name | default | meaning |", "| --- | --- | --- |"]
        lines.append(f"| `{setting.name}` | `{setting.default}` | {setting.sentence} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
