"""What the suite makes on the target for itself, under names of its own, and its removal whatever happens."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from os import environ
from typing import Any
from uuid import uuid4

from robowire_conformance.client import Answer, Client, Unreachable
from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import JSON_BODY, OCTETS, Api, Made, Reply, read
from robowire_conformance.foxglove.tidying import remove_recordings
from robowire_conformance.foxglove.uploads import Uploads
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import Leftover, NotTested, Violation

OK = 200
NOT_FOUND = 404
MOST_LEFT = 10
"""How many custom properties of a kind the suite leaves in all its runs on a server that cannot delete them."""

PROPERTY = "DELETE /custom-properties/{id}"
DEVICE = "DELETE /devices/{nameOrId}"
GONE = frozenset({404, 410})
"""Answers to a deletion of a thing that was not there any more."""

ORDER = (
    "DELETE /site-tokens/{id}",
    "DELETE /device-tokens/{id}",
    "DELETE /events/{id}",
    "DELETE /extensions/{id}",
    "DELETE /sites/{id}",
    "DELETE /devices/{nameOrId}",
    "DELETE /custom-properties/{id}",
)
"""What depends on another thing is removed before it."""

LASTING = frozenset({"DELETE /custom-properties/{id}", "DELETE /device-tokens/{id}", "DELETE /site-tokens/{id}"})
"""What the reference gives no way to remove: a server that cannot is not at fault, and nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Makes things on the target; each method gives the answer's body, as documented or else a Violation.

    Names begin with `robowire-`, the run's seed and a tag that no two runs share.
    """

    api: Api
    prefix: str
    uploads: Uploads
    _numbers: "count[int]" = field(default_factory=count, repr=False)
    _found: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def at(cls, target: Target, api: Api) -> "Guest":
        """A guest of a target.

        Raises:
            NotTested: The profile forbids to create anything.
        """
        target.allow(Profile.ADDITIVE)
        return cls(api, f"robowire-{target.seed}-{uuid4().hex[:6]}", Uploads.at(target, api))

    def name(self, hint: str = "x") -> str:
        """A name that nothing else has."""
        return f"{self.prefix}-{next(self._numbers)}-{hint}"

    def device(self, hint: str = "device", *, properties: Mapping[str, JSON] | None = None) -> dict[str, Any]:
        """A new device."""
        body: dict[str, JSON] = {"name": self.name(hint)}
        if properties is not None:
            body["properties"] = dict(properties)
        return self.make("POST /devices", body)

    def event(
        self,
        device_id: str,
        start: str = "2026-01-02T03:04:05Z",
        end: str = "2026-01-02T03:04:06Z",
        metadata: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """A new event of a device."""
        body = {"deviceId": device_id, "start": start, "end": end, "metadata": dict(metadata or {})}
        return self.make("POST /events", body)

    def device_token(self, device_id: str) -> dict[str, Any]:
        """A new device token."""
        return self.make("POST /device-tokens", {"deviceId": device_id})

    def site(self, hint: str = "site", **members: JSON) -> dict[str, Any]:
        """A new edge site."""
        return self.make("POST /sites", {"name": self.name(hint), "type": "edge", **members})

    def site_token(self, site_id: str) -> dict[str, Any]:
        """A new site token."""
        return self.make("POST /site-tokens", {"siteId": site_id})

    def property_(self, hint: str, value_type: str, values: Sequence[str] = ()) -> dict[str, Any]:
        """The custom property `robowire_HINT`, found as a run before this one left it, or made now.

        Custom properties stay where a server gives no way to delete them, which the reference does not have, so their
        keys are few and the same in all runs.

        Raises:
            NotTested: The key is taken by a property of another type.
        """
        key = property_key(hint)
        if key not in self._taken():
            return self._create(key, value_type, {"values": [*values]} if values else {})
        found = self._taken()[key]
        if found.get("valueType") != value_type or not set(values) <= set(found.get("values") or ()):
            raise NotTested(f"the target has a custom property {key} that is not of the suite's making")
        return found

    def free_key(self, hint: str) -> str:
        """A key `robowire_HINT`, with a number where need be, that no custom property has now.

        Raises:
            NotTested: Runs before this one left too many properties, and the server gives no way to delete them.
        """
        for number in range(1, MOST_LEFT):
            key = property_key(hint, number)
            if key not in self._taken() or self._delete(key):
                return key
        raise NotTested(f"earlier runs left custom properties like {property_key(hint)}, and they cannot be deleted")

    def new_property(self, hint: str, value_type: str = "string", **members: JSON) -> dict[str, Any]:
        """A new custom property, other than any before it.

        Raises:
            NotTested: As `free_key`.
        """
        return self._create(self.free_key(hint), value_type, members)

    def _create(self, key: str, value_type: str, members: Mapping[str, JSON]) -> dict[str, Any]:
        body = {"key": key, "label": key, "resourceType": "device", "valueType": value_type, **members}
        return self.make("POST /custom-properties", body)

    def _delete(self, key: str) -> bool:
        """Delete a custom property, if the server gives a way to; it is asked for it once."""
        if self._found.get("") is None:
            reply = self.api.ask(PROPERTY, str(self._taken()[key].get("id")))
            if not gone(reply.status) or reply.status == NOT_FOUND:
                self._found[""] = {}  # no key is empty: it stands for the way that there is not
                return False
            self._found.pop(key, None)
            return True
        return False

    def _taken(self) -> dict[str, dict[str, Any]]:
        """The custom properties by their keys: those that were there, and those that have been made since."""
        if not self._found:
            listed = self.api.get("/custom-properties", resourceType="device")
            self._found.update({str(one.get("key")): one for one in listed})
        made = (one for one in self.api.ledger.made if one.removal == PROPERTY and isinstance(one.sent, dict))
        return {**self._found, **{str(one.sent.get("key")): {**one.sent, **one.body} for one in made}}

    def extension(self, content: bytes) -> dict[str, Any]:
        """A newly published extension, of a package's bytes."""
        reply = self.api.ask("POST /extension-upload", content=content, headers=OCTETS)
        return _identified(reply)

    def make(self, name: str, body: JSON) -> dict[str, Any]:
        """Create something by its operation; members that the answer lacks are those of the body."""
        made = _identified(self.api.ask(name, body=body))
        return {**body, **made} if isinstance(body, dict) else made


