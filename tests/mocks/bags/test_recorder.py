"""As the clock moves, bags appear and the oldest go."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests
from freezegun import freeze_time
from robowire_mocks.bags import BagsMock
from robowire_mocks.bags.folder import StoredBag
from robowire_mocks.bags.recorder import MOST_AT_ONCE, RecorderSettings, recording, victims
from robowire_mocks.core.serving import serve
from rosbags.rosbag1 import Reader

MakeMock = Callable[..., BagsMock]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ON = RecorderSettings(on=True, period_s=10, limit_bytes=1_500_000)
YEAR_S = 365 * 86400


@pytest.fixture
def robot(make_mock: MakeMock) -> BagsMock:
    """A robot that records the demo set's successors, in a time that stands still."""
    return make_mock(recorder=ON, start=NOON)


def listed(mock: BagsMock) -> list[dict[str, Any]]:
    """The list, as a client gets it."""
    entries: list[dict[str, Any]] = mock.app.test_client().get("/bags/").get_json()
    return entries


def names(mock: BagsMock) -> list[str]:
    """The file names of the list."""
    return [entry["filename"] for entry in listed(mock)]


def test_a_bag_appears_when_its_period_is_over(robot: BagsMock, read_truth: Callable[[Path], list[Any]]) -> None:
    """Named after its start, full of messages of that time, and played like any other."""
    before = names(robot)
    robot.clock.advance(9.5)
    assert names(robot) == before
    robot.clock.advance(0.5)
    (new,) = set(names(robot)) - set(before)
    assert new == "2026-11-20_12-00-00.bag"
    times = [one.stamp - NOON.timestamp() for one in read_truth(robot.folder / new)]
    assert 0 <= min(times) < 1
    assert 9 < max(times) <= 10
    facts = robot.app.test_client().get(f"/bags/{new}/player").get_json()
    assert facts["total_messages"] == len(times)


def test_recordings_depend_on_the_time_alone(make_mock: MakeMock) -> None:
    """Two robots that record the same minutes in other steps have the same bytes."""
    one, other = (make_mock(recorder=ON, start=NOON) for _ in range(2))
    one.clock.advance(30)
    for _ in range(3):
        other.clock.advance(10)
        names(other)
    assert names(one) == names(other)
    for name in names(one)[-3:]:
        assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()


def test_the_oldest_go_and_the_limit_is_kept(robot: BagsMock) -> None:
    """At every look, what vanished is older than what stays."""
    seen = listed(robot)
    purged = set()
    for _ in range(15):
        robot.clock.advance(20)
        now = listed(robot)
        assert sum(entry["size_bytes"] for entry in now) <= ON.limit_bytes
        gone = {entry["filename"] for entry in seen} - {entry["filename"] for entry in now}
        stayed = {entry["filename"] for entry in seen} - gone
        assert not gone or not stayed or max(gone) < min(stayed)
        purged |= gone
        seen = now
    assert purged


def test_a_year_costs_no_more_than_what_fits(robot: BagsMock) -> None:
    """Only the last recordings before the present are made."""
    robot.clock.advance(YEAR_S)
    last = datetime.fromtimestamp(NOON.timestamp() + YEAR_S - 10, UTC)
    found = names(robot)
    assert found[-1] == f"{last:%Y-%m-%d_%H-%M-%S}.bag"
    assert len(found) <= MOST_AT_ONCE + 6
    assert sum(entry["size_bytes"] for entry in listed(robot)) <= ON.limit_bytes


def test_a_clock_turned_back_records_nothing_twice(robot: BagsMock) -> None:
    """What was recorded stays, and time is recorded again only where there is nothing."""
    robot.clock.advance(30)
    first = listed(robot)
    robot.clock.freeze(robot.clock.now() - 20)
    assert listed(robot) == first
    robot.clock.advance(20)
    assert listed(robot) == first


def test_times_that_a_bag_cannot_tell_are_not_recorded(robot: BagsMock) -> None:
    """At either end of what ROS can express."""
    robot.clock.freeze(0)
    before = names(robot)
    robot.clock.freeze(3600)
    assert names(robot) == before
    assert recording(0, 10) is None


def test_the_recorder_is_off_by_default(make_mock: MakeMock) -> None:
    """Then time changes nothing, and the folder is served where it lies."""
    mock = make_mock(start=NOON)
    before = names(mock)
    mock.clock.advance(YEAR_S)
    assert names(mock) == before


def test_nobody_elses_recordings_are_purged(make_mock: MakeMock, demo_folder: Path) -> None:
    """A folder that is given is copied before anything is added to it or removed from it."""
    before = sorted(demo_folder.iterdir())
    mock = make_mock(demo_folder, recorder=ON, start=NOON)
    mock.clock.advance(YEAR_S)
    assert names(mock) != [path.name for path in before]
    assert sorted(demo_folder.iterdir()) == before


def test_it_follows_a_patched_clock(make_mock: MakeMock) -> None:
    """With a clock that runs, whoever moves time.time() moves the recorder."""
    with freeze_time(NOON) as frozen:
        mock = make_mock(recorder=ON)
        before = names(mock)
        frozen.tick(10)
        assert set(names(mock)) - set(before) == {"2026-11-20_12-00-00.bag"}


