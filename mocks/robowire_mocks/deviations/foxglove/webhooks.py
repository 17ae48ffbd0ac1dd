"""Deviations of webhooks (page "Webhooks")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from robowire_fixtures.foxglove import WEBHOOKS

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove import times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from robowire_mocks.core.calling import Caller
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Webhook

Json = dict[str, Any]
HOUR = 3600 * times.SECOND
_SLUGS = {event_type: event_type.replace(".", "-") for event_type in WEBHOOKS}


def _of(event_type: str, change: Callable[[Json], Json]) -> Wrapper:
    """A wrapper of `payload` that changes what is sent of one type of events."""

    def wrapper(honest: Wrapper, *args: Any) -> Json:
        payload: Json = honest(*args)
        return {**payload, **change(payload)} if payload["type"] == event_type else payload

    return wrapper


def _sent(change: Callable[[Json], Json]) -> Wrapper:
    """A wrapper of `payload` that changes what is sent of every event."""

    def wrapper(honest: Wrapper, *args: Any) -> Json:
        return change(honest(*args))

    return wrapper


def _posted(method: str, media_type: str, write: Callable[[Json], bytes]) -> Wrapper:
    """A wrapper of `post` that sends otherwise."""

    def wrapper(_: Wrapper, __: Call, caller: Caller, url: str, payload: Json) -> int | str:
        return caller.post(url, write(payload), method=method, media_type=media_type)

    return wrapper


def _untold(event_type: str) -> Wrapper:
    """A wrapper of `notify` that keeps events of one type to itself."""

    def wrapper(honest: Wrapper, call: Call, webhooks: Iterable[Webhook], happened: str, about: Json) -> None:
        honest(call, [] if happened == event_type else webhooks, happened, about)

    return wrapper


def _dropped(name: str) -> Callable[[Json], Json]:
    return lambda payload: {key: value for key, value in payload.items() if key != name}


def _wrong(name: str, value: Any) -> Callable[[Json], Json]:
    return lambda told: {**told, name: value}


def _part(name: str, change: Callable[[Json], Any]) -> Callable[[Json], Json]:
    """A change of the object that a payload tells about."""
    return lambda payload: {name: change(payload[name])}


add(
    "WEBHOOKS-001",
    "webhook-put",
    "post",
    "Webhooks are sent by PUT.",
    _posted("PUT", "application/json", orjson.dumps),
)
add(
    "WEBHOOKS-002",
    "webhook-form",
    "post",
    "Webhooks carry a form.",
    _posted(
        "POST",
        "application/x-www-form-urlencoded",
        lambda payload: urlencode({name: str(value) for name, value in payload.items()}).encode(),
    ),
)
add(
    "WEBHOOKS-002",
    "webhook-list",
    "post",
    "Webhooks carry a list of events.",
    _posted("POST", "application/json", lambda payload: orjson.dumps([payload])),
)
for _number, _type in (
    ("011", "recording.created"),
    ("012", "recording.imported"),
    ("013", "device.created"),
    ("014", "event.created"),
    ("015", "ping"),
):
    add(f"WEBHOOKS-{_number}", f"webhook-no-{_SLUGS[_type]}", "notify", f"No webhook tells {_type}.", _untold(_type))
for _number, _name, _value in (
    ("201", "timestamp", 1767225600),
    ("202", "attemptedAt", "now"),
    ("203", "webhookEventId", 7),
    ("204", "webhookId", None),
):
    _slug = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in _name)
    _slug = _slug.removeprefix("webhook-")
    add(
        f"WEBHOOKS-{_number}",
        f"webhook-without-{_slug}",
        "payload",
        f"Webhooks have no {_name}.",
        _sent(_dropped(_name)),
    )
    add(
        f"WEBHOOKS-{_number}",
        f"webhook-wrong-{_slug}",
        "payload",
        f"The {_name} of webhooks is {_value!r}.",
        _sent(_wrong(_name, _value)),
    )
for _number, _type, _name in (
    ("21", "recording.created", "recording"),
    ("22", "recording.imported", "recording"),
    ("23", "device.created", "device"),
    ("24", "event.created", "event"),
    ("25", "ping", "webhook"),
):
    add(
        f"WEBHOOKS-{_number}1",
        f"webhook-{_SLUGS[_type]}-typed-otherwise",
        "payload",
        f"The type of {_type} is in upper case.",
        _of(_type, lambda payload: {"type": payload["type"].upper()}),
    )
    add(
        f"WEBHOOKS-{_number}2",
        f"webhook-{_SLUGS[_type]}-of-id",
        "payload",
        f"A webhook of type {_type} has an id for its {_name}.",
        _of(_type, _part(_name, lambda told: told["id"])),
    )
    add(
        f"WEBHOOKS-{_number}3",
        f"webhook-{_SLUGS[_type]}-id-number",
        "payload",
        f"The id of the {_name} in {_type} is a number.",
        _of(_type, _part(_name, lambda told: {**told, "id": 7})),
    )


for _hundred, _type in (("21", "recording.created"), ("22", "recording.imported")):
    for _number, _name, _odd in (
        ("4", "importStatus", 7),
        ("5", "path", ["a.mcap"]),
        ("6", "device", "tug-01"),
        ("7", "edgeSite", 7),
        ("8", "site", "Aurora cloud"),
    ):
        _slug = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in _name)
        add(
            f"WEBHOOKS-{_hundred}{_number}",
            f"webhook-{_SLUGS[_type]}-wrong-{_slug}",
            "payload",
            f"The {_name} of the recording in {_type} is {_odd!r}.",
            _of(_type, _part("recording", _wrong(_name, _odd))),
        )


def _neighbour(name: str, rows: Callable[[Call], Iterable[Any]]) -> Wrapper:
    """A wrapper of `notify` that tells another row's id."""

    def wrapper(honest: Wrapper, call: Call, webhooks: Iterable[Webhook], happened: str, about: Json) -> None:
        if happened == f"{name}.created":
            about = {name: {"id": next(iter(rows(call))).id}}
        honest(call, webhooks, happened, about)

    return wrapper


