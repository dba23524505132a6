"""Frames of the child, read while the parent writes.

A pipe holds 64 KB and a batch of rows some megabytes: without this the child would stand still during each
transaction of the writer, and the writer during each batch of the child. A thread takes the frames off the
pipe up to a bound in bytes; then the pipe fills and the child waits, which is the back-pressure.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import IO

from creditindex.feeds import frames

#: Bytes of frames that may wait here: about one large transaction.
LIMIT = 64 * 1024 * 1024
#: Seconds that ``close`` gives the thread to see that the other side has ended.
_PATIENCE = 5


class Ahead:
    """The frames of one stream, in order; ``close`` it once the other side has ended."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        """Begin to read ``stream``; no more than ``limit`` bytes wait here, but always one frame."""
        self._stream = stream
        self._limit = limit
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._bytes = 0
        self._over = False  # nothing comes any more, or nobody wants it
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, name="frames-ahead", daemon=True)
        self._thread.start()

    def next(self) -> tuple[bytes, bytes]:
        """The next frame as (sort, payload); waits for it.

        Raises:
            BrokenFrameError: the stream ended, or announced a frame that is too long.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._frames or self._over)
            if not self._frames:
                raise frames.BrokenFrameError("no further frame")
            sort, payload = self._frames.popleft()
            self._bytes -= len(payload)
            self._changed.notify_all()
        return sort, payload

    def close(self) -> None:
        """Forget what waits here and end the thread."""
        with self._changed:
            self._over = True
            self._frames.clear()
            self._changed.notify_all()
        self._thread.join(_PATIENCE)
        # To close a stream that is still being read would wait for ever: somebody keeps its other end open.
        if not self._thread.is_alive():
            self._stream.close()

    def _read(self) -> None:
        try:
            with suppress(frames.BrokenFrameError):
                while self._keep(*frames.read(self._stream)):
                    pass
        finally:
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def _keep(self, sort: bytes, payload: bytes) -> bool:
        """Let a frame wait for its reader, once there is room; whether there is a reader."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._over or not self._frames or self._bytes + len(payload) <= self._limit
            )
            if not self._over:
                self._frames.append((sort, payload))
                self._bytes += len(payload)
                self._changed.notify_all()
            return not self._over
