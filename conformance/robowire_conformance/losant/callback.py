"""Receiving the notice of an export: a server of our own that keeps what is posted to it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from robowire_conformance.target import Target

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_NOTICE = 64 * 1024
PATIENCE_S = 10.0
ELSEWHERE = "https://example.com/robowire"
"""Given as callbackUrl where no notice can be received; the name is reserved for examples."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and the host that the target is told; without a host no notice can be received."""

    host: str = ""
    port: int = 0
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it came: its method, path and body."""

    method: str
    path: str
    body: bytes


def callback_address(target: Target) -> Address:
    """The address of the target profile (`callback_host`, `callback_port`); on loopback if the target is."""
    host = str(target.values.get("callback_host", ""))
    if not host and urlsplit(target.url).hostname in LOOPBACK:
        host = "127.0.0.1"
    port = int(target.values.get("callback_port", 0))
    return Address("127.0.0.1" if host in LOOPBACK else "0.0.0.0" if host else "", port, host)  # noqa: S104  # asked for


class Listener:
    """Keeps the notices that come, by the name in their path."""

    def __init__(self, address: Address, port: int) -> None:
        self._address = address
        self._port = port
        self._notices: list[Notice] = []
        self._arrived = threading.Condition()

    @classmethod
    @contextmanager
    def open(cls, address: Address) -> Iterator["Listener"]:
        """Listen until the end of the context."""
        if not address.host:
            yield cls(address, 0)
            return
        server = ThreadingHTTPServer((address.host, address.port), _Handler)
        server.daemon_threads = True
        listener = cls(address, server.server_address[1])
        server.keep = listener.keep  # type: ignore[attr-defined]  # the handler finds its listener there
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    @property
    def hears(self) -> bool:
        """Whether notices can be received."""
        return self._port > 0

    def url(self, name: str) -> str:
        """The address for notices of one export."""
        return f"http://{self._address.shown}:{self._port}/{name}" if self.hears else f"{ELSEWHERE}/{name}"

    def keep(self, notice: Notice) -> None:
        """Take in a notice."""
        with self._arrived:
            self._notices.append(notice)
            self._arrived.notify_all()

    def wait(self, name: str, known: int = 0, patience_s: float = PATIENCE_S) -> list[Notice]:
        """The notices of an export, once there are more than are known; the known ones if no other comes in time."""
        until = time.monotonic() + patience_s
        with self._arrived:
            while len(found := self._of(name)) <= known and (left := until - time.monotonic()) > 0:
                self._arrived.wait(left)
        return found

    def _of(self, name: str) -> list[Notice]:
        return [one for one in self._notices if one.path.partition("?")[0] == f"/{name}"]


class _Handler(BaseHTTPRequestHandler):
    """Answers every request 200 and passes it on."""

    timeout = PATIENCE_S

    def _receive(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, LONGEST_NOTICE))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        self.server.keep(Notice(self.command, self.path, body))  # type: ignore[attr-defined]  # set when it is made

    do_POST = do_PUT = do_GET = _receive  # noqa: N815  # the names that the standard library calls

    def log_message(self, *_: object) -> None:
        """Stay silent."""
