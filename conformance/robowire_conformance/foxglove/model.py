"""A model of an organisation: plain tables that a server has to agree with, in whatever order things happen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.fleet import GRADES, every
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import nanoseconds
from robowire_conformance.foxglove.lists import moment
from robowire_conformance.gathering import Judgement

DEVICE = "/devices/{nameOrId}"
VALUES: Mapping[str, tuple[JSON, ...]] = {
    "text": ("basalt", "quartz", None),
    "count": (0, 7, -2.5, None),
    "flag": (True, False, None),
    "grade": (*GRADES, None),
}
"""Values that updates set, None to unset, by the hints of the keys."""

Choice = tuple[int, int, int]
"""Which step to take, on which of the things there are, and with which of the values."""


@dataclass(slots=True)
class Event:
    """An event: its device, its time, and its metadata."""

    device: str
    start: str
    end: str
    metadata: dict[str, str]


@dataclass(slots=True)
class Model:
    """What there should be on the server, and the steps that led there."""

    api: Api
    guest: Guest
    keys: Mapping[str, str]
    judgement: Judgement
    names: dict[str, str] = field(default_factory=dict)
    properties: dict[str, dict[str, JSON]] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    tokens: dict[str, tuple[str, bool]] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    site_tokens: dict[str, str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)

    def take(self, choice: Choice) -> None:
        """Take a step and compare what is answered.

        Raises:
            Violation: The server does not agree with the model.
        """
        step = STEPS[choice[0] % len(STEPS)]
        self.history.append(step.__name__.replace("_", " "))
        step(self, choice[1], choice[2])

    def agree(self, requirement: str, reply: Reply, found: JSON, due: JSON, message: str) -> None:
        """Note that the server agrees.

        Raises:
            Violation: It does not.
        """
        if found != due:
            text = f"{message}, after {len(self.history)} steps: {', '.join(self.history[-8:])}"
            raise reply.violation(text, expected=due, actual=found, requirement=requirement)
        self.judgement.saw(requirement)

    def some_device(self, which: int) -> str:
        """A device's id; there is one from now on."""
        if not self.names:
            create_a_device(self, which, 0)
        return pick(self.names, which)


def pick(table: Mapping[str, Any], which: int) -> str:
    """A key of a table, by a number that may be too large."""
    return [*table][which % len(table)]


def shown(body: JSON) -> dict[str, JSON]:
    """The properties of an answered device; those that are null count as not there."""
    properties = body.get("properties") if isinstance(body, dict) else None
    return {key: value for key, value in (properties or {}).items() if value is not None}


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
    device = model.some_device(which)
    hints = [*VALUES][value % 4 :][: 1 + which % 2]
    given = {model.keys[hint]: VALUES[hint][(which + value) % len(VALUES[hint])] for hint in hints}
    reply = model.api.ask(f"PATCH {DEVICE}", device, body={"properties": given})
    reply.require_done()
    due = {key: one for key, one in {**model.properties[device], **given}.items() if one is not None}
    model.properties[device] = due
    _agree_properties(model, model.api.ask(f"GET {DEVICE}", device), due, given)


def _agree_properties(model: Model, reply: Reply, due: Mapping[str, JSON], given: Mapping[str, JSON]) -> None:
    found = shown(reply.require_done())
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
    device = model.some_device(which)
    name = model.guest.name("model")
    reply = model.api.ask(f"PATCH {DEVICE}", device, body={"name": name})
    reply.require_done()
    old, model.names[device] = model.names[device], name
    model.agree("FOXGLOVE-DEVICES-132", reply, reply.body.get("name"), name, "A renamed device has another name")
    gone = model.api.ask(f"GET {DEVICE}", old)
    model.agree("FOXGLOVE-DEVICES-132", gone, found=gone.done, due=False, message="An old name still reaches a device")


def take_over_a_name(model: Model, which: int, value: int) -> None:
    """Rename a device, and create another one of the name that it had."""
    device = model.some_device(which)
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
    device = model.some_device(which)
    text, requirement = ((device, "FOXGLOVE-DEVICES-301"), (model.names[device], "FOXGLOVE-DEVICES-302"))[value % 2]
    reply = model.api.ask(f"GET {DEVICE}", text)
    body = reply.require_done(requirement)
    model.agree(requirement, reply, body.get("id"), device, "A text reaches another device")
    due = (model.names[device], model.properties[device])
    model.agree(
        "FOXGLOVE-DEVICES-318", reply, (body.get("name"), shown(body)), due, "A device is not as it was changed"
    )


