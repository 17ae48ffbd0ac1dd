"""Sections "Create an event" and "Get an event": what an event is made of, and whose it is."""

from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.event_facts import (
    END,
    START,
    Pair,
    find,
    of_strings,
    rename,
    require_owner,
    require_same,
)
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.foxglove.judging import require_rejected, unknown_ids
from robowire_conformance.foxglove.server_clock import ServerClock, between
from robowire_conformance.foxglove.stock import Stock
from robowire_conformance.verdict import NotTested, Violation, proves

METADATA = {"zone": " north ", "größe": "südöstlich 7 m", "empty of sense": 'a, b: "c"', "nothing": ""}


@pytest.fixture(scope="module")
def pair(stock: Stock) -> Pair:
    """Two devices, and the way to find out whose an event is."""
    return Pair(stock)


@pytest.fixture(scope="module")
def event(guest: Guest, pair: Pair) -> dict[str, Any]:
    """An event of the first device."""
    return guest.event(pair.first[0], START, END, METADATA)


@proves("FOXGLOVE-EVENTS-002")
def test_the_answer_is_the_event(pair: Pair) -> None:
    """The answer has an id, and the times of the body."""
    reply = pair.create(deviceId=pair.first[0])
    body = reply.require_done()
    due = (START, END)
    if not isinstance(body.get("id"), str) or [_ns(body, "start"), _ns(body, "end")] != [
        nanoseconds(one) for one in due
    ]:
        raise reply.violation("The answer is not the event that was asked for", expected=due, actual=body)


def _ns(body: dict[str, Any], member: str) -> int | None:
    return nanoseconds(body.get(member))


@proves("FOXGLOVE-EVENTS-003")
def test_an_event_is_found_by_its_id(api: Api, stock: Stock, event: dict[str, Any]) -> None:
    """Each id gives the event that has it."""
    require_same(found := find(api, event), {"start": START, "end": END}, found.body, "start", "end")
    for known in stock.events.values():
        reply = find(api, known.body)
        due = {"start": zulu(known.start), "end": zulu(known.end)}
        require_same(reply, due, reply.body, *(due if known.start % SECOND == 0 else ()))


@proves("FOXGLOVE-EVENTS-006")
def test_an_unknown_id_is_not_found(api: Api, event: dict[str, Any]) -> None:
    """Ids that nothing has are answered with a client error."""
    api.ask("GET /events/{id}", event["id"]).require_done()
    for unknown in unknown_ids(event["id"]):
        require_rejected(api.ask("GET /events/{id}", unknown), "An id that no event has is not refused")


@proves("FOXGLOVE-EVENTS-301")
def test_a_new_event_is_listed(stock: Stock) -> None:
    """Every event of the stock is in the list, once."""
    listing = stock.list()
    if sorted(listing.ids) != sorted(stock.events):
        raise listing.reply.violation(
            "The list does not hold each new event once", expected=sorted(stock.events), actual=sorted(listing.ids)
        )


@proves("FOXGLOVE-EVENTS-159")
def test_metadata_are_kept(api: Api, event: dict[str, Any], stock: Stock) -> None:
    """The answer, the event by its id, and the list show the metadata as they were given."""
    reply = find(api, event)
    for body in (event, reply.body):
        if body.get("metadata") != METADATA:
            raise reply.violation("Metadata are not kept", expected=METADATA, actual=body.get("metadata"))
    listing = stock.list()
    for known, item in listing.items.items():
        due = dict(stock.events[known].metadata)
        if item.get("metadata") != due:
            raise listing.reply.violation("Metadata differ in the list", expected=due, actual=item.get("metadata"))


@proves("FOXGLOVE-EVENTS-159")
@pytest.mark.parametrize(
    "metadata",
    [{"note": "long " * 60}, {"n" * 60: "long key"}, {f"key {number}": str(number) for number in range(25)}],
    ids=["long value", "long key", "many"],
)
def test_large_metadata_are_kept_or_refused(event: dict[str, Any], pair: Pair, metadata: dict[str, str]) -> None:
    """A server may have limits, but does not cut what it takes."""
    del event
    reply = pair.create(deviceId=pair.first[0], metadata=metadata)
    if reply.done and reply.body.get("metadata") != metadata:
        raise reply.violation("Metadata are cut", expected=metadata, actual=reply.body.get("metadata"))


@proves("FOXGLOVE-EVENTS-161")
def test_metadata_may_be_left_out(api: Api, pair: Pair) -> None:
    """An event without metadata is created, and has none."""
    reply = api.ask("POST /events", body={"deviceId": pair.first[0], "start": START, "end": END})
    reply.require_accepted("An event without metadata is not created")
    if reply.body.get("metadata"):
        raise reply.violation("An event has metadata that were not given", expected={}, actual=reply.body["metadata"])


