"""A request body in chunks (RFC 9112, section 7.1), read in bounded memory whatever size the chunks have."""

from __future__ import annotations

from typing import Protocol

_LONGEST_LINE = 4096
_MOST_TRAILERS = 100


class _Source(Protocol):
    def read(self, size: int) -> bytes: ...

    def readline(self, size: int) -> bytes: ...


class ChunkedBody:
    """What a WSGI application reads in place of the chunks.

    A malformed body raises ValueError when it is read that far, and once it has, at each further read.
    """

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._left = 0  # bytes of the present chunk that are still to come
        self._first = True
        self._ended = False
        self._broken = False

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, fewer only at the end; all that is left if it is negative."""
        blocks: list[bytes] = []
        wanted = size
        while wanted != 0 and (block := self._some(wanted)):
            blocks.append(block)
            wanted -= len(block) if size > 0 else 0
        return b"".join(blocks)

    def close(self) -> None:
        """Nothing: the connection belongs to the server."""

    def _some(self, most: int) -> bytes:
        if self._broken:
            raise ValueError("the chunks are malformed")
        if not self._left and not self._ended:
            self._next_chunk()
        if self._ended:
            return b""
        block = self._source.read(self._left if most < 0 else min(self._left, most))
        if not block:
            self._fail("the body ends within a chunk")
        self._left -= len(block)
        return block

    def _next_chunk(self) -> None:
        if not self._first and self._line():
            self._fail("a chunk is longer than it says")
        self._first = False
        size = self._line().partition(b";")[0].strip()
        if not size or size.strip(b"0123456789abcdefABCDEF") or len(size) > 16:
            self._fail("a chunk's size is malformed")
        self._left = int(size, 16)
        if not self._left:
            self._skip_trailers()
            self._ended = True

    def _skip_trailers(self) -> None:
        for _ in range(_MOST_TRAILERS):
            if not self._line():
                return
        self._fail("the body has too many trailers")

    def _line(self) -> bytes:
        line = self._source.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            self._fail("the chunks are malformed")
        return line.rstrip(b"\r\n")

    def _fail(self, text: str) -> None:
        self._broken = True
        raise ValueError(text)
