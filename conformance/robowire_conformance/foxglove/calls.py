"""A valid call of each operation, for checks of who may make it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from robowire_generators.foxe import FoxeRecipe, make_foxe

from robowire_conformance.foxglove.asking import NOTHING, OCTETS, Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.imported import import_id
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.samples import small
from robowire_conformance.foxglove.uploads import Uploaded
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation


@dataclass(frozen=True, slots=True)
class Ready:
    """A call that succeeds with a key that is allowed to; one that creates or deletes succeeds once."""

    name: str
    ids: tuple[str, ...] = ()
    body: Any = NOTHING
    content: bytes | None = None
    params: Mapping[str, str] | None = None

    def send(self, api: Api) -> Reply:
        """Make the call with the key of `api`."""
        headers = OCTETS if self.content is not None else None
        return api.ask(self.name, *self.ids, params=self.params, body=self.body, content=self.content, headers=headers)


@dataclass(frozen=True, slots=True)
class Calls:
    """Prepares calls; without a guest, only those that read lists.

    `books` gives the recordings of the suite's own, which are uploaded when a call takes one.
    """

    target: Target
    guest: Guest | None
    books: Callable[[], Library]
    _shared: dict[str, Any] = field(default_factory=dict, repr=False)

    def prepare(self, name: str) -> Ready:
        """A call that nobody has made yet.

        Raises:
            NotTested: It takes something that may not be made here.
        """
        if name in LISTS:
            return Ready(name, params=LISTS[name])
        if self.guest is None:
            raise NotTested("it takes something of the suite's own: run with --profile additive")
        return PREPARE[name](self)

    def all(self) -> Iterator[Ready]:
        """A call of each operation that can be prepared; those that take recordings only where there are some."""
        for name in (*LISTS, *PREPARE) if self.guest is not None else LISTS:
            try:
                ready = self.prepare(name)
            except (NotTested, Violation):
                if name not in OF_RECORDINGS:
                    raise
            else:
                yield ready

    def attachment(self) -> str:
        """The id of an attachment of a recording of the suite's own.

        Raises:
            NotTested: None is listed.
        """
        recording = self.books()["chunked"].id
        listed = self.own().api.get("/recording-attachments", recordingId=recording)
        if not listed:
            raise NotTested("no attachment is listed (see FOXGLOVE-ATTACHMENTS-301)")
        return str(listed[0].get("id"))

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

    def recording(self) -> Uploaded:
        """A recording that is still there: the one of the last call, if that did not take it away."""
        kept = self._shared.get("recording")
        if kept is None or not self._usable(kept.id):
            guest = self.own()
            name = guest.name("called.mcap")
            kept = guest.uploads.upload(name, small(name).mcap(), deviceId=self.device())
            self._shared["recording"] = kept
        found: Uploaded = kept
        return found

    def _usable(self, known: str) -> bool:
        """Whether a recording is there with its data: without them it may stay when its import is deleted."""
        reply = self.own().api.ask("GET /recordings/{keyOrId}", known)
        body: Any = reply.body
        return reply.done and body.get("importStatus") == "complete"

    def foxe(self) -> bytes:
        """The package of an extension that is not published yet."""
        return make_foxe(FoxeRecipe(name=self.own().name("called"), publisher="robowire"))


def _import(calls: Calls) -> str:
    return import_id(calls.own().api, calls.recording())


MOMENT = "2026-01-02T03:04:05Z"
LATER = "2026-01-02T04:04:05Z"
LISTS: Mapping[str, Mapping[str, str] | None] = {
    "GET /custom-properties": None,
    "GET /device-tokens": None,
    "GET /devices": None,
    "GET /events": None,
    "GET /site-tokens": None,
    "GET /sites": None,
    "GET /extensions": None,
    "GET /layouts": None,
    "GET /data/coverage": {"start": MOMENT, "end": LATER},
    "GET /recording-attachments": None,
    "GET /recordings": None,
    "GET /data/imports": None,
    "GET /data/pending-imports": None,
}
"""The operations that read lists, with the parameters that they have to be given."""

OF_RECORDINGS = frozenset(
    {
        "GET /data/topics",
        "POST /data/stream",
        "GET /recording-attachments/{id}",
        "GET /recording-attachments/{id}/download",
        "GET /lake-files",
        "GET /recordings/{keyOrId}",
        "DELETE /recordings/{keyOrId}",
        "POST /recordings/{keyOrId}/import",
        "DELETE /data/imports/{importId}",
        "DELETE /data/imports",
    }
)
"""The operations that take a recording, or a site of its own, which not every target has."""


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


def _lake_files(calls: Calls) -> Ready:
    params = {"siteId": str(calls.target.need("self_hosted_site_id")), "deviceId": calls.device()}
    return Ready("GET /lake-files", params={**params, "start": MOMENT, "end": LATER})


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
    "GET /data/topics": lambda calls: Ready("GET /data/topics", params={"recordingId": calls.books()["plain"].id}),
    "POST /data/stream": lambda calls: Ready("POST /data/stream", body={"recordingId": calls.books()["plain"].id}),
    "GET /recording-attachments/{id}": lambda calls: Ready("GET /recording-attachments/{id}", (calls.attachment(),)),
    "GET /recording-attachments/{id}/download": lambda calls: Ready(
        "GET /recording-attachments/{id}/download", (calls.attachment(),)
    ),
    "GET /lake-files": _lake_files,
    "POST /extension-upload": lambda calls: Ready("POST /extension-upload", content=calls.foxe()),
    "DELETE /extensions/{id}": lambda calls: Ready("DELETE /extensions/{id}", (_publish(calls),)),
    "POST /data/upload": lambda calls: Ready(
        "POST /data/upload",
        body={
            "filename": calls.own().name("called.mcap"),
            "deviceId": calls.device(),
            "key": calls.own().name("called-key"),  # a device is enough, which is a requirement of its own
        },
    ),
    "GET /recordings/{keyOrId}": lambda calls: Ready("GET /recordings/{keyOrId}", (calls.recording().id,)),
    "DELETE /recordings/{keyOrId}": lambda calls: Ready("DELETE /recordings/{keyOrId}", (calls.recording().id,)),
    "POST /recordings/{keyOrId}/import": lambda calls: Ready(
        "POST /recordings/{keyOrId}/import", (calls.recording().id,)
    ),
    "DELETE /data/imports/{importId}": lambda calls: Ready("DELETE /data/imports/{importId}", (_import(calls),)),
    "DELETE /data/imports": lambda calls: Ready("DELETE /data/imports", params={"id": _import(calls)}),
}
"""How to prepare a call of each of the other operations."""
