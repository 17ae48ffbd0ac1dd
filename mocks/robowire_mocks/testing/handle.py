"""A mock in the hands of a test: where it is, what it holds, what it was asked, and what can be done to it."""

from __future__ import annotations

from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from robowire_mocks.deviations import find
from robowire_mocks.testing.stock import stock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIEnvironment

    from robowire_mocks.core.clock import Clock
    from robowire_mocks.core.entry import Entry
    from robowire_mocks.core.faults import Faults
    from robowire_mocks.core.journal import Journal
    from robowire_mocks.core.mock import Mock, Source
    from robowire_mocks.core.snapshots import Snapshots

M = TypeVar("M", bound="Mock[Any]")

_FOUNDING = RLock()  # held while a mock is founded, and those that share a world with it
_TOLD = 20  # requests that are told of a test that failed
_BODY = 300  # characters of what was answered to them, where it is an error


class MockHandle(Generic[M]):
    """The mock of one API in one test.

    The mock itself is founded when it is first needed, so that it lives in the time that the test has by then; `found`
    sees to that, and may found others with it.
    What it has beyond what is named here, such as `imports` and `webhooks` of Foxglove's, can be reached here too.

    Raises:
        WorldError: The world is not there, or says something wrong.
        UnknownDeviation: There is no such deviation.
    """

    def __init__(
        self,
        api: str,
        where: Callable[[], str],
        *,
        world: Source | None = None,
        deviate: Iterable[str] = (),
        ca_file: Callable[[], Path | None] = lambda: None,
        found: Callable[[MockHandle[Any]], object] = lambda handle: handle.found(),
    ) -> None:
        self.api = api
        self._where, self._ca_file = where, ca_file
        self.asked_world, self._deviate = world, tuple(deviate)
        self._kind = stock().kind(api, world)
        self._mock: M | None = None
        self._found = found
        for deviation_id in self._deviate:
            find(api, deviation_id)

    @property
    def mock(self) -> M:
        """The mock."""
        with _FOUNDING:
            if self._mock is None:
                self._found(self)
            assert self._mock is not None
            return self._mock

    def found(self) -> M:
        """Make the mock."""
        founded: M = stock().fresh(self.api, self.asked_world)  # type: ignore[assignment]  # the API says which it is
        founded.deviate(*self._deviate)
        self._mock = founded
        return founded

    def app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The mock as a WSGI application."""
        return self.mock.app(environ, start_response)

    @property
    def origin(self) -> str:
        """Scheme, host and port under which it is reached, without a slash at the end."""
        return self._where()

    @property
    def url(self) -> str:
        """The API's base URL, such as `http://127.0.0.1:40001/v1`, without a slash at the end."""
        return f"{self.origin}{self._kind.url_path}"

    @property
    def ca_file(self) -> Path | None:
        """The certificate that clients must trust; None without TLS."""
        return self._ca_file()

    @property
    def token(self) -> str:
        """A credential of the world that may do everything, or else the world's first; empty, if the API has none."""
        return self.mock.token

    @property
    def world(self) -> Any:
        """What the mock started from, as the world's file says it."""
        return self.mock.world

    @property
    def requests(self) -> list[Entry]:
        """What was asked, and what was answered, oldest first."""
        return self.mock.requests

    @property
    def journal(self) -> Journal:
        """The same, to be searched, waited for and asserted on."""
        return self.mock.journal

    @property
    def clock(self) -> Clock:
        """The time that the mock lives in."""
        return self.mock.clock

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose."""
        return self.mock.faults

    @property
    def snapshots(self) -> Snapshots:
        """States that were kept under a name."""
        return self.mock.snapshots

    @property
    def transport(self) -> Any:
        """A transport that leads here, whatever the host, for `httpx.Client` and `httpx.AsyncClient`."""
        from robowire_mocks.in_process import transport

        return transport(self.mock)

    def deviate(self, *ids: str) -> None:
        """Break what these deviations break and nothing else; without ids, behave as documented.

        Raises:
            UnknownDeviation: There is no such deviation; nothing changes.
        """
        self.mock.deviate(*ids)

    def reset(self) -> None:
        """Bring the mock back to its start, and forget requests and faults."""
        self.mock.reset()

    def load(self, world: Source) -> None:
        """Start anew from another world.

        Raises:
            WorldError: The world is not there, or says something wrong.
        """
        self.mock.load(world)

    def reading(self, name: str) -> Any:
        """What the control of this name shows, such as `outbox` of Losant's mock.

        Raises:
            ValueError: There is none of this name.
        """
        return _named(self.mock.readings, name)()

    def act(self, name: str, **body: Any) -> Any:
        """Have the control of this name do something, such as `rate` of Foxglove's mock.

        Raises:
            ValueError: There is none of this name, or it cannot do that.
        """
        return _named(self.mock.actions, name)(body)

    @property
    def is_founded(self) -> bool:
        """Whether the mock was needed."""
        return self._mock is not None

    def told(self) -> str:
        """The last requests, one a line, with what was answered where that was an error; empty if there are none."""
        if self._mock is None:
            return ""
        entries = self._mock.journal.entries()
        lines = [f"({len(entries) - _TOLD} earlier ones)"] if len(entries) > _TOLD else []
        for entry in entries[-_TOLD:]:
            lines.append(str(entry))
            if entry.status >= 400:
                lines.append(f"    {entry.answer_body[:_BODY].decode(errors='replace')}")
        return "\n".join(lines)

    def note(self, error: Exception) -> None:
        """Add the last requests, if there are any, to what is told of an error."""
        told = self.told()
        if told:
            error.add_note(f"robowire requests ({self.api}):\n{told}")

    def close(self) -> None:
        """Remove what the mock holds."""
        if self._mock is not None:
            self._mock.close()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return getattr(self.mock, name)

    def __repr__(self) -> str:
        return f"<the mock of {self.api} in a test>"


def _named(controls: Mapping[str, Callable[..., Any]], name: str) -> Callable[..., Any]:
    if name not in controls:
        raise ValueError(f"no control is called {name!r}; there are: {', '.join(controls) or 'none'}")
    return controls[name]
