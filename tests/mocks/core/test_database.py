"""What a mock keeps is kept whole, in order, and by one process at a time."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from types import MappingProxyType

import pytest
from robowire_mocks.core.clock import ClockState
from robowire_mocks.core.database import FILE, Database
from robowire_mocks.core.keeping import database_of, kept_clock
from robowire_mocks.core.world import WorldError

Open = Callable[[], Database]


@dataclass(frozen=True, slots=True)
class Wheel:
    """A row."""

    size: float
    marks: tuple[str, ...] = ()
    facts: Mapping[str, int] | None = None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / FILE


@pytest.fixture
def opened(file: Path) -> Iterator[Open]:
    """Opens the file, as the next process would: what was open before is closed."""
    made: list[Database] = []

    def again() -> Database:
        for one in made:
            one.close()
        made.append(Database(file))
        return made[-1]

    yield again
    for one in made:
        one.close()


def test_rows_come_back_in_the_order_of_their_creation(opened: Open) -> None:
    """One that is changed stays where it was, one that is removed and put again comes last."""
    database = opened()
    for name in ("b", "a", "c"):
        database.put("wheels", name, Wheel(1.0, ("x", "y"), MappingProxyType({"n": 1})))
    database.put("carts", "a", {"wheels": ["b"]})
    database.put("wheels", "b", Wheel(2.0))
    database.remove("wheels", "a")
    database.put("wheels", "a", b"\x00raw")
    again = opened()
    assert list(again.rows("wheels")) == [
        ("b", {"size": 2.0, "marks": [], "facts": None}),
        ("c", {"size": 1.0, "marks": ["x", "y"], "facts": {"n": 1}}),
        ("a", b"\x00raw"),
    ]
    assert list(again.rows("carts")) == [("a", {"wheels": ["b"]})]


def test_a_kind_is_replaced_as_a_whole(opened: Open) -> None:
    """Other kinds stay."""
    database = opened()
    database.put("wheels", "a", 1)
    database.put("carts", "a", 1)
    database.replace("wheels", [("c", 3), ("b", 2)])
    again = opened()
    assert (list(again.rows("wheels")), list(again.rows("carts"))) == ([("c", 3), ("b", 2)], [("a", 1)])


def test_facts_are_kept(opened: Open, file: Path) -> None:
    """By name; a clock is where it was left."""
    database = opened()
    database.keep("recorded", 6)
    database.keep("recorded", 7)
    clock = kept_clock(database, ClockState(1000.0, frozen=True))
    clock.advance(5)
    again = opened()
    assert (again.fact("recorded"), again.fact("other")) == (7, None)
    assert kept_clock(again, ClockState(1000.0, frozen=True)).now() == 1005.0
    assert file.read_bytes().startswith(b"SQLite format 3\x00")


def test_what_two_threads_move_a_clock_by_is_kept(opened: Open) -> None:
    """Whoever writes last writes all of it, though they moved the clock first."""
    database = opened()
    clock = kept_clock(database, ClockState(1000.0, frozen=True))
    with database:  # what the other thread is to keep waits
        other = Thread(target=clock.advance, args=(5,))
        other.start()
        while clock.now() == 1000.0:
            other.join(0.001)
        clock.advance(70)
    other.join()
    assert kept_clock(opened(), ClockState(None, frozen=False)).now() == 1075.0


def test_what_its_holder_changes_is_written_when_the_last_hold_ends(opened: Open, tmp_path: Path) -> None:
    """A process that is killed before has changed nothing, one that is killed afterwards has changed all of it."""

    def killed_now() -> list[str]:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for one in tmp_path.glob(f"{FILE}*"):
            shutil.copy2(one, copy)
        found = Database(copy / FILE)
        ids = [row_id for row_id, _ in found.rows("wheels")]
        found.close()
        return ids

    database = opened()
    with database:
        database.put("wheels", "a", 1)
        with database:
            database.put("wheels", "b", 2)
        assert killed_now() == []
    assert killed_now() == ["a", "b"]


def test_an_error_does_not_undo_what_memory_has(opened: Open) -> None:
    """Whoever holds the database has changed its own memory too, which stays."""
    database = opened()

    def refuse() -> None:
        with database:
            database.put("wheels", "a", 1)
            raise LookupError

    with pytest.raises(LookupError):
        refuse()
    assert list(opened().rows("wheels")) == [("a", 1)]


def test_what_cannot_be_written_is_refused_at_once(opened: Open) -> None:
    """It does not hold up what others write."""
    database = opened()
    with pytest.raises(UnicodeEncodeError):
        database.put("wheels", "\ud800", 1)
    with pytest.raises(TypeError):
        database.put("wheels", "a", object())
    database.put("wheels", "b", 2)
    assert list(opened().rows("wheels")) == [("b", 2)]


def test_what_the_disk_does_not_take_is_tried_again(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request that changed it fails, and so do others until it is kept; what was to follow waits as long."""
    database = opened()
    done: list[str] = []
    with monkeypatch.context() as broken:
        broken.setattr("robowire_mocks.core.database._write", _full)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            database.put("wheels", "a", 1)
        with pytest.raises(sqlite3.OperationalError, match="full"):
            database.afterwards(lambda: done.append("a"))
        with pytest.raises(sqlite3.OperationalError), database:
            pass
        assert done == []
    with database:
        pass
    assert done == ["a"]
    assert list(opened().rows("wheels")) == [("a", 1)]


