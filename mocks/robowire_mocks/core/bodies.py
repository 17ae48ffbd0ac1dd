"""Request bodies of any length, in bounded memory: read up to a limit, and the rest thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.chunked import ChunkedBody

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Response

BLOCK: int = 64 * 1024
"""Bytes that are read at once."""

FILE_BLOCK: int = 256 * 1024
"""The same of files."""

DRAINED: int = 256 * 1024 * 1024
"""Bytes that are read and thrown away, so that a client still sending gets its answer; then the connection closes."""


class BodyTooLarge(Refusal):
    """The body is longer than the mock reads."""

    status = 413


class BodyUnreadable(Refusal):
    """The body ends early, or is chunked in a way that HTTP does not know."""


def read_body(limit: int) -> bytes:
    """The body of the request at hand.

    Raises:
        BodyTooLarge: It has more than `limit` bytes; they are not read.
        BodyUnreadable: It does not arrive whole.
    """
    length = request.content_length
    if length is None and not _chunked():
        return b""
    if length is not None and length > limit:
        raise BodyTooLarge(f"the body has {length} bytes; at most {limit} are read")
    blocks, size = [], 0
    while block := _read(BLOCK if length is None else min(BLOCK, length - size)):
        blocks.append(block)
        size += len(block)
        if size > limit:
            raise BodyTooLarge(f"the body has more than {limit} bytes")
    if length is not None and size < length:
        raise BodyUnreadable(f"the body ends after {size} of {length} bytes")
    return b"".join(blocks)


def body_blocks() -> Iterator[bytes]:
    """The body of the request at hand, however long it is, in blocks.

    Raises:
        BodyUnreadable: It does not arrive whole.
    """
    length = request.content_length
    if length is None and not _chunked():
        return
    size = 0
    while block := _read(FILE_BLOCK if length is None else min(FILE_BLOCK, length - size)):
        size += len(block)
        yield block
    if length is not None and size < length:
        raise BodyUnreadable(f"the body ends after {size} of {length} bytes")


def unchunked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """What is in a body that is itself made of chunks, as clients of S3 send it; signatures are not looked at.

    Raises:
        BodyUnreadable: The chunks are malformed.
    """
    body = ChunkedBody(_Lines(blocks))
    try:
        while block := body.read(FILE_BLOCK):
            yield block
    except ValueError as error:
        raise BodyUnreadable(f"the body cannot be read: {error}") from error


class _Lines:
    """Blocks as a file that is read by sizes and lines."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._ahead = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, none at the end."""
        if not self._ahead:
            self._ahead = next(self._blocks, b"")
        block, self._ahead = self._ahead[:size], self._ahead[size:]
        return block

    def readline(self, size: int) -> bytes:
        """A line, or as much of one as `size` allows."""
        while b"\n" not in self._ahead and len(self._ahead) < size and (block := next(self._blocks, b"")):
            self._ahead += block
        found = self._ahead.find(b"\n", 0, size)
        line = self._ahead[: found + 1 if found >= 0 else size]
        self._ahead = self._ahead[len(line) :]
        return line


def drain(response: Response) -> Response:
    """Read what is left of the request's body before the response is sent; close the connection if it is too much."""
    if request.content_length or _chunked():
        try:
            left = DRAINED
            while left > 0 and (block := _read(BLOCK)):
                left -= len(block)
            whole = left > 0
        except BodyUnreadable:
            whole = False
        if not whole:
            response.headers["Connection"] = "close"
    return response


def _read(size: int) -> bytes:
    try:
        block: bytes = request.environ["wsgi.input"].read(size)
    except (OSError, ValueError) as error:  # cheroot's errors of chunks are ValueErrors
        raise BodyUnreadable("the body cannot be read") from error
    return block


def _chunked() -> bool:
    return "chunked" in request.headers.get("Transfer-Encoding", "").lower()
