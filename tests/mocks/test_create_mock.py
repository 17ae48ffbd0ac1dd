"""A mock is made of a world, a folder, or nothing at all."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
import robowire_mocks
from robowire_generators.demo import DEMO_BAGS
from robowire_mocks.bags import BagsMock
from robowire_mocks.bags.recorder import RecorderSettings
from robowire_mocks.bags.world import World
from robowire_mocks.core.world import WorldError
from robowire_mocks.deviations import UnknownDeviation

DEMO = [bag.name for bag in DEMO_BAGS]


def create(**options: Any) -> BagsMock:
    """A Bags mock made as the command makes it."""
    return cast("BagsMock", robowire_mocks.create_mock("bags", **options))


def names(mock: BagsMock) -> list[str]:
    """The file names of the list."""
    return [entry["filename"] for entry in mock.app.test_client().get("/bags/").get_json()]


def test_by_default_it_serves_the_demo_set_and_leaves_nothing_behind() -> None:
    """In a folder of its own, which goes when it is closed."""
    with create() as mock:
        assert (mock.api, mock.url_path, mock.deviations, names(mock)) == ("bags", "", (), DEMO)
        folder = mock.folder
        assert folder.is_dir()
    assert not folder.exists()


def test_a_mock_that_is_forgotten_leaves_nothing_behind(demo_folder: Path) -> None:
    """Its temporary folder goes with it."""
    mock = BagsMock(World(folder=demo_folder, recorder=RecorderSettings(on=True)), None, control=False)
    home = mock.folder.parent
    del mock
    gc.collect()
    assert not home.exists()
    assert demo_folder.exists()


def test_a_folder_is_served_where_it_lies(demo_folder: Path) -> None:
    """In place of the bags of the world."""
    for world in (None, "bags"):
        with create(bags=demo_folder, world=world) as mock:
            assert mock.folder == demo_folder


def test_the_recorder_world_records() -> None:
    """In a frozen time, until it is moved."""
    with create(world="bags-recorder") as mock:
        assert mock.clock.frozen
        mock.clock.advance(60)
        assert names(mock) == [*DEMO, "2026-11-20_12-00-00.bag"]


def test_a_world_of_recipes(tmp_path: Path) -> None:
    """Bags by start or by name, in any compression."""
    world = tmp_path / "mine.toml"
    world.write_text(
        """
        [[bag]]
        start = 2024-02-29T06:07:08Z
        duration_s = 5
        [[bag]]
        filename = "compressed.bag"
        seed = 3
        duration_s = 5
        compression = "lz4"
        connections = 2
        """,
        encoding="utf-8",
    )
    with create(world=str(world)) as mock:
        assert names(mock) == ["2024-02-29_06-07-08.bag", "compressed.bag"]
        start = datetime(2024, 2, 29, 6, 7, 8, tzinfo=UTC).timestamp()
        assert mock.app.test_client().get("/bags/2024-02-29_06-07-08.bag/player").get_json()["start_time"] == start


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("folder = 'nowhere'", "there is no folder"),
        ("demo = true\nfolder = '.'", "not both"),
        ("[[bag]]\ncompression = 'zip'", "must be one of: none, bz2, lz4"),
        ("[[bag]]\nduration_s = -1", "duration"),
        ("[[bag]]\nfilename = '../a.bag'", "no name of a bag"),
        ("[[bag]]\n[[bag]]\n", "same filename"),
        ("[recorder]\nperiod_s = 0", "period_s must be at least 1"),
        ("[recorder]\nlimit = 5", "has no key 'limit'"),
        ("[clock]\nstart = 'noon'", "must be a date and time"),
    ],
)
def test_a_world_that_makes_no_sense(tmp_path: Path, text: str, complaint: str) -> None:
    """Is refused with one sentence."""
    world = tmp_path / "mine.toml"
    world.write_text(text, encoding="utf-8")
    with pytest.raises(WorldError, match=complaint):
        create(world=world)


def test_other_mistakes(tmp_path: Path, demo_folder: Path) -> None:
    """An unknown API, folder, deviation, or a data folder that cannot be one."""
    with pytest.raises(ValueError, match="no API is called 'bogs'; there are: bags, losant"):
        robowire_mocks.create_mock("bogs")
    with pytest.raises(WorldError, match="there is no folder"):
        create(bags=tmp_path / "nowhere")
    with pytest.raises(UnknownDeviation, match="no deviation of bags is called 'none'"):
        create(bags=demo_folder, deviate=["none"])
    (tmp_path / "file").touch()
    with pytest.raises(WorldError, match="data folder"):
        create(bags=demo_folder, data_dir=tmp_path / "file")


def test_deviations_can_be_there_from_the_start(demo_folder: Path) -> None:
    """And be switched later; an unknown one changes nothing."""
    with create(bags=demo_folder, deviate=["list-in-object", "size-decimal"]) as mock:
        client = mock.app.test_client()
        assert isinstance(client.get("/bags/").get_json(), dict)
        with pytest.raises(UnknownDeviation):
            mock.deviate("none")
        assert list(mock.deviations) == ["list-in-object", "size-decimal"]
        mock.deviate()
        assert not mock.deviations
        assert isinstance(client.get("/bags/").get_json(), list)


def test_reset_brings_back_folder_and_clock() -> None:
    """Whatever was added, removed, or written to."""
    with create(world="bags-recorder") as mock:
        start = mock.clock.now()
        before = {path.name: path.read_bytes() for path in mock.folder.iterdir()}
        mock.deviate("list-repeats")
        mock.clock.advance(3600)
        names(mock)
        (mock.folder / DEMO[-1]).write_bytes(b"scribbled")
        (mock.folder / "folder.bag").mkdir(exist_ok=True)
        (mock.folder / "link.bag").symlink_to("/etc/passwd")
        (mock.folder / "other.txt").touch()
        mock.reset()
        assert {path.name: path.read_bytes() for path in mock.folder.iterdir()} == before
        assert mock.clock.now() == start
        assert mock.deviations == ("list-repeats",)
        mock.deviate()
        mock.clock.advance(60)
        assert names(mock) == [*DEMO, "2026-11-20_12-00-00.bag"]


def test_reset_leaves_a_given_folder_alone(tmp_path: Path, make_mock: Callable[..., BagsMock]) -> None:
    """Only the clock goes back."""
    mock = make_mock(tmp_path)
    (tmp_path / "later.bag").touch()
    mock.clock.freeze(5)
    mock.reset()
    assert names(mock) == ["later.bag"]
    assert not mock.clock.frozen


def test_a_data_folder_keeps_bags_and_clock(tmp_path: Path) -> None:
    """From one process to the next, with nothing recorded twice or left out."""
    with create(world="bags-recorder", data_dir=tmp_path / "data") as mock:
        mock.clock.advance(90)
        before = names(mock)
        now = mock.clock.now()
    with create(world="bags-recorder", data_dir=tmp_path / "data") as mock:
        assert (names(mock), mock.clock.now()) == (before, now)
        mock.clock.advance(30)
        assert names(mock) == [*before, "2026-11-20_12-01-00.bag"]
        mock.reset()
        assert names(mock) == DEMO


def test_a_start_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    """Half a folder is not taken for a whole one, nor half a recording for a bag."""
    half = tmp_path / "start.part"
    half.mkdir()
    (half / "half.bag").touch()
    with create(data_dir=tmp_path) as mock:
        assert names(mock) == DEMO
        (mock.folder / ".2026-11-20_12-00-00.bag.part").touch()
    with create(data_dir=tmp_path) as mock:
        assert sorted(path.name for path in mock.folder.iterdir()) == DEMO
