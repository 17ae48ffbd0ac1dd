"""A model of an organisation: plain tables that a server has to agree with, in whatever order things happen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.gathering import Judgement


@dataclass(slots=True)
class Event:
    """An event: its device, its time, and its metadata."""

    device: str
    start: str
    end: str
    metadata: dict[str, str]


@dataclass(slots=True)
class Model:
    """What there should be on the server, and the steps that led there."""

    api: Api
    guest: Guest
    keys: Mapping[str, str]
    judgement: Judgement
    names: dict[str, str] = field(default_factory=dict)
    properties: dict[str, dict[str, JSON]] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    tokens: dict[str, tuple[str, bool]] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    site_tokens: dict[str, str] = field(default_factory=dict)
    history: list[str] = field(default_factory=list)

    def agree(self, requirement: str, reply: Reply, found: JSON, due: JSON, message: str) -> None:
        """Note that the server agrees.

        Raises:
            Violation: It does not.
        """
        if found != due:
            text = f"{message}, after {len(self.history)} steps: {', '.join(self.history[-8:])}"
            raise reply.violation(text, expected=due, actual=found, requirement=requirement)
        self.judgement.saw(requirement)


def pick(table: Mapping[str, Any], which: int) -> str:
    """A key of a table, by a number that may be too large."""
    return [*table][which % len(table)]
