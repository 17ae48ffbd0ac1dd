"""Imports: recordings that are available at a primary site (sections "List imports" to "Delete an import", deprecated).

Where the document is silent: an import that is deleted goes with its recording, unless an edge site has that too; the
`deviceId` of a deletion is not looked at; an id that is given twice has one result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_fixtures.foxglove import MAX_DELETED_IMPORTS

from robowire_mocks.foxglove import paging, times
from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import Recording

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.store import SortKey

Condition: TypeAlias = Callable[[Recording], bool]

_FILTERS = (
    Member("deviceId"),
    Member("filename"),
    *(Member(name, Kind.MOMENT) for name in ("start", "end", "dataStart", "dataEnd")),
)
_DAY = len("2026-11-20")


def list_imports(call: Call) -> list[dict[str, Any]]:
    """Those imports that meet every filter."""
    # FOXGLOVE-IMPORTS-001
    keys = call.steps.import_keys(call)
    page = call.steps.page(call, keys)
    asked = call.steps.parameters(call, _FILTERS)
    # FOXGLOVE-IMPORTS-108
    conditions = [call.steps.import_condition(call, name, asked[name]) for name in _CONDITIONS if name in asked]

    def matches(recording: Recording) -> bool:
        return call.steps.is_import(call, recording) and all(condition(recording) for condition in conditions)

    rows = paging.listed(call, call.state.recordings, page, keys, matches)
    return [call.steps.listed_import(call, recording) for recording in rows]


def delete_imports(call: Call) -> dict[str, Any]:
    """Delete several imports of one site."""
    # FOXGLOVE-IMPORTS-002
    ids = call.steps.import_ids(call)
    found = {import_id: call.steps.import_with(call, import_id) for import_id in ids}
    call.steps.same_site(call, [one for one in found.values() if one is not None])
    return {"deletionResults": [call.steps.import_result(call, *one) for one in found.items()]}  # FOXGLOVE-IMPORTS-216


def delete_import(call: Call) -> dict[str, Any]:
    """Delete the import with the path's id, with all its data."""
    # FOXGLOVE-IMPORTS-003, FOXGLOVE-IMPORTS-141
    import_id = call.path["importId"]
    recording = call.steps.import_with(call, import_id)  # FOXGLOVE-IMPORTS-142
    if recording is None:
        raise NotFound(f"there is no import {import_id[:120]!r}")  # FOXGLOVE-IMPORTS-004
    call.steps.import_deleted(call, recording)
    return {"id": import_id}  # FOXGLOVE-IMPORTS-219, FOXGLOVE-IMPORTS-334


def is_import(call: Call, recording: Recording) -> bool:  # noqa: ARG001  # a step gets the call
    """Whether a recording is imported to a primary site."""
    return recording.complete and recording.import_id is not None  # FOXGLOVE-IMPORTS-301


def import_ids(call: Call) -> Sequence[str]:
    """The ids of the imports that are to be deleted, each once.

    Raises:
        BadRequest: There is none, or there are too many.
    """
    # FOXGLOVE-IMPORTS-131, FOXGLOVE-IMPORTS-132
    ids = call.queries.get("id", ())
    if not ids:
        raise BadRequest("id: is required")  # FOXGLOVE-IMPORTS-134
    if len(ids) > MAX_DELETED_IMPORTS:
        raise BadRequest(f"id: at most {MAX_DELETED_IMPORTS} may be given")  # FOXGLOVE-IMPORTS-133
    return list(dict.fromkeys(ids))


def import_with(call: Call, import_id: str) -> Recording | None:
    """The import with this id, or None."""
    found = call.state.recordings.where("import_id", import_id)
    return found[0] if found and call.steps.is_import(call, found[0]) else None


def same_site(call: Call, imports: Sequence[Recording]) -> None:  # noqa: ARG001  # as above
    """Nothing, if all imports belong to one site.

    Raises:
        BadRequest: They belong to several; none is deleted yet.
    """
    if len({one.site_id for one in imports}) > 1:
        # FOXGLOVE-IMPORTS-324, FOXGLOVE-IMPORTS-325
        raise BadRequest("the imports belong to different sites")


def import_result(call: Call, import_id: str, recording: Recording | None) -> dict[str, str]:
    """Delete one of several imports; gives what came of it."""
    if recording is not None:
        call.steps.import_deleted(call, recording)
    return {
        "importId": import_id,  # FOXGLOVE-IMPORTS-217, FOXGLOVE-IMPORTS-321
        # FOXGLOVE-IMPORTS-218, FOXGLOVE-IMPORTS-322, FOXGLOVE-IMPORTS-323
        "result": "notFound" if recording is None else "success",
    }


