"""Section "Timestamps": Zulu time to the nanosecond, as events take and give it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import strategies as st

from robowire_conformance import law
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.foxglove.operations import operation
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, proves

CREATE, LIST = "POST /events", "GET /events"
WHOLE, NINE, DIGITS, KEPT = "FOXGLOVE-TIME-002", "FOXGLOVE-TIME-003", "FOXGLOVE-TIME-004", "FOXGLOVE-TIME-005"
STARTS, ENDS = "FOXGLOVE-EVENTS-172", "FOXGLOVE-EVENTS-173"
APART, OFFSETS, SAME = "FOXGLOVE-TIME-006", "FOXGLOVE-TIME-007", "FOXGLOVE-TIME-008"
BASE = 1_680_772_530 * SECOND
MILLISECOND = SECOND // 1000

FILTERS = {
    "start": ("FOXGLOVE-EVENTS-101", "FOXGLOVE-EVENTS-103", 900 * MILLISECOND),
    "end": ("FOXGLOVE-EVENTS-102", "FOXGLOVE-EVENTS-104", -900 * MILLISECOND),
}
"""Of each bound of a range: what fails if events from outside are listed, if it is exclusive, and which way is out."""

EXAMPLES = {WHOLE: "2023-04-06T09:15:30Z", NINE: "2023-04-06T18:27:45.876543210Z"}
"""The section's own examples."""

LATE = "2031-01-01T00:00:00.500Z"
"""After all times of the events of this section, whichever offset they are taken to have."""

SHIFTS = {"+00:00": 0, "+05:30": 330, "-08:00": -480}
"""Offsets that official clients send, in minutes."""

DURATIONS = ("PT1H", "P1D", "2023-04-06T09:15:30Z/PT1H", "2023-04-06T09:15:30Z+PT1H", "-P3DT4H")
MALFORMED = (
    "2023-04-06T09:15:30+5",
    "2023-04-06T09:15:30+05:3",
    "2023-04-06T09:15:30+25:00",
    "2023-04-06T09:15:30+05:60",
    "2023-04-06T09:15:30 EST",
    "2023-04-06T09:15:30+05:30:00:00",
    "2023-04-06T09:15:30ZZ",
)
NO_TIMES = ("yesterday", "", "2023-13-06T09:15:30Z", "2023-04-06T25:15:30Z", "2023-04-06T09:61:30Z", "09:15:30Z", "Z")


QUERIES: Mapping[str, tuple[str, ...]] = {
    "GET /recordings": ("start", "end"),
    "GET /data/coverage": ("start", "end"),
    "GET /data/imports": ("start", "end", "dataStart", "dataEnd"),
    "GET /data/pending-imports": ("updatedSince",),
    "GET /data/topics": ("start", "end"),
    "GET /lake-files": ("start", "end"),
}
"""The times that the queries of further operations take."""

OF_CLIENTS = ("GET /data/coverage", "GET /data/topics", "POST /data/stream")
"""What the samples of the reference call with times that have offsets."""


@pytest.fixture(scope="session")
def device(guest: Guest) -> str:
    """A device for events at special times."""
    return str(guest.device("timed")["id"])


def create(api: Api, device: str, start: str, end: str = LATE) -> Reply:
    """Create an event of a span of time; that it may be an instant is another requirement's."""
    return api.ask(CREATE, body={"deviceId": device, "start": start, "end": end, "metadata": {}})


def told(reply: Reply, member: str) -> int:
    """The instant that an answered event has for its start or its end.

    Raises:
        Violation: It is no date-time.
    """
    found = nanoseconds(reply.body.get(member))
    if found is None:
        requirement = {"start": "FOXGLOVE-EVENTS-202", "end": "FOXGLOVE-EVENTS-203"}[member]
        raise reply.violation(f"The {member} of an event is no date-time", actual=reply.body, requirement=requirement)
    return found


def nine(ns: int) -> str:
    """A point in time with nine digits, whatever they are."""
    return f"{zulu(ns // SECOND * SECOND)[:-1]}.{ns % SECOND:09}Z"


