"""Hypothesis strategies that give ROS 1 bags: any types, values, connections, times, chunks and compressions."""

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from robowire_generators.broken import BREAKAGES
from robowire_generators.definitions import OWN_DEFINITIONS, internal_name, typestore
from robowire_generators.encoding import FORMATS, PLACEHOLDER, Ros1Encoder
from robowire_generators.recipe import MAX_CHUNK_SIZE, PROFILES, BagRecipe, Compression

if TYPE_CHECKING:
    from rosbags.interfaces import Connection
    from rosbags.interfaces.typing import FieldDesc
    from rosbags.typesys.store import Typestore

SECOND = 1_000_000_000
"""Nanoseconds."""

COMMON_TYPES: tuple[str, ...] = (
    "std_msgs/String",
    "std_msgs/Empty",
    "std_msgs/Time",
    "std_msgs/Int64MultiArray",
    "geometry_msgs/PoseStamped",
    "sensor_msgs/LaserScan",
    "sensor_msgs/CompressedImage",
    "diagnostic_msgs/DiagnosticArray",
    "nav_msgs/Path",
    *OWN_DEFINITIONS,
)
"""Types that every robot knows, and this one's own."""

PRIMITIVES: tuple[str, ...] = (*FORMATS, "string", "time", "duration")
"""What fields can be without being messages."""

TOPICS: tuple[str, ...] = ("/odom", "/scan", "/alerts", "/map/info", "/detected_features/racks_v2", "/a", "/ä b")
"""Names to choose from, latched topics of the robot among them."""


class Style(NamedTuple):
    """How people write definitions: what stands between type and name, after a field, and at the end of a line."""

    space: str
    comment: str
    end: str


_STYLES = st.sampled_from(
    (
        Style(" ", "", "\n"),
        Style("   ", "  # °C, = 3 or ₂", "\n"),
        Style(" ", "", "\r\n"),
        Style(" ", "\t# uint8 fake\n\n", "\n"),  # between type and name ROS takes spaces only
        Style(" ", "#", "\r\n\r\n"),
    )
)
_SUFFIXES = st.sampled_from(("", "", "", "[]", "[]", "[1]", "[3]"))
_NAMES = st.sampled_from(("value", "name", "data", "Field"))
_CONSTANTS = st.sampled_from(
    ((), ("uint8 KIND=7", "int64 LEAST=-9223372036854775808"), ("float32 RATIO=0.5", "string LABEL=a label"))
)


@dataclass(frozen=True, slots=True)
class MessageType:
    """A message type with all that it uses.

    Attributes:
        name: Such as `any_msgs/Outer`.
        definition: The text that a bag carries, with the definitions of the types it uses.
        md5: Its sum.
        store: Knows it.
    """

    name: str
    definition: str
    md5: str
    store: "Typestore"


@dataclass(frozen=True, slots=True)
class SampleConnection:
    """A connection as a bag tells of it."""

    id: int
    topic: str
    type: MessageType
    callerid: str | None
    latching: int | None


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """A message: when (ns since the epoch), by which connection, its value and its bytes."""

    time_ns: int
    connection: SampleConnection
    value: Mapping[str, Any]
    data: bytes


@dataclass(frozen=True, slots=True)
class SampleBag:
    """A bag and what it holds.

    Attributes:
        data: The bytes of the file.
        connections: By their ids.
        messages: In the order of the file, which need not be that of time.
        chunk_size: Bytes of messages that fill a chunk.
        compression: Of the chunks.
    """

    data: bytes
    connections: tuple[SampleConnection, ...]
    messages: tuple[SampleMessage, ...]
    chunk_size: int
    compression: Compression

    def __repr__(self) -> str:
        """Leave the bytes out: they say nothing to a reader of a failure."""
        kept = [
            (m.time_ns, m.connection.id, m.connection.topic, m.connection.type.name, m.value) for m in self.messages
        ]
        return f"SampleBag(chunk_size={self.chunk_size}, compression={self.compression}, messages={kept})"


@cache
def times(around_ns: int = 1_698_762_600 * SECOND) -> st.SearchStrategy[int]:
    """Give times within a minute, ns since the epoch: many on whole seconds, many the same, some a nanosecond apart."""
    seconds = st.integers(0, 60)
    fractions = st.sampled_from((0, 0, 1, 500_000_000, SECOND - 1)) | st.integers(0, SECOND - 1)
    return st.builds(lambda whole, part: around_ns + whole * SECOND + part, seconds, fractions)


