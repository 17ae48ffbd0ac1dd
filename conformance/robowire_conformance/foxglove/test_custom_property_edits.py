"""Page "Custom properties": edits of their labels and values, and what stays as it is."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.bodies import require_no_object_refused
from robowire_conformance.foxglove.custom_properties import EDIT, LETTERS, LONGEST, READ, edit, values_of
from robowire_conformance.foxglove.fleet import GRADES
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.verdict import proves

EDITED, READ_AGAIN = "FOXGLOVE-PROPERTIES-004", "FOXGLOVE-PROPERTIES-304"
RELABELLED, GROWN, ORDERED = "FOXGLOVE-PROPERTIES-161", "FOXGLOVE-PROPERTIES-164", "FOXGLOVE-PROPERTIES-165"


@pytest.fixture
def editable(api: Api, guest: Guest) -> dict[str, Any]:
    """A custom property of an enum, as edits have left it."""
    known = guest.property_("editable", "enum", GRADES)["id"]
    return {**api.get("/custom-properties/{id}", known)}


def fresh_value(values: list[str]) -> str:
    """A value that an enum has not."""
    return next(value for number in count(1) if (value := f"dolomite {number}") not in values)


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
        reply.require_form()
        if not reply.done:
            raise reply.violation(f"The label {label} is not taken", expected=200, actual=reply.status)
    for label in ("", "x" * (LONGEST + 1), "ä" * (LONGEST + 1)):
        reply = api.ask(EDIT, editable["id"], body={"label": label})
        reply.require_refused(f"A label is changed to one of {len(label)} characters")


@proves(GROWN, ORDERED)
def test_values_are_added_and_ordered(api: Api, guest: Guest, editable: dict[str, Any]) -> None:
    """Further values are added to an enum's, for devices to have, and all of them stand in the order of the body."""
    before = values_of(api, editable)
    longer = [before[-1], fresh_value(before), *before[:-1]]
    for values in (longer, [*reversed(longer)]):
        made = edit(api, editable["id"], {"values": values})
        found = made.reply.require_done(GROWN).get("values")
        if not isinstance(found, list) or sorted(found, key=str) != sorted(values):
            raise made.reply.violation("Values are not added", expected=values, actual=found, requirement=GROWN)
        made.require({"values": values}, effect=ORDERED, message="Values are not in order", kept=READ_AGAIN)
    assigned = {str(editable.get("key")): longer[1]}
    reply = api.ask("POST /devices", body={"name": guest.name("grown"), "properties": assigned})
    reply.require_form()
    if not reply.done:
        text = "A device is not given a value that was added"
        raise reply.violation(text, expected=200, actual=reply.status, requirement=GROWN)


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
    own = values_of(api, editable)
    api.call(EDIT, editable["id"], body={"values": own})
    for values in refused(own):
        made = edit(api, editable["id"], {"values": values})
        made.reply.require_refused(f"The values of an enum are changed to {values!r}")
        if made.read.require_done().get("values") != own:
            raise made.read.violation("Refused values are taken", expected=own, actual=made.read.body)


@proves("FOXGLOVE-PROPERTIES-169")
def test_what_an_edit_leaves_out_stays(api: Api, editable: dict[str, Any]) -> None:
    """An edit of the label keeps the values, one of the values keeps the label, and both keep the rest."""
    own = values_of(api, editable)
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
