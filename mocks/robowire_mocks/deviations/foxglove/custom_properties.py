"""Deviations of custom properties, and of the values that devices may have of them (page "Custom properties")."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from struct import pack, unpack
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import VALUE_TYPES

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant, only, restated
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    is_text,
    listed_in_object,
    missing_as,
    missing_members,
    no_body_needed,
    odd_as,
    other_status,
    wrong_members,
)
from robowire_mocks.foxglove.errors import BadRequest, Conflict, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import CustomProperty, Device, Value

Json = dict[str, Any]
CREATE, EDIT = "create_custom_property", "update_custom_property"


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    add(f"PROPERTIES-{number:03}", slug, step, summary, wrapper)


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


# ---- what is answered

listed_in_object("PROPERTIES-001", "list_custom_properties", "custom properties")
other_status("PROPERTIES-002", CREATE)
other_status("PROPERTIES-003", "get_custom_property", 203)
other_status("PROPERTIES-004", EDIT, 202)


def _first(call: Call) -> Json:
    return call.steps.custom_property(call, next(iter(call.state.custom_properties)))


def _label_as_before(honest: Wrapper, call: Call) -> Json:
    before = call.steps.custom_property_at(call)
    return {**honest(call), "label": before.label}


def _neighbour(honest: Wrapper, call: Call) -> CustomProperty:
    known: CustomProperty = honest(call)
    alike = [one for one in call.state.custom_properties if one.value_type == known.value_type and one != known]
    return alike[0] if alike else known


_add(
    2,
    "create-property-answers-no-empty-value",
    "answer",
    "The answer to a creation lacks an enum's empty value.",
    answered(CREATE, lambda body: {**body, "values": [*filter(None, body["values"])]} if "values" in body else body),
)
_add(
    3,
    "read-another-property",
    "custom_property_at",
    "An id gives another custom property.",
    only("get_custom_property", _neighbour),
)
_add(4, "edit-answers-label-before", EDIT, "An edit answers the label as it was.", _label_as_before)
_add(
    5,
    "read-any-property",
    "custom_property_at",
    "An unknown id gives the first one.",
    only("get_custom_property", any_of(lambda state: state.custom_properties)),
)


def _nothing_to_edit(honest: Wrapper, call: Call) -> Json:
    try:
        edited: Json = honest(call)
    except NotFound:
        return _first(call)
    return edited


def _by_beginning(honest: Wrapper, call: Call) -> CustomProperty:
    try:
        known: CustomProperty = honest(call)
    except NotFound:
        found = [one for one in call.state.custom_properties if call.path["id"].startswith(one.id)]
        if not found:
            raise
        return found[0]
    return known


_add(
    5,
    "read-property-by-its-beginning",
    "custom_property_at",
    "What follows an id is ignored.",
    only("get_custom_property", _by_beginning),
)
_add(6, "edit-no-property", EDIT, "The edit of an unknown one is a success.", _nothing_to_edit)
_add(
    6,
    "edit-property-by-its-beginning",
    "custom_property_at",
    "What follows an id is ignored, in an edit.",
    only(EDIT, _by_beginning),
)

wrong_members(
    "PROPERTIES",
    "custom_property",
    "a custom property",
    {
        "201": ("id", 7),
        "202": ("key", "a key"),
        "203": ("label", ""),
        "204": ("resourceType", "devices"),
        "205": ("valueType", "text"),
        "206": ("values", ["same", "same"]),
    },
)
missing_members(
    "PROPERTIES",
    "custom_property",
    "a custom property",
    {"201": "id", "202": "key", "203": "label", "204": "resourceType", "205": "valueType"},
)
_add(
    206,
    "custom-property-values-object",
    "answer",
    "The values of an enum are numbers, in the list.",
    answered(
        "list_custom_properties",
        lambda body: [{**one, "values": [*range(len(one["values"]))]} if one.get("values") else one for one in body],
    ),
)
_add(
    101,
    "list-without-numbers",
    "list_custom_properties",
    "With resourceType, the list has no numbers.",
    lambda honest, call: [one for one in honest(call) if one["valueType"] != "number" or not call.query],
)
_add(
    101,
    "list-without-first",
    "list_custom_properties",
    "With resourceType, the list lacks the first one.",
    lambda honest, call: honest(call)[1 if call.query else 0 :],
)
_add(
    102,
    "any-resource-type",
    "parameter",
    "Any resourceType is taken.",
    restated("list_custom_properties", "resourceType", one_of=None),
)
_add(
    102,
    "resource-types",
    "parameter",
    "The resourceType devices is taken too.",
    restated("list_custom_properties", "resourceType", one_of=("device", "devices")),
)

# ---- what is made


def _made_anyhow(call: Call) -> Json:
    return _first(call)


_add(
    110,
    "create-property-without-body",
    CREATE,
    "A custom property is created without a body.",
    no_body_needed(_made_anyhow),
)
_add(
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
    _add(
        _number,
        f"create-property-without-{_name.lower()}",
        "member",
        f"A custom property needs no {_name}.",
        missing_as(CREATE, _name, _value),
    )
_add(
    112,
    "create-property-any-key",
    "member",
    "A key that is no string is made one.",
    odd_as(CREATE, "key", is_text, lambda value: f"key-{id(value) % 10**9}"),
)
_add(
    122,
    "create-property-any-label",
    "member",
    "A label that is no string is made one.",
    odd_as(CREATE, "label", is_text, lambda value: str(value)[:32]),
)
_add(
    122,
    "create-property-number-label",
    "member",
    "A label that is a number is made a string.",
    odd_as(CREATE, "label", lambda value: type(value) is not int, str),
)
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
    _add(_number, _slug, "member", _summary, restated(CREATE, _name, **_statement))
_add(
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


_add(146, "value-type-in-any-case", "member", "A valueType may be in capitals.", _type_in_any_case)
_add(
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
    _add(
        _number,
        f"no-{_type}-of-that-name",
        "member",
        f"A custom property with {_type} in its key cannot be of that valueType.",
        _not_by_its_name(_type),
    )
_add(
    151,
    "values-of-anything",
    "member",
    "An enum's values are made strings.",
    odd_as(
        CREATE,
        "values",
        _is_strings,
        lambda value: [str(one) for one in value] if isinstance(value, list) else [str(value)],
    ),
)
_add(
    151,
    "values-text",
    "member",
    "One text is taken for an enum's values.",
    odd_as(CREATE, "values", lambda value: not isinstance(value, str), lambda value: [value]),
)
_add(
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


_add(153, "enum-without-values", "new_values", "An enum needs no values.", _without_values)


def _repeated_apart(value: Any) -> bool:
    """Whether values repeat one, but not side by side."""
    return _is_strings(value) and len(set(value)) < len(value) and all(one != two for one, two in pairwise(value))


_add(
    152,
    "values-repeated-apart",
    "member",
    "An enum's values may repeat one further on.",
    odd_as(CREATE, "values", lambda value: not _repeated_apart(value), list),
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


_add(302, "key-twice", "free_key", "Two custom properties may have one key.", constant(None))
_add(302, "key-twice-400", "free_key", "A key that is taken is answered 400.", _taken_400)
_add(302, "key-there-already", CREATE, "A custom property of a taken key is answered 200.", _taken_alike)
_add(302, "key-twice-of-two-types", "free_key", "Custom properties of two types may have one key.", _of_each_type)


def _later(honest: Wrapper, call: Call) -> list[Json]:
    """A list that has values in the order of the alphabet."""
    return [{**one, "values": sorted(one["values"])} if "values" in one else one for one in honest(call)]


_add(303, "list-in-other-words", "list_custom_properties", "The list has an enum's values sorted.", _later)

# ---- what is edited


def _spaced_ignored(honest: Wrapper, call: Call, member: Member, given: Json) -> Any:
    value = honest(call, member, given)
    return None if (call.operation.name, member.name) == (EDIT, "label") and " " in (value or "") else value


_add(161, "edit-ignores-label-with-spaces", "member", "A new label with spaces is ignored.", _spaced_ignored)
_add(162, "edit-any-label", "member", "A new label that is no string is made one.", odd_as(EDIT, "label", is_text, str))
_add(
    162,
    "edit-odd-label-ignored",
    "member",
    "A new label that is no string is ignored.",
    odd_as(EDIT, "label", is_text, lambda _: None),
)
for _slug, _summary, _statement in (
    ("any-length", "A new label may be longer.", {"longest": None}),
    ("of-33", "A new label may have 33 characters.", {"longest": 33}),
    ("of-31", "A new label may have 31 characters.", {"longest": 31}),
    ("empty", "A new label may be empty.", {"shortest": 0}),
):
    _add(163, f"edit-label-{_slug}", "member", _summary, restated(EDIT, "label", **_statement))

Values = tuple[str, ...]


def _edited(change: Callable[[Values, Values], Values]) -> Wrapper:
    """A wrapper of `changed_values`: from the values before, and as they should be."""

    def wrapper(honest: Wrapper, call: Call, before: CustomProperty, given: Json) -> Values | None:
        values: Values | None = honest(call, before, given)
        return values if values is None or before.values is None else change(before.values, values)

    return wrapper


def _no_more(before: Values, after: Values) -> Values:
    return after if after[: len(before)] == before else tuple(one for one in after if one in before)


def _appended(before: Values, after: Values) -> Values:
    return (*before, *(one for one in after if one not in before))


_add(
    164,
    "edit-adds-no-values-between",
    "changed_values",
    "Values are added at the end only, not among the others.",
    _edited(_no_more),
)
_add(
    165, "edit-appends-values", "changed_values", "Values are added at the end, whatever the order.", _edited(_appended)
)
_add(
    165,
    "edit-sorts-values",
    "changed_values",
    "An enum's values are sorted.",
    _edited(lambda _, after: tuple(sorted(after))),
)


def _losing(allowed: Callable[[Values, Values], bool], kept: Callable[[Values, Values], Values]) -> Wrapper:
    """A wrapper of `changed_values` that takes values that lack some.

    `allowed` and `kept` get the values before, and those that are given.
    """

    def wrapper(honest: Wrapper, call: Call, before: CustomProperty, given: Json) -> Values | None:
        try:
            values: Values | None = honest(call, before, given)
        except BadRequest:
            if before.values is None or not allowed(before.values, tuple(given["values"])):
                raise
            return kept(before.values, tuple(given["values"]))
        return values

    return wrapper


_add(
    166,
    "edit-loses-values",
    "changed_values",
    "An edit may leave values out.",
    _losing(lambda _, __: True, lambda _, given: given),
)
_add(
    166,
    "edit-replaces-values",
    "changed_values",
    "An edit may leave values out, if it has as many.",
    _losing(lambda before, given: len(given) >= len(before), lambda _, given: given),
)
_add(
    166,
    "edit-empties-values",
    "changed_values",
    "An edit may leave all values out.",
    _losing(lambda _, given: not given, lambda _, given: given),
)
_add(
    166,
    "edit-unites-values",
    "changed_values",
    "Values that an edit leaves out stay.",
    _losing(lambda _, __: True, _appended),
)
_add(167, "edit-repeats-values", "member", "New values may repeat one.", restated(EDIT, "values", unique=False))


def _once(value: Any) -> Any:
    return list(dict.fromkeys(value))


_add(
    167,
    "edit-takes-repeated-once",
    "member",
    "A new value that is repeated is taken once.",
    odd_as(EDIT, "values", lambda value: not _is_strings(value) or len(set(value)) == len(value), _once),
)
_add(
    168,
    "edit-odd-values-ignored",
    "member",
    "New values that are no array of strings are ignored.",
    odd_as(EDIT, "values", _is_strings, lambda _: None),
)
_add(
    168,
    "edit-values-made-strings",
    "member",
    "New values are made strings.",
    odd_as(
        EDIT,
        "values",
        lambda value: _is_strings(value) or not isinstance(value, list),
        lambda value: [str(one) for one in value],
    ),
)


def _relabelled(honest: Wrapper, call: Call, member: Member, given: Json) -> Any:
    """An edit of values alone makes the key the label."""
    if (call.operation.name, member.name) == (EDIT, "label") and "label" not in given and "values" in given:
        return call.steps.custom_property_at(call).key
    return honest(call, member, given)


def _values_unset(honest: Wrapper, call: Call, before: CustomProperty, given: Json) -> Values | None:
    """An edit of the label alone keeps the first value only."""
    values: Values | None = honest(call, before, given)
    return values[:1] if values and "values" not in given and given.get("label") == "first" else values


_add(169, "edit-loses-label", "member", "An edit of values alone makes the key the label.", _relabelled)
_add(169, "edit-loses-values-beside", "changed_values", "An edit of the label alone loses values.", _values_unset)


def _rekeyed(needs: tuple[str, ...]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> Json:
        edited: Json = honest(call)
        given = call.steps.body(call)
        known = call.state.custom_properties.get(edited["id"])
        if known is not None and all(name in given for name in needs):
            known = replace(known, key=given["key"])
            call.state.custom_properties.put(known)
            return call.steps.custom_property(call, known)
        return edited

    return wrapper


_add(301, "edit-changes-key", EDIT, "A key can be edited.", _rekeyed(("key",)))
_add(
    301,
    "edit-changes-key-with-label",
    EDIT,
    "A key can be edited, together with the label.",
    _rekeyed(("key", "label")),
)


def _forgotten(honest: Wrapper, call: Call) -> Json:
    """An edit of the label to one with spaces is answered, and forgotten."""
    before = call.steps.custom_property_at(call)
    edited: Json = honest(call)
    if " " in edited["label"] and edited["label"] != before.label:
        call.state.custom_properties.put(before)
    return edited


_add(304, "edit-not-kept", EDIT, "A new label with spaces is answered, and not kept.", _forgotten)

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


_add(
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


_add(306, "numbers-singles", "typed", "Numbers are singles.", _typed(_single))
_add(
    306,
    "numbers-of-six-digits",
    "typed",
    "Numbers are kept with six digits.",
    _typed(lambda number: float(f"{number:.6g}")),
)
_add(
    306,
    "numbers-of-fifteen-digits",
    "typed",
    "Numbers are kept with fifteen digits.",
    _typed(lambda number: float(f"{number:.15g}")),
)
_add(
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


def _anything(_: Any) -> bool:
    return True


for _number, _type, _slug, _takes, _what in (
    (307, "string", "anything", _anything, "anything"),
    (307, "string", "booleans", lambda value: isinstance(value, bool), "booleans"),
    (307, "string", "lists", lambda value: isinstance(value, list), "lists"),
    (308, "number", "anything", _anything, "anything"),
    (308, "number", "digits", lambda value: isinstance(value, str) and value.isdigit(), "numbers as texts"),
    (308, "number", "booleans", lambda value: isinstance(value, bool), "booleans"),
    (309, "boolean", "anything", _anything, "anything"),
    (309, "boolean", "numbers", lambda value: value in (0, 1) and not isinstance(value, bool), "0 and 1"),
    (309, "boolean", "texts", lambda value: value == "true", "the text true"),
    (310, "enum", "anything", is_text, "any text"),
    (310, "enum", "empty", lambda value: value == "", "the empty text"),
    (310, "enum", "any-case", lambda value: is_text(value) and value[:1].isupper(), "values in capitals"),
    (310, "enum", "numbers", lambda value: type(value) is int, "numbers"),
):
    _add(
        _number,
        f"{_type}-takes-{_slug}",
        "typed",
        f"A {_type} property takes {_what}, in a new device.",
        _untyped(_type, "create_device", _takes),
    )
_add(
    311,
    "update-takes-anything",
    "typed",
    "An update takes values of any type.",
    _untyped("", "update_device", _anything),
)
for _type in VALUE_TYPES:
    _add(
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


_add(311, "update-loses-what-it-refuses", "update_device", "A property whose new value is refused is lost.", _lost)
