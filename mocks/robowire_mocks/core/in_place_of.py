"""A mock in the place of a host, for programs that ask with `requests`: without a socket, a name or a certificate."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import WSGIApplication

    from requests import PreparedRequest, Response
    from requests.adapters import HTTPAdapter

    from robowire_mocks.core.mock import Mock


@contextmanager
def in_place_of(origin: str, mock: Mock[Any]) -> Iterator[None]:
    """Let `mock` answer what this process sends to `origin` by `requests`; anything else is sent as ever.

    `origin` is a scheme and a host, such as `https://api.foxglove.dev`. Links in answers lead to the same place.
    Bodies are passed on in pieces, both ways.

    Raises:
        ImportError: The package `requests` is not installed; robowire itself does not need it.
    """
    from requests import ConnectionError as NoAnswer
    from requests.adapters import HTTPAdapter

    send = HTTPAdapter.send

    def answered(adapter: HTTPAdapter, request: PreparedRequest, **options: Any) -> Response:
        url = urlsplit(request.url or "")
        if f"{url.scheme}://{url.netloc}" != origin:
            return send(adapter, request, **options)
        try:
            response = _ask(mock.app, origin, adapter, request)
        except ConnectionAbortedError as cut:
            raise NoAnswer(cut, request=request) from cut
        if not options.get("stream"):
            _ = response.content
        return response

    with patch.object(HTTPAdapter, "send", answered):
        yield


def _ask(app: WSGIApplication, origin: str, adapter: HTTPAdapter, request: PreparedRequest) -> Response:
    from urllib3 import HTTPHeaderDict, HTTPResponse
    from werkzeug.test import EnvironBuilder, run_wsgi_app

    builder = EnvironBuilder(
        request.path_url,
        origin,
        method=request.method or "GET",
        headers=list(request.headers.items()),
    )
    length = request.headers.get("Content-Length", "")
    body = {"wsgi.input": _stream(request.body), "wsgi.input_terminated": True, "CONTENT_LENGTH": length}
    environ = builder.get_environ() | body
    parts, status, headers = run_wsgi_app(app, environ)
    code, _, reason = status.partition(" ")
    raw = HTTPResponse(
        io.BufferedReader(_Parts(parts)),
        HTTPHeaderDict(headers.to_wsgi_list()),
        status=int(code),
        reason=reason,
        preload_content=False,
        request_method=request.method,
    )
    return adapter.build_response(request, raw)


def _stream(body: Any) -> Any:  # whatever `requests` takes for a body, as something to be read
    if hasattr(body, "read"):
        return body
    if body is None or isinstance(body, str | bytes):
        return io.BytesIO(body.encode() if isinstance(body, str) else body or b"")
    return io.BufferedReader(_Parts(body))


class _Parts(io.RawIOBase):
    """Parts of a body as a file to be read once; closing it closes what gives them."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._next = iter(parts)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # the stubs disagree on the type between versions of Python
        while not self._rest:
            try:
                self._rest = next(self._next)
            except StopIteration:
                return 0
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        """Close the file and its source."""
        if not self.closed:
            close = getattr(self._parts, "close", None)
            if close is not None:
                close()
        super().close()
