"""Deviations of the values that devices may have of custom properties (page "Custom properties")."""

from __future__ import annotations

from dataclasses import replace
from struct import pack, unpack
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import VALUE_TYPES

from robowire_mocks.deviations.foxglove.custom_properties import Json, add_one
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
)
from robowire_mocks.foxglove.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.deviations.foxglove.changing import Wrapper
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import CustomProperty, Device, Value


# ---- the values of devices


def _with_values(change: Callable[[Call, Json], Json]) -> Wrapper:
    """A wrapper of `properties`: from what a device should have."""

    def wrapper(honest: Wrapper, call: Call, given: Json, before: Json) -> Json:
        return change(call, honest(call, given, before))

    return wrapper


def _unassignable(call: Call, kept: Json) -> Json:
    """The property that was made last cannot be assigned, where it is the only one."""
    newest = list(call.state.custom_properties)[-1].key
    return {} if list(kept) == [newest] else kept


add_one(
    305,
    "newest-property-unassignable",
    "properties",
    "The newest custom property cannot be assigned alone.",
    _with_values(_unassignable),
)


def _typed(change: Callable[[Any], Value]) -> Wrapper:
    """A wrapper of `typed` that keeps another number."""

    def wrapper(honest: Wrapper, call: Call, known: CustomProperty, value: Any) -> Value:
        kept: Value = honest(call, known, value)
        return change(kept) if known.value_type == "number" else kept

    return wrapper


def _single(number: float) -> float:
    try:
        nearest: float = unpack("f", pack("f", number))[0]
    except OverflowError:
        return number
    return nearest


add_one(306, "numbers-singles", "typed", "Numbers are singles.", _typed(_single))
add_one(
    306,
    "numbers-of-six-digits",
    "typed",
    "Numbers are kept with six digits.",
    _typed(lambda number: float(f"{number:.6g}")),
)
add_one(
    306,
    "numbers-of-fifteen-digits",
    "typed",
    "Numbers are kept with fifteen digits.",
    _typed(lambda number: float(f"{number:.15g}")),
)
add_one(
    306,
    "numbers-not-tiny",
    "typed",
    "Numbers nearer to zero than 1e-300 are zero.",
    _typed(lambda number: 0 if abs(number) < 1e-300 else number),
)


def _untyped(value_type: str, operation: str, takes: Callable[[Any], bool]) -> Wrapper:
    """A wrapper of `typed` that takes some values that are not of a type."""

    def wrapper(honest: Wrapper, call: Call, known: CustomProperty, value: Any) -> Value:
        if value_type in {"", known.value_type} and call.operation.name == operation and takes(value):
            taken: Value = value
            return taken
        kept: Value = honest(call, known, value)
        return kept

    return wrapper


def _anything(value: Any) -> bool:
    """Whatever differs from all values that are right, also in a query."""
    return not isinstance(value, bool)


for _number, _type, _slug, _takes, _what in (
    (307, "string", "anything", _anything, "anything"),
    (307, "string", "booleans", lambda value: isinstance(value, bool), "booleans"),
    (307, "string", "lists", lambda value: isinstance(value, list), "lists"),
    (308, "number", "anything", _anything, "anything"),
    (308, "number", "digits", lambda value: isinstance(value, str) and value.isdigit(), "numbers as texts"),
    (309, "boolean", "anything", _anything, "anything"),
    (309, "boolean", "numbers", lambda value: value in (0, 1) and not isinstance(value, bool), "0 and 1"),
    (309, "boolean", "texts", lambda value: value == "true", "the text true"),
    (310, "enum", "anything", is_text, "any text"),
    (310, "enum", "empty", lambda value: value == "", "the empty text"),
    (310, "enum", "any-case", lambda value: is_text(value) and value[:1].isupper(), "values in capitals"),
    (310, "enum", "numbers", lambda value: type(value) is int, "numbers"),
):
    add_one(
        _number,
        f"{_type}-takes-{_slug}",
        "typed",
        f"A {_type} property takes {_what}, in a new device.",
        _untyped(_type, "create_device", _takes),
    )
add_one(
    311,
    "update-takes-anything",
    "typed",
    "An update takes values of any type.",
    _untyped("", "update_device", _anything),
)
for _type in VALUE_TYPES:
    add_one(
        311,
        f"update-takes-any-{_type}",
        "typed",
        f"An update takes anything for a {_type} property.",
        _untyped(_type, "update_device", _anything),
    )


def _lost(honest: Wrapper, call: Call) -> Json:
    """A property whose new value is refused is lost."""
    before: Device = call.steps.device_at(call)
    try:
        updated: Json = honest(call)
    except BadRequest:
        given = call.steps.body(call).get("properties")
        if isinstance(given, dict) and given:
            left = {key: value for key, value in before.properties.items() if key not in given}
            call.state.devices.put(replace(before, properties=left))
        raise
    return updated


add_one(311, "update-loses-what-it-refuses", "update_device", "A property whose new value is refused is lost.", _lost)