@proves("FOXGLOVE-EVENTS-160")
@pytest.mark.parametrize(
    "metadata", ["text", ["zone", "north"], {"a": 7}, {"a": {"b": "c"}}, {"a": ["b"]}, {"a": True}, {"a": None}]
)
def test_metadata_are_an_object_of_strings(event: dict[str, Any], pair: Pair, metadata: JSON) -> None:
    """Other metadata are refused; a server may also make strings of their values."""
    del event  # one with metadata can be created
    reply = pair.create(deviceId=pair.first[0], metadata=metadata)
    if not (isinstance(metadata, dict) and reply.done and of_strings(reply.body.get("metadata"))):
        require_rejected(reply, f"An event is created with the metadata {metadata}")


FAR, LONG_AGO = "2100-01-01T00:00:00Z", "1971-01-01T00:00:00Z"
"""Times between which any lies that a server might put in the place of a wrong one."""

WRONG: tuple[tuple[str, str, JSON], ...] = (
    ("162", "without start", {"start": ..., "end": FAR}),
    ("163", "with a start that is a list", {"start": [START], "end": FAR}),
    ("163", "with a start that is an object", {"start": {"time": START}, "end": FAR}),
    ("163", "with a start that is null", {"start": None, "end": FAR}),
    ("164", "without end", {"end": ..., "start": LONG_AGO}),
    ("165", "with an end that is a list", {"end": [END], "start": LONG_AGO}),
    ("165", "with an end that is an object", {"end": {"time": END}, "start": LONG_AGO}),
    ("165", "with an end that is null", {"end": None, "start": LONG_AGO}),
    ("157", "without a device", {"deviceId": ...}),
)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        pytest.param(text, change, marks=proves(f"FOXGLOVE-EVENTS-{number}"), id=f"{number}-{text}")
        for number, text, change in WRONG
    ],
)
def test_an_event_is_not_created(event: dict[str, Any], pair: Pair, text: str, change: dict[str, JSON]) -> None:
    """What the body lacks, or has of a wrong type, is refused."""
    del event
    whole = {"deviceId": pair.first[0], "start": START, "end": END, "metadata": {}, **change}
    body = {name: value for name, value in whole.items() if value is not ...}
    require_rejected(pair.stock.api.ask("POST /events", body=body), f"An event is created {text}")


_NAMING = {
    "deviceId": "FOXGLOVE-EVENTS-151",
    "deviceName": "FOXGLOVE-EVENTS-152",
    "device__id": "FOXGLOVE-EVENTS-153",
    "device__name": "FOXGLOVE-EVENTS-155",
}
"""What has to work before anything can be told of a wrong one."""


@pytest.mark.parametrize(
    ("member", "column"),
    [
        pytest.param("deviceId", 0, marks=proves("FOXGLOVE-EVENTS-166"), id="deviceId"),
        pytest.param("deviceName", 1, marks=proves("FOXGLOVE-EVENTS-167"), id="deviceName"),
        pytest.param("device__id", 0, marks=proves("FOXGLOVE-EVENTS-169"), id="device.id"),
        pytest.param("device__name", 1, marks=proves("FOXGLOVE-EVENTS-149"), id="device.name"),
    ],
)
def test_a_device_is_named_by_a_string(pair: Pair, member: str, column: int) -> None:
    """A list or an object is no id and no name, whatever it holds."""
    pair.create(**{member: pair.first[column]}).require_done(_NAMING[member])
    for known in (False, [pair.first[column]], {"id": pair.first[column]}):
        reply = pair.create(**{member: known})
        require_rejected(reply, f"An event is created with a {member} that is no string: {known}")


@pytest.mark.parametrize("content", [None, b"", b"[]", b"null", b'"text"', b"{", b"[{}]"], ids=repr)
@proves("FOXGLOVE-EVENTS-150")
def test_a_body_is_required(api: Api, event: dict[str, Any], content: bytes | None) -> None:
    """Anything but a JSON object is refused."""
    del event
    headers = {"Content-Type": "application/json"}
    reply = api.ask("POST /events", content=content, headers=headers)
    require_rejected(reply, f"An event is created with the body {content!r}")


@proves("FOXGLOVE-EVENTS-158")
@pytest.mark.parametrize(("member", "column"), [("deviceId", 0), ("deviceName", 1)])
def test_the_device_has_to_exist(pair: Pair, member: str, column: int) -> None:
    """An id or a name that no device has is refused."""
    for unknown in (f"{pair.first[column]}-none", "robowire-none"):
        require_rejected(pair.create(**{member: unknown}), f"An event is created with the {member} of no device")


@proves("FOXGLOVE-EVENTS-151")
def test_device_id_names_the_device(pair: Pair) -> None:
    """The event is the device's of that id."""
    for device in (pair.first, pair.second):
        pair.require_owner(device, deviceId=device[0])


@proves("FOXGLOVE-EVENTS-152")
def test_device_name_names_the_device(pair: Pair) -> None:
    """The event is the device's of that name."""
    for device in (pair.first, pair.second):
        pair.require_owner(device, deviceName=device[1])


@proves("FOXGLOVE-EVENTS-153")
def test_device_dot_id_names_the_device(pair: Pair) -> None:
    """The alias means what deviceId means."""
    for device in (pair.first, pair.second):
        pair.require_owner(device, device__id=device[0])


