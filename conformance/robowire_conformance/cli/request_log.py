"""The log of `robowire serve`: a line on stderr for each request, with what the mocks' journals know of it.

What only looks at the controls is left out.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from threading import local
from typing import TYPE_CHECKING, Any

import click
from robowire_mocks.core.control import is_control
from robowire_mocks.core.worlds import WORLD

from robowire_conformance.evidence import printable

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication

    from robowire_mocks.core.entry import Entry
    from robowire_mocks.core.mock import Mock


class RequestLog:
    """Writes the lines of one server; `label` heads each of them, if there are several servers."""

    def __init__(self, label: str = "") -> None:
        self._label = label
        self._heard = local()  # an entry is told in the thread that answers

    def listen(self, world: str, mock: "Mock[Any]") -> None:  # noqa: ARG002  # worlds tell their names
        """Listen to the journal of a world that is served."""
        mock.journal.listeners.append(self._hear)

    def around(self, app: "WSGIApplication") -> "WSGIApplication":
        """The application, whose requests are logged."""

        def answer(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
            line = _Line(environ)
            self._heard.entry = None

            def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:  # PEP 3333
                line.status = status[:3]
                return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

            return _Counted(app(environ, start), lambda size: self._write(line, size))

        return answer

    def _hear(self, entry: "Entry") -> None:
        self._heard.entry = entry

    def _write(self, line: "_Line", size: int) -> None:
        if _looks_on(line):
            return
        world = line.environ.get(WORLD)
        place = f"{self._label}@{world}" if world else self._label
        about = _about(getattr(self._heard, "entry", None))
        parts = (time.strftime("%H:%M:%S"), place, line.text(size), about)
        click.echo(printable(" ".join(filter(None, parts))).replace("\n", "\\n"), err=True)  # a line each


class _Line:
    """What is known of a request from outside: the request, its status, and how long it took."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.status = "-"
        self._request = _request_text(environ)  # before the path is changed on its way to a world
        self._begun = time.perf_counter()

    def text(self, size: int) -> str:
        """Request, status, bytes of the body, milliseconds."""
        spent = (time.perf_counter() - self._begun) * 1000
        return f"{self._request} {self.status} {size} B {spent:.1f} ms"


def _looks_on(line: "_Line") -> bool:
    """Whether a request only read from the controls, as a page that is open does again and again."""
    environ = line.environ
    return environ["REQUEST_METHOD"] == "GET" and is_control(environ.get("PATH_INFO", "")) and line.status == "200"


def _about(entry: "Entry | None") -> str:
    """The operation, the fault that was met, and what the document does not have; nothing of the controls."""
    if entry is None:
        return ""
    fault = f"fault={entry.fault}" if entry.fault else ""
    hint = f"({entry.hint})" if entry.hint else ""
    return " ".join(filter(None, (entry.operation, "cut off" if entry.cut else "", fault, hint)))


class _Counted:
    """A response's body, counted; `over` is told its size when it ends."""

    def __init__(self, body: Iterable[bytes], over: Any) -> None:
        self._body = body
        self._over = over
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            self._size += len(part)
            yield part

    def close(self) -> None:
        """Close the body and tell."""
        close = getattr(self._body, "close", None)
        try:
            if close is not None:
                close()
        finally:
            self._over(self._size)


def _request_text(environ: Mapping[str, Any]) -> str:
    query = environ.get("QUERY_STRING", "")
    path = environ.get("REQUEST_URI") or environ["PATH_INFO"] + (f"?{query}" if query else "")
    return f"{environ['REQUEST_METHOD']} {path}"
