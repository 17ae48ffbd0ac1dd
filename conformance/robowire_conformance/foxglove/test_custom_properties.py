"""Page "Custom properties": listing, reading and creating them."""

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import NOTHING, Api
from robowire_conformance.foxglove.bodies import require_no_object_refused
from robowire_conformance.foxglove.custom_properties import (
    CREATE,
    EDIT,
    LETTERS,
    LIST,
    LONGEST,
    NOBODY,
    READ,
    SHAPES,
    Kinds,
    body_of,
    listed_properties,
)
from robowire_conformance.foxglove.fleet import GRADES
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves

OUTSIDE = " .:/é\u0660\n*,"
"""Characters that no key has."""

CREATED = "FOXGLOVE-PROPERTIES-002"


@proves("FOXGLOVE-PROPERTIES-001", "FOXGLOVE-PROPERTIES-003")
def test_properties_are_listed_and_read(request: pytest.FixtureRequest, foxglove_target: Target, api: Api) -> None:
    """What the list holds are custom properties: each can be read as it is listed."""
    own = None
    if foxglove_target.profile is not Profile.READ_ONLY:
        own = {one["id"] for one in request.getfixturevalue("kinds").values()}
    listed = [one for one in api.get("/custom-properties") if own is None or one.get("id") in own]
    if own is not None and not listed:
        raise Violation("The list lacks what was created", requirement="FOXGLOVE-PROPERTIES-303")
    if not listed:
        raise NotTested("the target lists no custom property")
    if api.ask(READ, NOBODY).done:
        raise NotTested("a custom property is read by whatever id (see FOXGLOVE-PROPERTIES-005)")
    for one in (listed[0], listed[-1]):
        reply = api.ask(READ, str(one.get("id")))
        if reply.require_done() != one:
            text = "A custom property is read otherwise than it is listed"
            raise reply.violation(text, expected=one, actual=reply.body, requirement="FOXGLOVE-PROPERTIES-003")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        pytest.param(READ, NOTHING, id="read", marks=proves("FOXGLOVE-PROPERTIES-005")),
        pytest.param(EDIT, {"label": "robowire"}, id="edit", marks=proves("FOXGLOVE-PROPERTIES-006")),
    ],
)
def test_an_unknown_property_is_a_client_error(api: Api, kinds: Kinds, name: str, body: JSON) -> None:
    """An id that no custom property has is answered with a client error, while one that one has is not."""
    known = kinds["text"]["id"]
    api.ask(name, known, body=body).require_done()
    for unknown in (NOBODY, known + "x"):
        reply = api.ask(name, unknown, body=body)
        reply.require_client_error(f"{name} with an id that no custom property has is not a client error")


@proves("FOXGLOVE-PROPERTIES-101")
def test_the_list_is_of_devices(api: Api, kinds: Kinds) -> None:
    """With resourceType device, the list holds all custom properties of devices and no others."""
    before = _ids(api.get("/custom-properties"))
    reply = api.ask(LIST, params={"resourceType": "device"})
    listed = reply.require_done()
    if any(one.get("resourceType") != "device" for one in listed):
        raise reply.violation("The list for devices holds others", expected="device", actual=listed)
    lasting = before & _ids(api.get("/custom-properties"))  # others may come and go
    lacking = (lasting | _ids([*kinds.values()])) - _ids(listed)
    if lacking:
        raise reply.violation("The list for devices lacks some", expected=sorted(lacking), actual=sorted(_ids(listed)))


def _ids(properties: list[dict[str, Any]]) -> set[str]:
    """The ids of those that are of devices, as far as they have one."""
    return {one["id"] for one in properties if one.get("resourceType") == "device" and isinstance(one.get("id"), str)}


@proves("FOXGLOVE-PROPERTIES-102")
def test_another_resource_type_is_refused(api: Api, kinds: Kinds) -> None:
    """A resourceType other than device is refused."""
    del kinds
    api.get("/custom-properties", resourceType="device")
    for other in ("robowire", "devices"):
        reply = api.ask(LIST, params={"resourceType": other})
        reply.require_refused(f"The list with resourceType={other} is not refused")


@proves("FOXGLOVE-PROPERTIES-110")
def test_a_creation_needs_an_object(api: Api, guest: Guest) -> None:
    """No body, and one that is no JSON object, create no custom property."""
    guest.property_("text", "string")
    require_no_object_refused(api, CREATE)