def _full(*_: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def test_a_transaction_that_fails_leaves_nothing(opened: Open) -> None:
    """Whatever it had written before."""
    database = opened()
    with database:
        database.put("wheels", "a", 1)
        database._changes.append(("nonsense", ()))
        with pytest.raises(sqlite3.OperationalError, match="nonsense"):
            database._settle()
        assert list(database.rows("wheels")) == []
        database._changes.pop()
    assert list(database.rows("wheels")) == [("a", 1)]


@pytest.mark.parametrize("kept", [True, False])
def test_what_cannot_be_undone_comes_afterwards(kept: bool, opened: Open) -> None:  # noqa: FBT001  # a parameter
    """In its order, once; what fails among it does not stop the rest; it may change something itself."""
    database = opened() if kept else Database()
    done: list[str] = []

    def more() -> None:
        done.append("b")
        database.put("wheels", "a", 1)
        database.afterwards(lambda: done.append("c"))

    with database:
        database.afterwards(lambda: done.append("a"))
        database.afterwards(lambda: 1 / 0)
        database.afterwards(more)
        assert done == []
    assert done == ["a", "b", "c"]
    assert list(database.rows("wheels")) == ([("a", 1)] if kept else [])


def test_threads_write_one_after_the_other(opened: Open) -> None:
    """Each of their transactions is whole."""
    database = opened()

    def work(name: int) -> None:
        for number in range(20):
            with database:
                for part in "xy":
                    database.put("wheels", f"{name} {number} {part}", None)

    threads = [Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [row_id for row_id, _ in opened().rows("wheels")]
    assert len(ids) == 160
    assert all(first[:-1] == second[:-1] for first, second in zip(ids[::2], ids[1::2], strict=True))


def test_two_at_once_are_refused(opened: Open, file: Path) -> None:
    """Each would know half of what is kept."""
    opened()
    with pytest.raises(WorldError, match="another mock uses it"):
        Database(file)


def test_other_files_are_refused(file: Path) -> None:
    """One that is no database, one of another version, a folder that is not there."""
    file.write_text("not a database, but long enough to be looked at" * 20)
    with pytest.raises(WorldError, match="cannot be used"):
        Database(file)
    file.unlink()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(WorldError, match="another version of robowire"):
        Database(file)
    with pytest.raises(WorldError, match="cannot be opened"):
        Database(file.parent / "none" / FILE)


def test_a_data_folder_belongs_to_one_api(tmp_path: Path) -> None:
    """One that cannot be a folder is said."""
    database_of("bags", tmp_path).close()
    with pytest.raises(WorldError, match="that of a mock of bags"):
        database_of("losant", tmp_path)
    database_of("bags", tmp_path).close()
    (tmp_path / "file").touch()
    with pytest.raises(WorldError, match=r"cannot be used: (Not a directory|File exists)"):
        database_of("bags", tmp_path / "file")


def test_without_a_file_nothing_is_kept() -> None:
    """Facts live as long as the database."""
    database = Database()
    database.put("wheels", "a", 1)
    database.keep("recorded", 7)
    assert (database.keeps, list(database.rows("wheels")), database.fact("recorded")) == (False, [], 7)
