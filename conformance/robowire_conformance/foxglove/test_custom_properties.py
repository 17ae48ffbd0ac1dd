"""Page "Custom properties": their own members, their edits, and the values that devices may have of them."""

from collections.abc import Callable, Mapping
from itertools import count
from string import ascii_lowercase
from typing import Any

import pytest
from hypothesis import strategies as st

from robowire_conformance import law
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import NOTHING, Api, Reply
from robowire_conformance.foxglove.bodies import require_no_object_refused
from robowire_conformance.foxglove.changes import Change
from robowire_conformance.foxglove.fleet import GRADES, KINDS
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves

LIST, CREATE = "GET /custom-properties", "POST /custom-properties"
READ, EDIT = "GET /custom-properties/{id}", "PATCH /custom-properties/{id}"
NOBODY = "robowire-no-such-property"
LONGEST = 32
OUTSIDE = " .:/é\u0660\n*,"
"""Characters that no key has."""
LETTERS = "äß漢 .:*/"
"""Characters that a label may have besides."""
SHAPES: Mapping[str, Mapping[str, JSON]] = {
    "string": {},
    "number": {},
    "enum": {"values": [*GRADES]},
    "boolean": {},
}
"""What a custom property of each type is created with."""

CREATED, EDITED = "FOXGLOVE-PROPERTIES-002", "FOXGLOVE-PROPERTIES-004"
RELABELLED, GROWN, ORDERED = "FOXGLOVE-PROPERTIES-161", "FOXGLOVE-PROPERTIES-164", "FOXGLOVE-PROPERTIES-165"
READ_AGAIN = "FOXGLOVE-PROPERTIES-304"


@pytest.fixture(scope="session")
def kinds(guest: Guest) -> Mapping[str, dict[str, Any]]:
    """A custom property of each type, by the hints of their keys."""
    return {hint: guest.property_(hint, kind, GRADES if kind == "enum" else ()) for hint, kind in KINDS.items()}


@pytest.fixture
def editable(api: Api, guest: Guest) -> dict[str, Any]:
    """A custom property of an enum, as edits have left it."""
    known = guest.property_("editable", "enum", GRADES)["id"]
    return {**api.get("/custom-properties/{id}", known)}


def values_of(editable: dict[str, Any]) -> list[str]:
    """The values of an enum.

    Raises:
        NotTested: It has none that can be told.
    """
    values = editable.get("values")
    if not isinstance(values, list) or not values:
        raise NotTested("an enum has no values (see FOXGLOVE-PROPERTIES-206)")
    return values


def fresh_value(values: list[str]) -> str:
    """A value that an enum has not."""
    return next(value for number in count(1) if (value := f"dolomite {number}") not in values)


def body_of(key: str, value_type: str = "string", **members: JSON) -> dict[str, JSON]:
    """The body that creates a property."""
    return {"key": key, "label": "robowire", "resourceType": "device", "valueType": value_type, **members}


def edit(api: Api, property_id: str, body: JSON) -> Change:
    """Edit a property, and read it."""
    return Change(api.ask(EDIT, property_id, body=body), api.ask(READ, property_id))


def listed_properties(api: Api) -> list[dict[str, Any]]:
    """The custom properties of devices."""
    return [one for one in api.get("/custom-properties", resourceType="device") if isinstance(one, dict)]


@proves("FOXGLOVE-PROPERTIES-001", "FOXGLOVE-PROPERTIES-003")
def test_properties_are_listed_and_read(request: pytest.FixtureRequest, foxglove_target: Target, api: Api) -> None:
    """What the list holds are custom properties: each can be read as it is listed."""
    if foxglove_target.profile is not Profile.READ_ONLY:
        request.getfixturevalue("kinds")
    listed = api.get("/custom-properties")
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
def test_an_unknown_property_is_a_client_error(
    api: Api, kinds: Mapping[str, dict[str, Any]], name: str, body: JSON
) -> None:
    """An id that no custom property has is answered with a client error, while one that one has is not."""
    known = kinds["text"]["id"]
    api.ask(name, known, body=body).require_done()
    for unknown in (NOBODY, known + "x"):
        reply = api.ask(name, unknown, body=body)
        reply.require_client_error(f"{name} with an id that no custom property has is not a client error")


