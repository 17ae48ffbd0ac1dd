"""A mock in the place of a host for all that asks by httpx, and as a transport of its own."""

from __future__ import annotations

import io
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import httpx
from anyio import from_thread, to_thread

from robowire_mocks.core.fault import Cut
from robowire_mocks.in_process.asking import Answered, Host, Parts
from robowire_mocks.in_process.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

_INCOMPLETE = "peer closed connection without sending complete message body"  # as it is said of a socket


@contextmanager
def answered(origin: str, host: Host) -> Iterator[None]:
    """Let `host` answer what this process sends to `origin`, unless the client has a transport that is not httpx's."""
    place = Transport(host)
    before, before_async = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request

    def handle(transport: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if origin_of(str(request.url)) != origin:
            return before(transport, request)
        return place.handle_request(request)

    async def handle_async(transport: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        if origin_of(str(request.url)) != origin:
            return await before_async(transport, request)
        return await place.handle_async_request(request)

    with ExitStack() as stack:
        stack.enter_context(patch.object(httpx.HTTPTransport, "handle_request", handle))
        stack.enter_context(patch.object(httpx.AsyncHTTPTransport, "handle_async_request", handle_async))
        yield


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Leads all that a client asks, whatever the host, to an application; for `httpx.Client` and `httpx.AsyncClient`.

    The application runs in the caller's thread, for an `AsyncClient` in a thread of its own, so that whatever it waits
    for does not hold up the event loop.
    """

    def __init__(self, host: Host) -> None:
        self._host = host

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and give the answer as soon as its head is there."""
        body = request.stream
        assert isinstance(body, httpx.SyncByteStream)
        with _as_httpx_tells_it(request):
            came = self._ask(request, Parts(body))
        return _response(came, _Body(came, request))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same, from an event loop."""
        parts = Parts(request.stream if isinstance(request.stream, httpx.SyncByteStream) else _drawn(request.stream))
        with _as_httpx_tells_it(request):
            came = await to_thread.run_sync(partial(self._ask, request, parts), abandon_on_cancel=True)
        return _response(came, _AsyncBody(came, request))

    def _ask(self, request: httpx.Request, body: Parts) -> Answered:
        headers = [(name.decode("ascii"), value.decode("latin-1")) for name, value in request.headers.raw]
        patience = request.extensions.get("timeout", {}).get("read")
        return self._host.ask(request.method, str(request.url), headers, io.BufferedReader(body), patience)


def _response(came: Answered, body: Any) -> httpx.Response:
    extensions = {"http_version": b"HTTP/1.1", "reason_phrase": came.reason.encode("ascii", "ignore")}
    return httpx.Response(came.status, headers=came.headers, stream=body, extensions=extensions)


def _drawn(stream: Any) -> Iterator[bytes]:
    """The parts of a stream that only an event loop can read, for a thread that it has started."""
    parts = aiter(stream)

    async def following() -> bytes | None:
        return await anext(parts, None)

    while (part := from_thread.run(following)) is not None:
        yield part


@contextmanager
def _as_httpx_tells_it(request: httpx.Request) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error) or "the read timed out", request=request) from error
    except Cut as error:
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request) from error
    except OSError as error:
        raise httpx.RemoteProtocolError(f"the connection was closed: {error}", request=request) from error


class _Counted:
    """A body that must be as long as its head says."""

    def __init__(self, came: Answered, request: httpx.Request) -> None:
        self._came, self._request = came, request

    def _next(self) -> bytes | None:
        """The next part; None at the end."""
        with _as_httpx_tells_it(self._request):
            part = next(self._came.parts, None)
        if part is None and self._came.parts.left:
            due = self._came.length or 0
            text = f"received {due - self._came.parts.left} bytes, expected {due}"
            raise httpx.RemoteProtocolError(f"{_INCOMPLETE} ({text})", request=self._request)
        return part


class _Body(_Counted, httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        while (part := self._next()) is not None:
            yield part

    def close(self) -> None:
        self._came.parts.close()


class _AsyncBody(_Counted, httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (part := await to_thread.run_sync(self._next, abandon_on_cancel=True)) is not None:
            yield part

    async def aclose(self) -> None:
        await to_thread.run_sync(self._came.parts.close)
