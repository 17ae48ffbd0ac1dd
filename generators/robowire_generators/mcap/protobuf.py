"""Protocol buffers of Foxglove's own schemas, serialised by what the vendor's descriptors say, compiled once a type."""

import struct
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from robowire_generators.encoding import NANOSECONDS

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor

Step = Callable[[Any], bytes]
"""Serialises a value, without its tag."""

TIMES = {"google.protobuf.Timestamp", "google.protobuf.Duration"}
"""Types that a value gives as an integer of nanoseconds."""

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
"""Wire types (protobuf.dev, section Message structure)."""


def descriptor(name: str) -> "Descriptor":
    """Look a Foxglove schema up.

    Args:
        name: Such as `foxglove.LaserScan`.

    Raises:
        ModuleNotFoundError: There is none of the name.
    """
    short = name.removeprefix("foxglove.")
    found: Descriptor = getattr(import_module(f"foxglove_schemas_protobuf.{short}_pb2"), short).DESCRIPTOR
    return found


@cache
def descriptor_set(name: str) -> bytes:
    """Give the FileDescriptorSet of a schema, with all files it needs, each after what it imports."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet  # loads slowly

    files: dict[str, FileDescriptorProto] = {}

    def take(file: Any) -> None:
        if file.name not in files:
            for needed in file.dependencies:
                take(needed)
            proto = FileDescriptorProto()
            file.CopyToProto(proto)
            files[file.name] = proto

    take(descriptor(name).file)
    return bytes(FileDescriptorSet(file=list(files.values())).SerializeToString(deterministic=True))


def encode_protobuf(name: str, value: Mapping[str, Any]) -> bytes:
    """Serialise a message.

    Args:
        name: Its schema, such as `foxglove.LaserScan`.
        value: Members by their names: numbers, strings, bytes, mappings for messages, sequences or numpy arrays for
            repeated fields, integers of nanoseconds for times and durations. Others are left out.
    """
    return _root(name)(value)


@cache
def _root(name: str) -> Step:
    return _message(descriptor(name))


def varint(number: int) -> bytes:
    """Write an integer, seven bits a byte; a negative one as its 64 bits."""
    number &= 2**64 - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _message(kind: "Descriptor") -> Step:
    if kind.full_name in TIMES:
        return _time
    fields = sorted(kind.fields, key=lambda field: field.number)
    if all(field.type == field.TYPE_DOUBLE and not field.is_repeated for field in fields):
        return _doubles([(field.name, field.number) for field in fields])
    steps = [(field.name, _field(field)) for field in fields]

    def message(value: Any) -> bytes:
        return b"".join([step(value[name]) for name, step in steps if name in value])

    return message


def _doubles(fields: list[tuple[str, int]]) -> Step:
    """Pack a message of numbers alone, such as a vector, at once; zeros are written, which the format allows."""
    pack = struct.Struct("<" + "Bd" * len(fields)).pack

    def doubles(value: Any) -> bytes:
        return pack(*[part for name, number in fields for part in (number << 3 | _FIXED64, value.get(name, 0.0))])

    return doubles


def _time(value: int) -> bytes:
    seconds, nanoseconds = divmod(value, NANOSECONDS)
    return b"\x08" + varint(seconds) + b"\x10" + varint(nanoseconds)


def _field(field: "FieldDescriptor") -> Step:
    """Serialise a field with its tag."""
    wire, step = _kind(field)
    if field.is_repeated:
        return _repeated(field, wire, step)
    tag = varint(field.number << 3 | wire)
    return lambda value: tag + step(value)


def _repeated(field: "FieldDescriptor", wire: int, step: Step) -> Step:
    """Serialise a repeated field: numbers packed, all else each with the tag."""
    tag = varint(field.number << 3 | _BYTES)
    if wire == _BYTES:
        return lambda value: b"".join([tag + step(element) for element in value])
    if field.type == field.TYPE_DOUBLE:
        return lambda value: tag + _bytes(_packed_doubles(value)) if len(value) else b""
    return lambda value: tag + _bytes(b"".join(map(step, value))) if len(value) else b""


def _packed_doubles(value: Any) -> bytes:
    if isinstance(value, (list, tuple)):
        return struct.pack(f"<{len(value)}d", *value)
    return bytes(value.astype("<f8").tobytes())


def _kind(field: "FieldDescriptor") -> tuple[int, Step]:
    """Give wire type and serialisation of one element of a field."""
    if field.message_type:
        inner = _message(field.message_type)
        return _BYTES, lambda value: _bytes(inner(value))
    return {
        field.TYPE_DOUBLE: (_FIXED64, struct.Struct("<d").pack),
        field.TYPE_FLOAT: (_FIXED32, struct.Struct("<f").pack),
        field.TYPE_FIXED32: (_FIXED32, struct.Struct("<I").pack),
        field.TYPE_STRING: (_BYTES, _text),
        field.TYPE_BYTES: (_BYTES, _bytes),
    }.get(field.type, (_VARINT, varint))


def _bytes(value: bytes | memoryview) -> bytes:
    return varint(len(value)) + bytes(value)


def _text(value: str) -> bytes:
    return _bytes(value.encode())
