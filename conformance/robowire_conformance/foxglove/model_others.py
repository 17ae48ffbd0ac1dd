"""Steps with events, tokens and sites, each of which asks the server and changes the model alike."""

from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import nanoseconds
from robowire_conformance.foxglove.lists import moment
from robowire_conformance.foxglove.model import Event, Model, pick
from robowire_conformance.foxglove.model_devices import some_device


def create_an_event(model: Model, which: int, value: int) -> None:
    """Create an event of a device."""
    device = some_device(model, which)
    event = Event(device, moment(value), moment(value + which), {"kind": f"k{value % 3}"})
    body = {"deviceId": device, "start": event.start, "end": event.end, "metadata": event.metadata}
    reply = model.api.ask("POST /events", body=body)
    known = str(reply.require_done().get("id"))
    model.events[known] = event
    found = reply.body.get("deviceId", device)
    if found != device:
        owned = model.api.ask("GET /events", params={"deviceId": device})
        told = owned.done and known in {one.get("id") for one in owned.body}
        requirement = "FOXGLOVE-EVENTS-303" if told else "FOXGLOVE-EVENTS-151"
        model.agree(requirement, reply, found, device, "A new event is of another device")
    if reply.body.get("metadata") != event.metadata:
        text = "A new event has other metadata"
        model.agree("FOXGLOVE-EVENTS-159", reply, reply.body.get("metadata"), event.metadata, text)
    model.judgement.saw("FOXGLOVE-EVENTS-303")


def change_an_event(model: Model, which: int, value: int) -> None:
    """Move an event, or give it other metadata; whether those replace or join the old ones is left open."""
    if not model.events:
        create_an_event(model, which, value)
    known = pick(model.events, which)
    event = model.events[known]
    body: dict[str, Any] = {"metadata": {"note": f"n{value}"}} if value % 2 else {"end": moment(value + 900)}
    told = model.api.ask("PATCH /events/{id}", known, body=body)
    told.require_done()
    reply = model.api.ask("GET /events/{id}", known)
    event.end = body.get("end", event.end)
    found = reply.require_done().get("metadata")
    joined = {**event.metadata, **body.get("metadata", {})}
    allowed = [joined, body["metadata"]] if "metadata" in body else [event.metadata]
    event.metadata = found if found in allowed else joined
    if "metadata" not in body:
        text = "A change of the end changes metadata"
        model.agree("FOXGLOVE-EVENTS-174", reply, found, event.metadata, text)
    _agree_event(model, reply, event, _changing(told, body), "An event is not as it was changed")


def _changing(told: Reply, body: dict[str, Any]) -> str:
    """The requirement of an event that is not as it was changed: that it lasts, if the update's answer shows it."""
    if "metadata" in body:
        shown = told.body.get("metadata")
        lasts = isinstance(shown, dict) and shown.items() >= body["metadata"].items()
        return "FOXGLOVE-EVENTS-307" if lasts else "FOXGLOVE-EVENTS-171"
    return (
        "FOXGLOVE-EVENTS-307"
        if nanoseconds(told.body.get("end")) == nanoseconds(body["end"])
        else "FOXGLOVE-EVENTS-173"
    )


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
    other = again.done and again.body.get("id") != known
    requirement = "FOXGLOVE-EVENTS-006" if other else "FOXGLOVE-EVENTS-302"
    model.agree(requirement, again, found=again.done, due=False, message="A deleted event is read")


def list_events(model: Model, which: int, value: int) -> None:
    """List the events of a device."""
    del value
    device = some_device(model, which)
    reply = model.api.ask("GET /events", params={"deviceId": device})
    found = sorted(str(one.get("id")) for one in reply.require_done())
    due = sorted(known for known, one in model.events.items() if one.device == device)
    strangers, lacking = [*set(found) - set(due)], [*set(due) - set(found)]
    model.agree("FOXGLOVE-EVENTS-108", reply, strangers, [], "The list of a device holds other events")
    model.agree("FOXGLOVE-EVENTS-301", reply, lacking, [], "The list of a device lacks events")


def create_a_device_token(model: Model, which: int, value: int) -> None:
    """Create a token of a device."""
    del value
    device = some_device(model, which)
    reply = model.api.ask("POST /device-tokens", body={"deviceId": device})
    known = str(reply.require_done().get("id"))
    model.tokens[known] = (device, bool(model.api.get("/device-tokens/{id}", known).get("enabled")))
    model.agree("FOXGLOVE-DEVICETOKENS-307", reply, reply.body.get("deviceId"), device, "A token is of another device")


def switch_a_device_token(model: Model, which: int, value: int) -> None:
    """Switch a token off or on."""
    if not model.tokens:
        create_a_device_token(model, which, value)
    known, enabled = pick(model.tokens, which), bool(value % 2)
    model.api.call("PATCH /device-tokens/{id}", known, body={"enabled": enabled})
    model.tokens[known] = (model.tokens[known][0], enabled)
    reply = model.api.ask("GET /device-tokens/{id}", known)
    model.agree("FOXGLOVE-DEVICETOKENS-003", reply, reply.require_done().get("id"), known, "Another token is read")
    requirement = f"FOXGLOVE-DEVICETOKENS-{306 if enabled else 305}"
    model.agree(requirement, reply, reply.require_done().get("enabled"), enabled, "A token is not switched")


def list_device_tokens(model: Model, which: int, value: int) -> None:
    """List the tokens of a device."""
    del value
    device = some_device(model, which)
    reply = model.api.ask("GET /device-tokens", params={"deviceId": device})
    found = sorted((str(one.get("id")), one.get("enabled")) for one in reply.require_done())
    due = sorted((known, enabled) for known, (owner, enabled) in model.tokens.items() if owner == device)
    model.agree("FOXGLOVE-DEVICETOKENS-101", reply, found, due, "A device has other tokens")


def create_a_site(model: Model, which: int, value: int) -> None:
    """Create an edge site."""
    del which, value
    name = model.guest.name("model")
    reply = model.api.ask("POST /sites", body={"name": name, "type": "edge"})
    reply.require_accepted("A site is not created without a retention", "FOXGLOVE-SITES-119")
    model.sites[str(reply.require_done().get("id"))] = name
    model.agree("FOXGLOVE-SITES-002", reply, reply.body.get("name"), name, "A new site has another name")


def rename_a_site(model: Model, which: int, value: int) -> None:
    """Give a site another name."""
    if not model.sites:
        create_a_site(model, which, value)
    known, name = pick(model.sites, which), model.guest.name("model")
    told = model.api.call("PATCH /sites/{id}", known, body={"name": name})
    model.sites[known] = name
    reply = model.api.ask("GET /sites/{id}", known)
    requirement = "FOXGLOVE-SITES-303" if told.get("name") == name else "FOXGLOVE-SITES-121"
    model.agree(requirement, reply, reply.require_done().get("name"), name, "A site has not its new name")


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
    other = again.done and again.body.get("id") != known
    requirement = "FOXGLOVE-SITES-006" if other else "FOXGLOVE-SITES-302"
    model.agree(requirement, again, found=again.done, due=False, message="A deleted site is read")


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
    whole = {str(one.get("id")) for one in model.api.get("/site-tokens")} if found != due else set(due)
    requirement = "FOXGLOVE-SITETOKENS-101" if whole >= set(due) else "FOXGLOVE-SITETOKENS-304"
    model.agree(requirement, reply, found, due, "A site has other tokens")
