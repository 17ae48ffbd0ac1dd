"""Deviations of what is answered about custom properties (page "Custom properties")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only, restated
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    by_beginning,
    listed_in_object,
    other_status,
    where_nothing_is,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import CustomProperty

Json = dict[str, Any]
CREATE, EDIT = "create_custom_property", "update_custom_property"


def add_one(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    """Declare a deviation of a requirement of this page, by its number."""
    add(f"PROPERTIES-{number:03}", slug, step, summary, wrapper)


def is_strings(value: Any) -> bool:
    """Whether a JSON value is an array of strings."""
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


# ---- what is answered

listed_in_object("PROPERTIES-001", "list_custom_properties", "custom properties")
other_status("PROPERTIES-002", CREATE)
other_status("PROPERTIES-003", "get_custom_property", 203)
other_status("PROPERTIES-004", EDIT, 202)


def first(call: Call) -> Json:
    """The first of all custom properties."""
    return call.steps.custom_property(call, next(iter(call.state.custom_properties)))


def _label_as_before(honest: Wrapper, call: Call) -> Json:
    before = call.steps.custom_property_at(call)
    return {**honest(call), "label": before.label}


def _another_string(honest: Wrapper, call: Call) -> CustomProperty:
    known: CustomProperty = honest(call)
    alike = [one for one in call.state.custom_properties if one.value_type == "string" and one != known]
    return alike[0] if alike and known.value_type == "string" else known


add_one(
    2,
    "create-property-answers-no-empty-value",
    "answer",
    "The answer to a creation lacks an enum's empty value.",
    answered(CREATE, lambda body: {**body, "values": [*filter(None, body["values"])]} if "values" in body else body),
)
add_one(
    3,
    "read-another-property",
    "custom_property_at",
    "The id of a string gives another one.",
    only("get_custom_property", _another_string),
)
add_one(4, "edit-answers-label-before", EDIT, "An edit answers the label as it was.", _label_as_before)
add_one(
    5,
    "read-any-property",
    "custom_property_at",
    "An unknown id gives the first one.",
    only("get_custom_property", any_of(lambda state: state.custom_properties)),
)


_by_beginning = by_beginning(lambda state: state.custom_properties)

add_one(
    5,
    "read-property-by-its-beginning",
    "custom_property_at",
    "What follows an id is ignored.",
    only("get_custom_property", _by_beginning),
)
add_one(6, "edit-no-property", EDIT, "The edit of an unknown one is a success.", where_nothing_is(first))
add_one(
    6,
    "edit-property-by-its-beginning",
    "custom_property_at",
    "What follows an id is ignored, in an edit.",
    only(EDIT, _by_beginning),
)


def _of_first(change: Callable[[Json], Json]) -> Wrapper:
    """A wrapper of `custom_property` that changes the first one, where all are listed."""

    def wrapper(honest: Wrapper, call: Call, known: CustomProperty) -> Json:
        shown: Json = honest(call, known)
        listed = call.operation.name == "list_custom_properties" and "resourceType" not in call.query
        return change(shown) if listed and known.id == next(iter(call.state.custom_properties)).id else shown

    return wrapper


def _other(name: str, value: Any) -> Callable[[Json], Json]:
    return lambda shown: {**shown, name: value}


def _lacking(name: str) -> Callable[[Json], Json]:
    return lambda shown: {key: value for key, value in shown.items() if key != name}


for _number, _name, _wrong in (
    (201, "id", 7),
    (202, "key", "a key"),
    (203, "label", ""),
    (204, "resourceType", "devices"),
    (205, "valueType", "text"),
    (206, "values", ["same", "same"]),
    (206, "values", [1, 2]),
):
    add_one(
        _number,
        f"custom-property-{_name.lower()}-{'same' if _wrong == ['same', 'same'] else 'wrong'}",
        "custom_property",
        f"The {_name} of the first custom property in the list is {_wrong!r}.",
        _of_first(_other(_name, _wrong)),
    )
    if _number < 206:
        add_one(
            _number,
            f"custom-property-without-{_name.lower()}",
            "custom_property",
            f"The first custom property in the list lacks {_name}.",
            _of_first(_lacking(_name)),
        )
add_one(
    101,
    "list-without-numbers",
    "list_custom_properties",
    "With resourceType, the list has no numbers.",
    lambda honest, call: [
        one for one in honest(call) if one["valueType"] != "number" or "resourceType" not in call.query
    ],
)
add_one(
    101,
    "list-without-first",
    "list_custom_properties",
    "With resourceType, the list lacks the first one.",
    lambda honest, call: honest(call)[1 if "resourceType" in call.query else 0 :],
)
add_one(
    102,
    "any-resource-type",
    "parameter",
    "Any resourceType is taken.",
    restated("list_custom_properties", "resourceType", one_of=None),
)
add_one(
    102,
    "resource-types",
    "parameter",
    "The resourceType devices is taken too.",
    restated("list_custom_properties", "resourceType", one_of=("device", "devices")),
)
