"""The paths of the Losant Data API: from a request to a call, through the steps, and back to a response."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from robowire_fixtures.losant import PATHS

from robowire_mocks.core.answer import Answer, FileBody, Refusal
from robowire_mocks.core.bodies import read_body
from robowire_mocks.core.http import origin, respond, the_mock
from robowire_mocks.losant.body import LIMIT
from robowire_mocks.losant.call import Call
from robowire_mocks.losant.errors import error_body

if TYPE_CHECKING:
    from robowire_mocks.losant.mock import LosantMock

_MEDIA_TYPES = {".csv": "text/csv", ".zip": "application/zip"}
_OPERATIONS = {path: operation for operation, path in PATHS.items()}


def add_routes(app: Flask) -> None:
    """Serve the API in `app`.

    What stands in the URL's query changes nothing.
    """
    # LOSANT-EXPORT-106, LOSANT-LASTVALUE-106, LOSANT-TIMESERIES-106

    @app.post(f"/applications/<any_text:application_id>/data/<any({', '.join(map(repr, _OPERATIONS))}):path>")
    def act(application_id: str, path: str) -> Response:
        return _answer(_call(_OPERATIONS[path], application_id))

    @app.get("/exports/<any_text:name>")
    def download(name: str) -> Response:
        mock: LosantMock = the_mock()
        try:
            file = FileBody(mock.state.jobs.file(name), name, _MEDIA_TYPES[Path(name).suffix])
            return respond(Answer(200, file))  # LOSANT-EXPORT-202
        except Refusal as refusal:
            return respond(Answer(refusal.status, error_body(refusal.status, str(refusal))))


def _call(operation: str, application_id: str) -> Call:
    mock: LosantMock = the_mock()
    now = math.floor(mock.clock.now() * 1000)
    parameters = frozenset(request.args)
    headers = dict(request.headers)
    return Call(operation, mock.steps, mock.state, origin(request), now, application_id, headers, parameters)


def _answer(call: Call) -> Response:
    """The response of the action, or of the error that it meets, also while its answer is made."""
    try:
        return respond(_act(call))
    except Refusal as refusal:
        return respond(call.steps.error(call, refusal))


def _act(call: Call) -> Answer:
    steps = call.steps
    call = replace(call, token=steps.authenticate(call))
    assert call.token is not None
    steps.permit(call, call.token)
    call = replace(call, application=steps.application(call, call.token))
    call = replace(call, raw=read_body(LIMIT))
    call = replace(call, query=steps.validate(call, steps.read(call)))
    actions = {"export": steps.export, "lastValueQuery": steps.last_values, "timeSeriesQuery": steps.time_series}
    return actions[call.operation](call)
