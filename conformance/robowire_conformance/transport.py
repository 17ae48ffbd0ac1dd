"""How requests reach a target: over the network within a deadline, or by a call into a WSGI application."""

import io
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl

    from _typeshed.wsgi import WSGIApplication

DEADLINE: ContextVar[float] = ContextVar("DEADLINE")
"""The `time.monotonic()` at which the request of this thread has to be over; a server that drips cannot stretch it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as it goes out: `target` is the path with its query, byte for byte."""

    method: str
    scheme: str
    host: str
    port: int
    target: bytes
    headers: tuple[tuple[str, str], ...]
    content: bytes = b""

    @property
    def origin(self) -> tuple[str, str, int]:
        """What a credential may be sent to: scheme, host and port."""
        return self.scheme, self.host.lower(), self.port


class Network:
    """A keep-alive connection pool whose every read and write ends at `DEADLINE`."""

    def __init__(self, ca_file: str = "") -> None:
        self._ca_file = ca_file
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def prepare(self, scheme: str) -> None:
        """Make what `scheme` needs before a deadline runs: loading certificates takes a moment."""
        if scheme in self._pools:
            return
        context = httpx.create_ssl_context(verify=self._ca_file or True) if scheme == "https" else None
        self._pools[scheme] = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=20,
            keepalive_expiry=4.0,  # shorter than servers usually grant, so that none hangs up under a request
            network_backend=_BoundedBackend(),
        )

    def send(self, outgoing: Outgoing) -> httpx.Response:
        """Send a request; the response's body is still to be read.

        Raises:
            httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError: No answer came.
        """
        self.prepare(outgoing.scheme)
        remaining = _remaining()
        request = httpcore.Request(
            outgoing.method,
            httpcore.URL(
                scheme=outgoing.scheme.encode(),
                host=outgoing.host.encode("idna" if not outgoing.host.isascii() else "ascii"),
                port=outgoing.port,
                target=outgoing.target,
            ),
            headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in outgoing.headers],
            content=outgoing.content,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), remaining)},
        )
        response = self._pools[outgoing.scheme].handle_request(request)
        stream = cast("Iterable[bytes]", response.stream)
        return httpx.Response(response.status, headers=response.headers, stream=_Body(stream, response.close))

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()


class InProcess:
    """Calls a WSGI application as a server would, so that the verdicts are the same as over a socket."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def send(self, outgoing: Outgoing) -> httpx.Response:
        """Call the application; what it raises becomes a 500, as behind a server."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: object = None
        ) -> Callable[[bytes], object]:
            del exc_info
            started[:] = [(status, headers)]
            return lambda _data: None

        try:
            result = self._app(_environ(outgoing), start_response)
        except Exception:  # noqa: BLE001  # an application may raise anything
            return httpx.Response(HTTPStatus.INTERNAL_SERVER_ERROR)
        close = cast("Callable[[], None]", getattr(result, "close", lambda: None))
        chunks = iter(result)
        first = next(chunks, b"")  # an application may call start_response only when it is iterated
        status, headers = started[-1]
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        if outgoing.method == "HEAD":
            close()
            return httpx.Response(int(status.split()[0]), headers=raw)
        body = _as_received(chain([first], chunks), httpx.Headers(raw).get("content-length"))
        return httpx.Response(int(status.split()[0]), headers=raw, stream=_Body(body, close))

    def close(self) -> None:
        """There is nothing to close."""


def _as_received(chunks: Iterable[bytes], length: str | None) -> Iterator[bytes]:
    """What a client sees of a body: no more than its Content-Length, and an error if it ends before or breaks off."""
    left = int(length) if length is not None and length.isdigit() else None
    try:
        for chunk in chunks:
            yield chunk if left is None else chunk[:left]
            left = None if left is None else max(0, left - len(chunk))
    except httpcore.TimeoutException:
        raise
    except Exception as error:  # noqa: BLE001  # as above
        raise httpcore.RemoteProtocolError(f"the application broke off: {type(error).__name__}") from None
    if left:
        raise httpcore.RemoteProtocolError(f"the body ended {left} bytes before its Content-Length")


def _environ(outgoing: Outgoing) -> dict[str, Any]:
    path, _, query = outgoing.target.partition(b"?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": outgoing.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),  # PEP 3333: bytes as latin-1
        "RAW_URI": outgoing.target.decode("latin-1"),
        "REQUEST_URI": outgoing.target.decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": outgoing.host,
        "SERVER_PORT": str(outgoing.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": outgoing.scheme,
        "wsgi.input": io.BytesIO(outgoing.content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in outgoing.headers:
        key = name.upper().replace("-", "_")
        key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if "HTTP_TRANSFER_ENCODING" in environ:
        environ["wsgi.input_terminated"] = True  # a server takes the chunks apart, and the input ends with the last one
    return environ


class _Body(httpx.SyncByteStream):
    def __init__(self, chunks: Iterable[bytes], close: Callable[[], object]) -> None:
        self._chunks = chunks
        self._close = close

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            yield chunk
            _remaining()

    def close(self) -> None:
        self._close()


def _remaining() -> float:
    remaining = DEADLINE.get() - time.monotonic()
    if remaining <= 0:
        raise httpcore.ReadTimeout("the answer was not complete in time")
    return remaining


class _BoundedBackend(httpcore.NetworkBackend):
    def __init__(self) -> None:
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout
        options = socket_options or [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]
        return _BoundedStream(self._inner.connect_tcp(host, port, _remaining(), local_address, options))


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._inner.read(max_bytes, _remaining())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._inner.write(buffer, _remaining())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: "ssl.SSLContext", server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        return _BoundedStream(self._inner.start_tls(ssl_context, server_hostname, _remaining()))

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
