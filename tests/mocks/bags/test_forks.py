"""The folder of a robot is taken, put back and forked: each has its bags, and nobody writes into those of another."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from freezegun import freeze_time
from robowire_mocks import create_mock
from robowire_mocks.bags import BagsMock, copies
from robowire_mocks.bags.folder import StoredBag
from robowire_mocks.bags.recorder import RecorderSettings
from robowire_mocks.bags.storage import Storage
from robowire_mocks.bags.world import World
from robowire_mocks.core.world import ClockSettings, WorldError

MakeMock = Callable[..., BagsMock]


def names(mock: BagsMock) -> list[str]:
    """The file names of the list."""
    return [entry["filename"] for entry in mock.app.test_client().get("/bags/").get_json()]


def contents(mock: BagsMock) -> dict[str, bytes]:
    """What lies in the folder."""
    return {path.name: path.read_bytes() for path in mock.folder.iterdir()}


@pytest.fixture
def robot(make_mock: MakeMock, demo_folder: Path) -> BagsMock:
    """A recorder whose time stands still, begun with the demo set."""
    settings = RecorderSettings(on=True, period_s=10, limit_bytes=1_200_000)
    return make_mock(demo_folder, recorder=settings, start=datetime(2026, 11, 20, 12, tzinfo=UTC))


@pytest.fixture(params=["copied", "linked"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Bags are copied byte by byte, or large enough to be linked."""
    if request.param == "linked":
        monkeypatch.setattr(copies, "LINKED", 0)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_each_records_and_purges_for_itself(robot: BagsMock) -> None:
    """What is over when the fork is made is in both; what comes later, in the one whose clock has moved."""
    robot.clock.advance(10)
    before = names(robot)
    with robot.fork() as fork:
        assert (names(fork), contents(fork)) == (before, contents(robot))
        fork.clock.advance(60)
        later = names(fork)
        assert later[-1] == "2026-11-20_12-01-00.bag"
        assert set(before) - set(later), "the oldest were purged"
        assert names(robot) == before
        fork.reset()
        assert (names(fork), contents(fork)) == (before, contents(robot))
        robot.reset()
        assert len(names(robot)) == len(before) - 1
        assert names(fork) == before


def test_what_the_clock_owes_is_recorded_in_the_fork(robot: BagsMock) -> None:
    """A period that was over, and that nobody had asked about."""
    robot.clock.advance(10)
    with robot.fork() as fork:
        assert "2026-11-20_12-00-00.bag" in names(fork)
        assert names(fork) == names(robot)


@pytest.mark.usefixtures("way")
def test_who_replaces_a_bag_does_it_in_one_world(robot: BagsMock, demo_folder: Path) -> None:
    """And a reset brings back what was there; the folder that all began with is never touched."""
    given = {path.name: path.read_bytes() for path in demo_folder.iterdir()}
    with robot.fork() as fork:
        name = names(fork)[0]
        (fork.folder / "new").write_bytes(b"#ROSBAG V2.0\nnot really")
        (fork.folder / "new").replace(fork.folder / name)
        assert fork.app.test_client().get(f"/bags/{name}/player").status_code == 400
        assert robot.app.test_client().get(f"/bags/{name}/player").status_code == 200
        fork.snapshots.save("broken")
        fork.reset()
        assert contents(fork) == contents(robot) == given
        fork.snapshots.restore("broken")
        assert fork.app.test_client().get(f"/bags/{name}/player").status_code == 400
    assert {path.name: path.read_bytes() for path in demo_folder.iterdir()} == given


def test_a_small_bag_may_be_damaged_in_place(robot: BagsMock) -> None:
    """Without harm to others."""
    with robot.fork() as fork:
        before = contents(robot)
        for path in fork.folder.iterdir():
            path.write_bytes(b"scribbled")
        assert contents(robot) == before
        fork.reset()
        assert contents(fork) == before


def test_large_bags_take_no_room_of_their_own(make_mock: MakeMock, demo_folder: Path, way: str) -> None:
    """The folder that was given is copied once; worlds share that copy."""
    robot = make_mock(demo_folder, recorder=RecorderSettings(on=True))
    with robot.fork() as fork:
        for path in robot.folder.iterdir():
            same = path.samefile(fork.folder / path.name)
            assert (same, path.samefile(demo_folder / path.name)) == (way == "linked", False)


