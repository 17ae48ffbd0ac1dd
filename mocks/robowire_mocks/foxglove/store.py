"""The rows of one resource, by id, in the order of their creation, with what is needed to find and sort them fast."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from robowire_mocks.core.forked import ForkedDict

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


class _Ids(dict[str, None]):
    """The ids that an index has under a value; it may be changed in the era of its store in which it was made."""

    __slots__ = ("era",)

    def __init__(self, ids: Iterable[str], era: object) -> None:
        super().__init__(dict.fromkeys(ids))
        self.era = era


@dataclass(frozen=True, slots=True)
class Taken(Generic[R]):
    """What a store held at one moment; nothing of it ever changes."""

    rows: ForkedDict[str, R]
    indexes: Mapping[str, ForkedDict[Hashable, _Ids]]
    sorted: Mapping[str, Ordered[R]]


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
        self._rows: ForkedDict[str, R] = ForkedDict()
        self._indexes: dict[str, ForkedDict[Hashable, _Ids]] = {name: ForkedDict() for name in self._keys}
        self._era = object()  # a new one begins when the rows are shared: what was made before is not to be changed
        self._sorted: dict[str, Ordered[R]] = {}
        self._sorted_at = -1
        self.changes = 0  # grows with each change of this store

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[R]:
        return self._rows.values()

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
        return [self._rows[row_id] for row_id in self._indexes[index].get(value) or ()]

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
            for name, value in members.items():
                if value.__class__ is list:  # a tuple, as JSON has it
                    members[name] = tuple(value)
            self._place(self._kind(**members))

    def take(self) -> Taken[R]:
        """What is here now."""
        self._era = object()
        indexes = {name: index.fork() for name, index in self._indexes.items()}
        return Taken(self._rows.fork(), indexes, dict(self._sorted) if self._sorted_at == self._version.number else {})

    def put_back(self, taken: Taken[R]) -> None:
        """Hold what a store of the same name held; afterwards, `settle` must be told that all of them do."""
        if self._database.keeps:
            self._keep(taken.rows)
        self._era = object()
        self._rows = taken.rows.fork()
        self._indexes = {name: index.fork() for name, index in taken.indexes.items()}
        self._sorted = dict(taken.sorted)
        self._version.number += 1
        self.changes += 1

    def _keep(self, rows: ForkedDict[str, R]) -> None:
        """Keep these rows in place of those that are here: what they differ in, unless their order is another one."""
        changes = dict(self._rows.changes_to(rows))
        new = [row_id for row_id in changes if row_id not in self._rows]
        if new != list(rows)[len(rows) - len(new) :]:
            self._database.replace(self.name, ((row.id, row) for row in rows.values()))
            return
        for row_id, row in changes.items():
            if row is None:
                self._database.remove(self.name, row_id)
            else:
                self._database.put(self.name, row_id, row)

    def settle(self) -> None:
        """All stores hold what they held at one moment: what was sorted then is sorted now."""
        self._sorted_at = self._version.number

    def _place(self, row: R) -> None:
        old = self._rows.get(row.id)
        for name, key in self._keys.items():
            if old is not None and key(old) != key(row):
                self._unindex(name, key(old), row.id)
            self._ids(name, key(row))[row.id] = None
        self._rows[row.id] = row
        self._version.number += 1
        self.changes += 1

    def _take(self, row_id: str) -> None:
        row = self._rows[row_id]
        del self._rows[row_id]
        for name, key in self._keys.items():
            self._unindex(name, key(row), row_id)
        self._version.number += 1
        self.changes += 1

    def _unindex(self, name: str, value: Hashable, row_id: str) -> None:
        ids = self._ids(name, value)
        del ids[row_id]
        if not ids:
            del self._indexes[name][value]

    def _ids(self, name: str, value: Hashable) -> _Ids:
        """What an index has under a value, to be changed."""
        ids = self._indexes[name].get(value)
        if ids is None or ids.era is not self._era:
            ids = self._indexes[name][value] = _Ids(ids or (), self._era)
        return ids
