"""The controls of a mock over HTTP, under a path that no API uses: clock, deviations, reset and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, NotFound

from robowire_mocks.core.answer import NO_STORE, Answer, error
from robowire_mocks.core.http import respond, the_mock

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.core.mock import Mock

PATH: str = "/__robowire"
"""Where the controls are."""


def controls() -> Blueprint:
    """The blueprint with the controls of the mock that is asked."""
    blueprint = Blueprint("robowire_control", __name__, url_prefix=PATH)

    @blueprint.before_request
    def switched_on() -> None:
        if not the_mock().control:
            raise NotFound

    @blueprint.get("/")
    @blueprint.get("")
    def state() -> Response:
        return respond(Answer(200, _state(the_mock()), NO_STORE))

    @blueprint.get("/<any_text:name>")
    def read(name: str) -> Response:
        readings = the_mock().readings
        if name not in readings:
            return respond(error(404, f"nothing to read is called {name!r}; there are: {', '.join(readings)}"))
        return respond(Answer(200, readings[name](), NO_STORE))

    @blueprint.post("/<any_text:action>")
    def act(action: str) -> Response:
        actions = _actions(the_mock())
        if action not in actions:
            return respond(error(404, f"no control is called {action!r}; there are: {', '.join(actions)}"))
        try:
            told = actions[action](_body())
        except ValueError as refused:
            return respond(error(400, str(refused)))
        return state() if told is None else respond(Answer(200, told, NO_STORE))

    return blueprint


def _actions(mock: Mock[Any]) -> dict[str, Callable[[dict[str, Any]], Any]]:
    return {
        "clock": lambda body: _move_clock(mock, body),
        "deviations": lambda body: _deviate(mock, body),
        "reset": lambda body: _reset(mock, body),
        **mock.actions,
    }


def _state(mock: Mock[Any]) -> dict[str, Any]:
    clock = {"now": mock.clock.now(), "frozen": mock.clock.frozen}
    return {
        "api": mock.api,
        "clock": clock,
        "deviations": list(mock.deviations),
        "controls": list(_actions(mock)),
        "readings": list(mock.readings),
    }


def _body() -> dict[str, Any]:
    """The JSON object that was sent; none counts as an empty one."""
    if not request.get_data():
        return {}
    try:
        body = request.get_json(force=True)
    except BadRequest as unreadable:
        raise ValueError("the body is not JSON") from unreadable
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004  # answered as any other bad body
    return body


def _move_clock(mock: Mock[Any], body: dict[str, Any]) -> None:
    match body:
        case {"advance": int() | float() as seconds, **rest} if not rest and not isinstance(seconds, bool):
            mock.clock.advance(seconds)
        case {"freeze": True, **rest} if not rest and body["freeze"] is True:
            mock.clock.freeze()
        case {"freeze": int() | float() as at, **rest} if not rest and not isinstance(at, bool):
            mock.clock.freeze(at)
        case {"resume": True, **rest} if not rest and body["resume"] is True:
            mock.clock.resume()
        case _:
            raise ValueError(
                'send {"advance": seconds}, {"freeze": true}, {"freeze": unix seconds} or {"resume": true}'
            )


def _deviate(mock: Mock[Any], body: dict[str, Any]) -> None:
    match body:
        case {"ids": [*ids], **rest} if not rest and all(isinstance(one, str) for one in ids):
            mock.deviate(*ids)
        case _:
            raise ValueError('send {"ids": ["…"]}; an empty list is honest again')


def _reset(mock: Mock[Any], body: dict[str, Any]) -> None:
    if body:
        raise ValueError("reset takes no arguments")
    mock.reset()