def test_a_recording_is_read_once_for_all_its_copies(robot: BagsMock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of a fork need not look into bags again that others have listed; but into those that were replaced."""
    listed = robot.app.test_client().get("/bags/").get_json()
    read: list[str] = []

    def read_end(_: Storage, bag: StoredBag) -> int:
        read.append(bag.name)
        return 0

    monkeypatch.setattr(Storage, "_read_end", read_end)
    with robot.fork() as fork, fork.fork() as another:
        for mock in (fork, another):
            assert [one["end"] for one in mock.app.test_client().get("/bags/").get_json()] == [
                one["end"] for one in listed
            ]
        assert read == []
        name = listed[0]["filename"]
        (another.folder / name).write_bytes(b"scribbled")
        assert another.app.test_client().get("/bags/").get_json()[0]["end"] != listed[0]["end"]
        assert read == [name]


def test_a_fork_outlives_its_mock(make_mock: MakeMock, demo_folder: Path) -> None:
    """And takes its folders with it when it goes."""
    robot = make_mock(demo_folder, recorder=RecorderSettings(on=True))
    fork = robot.fork()
    shelf = fork.copies.shelf.folder
    robot.close()
    before = contents(fork)
    next(fork.folder.iterdir()).unlink()
    fork.reset()
    assert contents(fork) == before
    fork.close()
    assert not shelf.exists()
    assert not fork.folder.parent.exists()


def test_a_folder_that_is_served_where_it_lies_is_the_same_for_all(tmp_path: Path, make_mock: MakeMock) -> None:
    """It is not the mock's: nothing of it is taken or put back, whoever writes to it."""
    mock = make_mock(tmp_path)
    with mock.fork() as fork:
        mock.snapshots.save("empty")
        (tmp_path / "later.bag").touch()
        mock.snapshots.restore("empty")
        fork.reset()
        assert names(mock) == names(fork) == ["later.bag"]
        assert fork.folder == tmp_path


def test_a_recorder_in_real_time_does_not_make_up_for_a_reset(make_mock: MakeMock, demo_folder: Path) -> None:
    """It goes on from the present, as if it had been off."""
    with freeze_time("2026-11-20T12:00:00Z") as time:
        robot = make_mock(demo_folder, recorder=RecorderSettings(on=True, period_s=10))
        before = names(robot)
        time.tick(100)
        robot.reset()
        assert names(robot) == before
        time.tick(10)
        assert names(robot) == [*before, "2026-11-20_12-01-40.bag"]


def test_another_world_takes_the_place_of_the_first(tmp_path: Path, demo_folder: Path) -> None:
    """From generated bags to a folder that is served where it lies, to a recorder, and back."""
    (tmp_path / "lies.bag").touch()
    table = {"bag": [{"filename": "made.bag", "duration_s": 2.0}]}
    with create_mock("bags", world=table) as made:
        mock: BagsMock = made  # type: ignore[assignment]  # it is one
        mock.snapshots.save("first")
        mock.load({"folder": str(tmp_path)})
        assert (names(mock), mock.folder) == (["lies.bag"], tmp_path)
        mock.load({"folder": str(demo_folder), "recorder": {"on": True}})
        assert (len(names(mock)), mock.folder == demo_folder) == (6, False)
        mock.reset()
        assert len(names(mock)) == 6
        with pytest.raises(WorldError, match="there is no folder"):
            mock.load({"folder": "nowhere"})
        assert len(names(mock)) == 6
        mock.snapshots.restore("first")
        assert names(mock) == ["made.bag"]


def test_a_mock_is_made_without_a_data_folder() -> None:
    """The clock and the recorder of a world are those of its forks."""
    world = World(demo=False, recorder=RecorderSettings(on=True), clock=ClockSettings(frozen=True))
    with BagsMock(world) as mock, mock.fork() as fork:
        assert fork.clock.now() == mock.clock.now()
        assert fork.world is world
