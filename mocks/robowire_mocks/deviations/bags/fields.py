"""Deviations of a message's fields (section "2. Get Message Chunks")."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from robowire_mocks.deviations.bags.changing import TIME, leaves, plain
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from robowire_mocks.bags.call import Call
    from robowire_mocks.deviations.bags.changing import Converting, Json
    from robowire_mocks.formats.rosbag1 import Message

Change = Callable[[Any], Any]

_LONG = 16


def _fields(deviation_id: str, breaks: str, summary: str, change: Change) -> None:
    """A deviation that changes all fields of a message at once."""

    def wrapper(honest: Converting, call: Call, message: Message) -> Any:  # what change makes of it
        return change(honest(call, message))

    BAGS.add(deviation_id, breaks=f"BAGS-CHUNK-{breaks}", step="fields", summary=summary, wrapper=wrapper)


def _each(deviation_id: str, summary: str, change: Change) -> None:
    """A deviation that changes single values, however deep they stand."""
    _fields(deviation_id, "012", summary, lambda fields: leaves(change, plain(fields)))


def _of(kind: type, change: Change) -> Change:
    """`change` for values of one kind, others as they are; true is no number here."""
    return lambda value: change(value) if type(value) is kind else value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _camel_case(value: Any) -> Any:  # JSON
    if isinstance(value, dict):
        return {_camel(name): _camel_case(item) for name, item in value.items()}
    return [_camel_case(item) for item in value] if isinstance(value, list) else value


def _without_defaults(value: Any) -> Any:  # JSON
    if not isinstance(value, dict):
        return [_without_defaults(item) for item in value] if isinstance(value, list) else value
    kept = {name: _without_defaults(item) for name, item in value.items()}
    return {name: item for name, item in kept.items() if item not in (0, "", [], {})}


def _flat(fields: Json, prefix: str = "") -> Json:
    flat: Json = {}
    for name, value in fields.items():
        nested = isinstance(value, dict) and value.keys() != TIME
        flat |= _flat(value, f"{prefix}{name}.") if nested else {prefix + name: value}
    return flat


def _nested_as_text(fields: Json) -> Json:
    nested = {name: value for name, value in fields.items() if isinstance(value, dict) and value.keys() != TIME}
    return fields | {name: json.dumps(plain(value)) for name, value in nested.items()}


def _short_arrays(value: Any) -> Any:  # JSON
    if isinstance(value, dict):
        return {name: _short_arrays(item) for name, item in value.items()}
    return [_short_arrays(item) for item in value[:_LONG]] if isinstance(value, list) else value


def _nested_emptied(fields: Json) -> Json:
    return {
        name: {inner: {} if isinstance(item, dict) else item for inner, item in value.items()}
        if isinstance(value, dict) and value.keys() != TIME
        else value
        for name, value in fields.items()
    }


_fields("fields-nested", "011", "The fields stand in a member msg.", lambda fields: {"msg": fields})
_fields("fields-camel-case", "011", "Field names are in camel case.", lambda fields: _camel_case(plain(fields)))
_fields(
    "header-dropped",
    "011",
    "The field header is missing.",
    lambda fields: {name: value for name, value in fields.items() if name != "header"},
)
_fields(
    "fields-without-defaults",
    "011",
    "Fields that are 0, false or empty are missing.",
    lambda fields: _without_defaults(plain(fields)),
)
_fields("nested-as-text", "012", "Nested messages are strings of JSON text.", _nested_as_text)
_fields("nested-emptied", "012", "Messages nested two deep are empty objects.", _nested_emptied)
_fields("arrays-cut", "012", "Arrays end after 16 items.", lambda fields: _short_arrays(plain(fields)))
_each("floats-narrowed", "Numbers are narrowed to 32 bits.", _of(float, lambda value: float(np.float32(value))))
_each("integers-as-text", "Integers are strings.", _of(int, str))
_each("booleans-as-text", "Booleans are strings.", _of(bool, lambda value: str(value).lower()))
_each("strings-cut", "Strings end after 16 characters.", _of(str, lambda value: value[:_LONG]))
