"""Listening to a request and its answer while they pass by, whatever their length: only their beginnings are kept."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from robowire_mocks.core.entry import KEPT, Entry, Headers, redacted
from robowire_mocks.core.matching import path_of, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from robowire_mocks.core.documented import Documented

FAULT: str = "robowire.fault"
"""The name under which a request's WSGI environment has the id of the fault that it met."""

_CLOCKS = (perf_counter,)  # kept where freezegun, which freezes names of modules, leaves it alone
_OF_A_BODY = frozenset({"Content-Type", "Content-Length"})
_ROUTED = "werkzeug.request"  # Flask's request, which knows the rule that it was found by


class Notes(Protocol):
    """Where entries go."""

    documented: Documented

    def now(self) -> float:
        """The mock's time."""

    def add(self, make: Callable[[int], Entry], era: int) -> Entry | None:
        """Note an entry, made with its number."""

    def replace(self, entry: Entry, changed: Entry) -> None:
        """Put an entry in the place of another."""


def _real_s() -> float:
    """Real time in seconds, whatever is frozen."""
    return _CLOCKS[0]()


class _Kept:
    """The beginning of a body, and its size."""

    def __init__(self) -> None:
        self.size = 0
        self._blocks: list[bytes] = []

    def add(self, block: bytes) -> None:
        if self.size < KEPT:
            self._blocks.append(block[: KEPT - self.size])
        self.size += len(block)

    def start(self) -> bytes:
        return b"".join(self._blocks)


class _Input:
    """A request's body, overheard as it is read."""

    def __init__(self, source: Any, kept: _Kept) -> None:
        self._source = source
        self._kept = kept

    def read(self, size: int = -1) -> bytes:
        return self._heard(self._source.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._heard(self._source.readline(size))

    def readinto(self, buffer: Any) -> int:
        block = self.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def readlines(self, hint: int = -1) -> list[bytes]:
        return [self._heard(line) for line in self._source.readlines(hint)]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def close(self) -> None:
        """Nothing: it belongs to the server."""

    def _heard(self, block: bytes) -> bytes:
        self._kept.add(block)
        return block


class Tap:
    """The answer of `app`, handed on block by block, and noted when its last byte is about to be.

    The first block is made at once: what fits in one is noted before the server has it.
    """

    def __init__(
        self, notes: Notes, era: int, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> None:
        self._notes = notes
        self._era = era
        self._environ = environ
        self._at, self._started = notes.now(), _real_s()
        self._start_response = start_response
        self._status = 0
        self._headers: list[tuple[str, str]] = []
        self._length: int | None = None
        self._asked, self._answered = _Kept(), _Kept()
        self._entry: Entry | None = None
        self._noted = self._over = False
        self._first: bytes | None = None
        self._error: BaseException | None = None
        if environ.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"] = _Input(environ["wsgi.input"], self._asked)
        try:
            self._answer = app(environ, self._start)
        except BaseException:
            self._note(cut=True)
            raise
        self._blocks = iter(self._answer)
        try:
            self._first = self._take()
        except StopIteration:
            pass
        except BaseException as error:  # noqa: BLE001  # it is raised where the server expects it
            self._error = error

    def __iter__(self) -> Tap:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            block, self._first = self._first, None
            return block
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        if self._over:
            raise StopIteration
        return self._take()

    def close(self) -> None:
        """Close what gives the answer; if that is not over, the client went away."""
        if hasattr(self._answer, "close"):
            self._answer.close()
        if not self._noted:
            self._note(cut=True)

    def _start(
        self,
        status: str,
        headers: list[tuple[str, str]],
        error: tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None = None,
        /,
    ) -> Callable[[bytes], object]:
        self._status, self._headers = int(status[:3]), headers
        for name, value in headers:
            if name.lower() == "content-length":
                self._length = int(value)
        return self._start_response(status, headers) if error is None else self._start_response(status, headers, error)

    def _take(self) -> bytes:
        try:
            block = next(self._blocks)
        except StopIteration:
            self._over = True
            self._note(cut=False)
            raise
        except BaseException:
            self._over = True
            self._note(cut=True)
            raise
        self._answered.add(block)
        if self._length is not None and self._answered.size >= self._length:
            self._note(cut=False)
        return block

    def _note(self, *, cut: bool) -> None:
        """Note the answer; or, if it was noted before it was cut, that it was."""
        if not self._noted:
            self._noted = True
            self._entry = self._notes.add(lambda number: self._made(number, cut=cut), self._era)
        elif cut and self._entry is not None:
            self._notes.replace(self._entry, replace(self._entry, cut=True, answer_size=self._answered.size))

    def _made(self, number: int, *, cut: bool) -> Entry:
        environ = self._environ
        rule = getattr(environ.get(_ROUTED), "url_rule", None)
        return Entry(
            number=number,
            at=self._at,
            answered_at=self._notes.now(),
            method=environ["REQUEST_METHOD"],
            path=path_of(environ),
            target=target_of(environ),
            query=environ.get("QUERY_STRING", ""),
            headers=Headers(tuple(_headers(environ))),
            body=self._asked.start(),
            body_size=self._asked.size,
            status=self._status,
            answer_headers=Headers(tuple(self._headers)),
            answer_body=self._answered.start(),
            answer_size=self._answered.size,
            fault=environ.get(FAULT),
            duration_ms=(_real_s() - self._started) * 1000,
            cut=cut,
            route=None if rule is None else rule.rule,
            documented=self._notes.documented,
        )


def _headers(environ: WSGIEnvironment) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        name = _header_name(key)
        if name and (value or name not in _OF_A_BODY):
            yield name, redacted(name, value)


@lru_cache(1024)
def _header_name(key: str) -> str:
    """The header that a WSGI variable stands for, or an empty string."""
    name = key.removeprefix("HTTP_").replace("_", "-").title()
    return name if key.startswith("HTTP_") or name in _OF_A_BODY else ""