def import_deleted(call: Call, recording: Recording) -> None:
    """Delete an import: what is left of its recording is what is left when that is deleted."""
    # FOXGLOVE-IMPORTS-331, FOXGLOVE-IMPORTS-332, FOXGLOVE-IMPORTS-333
    call.steps.recording_deleted(call, recording)


def import_condition(call: Call, name: str, value: Any) -> Condition:  # noqa: ARG001  # as above
    """What one parameter asks of an import."""
    return _CONDITIONS[name](value)


_CONDITIONS: Mapping[str, Callable[[Any], Condition]] = {
    "deviceId": lambda value: lambda one: one.device_id == value,  # FOXGLOVE-IMPORTS-101
    # FOXGLOVE-IMPORTS-102, FOXGLOVE-IMPORTS-107
    "filename": lambda value: lambda one: one.path == value,
    "start": lambda bound: lambda one: (one.imported_at or 0) >= bound,  # FOXGLOVE-IMPORTS-103
    "end": lambda bound: lambda one: (one.imported_at or 0) <= bound,  # FOXGLOVE-IMPORTS-104
    # An import that has messages on both sides of a bound is given, as in lists of recordings.
    "dataStart": lambda bound: lambda one: one.end is not None and one.end >= bound,  # FOXGLOVE-IMPORTS-105
    "dataEnd": lambda bound: lambda one: one.start is not None and one.start <= bound,  # FOXGLOVE-IMPORTS-106
}


def import_keys(call: Call) -> Mapping[str, SortKey]:  # noqa: ARG001  # as above
    """What imports may be sorted by."""
    return {
        "importId": attrgetter("import_id"),  # FOXGLOVE-IMPORTS-111
        "deviceId": attrgetter("device_id"),  # FOXGLOVE-IMPORTS-112
        "importTime": attrgetter("imported_at"),  # FOXGLOVE-IMPORTS-113
        "dataStart": lambda one: one.start or 0,  # FOXGLOVE-IMPORTS-114
        "dataEnd": lambda one: one.end or 0,  # FOXGLOVE-IMPORTS-115
    }


def listed_import(call: Call, recording: Recording) -> dict[str, Any]:
    """An import as answers show it."""
    # FOXGLOVE-IMPORTS-311: all of it, but for the device where there is none
    device = call.state.devices.get(recording.device_id or "")
    start = recording.start or 0
    shown = {
        "id": recording.import_id,  # FOXGLOVE-IMPORTS-201
        "importId": recording.import_id,  # FOXGLOVE-IMPORTS-202
        "orgId": call.state.org_id,  # FOXGLOVE-IMPORTS-203, FOXGLOVE-IMPORTS-313
        "deviceId": None if device is None else device.id,  # FOXGLOVE-IMPORTS-204, FOXGLOVE-IMPORTS-303
        "deviceName": None if device is None else device.name,  # FOXGLOVE-IMPORTS-205
        "filename": recording.path,  # FOXGLOVE-IMPORTS-206, FOXGLOVE-IMPORTS-302
        # FOXGLOVE-IMPORTS-207, FOXGLOVE-IMPORTS-310
        "importTime": call.steps.zulu(call, recording.imported_at or 0),
        "start": call.steps.zulu(call, start),  # FOXGLOVE-IMPORTS-208, FOXGLOVE-IMPORTS-304
        "end": call.steps.zulu(call, recording.end or 0),  # FOXGLOVE-IMPORTS-209, FOXGLOVE-IMPORTS-305
        "inputType": recording.input_type,  # FOXGLOVE-IMPORTS-210, FOXGLOVE-IMPORTS-306
        "outputType": recording.input_type,  # FOXGLOVE-IMPORTS-211, FOXGLOVE-IMPORTS-307
        "inputSize": recording.size,  # FOXGLOVE-IMPORTS-212, FOXGLOVE-IMPORTS-308
        # The file is kept as it came: FOXGLOVE-IMPORTS-213, FOXGLOVE-IMPORTS-312
        "totalOutputSize": recording.size,
        "date": times.write(start)[:_DAY].replace("-", ""),  # FOXGLOVE-IMPORTS-214, FOXGLOVE-IMPORTS-309
        "deleted": False,  # FOXGLOVE-IMPORTS-215
    }
    return {name: value for name, value in shown.items() if value is not None}
