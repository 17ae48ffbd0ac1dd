"""From a request to a control and back: the Flask application, one route for each operation of the document."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

from flask import Response, request
from werkzeug.exceptions import BadRequest
from werkzeug.routing import BaseConverter

from robowire_mocks.core.answer import NO_STORE, Answer, Refusal, error
from robowire_mocks.core.control import faulting, guard, moving, showing, watching, worlds
from robowire_mocks.core.control.asked import Asked, Control, NotThere
from robowire_mocks.core.control.page import page
from robowire_mocks.core.http import STOPPING, make_app, respond, the_mock
from robowire_mocks.core.worlds import WORLD, WORLDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

CONTROLS: tuple[Control, ...] = (
    *showing.CONTROLS,
    *moving.CONTROLS,
    *faulting.CONTROLS,
    *watching.CONTROLS,
    *worlds.CONTROLS,
)
"""Everything that the controls do, whatever the API."""

BODY_LIMIT: int = 16 * 1024 * 1024
"""Bytes of a body that are read: a world may be large."""


_FIRST = "|".join(sorted({control.path.split("/")[1].replace(".", r"\.") for control in CONTROLS}))


class _Added(BaseConverter):
    """The name of what an API may add: any but those that all have, whose methods are known."""

    regex = rf"(?!(?:{_FIRST})(?:/|\Z))[\s\S]+"
    part_isolating = False


def make(prefix: str) -> Flask:
    """The application whose paths begin with `prefix`."""
    app = make_app("robowire_mocks.control")
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.url_map.converters["added"] = _Added
    app.before_request(_guarded)
    app.after_request(_marked)
    for root in (prefix, f"{prefix}/"):
        app.add_url_rule(root, "readState", _state_or_page, methods=["GET"])
    for control in CONTROLS:
        app.add_url_rule(prefix + control.path, control.operation, _view(control.act), methods=[control.method])
    # What an API adds is known only when its mock is asked.
    app.add_url_rule(f"{prefix}/<added:name>", "readMore", _view(_read_more), methods=["GET"])
    app.add_url_rule(f"{prefix}/<added:name>", "doMore", _view(_do_more), methods=["POST"])
    return app


def _guarded() -> Response | None:
    why = guard.refusal(request.method, dict(request.headers), request.remote_addr)
    return respond(error(403, why)) if why else None


def _marked(response: Response) -> Response:
    response.headers.update(guard.HEADERS)
    return response


def _state_or_page() -> Response:
    """The state; the page, if the client likes that better, as browsers do."""
    wanted = request.accept_mimetypes.best_match(["application/json", "text/html"])
    response = page() if wanted == "text/html" else _answer(lambda _: None, {})
    response.headers["Vary"] = "Accept"
    return response


def _view(act: Callable[[Asked], Any]) -> Callable[..., Response]:
    return lambda **path: _answer(act, {part: _whole(value) for part, value in path.items()})


def _whole(value: Any) -> Any:
    """A part of the path; the server leaves a slash within it as it was sent."""
    return value.replace("%2F", "/").replace("%2f", "/") if isinstance(value, str) else value


def _answer(act: Callable[[Asked], Any], path: dict[str, Any]) -> Response:
    mock, environ = the_mock(), request.environ
    try:
        around = environ.get(STOPPING) or Event(), environ.get(WORLDS), environ.get(WORLD)
        told = act(Asked(mock, path, request.args.to_dict(), _body(), *around))
    except ValueError as refused:
        return respond(error(400, str(refused)))
    except Refusal as refused:
        return respond(error(refused.status, str(refused)))
    return respond(Answer(200, showing.state_of(mock) if told is None else told, NO_STORE))


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


def _read_more(asked: Asked) -> Any:  # any JSON value
    name, readings = asked.path["name"], asked.mock.readings
    if name not in readings:
        raise NotThere(f"nothing to read is called {name[:80]!r}; this API adds: {', '.join(readings) or 'none'}")
    return readings[name]()


def _do_more(asked: Asked) -> Any:  # any JSON value, or None
    name, actions = asked.path["name"], asked.mock.actions
    if name not in actions:
        there = ", ".join(showing.names_of_controls(asked.mock))
        raise NotThere(f"no control is called {name[:80]!r}; there are: {there}; openapi.json lists all")
    return actions[name](dict(asked.body))
