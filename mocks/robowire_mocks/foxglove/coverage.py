"""The times for which there are data of devices (section "List coverage").

Where the document is silent: a range is not cut at the bounds of the request, and ranges that touch are one. A
recording that failed to be imported counts as one whose import is pending.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove import references
from robowire_mocks.foxglove.coverage_ranges import Range, groups, ranges
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.paging import Rows, listed
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.coverage_ranges import Group
    from robowire_mocks.foxglove.store import SortKey

_RECORDING = ("recordingId", "recordingKey", "importId")
_PARAMETERS = (
    Member("start", Kind.MOMENT, required=True),  # FOXGLOVE-COVERAGE-103
    Member("end", Kind.MOMENT, required=True),  # FOXGLOVE-COVERAGE-104
    Member("tolerance", Kind.NUMBER, least=0),  # FOXGLOVE-COVERAGE-109, FOXGLOVE-COVERAGE-123
    Member("includeEdgeRecordings", Kind.BOOLEAN),  # FOXGLOVE-COVERAGE-124
    *map(Member, _RECORDING),
    *references.MEMBERS,
)
_STATUS: Mapping[str, str] = {"complete": "imported", "none": "at-edge"}


def list_coverage(call: Call) -> list[dict[str, Any]]:
    """The ranges of the page that is asked for."""
    # FOXGLOVE-COVERAGE-001
    asked = call.steps.parameters(call, _PARAMETERS)
    keys = call.steps.coverage_keys(call)
    page = call.steps.page(call, keys)
    found = call.steps.coverage_ranges(call, call.steps.coverage_groups(call, asked), asked)
    said = call.state.recordings.version, call.steps, frozenset(asked.items())
    covered = call.state.reading.covered
    rows = Rows(found, lambda field, make: covered.ordered((*said, field), make))
    edge = call.steps.with_edge(call, asked)
    return [call.steps.coverage_range(call, one, edge) for one in listed(call, rows, page, keys)]


def coverage_keys(call: Call) -> dict[str, SortKey]:
    """What ranges are sorted by."""
    devices = call.state.devices

    def name(one: Range) -> str | None:
        device = devices.get(one.device_id or "")
        return device.name if device else None

    return {
        "deviceId": lambda one: one.device_id,  # FOXGLOVE-COVERAGE-131
        "device.id": lambda one: one.device_id,  # FOXGLOVE-COVERAGE-132
        "device.name": name,  # FOXGLOVE-COVERAGE-133
        "deviceName": name,  # FOXGLOVE-COVERAGE-134
        "start": lambda one: one.start,  # FOXGLOVE-COVERAGE-135
        "end": lambda one: one.end,  # FOXGLOVE-COVERAGE-136
    }


def with_edge(call: Call, asked: Mapping[str, Any]) -> bool:  # noqa: ARG001  # a step gets the call
    """Whether recordings that are not imported are asked for."""
    # FOXGLOVE-COVERAGE-119
    return bool(asked.get("includeEdgeRecordings", False))


def coverage_groups(call: Call, asked: Mapping[str, Any]) -> Iterable[Group]:
    """The recordings that are asked for, by device and import status; a device's ranges are made of these."""
    # FOXGLOVE-COVERAGE-303, FOXGLOVE-COVERAGE-309: nothing of two devices, or of two statuses, is joined
    if any(name in asked for name in _RECORDING):
        # FOXGLOVE-COVERAGE-120, FOXGLOVE-COVERAGE-121, FOXGLOVE-COVERAGE-122
        # FOXGLOVE-COVERAGE-311, FOXGLOVE-COVERAGE-312
        found = groups(call.steps.recordings_of(call, asked))
    else:
        # FOXGLOVE-COVERAGE-310
        found = [one for one in call.state.reading.covered.groups(call.state) if one.device_id is not None]
        if references.said(asked):
            # FOXGLOVE-COVERAGE-111, FOXGLOVE-COVERAGE-112, FOXGLOVE-COVERAGE-113
            # FOXGLOVE-COVERAGE-114, FOXGLOVE-COVERAGE-115, FOXGLOVE-COVERAGE-116
            device = call.steps.reference(call, asked)
            found = [one for one in found if device is not None and one.device_id == device.id]
    # FOXGLOVE-COVERAGE-117, FOXGLOVE-COVERAGE-118, FOXGLOVE-COVERAGE-313
    edge = call.steps.with_edge(call, asked)
    return [one for one in found if edge or one.import_status == "complete"]


def coverage_ranges(call: Call, chosen: Iterable[Group], asked: Mapping[str, Any]) -> Iterable[Range]:  # noqa: ARG001  # as above
    """The ranges that the groups have within what is asked for."""
    # FOXGLOVE-COVERAGE-101, FOXGLOVE-COVERAGE-102, FOXGLOVE-COVERAGE-301, FOXGLOVE-COVERAGE-302
    # FOXGLOVE-COVERAGE-105, FOXGLOVE-COVERAGE-106, FOXGLOVE-COVERAGE-107, FOXGLOVE-COVERAGE-108
    # FOXGLOVE-COVERAGE-304, FOXGLOVE-COVERAGE-125: what is just the tolerance apart is discrete
    tolerance = round(asked.get("tolerance", 0) * SECOND)
    return ranges(chosen, asked["start"], asked["end"], tolerance)


def coverage_range(call: Call, one: Range, edge: bool) -> dict[str, Any]:  # noqa: FBT001  # it says what it shows
    """A range as answers show it; with `edge` it has the import status of its recordings."""
    # FOXGLOVE-COVERAGE-305, FOXGLOVE-COVERAGE-306, FOXGLOVE-COVERAGE-307
    shown: dict[str, Any] = {
        "start": call.steps.zulu(call, one.start),  # FOXGLOVE-COVERAGE-203
        "end": call.steps.zulu(call, one.end),  # FOXGLOVE-COVERAGE-204
        "status": _STATUS.get(one.import_status, "import-pending"),  # FOXGLOVE-COVERAGE-205
    }
    device = call.state.devices.get(one.device_id or "")
    if device is not None:
        # FOXGLOVE-COVERAGE-207
        shown["deviceId"] = device.id  # FOXGLOVE-COVERAGE-201
        shown["device"] = call.steps.device_summary(call, device)  # FOXGLOVE-COVERAGE-202
    if edge:
        shown["importStatus"] = one.import_status  # FOXGLOVE-COVERAGE-206, FOXGLOVE-COVERAGE-308
    return shown
