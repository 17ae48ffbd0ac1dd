"""The values of custom properties: which a type has, and how each is written as text (page "Custom properties")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.members import is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.rows import CustomProperty, Value

_EXACT = 2.0**53


def _is_text(_: CustomProperty, value: Any) -> bool:
    return isinstance(value, str)


def _is_member(known: CustomProperty, value: Any) -> bool:
    return isinstance(value, str) and value in (known.values or ())


_TYPES: Mapping[str, Callable[[CustomProperty, Any], bool]] = {
    "string": _is_text,  # FOXGLOVE-PROPERTIES-307
    "number": lambda _, value: is_number(value),  # FOXGLOVE-PROPERTIES-308
    "enum": _is_member,  # FOXGLOVE-PROPERTIES-310
    "boolean": lambda _, value: isinstance(value, bool),  # FOXGLOVE-PROPERTIES-309
}


def typed(known: CustomProperty, value: Any) -> Value:  # any JSON value
    """The value of a custom property, numbers as the doubles that they are.

    Raises:
        BadRequest: It has not the property's type, or is none of an enum's values.
    """
    if not _TYPES[known.value_type](known, value):
        wanted = f"one of: {', '.join(known.values)}" if known.values is not None else f"a {known.value_type}"
        raise BadRequest(f"properties.{known.key}: must be {wanted}")
    if known.value_type == "number":
        return whole(float(value))  # FOXGLOVE-PROPERTIES-306
    kept: Value = value
    return kept


def whole(number: float) -> float:
    """The same number, as an int where JSON may as well have it without a fraction."""
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


def text_of(value: Value) -> str:
    """A value as text: as JSON writes it, strings as they are."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
