"""Serving a mock on a socket: a keep-alive HTTP/1.1 server that answers when `serve` returns and stops at once."""

from __future__ import annotations

import json
import logging
import socket
import sys
from contextlib import suppress
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Any, Self

from cheroot import server as cheroot_server
from cheroot import wsgi

from robowire_mocks.core.answer import error_body
from robowire_mocks.core.chunked import ChunkedBody
from robowire_mocks.core.http import STOPPING
from robowire_mocks.core.meeting import WRONG_LENGTH
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from wsgiref.types import WSGIApplication

    from robowire_mocks.core.answer import Problem
    from robowire_mocks.core.tls import Authority

_GRACE_S = 0.1  # what answers in progress have left when the server is stopped
_SENT = 64 * 1024  # bytes that are sent at once
_REACHED_AT = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where one reaches a server that listens everywhere

_log = logging.getLogger("robowire.serving")


class _Request(cheroot_server.HTTPRequest):
    """A request whose refusal by the server itself (malformed, too long) is JSON too."""

    def simple_response(self, status: str, msg: str | bytes = "") -> None:
        text = msg.decode("latin-1") if isinstance(msg, bytes) else msg
        body = json.dumps(self.server.problem(int(status[:3]), text or status)).encode()
        self.close_connection = True
        head = (
            f"{self.server.protocol} {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        )
        with suppress(OSError):
            self.conn.wfile.write(head.encode("latin-1") + body)

    def write(self, chunk: bytes) -> None:
        """As cheroot does, but a little at a time: it copies all that is left each time that the socket takes some."""
        for at in range(0, len(chunk), _SENT):
            super().write(chunk[at : at + _SENT])

    def send_headers(self) -> None:
        """As cheroot does, which does not know that an application may want the connection closed."""
        if (b"Connection", b"close") in self.outheaders:
            self.close_connection = True
        super().send_headers()

    def respond(self) -> None:
        """As cheroot does, but with bodies in chunks read piece by piece: it would hold each chunk in memory."""
        if not self.chunked_read:
            super().respond()
            return
        self.rfile = ChunkedBody(self.conn.rfile)
        self.server.gateway(self).respond()
        if self.ready:
            self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b"0\r\n\r\n")


class _Connection(cheroot_server.HTTPConnection):
    """A connection that tells its server while an answer is in progress."""

    RequestHandlerClass = _Request

    def communicate(self) -> bool:
        self.server.began(self)
        try:
            return bool(super().communicate())  # type: ignore[no-untyped-call]  # cheroot types only some of itself
        finally:
            self.server.finished(self)


