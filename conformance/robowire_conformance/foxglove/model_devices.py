"""Steps with devices, each of which asks the server and changes the model alike."""

from collections.abc import Mapping

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.changes import properties_of
from robowire_conformance.foxglove.fleet import GRADES, every
from robowire_conformance.foxglove.model import Model, pick

DEVICE = "/devices/{nameOrId}"
VALUES: Mapping[str, tuple[JSON, ...]] = {
    "text": ("basalt", "quartz", None),
    "count": (0, 7, -2.5, None),
    "flag": (True, False, None),
    "grade": (*GRADES, None),
}
"""Values that updates set, None to unset, by the hints of the keys."""


def some_device(model: Model, which: int) -> str:
    """A device's id; there is one from now on."""
    if not model.names:
        create_a_device(model, which, 0)
    return pick(model.names, which)


def create_a_device(model: Model, which: int, value: int) -> None:
    """Create a device with some properties, or without any."""
    properties = {model.keys[hint]: values[(which + value) % (len(values) - 1)] for hint, values in VALUES.items()}
    chosen = dict([*properties.items()][: value % 5])
    name = model.guest.name("model")
    reply = model.api.ask("POST /devices", body={"name": name, "properties": chosen})
    body = reply.require_done()
    model.names[str(body.get("id"))], model.properties[str(body.get("id"))] = name, chosen
    model.agree("FOXGLOVE-DEVICES-002", reply, body.get("name"), name, "A new device has another name")


def update_a_device(model: Model, which: int, value: int) -> None:
    """Set, change or unset one or two properties."""
    device = some_device(model, which)
    hints = [*VALUES][value % 4 :][: 1 + which % 2]
    given = {model.keys[hint]: VALUES[hint][(which + value) % len(VALUES[hint])] for hint in hints}
    reply = model.api.ask(f"PATCH {DEVICE}", device, body={"properties": given})
    name = reply.require_done().get("name", model.names[device])
    model.agree("FOXGLOVE-DEVICES-134", reply, name, model.names[device], "An update of properties renames a device")
    due = {key: one for key, one in {**model.properties[device], **given}.items() if one is not None}
    model.properties[device] = due
    found = model.api.ask(f"GET {DEVICE}", device)
    if properties_of(reply.body) == due:
        text = "An update is not read again"
        model.agree("FOXGLOVE-DEVICES-318", found, properties_of(found.require_done()), due, text)
    _agree_properties(model, found, due, given)


def _agree_properties(model: Model, reply: Reply, due: Mapping[str, JSON], given: Mapping[str, JSON]) -> None:
    found = properties_of(reply.require_done())
    unset = [key for key, value in given.items() if value is None]
    stay = {key: value for key, value in due.items() if key not in given}
    values = {key: value for key, value in given.items() if value is not None}
    for keys, requirement, text in (
        (values, "FOXGLOVE-DEVICES-135", "An update does not set a property"),
        (unset, "FOXGLOVE-DEVICES-138", "An update with null does not unset a property"),
        (stay, "FOXGLOVE-DEVICES-137", "An update changes a property that it does not name"),
    ):
        if keys:
            model.agree(requirement, reply, {k: found.get(k) for k in keys}, {k: due.get(k) for k in keys}, text)


def rename_a_device(model: Model, which: int, value: int) -> None:
    """Give a device a name that is new, or one that a deleted or renamed device had before."""
    del value
    device = some_device(model, which)
    name = model.guest.name("model")
    reply = model.api.ask(f"PATCH {DEVICE}", device, body={"name": name})
    reply.require_done()
    old, model.names[device] = model.names[device], name
    model.agree("FOXGLOVE-DEVICES-132", reply, reply.body.get("name"), name, "A renamed device has another name")
    gone = model.api.ask(f"GET {DEVICE}", old)
    text, requirement = "An old name still reaches a device", "FOXGLOVE-DEVICES-132"
    if gone.done and gone.body.get("id") != device:
        text, requirement = "A name that no device has reaches one", "FOXGLOVE-DEVICES-302"
    model.agree(requirement, gone, found=gone.done, due=False, message=text)


