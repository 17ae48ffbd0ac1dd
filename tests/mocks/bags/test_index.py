"""A bag's index is read once, by however many requests, and forgotten when others are asked for."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from unittest.mock import patch

import pytest
from robowire_generators.demo import DEMO_BAGS
from robowire_mocks.bags.errors import BagCorrupted
from robowire_mocks.bags.folder import Folder
from robowire_mocks.bags.index import IndexCache
from robowire_mocks.formats.rosbag1 import Bag

SOUND = [bag.name for bag in DEMO_BAGS if bag.breakage is None]


@pytest.fixture
def opened() -> Iterator[Callable[[], int]]:
    """Counts how often an index is read."""
    honest = Bag.open
    with patch.object(Bag, "open", side_effect=honest) as counted:
        yield lambda: counted.call_count


def test_many_at_the_same_time_read_it_once(demo_folder: Path, opened: Callable[[], int]) -> None:
    """All get the same bag."""
    cache, stored, ready = IndexCache(), Folder(demo_folder).find(SOUND[0]), Barrier(8)

    def ask(_: int) -> Bag:
        ready.wait(10)
        return cache.open(stored)

    with ThreadPoolExecutor(8) as pool:
        bags = list(pool.map(ask, range(8)))
    assert len(set(map(id, bags))) == opened() == 1


def test_it_holds_the_last_ones(demo_folder: Path, opened: Callable[[], int]) -> None:
    """With room for two, the third drops the one that was asked for longest ago."""
    cache = IndexCache(most=2)
    first, second, third = (Folder(demo_folder).find(name) for name in SOUND[:3])
    for stored in (first, second, first, third, first):
        cache.open(stored)
    assert opened() == 3
    cache.open(second)
    assert opened() == 4


def test_a_file_that_was_replaced_is_read_again(tmp_path: Path, demo_folder: Path) -> None:
    """Under the same name."""
    cache, folder, bag = IndexCache(), Folder(tmp_path), tmp_path / "a.bag"
    totals = []
    for name in SOUND[:2]:
        bag.write_bytes((demo_folder / name).read_bytes())
        totals.append(cache.open(folder.find("a.bag")).total_messages)
    assert len(set(totals)) == 2


def test_what_is_no_bag_is_said(tmp_path: Path) -> None:
    """And so is one that vanished; the text does not tell the folder."""
    (tmp_path / "a.bag").write_bytes(b"no bag")
    stored = Folder(tmp_path).find("a.bag")
    for _ in range(2):
        with pytest.raises(BagCorrupted, match=r"a\.bag is corrupted") as raised:
            IndexCache().open(stored)
        assert str(tmp_path) not in str(raised.value)
        (tmp_path / "a.bag").unlink(missing_ok=True)
