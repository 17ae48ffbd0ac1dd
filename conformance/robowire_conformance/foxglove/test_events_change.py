"""Sections "Update an event" and "Delete an event"."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.event_facts import END, START, find, of_strings, require_same
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import rejects, require_rejected, unknown_ids
from robowire_conformance.foxglove.server_clock import ServerClock, between
from robowire_conformance.foxglove.stock import WHOLE, Stock
from robowire_conformance.verdict import NotTested, proves

GET, PATCH, DELETE = "GET /events/{id}", "PATCH /events/{id}", "DELETE /events/{id}"
METADATA = {"zone": "north", "cause": "wheel slip"}
EARLIER, LATER = "2001-02-03T03:02:01Z", "2001-02-03T05:06:07Z"
COARSEST_CLOCK_S = 1.1
"""The longest that a clock which is read in whole seconds stands still."""

MakeEvent = Callable[[], dict[str, Any]]


@pytest.fixture(scope="module")
def new_event(guest: Guest, stock: Stock) -> MakeEvent:
    """Makes an event with metadata."""
    return lambda: guest.event(stock.devices[0][0], START, END, METADATA)


@pytest.fixture
def event(new_event: MakeEvent) -> dict[str, Any]:
    """An event with metadata."""
    return new_event()


def update(api: Api, event: dict[str, Any], **members: JSON) -> Reply:
    """Update an event, successfully."""
    reply = api.ask(PATCH, event["id"], body=members)
    reply.require_done()
    return reply


CHANGES: tuple[tuple[str, str, JSON], ...] = (
    ("171", "metadata", {"zone": "south"}),
    ("171", "metadata", {"zone": "south", "shift": "night"}),
    ("172", "start", EARLIER),
    ("173", "end", LATER),
)
EACH = [
    pytest.param(member, value, marks=proves(f"FOXGLOVE-EVENTS-{number}"), id=f"{member}-{value}")
    for number, member, value in CHANGES
]


def shows(event: dict[str, Any], member: str, value: JSON) -> bool:
    """Whether an event has what an update gave it; of metadata, each key that it gave."""
    if member != "metadata":
        return nanoseconds(event.get(member)) == nanoseconds(value)
    metadata = event.get("metadata")
    return isinstance(metadata, dict) and all(metadata.get(key) == one for key, one in value.items())


@pytest.mark.parametrize(("member", "value"), EACH)
def test_an_update_changes_what_it_names(api: Api, event: dict[str, Any], member: str, value: JSON) -> None:
    """What the body gives is there, in the answer or when it is read again."""
    answers = update(api, event, **{member: value}), find(api, event)
    if not any(shows(answer.body, member, value) for answer in answers):
        got = answers[0].body.get(member)
        raise answers[0].violation(f"An update does not change {member}", expected=value, actual=got)


@proves("FOXGLOVE-EVENTS-005")
@pytest.mark.parametrize(("member", "value"), [change[1:] for change in CHANGES])
def test_the_answer_is_the_event_as_it_is_then(api: Api, event: dict[str, Any], member: str, value: JSON) -> None:
    """What an update has changed is in its answer, with the event's id."""
    reply = update(api, event, **{member: value})
    if reply.body.get("id") != event["id"]:
        raise reply.violation("The answer is another event", expected=event["id"], actual=reply.body.get("id"))
    if shows(find(api, event).body, member, value) and not shows(reply.body, member, value):
        got = reply.body.get(member)
        raise reply.violation(f"The answer has not the {member} that the event has then", expected=value, actual=got)


@proves("FOXGLOVE-EVENTS-307")
def test_an_update_lasts(api: Api, event: dict[str, Any]) -> None:
    """What the answers have said is there when the event is read again, and in the list."""
    seen = False
    for _, member, value in CHANGES:
        if not shows(update(api, event, **{member: value}).body, member, value):
            continue  # what an update changes is another requirement
        seen = True
        again = find(api, event)
        listed = api.ask("GET /events", params={"start": EARLIER, "end": LATER, "limit": WHOLE, "offset": 0})
        items = [one for one in listed.body if one.get("id") == event["id"]] if listed.done else []
        for reply, body in ((again, again.body), *((listed, item) for item in items)):
            if not shows(body, member, value):
                raise reply.violation(f"A changed {member} does not last", expected=value, actual=body.get(member))
    if not seen:
        raise NotTested("no answer to an update shows what it changed (see FOXGLOVE-EVENTS-171, -172, -173)")


@proves("FOXGLOVE-EVENTS-174")
@pytest.mark.parametrize(("member", "value"), [change[1:] for change in CHANGES])
def test_what_is_left_out_stays(api: Api, event: dict[str, Any], member: str, value: JSON) -> None:
    """An update of one member changes no other."""
    others = [one for one in ("id", "deviceId", "device", "start", "end", "metadata") if one != member]
    before = find(api, event)
    require_same(before, before.body, find(api, event).body, *others)
    update(api, event, **{member: value})
    again = find(api, event)
    require_same(again, before.body, again.body, *others)


@proves("FOXGLOVE-EVENTS-306")
def test_updated_at_moves_on(api: Api, event: dict[str, Any], server_clock: ServerClock) -> None:
    """It is later after each update, and what the target's clock says then."""
    first = find(api, event)
    last = nanoseconds(first.body.get("updatedAt"))
    require_same(first, first.body, find(api, event).body, "updatedAt")
    for members in UPDATES:
        before = server_clock.now()
        reply, updated = _updated(api, event, members, last)
        if updated is None or (last is not None and updated <= last):
            due = f"later than {_text(last)}"
            raise reply.violation("updatedAt does not move on", expected=due, actual=_text(updated))
        last, after = updated, server_clock.now()
        if not between(before, updated, after):
            due = f"between {zulu(before)} and {zulu(after)}"
            raise reply.violation("updatedAt is not the time of the update", expected=due, actual=_text(updated))


