"""Whether a change was answered, made and kept: what the answer says, and what is read afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply

Look = Mapping[str, Any]
"""The members of a thing that a check looks at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was asked for: its answer, and the thing as it is read afterwards.

    `was_read` tells that it was read before as well, so that it is the change that makes it unreadable.
    """

    reply: Reply
    read: Reply
    was_read: bool = False

    def require(self, due: Look, *, effect: str, message: str, kept: str = "") -> None:
        """Make sure that both show what is due.

        An answer that does not show what is read is the operation's fault; a thing that is not read as it was
        answered belongs to `kept`, or else to `effect`; where both agree on something else, it is `effect` that
        fails.

        Raises:
            Violation: They do not.
        """
        answered = part(self.reply.require_done(), due)
        if self.read.status in {404, 410} and self.was_read:
            raise self.read.violation("The thing is gone after a change", expected=due, requirement=effect)
        found = part(self.read.require_done(), due)
        if found == due and answered == due:
            return
        if found == due:
            raise self.reply.violation(
                "The answer is not the thing as it is then",
                expected=due,
                actual=answered,
                requirement=self.reply.call.works,
            )
        requirement = kept if kept and answered == due else effect
        raise self.read.violation(message, expected=due, actual=found, requirement=requirement)


def properties_of(body: JSON) -> dict[str, Any]:
    """The properties of an answered device; what is no object counts as none, and null as not there."""
    found = body.get("properties") if isinstance(body, dict) else None
    return {key: value for key, value in found.items() if value is not None} if isinstance(found, dict) else {}


def unlike(one: JSON, other: JSON, members: Iterable[str]) -> list[str]:
    """The members in which two answers differ; one that an answer lacks is its form's affair, not told here."""
    return [name for name in members if name in one and name in other and one[name] != other[name]]


def part(body: JSON, due: Look) -> Look:
    """What a body says about the members that are looked at; properties that are null count as not there."""
    if not isinstance(body, dict):
        return {}
    return {name: _without_null(body.get(name), due[name]) for name in due}


def _without_null(value: JSON, due: JSON) -> JSON:
    if not isinstance(due, dict):
        return value
    # What is no object has nothing; that it should be one is its form's affair.
    members = value if isinstance(value, dict) else {}
    return {key: member for key, member in members.items() if member is not None}
