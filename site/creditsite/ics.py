"""The days of a record as a calendar file (iCalendar, RFC 5545): whole days, without times or alarms.

A few properties and two rules of writing are all that is needed, so no library is: text is escaped, and a
line is folded at 75 octets, never inside a character.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True)
class Event:
    """One whole day; ``id`` is unique and stays, so that reading a later version again moves the day."""

    id: str
    day: date
    title: str
    text: str


def calendar(name: str, events: Iterable[Event], stamp: int, version: int) -> bytes:
    """The file; ``stamp`` is the moment, in milliseconds, since which its days are as they are.

    A calendar takes a day that was moved only where the sequence or the stamp has grown (RFC 5546, 2.1.5);
    ``version``, counted from 1, grows with each correction.
    """
    made = datetime.fromtimestamp(stamp / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//credit-disclosure//ZH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.id}",
            f"DTSTAMP:{made}",
            f"LAST-MODIFIED:{made}",
            f"SEQUENCE:{version - 1}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(event.title)}",
            f"DESCRIPTION:{_escaped(event.text)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, each but the first behind a space."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > _OCTETS - bool(pieces):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece]) + b"\r\n"
