"""FlatBuffers of Foxglove's own schemas, laid out by what the vendor's binary schemas (.bfbs) say."""

import struct
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from robowire_generators.encoding import NANOSECONDS

Step = Callable[[Any, bytearray], int]
"""Appends a value that is stored apart; gives its position."""

# reflection.fbs, enum BaseType: letters of the numbers in struct, and the other kinds of fields.
_LETTERS: Mapping[int, str] = dict(zip(range(1, 13), "BBbBhHiIqQfd", strict=True))
_STRING, _VECTOR, _OBJECT = 13, 14, 15

_OFFSET = 4
"""Bytes of an offset within a buffer."""


class Field(NamedTuple):
    """A field of a table or a struct: name, base type, type of its elements, the object it refers to, its number."""

    name: str
    base: int
    element: int
    target: int
    number: int


class Kind(NamedTuple):
    """A table or a struct of a schema."""

    name: str
    fields: tuple[Field, ...]
    is_struct: bool


@cache
def binary_schema(name: str) -> bytes:
    """Give the vendor's binary schema.

    Args:
        name: Such as `foxglove.LaserScan`.

    Raises:
        FileNotFoundError: There is none of the name.
    """
    return (files("foxglove_schemas_flatbuffer") / f"{name.removeprefix('foxglove.')}.bfbs").read_bytes()


def encode_flatbuffer(name: str, value: Mapping[str, Any]) -> bytes:
    """Serialise a message.

    Args:
        name: Its schema, such as `foxglove.LaserScan`.
        value: As `robowire_generators.mcap.protobuf.encode_protobuf` takes it.
    """
    out = bytearray(_OFFSET)
    struct.pack_into("<I", out, 0, _root(name)(value, out))
    return bytes(out)


@cache
def _root(name: str) -> Step:
    schema = _Reflection(binary_schema(name))
    return schema.table(schema.root)


class _Reflection:
    """A binary schema: objects by their index, which fields refer to."""

    def __init__(self, data: bytes) -> None:
        top = _Table(data, struct.unpack_from("<I", data)[0])
        self._kinds = tuple(_kind(table) for table in top.tables(0))
        self._steps: dict[int, Step] = {}
        root = top.child(4)
        self.root = next(at for at, kind in enumerate(self._kinds) if root and kind.name == root.text(0))

    def table(self, index: int) -> Step:
        """Compile a table; a message writes the children after their parent, as offsets point forward."""
        if index not in self._steps:
            fields = self._kinds[index].fields
            # Tables may hold themselves by way of others: the step is there before its parts are.
            parts: list[_Part] = []
            self._steps[index] = lambda value, out: _write_table(parts, value, out)
            parts += sorted((self._part(field) for field in fields), key=lambda part: (-part.size, part.number))
        return self._steps[index]

    def _part(self, field: Field) -> "_Part":
        if field.base in _LETTERS:
            form = "<" + _LETTERS[field.base]
            return _Part(field.name, field.number, struct.calcsize(form), struct.Struct(form).pack, None)
        if field.base == _OBJECT and self._kinds[field.target].is_struct:
            return _Part(field.name, field.number, 8, _time, None)
        return _Part(field.name, field.number, _OFFSET, None, self._apart(field))

    def _apart(self, field: Field) -> Step:
        """Write what a field points to."""
        if field.base == _STRING:
            return _text
        if field.base == _OBJECT:
            return self.table(field.target)
        if field.element in _LETTERS:
            return _numbers(_LETTERS[field.element])
        return _offsets(_text if field.element == _STRING else self.table(field.target))


class _Part(NamedTuple):
    """One field of a table: inline by `pack`, or apart by `step`."""

    name: str
    number: int
    size: int
    pack: Callable[[Any], bytes] | None
    step: Step | None


