"""A process to be killed at any moment: it follows, or rebuilds, and says on standard output what is committed.

Started by ``tests/index/test_kill.py`` as ``python killed.py DATA follow|rebuild MILLISECONDS [NUMBER]``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from creditregister import settings
from creditregister.clock import FixedClock
from creditregister.opening import open_register
from support.indexes import engine_of, follower, penalty, rebuild
from support.registers import deliver


def say(*words: object) -> None:
    """One line, out at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def follow(data: str) -> None:
    """Deliver and follow without end; a line for each position that was committed."""
    register = open_register(settings.load(data=Path(data)), FixedClock(int(sys.argv[3])))
    engine = engine_of(register)
    following = follower(register, engine)
    number = int(sys.argv[4])
    while True:
        deliver(register, [penalty(number), penalty(1 + number % 7, facts=f"第{number}次更正")])
        number += 1
        following.step()
        position = engine.position()
        say(position.seq if position else 0, number)


def build(data: str) -> None:
    """Rebuild without end; a line for each build that serves."""
    register = open_register(settings.load(data=Path(data)), FixedClock(int(sys.argv[3])))
    engine = engine_of(register)
    say("ready")
    while True:
        say(rebuild(register, engine).run().name)


if __name__ == "__main__":
    {"follow": follow, "rebuild": build}[sys.argv[2]](sys.argv[1])
