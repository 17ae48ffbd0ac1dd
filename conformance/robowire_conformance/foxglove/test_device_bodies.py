"""Page "Devices": the bodies of creations and updates, and what becomes of their members."""

from collections.abc import Mapping
from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.bodies import require_no_object_refused
from robowire_conformance.foxglove.changes import Change, properties_of, unlike
from robowire_conformance.foxglove.fleet import GRADES, KINDS, every
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.verdict import proves

READ, UPDATE = "GET /devices/{nameOrId}", "PATCH /devices/{nameOrId}"
LONGEST = 100
OUTSIDE = " /:@+~%é\u0130\u0660\n,#"
"""Characters that no name has; among them a letter and a digit that are not ASCII."""

RENAMED, PROPERTIES, UNSET = "FOXGLOVE-DEVICES-132", "FOXGLOVE-DEVICES-135", "FOXGLOVE-DEVICES-138"
READ_AGAIN = "FOXGLOVE-DEVICES-318"

Keys = Mapping[str, str]


@pytest.fixture(scope="session")
def keys(guest: Guest) -> Keys:
    """The keys of a custom property of each type."""
    return {hint: guest.property_(hint, kind, GRADES if kind == "enum" else ())["key"] for hint, kind in KINDS.items()}


def change(api: Api, device_id: str, body: JSON) -> Change:
    """Update a device, and read it."""
    api.ask(READ, device_id).require_done()
    return Change(api.ask(UPDATE, device_id, body=body), api.ask(READ, device_id), was_read=True)


def made_with(api: Api, guest: Guest, hint: str, properties: Mapping[str, JSON]) -> dict[str, Any]:
    """A new device that has its properties.

    Raises:
        Violation: It has not got them.
    """
    device = guest.device(hint, properties=properties)
    reply = api.ask(READ, device["id"])
    if properties_of(reply.require_done()) != properties:
        text = "A device lacks properties that it was given"
        raise reply.violation(text, expected=dict(properties), actual=reply.body, requirement="FOXGLOVE-DEVICES-127")
    return device


def create(api: Api, body: JSON) -> Change:
    """Create a device, and read it."""
    reply = api.ask("POST /devices", body=body)
    return Change(reply, api.ask(READ, str(reply.require_done().get("id"))))


@proves("FOXGLOVE-DEVICES-121")
def test_a_creation_needs_an_object(api: Api, guest: Guest) -> None:
    """No body, and one that is no JSON object, create no device."""
    guest.device("control")
    require_no_object_refused(api, "POST /devices")


@proves("FOXGLOVE-DEVICES-122")
def test_a_creation_needs_a_name(api: Api, guest: Guest) -> None:
    """Without a name no device is created."""
    guest.device("control")
    bodies: tuple[dict[str, JSON], ...] = ({}, {"properties": {}})
    for body in bodies:
        api.ask("POST /devices", body=body).require_refused("A device is created without a name")


@proves("FOXGLOVE-DEVICES-123")
def test_a_name_is_a_string(api: Api, guest: Guest) -> None:
    """A name of another type creates no device."""
    guest.device("control")
    for name in (7, True, None, ["robowire"], {"name": "robowire"}):
        reply = api.ask("POST /devices", body={"name": name})
        reply.require_refused("A device is created with a name that is no string")


@proves("FOXGLOVE-DEVICES-124")
def test_a_name_has_a_hundred_characters_at_most(api: Api, guest: Guest) -> None:
    """A name of 100 characters is taken whole, one of 101 is refused."""
    longest = guest.name("long").ljust(LONGEST, "x")
    reply = api.ask("POST /devices", body={"name": longest})
    reply.require_form()
    if not reply.done or reply.body.get("name") != longest:
        raise reply.violation("A name of 100 characters is not taken", expected=200, actual=reply.status)
    for length in (LONGEST + 1, 2 * LONGEST):
        name = guest.name("long").ljust(length, "x")
        api.ask("POST /devices", body={"name": name}).require_refused(f"A name of {length} characters is taken")