def _write_table(parts: list[_Part], value: Mapping[str, Any], out: bytearray) -> int:
    """Append a table after its vtable: larger fields first, from a multiple of eight on, so that none needs padding."""
    present = [part for part in parts if part.name in value]
    slots = [0] * (max((part.number for part in present), default=-1) + 1)
    at = 4
    for part in present:
        slots[part.number] = at
        at += part.size
    vtable = struct.pack(f"<HH{len(slots)}H", 4 + 2 * len(slots), at, *slots)
    out += bytes(-(len(out) + len(vtable) + 4) % 8) + vtable
    start = len(out)
    # An offset's place is left empty until what it points to is written.
    inline = [part.pack(value[part.name]) if part.pack else bytes(_OFFSET) for part in present]
    out += struct.pack("<i", len(vtable)) + b"".join(inline)
    for part in present:
        if part.step:
            place = start + slots[part.number]
            struct.pack_into("<I", out, place, part.step(value[part.name], out) - place)
    return start


def _time(value: int) -> bytes:
    """The vendor's only structs: Time and Duration, seconds and nanoseconds."""
    seconds, nanoseconds = divmod(value, NANOSECONDS)
    return struct.pack("<II", seconds & 0xFFFF_FFFF, nanoseconds)


def _text(value: str, out: bytearray) -> int:
    octets = value.encode()
    out += bytes(-len(out) % _OFFSET)
    start = len(out)
    out += struct.pack("<I", len(octets)) + octets + b"\0"
    return start


def _numbers(letter: str) -> Step:
    size = struct.calcsize("<" + letter)

    def numbers(value: Any, out: bytearray) -> int:
        out += bytes(-len(out) % _OFFSET)
        out += bytes(-(len(out) + _OFFSET) % size)
        start = len(out)
        out += struct.pack("<I", len(value))
        if isinstance(value, (bytes, memoryview)):
            out += value
        elif isinstance(value, (list, tuple)):
            out += struct.pack(f"<{len(value)}{letter}", *value)
        else:
            out += value.astype("<" + letter).tobytes()
        return start

    return numbers


def _offsets(step: Step) -> Step:
    def offsets(value: Any, out: bytearray) -> int:
        out += bytes(-len(out) % _OFFSET)
        start = len(out)
        out += struct.pack("<I", len(value)) + bytes(_OFFSET * len(value))
        for number, element in enumerate(value):
            place = start + _OFFSET * (number + 1)
            struct.pack_into("<I", out, place, step(element, out) - place)
        return start

    return offsets


class _Table:
    """A table of a buffer, read by the numbers of its fields."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at
        self._vtable = at - struct.unpack_from("<i", data, at)[0]

    def number(self, field: int, form: str, default: int = 0) -> int:
        """Read an integer."""
        place = self._place(field)
        return int(struct.unpack_from("<" + form, self._data, place)[0]) if place else default

    def text(self, field: int) -> str:
        """Read a string."""
        at = self._follow(self._place(field))
        (length,) = struct.unpack_from("<I", self._data, at)
        return self._data[at + 4 : at + 4 + length].decode()

    def child(self, field: int) -> "_Table | None":
        """Read a table; None where there is none."""
        place = self._place(field)
        return _Table(self._data, self._follow(place)) if place else None

    def tables(self, field: int) -> "list[_Table]":
        """Read a vector of tables."""
        place = self._place(field)
        if not place:
            return []
        at = self._follow(place)
        (count,) = struct.unpack_from("<I", self._data, at)
        return [_Table(self._data, self._follow(at + 4 * (number + 1))) for number in range(count)]

    def _follow(self, place: int) -> int:
        return place + int(struct.unpack_from("<I", self._data, place)[0])

    def _place(self, field: int) -> int:
        """Find a field; 0 where it is left out."""
        (size,) = struct.unpack_from("<H", self._data, self._vtable)
        slot = 4 + 2 * field
        offset = struct.unpack_from("<H", self._data, self._vtable + slot)[0] if slot < size else 0
        return self._at + offset if offset else 0


def _kind(table: _Table) -> Kind:
    """Read a reflection.Object."""
    return Kind(table.text(0), tuple(map(_field, table.tables(1))), bool(table.number(2, "B")))


def _field(table: _Table) -> Field:
    """Read a reflection.Field with its Type."""
    kind = table.child(1)
    assert kind is not None, "the type of a field is required by reflection.fbs"
    return Field(table.text(0), kind.number(0, "b"), kind.number(1, "b"), kind.number(2, "i", -1), table.number(2, "H"))
