"""Sending a file: streamed, with HEAD, byte ranges and validators (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import errno
import os
from http import HTTPStatus
from typing import TYPE_CHECKING, BinaryIO

from flask import Response, request
from werkzeug.http import parse_range_header

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.clock import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.core.answer import FileBody

BLOCK: int = 256 * 1024
"""Bytes that are read from a file at once."""


class FileGone(Refusal):
    """The file was there a moment ago."""

    status = 404


class _Blocks:
    """The bytes of a file from `start` to `stop`, in blocks; the file is closed after the last, or by `close`.

    An open file is read to its end even if its name is removed meanwhile.
    """

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        self._file = file
        self._left = stop - start
        file.seek(start)

    def __iter__(self) -> _Blocks:
        return self

    def __next__(self) -> bytes:
        if self._left <= 0:
            self.close()
            raise StopIteration
        block = self._file.read(min(BLOCK, self._left))
        if not block:
            raise ConnectionAbortedError(errno.ECONNABORTED, "the file became shorter while it was sent")
        self._left -= len(block)
        return block

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
    size = facts.st_size
    response = Response(headers=dict(headers), mimetype=body.media_type, direct_passthrough=True)
    response.content_length = size
    response.last_modified = moment(int(facts.st_mtime))
    response.set_etag(f"{facts.st_mtime_ns:x}-{size:x}-{facts.st_ino:x}")
    response.headers.set("Content-Disposition", "attachment", filename=body.name)
    response.make_conditional(_single_range(size), accept_ranges=True, complete_length=size)
    if request.method == "HEAD" or response.status_code == HTTPStatus.NOT_MODIFIED:
        file.close()
        return response
    part = response.content_range
    response.response = _Blocks(file, part.start or 0, part.stop or 0) if part else _Blocks(file, 0, size)
    return response


def _single_range(size: int) -> dict[str, object]:
    """The request with its Range as werkzeug understands it.

    One that is malformed or has several parts is left out: RFC 9110 lets a server ignore such. One that asks for more
    bytes from the end than there are asks for all of them (section 14.1.2).
    """
    environ = {name: value for name, value in request.environ.items() if name != "HTTP_RANGE"}
    asked = parse_range_header(request.environ.get("HTTP_RANGE"))
    if asked is not None and asked.units == "bytes" and len(asked.ranges) == 1:
        start, _ = asked.ranges[0]
        environ["HTTP_RANGE"] = f"bytes=-{size}" if start < -size else asked.to_header()
    return environ
