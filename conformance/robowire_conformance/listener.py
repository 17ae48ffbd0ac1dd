"""Receiving what a target sends of its own accord: a small server of ours that keeps what comes."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_NOTICE = 64 * 1024
MOST_NOTICES = 10_000
PATIENCE_S = 10.0
ELSEWHERE = "https://example.com/robowire"
"""An address to give where nothing can be received; the name is reserved for examples."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and the host that the target is told; without a host nothing can be received."""

    host: str = ""
    port: int = 0
    shown: str = ""


def listening_at(shown: str, port: int) -> Address:
    """The address for a host that the target is told: on loopback if it is there, or else on all interfaces."""
    return Address("127.0.0.1" if shown in LOOPBACK else "0.0.0.0" if shown else "", port, shown)  # noqa: S104  # asked for


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as it came."""

    method: str
    path: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Listener:
    """Keeps the notices that come; those of one sender can be told by a name in their path."""

    def __init__(self, address: Address, port: int) -> None:
        self._address = address
        self._port = port
        self._notices: list[Notice] = []
        self._arrived = threading.Condition()

    @classmethod
    @contextmanager
    def open(cls, address: Address) -> Iterator["Listener"]:
        """Listen until the end of the context.

        Raises:
            OSError: The port is taken.
        """
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
        """The address for notices with a name."""
        return f"http://{self._address.shown}:{self._port}/{name}" if self.hears else f"{ELSEWHERE}/{name}"

    def keep(self, notice: Notice) -> None:
        """Take in a notice, up to a bound."""
        with self._arrived:
            if len(self._notices) < MOST_NOTICES:
                self._notices.append(notice)
            self._arrived.notify_all()

    def wait(self, name: str, known: int = 0, patience_s: float = PATIENCE_S) -> list[Notice]:
        """The notices with a name, once there are more than are known; the known ones if no other comes in time."""
        found: list[Notice] = []

        def more(notices: Sequence[Notice]) -> bool:
            found[:] = [one for one in notices if one.path.partition("?")[0] == f"/{name}"]
            return len(found) > known

        self.wait_until(more, patience_s)
        return found

    def wait_until(self, enough: Callable[[Sequence[Notice]], bool], patience_s: float = PATIENCE_S) -> list[Notice]:
        """All notices so far, as soon as they are enough, or when patience is at its end."""
        until = time.monotonic() + patience_s
        with self._arrived:
            while not enough(self._notices) and (left := until - time.monotonic()) > 0:
                self._arrived.wait(left)
            return list(self._notices)


class _Handler(BaseHTTPRequestHandler):
    """Answers every request 200 and passes it on."""

    timeout = PATIENCE_S

    def _receive(self) -> None:
        body = self._body()
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        notice = Notice(self.command, self.path, body, dict(self.headers))
        self.server.keep(notice)  # type: ignore[attr-defined]  # set when it is made

    def _body(self) -> bytes:
        """The body, up to a bound, whole or in chunks."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST_NOTICE))
        body = b""
        while (size := int(self.rfile.readline(32).partition(b";")[0] or b"0", 16)) and len(body) < LONGEST_NOTICE:
            body += self.rfile.read(min(size, LONGEST_NOTICE))
            self.rfile.readline(8)
        return body

    do_POST = do_PUT = do_GET = _receive  # noqa: N815  # the names that the standard library calls

    def log_message(self, *_: object) -> None:
        """Stay silent."""
