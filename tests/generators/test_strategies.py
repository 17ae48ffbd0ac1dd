from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, given, settings
from robowire_generators import strategies
from robowire_generators.definitions import internal_name
from robowire_generators.encoding import Ros1Encoder
from robowire_generators.strategies import MessageType, SampleBag
from rosbags.rosbag1 import Reader
from rosbags.serde import SerdeError


@settings(max_examples=50, deadline=None, database=None)
@given(strategies.bags())
def test_bags_are_valid_and_hold_what_they_say(bag: SampleBag) -> None:
    """A reader that this project did not write finds the same connections and messages."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "sample.bag")
        path.write_bytes(bag.data)
        with Reader(path) as reader:
            read = [(time_ns, connection.id, data) for connection, time_ns, data in reader.messages()]
            connections = [
                (c.id, c.topic, c.msgtype, c.msgdef.data, c.digest, c.ext.callerid, c.ext.latching)  # type: ignore[union-attr]
                for c in reader.connections
            ]
    assert sorted(read) == sorted((m.time_ns, m.connection.id, m.data) for m in bag.messages)
    assert connections == [
        (c.id, c.topic, internal_name(c.type.name), c.type.definition, c.type.md5, c.callerid, c.latching)
        for c in bag.connections
    ]


@settings(max_examples=30, deadline=None, database=None)
@given(strategies.custom_types().flatmap(lambda kind: strategies.values(kind).map(lambda value: (kind, value))))
def test_values_fit_their_type(sample: tuple[MessageType, dict[str, Any]]) -> None:
    """What is encoded is decoded by rosbags' own code to as many bytes."""
    kind, value = sample
    data = Ros1Encoder(kind.store).encode(kind.name, value)
    name = internal_name(kind.name)
    try:
        message = kind.store.deserialize_ros1(data, name)
    except SerdeError as error:
        if isinstance(error.__cause__, UnicodeDecodeError):
            return  # such strings are wanted, and rosbags refuses them
        raise
    assert bytes(kind.store.serialize_ros1(message, name)) == data


RARE: dict[str, Callable[[SampleBag], bool]] = {
    "ties": lambda bag: len({m.time_ns for m in bag.messages}) < len(bag.messages),
    "out of order": lambda bag: [m.time_ns for m in bag.messages] != sorted(m.time_ns for m in bag.messages),
    "several connections": lambda bag: len({c.topic for c in bag.connections}) < len(bag.connections),
    "custom types": lambda bag: any(m.connection.type.name.startswith("any_msgs/") for m in bag.messages),
    "several chunks": lambda bag: bag.chunk_size < 1000 and len(bag.messages) > 4,
    "no messages": lambda bag: not bag.messages,
}


def test_bags_have_the_rare_cases() -> None:
    """They come often enough to be met in a few examples."""
    met: set[str] = set()

    @settings(max_examples=60, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
    @given(strategies.bags())
    def look(bag: SampleBag) -> None:
        met.update(name for name, holds in RARE.items() if holds(bag))

    look()
    assert met == set(RARE)