@proves("FOXGLOVE-DEVICES-125")
def test_a_name_is_made_of_few_characters(api: Api, guest: Guest) -> None:
    """Each kind of allowed character is taken; an empty name, and any other character at any place, is refused."""
    tag = guest.name("name")
    for name in (f"{tag}-Az09_.-", *(f"{sign}{tag}" for sign in "0Z_.-")):
        reply = api.ask("POST /devices", body={"name": name})
        reply.require_form()
        if not reply.done or reply.body.get("name") != name:
            text = f"The name {name}, of allowed characters, is not taken"
            raise reply.violation(text, expected=200, actual=reply.status)
    api.ask("POST /devices", body={"name": ""}).require_refused("A device is created with an empty name")
    for sign in OUTSIDE:
        for bad in (f"{guest.name()}{sign}x", f"{guest.name()}{sign}"):
            reply = api.ask("POST /devices", body={"name": bad})
            reply.require_refused(f"A device is created with {sign!r} in its name")
    api.ask("POST /devices", body={"name": f" {guest.name()}"}).require_refused("A name begins with a space")


@proves("FOXGLOVE-DEVICES-126")
def test_properties_may_be_left_out(api: Api, guest: Guest) -> None:
    """A body with nothing but a name creates a device without properties."""
    change = create(api, {"name": guest.name("bare")})
    change.require({"properties": {}}, effect="FOXGLOVE-DEVICES-126", message="A device without properties has some")


@proves("FOXGLOVE-DEVICES-127")
def test_properties_are_assigned_on_creation(api: Api, guest: Guest, keys: Keys) -> None:
    """The device has the properties of the body, of each type."""
    text = "A device lacks properties that it was given"
    for properties in (
        {keys["text"]: "A b,c:ü", keys["count"]: 2.5, keys["flag"]: False, keys["grade"]: "beryl"},
        {keys["text"]: "7", keys["count"]: 0, keys["flag"]: True, keys["grade"]: GRADES[0]},
    ):
        made = create(api, {"name": guest.name("full"), "properties": properties})
        made.require({"properties": properties}, effect="FOXGLOVE-DEVICES-127", message=text)


@proves("FOXGLOVE-DEVICES-128")
def test_properties_are_an_object(api: Api, guest: Guest) -> None:
    """Properties of another type create no device."""
    guest.device("control", properties={})
    for properties in ([], ["x"], "x", 7, True):
        reply = api.ask("POST /devices", body={"name": guest.name("odd"), "properties": properties})
        reply.require_refused("A device is created with properties that are no object")


@proves("FOXGLOVE-DEVICES-129")
def test_unknown_properties_are_ignored_on_creation(api: Api, guest: Guest, keys: Keys) -> None:
    """A key that is no custom property's does not stand in the way, and is not shown."""
    made_with(api, guest, "control", {keys["text"]: "known"})
    properties = {unknown_key(guest): "x", keys["text"]: "known"}
    reply = api.ask("POST /devices", body={"name": guest.name("odd"), "properties": properties})
    reply.require_form()
    if not reply.done:
        text = "A device is not created because of a property that is unknown"
        raise reply.violation(text, expected=200, actual=reply.status)
    made = Change(reply, api.ask(READ, str(reply.body.get("id"))))
    made.require({"properties": {keys["text"]: "known"}}, effect="FOXGLOVE-DEVICES-129", message="It is not ignored")


def unknown_key(guest: Guest) -> str:
    """A key that no custom property has."""
    return f"nowhere-{guest.prefix[-6:]}"


@proves("FOXGLOVE-DEVICES-316")
def test_two_devices_have_two_names(api: Api, guest: Guest) -> None:
    """A second device of the same name is refused with 409, and does not come to be."""
    first = guest.device("twin")
    reply = api.ask("POST /devices", body={"name": first["name"]})
    if reply.status != 409:
        raise reply.violation("A second device of a name is not answered 409", expected=409, actual=reply.status)
    others = [
        one for one in every(api, "/devices") if one.get("name") == first["name"] and one.get("id") != first["id"]
    ]
    if others or not api.ask(READ, first["id"]).done:
        raise reply.violation("There is not one device of the name", expected=[first["id"]], actual=others)