UPDATES: tuple[tuple[dict[str, JSON], dict[str, JSON]], ...] = (
    ({"metadata": {"zone": "east"}}, {"metadata": {"zone": "west"}}),
    ({"end": LATER}, {"end": END}),
    ({"start": EARLIER}, {"start": START}),
)
"""Updates, each with another that is tried where the clock had no time to move on."""


def _updated(
    api: Api, event: dict[str, Any], members: tuple[dict[str, JSON], dict[str, JSON]], last: int | None
) -> tuple[Reply, int | None]:
    """Update an event, again after a while if need be."""
    reply = update(api, event, **members[0])
    updated = nanoseconds(reply.body.get("updatedAt"))
    if updated == last:
        time.sleep(COARSEST_CLOCK_S)
        reply = update(api, event, **members[1])
        updated = nanoseconds(reply.body.get("updatedAt"))
    return reply, updated


def _text(ns: int | None) -> str:
    return "no time" if ns is None else zulu(ns)


@proves("FOXGLOVE-EVENTS-175")
@pytest.mark.parametrize(
    "metadata", ["text", ["zone", "north"], {"a": 7}, {"a": {"b": "c"}}, {"a": ["b"]}, {"a": True}, {"a": None}]
)
def test_metadata_are_an_object_of_strings(api: Api, event: dict[str, Any], metadata: JSON) -> None:
    """Other metadata are refused; a server may also make strings of their values."""
    update(api, event, metadata={"zone": "south"})
    reply = api.ask(PATCH, event["id"], body={"metadata": metadata})
    if not (isinstance(metadata, dict) and reply.done and of_strings(reply.body.get("metadata"))):
        require_rejected(reply, f"An event is updated with the metadata {metadata}")


@pytest.mark.parametrize(
    "member",
    [
        pytest.param("start", marks=proves("FOXGLOVE-EVENTS-176"), id="start"),
        pytest.param("end", marks=proves("FOXGLOVE-EVENTS-177"), id="end"),
    ],
)
def test_times_are_strings(api: Api, event: dict[str, Any], member: str) -> None:
    """A list or an object is no time, whatever it holds."""
    update(api, event, **{member: event[member]})
    for value in ([event[member]], {"time": event[member]}, True):
        reply = api.ask(PATCH, event["id"], body={member: value})
        require_rejected(reply, f"An event is updated with the {member} {value}")


@pytest.mark.parametrize("content", [None, b"", b"[]", b"null", b'"text"', b"{", b"[{}]"], ids=repr)
@proves("FOXGLOVE-EVENTS-170")
def test_a_body_is_required(api: Api, event: dict[str, Any], content: bytes | None) -> None:
    """Anything but a JSON object is refused."""
    update(api, event, metadata={"zone": "south"})
    reply = api.ask(PATCH, event["id"], content=content, headers={"Content-Type": "application/json"})
    require_rejected(reply, f"An event is updated with the body {content!r}")


@proves("FOXGLOVE-EVENTS-008")
def test_an_unknown_event_is_not_updated(api: Api, event: dict[str, Any]) -> None:
    """Ids that nothing has are answered with a client error."""
    update(api, event, metadata={"zone": "south"})
    for unknown in unknown_ids(event["id"]):
        reply = api.ask(PATCH, unknown, body={"metadata": {"zone": "south"}})
        require_rejected(reply, "An update of an id that no event has is not refused")


@proves("FOXGLOVE-EVENTS-004")
def test_deleting_answers_the_id(api: Api, event: dict[str, Any]) -> None:
    """The answer has the id of the event that was deleted."""
    find(api, event)
    reply = api.ask(DELETE, event["id"])
    if reply.require_done().get("id") != event["id"]:
        raise reply.violation("The answer has another id", expected=event["id"], actual=reply.body.get("id"))


@proves("FOXGLOVE-EVENTS-302")
def test_a_deleted_event_is_gone(api: Api, stock: Stock, new_event: MakeEvent) -> None:
    """It is neither found by its id nor in the list, and an event beside it still is."""
    gone, kept = new_event(), new_event()
    find(api, gone)
    require_rejected(api.ask(GET, "robowire-none"), "An unknown id is not refused", "FOXGLOVE-EVENTS-006")
    api.call(DELETE, gone["id"])
    reply = api.ask(GET, gone["id"])
    require_rejected(reply, "An event that was deleted is still found by its id")
    find(api, kept)
    listing = stock.ask()
    ids = [one.get("id") for one in listing.require_done()]
    if gone["id"] in ids:
        raise listing.violation(
            "An event that was deleted is still in the list", expected="not there", actual=gone["id"]
        )


@proves("FOXGLOVE-EVENTS-007")
def test_an_unknown_event_is_not_deleted(api: Api, event: dict[str, Any], new_event: MakeEvent) -> None:
    """Ids that nothing has are answered with a client error, and so is one that is deleted already."""
    gone = new_event()
    api.call(DELETE, gone["id"])
    for unknown in (*unknown_ids(event["id"]), gone["id"]):
        require_rejected(api.ask(DELETE, unknown), "A deletion of an id that no event has is not refused")
    reply = api.ask(GET, event["id"])
    if rejects(reply):
        raise reply.violation("A deletion of an unknown id has deleted an event", expected=200, actual=reply.status)