def shift(ns: int, offset: str) -> str:
    """A point in time with an offset."""
    return zulu(ns + SHIFTS[offset] * 60 * SECOND).removesuffix("Z") + offset


@pytest.mark.parametrize("requirement", [pytest.param(one, id=one, marks=proves(one)) for one in EXAMPLES])
def test_the_examples_are_accepted(api: Api, device: str, requirement: str) -> None:
    """Each of the section's examples is accepted, in a body and in a query."""
    for reply in (create(api, device, EXAMPLES[requirement]), api.ask(LIST, params={"start": EXAMPLES[requirement]})):
        reply.require_form()
        if not reply.done:
            others = [create(api, device, text) for text in EXAMPLES.values()]
            if not any(other.done for other in others):
                raise reply.violation("No event is created", requirement=reply.call.works)
            text = f"{EXAMPLES[requirement]} is not accepted"
            raise reply.violation(text, expected=200, actual=reply.status)


@proves(DIGITS)
def test_any_number_of_digits_is_accepted(api: Api, device: str) -> None:
    """With one to nine digits a time is the instant that they name, so far as the server keeps digits."""
    _require_plain(api, device)
    for digits in range(1, 10):
        text = f"2023-04-06T09:15:30.{'054321098'[:digits]}Z"
        reply = create(api, device, text)
        reply.require_form()
        if not reply.done:
            raise reply.violation(f"{text} is not accepted", expected=200, actual=reply.status)
        due, found = nanoseconds(text) or 0, told(reply, "start")
        if abs(found - due) >= MILLISECOND:
            raise reply.violation(f"{text} is taken for another instant", expected=text, actual=reply.body.get("start"))


def _require_plain(api: Api, device: str) -> None:
    """Make sure that an event of the plainest time is created."""
    create(api, device, EXAMPLES[WHOLE]).require_done()


@proves(KEPT)
def test_nanoseconds_are_kept(foxglove_target: Target, api: Api, device: str) -> None:
    """A time that was given to the nanosecond is answered as the same one, at once and when it is read."""
    edges = st.sampled_from([1, 999_999_999, 876_543_210, 123_456_789, 100, 1000])

    @law.for_all(foxglove_target, st.one_of(edges, st.integers(0, SECOND - 1)), examples=10)
    def kept(fraction: int) -> None:
        start, end = BASE + fraction, BASE + 2 * SECOND - 1 - fraction
        reply = create(api, device, nine(start), nine(end))
        _require_span(reply, start, end)
        _require_span(api.ask("GET /events/{id}", str(reply.body.get("id"))), start, end)


@proves(KEPT)
def test_nanoseconds_are_kept_by_updates_and_in_lists(api: Api, guest: Guest) -> None:
    """A time that an update gave to the nanosecond is answered so at once, when it is read, and in the list."""
    device = guest.device("timed")["id"]
    event = guest.event(device)["id"]
    start, end = BASE + 123_456_789, BASE + 987_654_321
    body = {"metadata": {}, "start": nine(start), "end": nine(end)}
    _require_span(api.ask("PATCH /events/{id}", event, body=body), start, end)
    _require_span(api.ask("GET /events/{id}", event), start, end)
    listed = api.ask(LIST, params={"deviceId": device})
    for one in (one for one in listed.require_done() if one.get("id") == event):
        _require_span(replace(listed, call=operation("GET /events/{id}"), body=one), start, end)


def _require_span(reply: Reply, start: int, end: int) -> None:
    body = reply.require_done()
    found = told(reply, "start"), told(reply, "end")
    if found != (start, end):
        far = [abs(one - due) >= SECOND for one, due in zip(found, (start, end), strict=True)]
        updates = reply.call.method == "PATCH"
        another = (STARTS if far[0] else ENDS) if updates else reply.call.works
        raise reply.violation(
            "A time is not answered to the nanosecond",
            expected={"start": zulu(start), "end": zulu(end)},
            actual={"start": body.get("start"), "end": body.get("end")},
            requirement=another if any(far) else KEPT,
        )