def take_over_a_name(model: Model, which: int, value: int) -> None:
    """Rename a device, and create another one of the name that it had."""
    device = some_device(model, which)
    old = model.names[device]
    rename_a_device(model, [*model.names].index(device), value)
    reply = model.api.ask("POST /devices", body={"name": old})
    reply.require_done()
    model.names[reply.body["id"]], model.properties[reply.body["id"]] = old, {}
    found = model.api.ask(f"GET {DEVICE}", old)
    model.agree(
        "FOXGLOVE-DEVICES-302", found, found.require_done().get("id"), reply.body["id"], "A name reaches another"
    )


def read_a_device(model: Model, which: int, value: int) -> None:
    """Read a device by its id or by its name."""
    device = some_device(model, which)
    text, requirement = ((device, "FOXGLOVE-DEVICES-301"), (model.names[device], "FOXGLOVE-DEVICES-302"))[value % 2]
    reply = model.api.ask(f"GET {DEVICE}", text)
    body = reply.require_done(requirement)
    model.agree(requirement, reply, body.get("id"), device, "A text reaches another device")
    due = (model.names[device], model.properties[device])
    model.agree(
        "FOXGLOVE-DEVICES-318", reply, (body.get("name"), properties_of(body)), due, "A device is not as it was changed"
    )


def list_devices(model: Model, which: int, value: int) -> None:
    """List all devices: those of the model are there, as they are."""
    del which, value
    listed = {one["id"]: one for one in every(model.api, "/devices") if one.get("id") in model.names}
    reply = model.api.ask("GET /devices", params={"limit": 1})
    model.agree("FOXGLOVE-DEVICES-313", reply, sorted(listed), sorted(model.names), "Devices are missing in the list")
    # The list may leave properties out, as they are not required.
    full = {device: one for device, one in listed.items() if isinstance(one.get("properties"), dict)}
    found = {device: (one.get("name"), properties_of(one)) for device, one in full.items()}
    due = {device: (model.names[device], model.properties[device]) for device in full}
    model.agree("FOXGLOVE-DEVICES-318", reply, found, due, "A listed device is not as it was changed")


def query_devices(model: Model, which: int, value: int) -> None:
    """List the devices that have a grade."""
    del value
    grade, key = GRADES[which % len(GRADES)], model.keys["grade"]
    reply = model.api.ask("GET /devices", params={"query": f"properties.{key}:{grade}"})
    found = sorted(one["id"] for one in reply.require_done() if one.get("id") in model.names)
    due = sorted(device for device, own in model.properties.items() if own.get(key) == grade)
    model.agree("FOXGLOVE-DEVICES-111", reply, found, due, "A query gives other devices")


def delete_a_device(model: Model, which: int, value: int) -> None:
    """Delete a device, after all that belongs to it."""
    if len(model.names) < 2:
        return
    device = pick(model.names, which)
    for event in [known for known, one in model.events.items() if one.device == device]:
        model.api.call("DELETE /events/{id}", event)
        del model.events[event]
    by_name = bool(value % 2)
    requirement = "FOXGLOVE-DEVICES-306" if by_name else "FOXGLOVE-DEVICES-305"
    reply = model.api.ask(f"DELETE {DEVICE}", model.names[device] if by_name else device)
    reply.require_done(requirement)
    again = model.api.ask(f"GET {DEVICE}", device)
    model.agree(requirement, reply, found=again.done, due=False, message="A device is there after its deletion")
    model.tokens = {known: one for known, one in model.tokens.items() if one[0] != device}
    del model.names[device], model.properties[device]
    listed = {one.get("id") for one in every(model.api, "/devices")}
    model.agree("FOXGLOVE-DEVICES-314", reply, found=device in listed, due=False, message="A deleted device is listed")
