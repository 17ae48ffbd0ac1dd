import json
import struct
import tracemalloc
from base64 import b64encode
from functools import partial
from math import inf, isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from robowire_mocks.formats.ros1_json import converter
from robowire_mocks.formats.rosbag1 import Bag, BagError, Connection
from rosbags.typesys import Stores, get_types_from_msg, get_typestore

RULE = "=" * 80
EMPTY = f"\n{RULE}\nMSG: pkg/Empty\n"
POINT = f"\n{RULE}\nMSG: pkg/Point\nfloat64 x\nfloat64 y\n"


def pack(codes: str, *values: Any) -> bytes:
    """Little-endian, without padding."""
    return struct.pack("<" + codes, *values)


def text(value: bytes) -> bytes:
    """A string as a message holds it."""
    return pack("I", len(value)) + value


def to_json(definition: str, data: bytes) -> Any:
    """What a client reads."""
    document = converter(Connection(0, "/topic", "pkg/Type", "", definition))(data)
    return json.loads(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))


CASES: dict[str, tuple[str, bytes, Any]] = {
    "nothing": ("", b"", {}),
    "integers": (
        "int8 a\nuint8 b\nint16 c\nuint16 d\nint32 e\nuint32 f\nint64 g\nuint64 h",
        pack("bBhHiIqQ", -128, 255, -(2**15), 2**16 - 1, -(2**31), 2**32 - 1, -(2**63), 2**64 - 1),
        {"a": -128, "b": 255, "c": -32768, "d": 65535, "e": -(2**31), "f": 2**32 - 1, "g": -(2**63), "h": 2**64 - 1},
    ),
    "byte and char": ("byte a\nchar b", b"\xff\xff", {"a": -1, "b": 255}),
    "booleans": ("bool a\nbool b\nbool c", b"\0\1\2", {"a": False, "b": True, "c": True}),
    "booleans in arrays": (
        "bool[] a\nbool[2] b",
        pack("I", 3) + b"\0\1\2\1\0",
        {"a": [False, True, True], "b": [True, False]},
    ),
    "floats": ("float32 a\nfloat64 b", pack("fd", 0.1, 0.1), {"a": 0.10000000149011612, "b": 0.1}),
    "no finite number": (
        "float32 a\nfloat64 b\nfloat64 c",
        pack("fdd", nan, inf, -inf),
        {"a": None, "b": None, "c": None},
    ),
    "no finite number in an array": (
        "float32[] a\nfloat64[3] b",
        pack("I3f3d", 3, nan, inf, 1.5, nan, -inf, 2.5),
        {"a": [None, None, 1.5], "b": [None, None, 2.5]},
    ),
    "a signalling NaN": (
        "float32 a\nfloat32[1] b\nfloat64[] c",
        2 * b"\x01\x00\x80\x7f" + pack("I", 1) + b"\x01\0\0\0\0\0\xf0\x7f",
        {"a": None, "b": [None], "c": [None]},
    ),
    "float32 in an array": ("float32[1] a", pack("f", 0.1), {"a": [0.10000000149011612]}),
    "integers in arrays": (
        "int8[] a\nint16[2] b\nuint64[] c\nint64[1] d",
        pack("I2b2hI1Q1q", 2, -1, 1, -2, 2, 1, 2**64 - 1, -(2**63)),
        {"a": [-1, 1], "b": [-2, 2], "c": [2**64 - 1], "d": [-(2**63)]},
    ),
    "empty arrays": (
        "float64[] a\nstring[] b\nuint8[] c\nfloat64[0] d\nuint8[0] e",
        bytes(12),
        {"a": [], "b": [], "c": "", "d": [], "e": ""},
    ),
    "bytes": (
        "uint8[] a\nchar[] b\nbyte[] c\nuint8[4] d",
        pack("I", 2) + b"ab" + pack("I", 1) + b"c" + pack("I", 1) + b"\xff" + b"defg",
        {"a": "YWI=", "b": "Yw==", "c": "/w==", "d": b64encode(b"defg").decode()},
    ),
    "strings": ("string a\nstring b", text("grün\0".encode()) + text(b""), {"a": "grün\0", "b": ""}),
    "strings not UTF-8": (
        "string a\nstring b",
        text(b"a\xffb") + text(b"\xed\xa0\x80"),
        {"a": "a\ufffdb", "b": "\ufffd" * 3},
    ),
    "strings in arrays": (
        "string[] a\nstring[1] b",
        pack("I", 2) + text(b"x") + text(b"") + text(b"y"),
        {"a": ["x", ""], "b": ["y"]},
    ),
    "time": ("time a", pack("II", 2**32 - 1, 5), {"a": {"secs": 2**32 - 1, "nsecs": 5}}),
    "duration": ("duration a", pack("ii", -1, -5), {"a": {"secs": -1, "nsecs": -5}}),
    "times in arrays": (
        "time[] a\nduration[1] b",
        pack("I4I2i", 2, 1, 2, 3, 4, -5, 6),
        {"a": [{"secs": 1, "nsecs": 2}, {"secs": 3, "nsecs": 4}], "b": [{"secs": -5, "nsecs": 6}]},
    ),
    "constants": ("int8 X=1\nstring Y=a#b\nint8 x", b"\7", {"x": 7}),
    "Header": (
        f"Header header\nint8 x\n{RULE}\nMSG: std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id",
        pack("III", 1, 2, 3) + text(b"map") + b"\4",
        {"header": {"seq": 1, "stamp": {"secs": 2, "nsecs": 3}, "frame_id": "map"}, "x": 4},
    ),
    "messages in messages": ("Point a\nint8 b" + POINT, pack("ddb", 1, 2, 3), {"a": {"x": 1, "y": 2}, "b": 3}),
    "messages in arrays": (
        "Point[] a\nPoint[1] b" + POINT,
        pack("I6d", 2, 1, 2, 3, 4, 5, 6),
        {"a": [{"x": 1, "y": 2}, {"x": 3, "y": 4}], "b": [{"x": 5, "y": 6}]},
    ),
    "messages of any length in arrays": (
        f"Name[] a\n{RULE}\nMSG: pkg/Name\nint8 x\nstring name\nint8 y",
        pack("Ib", 2, 1) + text(b"a") + b"\2\3" + text(b"bc") + b"\4",
        {"a": [{"x": 1, "name": "a", "y": 2}, {"x": 3, "name": "bc", "y": 4}]},
    ),
    "messages without fields": (
        "Empty a\nEmpty[] b\nEmpty[2] c\nint8 d" + EMPTY,
        pack("Ib", 3, 4),
        {"a": {}, "b": [{}, {}, {}], "c": [{}, {}], "d": 4},
    ),
    "fields called like the document's own members": (
        "string topic\nint8 __stamp\nint8 __latched",
        text(b"x") + b"\1\2",
        {"topic": "x", "__stamp": 1, "__latched": 2},
    ),
    "fields called like words of a language": (
        "int8 class\nint8 None\nint8 lambda",
        b"\1\2\3",
        {"class": 1, "None": 2, "lambda": 3},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_messages_are_their_fields(name: str) -> None:
    """Every field stands under its name, with the recorded value."""
    definition, data, expected = CASES[name]
    assert to_json(definition, data) == expected


@pytest.mark.parametrize("name", CASES)
def test_every_truncated_message_is_damage(name: str) -> None:
    """A message that ends early does not fit its definition."""
    definition, data, _ = CASES[name]
    for length in range(len(data)):
        with pytest.raises(BagError, match=r"ends early|absurd"):
            to_json(definition, data[:length])


@pytest.mark.parametrize("name", CASES)
def test_bytes_behind_a_message_are_damage(name: str) -> None:
    """A message that is longer than its definition does not fit it either."""
    definition, data, _ = CASES[name]
    with pytest.raises(BagError, match="1 bytes too many"):
        to_json(definition, data + b"\0")


HUGE = {
    "string": "string x",
    "bytes": "uint8[] x",
    "numbers": "float64[] x",
    "strings": "string[] x",
    "times": "time[] x",
    "messages": "Point[] x" + POINT,
    "messages without fields": "Empty[] x" + EMPTY,
    "messages that hold only those": f"Empties[] x\n{RULE}\nMSG: pkg/Empties\nEmpty[20] x" + EMPTY,
    "fixed bytes": "uint8[4000000000] x",
    "fixed numbers": "float64[4000000000] x",
    "fixed messages": "Point[1000000] x" + POINT,
    "fixed messages without fields": "Empty[4000000000] x" + EMPTY,
    "fewer of them": "Empty[1000000] x" + EMPTY,
    "a tower": "T1[9] x\n"
    + "".join(f"{RULE}\nMSG: pkg/T{n}\n" + "".join(f"T{n + 1} x{m}\n" for m in range(9)) for n in range(1, 40))
    + f"{RULE}\nMSG: pkg/T40\n",
}


@pytest.mark.parametrize("name", HUGE)
def test_lengths_are_not_believed(name: str) -> None:
    """A length that the data cannot fill is damage, and costs no memory."""
    tracemalloc.start()
    try:
        with pytest.raises(BagError):
            to_json(HUGE[name], b"\xff" * 1000)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_converter_is_compiled_once() -> None:
    """Connections of one type and definition share it."""
    first = converter(Connection(1, "/a", "pkg/Type", "", "int8 x"))
    assert converter(Connection(2, "/b", "pkg/Type", "", "int8 x")) is first
    assert converter(Connection(1, "/a", "pkg/Type", "", "int16 x")) is not first


def test_a_definition_that_cannot_be_understood_is_damage() -> None:
    """It is found when the converter is asked for."""
    with pytest.raises(BagError, match="missing"):
        converter(Connection(1, "/a", "pkg/Type", "", "Missing x"))


NUMBERS: dict[str, tuple[str, st.SearchStrategy[Any]]] = {
    "bool": ("?", st.booleans()),
    "int8": ("b", st.integers(-(2**7), 2**7 - 1)),
    "uint8": ("B", st.integers(0, 2**8 - 1)),
    "char": ("B", st.integers(0, 2**8 - 1)),
    # rosbags takes a byte for unsigned, ROS 1 does not; where they agree is tested against it.
    "byte": ("b", st.integers(0, 2**7 - 1)),
    "int16": ("h", st.integers(-(2**15), 2**15 - 1)),
    "uint16": ("H", st.integers(0, 2**16 - 1)),
    "int32": ("i", st.integers(-(2**31), 2**31 - 1)),
    "uint32": ("I", st.integers(0, 2**32 - 1)),
    "int64": ("q", st.integers(-(2**63), 2**63 - 1)),
    "uint64": ("Q", st.integers(0, 2**64 - 1)),
    "float32": ("f", st.floats(width=32)),
    "float64": ("d", st.floats()),
}
# So it is with times whose parts fill all their bits.
instants = st.builds(partial(pack, "II"), st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
SCALARS: dict[str, st.SearchStrategy[bytes]] = {
    **{name: values.map(partial(pack, code)) for name, (code, values) in NUMBERS.items()},
    "string": st.text(max_size=8).map(lambda value: text(value.encode())),
    "time": instants,
    "duration": instants,
}


@st.composite
def typed_messages(draw: st.DrawFn) -> tuple[str, bytes]:
    """A definition of up to four types, each made of primitives and of those after it, and a message of it."""
    types: dict[str, list[tuple[str, int | None]]] = {}
    for name in reversed(["Type", "A", "B", "C"][: draw(st.integers(1, 4))]):
        known = st.sampled_from([*SCALARS, *types])
        # An array's length; None varies, -1 is no array.
        types[name] = draw(st.lists(st.tuples(known, st.sampled_from([-1, -1, None, 0, 2])), min_size=1, max_size=5))

    def encode(name: str, length: int | None = -1) -> bytes:
        if length == -1:
            return draw(SCALARS[name]) if name in SCALARS else b"".join(encode(*field) for field in types[name])
        count = draw(st.integers(0, 3)) if length is None else length
        return (pack("I", count) if length is None else b"") + b"".join(encode(name) for _ in range(count))

    def lines(name: str) -> str:
        suffix = {-1: "", None: "[]", 0: "[0]", 2: "[2]"}
        return "".join(f"{type_}{suffix[length]} f{place}\n" for place, (type_, length) in enumerate(types[name]))

    others = "".join(f"{RULE}\nMSG: pkg/{name}\n{lines(name)}" for name in types if name != "Type")
    return lines("Type") + others, encode("Type")


def rosbags_json(store: Any, type_: str, value: Any) -> Any:
    """The JSON value of what rosbags read."""
    if type_ in {"builtin_interfaces/msg/Time", "builtin_interfaces/msg/Duration"}:
        return {"secs": value.sec, "nsecs": value.nanosec}
    fields = store.fielddefs[type_][1]
    return {name: rosbags_field(store, description, getattr(value, name)) for name, description in fields}


def rosbags_field(store: Any, description: Any, value: Any) -> Any:
    """The JSON value of a field, by rosbags' description of it."""
    kind, details = description
    if kind.name in {"ARRAY", "SEQUENCE"}:
        if details[0][1][0] in {"uint8", "char", "byte"} and details[0][0].name == "BASE":
            return b64encode(bytes(value)).decode()
        return [rosbags_field(store, details[0], item) for item in value]
    if kind.name == "NAME":
        return rosbags_json(store, details, value)
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not isfinite(value) else value


@given(typed_messages())
@settings(max_examples=60, deadline=None)
def test_any_message_is_what_another_reader_reads(message: tuple[str, bytes]) -> None:
    """For messages of any definition the JSON value is that of rosbags' deserialisation."""
    definition, data = message
    store = get_typestore(Stores.ROS1_NOETIC)
    store.register(get_types_from_msg(definition, "pkg/msg/Type"))
    value = store.deserialize_ros1(data, "pkg/msg/Type")
    assert to_json(definition, data) == rosbags_json(store, "pkg/msg/Type", value)


def test_real_recordings_convert_as_another_reader_reads_them(real_bag: Path) -> None:
    """Every kind of message in a real bag, by the definition in the bag."""
    bag = Bag.open(real_bag)
    stores: dict[int, Any] = {}
    for place, message in enumerate(bag.messages(-inf, inf)):
        connection = message.connection
        package, _, name = connection.type.partition("/")
        type_ = f"{package}/msg/{name}"
        if connection.id not in stores:
            stores[connection.id] = get_typestore(Stores.ROS1_NOETIC)
            stores[connection.id].register(get_types_from_msg(connection.definition, type_))
        elif place % 20:
            continue
        value = stores[connection.id].deserialize_ros1(message.data, type_)
        assert to_json_of(message) == rosbags_json(stores[connection.id], type_, value)


def to_json_of(message: Any) -> Any:
    """What a client reads of a recorded message."""
    document = converter(message.connection)(message.data)
    return json.loads(orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))
