"""Reaching one device by a text that is its id, its name, or both a name and another one's id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import NOTHING, Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.verdict import NotTested

OPERATIONS: Mapping[str, str] = {
    "read": "GET /devices/{nameOrId}",
    "delete": "DELETE /devices/{nameOrId}",
    "update": "PATCH /devices/{nameOrId}",
}
"""The operations of one device, by what they do."""

BY_ID, BY_NAME, BY_CODE, BY_CLASH = range(4)
REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "read": tuple(f"FOXGLOVE-DEVICES-{number}" for number in range(301, 305)),
    "delete": tuple(f"FOXGLOVE-DEVICES-{number}" for number in range(305, 309)),
    "update": tuple(f"FOXGLOVE-DEVICES-{number}" for number in range(309, 313)),
}
"""For each operation: by id, by name, by percent-encoded name, and by a name that is another's id."""


@dataclass(frozen=True, slots=True)
class Reach:
    """One operation of one device, and how to tell whom it reached."""

    api: Api
    guest: Guest
    verb: str

    def send(self, text: str, *, encoded: bool = False) -> Reply:
        """Call the operation with a text in the path."""
        body: Any = {"properties": {}} if self.verb == "update" else NOTHING
        return self.api.ask(OPERATIONS[self.verb], text, body=body, encoded=encoded)

    def require(self, text: str, device_id: str, requirement: str, *, encoded: bool = False) -> None:
        """Make sure that a text reaches a device: its id is in the answer.

        Raises:
            Violation: Another one is reached, or none.
        """
        reply = self.send(text, encoded=encoded)
        reached = reply.body.get("id") if isinstance(reply.body, dict) else None
        reply.require_form()
        if reply.done and reached is None and self.verb != "delete":
            raise NotTested("the answer does not say which device it is (see FOXGLOVE-DEVICES-201)")
        if reached != device_id and self.verb == "delete" and not self.api.ask(OPERATIONS["read"], device_id).done:
            if reached is None:
                return  # an answer without an id is its form's affair
            text = "The right device is deleted, and another id answered"
            raise reply.violation(text, expected=device_id, actual=reached, requirement=reply.call.works)
        if reached != device_id:
            raise reply.violation(
                f"{reply.call.name} with {text} does not reach the device that it means",
                expected={"id": device_id},
                actual={"status": reply.status, "id": reached},
                requirement=requirement,
            )

    def by_id(self) -> None:
        """By the id; nobody else is touched.

        Raises:
            Violation: Another device is reached, or one more.
        """
        before, device, after = (self.guest.device("id") for _ in range(3))
        self.require(device["id"], device["id"], REQUIREMENTS[self.verb][BY_ID])
        for one in (before, after) if self.verb == "delete" else ():
            reply = self.api.ask(OPERATIONS["read"], one["id"])
            if reply.status == 404:
                text = "Another device is deleted as well"
                raise reply.violation(text, expected=one, requirement=REQUIREMENTS[self.verb][BY_ID])

    def by_name(self) -> None:
        """By the name."""
        device = self.guest.device("name")
        self.require(device["name"], device["id"], REQUIREMENTS[self.verb][BY_NAME])

    def by_code(self) -> None:
        """By the name with some characters percent-encoded, which means the same text."""
        self.by_name()
        device = self.guest.device("code")
        text = "".join(f"%{ord(sign):02X}" if sign in "-.ceo" else sign for sign in device["name"])
        self.require(text, device["id"], REQUIREMENTS[self.verb][BY_CODE], encoded=True)

    def by_clash(self) -> None:
        """By the name of one device, which is the id of another one.

        Raises:
            NotTested: An id cannot be a name here.
        """
        self.by_name()
        other = self.guest.device("clash")
        named = self.api.ask("POST /devices", body={"name": other["id"]})
        if not named.done:
            raise NotTested("ids of devices cannot be names of devices here")
        body: Any = named.body
        self.require(other["id"], body["id"], REQUIREMENTS[self.verb][BY_CLASH])


WAYS: tuple[Callable[[Reach], None], ...] = (Reach.by_id, Reach.by_name, Reach.by_code, Reach.by_clash)
"""How to reach a device, in the order of the requirements."""
