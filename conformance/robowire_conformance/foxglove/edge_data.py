"""What there is of an edge recording's data: before it is imported, when it is, and after that was deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.coverage_edge import Edge
from robowire_conformance.foxglove.removal import attachments_of, streamed
from robowire_conformance.verdict import NotTested


@dataclass(frozen=True, slots=True)
class EdgeData:
    """Whether there are messages and coverage of imported data of a recording, and how many attachments.

    `attached` counts those in a stream of it, `listed` those that the list of attachments has.
    """

    messages: bool
    covered: bool
    attached: int
    listed: int

    @property
    def there(self) -> Mapping[str, bool]:
        """What of it there is."""
        return {
            "messages": self.messages,
            "coverage": self.covered,
            "attachments": self.listed > 0,
        }


def edge_data(api: Api, body: Mapping[str, Any]) -> EdgeData:
    """What there is of the recording that was read as `body`."""
    known = str(body["id"])
    contents = streamed(api, {"recordingId": known, "includeAttachments": True})
    if contents is None or not contents.messages:
        contents = streamed(api, {"recordingId": known})
    return EdgeData(
        messages=contents is not None and bool(contents.messages),
        covered=_covered(api, body),
        attached=0 if contents is None else len(contents.attachments),
        listed=len(attachments_of(api, known)),
    )


def _covered(api: Api, body: Mapping[str, Any]) -> bool:
    try:
        reply = Edge(api, body).coverage(recordingId=str(body["id"]))
    except NotTested:
        return False  # it tells no times
    return reply.done and any(one.get("status") == "imported" for one in reply.body)
