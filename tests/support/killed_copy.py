"""A process that dies by SIGKILL in the middle of a backup or a restore, after the table that is named.

Started by ``tests/register/test_backups.py`` as
``python killed_copy.py DATA ADDRESS TABLE backup FOLDER`` or ``… restore FOLDER CHECKPOINT``.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from creditregister import backups, restoring
from creditregister.clock import FixedClock
from creditregister.opening import open_register
from creditregister.settings import load


def main() -> None:
    """Do it, and die."""
    data, address, last, what, folder, *rest = sys.argv[1:]
    register = open_register(
        load(data=Path(data), database_url=address or None), FixedClock(1_780_286_400_000)
    )

    def told(table: str, _rows: int) -> None:
        if table == last:
            os.kill(os.getpid(), signal.SIGKILL)

    if what == "backup":
        backups.back_up(register, Path(folder), told)
    else:
        restoring.restore(register, Path(folder), restoring.Outside(Path(rest[0])), told, accept_loss=False)


if __name__ == "__main__":
    main()
