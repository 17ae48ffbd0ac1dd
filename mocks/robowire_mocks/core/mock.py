"""What every mock is: an application, its state, and the handles by which tests move both."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, Self, TypeAlias, TypedDict, TypeVar

from robowire_mocks.core.answer import error_body
from robowire_mocks.core.documented import documented
from robowire_mocks.core.faults import Faults
from robowire_mocks.core.journal import Journal
from robowire_mocks.core.keeping import database_of, keep_source, kept_clock
from robowire_mocks.core.snapshots import Moment, Snapshots
from robowire_mocks.core.steps import wrap
from robowire_mocks.deviations import find

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from wsgiref.types import WSGIApplication

    from _typeshed import DataclassInstance
    from flask import Flask

    from robowire_mocks.core.answer import Problem
    from robowire_mocks.core.app import App
    from robowire_mocks.core.clock import ClockState
    from robowire_mocks.core.database import Database
    from robowire_mocks.core.entry import Entry

S = TypeVar("S", bound="DataclassInstance")

Source: TypeAlias = "str | Path | Mapping[str, Any]"
"""What a world is read from: the name of one that comes along, a file, or what a file holds, as a table."""

STALE_S: float = 3600.0
"""How old the start of a mock in real time may be: what its world says relative to the present is then made anew."""


class Making(TypedDict, total=False):
    """How a mock of any API is made, besides what its world and its folder say: what `Mock` takes by name."""

    control: bool
    source: Source | None
    database: Database | None


class Layer(Protocol):
    """What stands between a mock's clients and the API: it sees each request that is not the controls'."""

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """The application that a request meets before it meets `app`."""


class Mock(ABC, Generic[S]):
    """One API's mock.

    `api` names it, `url_path` is what follows host and port in its base URL, `clock` the time that it lives in, `steps`
    what it does on the way to an answer, `problem` how its errors are written, `vendor_host` where the API itself is
    found, for clients that know no other place, `usual_address` the URL of where it is. `journal` has the requests that
    came, `faults` are what goes wrong on purpose, `snapshots` the states that were given names. `control` tells whether
    the controls are served, `layers` are what stands around the API, from outside in. `source` is what the world was
    read from, None if nobody said; `start` is what `reset` comes back to, `database` what outlives the process.
    """

    api: ClassVar[str]
    url_path: ClassVar[str] = ""
    vendor_host: ClassVar[str] = ""
    usual_address: ClassVar[str] = ""
    problem: Problem = staticmethod(error_body)

    def __init__(
        self,
        begun: ClockState,
        honest: S,
        data_dir: Path | None,
        *,
        control: bool = True,
        source: Source | None = None,
        database: Database | None = None,
    ) -> None:
        """Begin to make it: `begun` is what its clock tells first, `honest` are the steps, `data_dir` where it is kept.

        Raises:
            WorldError: The data folder cannot be used.
        """
        self.control = control
        self.source = source
        self.database = database or database_of(self.api, data_dir)
        self.clock = kept_clock(self.database, begun)
        self.journal = Journal(self.clock.now, documented(self.api))
        self.faults = Faults(self.journal.documented, self.problem)
        self.layers: tuple[Layer, ...] = (self.journal, self.faults)
        self.steps: S = honest
        self._honest = honest
        self._deviations: tuple[str, ...] = ()
        self.snapshots = Snapshots(self)
        self.start: Moment | None = None  # unknown where an earlier process made what is here
        self.founded_at: float | None = None  # in real time, if the start is that of a world

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
    def token(self) -> str:
        """A credential that may do everything, or else the world's first; empty, if the API knows none."""
        return ""

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

    def take(self) -> Moment:
        """What the mock is now: clock and state, for `put_back`, here or in a fork. It costs next to nothing."""
        return Moment(self.clock.take(), self.source, self._take())

    def put_back(self, moment: Moment) -> None:
        """Be what this mock, or one that it is a fork of, was at a moment."""
        self.clock.put_back(moment.clock)
        before, self.source = self.source, moment.source
        self._put_back(moment.state)
        if moment.source is not before:
            keep_source(self.database, moment.source)

    def reset(self) -> None:
        """Bring clock and state back to the start, and forget requests and faults; deviations and snapshots stay.

        The start is the world; for a fork, what it was made of. A world whose times are relative to a present that is
        long past, or to come, is made anew.
        """
        self.faults.clear()
        if self.start is not None:
            self.put_back(self.start)
        if self.start is None or self._is_stale():
            self._load(self._again(), self.source)
        self.journal.clear()

    def load(self, world: Source) -> None:
        """Start from another world.

        `reset` comes back to it from now on. Requests and faults are forgotten; deviations and snapshots stay.

        Raises:
            WorldError: The world is not there or says something wrong; nothing changes.
        """
        self._load(self._read(world), world)
        self.faults.clear()
        self.journal.clear()

    def fork(self) -> Self:
        """Another mock that is as this one is now, with its snapshots and deviations; both share what neither changes.

        It keeps nothing when the process ends. Its journal is empty, and it has no faults.
        """
        moment = self.take()
        fork = self._beside()
        try:
            fork.put_back(moment)
        except BaseException:
            fork.close()
            raise
        fork.start = moment
        fork.deviate(*self.deviations)
        fork.snapshots.take_over(self.snapshots)
        return fork

    def recorded(self) -> Sequence[Path]:
        """The bags that the robot has at this moment, if the API is that of a robot."""
        return ()

    def robot_has(self, bags: Sequence[Path]) -> None:
        """What it means to the API that the robot of its world has these bags; nothing, unless it says otherwise."""

    def knows(self, authorization: str) -> bool:  # noqa: ARG002  # for APIs that have credentials
        """Whether the value of an Authorization header is a credential of the mock's own."""
        return False

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

    @property
    @abstractmethod
    def world(self) -> Any:  # what an API makes of a world file
        """The world that the state began with."""

    @abstractmethod
    def close(self) -> None:
        """Remove what the mock keeps in temporary folders; its forks are mocks of their own."""

    @abstractmethod
    def _take(self) -> Any:  # what an API holds
        """The state as it is now; it never changes, and shares what can be shared."""

    @abstractmethod
    def _put_back(self, state: Any) -> None:
        """Have the state that this mock, or one beside it, had."""

    @abstractmethod
    def _read(self, world: Source) -> Any:
        """What the API makes of a world; raises WorldError."""

    @abstractmethod
    def _beside(self, world: Any = None) -> Self:
        """Another mock whose files lie where this one's do: of a world, or without one, empty. It outlives nothing."""

    def _begun(self, state: Any) -> None:
        """This is the state that was made of the world: reset comes back to it."""
        self.start = Moment(self.clock.beginning, self.source, state)
        self.founded_at = time.time()

    def _again(self) -> Any:
        """The world, where what it says relative to the present is relative to the present of now."""
        return self.world

    def _load(self, world: Any, source: Source | None) -> None:
        """Be as the world is; it is made whole before anything changes."""
        with self._beside(world) as other:
            assert other.start is not None
            self.start = replace(other.start, source=source)
            self.founded_at = other.founded_at
        self.put_back(self.start)

    def _is_stale(self) -> bool:
        """Whether the start is that of a world in real time that is another one by now."""
        assert self.start is not None
        follows = self.start.clock.at is None and self.founded_at is not None
        return follows and not 0 <= time.time() - (self.founded_at or 0) < STALE_S

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
