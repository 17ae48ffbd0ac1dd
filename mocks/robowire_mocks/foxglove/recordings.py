"""Recordings: the contents of MCAP files and ROS bags (sections "List recordings" to "Import from edge").

Where the document is silent: an id goes before a key; a recording without messages shows the epoch as its start and
end, and no time range has it; edge recordings are imported to the first site that Foxglove hosts, or else the first
self-hosted one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_fixtures.foxglove import IMPORT_STATUSES, PRIMARY_SITE_TYPES

from robowire_mocks.foxglove import importing, paging, references
from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.importing import Arrival
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import Recording

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Site
    from robowire_mocks.foxglove.store import SortKey

Condition: TypeAlias = Callable[[Recording], bool]

_FILTERS = (
    *references.MEMBERS,
    Member("start", Kind.MOMENT),
    Member("end", Kind.MOMENT),
    Member("path"),
    Member("site.id"),
    Member("edgeSite.id"),
    Member("topic"),
    Member("importStatus", one_of=IMPORT_STATUSES),  # FOXGLOVE-RECORDINGS-126
)


def list_recordings(call: Call) -> list[dict[str, Any]]:
    """Those recordings that meet every filter."""
    # FOXGLOVE-RECORDINGS-001, FOXGLOVE-RECORDINGS-301
    keys = call.steps.recording_keys(call)
    page = call.steps.page(call, keys)
    conditions = call.steps.recording_conditions(call, call.steps.parameters(call, _FILTERS))
    rows = paging.listed(call, call.state.recordings, page, keys, all_of(conditions) if conditions else None)
    return [call.steps.recording(call, recording) for recording in rows]


def get_recording(call: Call) -> dict[str, Any]:
    """The recording that the path names."""
    # FOXGLOVE-RECORDINGS-002, FOXGLOVE-RECORDINGS-151, FOXGLOVE-RECORDINGS-152
    return call.steps.recording(call, call.steps.recording_at(call))


def delete_recording(call: Call) -> dict[str, Any]:
    """Remove the recording that the path names, with all its data; the copy at an edge site stays."""
    # FOXGLOVE-RECORDINGS-003, FOXGLOVE-RECORDINGS-153, FOXGLOVE-RECORDINGS-154
    recording = call.steps.recording_at(call)
    call.steps.recording_deleted(call, recording)
    return {"recordingId": recording.id}  # FOXGLOVE-RECORDINGS-217, FOXGLOVE-RECORDINGS-331


def import_recording(call: Call) -> dict[str, Any]:
    """Queue the recording that the path names for import, unless it is queued or imported already."""
    # FOXGLOVE-RECORDINGS-004, FOXGLOVE-RECORDINGS-155, FOXGLOVE-RECORDINGS-156
    recording = call.steps.import_asked(call, call.steps.recording_at(call))
    return {
        "id": recording.id,  # FOXGLOVE-RECORDINGS-218, FOXGLOVE-RECORDINGS-341
        # FOXGLOVE-RECORDINGS-219, FOXGLOVE-RECORDINGS-342, FOXGLOVE-RECORDINGS-343
        "importStatus": recording.import_status,
    }


def recording_at(call: Call) -> Recording:
    """The recording that the path names, by id or by key.

    Raises:
        NotFound: There is none.
    """
    text = call.path["keyOrId"]
    recording = call.state.recordings.get(text)
    if recording is None:
        keyed = call.state.recordings.where("key", text)
        if not keyed:
            # FOXGLOVE-RECORDINGS-005, FOXGLOVE-RECORDINGS-006, FOXGLOVE-RECORDINGS-346
            raise NotFound(f"there is no recording {text[:120]!r}")
        recording = keyed[0]
    return recording


def recording_deleted(call: Call, recording: Recording) -> None:
    """What is left of a recording that is deleted: nothing, or what its edge site has."""
    if recording.edge_site_id is None:
        # FOXGLOVE-RECORDINGS-332, FOXGLOVE-RECORDINGS-333, FOXGLOVE-RECORDINGS-334
        importing.forget(call.state, recording)
    else:
        call.state.recordings.put(at_edge_only(recording))


def at_edge_only(recording: Recording) -> Recording:
    """The recording without what was imported of it."""
    # FOXGLOVE-RECORDINGS-335, FOXGLOVE-RECORDINGS-336, FOXGLOVE-RECORDINGS-321
    return replace(recording, import_status="none", imported_at=None, import_id=None, site_id=None)


def import_asked(call: Call, recording: Recording) -> Recording:
    """The recording once its import was asked for.

    Raises:
        NotFound: It is not imported, and no edge site has it.
        BadRequest: There is no primary site to import it to.
    """
    if recording.import_status in {"complete", "pending", "importing"}:
        return recording
    if recording.edge_site_id not in call.state.sites:
        raise NotFound("the recording is at no edge site any more")  # FOXGLOVE-RECORDINGS-348
    if not recording.edge_copy:
        raise NotFound("the edge site has the recording no more")  # FOXGLOVE-RECORDINGS-347
    site = call.steps.import_site(call, recording)
    asked = replace(recording, import_status="pending")  # FOXGLOVE-RECORDINGS-322
    call.state.recordings.put(asked)
    request_id = call.state.fresh_id("req")
    arrival = Arrival(
        request_id=request_id,
        identity=request_id,
        filename=recording.path,
        site_id=site.id,
        file_id=recording.file_id,
        size=recording.size,
        device_id=recording.device_id,
        names_device=True,
        key=recording.key,
        recording_id=recording.id,
    )
    call.steps.arrived(call, arrival)  # FOXGLOVE-RECORDINGS-344, FOXGLOVE-RECORDINGS-345
    return asked


def import_site(call: Call, recording: Recording) -> Site:
    """The primary site that an edge recording is imported to.

    Raises:
        BadRequest: There is none.
    """
    own = call.state.sites.get(recording.site_id or "")
    sites = sorted(
        (site for site in call.state.sites if site.type in PRIMARY_SITE_TYPES),
        key=lambda site: PRIMARY_SITE_TYPES.index(site.type),
    )
    if own is None and not sites:
        raise BadRequest("the organisation has no primary site to import to")
    return own or sites[0]


def recordings_of(call: Call, given: Mapping[str, Any]) -> list[Recording]:
    """The recordings that a request for their data means, in the order of their creation.

    `given` may have `recordingId`, `recordingKey` or `key`, `importId`, a device, and the bounds `start` and `end`; a
    recording meets all of them. Whether its data are imported is for the caller to look at.
    """
    state = call.state
    device = call.steps.reference(call, given) if references.said(given) else None
    if references.said(given) and device is None:
        return []
    key = given.get("recordingKey", given.get("key"))
    rows: Any = state.recordings
    if "recordingId" in given:
        rows = filter(None, [state.recordings.get(given["recordingId"])])
    elif key is not None:
        rows = state.recordings.where("key", key)
    elif "importId" in given:
        rows = state.recordings.where("import_id", given["importId"])
    elif device is not None:
        rows = state.recordings.where("device_id", device.id)
    bounds = [_CONDITIONS[name](given[name]) for name in ("start", "end") if name in given]
    return [
        one
        for one in rows
        if (device is None or one.device_id == device.id)
        and (key is None or one.key == key)
        and given.get("importId") in {None, one.import_id}
        and all(within(one) for within in bounds)
    ]


def recording_conditions(call: Call, asked: Mapping[str, Any]) -> list[Condition]:
    """What a recording must meet to be in the list, filter by filter."""
    # FOXGLOVE-RECORDINGS-107
    conditions = [call.steps.recording_condition(call, name, asked[name]) for name in _CONDITIONS if name in asked]
    if references.said(asked):
        conditions.append(call.steps.recording_device(call, asked))
    return conditions


def recording_condition(call: Call, name: str, value: Any) -> Condition:  # noqa: ARG001  # a step gets the call
    """What one parameter other than the device's asks of a recording."""
    return _CONDITIONS[name](value)