@proves(APART)
def test_a_nanosecond_tells_events_apart(api: Api, guest: Guest) -> None:
    """A range that begins a nanosecond after an event, or ends one before it, does not hold the event."""
    device = guest.device("timed")["id"]
    instant = BASE + 123_456_785
    made = create(api, device, nine(instant), nine(instant))
    if made.refused:
        raise NotTested("no event is an instant (see FOXGLOVE-EVENTS-168)")
    _require_span(made, instant, instant)
    for params, there in (
        ({"start": nine(instant)}, True),
        ({"start": nine(instant + 1)}, False),
        ({"end": nine(instant)}, True),
        ({"end": nine(instant - 1)}, False),
    ):
        _require_found(api, device, made.body["id"], params, there, APART)


def _require_found(api: Api, device: str, event: str, params: dict[str, str], there: bool, requirement: str) -> None:  # noqa: FBT001  # as the table has it
    reply = api.ask(LIST, params={"deviceId": device, **params})
    if (event in {one.get("id") for one in reply.require_done(requirement)}) is not there:
        text = "A range holds an event outside of it" if not there else "A range lacks an event within"
        cause = _cause(api, device, event, params, there) or requirement
        raise reply.violation(text, expected=there, actual=not there, requirement=cause)


def _cause(api: Api, device: str, event: str, params: dict[str, str], there: bool) -> str:  # noqa: FBT001  # as above
    """The requirement of a filter that is wrong by about a second too; empty where there is none."""
    for name, text in params.items():
        outside, inclusive, away = FILTERS[name]
        bound = zulu(BASE) if there else zulu((nanoseconds(text) or 0) + (away if text.endswith("Z") else 0))
        known = create(api, device, zulu(BASE)).require_done()["id"] if there else event
        listed = known in {one.get("id") for one in api.get("/events", deviceId=device, **{name: bound})}
        if listed is not there:
            return inclusive if there else outside
    return ""


@proves(OFFSETS)
def test_offsets_are_accepted(api: Api, device: str) -> None:
    """Offsets as official clients send them are accepted, in a body and in a query."""
    _require_plain(api, device)
    for offset in SHIFTS:
        text = shift(BASE, offset)
        for reply in (create(api, device, text), api.ask(LIST, params={"start": text})):
            reply.require_form()
            if not reply.done:
                raise reply.violation(f"{text} is not accepted", expected=200, actual=reply.status)


@proves(SAME)
def test_an_offset_means_the_same_instant(api: Api, guest: Guest) -> None:
    """A time with an offset that is accepted is the instant that it names."""
    device = guest.device("timed")["id"]
    accepted = 0
    for offset in SHIFTS:
        reply = create(api, device, shift(BASE, offset), shift(BASE, offset))
        if not reply.done:
            continue
        accepted += 1
        if told(reply, "start") != BASE:
            text = f"{shift(BASE, offset)} is taken for another instant"
            raise reply.violation(text, expected=zulu(BASE), actual=reply.body.get("start"))
        for params, there in (
            ({"start": shift(BASE, offset)}, True),
            ({"start": shift(BASE + SECOND, offset)}, False),
            ({"end": shift(BASE, offset)}, True),
            ({"end": shift(BASE - SECOND, offset)}, False),
        ):
            if api.ask(LIST, params=params).done:
                _require_found(api, device, reply.body["id"], params, there, SAME)
    if not accepted:
        raise NotTested("no time with an offset is accepted (see FOXGLOVE-TIME-007)")


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(DURATIONS, id="durations", marks=proves("FOXGLOVE-TIME-009")),
        pytest.param(MALFORMED, id="offsets", marks=proves("FOXGLOVE-TIME-010")),
        pytest.param(NO_TIMES, id="no-times", marks=proves("FOXGLOVE-TIME-011")),
    ],
)
def test_what_is_no_time_is_refused_in_a_body(api: Api, device: str, texts: tuple[str, ...]) -> None:
    """A duration, a malformed offset and any other text is no date-time, as start and as end."""
    _require_plain(api, device)
    body: dict[str, Any] = {"deviceId": device, "metadata": {}}
    for text in texts:
        for name, other in (("start", "end"), ("end", "start")):
            reply = api.ask(CREATE, body={**body, name: text, other: EXAMPLES[NINE]})
            reply.require_refused(f"An event is created with {name} {text!r}")


