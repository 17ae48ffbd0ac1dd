"""States of a mock that were given names, to come back to."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.clock import ClockState

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock

LONGEST: int = 100
"""Characters that a name may have."""


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
        self._saved: dict[str, Moment] = {}

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
            self._saved.pop(name, None)
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
        self._find(name)
        with self._lock:
            self._saved.pop(name, None)

    def take_over(self, other: Snapshots) -> None:
        """Have those of another mock too."""
        with other._lock, self._lock:
            self._saved |= other._saved

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._saved.clear()

    def _find(self, name: str) -> Moment:
        with self._lock:
            moment = self._saved.get(name)
            names = ", ".join(self._saved)
        if moment is None:
            raise UnknownSnapshot(f"no snapshot is called {name[:LONGEST]!r}; there are: {names or 'none'}")
        return moment
