"""Files that come to the mock: the paths that links of uploads lead to."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from robowire_mocks.core.answer import Refusal, error
from robowire_mocks.core.bodies import body_blocks, unchunked
from robowire_mocks.core.http import origin, respond, the_mock
from robowire_mocks.foxglove.call import Call
from robowire_mocks.foxglove.errors import UnsupportedEncoding
from robowire_mocks.foxglove.operations import Operation
from robowire_mocks.foxglove.times import present
from robowire_mocks.foxglove.uploads import UPLOADS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robowire_mocks.foxglove.files import StoredFile
    from robowire_mocks.foxglove.mock import FoxgloveMock
    from robowire_mocks.foxglove.state import State

_SIGNED_CHUNKS = "aws-chunked"  # how clients of S3 send what they cannot read twice
_PUT = Operation("put_upload", "PUT", f"{UPLOADS}/{{id}}")


def add_uploads(app: Flask) -> None:
    """Serve the links of uploads."""

    @app.put(f"{UPLOADS}/<any_text:upload_id>")
    def put_upload(upload_id: str) -> Response:
        try:
            return _take(upload_id)
        except Refusal as refusal:
            return respond(error(refusal.status, str(refusal)))


def _take(upload_id: str) -> Response:
    """Receive a file without the state's lock: others are answered meanwhile."""
    call = outside_call(_PUT, {"id": upload_id})
    state = call.state
    with state.lock:
        upload = call.steps.upload_at(call)
    with received(state) as stored, state.lock:
        return respond(call.steps.upload_came(replace(call, now=present(state.clock)), upload, stored))


def outside_call(operation: Operation, path: dict[str, str]) -> Call:
    """The request at hand as a call that needs no API key."""
    mock: FoxgloveMock = the_mock()
    query, headers = request.args.to_dict(), dict(request.headers)
    target = request.full_path
    return Call(
        operation, mock.steps, mock.state, present(mock.clock), origin(request), path, query, {}, headers, target
    )


@contextmanager
def received(state: State) -> Iterator[StoredFile]:
    """The body of the request as a file that is kept, unless something is wrong with it.

    Raises:
        UnsupportedEncoding: It is compressed.
        BodyUnreadable: It does not arrive whole.
    """
    encoding = request.headers.get("Content-Encoding", "identity").strip().strip(",").lower()
    if encoding not in {"", "identity", _SIGNED_CHUNKS}:
        raise UnsupportedEncoding(f"a body with Content-Encoding {encoding[:80]!r} is not read")
    blocks = body_blocks()  # FOXGLOVE-UPLOAD-306
    stored = state.files.put(unchunked(blocks) if encoding == _SIGNED_CHUNKS else blocks)
    try:
        yield stored
    except BaseException:
        state.files.remove(stored.id)
        raise
