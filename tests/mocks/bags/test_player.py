"""What the player says of a bag is what an independent reader finds in it."""

import base64
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from robowire_fixtures.bags import CACHE_CONTROL, LATCHED_TOPICS
from robowire_generators.demo import DEMO_BAGS
from robowire_mocks.bags import BagsMock

ReadTruth = Callable[[Path], Sequence[Any]]

SOUND = [bag.name for bag in DEMO_BAGS if bag.breakage is None]
EMPTY = next(bag.name for bag in DEMO_BAGS if bag.breakage == "no-messages")
TRUNCATED = next(bag.name for bag in DEMO_BAGS if (bag.breakage or "").startswith("truncated"))
TURTLES = ["turtlesim-example.bag", "turtlesim-example-bz2.bag", "turtlesim-example-lz4.bag"]


def expected(truth: Sequence[Any], start: float, end: float) -> list[Any]:
    """The last earlier message of each latched topic, then those of the range."""
    earlier = {one.topic: one for one in truth if one.topic in LATCHED_TOPICS and one.stamp < start}
    return sorted(earlier.values(), key=lambda one: one.time_ns) + [one for one in truth if start <= one.stamp <= end]


def same(given: dict[str, Any], one: Any) -> bool:
    """Whether a message of a chunk is this one of the bag."""
    told = {"topic": one.topic, "__stamp": one.stamp, "__latched": one.topic in LATCHED_TOPICS}
    if not isinstance(one.fields, dict):
        return {name: given.get(name) for name in told} == told
    return alike(given, {**one.fields, **told})


def alike(given: Any, due: Any) -> bool:
    """Whether two JSON values are the same; an array of bytes may be a base64 string."""
    if isinstance(given, str) and isinstance(due, list):
        return list(base64.b64decode(given)) == [number % 256 for number in due]
    if isinstance(due, dict):
        return (
            isinstance(given, dict)
            and given.keys() == due.keys()
            and all(alike(given[name], due[name]) for name in due)
        )
    if isinstance(due, list):
        return isinstance(given, list) and len(given) == len(due) and all(map(alike, given, due))
    return bool(given == due) and type(given) is type(due)


def check_chunk(client: FlaskClient, name: str, truth: Sequence[Any], start: float, end: float) -> None:
    """A chunk holds exactly what the bag says."""
    answer = client.get(f"/bags/{name}/player", query_string={"start_time": repr(start), "end_time": repr(end)})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == CACHE_CONTROL
    due = expected(truth, start, end)
    left = answer.get_json()["messages"]
    assert [one["__stamp"] for one in left] == [one.stamp for one in due]
    for one in due:  # those of one time come in any order, and any of them may be the last
        twins = (
            [twin for twin in truth if (twin.time_ns, twin.topic) == (one.time_ns, one.topic)]
            if one.stamp < start
            else [one]
        )
        del left[next(number for number, given in enumerate(left) if any(same(given, twin) for twin in twins))]


def ranges(truth: Sequence[Any]) -> list[tuple[float, float]]:
    """The whole, nothing before and after, parts with fractions, and bounds that lie on messages."""
    first, last = truth[0].stamp, truth[-1].stamp
    stamps = [one.stamp for one in truth]
    latched = [one.stamp for one in truth if one.topic in LATCHED_TOPICS] or stamps
    middle, third = stamps[len(stamps) // 2], first + (last - first) / 3
    on = latched[len(latched) // 2]
    return [
        (first, last),
        (0.0, first),
        (0.0, math.nextafter(first, 0)),
        (last, 1e300),
        (math.nextafter(last, math.inf), last + 1e6),
        (third, third + 1.25),
        (middle, middle),
        (on, on + 0.5),
        (math.nextafter(on, 0), on),
        (math.floor(middle), math.floor(middle) + 1.0),
    ]


@pytest.mark.parametrize("name", SOUND)
def test_chunks_of_generated_bags(mock: BagsMock, client: FlaskClient, read_truth: ReadTruth, name: str) -> None:
    """Every compression, several connections per topic, and latched topics."""
    truth = read_truth(mock.folder / name)
    for start, end in ranges(truth):
        check_chunk(client, name, truth, start, end)


@pytest.mark.parametrize("name", TURTLES)
def test_chunks_of_real_bags(
    real_bags: Path, make_mock: Callable[..., BagsMock], read_truth: ReadTruth, name: str
) -> None:
    """Recorded by a real recorder, with types of its own."""
    truth = read_truth(real_bags / name)
    client = make_mock(real_bags).app.test_client()
    for start, end in ranges(truth)[0 if name == TURTLES[0] else 1 :]:  # the whole bag once
        check_chunk(client, name, truth, start, end)


@pytest.mark.parametrize("name", SOUND)
def test_metadata(mock: BagsMock, client: FlaskClient, read_truth: ReadTruth, name: str) -> None:
    """The count of messages, and the seconds of the first and the last."""
    truth = read_truth(mock.folder / name)
    answer = client.get(f"/bags/{name}/player")
    assert answer.headers["Cache-Control"] == CACHE_CONTROL
    due = {"total_messages": len(truth), "start_time": int(truth[0].stamp), "end_time": int(truth[-1].stamp)}
    assert answer.get_json() == due
    chunk = client.get(f"/bags/{name}/player?start_time=1&end_time=2").get_json()
    assert chunk == {**due, "messages": []}


def test_a_bag_without_messages(client: FlaskClient) -> None:
    """It is no error: it has none, and chunks without any."""
    assert client.get(f"/bags/{EMPTY}/player").get_json() == {"total_messages": 0, "start_time": 0, "end_time": 0}
    chunk = client.get(f"/bags/{EMPTY}/player?start_time=0&end_time=5e9").get_json()
    assert chunk == {"total_messages": 0, "start_time": 0, "end_time": 0, "messages": []}


def test_head_is_get_without_the_body(client: FlaskClient) -> None:
    """With the same headers."""
    path = f"/bags/{SOUND[0]}/player?start_time=0&end_time=5e9"
    get, head = client.get(path), client.head(path)
    assert head.data == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


@pytest.mark.parametrize("query", ["", "?start_time=0&end_time=5e9"])
@pytest.mark.parametrize("name", [TRUNCATED, "none.bag", "none", ".bag", ""])
def test_a_bag_that_is_not_there_or_corrupted(client: FlaskClient, name: str, query: str) -> None:
    """400 with an error, which is not to be cached."""
    answer = client.get(f"/bags/{name}/player{query}")
    assert (answer.status_code, list(answer.get_json()), answer.headers["Cache-Control"]) == (
        400,
        ["error"],
        "no-store",
    )


def test_damage_within_a_chunk_is_found_on_the_way(
    tmp_path: Path, mock: BagsMock, make_mock: Callable[..., BagsMock]
) -> None:
    """The index is whole, so metadata are given; the chunk that hits the damage is an error, others are not."""
    name = next(bag.name for bag in DEMO_BAGS if bag.compression == "bz2")
    raw = bytearray((mock.folder / name).read_bytes())
    at = raw.rindex(b"BZh") + 4
    raw[at : at + 20] = bytes(20)
    (tmp_path / name).write_bytes(raw)
    client = make_mock(tmp_path).app.test_client()
    facts = client.get(f"/bags/{name}/player").get_json()
    late = client.get(f"/bags/{name}/player?start_time={facts['end_time']}&end_time={facts['end_time'] + 1}")
    early = client.get(f"/bags/{name}/player?start_time={facts['start_time']}&end_time={facts['start_time'] + 1}")
    assert (late.status_code, list(late.get_json()), early.status_code) == (400, ["error"], 200)
