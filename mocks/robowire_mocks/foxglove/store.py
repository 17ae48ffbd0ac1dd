"""The rows of one resource, by id, in the order of their creation, with what is needed to find and sort them fast."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from robowire_mocks.core.database import Database


class Row(Protocol):
    """What a store holds: a frozen dataclass with an id."""

    @property
    def id(self) -> str:
        """What others refer to it by."""


R = TypeVar("R", bound=Row)

SortKey = Callable[[Any], Any]
"""From a row to what it is sorted by, or to None: it has nothing of the kind."""


class Ordered(Generic[R]):
    """Rows by what they are sorted by, ties by id; those that have it not come last, whichever way is asked for."""

    def __init__(self, rows: Iterable[R], key: SortKey) -> None:
        keyed = [(key(row), row.id, row) for row in rows]
        having = _sorted([one for one in keyed if one[0] is not None])
        lacking = sorted((one for one in keyed if one[0] is None), key=lambda one: one[1])
        self._having: Sequence[R] = [row for _, _, row in having]
        self._lacking: Sequence[R] = [row for _, _, row in lacking]

    def rows(self, *, descending: bool) -> Iterator[R]:
        """All rows in order."""
        return chain(reversed(self._having) if descending else self._having, self._lacking)


def _sorted(keyed: list[tuple[Any, str, R]]) -> list[tuple[Any, str, R]]:
    """By value, then by id; where values have several types, which only a deviation lets in, numbers come first."""
    try:
        return sorted(keyed, key=lambda one: one[:2])
    except TypeError:
        return sorted(
            keyed, key=lambda one: (0, one[0], "") if isinstance(one[0], int | float) else (1, 0, str(one[0]))
        )


class Version:
    """A number that grows with each change of any of the stores that share it."""

    def __init__(self) -> None:
        self.number = 0


class Store(Generic[R]):
    """Rows of one `kind`; `indexes` names what `where` may look for. Not safe for threads: hold the state's lock."""

    def __init__(
        self,
        name: str,
        kind: type[R],
        database: Database,
        version: Version,
        indexes: Mapping[str, Callable[[R], Hashable]] | None = None,
    ) -> None:
        self.name = name
        self._kind = kind
        self._database = database
        self._version = version
        self._keys = indexes or {}
        self._rows: dict[str, R] = {}
        self._sorted: dict[str, Ordered[R]] = {}
        self._sorted_at = -1
        self.changes = 0  # grows with each change of this store
        self._indexes: dict[str, dict[Hashable, dict[str, None]]] = {name: defaultdict(dict) for name in self._keys}

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        return iter(self._rows.values())

    def __contains__(self, row_id: object) -> bool:
        return row_id in self._rows

    @property
    def version(self) -> int:
        """A number that grows with each change of any of the stores."""
        return self._version.number

    def get(self, row_id: str) -> R | None:
        """The row with this id, or None."""
        return self._rows.get(row_id)

    def where(self, index: str, value: Hashable) -> list[R]:
        """The rows that an index has under `value`, in the order of their creation."""
        return [self._rows[row_id] for row_id in self._indexes[index].get(value, ())]

    def put(self, row: R) -> None:
        """Add a row, or put it in the place of the one with its id."""
        self._database.put(self.name, row.id, row)
        self._place(row)

    def remove(self, row_id: str) -> None:
        """Remove the row with this id."""
        self._take(row_id)
        self._database.remove(self.name, row_id)

    def ordered(self, field: str, key: SortKey) -> Ordered[R]:
        """All rows sorted by `key`, kept under the name `field` until any store changes."""
        if self._sorted_at != self._version.number:
            self._sorted.clear()
            self._sorted_at = self._version.number
        if field not in self._sorted:
            self._sorted[field] = Ordered(self, key)
        return self._sorted[field]

    def recall(self) -> None:
        """Take over the rows that an earlier process kept."""
        for _, members in self._database.rows(self.name):
            self._place(self._kind(**{name: _frozen(value) for name, value in members.items()}))

    def clear(self) -> None:
        """Remove all rows."""
        self._database.replace(self.name, ())
        self._rows.clear()
        self._indexes = {name: defaultdict(dict) for name in self._keys}
        self._version.number += 1
        self.changes += 1

    def _place(self, row: R) -> None:
        old = self._rows.get(row.id)
        for name, key in self._keys.items():
            if old is not None and key(old) != key(row):
                self._unindex(name, key(old), row.id)
            self._indexes[name][key(row)][row.id] = None
        self._rows[row.id] = row
        self._version.number += 1
        self.changes += 1

    def _take(self, row_id: str) -> None:
        row = self._rows.pop(row_id)
        for name, key in self._keys.items():
            self._unindex(name, key(row), row_id)
        self._version.number += 1
        self.changes += 1

    def _unindex(self, name: str, value: Hashable, row_id: str) -> None:
        ids = self._indexes[name][value]
        del ids[row_id]
        if not ids:
            del self._indexes[name][value]


def _frozen(value: Any) -> Any:  # a member of a row as JSON has it
    return tuple(value) if isinstance(value, list) else value
