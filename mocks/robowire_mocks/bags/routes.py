"""The paths of the Bags API: from a request to a call, through the steps, and back to a response."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from robowire_mocks.bags.call import Call, Operation
from robowire_mocks.bags.errors import BagCorrupted
from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.http import origin, respond, the_mock
from robowire_mocks.formats.rosbag1 import BagError

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.bags.mock import BagsMock
    from robowire_mocks.core.answer import Answer


def add_routes(app: Flask) -> None:
    """Serve the API in `app`.

    A file name is whatever stands between `/bags/` and the operation, so that a name with slashes in it, in any
    encoding, is a bag that is not there and not an unknown path.
    """

    @app.get("/bags/")
    @app.get("/bags")  # its own rule: werkzeug's leniency about slashes answers other methods with 404
    def list_bags() -> Response:
        return _answer(_call(Operation.LIST, ""), lambda call: call.steps.list(call))

    @app.get("/bags/<any_text:filename>/download")
    def download_bag(filename: str) -> Response:
        return _answer(_call(Operation.DOWNLOAD, filename), lambda call: call.steps.download(call))

    @app.get("/bags/<any_text:filename>/player")
    def play_bag(filename: str) -> Response:
        return _answer(_call(Operation.PLAYER, filename), _play)


def _play(call: Call) -> Answer:
    call = replace(call, stored=call.steps.find(call))
    call = replace(call, bag=call.steps.open(call))
    call = replace(call, range=call.steps.range(call))
    return call.steps.metadata(call) if call.range is None else call.steps.chunk(call)


def _call(operation: Operation, filename: str) -> Call:
    mock: BagsMock = the_mock()
    mock.recorder.catch_up()
    args = {name: tuple(values) for name, values in request.args.lists()}
    return Call(operation, mock.steps, mock.storage, origin(request), filename, args)


def _answer(call: Call, operation: Callable[[Call], Answer]) -> Response:
    """The response of `operation`, or of the documented error that it meets, also while its answer is made."""
    try:
        return respond(operation(call))
    except BagError as error:
        refusal: Refusal = BagCorrupted(f"{call.filename} is corrupted: {error}")
    except OSError as error:
        refusal = BagCorrupted(f"{call.filename} cannot be read: {error.strerror}")
    except Refusal as error:
        refusal = error
    return respond(call.steps.error(call, refusal))