@proves("FOXGLOVE-EVENTS-155")
def test_device_dot_name_names_the_device(pair: Pair) -> None:
    """The alias means what deviceName means."""
    for device in (pair.first, pair.second):
        pair.require_owner(device, device__name=device[1])


@proves("FOXGLOVE-EVENTS-154")
def test_device_id_goes_first(pair: Pair) -> None:
    """The alias is ignored, whatever it names."""
    _require_control(pair, "151", deviceId=pair.first[0])
    for ignored in (pair.second[0], "robowire-none"):
        pair.require_owner(pair.first, deviceId=pair.first[0], device__id=ignored)
        pair.require_owner(pair.first, device__id=ignored, deviceId=pair.first[0])


@proves("FOXGLOVE-EVENTS-156")
def test_device_name_goes_first(pair: Pair) -> None:
    """The alias is ignored, whatever it names."""
    _require_control(pair, "152", deviceName=pair.first[1])
    for ignored in (pair.second[1], "robowire-none"):
        pair.require_owner(pair.first, deviceName=pair.first[1], device__name=ignored)
        pair.require_owner(pair.first, device__name=ignored, deviceName=pair.first[1])


def _require_control(pair: Pair, number: str, **members: JSON) -> None:
    """Make sure that the member by itself works."""
    try:
        pair.require_owner(pair.first, **members)
    except Violation as violation:
        violation.requirement = f"FOXGLOVE-EVENTS-{number}"
        raise


@proves("FOXGLOVE-EVENTS-303")
def test_an_event_tells_its_devices_id(pair: Pair) -> None:
    """The member deviceId, in each answer that has it, is the id of the device, however that was named."""
    _require_told(pair, "deviceId")


@proves("FOXGLOVE-EVENTS-304")
def test_an_event_tells_its_device(pair: Pair) -> None:
    """The id and the name in device are those of the device, however that was named."""
    _require_told(pair, "device")


@proves("FOXGLOVE-EVENTS-304")
def test_an_event_tells_its_devices_new_name(api: Api, guest: Guest) -> None:
    """The name in device is the one that the device has now."""
    device = guest.device("named")
    event = guest.event(device["id"])
    require_owner(event, device["id"])
    new = guest.name("renamed")
    rename(api, device["id"], new)
    reply = find(api, event)
    told = reply.body.get("device")
    if isinstance(told, dict) and told.get("name", new) != new:
        raise reply.violation("An event tells its device's old name", expected=new, actual=told["name"])


def _require_told(pair: Pair, member: str) -> None:
    seen = False
    for device in (pair.first, pair.second):
        for naming in ({"deviceId": device[0]}, {"deviceName": device[1]}):
            reply = pair.create(**naming)
            if not reply.done or pair.owner(reply) not in {device[0], ""}:
                continue  # whose it is, is another requirement
            for answer in (reply, find(pair.stock.api, reply.body)):
                if member in answer.body:
                    seen = True
                    due = device[0] if member == "deviceId" else {"id": device[0], "name": device[1]}
                    got = answer.body[member]
                    got = {one: got.get(one) for one in due} if isinstance(due, dict) and isinstance(got, dict) else got
                    if got != due:
                        raise answer.violation(f"{member} is not the event's device", expected=due, actual=got)
    if not seen:
        raise NotTested(f"no event has {member}")


@proves("FOXGLOVE-EVENTS-308")
def test_an_event_has_device_id_and_device(api: Api, event: dict[str, Any], stock: Stock) -> None:
    """Both are in the answer of the creation, of the event by its id, and in the list."""
    found = find(api, event)
    listing = stock.list()
    for body in (event, found.body, *listing.items.values()):
        lacking = [name for name in ("deviceId", "device") if body.get(name) is None]
        if lacking:
            raise found.violation(f"An event lacks {lacking[0]}", expected=["deviceId", "device"], actual=sorted(body))


@proves("FOXGLOVE-EVENTS-168")
def test_an_event_may_be_a_point_in_time(api: Api, event: dict[str, Any], pair: Pair) -> None:
    """An end that is the start is accepted, and kept."""
    del event
    reply = pair.create(deviceId=pair.first[0], end=START)
    reply.require_accepted("An event that ends at its start is not created")
    found = find(api, reply.body)
    require_same(found, {"start": START, "end": START}, found.body, "start", "end")


@proves("FOXGLOVE-EVENTS-305")
def test_created_at_is_the_creations_time(api: Api, pair: Pair, server_clock: ServerClock) -> None:
    """It lies between what the target's clock says before and after, and no update changes it."""
    before = server_clock.now()
    reply = pair.create(deviceId=pair.first[0])
    event = reply.require_done()
    after = server_clock.now()
    created = nanoseconds(event.get("createdAt"))
    if created is None or not between(before, created, after):
        due = f"between {zulu(before)} and {zulu(after)}"
        raise reply.violation("createdAt is not the time of creation", expected=due, actual=event.get("createdAt"))
    updated = api.ask("PATCH /events/{id}", event["id"], body={"metadata": {"a": "b"}})
    for answer in (updated, find(api, event)):
        require_same(answer, event, answer.require_done(), "createdAt")