def _identified(reply: Reply) -> dict[str, Any]:
    """What was created, which has an id."""
    made = reply.require_done()
    if not isinstance(made.get("id"), str) or not made["id"]:
        raise reply.violation("What was created has no id", expected="an id", actual=made, requirement=reply.call.works)
    return dict(made)


def property_key(hint: str, number: int = 1) -> str:
    """The key of a custom property of the suite's own, of 32 characters at most: each process of a run has its own."""
    end = environ.get("PYTEST_XDIST_WORKER", "") + (f"_{number}" if number > 1 else "")
    return f"robowire_{hint}"[: 32 - len(end)] + end


def tidy(api: Api) -> None:
    """Remove all that the ledger knows.

    Raises:
        Leftover: Something that has a documented way to be removed could not be.
    """
    api.client.take_heart()
    recordings = remove_recordings(api)
    _find_uncertain(api)
    made = sorted(api.ledger.made, key=lambda one: ORDER.index(one.removal))
    left = [one for one in made if not _remove(api.client, one)]
    for one in [one for one in _still_listed(api, made) if one not in left]:
        _remove(api.client, one)  # the first time may have reached a device that had its id for a name
    left += [one for one in _still_listed(api, made) if one not in left]
    names = [f"recordings {one}" for one in recordings] + [f"{one.removal.split('/')[1]} {one.id}" for one in left]
    if names:
        text = f"{len(names)} things that the suite created could not be removed: {', '.join(names[:5])}"
        raise Leftover(text)


def _still_listed(api: Api, made: Sequence[Made]) -> Iterator[Made]:
    """Devices and sites that are in the lists although their deletion was answered well."""
    for removal, name in ((DEVICE, "GET /devices"), ("DELETE /sites/{id}", "GET /sites")):
        own = {one.id: one for one in made if one.removal == removal}
        try:
            body = api.ask(name).body if own else None
        except (Unreachable, NotTested, Violation):
            continue
        for one in body if isinstance(body, list) else ():
            if isinstance(one, dict) and isinstance(one.get("id"), str) and one["id"] in own:
                yield own[one["id"]]


def _remove(client: Client, made: Made) -> bool:
    """Remove a thing, and say whether there is no more to be done about it."""
    method, _, path = made.removal.partition(" ")
    address = f"{path.partition('{')[0]}{made.id}"
    try:
        answer = client.request(method, address)
        if answer.status == OK and made.removal == DEVICE and _other(answer, made.id):
            answer = client.request(method, address)  # the first reached a device whose name is this one's id
        if not gone(answer.status) and made.removal == "DELETE /device-tokens/{id}":
            client.request("PATCH", f"/device-tokens/{made.id}", headers=JSON_BODY, content=b'{"enabled":false}')
    except (Unreachable, NotTested, Violation):
        return made.removal in LASTING
    return gone(answer.status) or made.removal in LASTING


def gone(status: int) -> bool:
    """Whether a status of a deletion tells that the thing is no longer there."""
    return 200 <= status < 300 or status in GONE


def _other(answer: Answer, device_id: str) -> bool:
    """Whether an answer to a deletion names another device."""
    body = read(answer)
    return isinstance(body, dict) and body.get("id") not in {None, device_id}


def _find_uncertain(api: Api) -> None:
    """Look by name for what creations may have made whose answers did not tell an id."""
    for removal, sent in api.ledger.uncertain:
        name = sent.get("name") if isinstance(sent, dict) else None
        collection = removal.partition(" ")[2].partition("/{")[0]
        if not isinstance(name, str) or collection not in {"/devices", "/sites"}:
            continue
        try:
            body = api.ask(f"GET {collection}").body
        except (Unreachable, NotTested, Violation):
            continue
        for one in body if isinstance(body, list) else ():
            if isinstance(one, dict) and one.get("name") == name and isinstance(one.get("id"), str):
                api.ledger.made.append(Made(removal, one["id"], sent, one))
