"""What a load came to: the object that ``load --json`` prints, and the same in words (DESIGN 6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The outcomes whose sum is the number of rows.
OUTCOMES = ("accepted", "refused", "held", "unchanged", "updated")
_COUNTS = ("rows", *OUTCOMES, "withdrawn", "warnings")


@dataclass(slots=True)
class FileSummary:
    """One file: its counts, where its problems are listed, what there is to say about the whole.

    ``error`` is (code, sentence) where the file could not be read, or not to its end.
    """

    file: str
    kind: str = ""
    batch: int = 0
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((*OUTCOMES, "withdrawn", "warnings"), 0)
    )
    problems: str | None = None
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: tuple[str, str] | None = None

    @property
    def rows(self) -> int:
        """All rows that were looked at; blank ones do not count."""
        return sum(self.counts[outcome] for outcome in OUTCOMES)

    def numbers(self) -> dict[str, int]:
        """The counts in the order of DESIGN 6."""
        return {"rows": self.rows} | {name: self.counts[name] for name in _COUNTS[1:]}

    def json(self) -> dict[str, Any]:
        """For machines."""
        error = {"code": self.error[0], "message": self.error[1]} if self.error else None
        return {
            "file": self.file,
            "kind": self.kind,
            "batch": self.batch or None,
            **self.numbers(),
            "problems": self.problems,
            "seconds": round(self.seconds, 3),
            "notes": self.notes,
            "error": error,
        }

    def text(self) -> str:
        """For people."""
        lines = [f"{self.file}（{self.kind or '未识别'}）：{_words(self.numbers())}，{self.seconds:.1f} 秒"]
        if self.error:
            lines.append(f"  错误：{self.error[1]}")
        lines += [f"  {note}" for note in self.notes]
        if self.problems:
            lines.append(f"  问题清单：{self.problems}")
        return "\n".join(lines)


def as_json(files: Sequence[FileSummary], seconds: float) -> dict[str, Any]:
    """One object for all files of a command."""
    numbers = {name: sum(each.numbers()[name] for each in files) for name in _COUNTS}
    problems = next((each.problems for each in files if each.problems), None)
    return {
        **numbers,
        "problems": problems,
        "seconds": round(seconds, 3),
        "files": [each.json() for each in files],
    }


def as_text(files: Sequence[FileSummary]) -> str:
    """All files in words."""
    return "\n".join(each.text() for each in files)


def clean(files: Sequence[FileSummary]) -> bool:
    """Whether nothing was refused or held and every file was read to its end."""
    return all(not (each.error or each.counts["refused"] or each.counts["held"]) for each in files)


def _words(numbers: dict[str, int]) -> str:
    words = {
        "rows": "行", "accepted": "收录", "refused": "拒收", "held": "待核", "unchanged": "未变",
        "updated": "更正", "withdrawn": "撤下", "warnings": "提示",
    }  # fmt: skip
    return f"共 {numbers['rows']:,} 行；" + "，".join(
        f"{words[name]} {numbers[name]:,}" for name in _COUNTS[1:] if numbers[name] or name == "accepted"
    )
