"""The paths of the Foxglove API: from a request to a call, through the steps, and back to a response."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from robowire_mocks.core.answer import Refusal, error
from robowire_mocks.core.bodies import read_body
from robowire_mocks.core.http import origin, respond, the_mock
from robowire_mocks.foxglove import extensions
from robowire_mocks.foxglove.call import Call
from robowire_mocks.foxglove.downloads import add_downloads
from robowire_mocks.foxglove.inbox_azure import add_azure
from robowire_mocks.foxglove.inbox_google import add_google
from robowire_mocks.foxglove.inbox_s3 import add_s3
from robowire_mocks.foxglove.intake import add_uploads
from robowire_mocks.foxglove.operations import OPERATIONS
from robowire_mocks.foxglove.times import present

if TYPE_CHECKING:
    from robowire_mocks.core.answer import Answer
    from robowire_mocks.foxglove.mock import FoxgloveMock
    from robowire_mocks.foxglove.operations import Operation

URL_PATH: str = "/v1"
"""What follows host and port in the API's base URL."""

_PARAMETER = re.compile(r"{(\w+)}")


def add_routes(app: Flask) -> None:
    """Serve every operation in `app`, and what its links lead to."""
    for operation in OPERATIONS:
        rule = URL_PATH + _PARAMETER.sub(r"<any_text:\1>", operation.path)
        app.add_url_rule(rule, operation.name, _view(operation), methods=[operation.method])

    add_uploads(app)
    for add_inbox in (add_s3, add_azure, add_google):
        add_inbox(app)
    add_downloads(app)

    @app.get(f"{extensions.FILES}/<any_text:name>")
    def download_extension(name: str) -> Response:
        mock: FoxgloveMock = the_mock()
        given = request.args.get("expires", ""), request.args.get("signature", "")
        try:
            with mock.state.lock:
                return respond(
                    extensions.download(mock.state, f"{extensions.FILES}/{name}", *given, present(mock.clock))
                )
        except Refusal as refusal:
            return respond(error(refusal.status, str(refusal)))


def _view(operation: Operation) -> Any:  # Flask's type of a view

    def view(**path: str) -> Response:
        call = _call(operation, path)
        try:
            return respond(_act(call))
        except Refusal as refusal:
            return respond(call.steps.error(call, refusal))

    return view


def _call(operation: Operation, path: dict[str, str]) -> Call:
    mock: FoxgloveMock = the_mock()
    state = mock.state
    # FOXGLOVE-ERROR-006: a question mark alone is no query
    now, query, headers = present(state.clock), request.args.to_dict(), dict(request.headers)
    queries = request.args.to_dict(flat=False)
    target = request.environ.get("REQUEST_URI", request.full_path)
    return Call(operation, mock.steps, state, now, origin(request), path, query, queries, headers, target)


def _act(call: Call) -> Answer:
    """Who asks comes first, then what; the answer is made of what the organisation was at one moment."""
    steps = call.steps
    steps.admit(call)
    call = replace(call, key=steps.authenticate(call))
    assert call.key is not None
    steps.permit(call, call.key)
    # FOXGLOVE-ERROR-004: without a body, what headers say of one changes nothing
    if call.operation.body_limit:
        call = replace(call, raw=read_body(call.operation.body_limit))
    with call.state.lock:
        call.state.retention.apply(call)
        return steps.answer(call, getattr(steps, call.operation.name)(call))
