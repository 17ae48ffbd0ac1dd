"""The query of devices, compiled to a predicate of them (section "List devices")."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from robowire_fixtures.foxglove import PROPERTY_PREFIX

from robowire_mocks.foxglove import qualifiers
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.property_values import text_of
from robowire_mocks.foxglove.rows import Device

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.qualifiers import Qualifier, Word
    from robowire_mocks.foxglove.rows import CustomProperty, Value

Predicate: TypeAlias = Callable[[Device], bool]

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def device_query(call: Call, text: str) -> Predicate:
    """What is true of the devices that a query selects: all of its qualifiers.

    Raises:
        BadRequest: The text is no query.
    """
    conditions = [call.steps.device_qualifier(call, one) for one in call.steps.device_words(call, text)]
    # FOXGLOVE-DEVICES-117
    return lambda device: all(condition(device) for condition in conditions)


def device_words(call: Call, text: str) -> tuple[Qualifier, ...]:  # noqa: ARG001  # a step gets the call
    """The qualifiers of a query, split at its spaces.

    Raises:
        BadRequest: The text is no query.
    """
    try:
        return qualifiers.parse(text)
    except qualifiers.QueryMalformed as error:
        raise BadRequest(f"query: {error}") from error


def device_qualifier(call: Call, qualifier: Qualifier) -> Predicate:
    """What is true of the devices that meet one qualifier.

    Raises:
        BadRequest: Its key is not that of a custom property, prefixed with "properties.".
    """
    if qualifier.key is None:
        return call.steps.device_text(call, qualifier.values[0].text)
    key = qualifier.key.text.removeprefix(PROPERTY_PREFIX)
    known = call.state.custom_properties.where("key", key)
    if not known or not qualifier.key.text.startswith(PROPERTY_PREFIX):
        # FOXGLOVE-DEVICES-119, FOXGLOVE-DEVICES-120
        raise BadRequest(f"query: {qualifier.key.text[:80]!r} is not properties.KEY of a custom property")
    tests = [call.steps.device_value(call, known[0], word) for word in qualifier.values]
    # FOXGLOVE-DEVICES-112
    return lambda device: key in device.properties and any(test(device.properties[key]) for test in tests)


def device_text(call: Call, text: str) -> Predicate:  # noqa: ARG001  # as above
    """Whether a text is in a key, or in a value as text; case matters."""
    # FOXGLOVE-DEVICES-114, FOXGLOVE-DEVICES-115, FOXGLOVE-DEVICES-116
    return lambda device: any(text in key or text in text_of(value) for key, value in device.properties.items())


def device_value(call: Call, known: CustomProperty, word: Word) -> Callable[[Value], bool]:  # noqa: ARG001  # as above
    """Whether a value is what a query says: `*` is any, a number that number however written, other values as text."""
    if word.anything:
        return lambda _: True  # FOXGLOVE-DEVICES-113
    if known.value_type == "number" and _NUMBER.fullmatch(word.text):
        # FOXGLOVE-DEVICES-118
        number = float(word.text)
        return lambda value: value == number
    return lambda value: text_of(value) == word.text  # FOXGLOVE-DEVICES-111
