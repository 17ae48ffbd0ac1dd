"""A mock in the place of a host for all that asks by urllib3: requests, boto3, and what is built on them."""

from __future__ import annotations

import io
from contextlib import ExitStack, contextmanager
from copy import copy
from http.client import HTTPMessage, IncompleteRead, RemoteDisconnected
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch
from urllib.parse import urlsplit

from urllib3 import HTTPConnectionPool, HTTPResponse
from urllib3._collections import HTTPHeaderDict  # where both of its major versions have it
from urllib3.connection import HTTPConnection
from urllib3.util import Timeout

from robowire_mocks.core.fault import Cut
from robowire_mocks.in_process.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from robowire_mocks.in_process.asking import Answered, Host, Parts

_IS_FORMER = hasattr(HTTPResponse, "from_httplib")  # urllib3 1

_urlopen = HTTPConnectionPool.urlopen
"""What urllib3 itself does, whatever it is patched with when a mock is put in the place of a host."""


@contextmanager
def answered(origin: str, host: Host) -> Iterator[None]:
    """Let `host` answer what this process sends to `origin`.

    Retries, their pauses, timeouts and errors are urllib3's own: nothing but the connection is another one.
    """
    place = _Place(origin, host)
    before = HTTPConnectionPool.urlopen

    def urlopen(pool: HTTPConnectionPool, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        if _origin(pool, url) != origin:
            return before(pool, method, url, *arguments, **options)
        return place.like(pool).urlopen(method, url, *arguments, **options)

    with ExitStack() as stack:
        stack.callback(place.close)
        stack.enter_context(patch.object(HTTPConnectionPool, "urlopen", urlopen))
        yield


def _origin(pool: HTTPConnectionPool, url: str) -> str | None:
    """Where a request goes; None if that is nothing that a mock can stand for, such as a socket in the file system."""
    host = f"[{pool.host}]" if ":" in pool.host else pool.host
    port = f":{pool.port}" if pool.port else ""  # a pool of one's own need not name it
    try:
        return origin_of(f"{pool.scheme}://{host}{port}" if url.startswith("/") else url)
    except ValueError:
        return None


class _Connection(HTTPConnection):
    """A connection that leads to an application."""

    def __init__(self, host: str, port: int | None = None, *, origin: str, mock: Host, **options: Any) -> None:
        super().__init__(host, port, **options)
        self._origin, self._mock = origin, mock
        self._ask: Callable[[], Any] | None = None

    @property
    def is_closed(self) -> bool:
        return False

    @property
    def is_connected(self) -> bool:
        return True

    def request(
        self,
        method: str,
        url: str,
        body: Any = None,
        headers: Any = None,
        **options: Any,
    ) -> None:
        """Keep what is asked; it is sent when the answer is wanted, piece by piece."""
        options.pop("chunked", None)  # there are no frames here
        absolute = f"{self._origin}{url}" if url.startswith("/") else url
        fields = _framed(HTTPHeaderDict(headers or {}), body)

        def asked() -> Any:
            patience = self.timeout if isinstance(self.timeout, int | float) else None
            try:
                came = self._mock.ask(method, absolute, fields.iteritems(), body, patience)
            except Cut:
                raise RemoteDisconnected("Remote end closed connection without response") from None
            return _Came(came) if _IS_FORMER else response(came, method, url, **options)

        self._ask = asked

    request_chunked = request  # of urllib3 1

    def getresponse(self) -> Any:  # an HTTPResponse; with urllib3 1, what one is made of
        """Ask."""
        assert self._ask is not None
        asked, self._ask = self._ask, None
        return asked()

    def close(self) -> None:
        """Forget what was not asked."""
        self._ask = None


def response(came: Answered, method: str, url: str, **options: Any) -> HTTPResponse:
    """An answer as urllib3 gives it."""
    return HTTPResponse(
        _Body(came.parts),
        HTTPHeaderDict(came.headers),
        status=came.status,
        reason=came.reason,
        version=11,
        request_method=method,
        request_url=url,
        **({"enforce_content_length": True} if _IS_FORMER else {"version_string": "HTTP/1.1"}),
        **options,
    )


class _Body(io.BufferedReader):
    """A body as http.client gives it: whoever reads all of it is told if that is less than its length."""

    raw: Parts

    def read(self, size: int | None = -1, /) -> bytes:
        read = super().read(size)
        if self.raw.left and (size is None or size < 0):
            raise IncompleteRead(read, self.raw.left)
        return read


class _Came:
    """An answer as urllib3 1 wants it of a connection: with what it looks at before it makes a response of it."""

    def __init__(self, came: Answered) -> None:
        self.came, self.status, self.length = came, came.status, came.length
        self.msg = HTTPMessage()

    @classmethod
    def from_httplib(cls, given: _Came, *, request_method: str, request_url: str = "", **options: Any) -> HTTPResponse:
        """The response."""
        return response(given.came, request_method, request_url, **options)


def _framed(fields: HTTPHeaderDict, body: Any) -> HTTPHeaderDict:
    """The header fields with what urllib3 would say of the body's length, unless they say something."""
    if body is not None and not {"content-length", "transfer-encoding"} & {name.lower() for name in fields}:
        if isinstance(body, bytes | str):
            fields["Content-Length"] = str(len(body.encode() if isinstance(body, str) else body))
        else:
            fields["Transfer-Encoding"] = "chunked"
    return fields


class _Place(HTTPConnectionPool):
    """The connections to a host in whose place an application is."""

    ConnectionCls = _Connection
    ResponseCls = _Came
    urlopen = _urlopen

    def __init__(self, origin: str, mock: Host) -> None:
        parts = urlsplit(origin)
        assert parts.hostname is not None
        super().__init__(parts.hostname, parts.port, maxsize=32, timeout=Timeout(), origin=origin, mock=mock)
        self.scheme = parts.scheme

    def like(self, pool: HTTPConnectionPool) -> Self:
        """The same connections, with the retries, timeout and headers that a client gave to a pool of its own."""
        other = copy(self)
        other.retries, other.timeout, other.headers = pool.retries, pool.timeout, pool.headers
        return other
