"""Deviations of what edits change about custom properties (page "Custom properties")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, mended
from robowire_mocks.deviations.foxglove.custom_properties import EDIT, Json, add_one, is_strings
from robowire_mocks.deviations.foxglove.custom_property_creations import MENDED
from robowire_mocks.deviations.foxglove.resources import (
    is_text,
    odd_as,
)
from robowire_mocks.foxglove.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import CustomProperty


# ---- what is edited


def _spaced_ignored(honest: Wrapper, call: Call, member: Member, given: Json) -> Any:
    value = honest(call, member, given)
    return None if (call.operation.name, member.name) == (EDIT, "label") and " " in (value or "") else value


add_one(161, "edit-ignores-label-with-spaces", "member", "A new label with spaces is ignored.", _spaced_ignored)
add_one(
    162, "edit-any-label", "member", "A new label that is no string is made one.", odd_as(EDIT, "label", is_text, str)
)
add_one(
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
    add_one(163, f"edit-label-{_slug}", "member", _summary, mended(EDIT, "label", MENDED["label"], **_statement))

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


add_one(
    164,
    "edit-adds-no-values-between",
    "changed_values",
    "Values are added at the end only, not among the others.",
    _edited(_no_more),
)
add_one(
    165, "edit-appends-values", "changed_values", "Values are added at the end, whatever the order.", _edited(_appended)
)
add_one(
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


add_one(
    166,
    "edit-loses-values",
    "changed_values",
    "An edit may leave values out.",
    _losing(lambda _, __: True, lambda _, given: given),
)
add_one(
    166,
    "edit-replaces-values",
    "changed_values",
    "An edit may leave values out, if it has as many.",
    _losing(lambda before, given: len(given) >= len(before), lambda _, given: given),
)
add_one(
    166,
    "edit-empties-values",
    "changed_values",
    "An edit may leave all values out.",
    _losing(lambda _, given: not given, lambda _, given: given),
)
add_one(
    166,
    "edit-unites-values",
    "changed_values",
    "Values that an edit leaves out stay.",
    _losing(lambda _, __: True, _appended),
)
add_one(
    167,
    "edit-repeats-values",
    "member",
    "New values may repeat one.",
    mended(EDIT, "values", MENDED["values"], unique=False),
)


def _once(value: Any) -> Any:
    return list(dict.fromkeys(value))


add_one(
    167,
    "edit-takes-repeated-once",
    "member",
    "A new value that is repeated is taken once.",
    odd_as(EDIT, "values", lambda value: not is_strings(value) or len(set(value)) == len(value), _once),
)
add_one(
    168,
    "edit-odd-values-ignored",
    "member",
    "New values that are no array of strings are ignored.",
    odd_as(EDIT, "values", is_strings, lambda _: None),
)
add_one(
    168,
    "edit-values-made-strings",
    "member",
    "New values are made strings.",
    odd_as(
        EDIT,
        "values",
        lambda value: is_strings(value) or not isinstance(value, list),
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


add_one(169, "edit-loses-label", "member", "An edit of values alone makes the key the label.", _relabelled)
add_one(169, "edit-loses-values-beside", "changed_values", "An edit of the label alone loses values.", _values_unset)


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


add_one(301, "edit-changes-key", EDIT, "A key can be edited.", _rekeyed(("key",)))
add_one(
    301,
    "edit-changes-key-with-label",
    EDIT,
    "A key can be edited, together with the label.",
    _rekeyed(("key", "label")),
)


def _forgotten(honest: Wrapper, call: Call) -> Json:
    """A label of more than two words is answered, and forgotten."""
    before = call.steps.custom_property_at(call)
    edited: Json = honest(call)
    if len(edited["label"].split()) > 2 and edited["label"] != before.label:
        call.state.custom_properties.put(before)
    return edited


add_one(304, "edit-not-kept", EDIT, "A new label of more than two words is answered, and not kept.", _forgotten)
