"""What a downloaded bag really holds, read by a reader that this project did not write (rosbags)."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rosbags.rosbag1 import Reader
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

if TYPE_CHECKING:
    from rosbags.typesys.store import Typestore

MAGIC = b"#ROSBAG V"
PLACEHOLDER = "structure_needs_at_least_one_member"
"""The field that rosbags gives types that have none."""

HEADER_BYTES = 4109
"""The magic line and the padded header record that every bag begins with."""

MAX_MESSAGE_BYTES = 512 * 2**20
"""How many bytes of messages a recording may hold here, so that a small hostile file cannot fill the memory."""


class Unreadable(Exception):  # noqa: N818  # a statement about a file
    """The independent reader refuses the file; `salvageable` tells whether a lenient server could still read some."""

    def __init__(self, reason: str, *, salvageable: bool) -> None:
        super().__init__(reason)
        self.salvageable = salvageable


@dataclass(frozen=True, slots=True, order=True)
class Recorded:
    """A recorded message: when (ns since the epoch), its place in the file's order of time, and its bytes."""

    time_ns: int
    index: int
    topic: str
    type: str
    data: bytes


class Recording:
    """The messages of one bag in order of time, with what is needed to compare answers with them."""

    def __init__(
        self, messages: Iterable[tuple[int, str, str, bytes]], latching: Iterable[str], types: "Types"
    ) -> None:
        ordered = sorted(messages, key=lambda message: message[0])
        self.messages: Sequence[Recorded] = [
            Recorded(time_ns, index, topic, kind, data) for index, (time_ns, topic, kind, data) in enumerate(ordered)
        ]
        self.times: Sequence[int] = [message.time_ns for message in self.messages]
        self.marked_latching: frozenset[str] = frozenset(latching)
        self.types = types

    @cached_property
    def by_topic(self) -> dict[str, list[Recorded]]:
        """The messages of each topic, in order of time."""
        topics: dict[str, list[Recorded]] = defaultdict(list)
        for message in self.messages:
            topics[message.topic].append(message)
        return dict(topics)

    def of_topic(self, topic: str, low_ns: int, high_ns: int) -> Sequence[Recorded]:
        """The messages of a topic from `low_ns` to `high_ns`, both included."""
        times = self._topic_times[topic]
        return self.by_topic[topic][bisect_left(times, low_ns) : bisect_right(times, high_ns)]

    def latest_of_topic(self, topic: str, before_ns: int) -> Sequence[Recorded]:
        """The last messages of a topic before a time: none, one, or as many as were recorded at the same moment."""
        times = self._topic_times[topic]
        index = bisect_left(times, before_ns)
        return self.of_topic(topic, times[index - 1], times[index - 1]) if index else ()

    @cached_property
    def _topic_times(self) -> dict[str, list[int]]:
        return {topic: [message.time_ns for message in messages] for topic, messages in self.by_topic.items()}

    @property
    def start_ns(self) -> int:
        """The time of the first message."""
        return self.times[0]

    @property
    def end_ns(self) -> int:
        """The time of the last message."""
        return self.times[-1]

    def between(self, low_ns: int, high_ns: int) -> Sequence[Recorded]:
        """The messages from `low_ns` to `high_ns`, both included."""
        return self.messages[bisect_left(self.times, low_ns) : bisect_right(self.times, high_ns)]


class Types:
    """The message types that a bag defines, to read its messages by.

    `definitions` are types with the definitions that its connections carry; one that rosbags cannot parse is left out.
    """

    def __init__(self, definitions: Iterable[tuple[str, str]] = ()) -> None:
        self._store: Typestore = get_typestore(Stores.EMPTY)
        self._broken: set[str] = set()
        for kind, definition in definitions:
            try:
                types = get_types_from_msg(definition, kind)
                self._store.register({name: types[name] for name in types if name not in self._store.types})
            except Exception:  # noqa: BLE001  # a definition that the reader cannot parse only means fewer comparisons
                self._broken.add(kind)

    def fields(self, kind: str) -> Sequence[tuple[str, Any]]:
        """Names and descriptors of a type's fields, in order."""
        return [field for field in self._store.fielddefs[kind][1] if field[0] != PLACEHOLDER]

    def decode(self, message: Recorded) -> Any | None:
        """The message's values, or None where the reader has no way to read them (text that is not UTF-8, say)."""
        if message.type in self._broken:
            return None
        try:
            return self._store.deserialize_ros1(message.data, message.type)
        except Exception:  # noqa: BLE001  # whatever the reader cannot decode is not compared
            return None


@cache
def _types(definitions: frozenset[tuple[str, str]]) -> Types:
    """The types of a bag, shared with all bags that define the same ones: parsing and compiling them takes long."""
    return Types(sorted(definitions))


def read_recording(path: Path) -> Recording:
    """Read a whole bag.

    Raises:
        Unreadable: It is no bag that the independent reader can read.
    """
    definitions: set[tuple[str, str]] = set()
    latching: set[str] = set()
    messages: list[tuple[int, str, str, bytes]] = []
    size = 0
    try:
        with Reader(path) as reader:
            for connection in reader.connections:
                definitions.add((connection.msgtype, connection.msgdef.data))
                if getattr(connection.ext, "latching", 0) == 1:
                    latching.add(connection.topic)
            for connection, time_ns, data in reader.messages():
                if (size := size + len(data)) > MAX_MESSAGE_BYTES:
                    break
                messages.append((time_ns, connection.topic, connection.msgtype, bytes(data)))
    except Exception as error:  # whatever the reader stumbles over is the file's condition
        raise Unreadable(str(error) or type(error).__name__, salvageable=_unfinished(path)) from error
    if size > MAX_MESSAGE_BYTES:
        raise Unreadable(f"it holds more than the {MAX_MESSAGE_BYTES} bytes that the suite reads", salvageable=True)
    return Recording(messages, latching, _types(frozenset(definitions)))


def _unfinished(path: Path) -> bool:
    """Whether the file is a bag that its recorder never closed: not damaged, only without an index."""
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    position = start.find(b"index_pos=")
    return start.startswith(MAGIC) and position > 0 and start[position + 10 : position + 18] == bytes(8)