@proves(CREATED, "FOXGLOVE-PROPERTIES-303")
def test_creation_answers_the_property(api: Api, guest: Guest) -> None:
    """The answer to a creation is the custom property of the body, and is in the list as it was answered."""
    body = body_of(guest.free_key("created"), "enum", label="Made by robowire", values=["b", "a", ""])
    reply = api.ask(CREATE, body=body)
    answered = reply.require_done()
    shown = {name: answered.get(name) for name in body}
    listed = [one for one in listed_properties(api) if one.get("id") == answered.get("id")]
    if shown != body:
        raise reply.violation(
            "The answer is not the property of the body", expected=body, actual=shown, requirement=CREATED
        )
    if listed != [answered]:
        text = "The list does not hold a new property as it was answered"
        raise reply.violation(text, expected=[answered], actual=listed, requirement="FOXGLOVE-PROPERTIES-303")


@pytest.mark.parametrize(
    ("member", "value_type"),
    [
        pytest.param("key", "string", id="key", marks=proves("FOXGLOVE-PROPERTIES-111")),
        pytest.param("label", "string", id="label", marks=proves("FOXGLOVE-PROPERTIES-121")),
        pytest.param("resourceType", "string", id="resourceType", marks=proves("FOXGLOVE-PROPERTIES-131")),
        pytest.param("valueType", "string", id="valueType", marks=proves("FOXGLOVE-PROPERTIES-141")),
        pytest.param("values", "enum", id="values", marks=proves("FOXGLOVE-PROPERTIES-153")),
    ],
)
def test_a_creation_needs_its_members(api: Api, guest: Guest, member: str, value_type: str) -> None:
    """Without a member that is required, no custom property is created."""
    guest.property_("grade" if value_type == "enum" else "text", value_type, GRADES if value_type == "enum" else ())
    body = body_of(guest.free_key("lacking"), value_type, **SHAPES[value_type])
    reply = api.ask(CREATE, body={name: value for name, value in body.items() if name != member})
    reply.require_refused(f"A custom property is created without {member}")


@pytest.mark.parametrize(
    ("member", "values"),
    [
        pytest.param("key", (7, True, None, ["x"]), id="key", marks=proves("FOXGLOVE-PROPERTIES-112")),
        pytest.param("label", (7, True, None, ["x"]), id="label", marks=proves("FOXGLOVE-PROPERTIES-122")),
        pytest.param(
            "resourceType", ("robowire", "Device", "", 7), id="resourceType", marks=proves("FOXGLOVE-PROPERTIES-132")
        ),
        pytest.param(
            "valueType",
            ("integer", "String", "", "object", 7),
            id="valueType",
            marks=proves("FOXGLOVE-PROPERTIES-146"),
        ),
    ],
)
def test_a_member_of_another_kind_is_refused(api: Api, guest: Guest, member: str, values: tuple[JSON, ...]) -> None:
    """A member with a value that it does not take creates no custom property."""
    guest.property_("text", "string")
    body = body_of(guest.free_key("odd"))
    for value in values:
        reply = api.ask(CREATE, body={**body, member: value})
        reply.require_refused(f"A custom property is created with {member} {value!r}")


@proves("FOXGLOVE-PROPERTIES-113")
def test_a_key_has_32_characters_at_most(api: Api, guest: Guest) -> None:
    """A key of 32 characters is taken, one of 33 and an empty one are refused; one of a single character is taken."""
    longest = guest.free_key("k" * LONGEST)
    for key in (longest, _single(api, guest)):
        reply = api.ask(CREATE, body=body_of(key))
        reply.require_form()
        if not reply.done or reply.body.get("key") != key:
            text = f"A key of {len(key)} characters is not taken"
            raise reply.violation(text, expected=200, actual=reply.status)
    for key in ("", longest + "k", 8 * longest):
        api.ask(CREATE, body=body_of(key)).require_refused(f"A key of {len(key)} characters is taken")


def _odd(api: Api, guest: Guest) -> Sequence[str]:
    """Keys of few kinds of characters; none where they could not be removed again."""
    tag = guest.prefix[-6:]
    return (str(int(tag, 16)).zfill(9), f"-{tag}", f"_{tag}", f"{tag}-".upper()) if _removable(api, guest) else ()


def _removable(api: Api, guest: Guest) -> bool:
    """Whether the target gives a way to delete custom properties."""
    probe = guest.new_property("probe")
    return api.ask("DELETE /custom-properties/{id}", probe["id"]).status == 200


def _single(api: Api, guest: Guest) -> str:
    """A key of one character that is free; a longer one where it could not be removed again."""
    if not _removable(api, guest):
        return guest.free_key("short")
    taken = {one.get("key") for one in listed_properties(api)}
    return next((sign for sign in ascii_lowercase if sign not in taken), guest.free_key("short"))