@proves("FOXGLOVE-DEVICES-131")
def test_an_update_needs_an_object(api: Api, guest: Guest) -> None:
    """No body, and one that is no JSON object, update no device."""
    device = guest.device("control")
    api.call(UPDATE, device["id"], body={"properties": {}})
    require_no_object_refused(api, UPDATE, device["id"])


@proves("FOXGLOVE-DEVICES-005")
def test_an_update_answers_the_device(api: Api, guest: Guest, keys: Keys) -> None:
    """The answer to an update is the device as it is read then, with all that the update left alone."""
    device = guest.device("before", properties={keys["count"]: 1})
    made = change(api, device["id"], {"properties": {keys["text"]: "after"}})
    answered, found = made.reply.require_done(), made.read.require_done()
    for member in unlike(answered, found, ("id", "name", "properties")):
        text = f"The {member} of the answer is not the device's"
        requirement = made.read.malformed
        raise made.reply.violation(text, expected=found[member], actual=answered[member], requirement=requirement)
    if properties_of(found).get(keys["text"]) != "after":
        raise made.read.violation("The device is not updated", requirement=PROPERTIES)


@proves(RENAMED)
def test_a_device_is_renamed(api: Api, guest: Guest) -> None:
    """The name of the body becomes the device's, by which it is reached; the old one reaches nothing."""
    device = guest.device("old")
    name = guest.name("new")
    made = change(api, device["id"], {"name": name})
    made.require(
        {"name": name, "id": device["id"]}, effect=RENAMED, message="A device has not its new name", kept=READ_AGAIN
    )
    new = api.ask(READ, name)
    if not new.done or new.body.get("id") != device["id"]:
        by_name = api.ask(READ, guest.device("named")["name"]).done
        requirement = RENAMED if by_name and not new.done else "FOXGLOVE-DEVICES-302"
        text = "A device is not reached by its new name"
        raise new.violation(text, expected=device["id"], actual=new.status, requirement=requirement)
    old = api.ask(READ, device["name"])
    if old.done and old.body.get("id") == device["id"]:
        raise old.violation(
            "A device is reached by the name that it had before", expected="a client error", actual=old.body
        )


@proves("FOXGLOVE-DEVICES-133")
def test_a_new_name_is_a_string(api: Api, guest: Guest) -> None:
    """A name of another type renames nothing."""
    device = guest.device("steady")
    api.call(UPDATE, device["id"], body={"name": device["name"]})
    for name in (7, True, ["robowire"], {"name": "robowire"}):
        reply = api.ask(UPDATE, device["id"], body={"name": name})
        renamed = reply.done and reply.body.get("name") != device["name"]
        if renamed or not (reply.done or reply.refused):
            raise reply.violation(
                "A device is renamed to what is no string", expected="a client error", actual=reply.body
            )


@proves("FOXGLOVE-DEVICES-134")
def test_a_name_that_is_left_out_stays(api: Api, guest: Guest, keys: Keys) -> None:
    """An update without name keeps the name."""
    device = guest.device("steady")
    made = change(api, device["id"], {"properties": {keys["text"]: "x"}})
    made.require({"name": device["name"]}, effect="FOXGLOVE-DEVICES-134", message="An update without name changes it")


@proves("FOXGLOVE-DEVICES-317")
def test_a_device_is_not_renamed_to_a_taken_name(api: Api, guest: Guest) -> None:
    """The name of another device is refused with 409, and the device keeps its own."""
    first, second = guest.device("one"), guest.device("two")
    reply = api.ask(UPDATE, second["id"], body={"name": first["name"]})
    if reply.status != 409:
        raise reply.violation("The name of another device is not answered 409", expected=409, actual=reply.status)
    found = api.ask(READ, second["id"])
    if found.require_done().get("name") != second["name"]:
        raise found.violation("A refused name is taken", expected=second["name"], actual=found.body.get("name"))


