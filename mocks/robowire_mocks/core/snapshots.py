"""States of a mock that were given names, to come back to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.clock import ClockState
from robowire_mocks.core.database import Database
from robowire_mocks.core.shelf import Shelf
from robowire_mocks.core.thawing import Strange, freeze, thaw

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock
    from robowire_mocks.core.shelf import Held

LONGEST: int = 100
"""Characters that a name may have."""

_KIND, _HELD = "snapshots", "files of snapshots"  # what is kept


@dataclass(frozen=True, slots=True)
class Moment:
    """What a mock was at one moment: its clock, what its world was read from, and its state as its API takes it.

    Nothing of it ever changes. The source is None where it is not known.
    """

    clock: ClockState
    source: Any
    state: Any


class UnknownSnapshot(ValueError):  # noqa: N818  # named for what happened, as the other errors of a person's command
    """No snapshot has this name; the text is one sentence for the person who asked for it."""


class Snapshots:
    """The snapshots of one mock, by name."""

    def __init__(self, mock: Mock[Any]) -> None:
        self._mock = mock
        self._lock = Lock()
        self._database = Database()
        self._shelf = Shelf(None, "snapshots")
        self._saved: dict[str, Moment | bytes] = {}  # bytes, until somebody asks for what an earlier process kept
        self._held: dict[str, list[Held]] = {}  # by those that outlive the process

    def keep_in(self, database: Database, shelf: Shelf) -> None:
        """Have those that an earlier process kept, and keep those to come; the files that they hold lie on `shelf`.

        To be called before files are swept away that nobody holds.
        """
        self._database, self._shelf = database, shelf
        for name, raw in database.rows(_KIND):
            self._saved[name] = raw
        for name, places in database.rows(_HELD):
            self._held[name] = [shelf.at(place) for place in places if shelf.has(place)]
            _pin(self._held[name])

    def names(self) -> list[str]:
        """Their names, the oldest first."""
        with self._lock:
            return list(self._saved)

    def save(self, name: str) -> None:
        """Save the state as it is, in the place of an older one with this name.

        Raises:
            ValueError: The name is empty or too long.
        """
        if not 0 < len(name) <= LONGEST:
            raise ValueError(f"a snapshot's name has from 1 to {LONGEST} characters")
        moment = self._mock.take()
        with self._lock:
            self._forget(name)
            self._keep(name, moment)
            self._saved[name] = moment

    def restore(self, name: str) -> None:
        """Go back to a state, its clock included; requests, faults and deviations stay as they are.

        Raises:
            UnknownSnapshot: There is none of this name.
        """
        self._mock.put_back(self._find(name))

    def remove(self, name: str) -> None:
        """Forget a state.

        Raises:
            UnknownSnapshot: There is none of this name.
        """
        with self._lock:
            self._known(name)
            self._forget(name)

    def take_over(self, other: Snapshots) -> None:
        """Have those of another mock too."""
        with other._lock, self._lock:
            self._saved |= other._saved

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            for name in list(self._saved):
                self._forget(name)

    def _find(self, name: str) -> Moment:
        with self._lock:
            moment = self._known(name)
            if isinstance(moment, bytes):
                moment = self._saved[name] = self._thawed(name, moment)
        return moment

    def _known(self, name: str) -> Moment | bytes:
        if name not in self._saved:
            names = ", ".join(self._saved)
            raise UnknownSnapshot(f"no snapshot is called {name[:LONGEST]!r}; there are: {names or 'none'}")
        return self._saved[name]

    def _thawed(self, name: str, raw: bytes) -> Moment:
        try:
            moment: Moment = thaw(raw, self._shelf)
        except Strange as error:
            raise UnknownSnapshot(f"the snapshot {name!r} was saved by another version of robowire: {error}") from error
        return moment

    def _keep(self, name: str, moment: Moment) -> None:
        """Let it outlive the process, and its files with it."""
        if self._database.keeps:
            raw, held = freeze(moment, self._shelf)
            _pin(held)
            self._held[name] = held
            with self._database as database:
                database.put(_KIND, name, raw)
                database.put(_HELD, name, [self._shelf.place(one) for one in held])

    def _forget(self, name: str) -> None:
        """Have it no more; its files may go when that is kept."""
        self._saved.pop(name, None)
        held = self._held.pop(name, [])
        with self._database as database:
            database.remove(_KIND, name)
            database.remove(_HELD, name)
            database.afterwards(partial(_unpin, held))


def _pin(held: list[Held]) -> None:
    for one in held:
        one.pin()


def _unpin(held: list[Held]) -> None:
    for one in held:
        one.unpin()
