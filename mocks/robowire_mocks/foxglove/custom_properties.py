"""Custom properties: typed metadata that devices may have (page "Custom properties")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import KEY_PATTERN, MAX_KEY, RESOURCE_TYPES, VALUE_TYPES

from robowire_mocks.foxglove.errors import BadRequest, Conflict, NotFound
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import CustomProperty

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call

RESOURCE_TYPE = Member("resourceType", one_of=RESOURCE_TYPES)
# FOXGLOVE-PROPERTIES-122, FOXGLOVE-PROPERTIES-123, FOXGLOVE-PROPERTIES-162, FOXGLOVE-PROPERTIES-163
LABEL = Member("label", shortest=1, longest=MAX_KEY)
# FOXGLOVE-PROPERTIES-151, FOXGLOVE-PROPERTIES-152, FOXGLOVE-PROPERTIES-167, FOXGLOVE-PROPERTIES-168
VALUES = Member("values", Kind.STRINGS, unique=True)

NEW: tuple[Member, ...] = (
    # FOXGLOVE-PROPERTIES-111, FOXGLOVE-PROPERTIES-112, FOXGLOVE-PROPERTIES-113, FOXGLOVE-PROPERTIES-114
    Member("key", required=True, shortest=1, longest=MAX_KEY, pattern=KEY_PATTERN),
    replace(LABEL, required=True),  # FOXGLOVE-PROPERTIES-121
    replace(RESOURCE_TYPE, required=True),  # FOXGLOVE-PROPERTIES-131, FOXGLOVE-PROPERTIES-132
    # FOXGLOVE-PROPERTIES-141, FOXGLOVE-PROPERTIES-142, FOXGLOVE-PROPERTIES-143, FOXGLOVE-PROPERTIES-144,
    # FOXGLOVE-PROPERTIES-145, FOXGLOVE-PROPERTIES-146
    Member("valueType", required=True, one_of=VALUE_TYPES),
    VALUES,
)
"""The members of a body that creates one."""

CHANGES: tuple[Member, ...] = (LABEL, VALUES)
"""The members of a body that edits one."""


def list_custom_properties(call: Call) -> list[dict[str, Any]]:
    """All custom properties, or those of a resource type; "device" is the only one."""
    call.steps.parameters(call, (RESOURCE_TYPE,))  # FOXGLOVE-PROPERTIES-101, FOXGLOVE-PROPERTIES-102
    # FOXGLOVE-PROPERTIES-001, FOXGLOVE-PROPERTIES-303
    return [call.steps.custom_property(call, known) for known in call.state.custom_properties]


def get_custom_property(call: Call) -> dict[str, Any]:
    """One of them."""
    return call.steps.custom_property(
        call, call.steps.custom_property_at(call)
    )  # FOXGLOVE-PROPERTIES-003, FOXGLOVE-PROPERTIES-304


def create_custom_property(call: Call) -> dict[str, Any]:
    """A new one, whose key nothing has yet."""
    given = call.steps.read(call, call.steps.body(call), NEW)
    values = call.steps.new_values(call, given)
    call.steps.free_key(call, given["key"])
    row_id = call.state.fresh_id("prp")
    made = CustomProperty(row_id, given["key"], given["label"], given["valueType"], values, given["resourceType"])
    call.state.custom_properties.put(made)
    return call.steps.custom_property(call, made)  # FOXGLOVE-PROPERTIES-002


def update_custom_property(call: Call) -> dict[str, Any]:
    """Another label, or more values of an enum, or other order of them; key and types stay, whatever the body says."""
    before = call.steps.custom_property_at(call)
    given = call.steps.read(call, call.steps.body(call), CHANGES)
    values = call.steps.changed_values(call, before, given)
    # FOXGLOVE-PROPERTIES-301. FOXGLOVE-PROPERTIES-161, FOXGLOVE-PROPERTIES-169
    after = replace(before, label=given.get("label", before.label), values=values)
    call.state.custom_properties.put(after)
    return call.steps.custom_property(call, after)  # FOXGLOVE-PROPERTIES-004


def delete_custom_property(call: Call) -> dict[str, Any]:
    """Gone, from all devices too (facts "Foxglove": published, though not in the saved reference)."""
    known = call.steps.custom_property_at(call)
    call.state.custom_properties.remove(known.id)
    for device in list(call.state.devices):
        if known.key in device.properties:
            left = {key: value for key, value in device.properties.items() if key != known.key}
            call.state.devices.put(replace(device, properties=left))
    return {"id": known.id}


def custom_property_at(call: Call) -> CustomProperty:
    """The custom property that the path names.

    Raises:
        NotFound: There is none.
    """
    known = call.state.custom_properties.get(call.path["id"])
    if known is None:
        # FOXGLOVE-PROPERTIES-005, FOXGLOVE-PROPERTIES-006
        raise NotFound(f"there is no custom property {call.path['id'][:120]!r}")
    return known


def free_key(call: Call, key: str) -> None:
    """Nothing, if no custom property has this key.

    Raises:
        Conflict: One has.
    """
    if call.state.custom_properties.where("key", key):
        raise Conflict(f"there is a custom property {key!r} already")  # FOXGLOVE-PROPERTIES-302


def new_values(call: Call, given: dict[str, Any]) -> tuple[str, ...] | None:  # noqa: ARG001  # a step gets the call
    """The values of a new custom property; None if it is no enum, whatever the body says.

    Raises:
        BadRequest: It is an enum and has none.
    """
    if given["valueType"] != "enum":
        return None
    if "values" not in given:
        raise BadRequest("values: is required for an enum")  # FOXGLOVE-PROPERTIES-153
    return tuple(given["values"])


def changed_values(call: Call, before: CustomProperty, given: dict[str, Any]) -> tuple[str, ...] | None:  # noqa: ARG001  # as above
    """The values after an edit.

    Raises:
        BadRequest: The property is no enum, or a value would be lost.
    """
    if "values" not in given:
        return before.values
    if before.values is None:
        raise BadRequest(f"values: a {before.value_type} has none")
    lost = set(before.values) - set(given["values"])
    if lost:
        raise BadRequest(f"values: must keep {', '.join(sorted(lost))}")  # FOXGLOVE-PROPERTIES-166
    return tuple(given["values"])  # FOXGLOVE-PROPERTIES-164, FOXGLOVE-PROPERTIES-165


def custom_property(call: Call, known: CustomProperty) -> dict[str, Any]:  # noqa: ARG001  # as above
    """A custom property as answers have it."""
    shown: dict[str, Any] = {
        "id": known.id,  # FOXGLOVE-PROPERTIES-201
        "key": known.key,  # FOXGLOVE-PROPERTIES-202
        "label": known.label,  # FOXGLOVE-PROPERTIES-203
        "resourceType": known.resource_type,  # FOXGLOVE-PROPERTIES-204
        "valueType": known.value_type,  # FOXGLOVE-PROPERTIES-205
    }
    if known.values is not None:
        shown["values"] = list(known.values)  # FOXGLOVE-PROPERTIES-206
    return shown