def list_devices(model: Model, which: int, value: int) -> None:
    """List all devices: those of the model are there, as they are."""
    del which, value
    listed = {one["id"]: one for one in every(model.api, "/devices") if one.get("id") in model.names}
    reply = model.api.ask("GET /devices", params={"limit": 1})
    model.agree("FOXGLOVE-DEVICES-313", reply, sorted(listed), sorted(model.names), "Devices are missing in the list")
    found = {device: (one.get("name"), shown(one)) for device, one in listed.items()}
    due = {device: (name, model.properties[device]) for device, name in model.names.items()}
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
    reply = model.api.ask(f"DELETE {DEVICE}", (device, model.names[device])[value % 2])
    model.agree("FOXGLOVE-DEVICES-004", reply, reply.require_done().get("id"), device, "Another device is deleted")
    model.tokens = {known: one for known, one in model.tokens.items() if one[0] != device}
    del model.names[device], model.properties[device]
    listed = {one.get("id") for one in every(model.api, "/devices")}
    model.agree("FOXGLOVE-DEVICES-314", reply, found=device in listed, due=False, message="A deleted device is listed")


def create_an_event(model: Model, which: int, value: int) -> None:
    """Create an event of a device."""
    device = model.some_device(which)
    event = Event(device, moment(value), moment(value + which), {"kind": f"k{value % 3}"})
    body = {"deviceId": device, "start": event.start, "end": event.end, "metadata": event.metadata}
    reply = model.api.ask("POST /events", body=body)
    model.events[str(reply.require_done().get("id"))] = event
    found = reply.body.get("deviceId", device)
    model.agree("FOXGLOVE-EVENTS-303", reply, found, device, "A new event is of another device")


def change_an_event(model: Model, which: int, value: int) -> None:
    """Move an event, or give it other metadata; whether those replace or join the old ones is left open."""
    if not model.events:
        create_an_event(model, which, value)
    known = pick(model.events, which)
    event = model.events[known]
    body: dict[str, Any] = {"metadata": {"note": f"n{value}"}} if value % 2 else {"end": moment(value + 900)}
    model.api.call("PATCH /events/{id}", known, body=body)
    reply = model.api.ask("GET /events/{id}", known)
    event.end = body.get("end", event.end)
    found = reply.require_done().get("metadata")
    joined = {**event.metadata, **body.get("metadata", {})}
    allowed = [joined, body["metadata"]] if "metadata" in body else [event.metadata]
    event.metadata = found if found in allowed else joined
    _agree_event(model, reply, event, "FOXGLOVE-EVENTS-307", "An event is not as it was changed")


def _agree_event(model: Model, reply: Reply, event: Event, requirement: str, text: str) -> None:
    body = reply.require_done()
    found = (nanoseconds(body.get("start")), nanoseconds(body.get("end")), body.get("metadata"))
    due = (nanoseconds(event.start), nanoseconds(event.end), event.metadata)
    model.agree(requirement, reply, found, due, text)


def delete_an_event(model: Model, which: int, value: int) -> None:
    """Delete an event."""
    del value
    if not model.events:
        return
    known = pick(model.events, which)
    reply = model.api.ask("DELETE /events/{id}", known)
    model.agree("FOXGLOVE-EVENTS-004", reply, reply.require_done().get("id"), known, "Another event is deleted")
    del model.events[known]
    again = model.api.ask("GET /events/{id}", known)
    model.agree("FOXGLOVE-EVENTS-302", again, found=again.done, due=False, message="A deleted event is read")


def list_events(model: Model, which: int, value: int) -> None:
    """List the events of a device."""
    del value
    device = model.some_device(which)
    reply = model.api.ask("GET /events", params={"deviceId": device})
    found = sorted(str(one.get("id")) for one in reply.require_done())
    due = sorted(known for known, one in model.events.items() if one.device == device)
    strangers, lacking = [*set(found) - set(due)], [*set(due) - set(found)]
    model.agree("FOXGLOVE-EVENTS-108", reply, strangers, [], "The list of a device holds other events")
    model.agree("FOXGLOVE-EVENTS-301", reply, lacking, [], "The list of a device lacks events")


def create_a_device_token(model: Model, which: int, value: int) -> None:
    """Create a token of a device."""
    del value
    device = model.some_device(which)
    reply = model.api.ask("POST /device-tokens", body={"deviceId": device})
    model.tokens[str(reply.require_done().get("id"))] = (device, bool(reply.body.get("enabled")))
    model.agree("FOXGLOVE-DEVICETOKENS-307", reply, reply.body.get("deviceId"), device, "A token is of another device")


def switch_a_device_token(model: Model, which: int, value: int) -> None:
    """Switch a token off or on."""
    if not model.tokens:
        create_a_device_token(model, which, value)
    known, enabled = pick(model.tokens, which), bool(value % 2)
    model.api.call("PATCH /device-tokens/{id}", known, body={"enabled": enabled})
    model.tokens[known] = (model.tokens[known][0], enabled)
    reply = model.api.ask("GET /device-tokens/{id}", known)
    requirement = f"FOXGLOVE-DEVICETOKENS-{306 if enabled else 305}"
    model.agree(requirement, reply, reply.require_done().get("enabled"), enabled, "A token is not switched")