def recording_device(call: Call, asked: Mapping[str, Any]) -> Condition:
    """What the device that is named asks of a recording: none is that of an unknown one."""
    # FOXGLOVE-RECORDINGS-111 to FOXGLOVE-RECORDINGS-116
    device = call.steps.reference(call, asked)
    return lambda recording: device is not None and recording.device_id == device.id


_CONDITIONS: Mapping[str, Callable[[Any], Condition]] = {
    # FOXGLOVE-RECORDINGS-101, FOXGLOVE-RECORDINGS-102
    "start": lambda bound: lambda recording: recording.end is not None and recording.end >= bound,
    "end": lambda bound: lambda recording: recording.start is not None and recording.start <= bound,
    "path": lambda value: lambda recording: recording.path == value,  # FOXGLOVE-RECORDINGS-103
    "site.id": lambda value: lambda recording: recording.site_id == value,  # FOXGLOVE-RECORDINGS-104
    "edgeSite.id": lambda value: lambda recording: recording.edge_site_id == value,  # FOXGLOVE-RECORDINGS-105
    "topic": lambda value: lambda recording: value in recording.topics,  # FOXGLOVE-RECORDINGS-106
    # FOXGLOVE-RECORDINGS-121 to FOXGLOVE-RECORDINGS-125
    "importStatus": lambda value: lambda recording: recording.import_status == value,
}


