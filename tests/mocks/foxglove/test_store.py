"""Rows are found and sorted alike, however often the store was taken, put back and forked."""

import random
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from robowire_mocks.core.database import Database
from robowire_mocks.foxglove.store import Store, Taken, Version


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something to find it by, and something to sort it by."""

    id: str
    kind: str | None
    rank: int


@dataclass
class Pair:
    """A store, and the same as plain rows."""

    store: Store[Row] = field(default_factory=lambda: Store("rows", Row, Database(), Version(), KEYS))
    rows: dict[str, Row] = field(default_factory=dict)

    def check(self) -> None:
        """Both have the same rows, found and sorted alike."""
        assert list(self.store) == list(self.rows.values())
        assert len(self.store) == len(self.rows)
        for kind in (None, "a", "b", "c"):
            found = self.store.where("kind", kind)
            assert sorted(row.id for row in found) == sorted(row.id for row in self.rows.values() if row.kind == kind)
        ordered = self.store.ordered("rank", attrgetter("rank")).rows(descending=False)
        assert list(ordered) == sorted(self.rows.values(), key=lambda row: (row.rank, row.id))


KEYS: dict[str, Any] = {"kind": attrgetter("kind")}


@pytest.mark.parametrize("seed", range(15))
def test_forks_of_a_store_are_stores_of_their_own(seed: int) -> None:
    """Rows are put, replaced, removed; moments are taken and put back anywhere; each store has what it should."""
    drawn = random.Random(seed)
    pairs, moments = [Pair() for _ in range(3)], list[tuple[Taken[Row], dict[str, Row]]]()
    for number in range(500):
        one = drawn.choice(pairs)
        key = f"row-{drawn.randrange(40)}"
        match drawn.choice(("put", "put", "put", "remove", "take", "back", "check")):
            case "put":
                row = Row(key, drawn.choice((None, "a", "b", "c")), drawn.randrange(5))
                one.store.put(row)
                one.rows[key] = row
            case "remove" if key in one.rows:
                one.store.remove(key)
                del one.rows[key]
            case "take":
                moments.append((one.store.take(), one.rows.copy()))
            case "back" if moments:
                taken, rows = drawn.choice(moments)
                one.store.put_back(taken)
                one.store.settle()
                one.rows = rows.copy()
            case "check" if number % 5 == 0:
                one.check()
    for one in pairs:
        one.check()


def test_what_was_sorted_stays_so() -> None:
    """A fork need not sort again what nobody has changed, and sorts what it changed."""
    one, other = Pair().store, Pair().store
    for rank in range(10):
        one.put(Row(f"row-{rank}", None, -rank))
    ordered = one.ordered("rank", attrgetter("rank"))
    other.put_back(one.take())
    other.settle()
    assert other.ordered("rank", attrgetter("rank")) is ordered
    other.put(Row("row-first", None, -100))
    assert next(other.ordered("rank", attrgetter("rank")).rows(descending=False)).id == "row-first"
    assert one.ordered("rank", attrgetter("rank")) is ordered


@pytest.mark.parametrize("seed", range(8))
def test_what_is_kept_is_what_is_here(seed: int, tmp_path: Path) -> None:
    """Rows and their order, for the process that comes after any number of changes and ways back."""
    drawn = random.Random(seed)
    rows, moments = dict[str, Row](), list[tuple[Taken[Row], dict[str, Row]]]()
    for process in range(4):
        with Database(tmp_path / "database") as database:
            store = Store("rows", Row, database, Version(), KEYS)
            store.recall()
            assert list(store) == list(rows.values())
            moments.clear()
            for number in range(60):
                key = f"row-{process}-{number}"
                match drawn.choice(("put", "put", "change", "remove", "take", "back")):
                    case "put":
                        rows[key] = Row(key, None, number)
                        store.put(rows[key])
                    case "change" if rows:
                        one = drawn.choice(list(rows.values()))
                        rows[one.id] = Row(one.id, "a", number)
                        store.put(rows[one.id])
                    case "remove" if rows:
                        gone = drawn.choice(list(rows))
                        del rows[gone]
                        store.remove(gone)
                    case "take":
                        moments.append((store.take(), rows.copy()))
                    case "back" if moments:
                        taken, before = drawn.choice(moments)
                        store.put_back(taken)
                        rows = before.copy()
        database.close()


def test_changes_are_counted() -> None:
    """What was made of the rows before can be told from what is made of them after they were put back."""
    store = Pair().store
    store.put(Row("row", None, 0))
    taken, before = store.take(), (store.changes, store.version)
    store.put_back(taken)
    assert store.changes > before[0]
    assert store.version > before[1]