@pytest.mark.parametrize("name", [pytest.param(one, id=one, marks=proves("FOXGLOVE-TIME-012")) for one in QUERIES])
def test_what_is_no_time_is_refused_in_every_query(foxglove_target: Target, api: Api, device: str, name: str) -> None:
    """Each operation that takes times refuses what is none, one text for each parameter."""
    needed = _needed(foxglove_target, device, name)
    times = dict.fromkeys(QUERIES[name], EXAMPLES[WHOLE])
    if not api.ask(name, params={**needed, **times}).done:
        raise NotTested(f"{name} is not answered with date-times either")
    for number, parameter in enumerate(times):
        text = (NO_TIMES[0], DURATIONS[0])[number % 2]
        reply = api.ask(name, params={**needed, **times, parameter: text})
        reply.require_refused(f"{parameter}={text} is not refused")


def _needed(target: Target, device: str, name: str) -> dict[str, str]:
    """What a query has to say besides times."""
    if name == "GET /data/topics":
        return {"deviceId": device}
    return {"deviceId": device, "siteId": str(target.need("self_hosted_site_id"))} if name == "GET /lake-files" else {}


@proves(OFFSETS)
def test_offsets_are_accepted_where_data_are_asked_for(shelf: Shelf) -> None:
    """Where official clients ask for coverage, topics and data, times have offsets."""
    for offset in SHIFTS:
        for name in OF_CLIENTS:
            if _ask(shelf, name, zulu).done:
                reply = _ask(shelf, name, partial(shift, offset=offset))
                reply.require_form()
                if not reply.done and not _is_misread(shelf, offset):
                    raise reply.violation(f"Times with {offset} are not accepted", expected=200, actual=reply.status)


def _is_misread(shelf: Shelf, offset: str) -> bool:
    """Whether times with an offset are taken, and mean other instants, at which there may be nothing."""
    plain, odd = (_ask(shelf, OF_CLIENTS[0], write) for write in (zulu, partial(shift, offset=offset)))
    return plain.done and odd.done and plain.body != odd.body


@proves(SAME)
def test_offsets_mean_the_same_where_data_are_asked_for(shelf: Shelf) -> None:
    """Coverage and topics of a range are the same, whichever offset its times have."""
    accepted = False
    for offset in SHIFTS:
        for name in OF_CLIENTS[:2]:
            plain = _ask(shelf, name, zulu)
            reply = _ask(shelf, name, partial(shift, offset=offset))
            if plain.done and reply.done and sorted(map(repr, plain.body)) != sorted(map(repr, reply.body)):
                text = f"{name} with times with {offset} is answered otherwise than with the same in Zulu"
                raise reply.violation(text, expected=plain.body, actual=reply.body)
            accepted = accepted or (plain.done and reply.done)
    if not accepted:
        raise NotTested("no time with an offset is accepted (see FOXGLOVE-TIME-007)")


def _ask(shelf: Shelf, name: str, write: Callable[[int], str]) -> Reply:
    """What there is of the device of a recording in the recording's range, the times of which are written so."""
    held = shelf["chunked"]
    asked = {"deviceId": held.uploaded.device_id, "start": write(held.span[0]), "end": write(held.span[1])}
    return shelf.api.ask(name, body=asked) if name.startswith("POST") else shelf.api.ask(name, params=asked)


@proves("FOXGLOVE-TIME-012")
def test_what_is_no_time_is_refused_in_a_query(api: Api) -> None:
    """A query with a text that is no date-time is refused, while one with a date-time is answered."""
    api.get("/events", start=EXAMPLES[WHOLE], limit=1)
    for name in ("start", "end", "createdAfter", "updatedAfter"):
        for text in (NO_TIMES[0], NO_TIMES[2], DURATIONS[0], MALFORMED[1]):
            reply = api.ask(LIST, params={name: text, "limit": 1})
            reply.require_refused(f"{name}={text} is not refused")
