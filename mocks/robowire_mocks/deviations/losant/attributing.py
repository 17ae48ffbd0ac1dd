"""Which requirement a flaw of a body breaks: so that a deviation can overlook the flaws of one requirement alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from robowire_fixtures.losant import (
    EXPORT_OPTIONS,
    ID_FIELDS,
    ID_OPERATORS,
    MAX_ADDRESS,
    QUERY_JOINS,
    TIME_AT_VALUE,
    VALUE_FIELDS,
    VALUE_OPERATORS,
    WINDOW_AGGREGATIONS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.losant.body import Flaw

_MEMBERS = {"start": 136, "end": 137, "duration": 138, "resolution": 139, "limit": 140, "order": 141}
_NAME = re.compile(r"[0-9a-zA-Z_-]+")


def number_of(body: Any, flaw: Flaw) -> int:
    """The number of the broken requirement within the action's area; 0 if it is one of the device query, or none."""
    path = flaw.path
    if not path:
        return 101 if flaw.keyword == "additionalProperties" else 102
    name = str(path[0])
    if name in _MEMBERS:
        return _MEMBERS[name]
    return _OF_MEMBER[name](body, flaw)


def _of_ids(_: Any, flaw: Flaw) -> int:
    if flaw.keyword == "maxItems":
        return 123
    return 121 if len(flaw.path) == 1 else 122


def _of_query(_: Any, flaw: Flaw) -> int:
    return 130 if len(flaw.path) == 1 and flaw.keyword == "type" else 0


def _of_attribute(body: Any, flaw: Flaw) -> int:
    return 111 if flaw.keyword == "type" else _of_name(body["attribute"], 112)


def _of_options(_: Any, flaw: Flaw) -> int:
    return 141 if len(flaw.path) == 1 else 142 + list(EXPORT_OPTIONS).index(str(flaw.path[1]))


def _of_tags(body: Any, flaw: Flaw) -> int:
    if len(flaw.path) < 3:
        return {"maxItems": 125, "additionalProperties": 129}.get(flaw.keyword, 124)
    if flaw.path[2] == "value":
        return 128
    return _of_name(body["deviceTags"][flaw.path[1]]["key"], 126)


def _of_attributes(body: Any, flaw: Flaw) -> int:
    if flaw.keyword in {"maxItems", "type"}:
        return 132 if flaw.keyword == "maxItems" else 131
    return _of_name(body["attributes"][flaw.path[1]], 133)


def _of_name(name: Any, number: int) -> int:
    """`number` if it is made of anything but a name's characters, the next one if its length is wrong."""
    return number if not isinstance(name, str) or (name and not _NAME.fullmatch(name)) else number + 1


def _of_aggregation(body: Any, _: Flaw) -> int:
    value = body["aggregation"]
    if value == TIME_AT_VALUE:
        return 154
    if not isinstance(value, dict):
        return 151
    options = value.get("options")
    if value.get("type") in (*WINDOW_AGGREGATIONS, "NONE") and set(value) == {"type", "options"}:
        return 153
    if value.get("type") != TIME_AT_VALUE:
        return 152
    if not isinstance(options, dict) or "value" not in options:
        return 154
    return 156 if set(options) > {"value"} else 155


def _of_email(body: Any, flaw: Flaw) -> int:
    """An address that is too long may be none for that alone."""
    if flaw.keyword == "type":
        return 111
    return 112 if len(body["email"]) > MAX_ADDRESS else 113


_OF_MEMBER: Mapping[str, Callable[[Any, Flaw], int]] = {
    "deviceIds": _of_ids,
    "deviceTags": _of_tags,
    "deviceQuery": _of_query,
    "attributes": _of_attributes,
    "attribute": _of_attribute,
    "aggregation": _of_aggregation,
    "email": _of_email,
    "callbackUrl": lambda _, flaw: {"type": 114, "maxLength": 115}.get(flaw.keyword, 116),
    "options": _of_options,
}


def query_number_of(query: Any, flaw: Flaw) -> int:
    """The number of the broken requirement of the device query; 0 if it is one of the action's, or none."""
    if flaw.path[:1] != ("deviceQuery",):
        return 0
    path, join = _innermost(flaw.path[1:])
    if not path:
        return _of_frame(flaw, join)
    name = str(path[0])
    if name in QUERY_JOINS:
        return 2 + QUERY_JOINS.index(name)
    if name == "tags":
        return _of_tag_condition(_value(query, flaw.path[1 : len(flaw.path) - len(path) + 1]), path)
    return _of_field(name, flaw) if len(path) == 1 else _of_operand(name, str(path[1]))


def _of_operand(name: str, symbol: str) -> int:
    return 103 + ID_OPERATORS.index(symbol) if name in ID_FIELDS else 122 + VALUE_OPERATORS.index(symbol)


def _innermost(path: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], str]:
    """The path within the innermost query, and the join that this is part of."""
    join = ""
    while len(path) > 1 and path[0] in QUERY_JOINS:
        join, path = str(path[0]), path[2:]
    return path, join


def _of_frame(flaw: Flaw, join: str) -> int:
    if flaw.keyword == "additionalProperties":
        return 1 if join else 0  # at the top it is a flaw of the action's deviceQuery too
    return 2 + QUERY_JOINS.index(join) if join else 0


def _of_field(name: str, flaw: Flaw) -> int:
    if flaw.keyword == "additionalProperties":
        return 102 if name in ID_FIELDS else 121
    if flaw.keyword in {"minProperties", "maxProperties"}:
        return 101
    return 11 + ID_FIELDS.index(name) if name in ID_FIELDS else 21 + VALUE_FIELDS.index(name)


def _of_tag_condition(condition: Any, path: tuple[str | int, ...]) -> int:
    if not isinstance(condition, dict):
        return 31
    inner = [part for part in path[1:] if part not in {"$eq", "$ne"} and isinstance(part, str)]
    if not inner:
        return 145 if {"$eq", "$ne"} & set(condition) else 144
    if inner[-1] in {"$in", "$nin"}:
        return 146 if inner[-1] == "$in" else 147
    return {"$tagKey": 141, "$tagValue": 142}.get(inner[0], 143)


def _value(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value