def test_a_purged_bag_is_downloaded_to_its_end(make_mock: MakeMock, tmp_path: Path) -> None:
    """A client that has begun gets every byte; nobody else can begin."""
    big = tmp_path / "2020-01-01_00-00-00.bag"
    content = bytes(range(256)) * 40_000
    big.write_bytes(content)
    mock = make_mock(tmp_path, recorder=RecorderSettings(on=True, period_s=10, limit_bytes=10_300_000), start=NOON)
    url = f"/bags/{big.name}/download"
    with serve(mock) as server:
        with requests.get(server.url + url, stream=True, timeout=10) as answer:
            blocks = answer.iter_content(65_536)
            received = next(blocks)
            mock.clock.advance(30)
            assert big.name not in [
                entry["filename"] for entry in requests.get(f"{server.url}/bags/", timeout=10).json()
            ]
            assert requests.get(server.url + url, timeout=10).status_code == 404
            received += b"".join(blocks)
        assert received == content


def test_many_requests_at_once_record_once(robot: BagsMock) -> None:
    """The first does the work, the others wait for it and see the same."""
    robot.clock.advance(30)
    with ThreadPoolExecutor(6) as pool:
        lists = list(pool.map(lambda _: names(robot), range(12)))
    assert lists.count(lists[0]) == len(lists)
    assert len(lists[0]) == len(set(lists[0]))


def test_a_recorder_that_cannot_write_fails_no_request(robot: BagsMock, caplog: pytest.LogCaptureFixture) -> None:
    """The log says so, and the next period is tried again."""
    before = names(robot)
    with patch.object(Path, "write_bytes", side_effect=OSError("disk full")):
        robot.clock.advance(10)
        assert names(robot) == before
    assert "disk full" in caplog.text
    robot.clock.advance(10)
    assert set(names(robot)) - set(before) == {"2026-11-20_12-00-10.bag"}


def test_nothing_unfinished_is_ever_listed(robot: BagsMock) -> None:
    """A bag has its name only once it is whole."""
    seen: list[list[str]] = []
    honest = Path.replace

    def watch(path: Path, target: Path) -> Path:
        seen.append(sorted(entry.name for entry in robot.folder.glob("*.bag")))
        with Reader(path) as reader:
            assert reader.message_count
        return honest(path, target)

    robot.clock.advance(20)
    with patch.object(Path, "replace", watch):
        names(robot)
    assert len(seen) >= 2
    assert "2026-11-20_12-00-00.bag" not in seen[0]


def test_victims_are_the_first_that_suffice() -> None:
    """None where nothing is too much, all where even that is not enough."""
    bags = [StoredBag(name, name, size, 0, 0) for name, size in (("a", 5), ("b", 3), ("c", 9))]
    chosen = [[bag.name for bag in victims(bags, excess)] for excess in (-1, 0, 1, 5, 6, 8, 9, 100)]
    assert chosen == [[], [], ["a"], ["a"], ["a", "b"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c"]]


@pytest.mark.parametrize("settings", [{"period_s": 0.5}, {"period_s": float("inf")}, {"limit_bytes": 0}])
def test_settings_that_make_no_sense(settings: dict[str, Any]) -> None:
    """Are refused in words."""
    with pytest.raises(ValueError, match="must be"):
        RecorderSettings(**settings)


def test_a_recorder_that_was_killed_records_nothing_twice(make_mock: MakeMock, tmp_path: Path) -> None:
    """The next process has the same bags, whether or not the last one had noted how far it came."""
    robot = make_mock(recorder=ON, start=NOON, data_dir=tmp_path / "data")
    robot.clock.advance(600)
    left: list[Path] = []

    def killed_before(period: int) -> None:
        left.append(shutil.copytree(tmp_path / "data", tmp_path / "killed"))
        note(period)

    note = robot.recorder._note
    with patch.object(robot.recorder, "_note", killed_before):
        bags = robot.recorded()
    again = make_mock(recorder=ON, start=NOON, data_dir=left[0])
    assert [bag.name for bag in again.recorded()] == [bag.name for bag in bags]
    again.clock.advance(30)
    robot.clock.advance(30)
    assert [bag.name for bag in again.recorded()] == [bag.name for bag in robot.recorded()]


@pytest.mark.parametrize("moment", ["rename", "rmtree"])
def test_a_reset_that_was_killed_is_done_or_not(moment: str, make_mock: MakeMock, tmp_path: Path) -> None:
    """The next process has the bags of before or those of the start, and none of each."""
    robot = make_mock(recorder=ON, start=NOON, data_dir=tmp_path / "data")
    start = names(robot)
    robot.clock.advance(300)
    before = names(robot)
    left: list[Path] = []

    def killed_now(honest: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            left.append(shutil.copytree(tmp_path / "data", tmp_path / f"killed-{len(left)}"))
            return honest(*args, **options)

        return call

    owner: Any = {"rename": Path, "rmtree": shutil}[moment]
    with patch.object(owner, moment, killed_now(getattr(owner, moment))):
        robot.reset()
    assert names(robot) == start != before
    found = [sorted(path.name for path in make_mock(recorder=ON, data_dir=one).recorded()) for one in left]
    assert found
    assert all(one in (start, before) for one in found)
    assert found == sorted(found, key=lambda one: one == start)
