"""What a load came to: the object that ``load --json`` prints, and the same in words (DESIGN 6)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditregister.release import Settled

#: The outcomes whose sum is the number of rows.
OUTCOMES = ("accepted", "refused", "held", "unchanged", "updated")
#: Why well-formed rows are not public; a reason without words of its own is named by its code.
_NOT_PUBLIC = {
    "over": "公示期已届满", "never": "依规定不公示", "not-yet": "未到公示起始日",
    "no-grade": "缺失信严重程度", "no-rule": "没有现行规则", "no-date": "缺起算日期",
}  # fmt: skip
_COUNTS = ("rows", *OUTCOMES, "withdrawn", "warnings")


@dataclass(slots=True)
class FileSummary:
    """One file: its counts, where its problems are listed, what there is to say about the whole.

    ``not_public``: rows that are held or only kept, by the code of the reason (a row may have several).
    ``unfinished``: its changes wait for a second person, or a whole list was stopped.
    ``error`` is (code, sentence) where the file could not be read, or not to its end.
    """

    file: str
    kind: str = ""
    batch: int = 0
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys((*OUTCOMES, "withdrawn", "warnings"), 0)
    )
    not_public: Counter[str] = field(default_factory=Counter)
    problems: str | None = None
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    error: tuple[str, str] | None = None
    unfinished: bool = False

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
            "not_public": _sorted(self.not_public),
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
        if self.not_public:
            said = (f"{_NOT_PUBLIC.get(code, code)} {n:,}" for code, n in _sorted(self.not_public).items())
            lines.append(f"  未公示：{'，'.join(said)}")
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
        "not_public": _sorted(sum((each.not_public for each in files), Counter())),
        "problems": problems,
        "seconds": round(seconds, 3),
        "files": [each.json() for each in files],
    }


def as_text(files: Sequence[FileSummary]) -> str:
    """All files in words."""
    return "\n".join(each.text() for each in files)


def clean(files: Sequence[FileSummary]) -> bool:
    """Whether nothing was refused or held and every file was read to its end."""
    return not any(
        each.error or each.unfinished or each.counts["refused"] or each.counts["held"] for each in files
    )


def told(done: Settled, batch: int) -> list[str]:
    """What there is to say about the changes of a file: what waits, what a whole list did not take away."""
    said = []
    if done.stopped:
        said.append(
            f"全量名单缺少已公示信息 {done.absent:,} 条，超过限度（load.full_stop_share），一条也未撤下。"
            "请核对名单是否完整；确属如此的，请由平台管理人员放宽限度后重新报送。"
        )
    if done.waits:
        why = (
            f"有 {done.doubtful:,} 行被拒收，无法确认其中没有名单所缺的信息"
            if done.changes <= done.limit
            else f"一次报送最多自行更正、撤下 {done.limit:,} 条"
        )
        command = f"credit-index release {batch}" if batch else "credit-index release"
        said.append(
            f"更正、撤下共 {done.changes:,} 条（其中名单未列的 {done.absent:,} 条）等待第二人复核：{why}。"
            f"请另一人核对后执行 {command}。"
        )
    elif done.absent and not done.stopped:
        said.append(f"全量名单未列的已公示信息 {done.absent:,} 条已撤下。")
    return said


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _words(numbers: dict[str, int]) -> str:
    words = {
        "rows": "行", "accepted": "收录", "refused": "拒收", "held": "待核", "unchanged": "未变",
        "updated": "更正", "withdrawn": "撤下", "warnings": "提示",
    }  # fmt: skip
    return f"共 {numbers['rows']:,} 行；" + "，".join(
        f"{words[name]} {numbers[name]:,}" for name in _COUNTS[1:] if numbers[name] or name == "accepted"
    )
