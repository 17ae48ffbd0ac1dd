import json
from base64 import b64encode
from collections.abc import Callable
from math import inf, isfinite
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from robowire_generators.broken import BREAKAGES, Harm, break_bag
from robowire_generators.recipe import BagRecipe
from robowire_generators.rosbag1 import generate_bag
from robowire_generators.strategies import SampleBag, bags
from robowire_mocks.formats.ros1_json import converter
from robowire_mocks.formats.rosbag1 import Bag, BagError, Message
from rosbags.rosbag1 import Reader

NewPath = Callable[[], Path]


def document(message: Message) -> Any:
    """What a client reads of a message."""
    fields = converter(message.connection)(message.data)
    return json.loads(orjson.dumps(fields, option=orjson.OPT_SERIALIZE_NUMPY))


def expected_message(store: Any, name: str, value: dict[str, Any]) -> Any:
    """The JSON value of a generated message."""
    return {
        field: expected(store, description, value[field])
        for field, description in store.fielddefs[name][1]
        if field in value
    }


def expected(store: Any, description: Any, value: Any) -> Any:
    """The JSON value of a generated value, by rosbags' description of its type."""
    kind, detail = description
    match kind.name:
        case "ARRAY" | "SEQUENCE" if isinstance(value, bytes) or (detail[0][1] == ("byte", 0)):
            return b64encode(value if isinstance(value, bytes) else bytes(item % 256 for item in value)).decode()
        case "ARRAY" | "SEQUENCE":
            return [expected(store, detail[0], item) for item in value]
        case "NAME" if detail.startswith("builtin_interfaces/"):
            return value
        case "NAME":
            return expected_message(store, detail, value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if isinstance(value, float) and not isfinite(value) else value


def says_what_it_means(sample: SampleBag) -> bool:
    """Whether the definitions fit the data: rosbags writes an array of the fixed length 0 as one of any length."""
    descriptions = [
        description
        for connection in sample.connections
        for name, (_, fields) in connection.type.store.fielddefs.items()
        if name.startswith("any_msgs/")
        for _, description in fields
    ]
    return not any(kind.name == "ARRAY" and detail[1] == 0 for kind, detail in descriptions)


def joined_times(value: Any) -> Any:
    """A JSON value with {"secs", "nsecs"} as nanoseconds, which is how they are generated."""
    if isinstance(value, list):
        return [joined_times(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"secs", "nsecs"}:
            return value["secs"] * 10**9 + value["nsecs"]
        return {name: joined_times(item) for name, item in value.items()}
    return value


@given(bags(max_messages=6).filter(says_what_it_means))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bag_is_read_as_it_was_made(new_path: NewPath, sample: SampleBag) -> None:
    """Every connection, time and value of bags of any types, chunks and compressions."""
    path = new_path()
    path.write_bytes(sample.data)
    bag = Bag.open(path)
    made = sorted(sample.messages, key=lambda message: message.time_ns)
    found = list(bag.messages(-inf, inf))
    assert [(each.time_ns, each.connection.id, each.data) for each in found] == [
        (each.time_ns, each.connection.id, each.data) for each in made
    ]
    for connection in sample.connections:
        read = bag.connections[connection.id]
        assert (read.topic, read.type, read.latching) == (
            connection.topic,
            connection.type.name,
            connection.latching == 1,
        )
    for message, origin in zip(found, made, strict=True):
        package, _, name = origin.connection.type.name.partition("/")
        value = expected_message(origin.connection.type.store, f"{package}/msg/{name}", dict(origin.value))
        assert joined_times(document(message)) == value


@pytest.fixture(scope="module")
def recorded(new_path: NewPath) -> Path:
    """A few seconds of the robot."""
    return generate_bag(new_path(), BagRecipe(duration_s=5, profile="telemetry", chunk_size=30_000, connections=2)).path


def test_a_recording_of_the_robot_is_read_as_another_reader_reads_it(recorded: Path) -> None:
    """Every message is found and becomes JSON."""
    found = list(Bag.open(recorded).messages(-inf, inf))
    with Reader(recorded) as reader:
        theirs = [(time_ns, connection.id, bytes(data)) for connection, time_ns, data in reader.messages()]
    assert sorted((message.time_ns, message.connection.id, message.data) for message in found) == sorted(theirs)
    assert all(document(message) for message in found)


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_broken_bag_is_refused(recorded: Path, new_path: NewPath, name: str) -> None:
    """What cannot be opened is refused at once, what cannot be read at the latest when it is read."""
    path = new_path()
    path.write_bytes(break_bag(name, recorded.read_bytes()))
    harm = BREAKAGES[name].harm
    if harm is Harm.OPEN:
        with pytest.raises(BagError):
            Bag.open(path)
    elif harm is Harm.READ:
        with pytest.raises(BagError):
            [document(message) for message in Bag.open(path).messages(-inf, inf)]
    else:
        assert [document(message) for message in Bag.open(path).messages(-inf, inf)] == []
