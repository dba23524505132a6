"""A delivery while it is taken in, or its changes while they are carried out (DESIGN 3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from creditregister.units import Unit
    from creditregister.wholeness import Seen


@dataclass(slots=True)
class Batch:
    """A delivery that is being taken in; ``id`` 0 is a dry run, which leaves no trace.

    ``below`` are the units whose superior this one is; ``public`` is how many records of the kind the unit
    had in public when it began; ``seen`` notes the records that a whole list names. ``queued``: the digest
    of the row for each record that is to be changed. ``apart``: its unit says that a row is another
    subject's, however like its name is to one of the same document. ``names_subjects``: its unit is a name
    source; its rows say what subjects are called. ``said_at``: when its unit said what it brings; 0: now.
    """

    id: int
    unit: Unit
    kind: str
    who: str
    reason: str = "delivery"
    below: frozenset[int] = frozenset()
    public: int = 0
    seen: Seen | None = None
    apart: bool = False
    queued: dict[int, bytes] = field(default_factory=dict)
    names_subjects: bool = False
    said_at: int = 0
    warned: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def dry(self) -> bool:
        """Whether nothing of it may stay."""
        return self.id == 0
