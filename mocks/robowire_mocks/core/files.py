"""Sending a file: streamed, with HEAD, byte ranges and validators (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

from flask import Response, request
from werkzeug.http import parse_range_header

from robowire_mocks.core.answer import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.core.answer import FileBody

BLOCK: int = 256 * 1024
"""Bytes that are read from a file at once."""


class FileGone(Refusal):
    """The file was there a moment ago."""

    status = 404


class _Blocks:
    """A file from where it is sought to, in blocks, and never past the size that it had when it was opened.

    The open file is read to its end even if its name is removed meanwhile.
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def __iter__(self) -> _Blocks:
        return self

    def __next__(self) -> bytes:
        left = self._size - self._file.tell()
        if left <= 0:
            raise StopIteration
        block = self._file.read(min(BLOCK, left))
        if not block:
            raise ConnectionAbortedError(errno.ECONNABORTED, "the file became shorter while it was sent")
        return block

    def seekable(self) -> bool:
        return True

    def seek(self, position: int) -> None:
        self._file.seek(position)

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()


def send(body: FileBody, headers: Mapping[str, str]) -> Response:
    """The response that carries the file, or the part of it that the request asks for.

    Raises:
        FileGone: The file cannot be opened.
        RequestedRangeNotSatisfiable: The range lies past the end of the file.
    """
    try:
        file = body.path.open("rb", buffering=0)
    except OSError as error:
        raise FileGone(f"{body.name} cannot be read: {error.strerror}") from error
    try:
        return _conditional(file, os.fstat(file.fileno()), body, headers)
    except BaseException:
        file.close()
        raise


def _conditional(file: BinaryIO, facts: os.stat_result, body: FileBody, headers: Mapping[str, str]) -> Response:
    response = Response(
        _Blocks(file, facts.st_size),
        headers=dict(headers),
        mimetype=body.media_type,
        direct_passthrough=True,
    )
    response.content_length = facts.st_size
    response.last_modified = datetime.fromtimestamp(int(facts.st_mtime), UTC)
    response.set_etag(f"{facts.st_mtime_ns:x}-{facts.st_size:x}-{facts.st_ino:x}")
    response.headers.set("Content-Disposition", "attachment", filename=body.name)
    response.make_conditional(_ranges_understood(), accept_ranges=True, complete_length=facts.st_size)
    if request.method == "HEAD" or response.status_code == HTTPStatus.NOT_MODIFIED:
        file.close()
    return response


def _ranges_understood() -> dict[str, object]:
    """The request without a Range that is malformed or has several parts: RFC 9110 lets a server ignore such."""
    environ = request.environ
    asked = parse_range_header(environ.get("HTTP_RANGE"))
    if asked is not None and asked.units == "bytes" and len(asked.ranges) == 1:
        return environ
    return {name: value for name, value in environ.items() if name != "HTTP_RANGE"}
