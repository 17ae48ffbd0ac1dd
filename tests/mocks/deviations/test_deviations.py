"""Every deviation breaks something that a client can see, and every requirement can be broken."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from robowire_fixtures.bags import LATCHED_TOPICS
from robowire_fixtures.catalogue import APIS, load_catalogue
from robowire_mocks.bags import BagsMock
from robowire_mocks.bags.recorder import RecorderSettings
from robowire_mocks.bags.world import World
from robowire_mocks.core.world import ClockSettings
from robowire_mocks.deviations import Deviation, Registry, load
from robowire_mocks.formats.rosbag1 import Bag, stamp

DEVIATIONS = load("bags")
CLOCK_STEPS = {"recording", "victims"}


@pytest.mark.parametrize("api", APIS)
def test_every_requirement_has_a_deviation(api: str) -> None:
    """Unless the catalogue says why none can break it."""
    catalogue = load_catalogue(api)
    broken = {deviation.breaks for deviation in load(api)}
    assert broken <= set(catalogue.requirements)
    assert {one.id for one in catalogue if not one.unbroken} == broken


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.id)
def test_a_deviation_says_what_it_does(deviation: Deviation) -> None:
    """An id of words, a step that there is, and a sentence."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", deviation.id)
    assert re.fullmatch(r"[A-Za-z_/].*[^.]\.", deviation.summary)
    assert "\n" not in deviation.summary


def test_ids_are_unique() -> None:
    """The registry refuses a second one."""
    registry = Registry("bags")
    registry.add("a", breaks="BAGS-LIST-001", step="list", summary="A.", wrapper=print)
    with pytest.raises(ValueError, match="declared twice"):
        registry.add("a", breaks="BAGS-LIST-002", step="list", summary="A.", wrapper=print)


def test_an_unknown_api_has_none() -> None:
    """The error names those that there are."""
    with pytest.raises(ValueError, match="there are: bags, losant"):
        load("bogs")


@pytest.fixture(scope="module")
def robot(demo_folder: Path) -> Iterator[BagsMock]:
    """A robot that records, in a time that stands still."""
    clock = ClockSettings(start=datetime(2026, 11, 20, 12, tzinfo=UTC), frozen=True)
    recorder = RecorderSettings(on=True, period_s=5, limit_bytes=1_000_000)
    with BagsMock(World(folder=demo_folder, recorder=recorder, clock=clock), None, control=False) as mock:
        yield mock


@pytest.fixture(scope="module")
def paths(robot: BagsMock) -> list[str]:
    """Requests that between them touch everything that a deviation may break."""
    names = [bag.name for bag in robot.storage.bags()]
    asked = ["/bags/", "/bags/none.bag/player", "/bags/none.bag/player?start_time=1&end_time=2"]
    for name in names:
        asked += [f"/bags/{name}/{rest}" for rest in ("player", "player?start_time=0&end_time=5e9", "download")]
        asked += [f"/bags/{name}/player?{query}" for query in _queries(robot.folder / name)]
    return asked


def _likely(step: str, path: str) -> int:
    """Where to look first for what a step does: 0 at once, 1 later."""
    if step in {"list", "entry"}:
        return path != "/bags/"
    if step == "download":
        return not path.endswith("download")
    if step == "metadata":
        return not path.endswith("player")
    return "?" not in path or "=5e9" in path


def _queries(path: Path) -> Iterator[str]:
    try:
        messages = list(Bag.open(path).messages(0, 5e9))
    except Exception:  # noqa: BLE001  # a bag that is broken on purpose
        return
    if not messages:
        return
    yield from (
        "start_time=1",
        "end_time=1",
        "start_time=x&end_time=1",
        "start_time=1&end_time=x",
        "start_time=2&end_time=1",
    )
    times = [stamp(message.time_ns) for message in messages]
    latched = [stamp(message.time_ns) for message in messages if message.connection.topic in LATCHED_TOPICS]
    count, on = len(times), latched[len(latched) // 2]
    for start, end in (
        (times[count // 3], times[count // 2]),
        (times[count // 2], times[2 * count // 3]),
        (int(times[-1]) - 1.6, int(times[-1]) - 0.3),
        (times[-1] + 1, times[-1] + 2),
        (on, on),
        (1.0, 2.0),
    ):
        yield f"start_time={start!r}&end_time={end!r}"


@pytest.fixture(scope="module")
def honest(robot: BagsMock, paths: list[str]) -> dict[str, Any]:
    """What is answered without deviations."""
    client = robot.app.test_client()
    return {path: _ask(client, path) for path in paths} | {"clock": _lists_as_time_goes_by(robot)}


def _ask(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    return answer.status_code, answer.headers.get("Cache-Control"), answer.data


def _lists_as_time_goes_by(robot: BagsMock) -> list[bytes]:
    lists = []
    for seconds in (5, 10, 20, 40):
        robot.clock.advance(seconds)
        lists.append(robot.app.test_client().get("/bags/").data)
    robot.reset()
    return lists


def test_honest_answers_repeat_themselves(robot: BagsMock, paths: list[str], honest: dict[str, Any]) -> None:
    """Else a difference would prove nothing."""
    client = robot.app.test_client()
    robot.deviate()
    assert {path: _ask(client, path) for path in paths} | {"clock": _lists_as_time_goes_by(robot)} == honest


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.id)
def test_a_deviation_changes_an_answer(
    robot: BagsMock, paths: list[str], honest: dict[str, Any], deviation: Deviation
) -> None:
    """At least one of many; and none of them is a fault of the mock."""
    client = robot.app.test_client()
    robot.deviate(deviation.id)
    try:
        if deviation.step in CLOCK_STEPS:
            assert _lists_as_time_goes_by(robot) != honest["clock"]
        else:
            likely = sorted(paths, key=lambda path: _likely(deviation.step, path))
            changed = next(given for path in likely if (given := _ask(client, path)) != honest[path])
            assert b"the mock failed" not in changed[2]
    finally:
        robot.deviate()