add(
    "WEBHOOKS-301",
    "webhook-first-device",
    "notify",
    "The device in device.created is always the first.",
    _neighbour("device", lambda call: call.state.devices),
)
add(
    "WEBHOOKS-302",
    "webhook-first-event",
    "notify",
    "The event in event.created is always the first.",
    _neighbour("event", lambda call: call.state.events),
)
add(
    "WEBHOOKS-302",
    "webhook-event-device",
    "notify",
    "The event in event.created has the id of its device.",
    _neighbour("event", lambda call: call.state.devices),
)
add(
    "WEBHOOKS-303",
    "webhook-pings-another",
    "payload",
    "The webhook in a ping has another id.",
    _of("ping", _part("webhook", lambda told: {"id": told["id"][::-1]})),
)
add(
    "WEBHOOKS-304",
    "webhook-id-of-type",
    "payload",
    "The webhookId depends on the type of the event.",
    _sent(
        lambda payload: (
            payload
            if payload["type"] == "ping"
            else {**payload, "webhookId": f"{payload['webhookId']}_{payload['type']}"}
        )
    ),
)


def _one_event(honest: Wrapper, call: Call, happened: str, about: Json) -> Json:
    notice: Json = honest(call, happened, about)
    return {**notice, "webhookEventId": "whe_1"}


def _one_per_type(honest: Wrapper, call: Call, happened: str, about: Json) -> Json:
    notice: Json = honest(call, happened, about)
    return {**notice, "webhookEventId": f"whe_{happened}"}


def _moved(by: int) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, happened: str, about: Json) -> Json:
        notice: Json = honest(replace(call, now=call.now + by), happened, about)
        return notice

    return wrapper


add("WEBHOOKS-305", "webhook-one-event-id", "notice", "All events have one webhookEventId.", _one_event)
add(
    "WEBHOOKS-305",
    "webhook-event-id-per-type",
    "notice",
    "Events of one type have one webhookEventId.",
    _one_per_type,
)
add("WEBHOOKS-306", "webhook-timestamp-ahead", "notice", "The timestamp is an hour ahead.", _moved(HOUR))
add("WEBHOOKS-306", "webhook-timestamp-behind", "notice", "The timestamp is an hour behind.", _moved(-HOUR))


def _attempted(by: int) -> Wrapper:
    """A wrapper of `payload` that tells another time of the attempt."""

    def wrapper(honest: Wrapper, call: Call, webhook: Webhook, notice: Json, attempted_at: int) -> Json:
        payload: Json = honest(call, webhook, notice, attempted_at + by)
        return payload

    return wrapper


add("WEBHOOKS-309", "webhook-attempted-ahead", "payload", "The attemptedAt is an hour ahead.", _attempted(HOUR))
add("WEBHOOKS-309", "webhook-attempted-behind", "payload", "The attemptedAt is an hour behind.", _attempted(-HOUR))


for _number, _type in (("307", "recording.created"), ("308", "recording.imported")):
    add(
        f"WEBHOOKS-{_number}",
        f"webhook-{_SLUGS[_type]}-of-edge",
        "payload",
        f"The edgeSite of the recording in {_type} is its primary site.",
        _of(_type, _part("recording", lambda told: {**told, "edgeSite": told["site"]} if "site" in told else told)),
    )
add(
    "WEBHOOKS-310",
    "webhook-recording-imported-pending",
    "payload",
    "The importStatus of the recording in recording.imported is pending.",
    _of("recording.imported", _part("recording", _wrong("importStatus", "pending"))),
)
