"""Events of the suite's own, on devices of its own, that lists are judged by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.verdict import NotTested

EPOCH = 978_310_861 * SECOND
"""When the stock's events take place: a minute of 2001-01-01 in which nobody else has any."""

WHOLE = 1000
"""How many items are asked for: fewer than any limit, so that what is said of limits has no part in it."""

ROOMY = 200
"""So many items of others in every answer are put up with, rather than to trust a filter."""

_DEVICES = ("delta", "alpha", "bravo", "alphabet")
"""Words in their names, in no order; one begins with another."""

EVENTS: tuple[tuple[int, int, int, Mapping[str, str]], ...] = (
    (0, 30, 40, {"zone": "dock_2", "cause": "emergency stop"}),
    (1, 21, 30, {"zone": "dockx2", "cause": "emergency stop 2"}),
    (2, -100, 100, {"zone2": "dock_2"}),
    (3, 10, 20, {"dock_2": "zone"}),
    (0, 5, 15, {"cause": "7", "wheel.slip": "07"}),
    (1, 20, 20, {"cause": "7.0", "zone": "7%"}),
    (2, 0, 10, {}),
    (3, 12, 14, {"größe": "7", "zone": "dock_2", "battery-low": "emergency"}),
    (0, -20, -10, {"zone": "dock", "cause": "stop"}),
    (0, 0, 0, {"note": "emergency stop", "zone": "dock zone", "dock_2": "wheel slip 7"}),
    (1, 16, 18, {"7": "a/b+c@d", "wheel.slip": "wheel.slip", "zone2": "7"}),
    (2, 50, 60, {"Zone": "dock_2", "zone": "Dock_2", "note": "", "cause": "wheel  slip"}),
)
"""Device, start and end in seconds after `EPOCH`, and metadata full of coincidences; in no order."""

FINE_START = 70 * SECOND
FINE = (2, 0, 1_000_000, 1, 1000)
"""Nanoseconds after `FINE_START` at which further events start, for sorts alone: no filter is asked for so finely."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One event of the stock, as it was asked for and as its creation was answered."""

    id: str
    device: int
    start: int
    end: int
    metadata: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer to GET /events: the stock's own events in its order, and the others' number."""

    reply: Reply
    ids: tuple[str, ...]
    others: int

    @property
    def items(self) -> dict[str, dict[str, Any]]:
        """The stock's events in the answer, by id."""
        return {one["id"]: one for one in self.reply.body if isinstance(one, dict) and one.get("id") in self.ids}


@dataclass(frozen=True, slots=True)
class Stock:
    """The events by id in the order of their creation, and the devices as (id, name).

    `narrowing` keeps others' events out of the answers where there are many of them; nothing does where there are few,
    so that no filter has to be trusted.
    """

    api: Api
    devices: Sequence[tuple[str, str]]
    events: Mapping[str, Kept]
    narrowing: Mapping[str, str] = field(default_factory=dict)

    def list(self, requirement: str = "", /, **params: JSON) -> Listing:
        """The stock's events that a list with these parameters has.

        Raises:
            Violation: It is not answered with a list, against the requirement, or else that lists are answered.
        """
        reply = self.ask(**params)
        reply.require_done(requirement)
        return self.of(reply)

    def ask(self, **params: JSON) -> Reply:
        """A list with these parameters, answered in any way; `__` in a name stands for a dot."""
        named = {name.replace("__", "."): value for name, value in params.items()}
        return self.api.ask("GET /events", params={**self.narrowing, "limit": WHOLE, "offset": 0, **named})

    @property
    def misplaced(self) -> bool:
        """Whether an event tells another device than it was created for."""
        for event in self.events.values():
            device = event.body.get("device")
            told = {str(event.body.get("deviceId")), str(device.get("id")) if isinstance(device, dict) else "None"}
            if told - {self.devices[event.device][0], "None"}:
                return True
        return False

    def of(self, reply: Reply) -> Listing:
        """What is the stock's in a list."""
        found = [str(one.get("id")) for one in reply.body if isinstance(one, dict)]
        own = tuple(one for one in found if one in self.events)
        return Listing(reply, own, len(found) - len(own))


def make_stock(api: Api, guest: Guest) -> Stock:
    """Make the devices and the events, and find out how to list them.

    Raises:
        Violation: Something cannot be made, or not all events are in the list.
        NotTested: No list shows them all.
    """
    devices = _devices(guest)
    events: dict[str, Kept] = {}
    for device, start, end, metadata in _wanted():
        sent = {"deviceId": devices[device][0], "start": zulu(start), "end": zulu(end), "metadata": dict(metadata)}
        if start != end and start % SECOND == 0:
            body = guest.make("POST /events", sent)
        else:  # that points in time and fractions of seconds are taken are requirements of their own
            reply = api.ask("POST /events", body=sent)
            if not reply.done or not isinstance(reply.body.get("id"), str):
                continue
            body = reply.body
        events[body["id"]] = Kept(body["id"], device, start, end, metadata, body)
    return _narrowed(Stock(api, devices, _touched(api, events)))


def _touched(api: Api, events: Mapping[str, Kept]) -> dict[str, Kept]:
    """The events, after some were updated, the latest first: so they were created and updated in different orders."""
    touched = dict(events)
    for known, event in reversed([*events.items()]):
        if event.start >= EPOCH + FINE_START:
            end = event.end + SECOND
            api.ask("PATCH /events/{id}", known, body={"end": zulu(end)})
            now = api.ask("GET /events/{id}", known)
            if now.done and moment(now.body, "end") == end:
                touched[known] = replace(event, end=end)
    return touched


def _wanted() -> Iterator[tuple[int, int, int, Mapping[str, str]]]:
    """Device, start and end in nanoseconds since the epoch, and metadata of each event."""
    for device, start, end, metadata in EVENTS:
        yield device, EPOCH + start * SECOND, EPOCH + end * SECOND, metadata
    for shift in FINE:
        yield 3, EPOCH + FINE_START + shift, EPOCH + FINE_START + 10 * SECOND, {}


def _devices(guest: Guest) -> list[tuple[str, str]]:
    """Devices whose names are in another order than their ids."""
    devices = [_device(guest, word) for word in _DEVICES]
    if sorted(devices) == sorted(devices, key=lambda device: device[1]):
        devices[devices.index(min(devices))] = _device(guest, "zulu")
    return devices


def _device(guest: Guest, word: str) -> tuple[str, str]:
    name = f"{guest.prefix}-stock-{word}"
    return str(guest.make("POST /devices", {"name": name})["id"]), name


def _narrowed(stock: Stock) -> Stock:
    """The stock, with its range of time as the way to list it where there are many other events."""
    whole = stock.list()
    complete = len(whole.ids) == len(stock.events)
    if complete and whole.others <= ROOMY:
        return stock
    day = 24 * 3600 * SECOND
    narrowed = replace(stock, narrowing={"start": zulu(EPOCH - day), "end": zulu(EPOCH + day)})
    reply = narrowed.ask()
    if reply.done and len(narrowed.of(reply).ids) == len(stock.events):
        return narrowed
    if complete:
        return stock
    if len(whole.ids) + whole.others < WHOLE:
        raise whole.reply.violation(
            "Events that were created are not in the list",
            expected=sorted(stock.events),
            actual=sorted(set(whole.ids)),
            requirement="FOXGLOVE-EVENTS-301",
        )
    raise NotTested(f"the target has {WHOLE} events and more, and no list of them shows the suite's own")


def moment(body: Mapping[str, Any], member: str) -> int | None:
    """A time in an event, in nanoseconds since the epoch."""
    return nanoseconds(body.get(member))
