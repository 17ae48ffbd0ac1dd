"""JSON messages: those of Foxglove's own schemas with their JSON Schema, all others without one."""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from robowire_generators.encoding import NANOSECONDS
from robowire_generators.mcap.protobuf import TIMES, descriptor
from robowire_generators.mcap.scenes import text

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor

_TIME_NAMES = frozenset(("timestamp", "lifetime"))
"""Members of Foxglove's schemas that are times."""

_OCTETS = frozenset(("data", "registers", "firmware"))
"""Members whose bytes are not text."""

_TIME_SCHEMA = {
    "type": "object",
    "properties": {"sec": {"type": "integer", "minimum": 0}, "nsec": {"type": "integer", "minimum": 0}},
    "required": ["sec", "nsec"],
}


@cache
def json_schema(name: str) -> bytes:
    """Describe the JSON form of a Foxglove schema: times are `sec` and `nsec`, bytes are base64."""
    return orjson.dumps({"title": name, **_object(descriptor(name))})


def _object(kind: "Descriptor") -> dict[str, Any]:
    return {"type": "object", "properties": {field.name: _field(field) for field in kind.fields}}


def _field(field: "FieldDescriptor") -> dict[str, Any]:
    return {"type": "array", "items": _element(field)} if field.is_repeated else _element(field)


def _element(field: "FieldDescriptor") -> dict[str, Any]:
    if field.message_type:
        return _TIME_SCHEMA if field.message_type.full_name in TIMES else _object(field.message_type)
    if field.type == field.TYPE_BYTES:
        return {"type": "string", "contentEncoding": "base64"}
    if field.enum_type:
        # What a viewer reads the names of an enumeration from.
        return {"oneOf": [{"title": value.name, "const": value.number} for value in field.enum_type.values]}
    kinds = {field.TYPE_DOUBLE: "number", field.TYPE_STRING: "string", field.TYPE_BOOL: "boolean"}
    return {"type": kinds.get(field.type, "integer")}


def encode_json(value: Mapping[str, Any]) -> bytes:
    """Serialise a message.

    Args:
        value: Members by their names; numbers, strings, bytes, mappings, sequences and numpy arrays. Numbers that JSON
            does not have are null; the members that Foxglove's schemas call times are integers of nanoseconds.
    """
    return orjson.dumps(_plain(value), default=_other, option=orjson.OPT_SERIALIZE_NUMPY)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _member(name, member) for name, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(element) for element in value]
    return value


def _member(name: str, value: Any) -> Any:
    if name in _TIME_NAMES and isinstance(value, int):
        seconds, nanoseconds = divmod(value, NANOSECONDS)
        return {"sec": seconds, "nsec": nanoseconds}
    if isinstance(value, bytes) and name not in _OCTETS:
        return text(value)
    return _plain(value)


def _other(value: Any) -> Any:
    """Give what orjson does not know: bytes, in base64."""
    return b64encode(value).decode()