@proves("FOXGLOVE-PROPERTIES-114")
def test_a_key_is_made_of_few_characters(api: Api, guest: Guest) -> None:
    """Each kind of allowed character is taken, any other is refused at any place."""
    key = guest.free_key("Az09_-")
    reply = api.ask(CREATE, body=body_of(key))
    reply.require_form()
    if not reply.done or reply.body.get("key") != key:
        raise reply.violation("A key of allowed characters is not taken", expected=200, actual=reply.status)
    for odd in _odd(api, guest):
        reply = api.ask(CREATE, body=body_of(odd))
        reply.require_form()
        if not reply.done:
            raise reply.violation(f"The key {odd} is not taken", expected=200, actual=reply.status)
    for sign in OUTSIDE:
        for bad in (f"robowire{sign}x", f"robowire{sign}", f"{sign}robowire"):
            api.ask(CREATE, body=body_of(bad)).require_refused(f"A key with {sign!r} is taken")


@proves("FOXGLOVE-PROPERTIES-123")
def test_a_label_has_32_characters_at_most(api: Api, guest: Guest) -> None:
    """Labels of 1 and of 32 characters of any kind are taken, an empty one and one of 33 are refused."""
    for hint, label in (("short", "x"), ("long", LETTERS.ljust(LONGEST, "x"))):
        reply = api.ask(CREATE, body=body_of(guest.free_key(hint), label=label))
        reply.require_form()
        if not reply.done or reply.body.get("label") != label:
            raise reply.violation(f"The label {label} is not taken", expected=200, actual=reply.status)
    key = guest.free_key("odd")
    for label in ("", "x" * (LONGEST + 1), "ä" * (LONGEST + 1)):
        reply = api.ask(CREATE, body=body_of(key, label=label))
        reply.require_refused(f"A label of {len(label)} characters is taken")


@pytest.mark.parametrize(
    "value_type",
    [
        pytest.param(value_type, id=value_type, marks=proves(f"FOXGLOVE-PROPERTIES-{number}"))
        for number, value_type in enumerate(SHAPES, start=142)
    ],
)
def test_each_value_type_is_taken(api: Api, guest: Guest, value_type: str) -> None:
    """A custom property of each of the four types is created, while one of a fifth is not."""
    reply = api.ask(CREATE, body=body_of(guest.free_key(value_type), value_type, **SHAPES[value_type]))
    reply.require_form()
    if not reply.done or reply.body.get("valueType") != value_type:
        raise reply.violation(f"A custom property of {value_type} is not created", expected=200, actual=reply.status)
    if not reply.body.get("id"):
        raise reply.violation("A new custom property has no id", requirement=CREATED)


@proves("FOXGLOVE-PROPERTIES-151")
def test_values_are_an_array_of_strings(api: Api, guest: Guest) -> None:
    """An enum takes values that are an array of strings, and nothing else."""
    control = api.ask(CREATE, body=body_of(guest.free_key("control"), "enum", values=["x", "Y y"]))
    if control.require_done().get("values") != ["x", "Y y"]:
        text = "An enum has not the values of the body"
        raise control.violation(text, expected=["x", "Y y"], actual=control.body.get("values"))
    key = guest.free_key("odd")
    for values in ("x", 7, {"x": "y"}, [7], ["x", None], [["x"]]):
        reply = api.ask(CREATE, body=body_of(key, "enum", values=values))
        reply.require_refused(f"An enum is created with values {values!r}")


@proves("FOXGLOVE-PROPERTIES-152")
def test_values_are_unique(api: Api, guest: Guest) -> None:
    """Two equal values, wherever they stand, are refused."""
    guest.property_("grade", "enum", GRADES)
    key = guest.free_key("odd")
    for values in (["x", "x"], ["x", "y", "z", "x"]):
        reply = api.ask(CREATE, body=body_of(key, "enum", values=values))
        reply.require_refused(f"An enum is created with values {values}")


@proves("FOXGLOVE-PROPERTIES-302")
def test_two_properties_have_two_keys(api: Api, guest: Guest) -> None:
    """A second custom property of the same key is refused with 409, whatever else is different."""
    first = guest.property_("text", "string")
    for body in (body_of(first["key"]), body_of(first["key"], "number", label="another")):
        reply = api.ask(CREATE, body=body)
        if reply.status != 409:
            text = "A second custom property of a key is not answered 409"
            raise reply.violation(text, expected=409, actual=reply.status)
    keyed = [one.get("id") for one in listed_properties(api) if one.get("key") == first["key"]]
    if keyed != [first["id"]]:
        raise Violation("There is not one custom property of the key", expected=[first["id"]], actual=keyed)
