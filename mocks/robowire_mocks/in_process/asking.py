"""A request to a WSGI application without a socket: what is sent is read as it is needed, and so is what comes back."""

from __future__ import annotations

import io
import sys
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from robowire_mocks.core.fault import Cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import WSGIApplication

T = TypeVar("T")

_PORTS = {"http": 80, "https": 443}
_BODILESS = {204, 304}
_SIMPLE = {"CONTENT_TYPE", "CONTENT_LENGTH"}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer whose body is still to be read; `close` ends it, read or not."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    parts: Parts

    @property
    def length(self) -> int | None:
        """The length that the headers promise, in bytes."""
        found = [value for name, value in self.headers if name.lower() == "content-length"]
        return int(found[0]) if found and found[0].isdecimal() else None


class Host:
    """What is asked: a WSGI application, of which it can be told at each request whether it may keep one waiting."""

    def __init__(self, app: WSGIApplication, waits: Callable[[], bool] = lambda: False) -> None:
        self._app, self._waits = app, waits

    def ask(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str | bytes, str | bytes]],
        body: Any,
        patience_s: float | None,
    ) -> Answered:
        """What the application answers; returns as soon as there is a part of the body.

        `body` is what clients take for one: nothing, text, bytes, a file, or parts of any of the two.

        Raises:
            TimeoutError: There was no sign of life for `patience_s` seconds; what was asked for is done all the same.
            ConnectionError: The answer was broken off before it began.
        """
        environ = _environment(method, urlsplit(url), headers)
        environ["wsgi.input"] = _readable(body)
        patience = Patience(patience_s) if patience_s and self._waits() else None
        return patience.have(lambda: self._begin(environ, patience)) if patience else self._begin(environ, None)

    def _begin(self, environ: dict[str, Any], patience: Patience | None) -> Answered:
        begun: list[Any] = []
        rest: list[bytes] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            begun[:] = [status, headers]
            return rest.append

        parts = Parts(self._app(environ, start_response), rest)
        try:
            parts.begin(begun)
        except BaseException:
            parts.close()
            raise
        status, _, reason = begun[0].partition(" ")
        answered = Answered(int(status), reason, list(begun[1]), parts)
        bodiless = environ["REQUEST_METHOD"] == "HEAD" or answered.status in _BODILESS
        parts.left = 0 if bodiless else answered.length  # what an answer has beyond its length, no client reads
        parts.patience = patience
        return answered


class Patience:
    """How long a client waits, in seconds: whatever lasts longer goes on in a thread of its own, and it goes away."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.lost = False

    def have(self, act: Callable[[], T]) -> T:
        """What `act` gives, or raises.

        Raises:
            TimeoutError: It lasts too long.
        """
        done: Future[T] = Future()

        def acting() -> None:
            try:
                done.set_result(act())
            except BaseException as error:  # noqa: BLE001  # raised where it is waited for
                done.set_exception(error)

        Thread(target=acting, name="robowire-in-process", daemon=True).start()
        try:
            return done.result(self._seconds)
        except TimeoutError:
            self.lost = not done.done()
            raise


def _environment(method: str, url: SplitResult, headers: Iterable[tuple[str | bytes, str | bytes]]) -> dict[str, Any]:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method.upper(),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(url.path or "/").decode("latin-1"),
        "QUERY_STRING": url.query,
        "REQUEST_URI": target,
        "SERVER_NAME": url.hostname or "localhost",
        "SERVER_PORT": str(url.port or _PORTS.get(url.scheme, 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": url.netloc.rpartition("@")[2],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    came: dict[str, list[str]] = {}
    for name, value in headers:
        came.setdefault(_text(name).upper().replace("-", "_"), []).append(_text(value))
    for name, values in came.items():
        environ[name if name in _SIMPLE else f"HTTP_{name}"] = ",".join(values)
    return environ


def _text(part: str | bytes) -> str:
    return part.decode("latin-1") if isinstance(part, bytes) else part


def _readable(body: Any) -> Any:
    if hasattr(body, "read"):
        # A file opened as text has no readinto that gives bytes; what else can be read gives them.
        return body if not isinstance(body, io.TextIOBase) else io.BytesIO(body.read().encode())
    if body is None or isinstance(body, str | bytes | bytearray | memoryview):
        return io.BytesIO(body.encode() if isinstance(body, str) else bytes(body or b""))
    return io.BufferedReader(Parts(_encoded(body)))


def _encoded(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    for part in parts:
        yield part.encode() if isinstance(part, str) else part


def _raise(error: Exception) -> NoReturn:
    raise error


class Parts(io.RawIOBase):
    """Parts of a body, to be read once, as a file or one by one; closing it closes what gives them.

    `first` are those that there are already; more may come into that list until the others are asked for. `left` are
    the bytes that may still come, if that is known; `patience` is how long they are waited for. A connection that is
    cut off amid a body whose length is known is its end, as on a socket: what is missing is for the client to notice.
    """

    def __init__(self, parts: Iterable[bytes], first: list[bytes] | None = None) -> None:
        self._source = parts
        self._next = iter(parts)
        self._first = first if first is not None else []
        self._rest = b""
        self.left: int | None = None
        self.patience: Patience | None = None

    def begin(self, begun: list[Any]) -> None:
        """Take as many parts as are due until the headers are there: an application may wait with them."""
        while not begun:
            part = next(self._next, None)
            if part is None:
                break
            self._first.append(part)
        if not begun:
            raise ConnectionAbortedError("the application ended without an answer")
        if not any(self._first):
            try:
                self._first.append(next(self._next, b""))  # so that what delays the first part delays the answer
            except Cut as cut:  # the head was sent
                self._next = map(_raise, (cut,))

    def __next__(self) -> bytes:
        if self.left == 0:
            raise StopIteration
        part = self._first.pop(0) if self._first else self._awaited()
        if self.left is not None:
            part = part[: self.left]
            self.left -= len(part)
        return part

    def _awaited(self) -> bytes:
        try:
            part = self.patience.have(self._following) if self.patience else self._following()
        except Cut:
            if self.left is None:
                raise
            part = None
        if part is None:
            raise StopIteration
        return part

    def _following(self) -> bytes | None:
        return next(self._next, None)

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:  # the stubs disagree on the type between versions of Python
        """Read what there is, as io.RawIOBase has it."""
        while not self._rest:
            try:
                self._rest = next(self)
            except StopIteration:
                return 0
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        """Close the file and its source."""
        if not self.closed and not (self.patience and self.patience.lost):
            close = getattr(self._source, "close", None)
            if close is not None:
                close()
        super().close()
