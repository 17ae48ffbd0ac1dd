"""A valid call of each operation, for checks of who may make it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from robowire_generators.foxe import FoxeRecipe, make_foxe

from robowire_conformance.foxglove.asking import NOTHING, OCTETS, Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.verdict import NotTested


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that succeeds with a key that is allowed to; one that creates or deletes succeeds once."""

    name: str
    ids: tuple[str, ...] = ()
    body: Any = NOTHING
    content: bytes | None = None

    def send(self, api: Api) -> Reply:
        """Make the call with the key of `api`."""
        headers = OCTETS if self.content is not None else None
        return api.ask(self.name, *self.ids, body=self.body, content=self.content, headers=headers)


@dataclass(frozen=True, slots=True)
class Calls:
    """Prepares calls; without a guest, only those that read lists."""

    guest: Guest | None
    _shared: dict[str, Any] = field(default_factory=dict, repr=False)

    def prepare(self, name: str) -> Ready:
        """A call that nobody has made yet.

        Raises:
            NotTested: It takes something that may not be made here.
        """
        if name in LISTS:
            return Ready(name)
        if self.guest is None:
            raise NotTested("it takes something of the suite's own: run with --profile additive")
        return PREPARE[name](self)

    def all(self) -> Iterator[Ready]:
        """A call of each operation that can be prepared."""
        names = (*LISTS, *PREPARE) if self.guest is not None else LISTS
        for name in names:
            yield self.prepare(name)

    def own(self) -> Guest:
        """The guest, in calls that need one."""
        if self.guest is None:
            raise NotTested("it takes something of the suite's own: run with --profile additive")
        return self.guest

    def shared(self, kind: str, make: Callable[[Guest], Mapping[str, Any]]) -> str:
        """The id of a thing that several calls may use, since none of them takes it away."""
        if kind not in self._shared:
            self._shared[kind] = make(self.own())["id"]
        return str(self._shared[kind])

    def device(self) -> str:
        """A device's id."""
        return self.shared("device", lambda guest: guest.device("called"))

    def site(self) -> str:
        """A site's id."""
        return self.shared("site", lambda guest: guest.site("called"))

    def foxe(self) -> bytes:
        """The package of an extension that is not published yet."""
        return make_foxe(FoxeRecipe(name=self.own().name("called"), publisher="robowire"))


LISTS = (
    "GET /custom-properties",
    "GET /device-tokens",
    "GET /devices",
    "GET /events",
    "GET /site-tokens",
    "GET /sites",
    "GET /extensions",
    "GET /layouts",
)


def _new_property(calls: Calls) -> Ready:
    key = calls.own().free_key("called")
    body = {"key": key, "label": "called", "resourceType": "device", "valueType": "string"}
    return Ready("POST /custom-properties", body=body)


def _publish(calls: Calls) -> str:
    return str(calls.own().extension(calls.foxe())["id"])


def _event(calls: Calls) -> str:
    return calls.shared("event", lambda guest: guest.event(calls.device()))


def _token(calls: Calls) -> str:
    return calls.shared("token", lambda guest: guest.device_token(calls.device()))


def _property(calls: Calls) -> str:
    return calls.shared("property", lambda guest: guest.property_("text", "string"))


MOMENT = "2026-01-02T03:04:05Z"
PREPARE: Mapping[str, Callable[[Calls], Ready]] = {
    "POST /custom-properties": _new_property,
    "GET /custom-properties/{id}": lambda calls: Ready("GET /custom-properties/{id}", (_property(calls),)),
    "PATCH /custom-properties/{id}": lambda calls: Ready(
        "PATCH /custom-properties/{id}", (_property(calls),), {"label": "called"}
    ),
    "POST /device-tokens": lambda calls: Ready("POST /device-tokens", body={"deviceId": calls.device()}),
    "GET /device-tokens/{id}": lambda calls: Ready("GET /device-tokens/{id}", (_token(calls),)),
    "PATCH /device-tokens/{id}": lambda calls: Ready("PATCH /device-tokens/{id}", (_token(calls),), {"enabled": True}),
    "POST /devices": lambda calls: Ready("POST /devices", body={"name": calls.own().name("called")}),
    "GET /devices/{nameOrId}": lambda calls: Ready("GET /devices/{nameOrId}", (calls.device(),)),
    "DELETE /devices/{nameOrId}": lambda calls: Ready(
        "DELETE /devices/{nameOrId}", (str(calls.own().device("spare")["id"]),)
    ),
    "PATCH /devices/{nameOrId}": lambda calls: Ready(
        "PATCH /devices/{nameOrId}", (calls.device(),), {"properties": {}}
    ),
    "POST /events": lambda calls: Ready(
        "POST /events", body={"deviceId": calls.device(), "start": MOMENT, "end": MOMENT, "metadata": {}}
    ),
    "GET /events/{id}": lambda calls: Ready("GET /events/{id}", (_event(calls),)),
    "DELETE /events/{id}": lambda calls: Ready("DELETE /events/{id}", (str(calls.own().event(calls.device())["id"]),)),
    "PATCH /events/{id}": lambda calls: Ready("PATCH /events/{id}", (_event(calls),), {"metadata": {"called": "yes"}}),
    "POST /site-tokens": lambda calls: Ready("POST /site-tokens", body={"siteId": calls.site()}),
    "POST /sites": lambda calls: Ready("POST /sites", body={"name": calls.own().name("called"), "type": "edge"}),
    "GET /sites/{id}": lambda calls: Ready("GET /sites/{id}", (calls.site(),)),
    "PATCH /sites/{id}": lambda calls: Ready(
        "PATCH /sites/{id}", (calls.site(),), {"name": calls.own().name("called")}
    ),
    "DELETE /sites/{id}": lambda calls: Ready("DELETE /sites/{id}", (str(calls.own().site("spare")["id"]),)),
    "POST /extension-upload": lambda calls: Ready("POST /extension-upload", content=calls.foxe()),
    "DELETE /extensions/{id}": lambda calls: Ready("DELETE /extensions/{id}", (_publish(calls),)),
}
"""How to prepare a call of each of the other operations."""
