"""Files that mocks share are there as long as somebody holds them."""

from pathlib import Path

import pytest
from robowire_mocks.core.database import Database
from robowire_mocks.core.filing import Files
from robowire_mocks.core.shelf import Shelf


def lying(folder: Path) -> set[str]:
    """The names of the files in a folder."""
    return {path.name for path in folder.iterdir()}


def test_a_file_goes_with_the_last_reference() -> None:
    """Unless something on disk needs it."""
    shelf = Shelf(None, "test")
    shelf.join()
    for name in ("held", "pinned"):
        (shelf.folder / name).touch()
    held, pinned = shelf.hold(shelf.folder / "held"), shelf.hold(shelf.folder / "pinned")
    again = shelf.hold(held.path)
    pinned.pin()
    del held, pinned
    assert lying(shelf.folder) == {"held", "pinned"}
    del again
    assert lying(shelf.folder) == {"pinned"}


def test_a_temporary_folder_goes_with_the_last_user() -> None:
    """Or with the shelf, if nobody says anything."""
    shelf = Shelf(None, "test")
    shelf.join()
    shelf.join()
    folder = shelf.folder
    shelf.leave()
    assert folder.exists()
    shelf.leave()
    assert not folder.exists()
    folder = shelf.folder
    del shelf
    assert not folder.exists()


def test_a_lasting_folder_stays(tmp_path: Path) -> None:
    """With what is in it."""
    files = Files(Shelf(tmp_path / "new", "test"), Database(tmp_path / "database"))
    stored = files.put([b"a", b"b"])
    files.close()
    files._database.close()
    del files
    assert (tmp_path / "new" / stored.id).read_bytes() == b"ab"


def test_files_that_are_shared_are_changed_by_one_alone() -> None:
    """What was taken stays as it was."""
    files = Files(Shelf(None, "test"), Database())
    first = files.put([b"1"])
    taken = files.take()
    second = files.put([b"2"])
    other = files.beside(Database())
    other.put_back(taken)
    third = other.put([b"3"])
    assert list(taken) == [first.id]
    assert [one in files for one in (first.id, second.id, third.id)] == [True, True, False]
    assert [one in other for one in (first.id, second.id, third.id)] == [True, False, True]
    files.remove(first.id)
    assert other.path(first.id).read_bytes() == b"1"
    other.remove(first.id)
    del taken
    assert not other.path(first.id).exists()
    files.remove("none")
    files.remove(None)
    files.close()
    assert other.path(third.id).exists()
    other.close()
    assert not other.path(third.id).exists()


def test_a_file_that_breaks_off_is_not_kept() -> None:
    """Nothing of it is left behind, whether it came in blocks or was written."""
    files = Files(Shelf(None, "test"), Database())

    def write(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("full")

    with pytest.raises(ZeroDivisionError):
        files.put(bytes(1 // number) for number in (1, 0))
    with pytest.raises(OSError, match="full"):
        files.make(write)
    assert lying(files.shelf.folder) == set()
    assert files.path(files.make(lambda path: path.touch())).exists()
    files.close()


def test_a_file_on_disk_goes_when_it_is_kept_that_nothing_refers_to_it(tmp_path: Path) -> None:
    """Not before: a process that is killed meanwhile finds it."""
    with Database(tmp_path / "database") as database:
        files = Files(Shelf(tmp_path / "files", "test"), database)
        stored = files.put([b"x"])
        files.remove(stored.id)
        assert stored.id not in files
        assert lying(tmp_path / "files") == {stored.id}
    assert lying(tmp_path / "files") == set()
    database.close()
