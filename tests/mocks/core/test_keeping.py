"""Facts are kept from one process to the next."""

from pathlib import Path

from robowire_mocks.core.keeping import Keeper


def test_facts_survive_in_a_file(tmp_path: Path) -> None:
    """What one keeper kept, the next one has; nothing else lies beside the file."""
    file = tmp_path / "state.json"
    keeper = Keeper(file)
    keeper.keep("clock", {"ahead": 1.5})
    keeper.keep("recorded", 7)
    again = Keeper(file)
    assert (again["clock"], again["recorded"], again["other"]) == ({"ahead": 1.5}, 7, None)
    assert list(tmp_path.iterdir()) == [file]


def test_without_a_file_they_live_as_long_as_the_keeper() -> None:
    """In memory it works the same."""
    keeper = Keeper(None)
    keeper.keep("recorded", 7)
    assert keeper["recorded"] == 7