class _Gateway(wsgi.Gateway_10):
    """WSGI whose SERVER_NAME is an address: what a client that sends no Host is told to come back to."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]  # cheroot's types miss the result
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]  # as above
        environ["SERVER_NAME"] = self.req.server.reached_at
        environ["wsgi.input_terminated"] = True
        environ[STOPPING] = self.req.server.stopping
        return environ

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """As cheroot does, which would put right a length that is wrong on purpose."""
        write = super().start_response(status, headers, exc_info)
        if WRONG_LENGTH in self.env:
            self.remaining_bytes_out = None
        return write


class _Server(wsgi.Server):
    """Cheroot with settings for tests: any number of waiting connections, a quick stop, and our log."""

    ConnectionClass = _Connection
    expiration_interval = 0.05  # stop() waits for the end of one
    keep_alive_conn_limit = None  # type: ignore[assignment]  # documented: no limit
    max_request_header_size = 64 * 1024
    max_request_body_size = 0  # the applications limit what they read: who is refused meanwhile would miss the answer

    def __init__(self, host: str, port: int, app: WSGIApplication, problem: Problem) -> None:
        super().__init__((host, port), app, numthreads=16, server_name="robowire", request_queue_size=128)
        self.timeout = 30  # seconds that a client may be silent
        self.shutdown_timeout = 1
        self.gateway = _Gateway
        self.problem = problem
        self.reached_at = _REACHED_AT.get(host, host)
        self._busy: set[_Connection] = set()
        self._changed = Condition()
        self.stopping = Event()

    @staticmethod
    def bind_socket(socket_: socket.socket, bind_addr: tuple[Any, ...]) -> socket.socket:
        """Bind, and leave no open socket behind where that fails."""
        try:
            socket_.bind(bind_addr)
        except OSError:
            socket_.close()
            raise
        return socket_

    def began(self, connection: _Connection) -> None:
        """Count `connection` as busy."""
        with self._changed:
            self._busy.add(connection)

    def finished(self, connection: _Connection) -> None:
        """Count `connection` as waiting."""
        with self._changed:
            self._busy.discard(connection)
            self._changed.notify_all()

    def stop(self) -> None:
        """Stop; cut off what is still being answered after a moment of grace."""
        self.stopping.set()
        with self._changed:
            self._changed.wait_for(lambda: not self._busy, _GRACE_S)
            for connection in self._busy:
                with suppress(OSError):
                    connection.socket.shutdown(socket.SHUT_RDWR)
        super().stop()

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:  # noqa: FBT001, FBT002  # cheroot's signature
        """What cheroot has to say: to the log, not to stderr; hardly a word of a client that went away."""
        away = type(sys.exc_info()[1]).__name__ == "SSLEOFError"  # over TLS, cheroot does not know it for that
        _log.log(logging.DEBUG if away else level, "%s", msg, exc_info=traceback and not away)


class Server:
    """A mock that listens; also a context manager that stops it.

    `url` is its base without a slash at the end, `ca_file` the certificate that clients must trust with TLS.
    """

    def __init__(
        self, app: WSGIApplication, host: str, port: int, tls: Authority | None, problem: Problem, vendor_host: str
    ) -> None:
        self._server = _Server(host, port, app, problem)
        self.ca_file: Path | None = None
        if tls is not None:
            self._server.ssl_adapter = tls.adapter(*filter(None, (self._server.reached_at, vendor_host)))
            self.ca_file = tls.file
        self._server.prepare()
        self.host = host
        self.port: int = self._server.bind_addr[1]
        self._stopped = Event()
        self._thread = Thread(target=self._server.serve, name=f"robowire-{self.port}", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where clients reach the server."""
        host = self._server.reached_at
        return f"http{'s' if self.ca_file else ''}://{f'[{host}]' if ':' in host else host}:{self.port}"

    def stop(self) -> None:
        """Stop listening and close every connection."""
        self._server.stop()
        self._thread.join()
        self._stopped.set()

    def wait(self) -> None:
        """Wait until the server is stopped; KeyboardInterrupt passes through."""
        self._stopped.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(
    served: Mock[Any] | Worlds | WSGIApplication,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: Path | Authority | None = None,
    around: Callable[[WSGIApplication], WSGIApplication] | None = None,
) -> Server:
    """Serve a mock, many worlds, or any WSGI application on `host`; port 0 takes a free one.

    `around` wraps the application.

    With `tls` it speaks HTTPS only, with a certificate of that authority, or of one made for it in that folder, which
    then holds the authority's own. A mock's certificate is good for the name of the API's own host too.

    Raises:
        OSError: The address cannot be listened on.
    """
    mock = served.base if isinstance(served, Worlds) else served if isinstance(served, Mock) else None
    app = served.app if isinstance(served, Mock | Worlds) else served
    problem, vendor_host = (mock.problem, mock.vendor_host) if mock else (error_body, "")
    return Server(around(app) if around else app, host, port, _authority(tls), problem, vendor_host)


def _authority(tls: Path | Authority | None) -> Authority | None:
    if tls is None:
        return None
    from robowire_mocks.core.tls import Authority  # brings cryptography

    return tls if isinstance(tls, Authority) else Authority(tls)
