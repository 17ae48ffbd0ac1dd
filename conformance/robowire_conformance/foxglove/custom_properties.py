"""Custom properties: the operations on them, and the bodies that create them."""

from collections.abc import Mapping
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.changes import Change
from robowire_conformance.foxglove.fleet import GRADES
from robowire_conformance.verdict import NotTested

LIST, CREATE = "GET /custom-properties", "POST /custom-properties"
READ, EDIT = "GET /custom-properties/{id}", "PATCH /custom-properties/{id}"
NOBODY = "robowire-no-such-property"

LONGEST = 32
"""Characters of a key and of a label."""

LETTERS = "äß漢 .:*/"
"""Characters that a label may have besides those of a key."""

SHAPES: Mapping[str, Mapping[str, JSON]] = {
    "string": {},
    "number": {},
    "enum": {"values": [*GRADES]},
    "boolean": {},
}
"""What a custom property of each type is created with."""

Kinds = Mapping[str, dict[str, Any]]
"""A custom property of each type, by the hints of their keys."""


def body_of(key: str, value_type: str = "string", **members: JSON) -> dict[str, JSON]:
    """The body that creates a property."""
    return {"key": key, "label": "robowire", "resourceType": "device", "valueType": value_type, **members}


def edit(api: Api, property_id: str, body: JSON) -> Change:
    """Edit a property, and read it."""
    api.ask(READ, property_id).require_done()
    return Change(api.ask(EDIT, property_id, body=body), api.ask(READ, property_id), was_read=True)


def listed_properties(api: Api) -> list[dict[str, Any]]:
    """The custom properties of devices."""
    found: list[dict[str, Any]] = api.get("/custom-properties", resourceType="device")
    return found


def values_of(api: Api, editable: dict[str, Any]) -> list[str]:
    """The values of an enum, given to it again where they cannot be told.

    Raises:
        NotTested: It has none even then.
    """
    values = editable.get("values")
    if not isinstance(values, list) or not values:
        values = api.call(EDIT, editable["id"], body={"values": [*GRADES]}).get("values")
    if not isinstance(values, list) or not values:
        raise NotTested("an enum has no values (see FOXGLOVE-PROPERTIES-206)")
    return values