@proves("FOXGLOVE-PROPERTIES-101")
def test_the_list_is_of_devices(api: Api, kinds: Mapping[str, dict[str, Any]]) -> None:
    """With resourceType device, the list holds all custom properties of devices and no others."""
    reply = api.ask(LIST, params={"resourceType": "device"})
    listed = reply.require_done()
    if any(one.get("resourceType") != "device" for one in listed):
        raise reply.violation("The list for devices holds others", expected="device", actual=listed)
    whole = [one for one in api.get("/custom-properties") if one.get("resourceType") == "device"]
    shown = {one.get("id") for one in listed}
    lacking = [one.get("id") for one in (*kinds.values(), *whole) if one.get("id") not in shown]
    if lacking:
        raise reply.violation(
            "The list for devices lacks some", expected=lacking, actual=[one.get("id") for one in listed]
        )


@proves("FOXGLOVE-PROPERTIES-102")
def test_another_resource_type_is_refused(api: Api, kinds: Mapping[str, dict[str, Any]]) -> None:
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
        if not reply.done or reply.body.get("key") != key:
            text = f"A key of {len(key)} characters is not taken"
            raise reply.violation(text, expected=200, actual=reply.status)
    for key in ("", longest + "k", 8 * longest):
        api.ask(CREATE, body=body_of(key)).require_refused(f"A key of {len(key)} characters is taken")


def _single(api: Api, guest: Guest) -> str:
    """A key of one character that is free; a longer one where it could not be removed again."""
    probe = guest.new_property("probe")
    if api.ask("DELETE /custom-properties/{id}", probe["id"]).status != 200:
        return guest.free_key("short")
    taken = {one.get("key") for one in listed_properties(api)}
    return next((sign for sign in ascii_lowercase if sign not in taken), guest.free_key("short"))


@proves("FOXGLOVE-PROPERTIES-114")
def test_a_key_is_made_of_few_characters(api: Api, guest: Guest) -> None:
    """Each kind of allowed character is taken, any other is refused at any place."""
    key = guest.free_key("Az09_-")
    reply = api.ask(CREATE, body=body_of(key))
    if not reply.done or reply.body.get("key") != key:
        raise reply.violation("A key of allowed characters is not taken", expected=200, actual=reply.status)
    for sign in OUTSIDE:
        for bad in (f"robowire{sign}x", f"robowire{sign}", f"{sign}robowire"):
            api.ask(CREATE, body=body_of(bad)).require_refused(f"A key with {sign!r} is taken")


@proves("FOXGLOVE-PROPERTIES-123")
def test_a_label_has_32_characters_at_most(api: Api, guest: Guest) -> None:
    """Labels of 1 and of 32 characters of any kind are taken, an empty one and one of 33 are refused."""
    for hint, label in (("short", "x"), ("long", LETTERS.ljust(LONGEST, "x"))):
        reply = api.ask(CREATE, body=body_of(guest.free_key(hint), label=label))
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


@proves("FOXGLOVE-PROPERTIES-160")
def test_an_edit_needs_an_object(api: Api, editable: dict[str, Any]) -> None:
    """No body, and one that is no JSON object, edit no custom property."""
    api.call(EDIT, editable["id"], body={"label": "control"})
    require_no_object_refused(api, EDIT, editable["id"])


@proves(EDITED)
def test_an_edit_answers_the_property(api: Api, editable: dict[str, Any]) -> None:
    """The answer to an edit is the custom property as it is read then."""
    label = f"answered {count_of(editable)}"
    made = edit(api, editable["id"], {"label": label})
    answered, found = made.reply.require_done(), made.read.require_done()
    for member in ("id", "key", "label", "resourceType", "valueType", "values"):
        if answered.get(member) != found.get(member):
            text = f"The {member} of the answer is not the custom property's"
            raise made.reply.violation(text, expected=found.get(member), actual=answered.get(member))
    if found.get("label") != label:
        raise made.read.violation("The custom property is not edited", requirement=RELABELLED)


def count_of(editable: dict[str, Any]) -> str:
    """A text that differs from what a label has now."""
    return "twice" if "once" in str(editable.get("label")) else "once"


@proves(RELABELLED, READ_AGAIN)
def test_a_label_is_changed(api: Api, editable: dict[str, Any]) -> None:
    """The label of the body is the custom property's from then on."""
    due = {"label": f"Renamed by robowire {count_of(editable)}"}
    made = edit(api, editable["id"], due)
    made.require(due, effect=RELABELLED, message="A custom property has not its new label", kept=READ_AGAIN)


