"""Deviations of the deletion of recordings (page "Recordings")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove import references
from robowire_mocks.foxglove.coverage_ranges import groups

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.coverage_ranges import Group
    from robowire_mocks.foxglove.rows import Recording
    from robowire_mocks.foxglove.state import State

PAGE = "RECORDINGS"

_NARROW = {
    *("start", "end", "path", "site.id", "edgeSite.id", "topic", "deviceId", "deviceName", "device.id", "device.name"),
    *("sortBy", "sortOrder", "siteId"),
}
_SEEN: WeakKeyDictionary[State, dict[str, Any]] = WeakKeyDictionary()


def _remembered(operation: str, member: str, meets: Callable[[Call, Mapping[str, Any]], bool]) -> Wrapper:
    """A wrapper of `answer`: a list has the items that it had of recordings that were deleted since."""

    def wrapper(honest: Wrapper, call: Call, body: Any) -> Any:
        seen = _SEEN.setdefault(call.state, {}).setdefault(operation, {})
        if call.operation.name == "delete_recording":
            gone = [one for one in seen.get("items", {}).values() if one[member] == body["recordingId"]]
            seen.setdefault("gone", []).extend(gone)
        elif call.operation.name == operation:
            seen.setdefault("items", {}).update({one["id"]: one for one in body})
            body = [*body, *(one for one in seen.get("gone", ()) if meets(call, one))]
        return honest(call, body)

    return wrapper


def _as_status(call: Call, one: Mapping[str, Any]) -> bool:
    """Whether a list has nothing to choose recordings by, or their status."""
    return not set(call.query) & _NARROW and call.query.get("importStatus") in {None, one["importStatus"]}


def _of_recording(call: Call, one: Mapping[str, Any]) -> bool:
    """Whether a list is of an attachment's recording, or of whatever there is."""
    return not set(call.query) & _NARROW and call.query.get("recordingId") in {None, one["recordingId"]}


add(
    f"{PAGE}-332",
    "deleted-recording-listed",
    "answer",
    "A deleted recording is still listed, if it was before.",
    _remembered("list_recordings", "id", _as_status),
)
add(
    f"{PAGE}-334",
    "deleted-recording-attachments-listed",
    "answer",
    "The attachments of a deleted recording are still listed, if they were before.",
    _remembered("list_attachments", "recordingId", _of_recording),
)


def _covered(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Group]:
    """Coverage of a device tells of recordings that it had when coverage was asked for before."""
    seen = _SEEN.setdefault(call.state, {}).setdefault("covered", {})
    gone = [one for one in seen.values() if one.id not in call.state.recordings]
    seen.update({one.id: one for one in call.state.recordings if one.complete})
    device = call.steps.reference(call, asked) if references.said(asked) else None
    return [*honest(call, asked), *groups([one for one in gone if device and one.device_id == device.id])]


add(
    f"{PAGE}-333",
    "deleted-recording-covered",
    "coverage_groups",
    "The coverage of a device still tells of a deleted recording, if it did before.",
    _covered,
)


def _in_lake(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    """The lake lists a device's recordings that were there when it was asked before."""
    found: list[Recording] = honest(call, asked)
    seen = _SEEN.setdefault(call.state, {}).setdefault("lake", {})
    gone = [one for one in seen.values() if one.id not in call.state.recordings]
    seen.update({one.id: one for one in found})
    device = call.steps.reference(call, asked) if references.said(asked) else None
    return [*found, *(one for one in gone if device and one.device_id == device.id)]


add(
    f"{PAGE}-333",
    "deleted-recording-in-lake",
    "lake_recordings",
    "The lake still has the files of a deleted recording of a device, if it had them before.",
    _in_lake,
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
