"""Deviations of the deletion of recordings (page "Recordings")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording
    from robowire_mocks.foxglove.state import State

PAGE = "RECORDINGS"

_SEEN: WeakKeyDictionary[State, dict[str, Any]] = WeakKeyDictionary()


def _remembered(operation: str, member: str) -> Wrapper:
    """A wrapper of `answer`: a list has the items that it had of recordings that were deleted since."""

    def wrapper(honest: Wrapper, call: Call, body: Any) -> Any:
        seen = _SEEN.setdefault(call.state, {})
        gone = [one for one in seen.values() if one[member] not in call.state.recordings]
        seen.update({one["id"]: one for one in body})
        narrow = set(call.query) - {"limit", "offset"}
        more = [
            one for one in gone if narrow <= {"recordingId"} and call.query.get("recordingId") in {None, one[member]}
        ]
        return honest(call, [*body, *more])

    return only(operation, wrapper)


add(
    f"{PAGE}-332",
    "deleted-recording-listed",
    "answer",
    "A deleted recording is still listed, if it was before.",
    _remembered("list_recordings", "id"),
)
add(
    f"{PAGE}-334",
    "deleted-recording-attachments-listed",
    "answer",
    "The attachments of a deleted recording are still listed, if they were before.",
    _remembered("list_attachments", "recordingId"),
)


def _covered(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> list[Recording]:
    """Coverage tells of recordings that it told of before."""
    rows: list[Recording] = honest(call, given)
    seen = _SEEN.setdefault(call.state, {})
    gone = [one for one in seen.values() if one.id not in call.state.recordings]
    seen.update({one.id: one for one in rows})
    return [*rows, *(one for one in gone if one.device_id and given.get("deviceId") == one.device_id)]


add(
    f"{PAGE}-333",
    "deleted-recording-covered",
    "recordings_of",
    "Coverage still tells of a deleted recording, if it did before.",
    only("list_coverage", _covered),
)


def _edge_goes(honest: Wrapper, call: Call, recording: Recording) -> None:
    honest(call, replace(recording, edge_site_id=None))


add(
    f"{PAGE}-335",
    "delete-recording-edge-copy",
    "recording_deleted",
    "With a recording, its copy at the edge site is deleted.",
    _edge_goes,
)


def _edge_kept(honest: Wrapper, call: Call, recording: Recording) -> None:
    """The data stay, though the status tells that they do not."""
    if recording.edge_site_id is None:
        honest(call, recording)


add(
    f"{PAGE}-336",
    "delete-recording-edge-data-stay",
    "recording_deleted",
    "The deletion of a recording that is at an edge site leaves its data imported.",
    _edge_kept,
)