@proves("FOXGLOVE-PROPERTIES-162")
def test_a_new_label_is_a_string(api: Api, editable: dict[str, Any]) -> None:
    """A label of another type is refused, and the label stays."""
    api.call(EDIT, editable["id"], body={"label": "steady"})
    for label in (7, True, ["x"]):
        made = edit(api, editable["id"], {"label": label})
        made.reply.require_refused(f"A label is changed to {label!r}")
        if made.read.require_done().get("label") != "steady":
            raise made.read.violation("A refused label is taken", expected="steady", actual=made.read.body)


@proves("FOXGLOVE-PROPERTIES-163")
def test_a_new_label_has_32_characters_at_most(api: Api, editable: dict[str, Any]) -> None:
    """Labels of 1 and of 32 characters of any kind are taken, an empty one and one of 33 are refused."""
    for label in ("x", LETTERS.ljust(LONGEST, "x")):
        reply = api.ask(EDIT, editable["id"], body={"label": label})
        if not reply.done:
            raise reply.violation(f"The label {label} is not taken", expected=200, actual=reply.status)
    for label in ("", "x" * (LONGEST + 1), "ä" * (LONGEST + 1)):
        reply = api.ask(EDIT, editable["id"], body={"label": label})
        reply.require_refused(f"A label is changed to one of {len(label)} characters")


@proves(GROWN, ORDERED)
def test_values_are_added_and_ordered(api: Api, editable: dict[str, Any]) -> None:
    """Further values are added to an enum's, and all of them stand in the order of the body."""
    before = values_of(editable)
    longer = [before[-1], fresh_value(before), *before[:-1]]
    for values in (longer, [*reversed(longer)]):
        made = edit(api, editable["id"], {"values": values})
        found = made.reply.require_done(GROWN).get("values")
        if not isinstance(found, list) or sorted(found, key=str) != sorted(values):
            raise made.reply.violation("Values are not added", expected=values, actual=found, requirement=GROWN)
        made.require({"values": values}, effect=ORDERED, message="Values are not in order", kept=READ_AGAIN)


@pytest.mark.parametrize(
    "refused",
    [
        pytest.param(
            lambda own: ([*own[:-1]], [], [*own[1:], fresh_value(own)]),
            id="lacking",
            marks=proves("FOXGLOVE-PROPERTIES-166"),
        ),
        pytest.param(
            lambda own: ([*own, own[0]], [*own, fresh_value(own), fresh_value(own)]),
            id="repeated",
            marks=proves("FOXGLOVE-PROPERTIES-167"),
        ),
        pytest.param(
            lambda own: ("x", 7, {"x": "y"}, [*own, 7], [*own, None]), id="odd", marks=proves("FOXGLOVE-PROPERTIES-168")
        ),
    ],
)
def test_values_that_are_refused_change_nothing(
    api: Api, editable: dict[str, Any], refused: Callable[[list[str]], tuple[JSON, ...]]
) -> None:
    """Values that lack existing ones, repeat one or are no strings are refused, and the existing ones stay."""
    own = values_of(editable)
    api.call(EDIT, editable["id"], body={"values": own})
    for values in refused(own):
        made = edit(api, editable["id"], {"values": values})
        made.reply.require_refused(f"The values of an enum are changed to {values!r}")
        if made.read.require_done().get("values") != own:
            raise made.read.violation("Refused values are taken", expected=own, actual=made.read.body)


@proves("FOXGLOVE-PROPERTIES-169")
def test_what_an_edit_leaves_out_stays(api: Api, editable: dict[str, Any]) -> None:
    """An edit of the label keeps the values, one of the values keeps the label, and both keep the rest."""
    own = values_of(editable)
    longer = [*own, fresh_value(own)]
    steady = {name: editable.get(name) for name in ("id", "resourceType", "valueType")}
    for body, due in (
        ({"label": "first"}, {"label": "first", "values": own}),
        ({"values": longer}, {"label": "first", "values": longer}),
        ({}, {"label": "first", "values": longer}),
    ):
        reply = api.ask(EDIT, editable["id"], body=body)
        if not body and reply.refused:
            continue  # an edit of nothing may be refused
        reply.require_done()
        found = api.ask(READ, editable["id"])
        wrong = {name: found.require_done().get(name) for name in {*due, *steady} - {*body}}
        if wrong != {name: {**steady, **due}[name] for name in wrong}:
            raise found.violation("An edit changes what it leaves out", expected={**steady, **due}, actual=wrong)


