"""Page "Custom properties": the values that devices may have of them, by their types."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import strategies as st

from robowire_conformance import law
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.changes import properties_of
from robowire_conformance.foxglove.custom_properties import Kinds
from robowire_conformance.foxglove.fleet import GRADES, KINDS
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves


@proves("FOXGLOVE-PROPERTIES-305")
def test_a_new_property_can_be_assigned(api: Api, guest: Guest) -> None:
    """A device shows the value of a property that has just been created, and not before."""
    key = guest.free_key("assigned")  # one that is left from an earlier run is not taken
    early = guest.device("early", properties={key: "x"})
    if properties_of(api.get("/devices/{nameOrId}", early["id"])).get(key) is not None:
        raise NotTested("a device is given a property that there is not (see FOXGLOVE-DEVICES-129)")
    guest.new_property("assigned")
    late = guest.device("late", properties={key: "x"})
    found = api.ask("GET /devices/{nameOrId}", late["id"])
    shown = properties_of(found.require_done()).get(key)
    if shown != "x":
        raise found.violation(
            "A device does not show a property that it was given", expected={key: "x"}, actual=found.body
        )


@proves("FOXGLOVE-PROPERTIES-306")
def test_numbers_are_doubles(foxglove_target: Target, api: Api, guest: Guest, kinds: Kinds) -> None:
    """Any double is answered as the same double."""
    key = kinds["count"]["key"]
    device = guest.device("double")
    api.call("PATCH /devices/{nameOrId}", device["id"], body={"properties": {key: 1}})
    edges = st.sampled_from([0.1 + 0.2, 5e-324, 1.7976931348623157e308, 2.0**53 + 2, -2.5, 1e21, 123456789.123456789])

    @law.for_all(foxglove_target, st.one_of(edges, st.floats(allow_nan=False, allow_infinity=False)), examples=12)
    def same(value: float) -> None:
        reply = api.ask("PATCH /devices/{nameOrId}", device["id"], body={"properties": {key: value}})
        shown = properties_of(reply.require_done("FOXGLOVE-PROPERTIES-306")).get(key)
        if shown == 1 != value:
            raise NotTested("a property keeps the value that it was given first (see FOXGLOVE-DEVICES-135)")
        if isinstance(shown, bool) or not isinstance(shown, int | float) or float(shown) != value:
            raise reply.violation(f"{value!r} is answered as {shown!r}", expected=value, actual=shown)


WRONG: Mapping[str, tuple[JSON, ...]] = {
    "text": (7, True, ["x"], {"x": "y"}),
    "count": ("7", "seven", True, [7]),
    "flag": ("true", 1, 0, "yes", []),
    "grade": ("dolomite", "Amber", "amber,beryl", "", 7),
}
"""Values that are not of the type, by the hints of the keys."""


def fits(hint: str, value: JSON) -> bool:
    """Whether a value is one that a property of the type may have."""
    if hint == "flag":
        return isinstance(value, bool)
    if hint == "count":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and (hint == "text" or value in GRADES)


GOOD: Mapping[str, JSON] = {"text": "x", "count": 7, "flag": True, "grade": GRADES[0]}
"""Values that are of the type."""


@pytest.mark.parametrize(
    "hint",
    [
        pytest.param(hint, id=hint, marks=proves(f"FOXGLOVE-PROPERTIES-{number}"))
        for hint, number in (("text", 307), ("count", 308), ("flag", 309), ("grade", 310))
    ],
)
def test_a_device_is_given_no_value_of_another_type(api: Api, guest: Guest, kinds: Kinds, hint: str) -> None:
    """A value that is not of the property's type is refused, or at least not what the device has then."""
    key = kinds[hint]["key"]
    _require_assigned(guest.device("control", properties={key: GOOD[hint]}), key, GOOD[hint])
    for value in WRONG[hint]:
        reply = api.ask("POST /devices", body={"name": guest.name("odd"), "properties": {key: value}})
        _require_no_wrong(api, reply, hint, key, value)


def _require_assigned(device: dict[str, Any], key: str, value: JSON) -> None:
    """Make sure that a value of the type is taken."""
    if properties_of(device).get(key) != value:
        raise Violation(
            "A device is not given a property", expected=value, actual=device, requirement="FOXGLOVE-DEVICES-127"
        )


def _require_no_wrong(api: Api, reply: Reply, hint: str, key: str, value: JSON, kept: JSON = None) -> None:
    """Make sure that a device has no value that is not of the type: that it was refused, put right, or left out.

    Raises:
        Violation: It has.
    """
    if reply.refused:
        return
    found = api.ask("GET /devices/{nameOrId}", str(reply.require_done().get("id")))
    shown = properties_of(found.require_done()).get(key)
    if shown is not None and not fits(hint, shown):
        text = f"A {KINDS[hint]} property is given the value {value!r}"
        raise reply.violation(text, expected="a client error", actual=found.body)
    if kept is not None and shown is None:
        raise reply.violation("A property is lost", expected=kept, actual=found.body)


@proves("FOXGLOVE-PROPERTIES-311")
def test_an_update_gives_no_value_of_another_type(api: Api, guest: Guest, kinds: Kinds) -> None:
    """A value that is not of the type is refused or put right by an update, and otherwise the old one stays."""
    good = {kinds[hint]["key"]: value for hint, value in GOOD.items()}
    device = guest.device("typed", properties=good)
    for hint, key in ((hint, kinds[hint]["key"]) for hint in GOOD):
        _require_assigned(device, key, GOOD[hint])
        before = GOOD[hint]
        for value in WRONG[hint][:3]:
            reply = api.ask("PATCH /devices/{nameOrId}", device["id"], body={"properties": {key: value}})
            _require_no_wrong(api, reply, hint, key, value, before)
            after = properties_of(api.get("/devices/{nameOrId}", device["id"])).get(key)
            if reply.refused and after != before:
                raise reply.violation("A refused update changes a property", expected=before, actual=after)
            before = after