def list_device_tokens(model: Model, which: int, value: int) -> None:
    """List the tokens of a device."""
    del value
    device = model.some_device(which)
    reply = model.api.ask("GET /device-tokens", params={"deviceId": device})
    found = sorted((str(one.get("id")), one.get("enabled")) for one in reply.require_done())
    due = sorted((known, enabled) for known, (owner, enabled) in model.tokens.items() if owner == device)
    model.agree("FOXGLOVE-DEVICETOKENS-101", reply, found, due, "A device has other tokens")


def create_a_site(model: Model, which: int, value: int) -> None:
    """Create an edge site."""
    del which, value
    name = model.guest.name("model")
    reply = model.api.ask("POST /sites", body={"name": name, "type": "edge"})
    model.sites[str(reply.require_done().get("id"))] = name
    model.agree("FOXGLOVE-SITES-002", reply, reply.body.get("name"), name, "A new site has another name")


def rename_a_site(model: Model, which: int, value: int) -> None:
    """Give a site another name."""
    if not model.sites:
        create_a_site(model, which, value)
    known, name = pick(model.sites, which), model.guest.name("model")
    model.api.call("PATCH /sites/{id}", known, body={"name": name})
    model.sites[known] = name
    reply = model.api.ask("GET /sites/{id}", known)
    model.agree("FOXGLOVE-SITES-121", reply, reply.require_done().get("name"), name, "A site has not its new name")


def delete_a_site(model: Model, which: int, value: int) -> None:
    """Delete a site, and with it what was its own."""
    del value
    if not model.sites:
        return
    known = pick(model.sites, which)
    reply = model.api.ask("DELETE /sites/{id}", known)
    model.agree("FOXGLOVE-SITES-005", reply, reply.require_done().get("id"), known, "Another site is deleted")
    del model.sites[known]
    model.site_tokens = {token: site for token, site in model.site_tokens.items() if site != known}
    again = model.api.ask("GET /sites/{id}", known)
    model.agree("FOXGLOVE-SITES-302", again, found=again.done, due=False, message="A deleted site is read")


def list_sites(model: Model, which: int, value: int) -> None:
    """List all sites: those of the model are there, by their names."""
    del which, value
    reply = model.api.ask("GET /sites")
    found = {one.get("id"): one.get("name") for one in reply.require_done() if one.get("id") in model.sites}
    model.agree(
        "FOXGLOVE-SITES-301", reply, sorted(found, key=str), sorted(model.sites), "Sites are missing in the list"
    )
    model.agree("FOXGLOVE-SITES-303", reply, found, model.sites, "A listed site is not as it was changed")


def create_a_site_token(model: Model, which: int, value: int) -> None:
    """Create a token of a site, and list that site's."""
    if not model.sites:
        create_a_site(model, which, value)
    site = pick(model.sites, which)
    made = model.api.ask("POST /site-tokens", body={"siteId": site})
    model.site_tokens[str(made.require_done().get("id"))] = site
    reply = model.api.ask("GET /site-tokens", params={"siteId": site})
    found = sorted(str(one.get("id")) for one in reply.require_done())
    due = sorted(token for token, owner in model.site_tokens.items() if owner == site)
    model.agree("FOXGLOVE-SITETOKENS-101", reply, found, due, "A site has other tokens")


STEPS: Sequence[Callable[[Model, int, int], None]] = (
    create_a_device,
    update_a_device,
    update_a_device,
    rename_a_device,
    take_over_a_name,
    read_a_device,
    list_devices,
    query_devices,
    delete_a_device,
    create_an_event,
    change_an_event,
    delete_an_event,
    list_events,
    create_a_device_token,
    switch_a_device_token,
    list_device_tokens,
    create_a_site,
    rename_a_site,
    delete_a_site,
    list_sites,
    create_a_site_token,
)
"""What can happen, the more important more often."""

REVIEW = (list_devices, query_devices, list_events, list_device_tokens, list_sites)
"""Steps that change nothing, with which each interleaving ends."""

REQUIREMENTS = tuple(
    f"FOXGLOVE-{name}"
    for name in (
        *(f"DEVICES-{number:03}" for number in (2, 4, 111, 132, 135, 137, 138, 301, 302, 313, 314, 318)),
        *(f"EVENTS-{number:03}" for number in (4, 108, 301, 302, 303, 307)),
        *(f"DEVICETOKENS-{number}" for number in (101, 305, 306, 307)),
        *(f"SITES-{number:03}" for number in (2, 5, 121, 301, 302, 303)),
        "SITETOKENS-101",
    )
)
"""What a disagreement may break."""
