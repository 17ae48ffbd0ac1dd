"""Pending imports: what becomes of the files that were uploaded (section "List pending imports").

Where the document is silent: `error` is a part of the message, as it is written there, and `updatedSince` is inclusive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_mocks.foxglove import paging, references
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import PendingImport

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.store import SortKey

Condition: TypeAlias = Callable[[PendingImport], bool]

_FILTERS = (
    *references.MEMBERS,
    Member("requestId"),
    Member("key"),
    Member("error"),
    Member("filename"),
    Member("updatedSince", Kind.MOMENT),
    Member("siteId"),
    Member("showCompleted", Kind.BOOLEAN),  # FOXGLOVE-PENDING-119
    Member("showQuarantined", Kind.BOOLEAN),  # FOXGLOVE-PENDING-120
)
_HIDDEN = {"showCompleted": False, "showQuarantined": False}  # FOXGLOVE-PENDING-114, FOXGLOVE-PENDING-117


def list_pending_imports(call: Call) -> list[dict[str, Any]]:
    """Those imports that meet every filter; the completed and the quarantined only if they are asked for."""
    # FOXGLOVE-PENDING-001
    keys = call.steps.pending_keys(call)
    page = call.steps.page(call, keys)
    asked = call.steps.parameters(call, _FILTERS)
    conditions = call.steps.pending_conditions(call, asked)
    rows = paging.listed(
        call, call.state.pending_imports, page, keys, lambda job: all(condition(job) for condition in conditions)
    )
    return [call.steps.pending_import(call, job) for job in rows]


def pending_conditions(call: Call, asked: Mapping[str, Any]) -> list[Condition]:
    """What an import must meet to be in the list, filter by filter."""
    # FOXGLOVE-PENDING-121
    asked = {**_HIDDEN, **asked}
    conditions = [call.steps.pending_condition(call, name, asked[name]) for name in _CONDITIONS if name in asked]
    if references.said(asked):
        conditions.append(call.steps.pending_device(call, asked))
    return conditions


def pending_condition(call: Call, name: str, value: Any) -> Condition:  # noqa: ARG001  # a step gets the call
    """What one parameter other than the device's asks of an import."""
    return _CONDITIONS[name](value)


def pending_device(call: Call, asked: Mapping[str, Any]) -> Condition:
    """What the device that is named asks of an import: none is that of an unknown one."""
    # FOXGLOVE-PENDING-103 to FOXGLOVE-PENDING-108
    device = call.steps.reference(call, asked)
    return lambda job: device is not None and job.device_id == device.id


_CONDITIONS: Mapping[str, Callable[[Any], Condition]] = {
    "requestId": lambda value: lambda job: job.id == value,  # FOXGLOVE-PENDING-101
    "key": lambda value: lambda job: job.key == value,  # FOXGLOVE-PENDING-102
    "error": lambda text: lambda job: job.error is not None and text in job.error,  # FOXGLOVE-PENDING-109
    "filename": lambda value: lambda job: job.filename == value,  # FOXGLOVE-PENDING-110
    "updatedSince": lambda bound: lambda job: job.updated_at >= bound,  # FOXGLOVE-PENDING-111
    "siteId": lambda value: lambda job: job.site_id == value,  # FOXGLOVE-PENDING-118
    # FOXGLOVE-PENDING-112, FOXGLOVE-PENDING-113
    "showCompleted": lambda shown: lambda job: shown or job.status != "complete",
    # FOXGLOVE-PENDING-115, FOXGLOVE-PENDING-116
    "showQuarantined": lambda shown: lambda job: shown or job.quarantined_at is None,
}


def pending_keys(call: Call) -> Mapping[str, SortKey]:
    """What pending imports may be sorted by."""

    def device_name(job: PendingImport) -> str | None:
        device = call.state.devices.get(job.device_id or "")
        return None if device is None else device.name

    device_id = attrgetter("device_id")
    return {
        "createdAt": attrgetter("created_at"),  # FOXGLOVE-PENDING-131
        "deviceId": device_id,  # FOXGLOVE-PENDING-132
        "deviceName": device_name,  # FOXGLOVE-PENDING-133
        "device.name": device_name,  # FOXGLOVE-PENDING-134
        "device.id": device_id,  # FOXGLOVE-PENDING-135
        "error": attrgetter("error"),  # FOXGLOVE-PENDING-136
        "importId": attrgetter("import_id"),  # FOXGLOVE-PENDING-137
        "requestId": attrgetter("id"),  # FOXGLOVE-PENDING-138
        "updatedAt": attrgetter("updated_at"),  # FOXGLOVE-PENDING-139
    }


def pending_import(call: Call, job: PendingImport) -> dict[str, Any]:
    """An import as answers show it: what it lacks is left out."""
    device = call.state.devices.get(job.device_id or "")
    quarantined = None if job.quarantined_at is None else call.steps.zulu(call, job.quarantined_at)
    shown = {
        "createdAt": call.steps.zulu(call, job.created_at),  # FOXGLOVE-PENDING-201, FOXGLOVE-PENDING-313
        "deviceId": None if device is None else device.id,  # FOXGLOVE-PENDING-202, FOXGLOVE-PENDING-304
        "deviceName": None if device is None else device.name,  # FOXGLOVE-PENDING-203
        "error": job.error,  # FOXGLOVE-PENDING-204, FOXGLOVE-PENDING-306
        "filename": job.filename,  # FOXGLOVE-PENDING-205, FOXGLOVE-PENDING-303
        "importId": job.import_id,  # FOXGLOVE-PENDING-206, FOXGLOVE-PENDING-307
        "orgId": call.state.org_id,  # FOXGLOVE-PENDING-207, FOXGLOVE-PENDING-312
        "pipelineStage": job.stage,  # FOXGLOVE-PENDING-208, FOXGLOVE-PENDING-314
        "requestId": job.id,  # FOXGLOVE-PENDING-209, FOXGLOVE-PENDING-302
        "siteId": job.site_id,  # FOXGLOVE-PENDING-210, FOXGLOVE-PENDING-305
        "status": job.status,  # FOXGLOVE-PENDING-211
        "updatedAt": call.steps.zulu(call, job.updated_at),  # FOXGLOVE-PENDING-212, FOXGLOVE-PENDING-308
        "quarantinedAt": quarantined,  # FOXGLOVE-PENDING-213, FOXGLOVE-PENDING-311, FOXGLOVE-PENDING-315
    }
    return {name: value for name, value in shown.items() if value is not None}
