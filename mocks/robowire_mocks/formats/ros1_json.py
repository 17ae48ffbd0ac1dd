"""Serialised ROS 1 messages as JSON values, by converters compiled once for each message definition.

Numbers and booleans are themselves; arrays of them are numpy arrays, which orjson writes with OPT_SERIALIZE_NUMPY
(NaN and infinities become null); uint8[], char[] and byte[] are base64 strings; time and duration are
{"secs", "nsecs"}; bytes of a string that are not UTF-8 become replacement characters.
"""

import struct
from binascii import b2a_base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from robowire_mocks.formats import BagError
from robowire_mocks.formats.rosbag1_index import Connection
from robowire_mocks.formats.rosmsg import Definition, Field, parse

Document = dict[str, Any]

_CODES: Mapping[str, str] = {
    "bool": "?", "byte": "b", "char": "B",
    "int8": "b", "int16": "h", "int32": "i", "int64": "q",
    "uint8": "B", "uint16": "H", "uint32": "I", "uint64": "Q",
    "float32": "f", "float64": "d",
}  # fmt: skip
"""The struct codes of numbers and booleans."""

_BYTES = frozenset({"uint8", "char", "byte"})

# An array of float32 is widened, as a scalar is: the JSON number is then the recorded value and not a shorter one that
# rounds to it. The types keep the machine's own byte order, which orjson asks for.
_ARRAYS: Mapping[str, tuple[str, type[np.generic]]] = {
    "bool": ("u1", np.bool_), "float32": ("<f4", np.float64), "float64": ("<f8", np.float64),
    "int8": ("<i1", np.int8), "int16": ("<i2", np.int16), "int32": ("<i4", np.int32), "int64": ("<i8", np.int64),
    "uint16": ("<u2", np.uint16), "uint32": ("<u4", np.uint32), "uint64": ("<u8", np.uint64),
}  # fmt: skip
"""How an array of numbers lies in the message, and how it is handed on."""

_MAX_VALUES = 5_000_000
_LONGEST_INLINE = 256
"""How many struct codes a type may have to be read as a part of the types that contain it."""
_U32 = struct.Struct("<I")


def converter(connection: Connection) -> Callable[[bytes], Document]:
    """The function that turns a connection's messages into JSON objects of their fields.

    The object has the fields of the message and nothing else. Whoever adds members of its own (`topic`, `__stamp`,
    `__latched`) sets them afterwards, so that a field of the same name gives way to the documented member.

    Raises:
        BagError: The definition cannot be understood. The function raises it for data that do not fit the definition.
    """
    return _compiled(connection.type, connection.definition)


@lru_cache(maxsize=256)
def _compiled(name: str, text: str) -> Callable[[bytes], Document]:
    layouts = dict(_PRIMITIVES)
    # A type comes before those that it is made of.
    for definition in reversed(list(parse(name, text).values())):
        layout = layouts[definition.name] = _message(definition, layouts)

    def convert(data: bytes) -> Document:
        cursor = _Cursor(data, name)
        cursor.charge(layout.values)
        document: Document = layout.read(cursor)
        if cursor.at != len(data):
            raise BagError(f"damaged: a {name} message has {len(data) - cursor.at} bytes too many")
        return document

    return convert


class _Cursor:
    """Where the reading of one message stands, and how many JSON values it may still make."""

    __slots__ = ("_left", "at", "data", "name")

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.at = 0
        self.name = name
        # Types without bytes make values out of nothing; the data alone would not bound how many.
        self._left = min(_MAX_VALUES, 1000 + 8 * len(data))

    def take(self, length: int) -> int:
        """Step over `length` bytes; answers where they begin."""
        start = self.at
        self.at += length
        if self.at > len(self.data):
            raise BagError(f"damaged: a {self.name} message ends early")
        return start

    def charge(self, values: int) -> None:
        """Count `values` more JSON values."""
        self._left -= values
        if self._left < 0:
            raise BagError(f"damaged: a {self.name} message would have an absurd number of values")

    def count(self) -> int:
        """The length that precedes a string or an array."""
        length: int = _U32.unpack_from(self.data, self.take(4))[0]
        return length


