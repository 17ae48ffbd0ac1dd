"""What every mock is: an application, its state, and the handles by which tests move both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, Self, TypeVar

from robowire_mocks.core.answer import error_body
from robowire_mocks.core.documented import Documented
from robowire_mocks.core.faults import Faults
from robowire_mocks.core.journal import Journal
from robowire_mocks.core.steps import wrap
from robowire_mocks.deviations import find

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from wsgiref.types import WSGIApplication

    from _typeshed import DataclassInstance
    from flask import Flask

    from robowire_mocks.core.answer import Problem
    from robowire_mocks.core.app import App
    from robowire_mocks.core.clock import Clock
    from robowire_mocks.core.entry import Entry

S = TypeVar("S", bound="DataclassInstance")


class Layer(Protocol):
    """What stands between a mock's clients and the API: it sees each request that is not the controls'."""

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """The application that a request meets before it meets `app`."""


class Mock(ABC, Generic[S]):
    """One API's mock.

    `api` names it, `url_path` is what follows host and port in its base URL, `clock` the time that it lives in, `steps`
    what it does on the way to an answer, `problem` how its errors are written, `vendor_host` where the API itself is
    found, for clients that know no other place. `journal` has the requests that came, `faults` are what goes wrong on
    purpose, `control` tells whether the controls are served, `layers` are what stands around the API, from outside in.
    """

    api: ClassVar[str]
    url_path: ClassVar[str] = ""
    vendor_host: ClassVar[str] = ""
    problem: Problem = staticmethod(error_body)

    def __init__(self, clock: Clock, honest: S, *, control: bool = True) -> None:
        self.control = control
        self.clock = clock
        documented = Documented(self.api)
        self.journal = Journal(clock.now, documented)
        self.faults = Faults(documented, self.problem)
        self.layers: tuple[Layer, ...] = (self.journal, self.faults)
        self.steps: S = honest
        self._honest = honest
        self._deviations: tuple[str, ...] = ()

    @staticmethod
    @abstractmethod
    def add_routes(app: Flask) -> None:
        """Serve the API in `app`; which mock answers is known at each request (`the_mock`)."""

    @cached_property
    def app(self) -> App:
        """The WSGI application."""
        from robowire_mocks.core.app import App  # which knows mocks

        return App(self)

    @property
    def requests(self) -> list[Entry]:
        """The requests that came, oldest first."""
        return self.journal.entries()

    @property
    def deviations(self) -> tuple[str, ...]:
        """The ids of the deviations that are active."""
        return self._deviations

    def deviate(self, *ids: str) -> None:
        """Break what these deviations break and nothing else; without ids, behave as documented.

        Raises:
            UnknownDeviation: There is no such deviation; nothing changes.
        """
        steps = self._honest
        for deviation in [find(self.api, deviation_id) for deviation_id in ids]:
            steps = wrap(steps, deviation.step, deviation.wrapper)
        self.steps, self._deviations = steps, ids

    def reset(self) -> None:
        """Bring clock and state back to the start, and forget requests and faults; deviations stay."""
        self.faults.clear()
        self.clock.reset()
        self._reset_state()
        self.journal.clear()

    @property
    def readings(self) -> Mapping[str, Callable[[], Any]]:
        """What the controls show besides: name to a function that gives a JSON value."""
        return {}

    @property
    def actions(self) -> Mapping[str, Callable[[dict[str, Any]], Any]]:
        """What the controls do besides: name to a function of the JSON object that was sent.

        What it gives is the answer, the mock's state if it is None; a ValueError is answered 400 with its text.
        """
        return {}

    @abstractmethod
    def _reset_state(self) -> None:
        """Bring what the mock holds back to the start."""

    @abstractmethod
    def close(self) -> None:
        """Remove what the mock keeps in temporary folders."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
