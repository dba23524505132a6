"""A row while it is read: what its cells said so far, and everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from creditindex.feeds.sealing import unpersonal
from creditregister.delivered import Problem

if TYPE_CHECKING:
    from creditindex.feeds.cells import Said
    from creditregister.kinds import Value


@dataclass(slots=True)
class Draft:
    """A row while it is read."""

    number: int
    content: dict[str, Value] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)  # fields whose cell was refused: they are there, and wrong
    lacking: bool = False  # lacks what the whole table lacks; that is said once, not for each row

    def tell(self, said: Said, name: str, heading: str) -> None:
        """Note what is wrong, with its place in words."""
        where = f"第 {self.number} 行“{heading}”列" if heading else f"第 {self.number} 行"
        # A delivered value may stand in the sentence, and the sentence stands in files, logs and terminals.
        message = unpersonal(f"{where}：{said.message}。")
        self.problems.append(Problem(self.number, said.outcome, name, said.code, message))
        if said.outcome == "refused":
            self.bad.add(name)

    @property
    def refused(self) -> bool:
        """Whether the row waits for a better delivery."""
        return self.lacking or any(problem.outcome == "refused" for problem in self.problems)
