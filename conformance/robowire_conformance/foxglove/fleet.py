"""Devices of the suite's own that differ in every kind of custom property, for queries, sorts and pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.changes import properties_of
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.verdict import Violation

GRADES = ("amber", "beryl", "coral")
KINDS: dict[str, str] = {"text": "string", "count": "number", "flag": "boolean", "grade": "enum"}
"""The custom properties that the suite uses, by the hints of their keys, and their types."""

LOOKALIKES = ("text-2", "robowire_text")
"""Hints of keys that begin, or end, with the whole key of `text`."""

_DEVICES: tuple[tuple[str, Mapping[str, JSON]], ...] = (
    ("delta", {"text": "quartz", "count": 9, "flag": True, "grade": "coral"}),
    ("alpha", {"text": "quartzite", "count": 10, "flag": False, "grade": "amber"}),
    ("golf", {"text": "basalt", "count": -3, "flag": True}),
    ("bravo", {"text": "basalt", "count": 2.5, "grade": "beryl"}),
    ("echo", {"text": "zq", "count": 100}),
    ("hotel", {"count": 0, "flag": False}),
    ("charlie", {"grade": "coral"}),
    ("foxtrot", {"text-2": "quartz", "robowire_text": "basalt"}),
    ("india", {"text-2": "basalt", "count": 2.25}),
    ("juliett", {"count": 16_777_217}),
    ("kilo", {"count": 16_777_216}),
    ("lima", {}),
)
"""Words that every order of texts sorts alike, and the properties of each device, by hint."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Devices by id, with their names and properties as they were sent, and the keys of the properties by hint."""

    names: Mapping[str, str]
    properties: Mapping[str, Mapping[str, JSON]]
    keys: Mapping[str, str]

    def own(self, body: Sequence[Any]) -> list[str]:
        """The ids of an answer that are the fleet's, in its order."""
        return [one["id"] for one in body if isinstance(one, dict) and one.get("id") in self.names]

    def query(self, hint: str, values: str) -> str:
        """A qualifier of a property of the fleet."""
        return f"properties.{self.keys[hint]}:{values}"


def make_fleet(guest: Guest) -> Fleet:
    """Make the properties and the devices."""
    kinds = KINDS | dict.fromkeys(LOOKALIKES, "string")
    keys = {hint: guest.property_(hint, kind, GRADES if kind == "enum" else ())["key"] for hint, kind in kinds.items()}
    names: dict[str, str] = {}
    given: dict[str, Mapping[str, JSON]] = {}
    for word, properties in _DEVICES:
        sent = {keys[hint]: value for hint, value in properties.items()}
        name = f"{guest.prefix}-fleet-{word}"
        body = {"name": name, "properties": sent}
        made = guest.make("POST /devices", body)
        names[made["id"]], given[made["id"]] = name, sent
    _require_given(guest.api, given)
    return Fleet(names, given, keys)


def _require_given(api: Api, given: Mapping[str, Mapping[str, JSON]]) -> None:
    """Make sure that the devices have what they were given, so far as the list shows it.

    Raises:
        Violation: They have not.
    """
    for one in every(api, "/devices"):
        if one.get("id") in given and isinstance(one.get("properties"), dict):
            found = properties_of(one)
            if found != given[one["id"]]:
                text = "A device has not the properties that it was given"
                requirement = "FOXGLOVE-DEVICES-127"
                raise Violation(text, expected=dict(given[one["id"]]), actual=found, requirement=requirement)


def every(api: Api, path: str, **params: JSON) -> list[Any]:
    """All items of a list, over its pages."""
    return identified(whole(api, f"GET {path}", params))


def identified(reply: Reply) -> list[Any]:
    """A list whose items all have ids.

    Raises:
        Violation: One of them has none.
    """
    body: list[Any] = reply.require_done()
    if not all(isinstance(one.get("id"), str) for one in body):
        requirement = f"{reply.call.works.rpartition('-')[0]}-201"
        raise reply.violation("An item of a list has no id", expected="an id", requirement=requirement)
    return body