@proves(PROPERTIES, READ_AGAIN)
def test_properties_are_set_by_an_update(api: Api, guest: Guest, keys: Keys) -> None:
    """The values of the body are the device's, whether it had others before or none."""
    device = guest.device("set", properties={keys["text"]: "old", keys["flag"]: True})
    due: dict[str, Any] = {keys["text"]: "new", keys["flag"]: False, keys["count"]: -1, keys["grade"]: "coral"}
    made = change(api, device["id"], {"properties": due})
    made.require(
        {"properties": due}, effect=PROPERTIES, message="A device has not the properties of an update", kept=READ_AGAIN
    )


@proves("FOXGLOVE-DEVICES-136")
def test_unknown_properties_are_ignored_by_an_update(api: Api, guest: Guest, keys: Keys) -> None:
    """A key that is no custom property's does not stand in the way, and is not shown."""
    device = guest.device("odd")
    properties = {unknown_key(guest): "x", keys["text"]: "known"}
    made = change(api, device["id"], {"properties": properties})
    made.reply.require_form()
    if not made.reply.done:
        text = "A device is not updated because of a property that is unknown"
        raise made.reply.violation(text, expected=200, actual=made.reply.status)
    made.require({"properties": {keys["text"]: "known"}}, effect="FOXGLOVE-DEVICES-136", message="It is not ignored")


@proves("FOXGLOVE-DEVICES-137")
def test_properties_that_are_left_out_stay(api: Api, guest: Guest, keys: Keys) -> None:
    """An update changes what it names and nothing else; one without properties changes none."""
    device = made_with(api, guest, "kept", {keys["text"]: "kept", keys["count"]: 1, keys["flag"]: False})
    due = {keys["text"]: "kept", keys["count"]: 2, keys["flag"]: False}
    bodies: tuple[dict[str, JSON], ...] = (
        {"properties": {keys["count"]: 2}},
        {"properties": {}},
        {"name": guest.name("kept")},
        {"properties": {keys["count"]: 2, keys["flag"]: False}},
    )
    for number, body in enumerate(bodies):
        made = change(api, device["id"], body)
        if not number and part_of(made, keys["count"]) != 2:
            made.require({"properties": due}, effect=PROPERTIES, message="A property is not updated")
        made.require(
            {"properties": due}, effect="FOXGLOVE-DEVICES-137", message="An update loses what it does not name"
        )


def part_of(made: Change, key: str) -> JSON:
    """A property of a device as it is read."""
    body = made.read.require_done()
    return properties_of(body).get(key)


@proves(UNSET)
def test_null_unsets_a_property(api: Api, guest: Guest, keys: Keys) -> None:
    """A property that the body gives as null is gone; null for one that is not there changes nothing."""
    given: dict[str, JSON] = {keys["text"]: "stays", keys["count"]: 7, keys["flag"]: False, keys["grade"]: "coral"}
    device = made_with(api, guest, "unset", given)
    unset = [keys["count"], keys["flag"], keys["grade"]]
    for _ in range(2):
        made = change(api, device["id"], {"properties": dict.fromkeys(unset)})
        for key in unset:
            if part_of(made, key) is not None:
                text = "A property is set after an update with null"
                raise made.read.violation(text, expected=None, actual=made.read.body)
        made.require({"properties": {keys["text"]: "stays"}}, effect=UNSET, message="null unsets more than it names")
    if any(one.get("id") == device["id"] for one in every(api, "/devices", query=f"properties.{keys['grade']}:*")):
        raise made.reply.violation("A device is found by a property that was unset", expected="no such device")


@proves("FOXGLOVE-DEVICES-139")
def test_properties_of_an_update_are_an_object(api: Api, guest: Guest, keys: Keys) -> None:
    """Properties of another type are refused, and the device keeps its own."""
    device = made_with(api, guest, "kept", {keys["text"]: "kept"})
    api.call(UPDATE, device["id"], body={"properties": {}})
    for properties in ([], ["x"], "x", 7, True):
        made = change(api, device["id"], {"properties": properties})
        made.reply.require_refused("A device is updated with properties that are no object")
        if part_of(made, keys["text"]) != "kept":
            raise made.read.violation("A refused update changes a device", expected="kept", actual=made.read.body)
