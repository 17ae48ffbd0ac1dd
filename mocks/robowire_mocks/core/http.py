"""Answers over HTTP: a Flask application whose every answer, errors included, is what an `Answer` says."""

from __future__ import annotations

import errno
import logging
import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from robowire_mocks.core import strict_json
from robowire_mocks.core.answer import NO_STORE, Answer, FileBody, error_body
from robowire_mocks.core.bodies import drain
from robowire_mocks.core.files import send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robowire_mocks.core.answer import Problem

MOCK: str = "robowire.mock"
"""The name under which a request's WSGI environment has the mock that answers it."""

STOPPING: str = "robowire.stopping"
"""The name under which it may have the event that the server stops: who waits for something else gives up then."""

BLOCK: int = 64 * 1024
"""Bytes of JSON that are handed to the socket at once."""

BODY_LIMIT: int = 1024 * 1024
"""Bytes of a request's body that are read where an API has no reason for more."""

WHOLE: int = 8 * 1024 * 1024
"""Bytes of JSON that are made before the first is sent: an error found on the way is still answered as one."""

_HOST = re.compile(r"[A-Za-z0-9.:_\[\]-]+")
_log = logging.getLogger("robowire.mocks")


class _AnyText(BaseConverter):
    """A part of a path with whatever in it: slashes, line breaks, and nothing at all."""

    regex = r"[\s\S]*?"
    part_isolating = False


def make_app(name: str, problem: Problem = error_body) -> Flask:
    """A Flask application without routes, whose errors are the JSON objects that `problem` makes.

    Flask itself reads no more than `BODY_LIMIT` of a body; what nobody reads is thrown away.
    """
    app = Flask(name, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False  # a redirect would answer for a name that begins with a slash
    app.url_map.converters["any_text"] = _AnyText
    app.register_error_handler(HTTPException, partial(_http_error, problem))
    app.register_error_handler(Exception, partial(_own_fault, problem))
    app.after_request(drain)
    return app


def the_mock() -> Any:  # what an API's mock is, that API's views know
    """The mock that answers the request at hand."""
    return request.environ[MOCK]


def respond(answer: Answer) -> Response:
    """The response that `answer` describes, to the request at hand."""
    match answer.body:
        case FileBody() as file:
            return send(file, answer.headers)
        case bytes() as raw:
            return Response(raw, answer.status, dict(answer.headers))
        case body:
            return _json(answer, strict_json.blocks(strict_json.pieces(body), BLOCK))


def origin(request: Request) -> str:
    """Scheme, host and port under which the client reached this server, without a slash at the end.

    A proxy that ends TLS says so in X-Forwarded-Proto and -Host. Whoever invents them misleads only themselves:
    they come back in the answer to that very request.
    """
    scheme = _first(request, "X-Forwarded-Proto")
    host = _first(request, "X-Forwarded-Host")
    server, port = request.server or ("127.0.0.1", None)
    return "{}://{}{}".format(
        scheme if scheme in {"http", "https"} else "https" if request.is_secure else "http",
        (_HOST.fullmatch(host) and host) or request.host or (server if port is None else f"{server}:{port}"),
        request.root_path,
    )


def _first(request: Request, header: str) -> str:
    """The first of the values that proxies have put into a header, or an empty string."""
    return request.headers.get(header, "").split(",")[0].strip()


def _json(answer: Answer, blocks: Iterator[bytes]) -> Response:
    """All of it at once as far as it is small, so that its length is known; the rest as it is made."""
    made: list[bytes] = []
    length = 0
    for block in blocks:
        made.append(block)
        length += len(block)
        if length > WHOLE:
            body = chain(made, _until_broken(blocks))
            return Response(body, answer.status, dict(answer.headers), content_type="application/json")
    return Response(b"".join(made), answer.status, dict(answer.headers), content_type="application/json")


def _until_broken(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks; where they break off, the connection does too, which tells the client that they are not all."""
    try:
        yield from blocks
    except Exception as error:
        _log.warning("an answer broke off: %s", error)
        raise ConnectionAbortedError(errno.ECONNABORTED, "the answer broke off") from error


def _http_error(problem: Problem, exception: HTTPException) -> Response:
    """An unknown path, a method that is not served, a range outside a file: as HTTP has it, explained in JSON."""
    headers = {name: value for name, value in exception.get_headers() if name != "Content-Type"}
    text = f"{exception.name}: {request.method} {request.path[:200]}"
    status = exception.code or 500
    return respond(Answer(status, problem(status, text), {**headers, **NO_STORE}))


def _own_fault(problem: Problem, exception: Exception) -> Response:
    """A fault of the mock: logged in full, and told to the client without its inside."""
    _log.error("the mock failed at %s %s", request.method, request.path, exc_info=exception)
    return respond(Answer(500, problem(500, "the mock failed; its log says why"), NO_STORE))