def recording_keys(call: Call) -> Mapping[str, SortKey]:
    """What recordings may be sorted by."""

    def device_name(recording: Recording) -> str | None:
        device = call.state.devices.get(recording.device_id or "")
        return None if device is None else device.name

    return {
        "deviceName": device_name,  # FOXGLOVE-RECORDINGS-131
        "device.name": device_name,  # FOXGLOVE-RECORDINGS-132
        "createdAt": attrgetter("created_at"),  # FOXGLOVE-RECORDINGS-133
        "start": lambda one: one.start or 0,  # FOXGLOVE-RECORDINGS-134
        "end": lambda one: one.end or 0,  # FOXGLOVE-RECORDINGS-135
        "duration": lambda one: (one.end or 0) - (one.start or 0),  # FOXGLOVE-RECORDINGS-136
        "path": attrgetter("path"),  # FOXGLOVE-RECORDINGS-137
        "importedAt": attrgetter("imported_at"),  # FOXGLOVE-RECORDINGS-138
    }


def recording(call: Call, recording: Recording) -> dict[str, Any]:
    """A recording as answers show it: what it lacks is left out."""
    state, steps = call.state, call.steps
    device = state.devices.get(recording.device_id or "")
    site, edge_site = state.sites.get(recording.site_id or ""), state.sites.get(recording.edge_site_id or "")
    imported = None if recording.imported_at is None else steps.zulu(call, recording.imported_at)
    shown = {
        "id": recording.id,  # FOXGLOVE-RECORDINGS-201
        "path": recording.path,  # FOXGLOVE-RECORDINGS-202, FOXGLOVE-RECORDINGS-302, FOXGLOVE-RECORDINGS-303
        "size": recording.size,  # FOXGLOVE-RECORDINGS-203, FOXGLOVE-RECORDINGS-304
        "createdAt": steps.zulu(call, recording.created_at),  # FOXGLOVE-RECORDINGS-204, FOXGLOVE-RECORDINGS-305
        "importedAt": imported,  # FOXGLOVE-RECORDINGS-205, FOXGLOVE-RECORDINGS-306
        "start": steps.zulu(call, recording.start or 0),  # FOXGLOVE-RECORDINGS-206, FOXGLOVE-RECORDINGS-307
        "end": steps.zulu(call, recording.end or 0),  # FOXGLOVE-RECORDINGS-207, FOXGLOVE-RECORDINGS-308
        "importStatus": recording.import_status,  # FOXGLOVE-RECORDINGS-208
        # FOXGLOVE-RECORDINGS-209, FOXGLOVE-RECORDINGS-309
        "site": None if site is None else steps.site_summary(call, site),
        # FOXGLOVE-RECORDINGS-210, FOXGLOVE-RECORDINGS-310
        "edgeSite": None if edge_site is None else steps.site_summary(call, edge_site),
        # FOXGLOVE-RECORDINGS-211, FOXGLOVE-RECORDINGS-311
        "device": None if device is None else steps.device_summary(call, device),
        # FOXGLOVE-RECORDINGS-212, FOXGLOVE-RECORDINGS-215, FOXGLOVE-RECORDINGS-216, FOXGLOVE-RECORDINGS-312
        "metadata": list(recording.metadata),
    }
    return {name: value for name, value in shown.items() if value is not None}


def all_of(conditions: list[Condition]) -> Condition:
    """A recording meets all of them."""
    return lambda recording: all(condition(recording) for condition in conditions)
