"""How the parsing child speaks to its parent: one byte of sort, four bytes of length, then JSON.

Never pickle: the child has opened a foreign file and is not trusted, so what it says is only ever data. The
order is one ``HEAD``, then pairs of ``CELLS`` and ``ROWS``, then one ``END``; or a ``REFUSED`` at any
point.
"""

from __future__ import annotations

import struct
from typing import IO

#: The file was recognised: kind, columns, warnings about the whole.
HEAD = b"H"
#: The cells of the rows that follow, as delivered; the parent decodes them only where a row has a problem.
CELLS = b"C"
#: Checked rows and problems.
ROWS = b"R"
#: Everything was read: number of rows, digest of the bytes that were read.
END = b"E"
#: The file cannot be read, or not further.
REFUSED = b"X"

#: Bytes a frame may have; a batch is cut long before.
LIMIT = 64 * 1024 * 1024

_PREFIX = struct.Struct(">cI")


class BrokenFrameError(Exception):
    """The other side stopped in the middle of a frame, or sent none."""


def write(stream: IO[bytes], sort: bytes, payload: bytes) -> None:
    """Send one frame; blocks while the parent is busy, which is the back-pressure.

    Raises:
        BrokenFrameError: ``payload`` is longer than a frame may be.
    """
    if len(payload) > LIMIT:
        raise BrokenFrameError(f"a frame of {len(payload)} bytes")
    stream.write(_PREFIX.pack(sort, len(payload)))
    stream.write(payload)
    stream.flush()


def read(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """The next frame as (sort, payload).

    Raises:
        BrokenFrameError: the stream ended, or announces a frame that is too long.
    """
    prefix = stream.read(_PREFIX.size)
    if len(prefix) < _PREFIX.size:
        raise BrokenFrameError("no further frame")
    sort, length = _PREFIX.unpack(prefix)
    if length > LIMIT:
        raise BrokenFrameError(f"a frame of {length} bytes")
    payload = stream.read(length)
    if len(payload) < length:
        raise BrokenFrameError("half a frame")
    return sort, payload