@cache
def strings() -> st.SearchStrategy[str | bytes]:
    """Give strings of messages: any text, and bytes that are not UTF-8."""
    return st.text(st.characters(codec="utf-8"), max_size=8) | st.binary(max_size=6)


@cache
def numbers(primitive: str) -> st.SearchStrategy[Any]:
    """Give the values of a primitive type of numbers, its limits, NaN and infinities among them."""
    if primitive == "bool":
        return st.booleans()
    if primitive in {"float32", "float64"}:
        return st.floats(width=32 if primitive == "float32" else 64) | st.sampled_from((math.nan, math.inf, -math.inf))
    letter = FORMATS[primitive]
    bits = {"b": 8, "h": 16, "i": 32, "q": 64}[letter.lower()]
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if letter.islower() else (0, 2**bits - 1)
    return st.integers(low, high) | st.sampled_from((low, high))


def values(kind: MessageType) -> st.SearchStrategy[dict[str, Any]]:
    """Give values of a message type, as `Ros1Encoder.encode` takes them."""
    if kind.store is typestore():
        return _common_values(kind.name)
    return _message(kind.store, internal_name(kind.name))


@cache
def _common_values(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return _message(typestore(), internal_name(name))


def _message(store: "Typestore", name: str) -> st.SearchStrategy[Any]:
    if name == "builtin_interfaces/msg/Time":
        return st.integers(0, 2**32 * SECOND - 1) | times()
    if name == "builtin_interfaces/msg/Duration":
        return st.integers(-(2**31) * SECOND, 2**31 * SECOND - 1) | st.integers(-2 * SECOND, 2 * SECOND)
    fields = store.fielddefs[name][1]
    return st.fixed_dictionaries({field: _field(store, desc) for field, desc in fields if field != PLACEHOLDER})


def _field(store: "Typestore", desc: "FieldDesc") -> st.SearchStrategy[Any]:
    kind, detail = desc
    if isinstance(detail, str):
        return _message(store, detail)
    inner, length = detail
    if isinstance(inner, str):
        return strings() if inner == "string" else numbers(inner)
    fixed = length if kind.name == "ARRAY" else None
    if inner[1] in {("uint8", 0), ("char", 0)}:
        return st.binary(min_size=fixed or 0, max_size=8 if fixed is None else fixed)
    return st.lists(_field(store, inner), min_size=fixed or 0, max_size=3 if fixed is None else fixed)


@cache
def common_type(name: str) -> MessageType:
    """Look up a type that every robot knows."""
    text, md5 = typestore().generate_msgdef(internal_name(name))
    return MessageType(name, text, md5, typestore())


@st.composite
def custom_types(draw: st.DrawFn) -> MessageType:
    """Give types that nobody has seen: up to three that use each other, with constants, comments and any line ends."""
    from rosbags.typesys import Stores, get_typestore  # loads numpy and the type stores
    from rosbags.typesys.msg import get_types_from_msg

    store = get_typestore(Stores.ROS1_NOETIC)
    usable = [*PRIMITIVES, "std_msgs/Header", "geometry_msgs/Point"]
    name = ""
    for level in range(draw(st.integers(1, 3))):
        name = f"any_msgs/Level{level}"
        text = "".join(f"{line}\n" for line in draw(_lines(usable)))
        store.register(get_types_from_msg(text, internal_name(name)))
        # The next level uses this one as often as all primitives together.
        usable += [name] * len(PRIMITIVES)
    text, md5 = store.generate_msgdef(internal_name(name))
    return MessageType(name, _decorated(text, draw(_STYLES)), md5, store)


@st.composite
def _lines(draw: st.DrawFn, usable: Sequence[str]) -> list[str]:
    """Give the lines of one definition: constants, then fields."""
    fields = draw(st.lists(st.tuples(st.sampled_from(usable), _SUFFIXES, _NAMES), max_size=4))
    return [*draw(_CONSTANTS), *(f"{kind}{suffix} {name}_{n}" for n, (kind, suffix, name) in enumerate(fields))]


def _decorated(text: str, style: Style) -> str:
    """Write a definition in a style; its meaning stays."""

    def line(plain: str) -> str:
        if plain.startswith("="):  # ROS's tools write an empty line before it
            return f"\n{plain}\n"
        if plain.startswith("MSG:"):
            return plain + "\n"
        if plain.startswith("string LABEL"):  # all the rest of such a line is its value
            return plain + style.end
        return plain.replace(" ", style.space, 1) + style.comment + style.end

    return "".join(line(plain) for plain in text.splitlines())


def message_types() -> st.SearchStrategy[MessageType]:
    """Give message types: well-known ones and custom ones."""
    return st.sampled_from(COMMON_TYPES).map(common_type) | custom_types()


@st.composite
def connections(draw: st.DrawFn, topics: Sequence[str] = TOPICS) -> tuple[SampleConnection, ...]:
    """Give the connections of a bag: one to three nodes for each of up to four topics; a topic has one type."""
    made: list[SampleConnection] = []
    for topic in draw(st.lists(st.sampled_from(topics), unique=True, min_size=1, max_size=4)):
        kind = draw(message_types())
        callers = st.none() | st.sampled_from(("/node", "/other", "/node_1"))
        for caller in draw(st.lists(callers, unique=True, min_size=1, max_size=3)):
            latching = draw(st.sampled_from((None, 0, 1)))
            made.append(SampleConnection(len(made), topic, kind, caller, latching))
    return tuple(made)


@st.composite
def messages(
    draw: st.DrawFn, known: Sequence[SampleConnection], *, max_size: int = 12, in_order: bool = False
) -> tuple[SampleMessage, ...]:
    """Give messages of some connections, ties included, in any order of time or as recorders write them."""
    shared = draw(st.lists(times(), min_size=1, max_size=3))
    moment = st.tuples(st.sampled_from(shared) | times(), st.sampled_from(known))
    size = draw(st.integers(0, max_size))
    moments = draw(st.lists(moment, min_size=size, max_size=size))
    of_connection = {connection.id: values(connection.type) for connection in known}

    def message(time_ns: int, connection: SampleConnection) -> SampleMessage:
        value = draw(of_connection[connection.id])
        data = Ros1Encoder(connection.type.store).encode(connection.type.name, value)
        return SampleMessage(time_ns, connection, value, data)

    if in_order:
        moments.sort(key=lambda each: each[0])
    return tuple(message(*each) for each in moments)


@st.composite
def bags(
    draw: st.DrawFn, *, topics: Sequence[str] = TOPICS, max_messages: int = 12, in_order: bool = False
) -> SampleBag:
    """Give bags.

    Args:
        draw: Given by Hypothesis.
        topics: Names to choose from.
        max_messages: A bag has no more messages than this; it may have none.
        in_order: Whether the messages are written in the order of time. Recorders do so, unless the clock is set
            back; when they are not, Foxglove's reader leaves messages out and ROS's gives them in another order.
    """
    known = draw(connections(topics))
    held = draw(messages(known, max_size=max_messages, in_order=in_order))
    chunk_size = draw(st.sampled_from((1, 200, 4000, MAX_CHUNK_SIZE)))
    compression = draw(st.sampled_from(Compression))
    return SampleBag(_write(known, held, chunk_size, compression), known, held, chunk_size, compression)


def _write(
    known: Sequence[SampleConnection], held: Sequence[SampleMessage], chunk_size: int, compression: Compression
) -> bytes:
    from robowire_generators.rosbag1_writer import BoundedWriter  # loads numpy and the type stores

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sample.bag")
        with BoundedWriter(path, chunk_size=chunk_size, compression=compression) as writer:
            opened: list[Connection] = [
                writer.add_connection(
                    connection.topic,
                    internal_name(connection.type.name),
                    msgdef=connection.type.definition,
                    md5sum=connection.type.md5,
                    callerid=connection.callerid,
                    latching=connection.latching,
                )
                for connection in known
            ]
            for message in held:
                writer.write(opened[message.connection.id], message.time_ns, message.data)
        return path.read_bytes()


@st.composite
def broken_bags(draw: st.DrawFn) -> tuple[str, bytes]:
    """Give bags that are broken in one of the known ways: the name of the breakage, and the bytes."""
    name = draw(st.sampled_from(sorted(BREAKAGES)))
    return name, BREAKAGES[name].apply(draw(bags().filter(lambda bag: bag.messages)).data)


def recipes(*, max_duration_s: float = 5.0) -> st.SearchStrategy[BagRecipe]:
    """Give recipes for recordings of the robot that are quickly made."""
    return st.builds(
        BagRecipe,
        seed=st.integers(0, 2**32),
        start_ns=st.integers(10**6 * SECOND, 2**31 * SECOND),
        duration_s=st.floats(0, max_duration_s),
        profile=st.sampled_from(PROFILES[:2]),
        chunk_size=st.sampled_from((1, 1000, 100_000)),
        compression=st.sampled_from(Compression),
        connections=st.integers(1, 3),
    )
