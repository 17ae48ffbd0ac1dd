"""Deviations of what becomes of the bodies of new custom properties (page "Custom properties")."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import MAX_KEY, VALUE_TYPES

from robowire_mocks.deviations.foxglove.changing import Wrapper, constant, mended
from robowire_mocks.deviations.foxglove.custom_properties import CREATE, EDIT, Json, add_one, first, is_strings
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
    missing_as,
    no_body_needed,
    odd_as,
)
from robowire_mocks.foxglove.errors import BadRequest, Conflict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member


# ---- what is made


def _made_anyhow(call: Call) -> Json:
    return first(call)


add_one(
    110,
    "create-property-without-body",
    CREATE,
    "A custom property is created without a body.",
    no_body_needed(_made_anyhow),
)
add_one(
    160,
    "edit-property-without-body",
    EDIT,
    "A custom property is edited without a body.",
    no_body_needed(lambda call: call.steps.custom_property(call, call.steps.custom_property_at(call))),
)
for _number, _name, _value in (
    (111, "key", lambda given: f"key-{id(given) % 10**9}"),
    (121, "label", lambda given: given["key"]),
    (131, "resourceType", lambda _: "device"),
    (141, "valueType", lambda _: "string"),
):
    add_one(
        _number,
        f"create-property-without-{_name.lower()}",
        "member",
        f"A custom property needs no {_name}.",
        missing_as(CREATE, _name, _value),
    )
add_one(
    112,
    "create-property-any-key",
    "member",
    "A key that is no string is made one.",
    odd_as(CREATE, "key", is_text, lambda value: f"key-{id(value) % 10**9}"),
)
add_one(
    122,
    "create-property-any-label",
    "member",
    "A label that is no string is made one.",
    odd_as(CREATE, "label", is_text, lambda value: str(value)[:32]),
)
add_one(
    122,
    "create-property-number-label",
    "member",
    "A label that is a number is made a string.",
    odd_as(CREATE, "label", lambda value: type(value) is not int, str),
)

MENDED: Mapping[str, Callable[[Any], Any]] = {
    "key": lambda key: re.sub(r"[^A-Za-z0-9_-]", "_", key)[-MAX_KEY:] or "_",
    "label": lambda label: label[:MAX_KEY] or "_",
    "resourceType": lambda _: "device",
    "valueType": lambda value_type: value_type if value_type in VALUE_TYPES else "number",
    "values": lambda values: list(dict.fromkeys(values)),
}
"""How a member that should have been refused is put right, so that answers have the form that they should."""

for _number, _slug, _summary, _name, _statement in (
    (113, "key-any-length", "A key may be longer.", "key", {"longest": None}),
    (113, "key-of-33", "A key may have 33 characters.", "key", {"longest": 33}),
    (113, "key-of-31", "A key may have 31 characters.", "key", {"longest": 31}),
    (113, "key-of-2", "A key needs 2 characters.", "key", {"shortest": 2}),
    (113, "key-empty", "A key may be empty.", "key", {"shortest": 0, "pattern": "^[A-Za-z0-9_-]*$"}),
    (114, "key-any-character", "A key may have any characters.", "key", {"pattern": "^(?s:.)+$"}),
    (114, "key-with-dot", "A key may have dots.", "key", {"pattern": "^[A-Za-z0-9_.-]+$"}),
    (114, "key-any-letters", "A key may have letters that are not ASCII.", "key", {"pattern": r"^[\w-]+$"}),
    (114, "key-with-line-break", "A key may end in a line break.", "key", {"pattern": r"^[A-Za-z0-9_-]+\n?$"}),
    (114, "key-not-to-its-end", "A key is checked at its beginning only.", "key", {"pattern": "^[A-Za-z0-9_-]+"}),
    (114, "key-not-from-its-start", "A key is checked at its end only.", "key", {"pattern": "[A-Za-z0-9_-]+$"}),
    (
        114,
        "key-without-capitals",
        "A key with A, z and 0 side by side is refused.",
        "key",
        {"pattern": "^(?!.*Az09)[A-Za-z0-9_-]+$"},
    ),
    (123, "label-any-length", "A label may be longer.", "label", {"longest": None}),
    (123, "label-of-33", "A label may have 33 characters.", "label", {"longest": 33}),
    (123, "label-of-31", "A label may have 31 characters.", "label", {"longest": 31}),
    (123, "label-empty", "A label may be empty.", "label", {"shortest": 0}),
    (123, "label-ascii", "A label is ASCII.", "label", {"pattern": "^[ -~]*$|^.{33}"}),
    (132, "any-resource-type-created", "Any resourceType is taken, if a string.", "resourceType", {"one_of": None}),
    (
        146,
        "value-type-integer",
        "There is a valueType integer.",
        "valueType",
        {"one_of": ("string", "number", "enum", "boolean", "integer")},
    ),
    (152, "values-repeated", "An enum's values may repeat one.", "values", {"unique": False}),
):
    add_one(_number, _slug, "member", _summary, mended(CREATE, _name, MENDED[_name], **_statement))
add_one(
    132,
    "any-resource-type-at-all",
    "member",
    "Any resourceType is taken for device.",
    odd_as(CREATE, "resourceType", lambda value: value == "device", lambda _: "device"),
)


def _type_in_any_case(honest: Wrapper, call: Call, member: Member, given: Json) -> Any:
    value = given.get(member.name)
    if member.name == "valueType" and isinstance(value, str) and call.operation.name == CREATE:
        given = {**given, member.name: value.lower()}
    return honest(call, member, given)


add_one(146, "value-type-in-any-case", "member", "A valueType may be in capitals.", _type_in_any_case)
add_one(
    146,
    "value-type-anything",
    "member",
    "An unknown valueType is string.",
    odd_as(CREATE, "valueType", lambda value: value in {"string", "number", "enum", "boolean"}, lambda _: "string"),
)


def _not_by_its_name(value_type: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, member: Member, given: Json) -> Any:
        value = honest(call, member, given)
        if (call.operation.name, member.name, value) == (CREATE, "valueType", value_type) and value in given["key"]:
            raise BadRequest(f"valueType: {value} is in the key already")
        return value

    return wrapper


for _number, _type in enumerate(VALUE_TYPES, start=142):
    add_one(
        _number,
        f"no-{_type}-of-that-name",
        "member",
        f"A custom property with {_type} in its key cannot be of that valueType.",
        _not_by_its_name(_type),
    )
add_one(
    151,
    "values-of-anything",
    "member",
    "An enum's values are made strings.",
    odd_as(
        CREATE,
        "values",
        is_strings,
        lambda value: [str(one) for one in value] if isinstance(value, list) else [str(value)],
    ),
)
add_one(
    151,
    "values-text",
    "member",
    "One text is taken for an enum's values.",
    odd_as(CREATE, "values", lambda value: not isinstance(value, str), lambda value: [value]),
)
add_one(
    151,
    "values-object",
    "member",
    "An object's names are taken for an enum's values.",
    odd_as(CREATE, "values", lambda value: not isinstance(value, dict), list),
)


def _without_values(honest: Wrapper, call: Call, given: Json) -> tuple[str, ...] | None:
    lacking = given["valueType"] == "enum" and "values" not in given
    values: tuple[str, ...] | None = () if lacking else honest(call, given)
    return values


add_one(153, "enum-without-values", "new_values", "An enum needs no values.", _without_values)


def _repeated_apart(value: Any) -> bool:
    """Whether values repeat one, but not side by side."""
    return is_strings(value) and len(set(value)) < len(value) and all(one != two for one, two in pairwise(value))


add_one(
    152,
    "values-repeated-apart",
    "member",
    "An enum's values may repeat one further on.",
    odd_as(CREATE, "values", lambda value: not _repeated_apart(value), MENDED["values"]),
)


def _taken_400(honest: Wrapper, call: Call, key: str) -> None:
    try:
        honest(call, key)
    except Conflict as error:
        raise BadRequest(str(error)) from error


def _taken_alike(honest: Wrapper, call: Call) -> Json:
    try:
        made: Json = honest(call)
    except Conflict:
        key = call.steps.body(call)["key"]
        return call.steps.custom_property(call, call.state.custom_properties.where("key", key)[0])
    return made


def _of_each_type(honest: Wrapper, call: Call, key: str) -> None:
    """A key is refused only if its first property is of the type asked for."""
    known = call.state.custom_properties.where("key", key)
    if known and known[0].value_type != call.steps.body(call)["valueType"]:
        return
    honest(call, key)


add_one(302, "key-twice", "free_key", "Two custom properties may have one key.", constant(None))
add_one(302, "key-twice-400", "free_key", "A key that is taken is answered 400.", _taken_400)
add_one(302, "key-there-already", CREATE, "A custom property of a taken key is answered 200.", _taken_alike)
add_one(302, "key-twice-of-two-types", "free_key", "Custom properties of two types may have one key.", _of_each_type)


def _later(honest: Wrapper, call: Call) -> list[Json]:
    """A list that has values in the order of the alphabet."""
    return [{**one, "values": sorted(one["values"])} if "values" in one else one for one in honest(call)]


add_one(303, "list-in-other-words", "list_custom_properties", "The list has an enum's values sorted.", _later)