@proves("FOXGLOVE-PROPERTIES-301")
def test_a_key_never_changes(api: Api, guest: Guest, editable: dict[str, Any]) -> None:
    """A key in the body of an edit is refused or ignored, and the key stays."""
    api.call(EDIT, editable["id"], body={"label": "control"})
    other = guest.free_key("another")
    for body in ({"key": other}, {"key": other, "label": "keyed"}):
        made = edit(api, editable["id"], body)
        if not made.reply.done and not made.reply.refused:
            raise made.reply.violation("An edit with a key fails", expected="200 or 400", actual=made.reply.status)
        keys = [reply.body.get("key") for reply in (made.reply, made.read) if reply.done]
        if set(keys) != {editable.get("key")}:
            raise made.read.violation("An edit changes a key", expected=editable.get("key"), actual=keys)


@proves("FOXGLOVE-PROPERTIES-305")
def test_a_new_property_can_be_assigned(api: Api, guest: Guest) -> None:
    """A device shows the value of a property that has just been created, and not before."""
    key = guest.free_key("assigned")  # one that is left from an earlier run is not taken
    early = guest.device("early", properties={key: "x"})
    if (api.get("/devices/{nameOrId}", early["id"]).get("properties") or {}).get(key) is not None:
        raise NotTested("a device is given a property that there is not (see FOXGLOVE-DEVICES-129)")
    guest.new_property("assigned")
    late = guest.device("late", properties={key: "x"})
    found = api.ask("GET /devices/{nameOrId}", late["id"])
    shown = (found.require_done().get("properties") or {}).get(key)
    if shown != "x":
        raise found.violation(
            "A device does not show a property that it was given", expected={key: "x"}, actual=found.body
        )


@proves("FOXGLOVE-PROPERTIES-306")
def test_numbers_are_doubles(
    foxglove_target: Target, api: Api, guest: Guest, kinds: Mapping[str, dict[str, Any]]
) -> None:
    """Any double is answered as the same double."""
    key = kinds["count"]["key"]
    device = guest.device("double")
    api.call("PATCH /devices/{nameOrId}", device["id"], body={"properties": {key: 1}})
    edges = st.sampled_from([0.1 + 0.2, 5e-324, 1.7976931348623157e308, 2.0**53 + 2, -2.5, 1e21, 123456789.123456789])

    @law.for_all(foxglove_target, st.one_of(edges, st.floats(allow_nan=False, allow_infinity=False)), examples=12)
    def same(value: float) -> None:
        reply = api.ask("PATCH /devices/{nameOrId}", device["id"], body={"properties": {key: value}})
        shown = (reply.require_done("FOXGLOVE-PROPERTIES-306").get("properties") or {}).get(key)
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
def test_a_device_is_given_no_value_of_another_type(
    api: Api, guest: Guest, kinds: Mapping[str, dict[str, Any]], hint: str
) -> None:
    """A value that is not of the property's type is refused, or at least not what the device has then."""
    key = kinds[hint]["key"]
    _require_assigned(guest.device("control", properties={key: GOOD[hint]}), key, GOOD[hint])
    for value in WRONG[hint]:
        reply = api.ask("POST /devices", body={"name": guest.name("odd"), "properties": {key: value}})
        _require_no_wrong(api, reply, hint, key, value)


def _require_assigned(device: dict[str, Any], key: str, value: JSON) -> None:
    """Make sure that a value of the type is taken."""
    if (device.get("properties") or {}).get(key) != value:
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
    shown = (found.require_done().get("properties") or {}).get(key)
    if shown is not None and not fits(hint, shown):
        text = f"A {KINDS[hint]} property is given the value {value!r}"
        raise reply.violation(text, expected="a client error", actual=found.body)
    if kept is not None and shown is None:
        raise reply.violation("A property is lost", expected=kept, actual=found.body)


@proves("FOXGLOVE-PROPERTIES-311")
def test_an_update_gives_no_value_of_another_type(api: Api, guest: Guest, kinds: Mapping[str, dict[str, Any]]) -> None:
    """A value that is not of the type is refused or put right by an update, and otherwise the old one stays."""
    good = {kinds[hint]["key"]: value for hint, value in GOOD.items()}
    device = guest.device("typed", properties=good)
    for hint, key in ((hint, kinds[hint]["key"]) for hint in GOOD):
        _require_assigned(device, key, GOOD[hint])
        before = GOOD[hint]
        for value in WRONG[hint][:3]:
            reply = api.ask("PATCH /devices/{nameOrId}", device["id"], body={"properties": {key: value}})
            _require_no_wrong(api, reply, hint, key, value, before)
            after = (api.get("/devices/{nameOrId}", device["id"]).get("properties") or {}).get(key)
            if reply.refused and after != before:
                raise reply.violation("A refused update changes a property", expected=before, actual=after)
            before = after
