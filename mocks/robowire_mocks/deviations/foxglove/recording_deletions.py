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


def _remembered(
    operation: str, member: str, meets: Callable[[Call, Mapping[str, Any]], bool], *, edge: bool = False
) -> Wrapper:
    """A wrapper of `answer`: a list has the items that it had of recordings that were deleted since.

    With `edge`, of those alone that are still at an edge site, and else of the others.
    """

    def wrapper(honest: Wrapper, call: Call, body: Any) -> Any:
        seen = _SEEN.setdefault(call.state, {}).setdefault(operation, {})
        if call.operation.name == "delete_recording" and (body["recordingId"] in call.state.recordings) is edge:
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

add(
    f"{PAGE}-336",
    "deleted-edge-attachments-listed",
    "answer",
    "The attachments of a recording whose imported data are deleted are still listed, if they were before.",
    _remembered("list_attachments", "recordingId", _of_recording, edge=True),
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


def _topics_by_device(*, keyed: bool) -> Wrapper:
    """A wrapper of `topic_recordings`: a device keeps the topics of recordings with a key, or without, that it had."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
        seen = _SEEN.setdefault(call.state, {}).setdefault(f"topics {keyed}", {})
        gone = [one for one in seen.values() if one.id not in call.state.recordings]
        seen.update({one.id: one for one in call.state.recordings if one.complete and (one.key is not None) is keyed})
        device = call.steps.reference(call, asked) if references.said(asked) else None
        within = [one for one in gone if device and one.device_id == device.id and _overlaps(one, asked)]
        return [*honest(call, asked), *(replace(one, file_id=None) for one in within)]

    return wrapper


def _overlaps(one: Recording, asked: Mapping[str, Any]) -> bool:
    start, end = one.start or 0, one.end or 0
    return bool(start <= asked.get("end", start) and asked.get("start", end) <= end)


add(
    f"{PAGE}-333",
    "deleted-recording-in-lake",
    "lake_recordings",
    "The lake still has the files of a deleted recording of a device, if it had them before.",
    _in_lake,
)
add(
    f"{PAGE}-333",
    "deleted-recording-topics-by-device",
    "topic_recordings",
    "The topics of a device are still those of a deleted recording that had a key, if they were before.",
    _topics_by_device(keyed=True),
)
add(
    "IMPORTS-331",
    "deleted-import-topics-by-device",
    "topic_recordings",
    "The topics of a device are still those of a deleted import that had no key, if they were before.",
    _topics_by_device(keyed=False),
)


def _edge_covered(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Group]:
    """Coverage of a recording at an edge site tells of the imported data that it had when it was asked for before."""
    seen = _SEEN.setdefault(call.state, {}).setdefault("edge", {})
    now = call.state.recordings.get(asked.get("recordingId", ""))
    if now is not None and now.edge_site_id is not None and now.complete:
        seen[now.id] = now
    gone = [seen[now.id]] if now is not None and now.id in seen and not now.complete else []
    return [*honest(call, asked), *groups(gone)]


add(
    f"{PAGE}-336",
    "deleted-edge-recording-covered",
    "coverage_groups",
    "The coverage of an edge recording tells of its imported data after they are deleted, if it did before.",
    _edge_covered,
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


def _copy_goes(honest: Wrapper, call: Call, recording: Recording) -> None:
    honest(call, recording)
    left = call.state.recordings.get(recording.id)
    if left is not None and left.edge_site_id is not None:
        call.state.recordings.put(replace(left, edge_copy=False))


add(
    f"{PAGE}-335",
    "delete-recording-edge-file",
    "recording_deleted",
    "With a recording, the file at the edge site is deleted, though the recording is still given.",
    _copy_goes,
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
