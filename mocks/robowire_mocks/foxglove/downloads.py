"""The paths behind signed links to data: they need no API key, and their answers begin before a file is read whole."""

from __future__ import annotations

import errno
import logging
from itertools import chain
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.http import origin, respond, the_mock
from robowire_mocks.formats import RecordedError
from robowire_mocks.foxglove.attachments import ATTACHMENTS
from robowire_mocks.foxglove.call import Call
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.operations import Operation
from robowire_mocks.foxglove.streams import STREAMS
from robowire_mocks.foxglove.times import present

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from robowire_mocks.foxglove.mock import FoxgloveMock

_STREAM = Operation("download_stream", "GET", f"{STREAMS}/{{name}}")
_ATTACHMENT = Operation("download_content", "GET", f"{ATTACHMENTS}/{{id}}")
_log = logging.getLogger("robowire.mocks")


def add_downloads(app: Flask) -> None:
    """Serve what links to data lead to."""

    @app.get(f"{STREAMS}/<any_text:name>")
    def download_stream(name: str) -> Response:
        call = _call(_STREAM, {"name": name})
        return _answer(call, lambda: call.steps.stream_pieces(call, call.steps.stream_at(call)))

    @app.get(f"{ATTACHMENTS}/<any_text:id>")
    def download_content(**path: str) -> Response:
        call = _call(_ATTACHMENT, path)
        return _answer(call, lambda: call.steps.attachment_content(call))


def _call(operation: Operation, path: dict[str, str]) -> Call:
    mock: FoxgloveMock = the_mock()
    state, query = mock.state, request.args.to_dict()
    now, here = present(state.clock), origin(request)
    return Call(operation, mock.steps, state, now, here, path, query, headers=dict(request.headers))


def _answer(call: Call, pieces: Callable[[], Iterator[bytes]]) -> Response:
    """The pieces, sent as they are made; what is wrong before the first is answered as an error."""
    try:
        with call.state.lock:
            made = iter(pieces())
        first = next(made, b"")
    except RecordedError as error:
        return respond(call.steps.error(call, NotFound(f"the recording cannot be read: {error}")))
    except Refusal as refusal:
        return respond(call.steps.error(call, refusal))
    download = call.steps.download(call, chain([first], _until_broken(made)))
    return Response(download.pieces, download.status, dict(download.headers), direct_passthrough=True)


def _until_broken(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces; where they break off, the connection does too, which tells the client that they are not all."""
    try:
        yield from filter(None, pieces)
    except (RecordedError, OSError) as error:
        _log.warning("data broke off: %s", error)
        raise ConnectionAbortedError(errno.ECONNABORTED, "the data broke off") from error