_Read = Callable[[_Cursor], Any]
_Build = Callable[[Iterator[Any]], Any]


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a type is read.

    `values` counts the JSON values that it makes whatever the data. `codes` are the struct codes of a type whose
    bytes are always of the same kinds, and `build` takes its value from what struct unpacks; other types have None.
    """

    read: _Read
    values: int
    codes: str | None = None
    build: _Build = next


def _fixed(codes: str, build: _Build, values: int) -> _Layout:
    """A type whose bytes are always of the same kinds."""
    packed = struct.Struct("<" + codes)

    def read(cursor: _Cursor) -> Any:
        return build(iter(packed.unpack_from(cursor.data, cursor.take(packed.size))))

    return _Layout(read, values, codes if len(codes) <= _LONGEST_INLINE else None, build)


def _instant(unpacked: Iterator[int]) -> Document:
    return {"secs": next(unpacked), "nsecs": next(unpacked)}


def _string(cursor: _Cursor) -> str:
    start = cursor.take(cursor.count())
    return cursor.data[start : cursor.at].decode("utf-8", "replace")


_PRIMITIVES: Mapping[str, _Layout] = {
    **{name: _fixed(code, next, 1) for name, code in _CODES.items()},
    "time": _fixed("II", _instant, 3),
    "duration": _fixed("ii", _instant, 3),
    "string": _Layout(_string, 1),
}


def _message(definition: Definition, layouts: Mapping[str, _Layout]) -> _Layout:
    """The layout of a message whose fields' types have theirs; neighbours of fixed kinds are unpacked at once."""
    members = [(field.name, _member(field, layouts)) for field in definition.fields]
    values = 1 + sum(layout.values for _, layout in members)
    if values > _MAX_VALUES:
        raise BagError(f"a {definition.name} message would have an absurd number of values")
    if all(layout.codes is not None for _, layout in members):
        return _fixed("".join(layout.codes or "" for _, layout in members), _object(members), values)
    steps: list[_Step] = []
    for fixed, group in groupby(members, key=lambda member: member[1].codes is not None):
        run = list(group)
        steps += [_run(run)] if fixed else starmap(_single, run)

    def read(cursor: _Cursor) -> Document:
        document: Document = {}
        for step in steps:
            step(cursor, document)
        return document

    return _Layout(read, values)


def _object(members: list[tuple[str, _Layout]]) -> _Build:
    """Builds the object of fields of fixed kinds."""
    names = [name for name, _ in members]
    if all(layout.build is next for _, layout in members):
        return lambda unpacked: dict(zip(names, unpacked, strict=False))
    builds = [(name, layout.build) for name, layout in members]
    return lambda unpacked: {name: build(unpacked) for name, build in builds}


_Step = Callable[[_Cursor, Document], None]


def _run(members: list[tuple[str, _Layout]]) -> _Step:
    read = _fixed("".join(layout.codes or "" for _, layout in members), _object(members), 0).read
    return lambda cursor, document: document.update(read(cursor))


def _single(name: str, layout: _Layout) -> _Step:
    def step(cursor: _Cursor, document: Document) -> None:
        document[name] = layout.read(cursor)

    return step


def _member(field: Field, layouts: Mapping[str, _Layout]) -> _Layout:
    if not field.array:
        return layouts[field.type]
    length = field.length
    count = _Cursor.count if length is None else lambda _: length
    if field.type in _BYTES:
        return _Layout(_bytes(count), 1)
    if field.type in _ARRAYS:
        return _Layout(_numbers(count, *_ARRAYS[field.type]), 1)
    element = layouts[field.type]
    return _Layout(_elements(count, element, charged=length is None), 1 + (length or 0) * element.values)


_Count = Callable[[_Cursor], int]


def _bytes(count: _Count) -> _Read:
    def read(cursor: _Cursor) -> str:
        start = cursor.take(count(cursor))
        return b2a_base64(cursor.data[start : cursor.at], newline=False).decode("ascii")

    return read


def _numbers(count: _Count, stored: str, given: type[np.generic]) -> _Read:
    kind = np.dtype(stored)

    def read(cursor: _Cursor) -> NDArray[Any]:
        length = count(cursor)
        start = cursor.take(length * kind.itemsize)
        # A copy, since orjson wants its arrays aligned. Widening a signalling NaN is no mistake to warn of.
        with np.errstate(invalid="ignore"):
            return np.ndarray(length, kind, cursor.data, start).astype(given)

    return read


def _elements(count: _Count, element: _Layout, *, charged: bool) -> _Read:
    """Reads an array of strings, times or messages; a fixed array's values are charged with its message."""
    rows = struct.Struct("<" + (element.codes or ""))

    def read(cursor: _Cursor) -> list[Any]:
        length = count(cursor)
        if charged:
            cursor.charge(length * element.values)
        if rows.size == 0:
            return [element.read(cursor) for _ in range(length)]
        start = cursor.take(length * rows.size)
        return [element.build(iter(row)) for row in rows.iter_unpack(cursor.data[start : cursor.at])]

    return read
