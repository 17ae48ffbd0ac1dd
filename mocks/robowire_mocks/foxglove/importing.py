"""Imports: what becomes of a file that has arrived, stage by stage (sections "Upload a recording" and "Manage data").

At the first stage the file is opened, and a recording appears; at the second it is read whole; at the third its data
become available. Where the document is silent: a file that is damaged is quarantined, one that is no recording at all
is not; a file whose index can be read and whose content cannot becomes a recording whose import failed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from robowire_mocks.foxglove import times
from robowire_mocks.foxglove.contents import Content, Trouble, read
from robowire_mocks.foxglove.rows import Device, PendingImport, Recording

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.state import State

_COMING = {"pending", "importing"}
_RECORD = "foxglove"  # the metadata record that associates a file with a device or a key


class _Stage(NamedTuple):
    """A stage: its name, what is found in the file without the state's lock, and what follows from it."""

    name: str
    find: Callable[[Call, PendingImport], Content | Trouble | None]
    settle: Callable[[Call, PendingImport, Any], None]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has arrived, and what was said of it; `identity` is the same where it is the same arrival.

    `names_device` tells whether a device was named, be it unknown.
    """

    request_id: str
    identity: str
    filename: str
    site_id: str
    file_id: str | None
    size: int
    device_id: str | None = None
    names_device: bool = False
    key: str | None = None
    recording_id: str | None = None


def arrived(call: Call, arrival: Arrival) -> PendingImport:
    """Begin the import of a file; hold the state's lock."""
    # FOXGLOVE-PENDING-301, FOXGLOVE-MANAGE-302
    job = PendingImport(
        id=arrival.request_id,
        created_at=call.now,
        updated_at=call.now,
        filename=arrival.filename,
        site_id=arrival.site_id,
        stage=_STAGES["received"].name,
        status="received",
        file_id=arrival.file_id,
        size=arrival.size,
        identity=arrival.identity,
        names_device=arrival.names_device,
        device_id=arrival.device_id,
        key=arrival.key,
        recording_id=arrival.recording_id,
    )
    call.state.pending_imports.put(job)
    call.state.pipeline.wake()
    return job


def advance(call: Call, job_id: str) -> None:
    """Carry out the present stage of an import; files are read without the state's lock."""
    with call.state.lock:
        job = call.state.pending_imports.get(job_id)
    if job is None or not job.running:
        return
    stage = _STAGES[job.status]
    found = stage.find(call, job)
    with call.state.lock:
        if call.state.pending_imports.get(job_id) is job:
            stage.settle(replace(call, now=times.present(call.state.clock)), job, found)


def give_up(call: Call, job_id: str, text: str) -> None:
    """End an import as failed."""
    with call.state.lock:
        job = call.state.pending_imports.get(job_id)
        if job is not None and job.running:
            call.steps.import_failed(call, job, Trouble(text, damaged=False))


def opened(call: Call, path: Path) -> Content | Trouble:  # noqa: ARG001  # a step gets the call
    """What the index of the file says, or why it cannot be read."""
    return read(path, whole=False)


def verified(call: Call, path: Path) -> Content | Trouble:  # noqa: ARG001  # as above
    """The same, once all of the file was read."""
    return read(path, whole=True)


def _open(call: Call, job: PendingImport) -> Content | Trouble | None:
    return None if job.file_id is None else call.steps.opened(call, call.state.files.path(job.file_id))


def _verify(call: Call, job: PendingImport) -> Content | Trouble | None:
    return None if job.file_id is None else call.steps.verified(call, call.state.files.path(job.file_id))


def _received(call: Call, job: PendingImport, found: Content | Trouble | None) -> None:
    """The file was opened: a new recording, or one that is known."""
    if isinstance(found, Trouble):
        call.steps.import_failed(call, job, found)
    elif job.recording_id is not None or found is None:
        _known(call, job)
    else:
        _new(call, job, found)


def _known(call: Call, job: PendingImport) -> None:
    """A recording of an edge site comes to its primary site."""
    recording = _recording(call.state, job)
    if recording is None:
        _deleted(call, job)
        return
    call.state.recordings.put(call.steps.import_begun(call, recording))
    _put(call, job, "processing")


def import_begun(call: Call, recording: Recording) -> Recording:  # noqa: ARG001  # as above
    """The recording once its data are processed."""
    return replace(recording, import_status="importing")  # FOXGLOVE-RECORDINGS-323


def _new(call: Call, job: PendingImport, content: Content) -> None:
    """A file that was uploaded becomes a recording, unless it is one already."""
    device = call.steps.import_device(call, job, content)
    key = call.steps.import_key(call, job, content)
    job = replace(job, device_id=device.id if device else None, key=key)
    same = call.steps.same_recording(call, job)
    if same is None:
        recording = call.steps.new_recording(call, job, content)
        call.state.recordings.put(recording)
        # FOXGLOVE-WEBHOOKS-011, FOXGLOVE-WEBHOOKS-016, FOXGLOVE-WEBHOOKS-307
        call.steps.occurred(call, "recording.created", call.steps.recording_payload(call, recording))
        _put(call, replace(job, recording_id=recording.id), "processing")
    elif same.complete:
        call.steps.import_repeated(call, job, same)
    elif not _coming(call.state, same):
        call.steps.import_failed(
            call, job, Trouble("the key is that of a recording that is not imported", damaged=False)
        )
    # one that is being imported is waited for: its import may fail


def import_device(call: Call, job: PendingImport, content: Content) -> Device | None:
    """The device of a file: the one named with it, else the one that the file itself names; None if it is unknown."""
    if job.names_device:
        # FOXGLOVE-MANAGE-335
        return call.state.devices.get(job.device_id or "")
    said = call.steps.own_metadata(call, content)
    given = {member: said[member] for member in ("deviceId", "deviceName") if said.get(member)}
    # FOXGLOVE-MANAGE-331, FOXGLOVE-MANAGE-332; FOXGLOVE-UPLOAD-113
    # FOXGLOVE-MANAGE-325, FOXGLOVE-MANAGE-326
    return device_named(call, given)


def device_named(call: Call, given: Mapping[str, str]) -> Device | None:
    """The device with this id or, without an id, this name."""
    if "deviceId" in given:
        return call.state.devices.get(given["deviceId"])
    named = call.state.devices.where("name", given.get("deviceName"))
    return named[0] if named else None


def import_key(call: Call, job: PendingImport, content: Content) -> str | None:
    """The key that was given with a file, else the one in the file."""
    # FOXGLOVE-MANAGE-323, FOXGLOVE-MANAGE-333; FOXGLOVE-UPLOAD-109
    return job.key or call.steps.own_metadata(call, content).get("key") or None


def own_metadata(call: Call, content: Content) -> Mapping[str, str]:  # noqa: ARG001  # as above
    """What a file says of itself: the last record of the name, whole."""
    # FOXGLOVE-MANAGE-334, FOXGLOVE-MANAGE-336, FOXGLOVE-MANAGE-337
    records = [record["metadata"] for record in content.metadata if record["name"] == _RECORD]
    return records[-1] if records else {}


def same_recording(call: Call, job: PendingImport) -> Recording | None:
    """The recording that a file is a duplicate of; those whose import failed do not count."""
    state = call.state
    if job.key is not None:
        # FOXGLOVE-MANAGE-313, FOXGLOVE-MANAGE-314, FOXGLOVE-UPLOAD-310
        keyed = [one for one in state.recordings.where("key", job.key) if one.import_status != "failed"]
        if keyed:
            return keyed[0]
    if job.device_id is None or job.file_id is None:
        return None
    # FOXGLOVE-MANAGE-311, FOXGLOVE-MANAGE-312
    digest = state.files.digest(job.file_id)
    processed = (one for one in state.recordings.where("device_id", job.device_id) if one.size == job.size)
    return next(
        (
            one
            for one in processed
            if (one.complete or _coming(state, one)) and one.file_id and state.files.digest(one.file_id) == digest
        ),
        None,
    )


def new_recording(call: Call, job: PendingImport, content: Content) -> Recording:
    """The recording that a file becomes; it takes the place of failed ones with its key."""
    if job.key is not None:
        for one in call.state.recordings.where("key", job.key):
            if one.import_status == "failed":
                forget(call.state, one)
    return Recording(
        id=call.state.id_for("rec", job.id),
        device_id=job.device_id,  # FOXGLOVE-UPLOAD-103 to FOXGLOVE-UPLOAD-108
        path=job.filename,  # FOXGLOVE-RECORDINGS-302
        start=content.start,  # FOXGLOVE-RECORDINGS-307
        end=content.end,  # FOXGLOVE-RECORDINGS-308
        import_status="importing",  # FOXGLOVE-RECORDINGS-323
        site_id=job.site_id,  # FOXGLOVE-RECORDINGS-309, FOXGLOVE-UPLOAD-309, FOXGLOVE-MANAGE-301
        edge_site_id=None,
        key=job.key,
        size=job.size,  # FOXGLOVE-RECORDINGS-304
        created_at=job.created_at,  # FOXGLOVE-RECORDINGS-305
        file_id=job.file_id,
        input_type=content.input_type,  # FOXGLOVE-IMPORTS-306
        topics=content.topics,
        metadata=content.metadata,  # FOXGLOVE-RECORDINGS-312
    )


def import_repeated(call: Call, job: PendingImport, same: Recording) -> None:
    """A duplicate is done when it is known to be one; its file is not kept."""
    # FOXGLOVE-MANAGE-315
    call.state.files.remove(job.file_id)
    _put(call, replace(job, recording_id=same.id, import_id=same.import_id, file_id=None), "complete")


def _processing(call: Call, job: PendingImport, found: Content | Trouble | None) -> None:
    """The file was read whole."""
    if isinstance(found, Trouble):
        call.steps.import_failed(call, job, found)
    elif _recording(call.state, job) is None:
        _deleted(call, job)
    else:
        _put(call, job, "ready for indexing")


def _ready(call: Call, job: PendingImport, _: None) -> None:
    """The data become available."""
    recording = _recording(call.state, job)
    if recording is None:
        _deleted(call, job)
        return
    imported = call.steps.imported(call, job, recording)
    call.state.recordings.put(imported)
    # FOXGLOVE-PENDING-307, FOXGLOVE-PENDING-309
    _put(call, replace(job, import_id=imported.import_id), "complete")
    # FOXGLOVE-WEBHOOKS-012, FOXGLOVE-WEBHOOKS-308
    call.steps.occurred(call, "recording.imported", call.steps.recording_payload(call, imported))


def imported(call: Call, job: PendingImport, recording: Recording) -> Recording:
    """The recording once its data can be used."""
    # FOXGLOVE-RECORDINGS-325, FOXGLOVE-RECORDINGS-306, FOXGLOVE-UPLOAD-301, FOXGLOVE-MANAGE-303
    return replace(
        recording,
        import_status="complete",
        imported_at=max(call.now, recording.created_at),
        import_id=call.state.id_for("imp", job.id),
        site_id=job.site_id,
    )


def import_failed(call: Call, job: PendingImport, trouble: Trouble) -> None:
    """The file cannot be imported: the import tells why, and the recording, if there is one, that it failed."""
    # FOXGLOVE-PENDING-306, FOXGLOVE-PENDING-310, FOXGLOVE-PENDING-311
    recording = call.state.recordings.get(job.recording_id or "")
    if recording is not None:
        call.state.recordings.put(replace(recording, import_status="failed"))  # FOXGLOVE-RECORDINGS-324
    elif not trouble.damaged:
        call.state.files.remove(job.file_id)
        job = replace(job, file_id=None)
    job = replace(job, error=trouble.text, quarantined_at=call.now if trouble.damaged else None)
    _put(call, job, "error")


def _deleted(call: Call, job: PendingImport) -> None:
    """The recording went meanwhile, or its import was given up; its file went with it, or is that of the edge site."""
    recording = call.state.recordings.get(job.recording_id or "")
    if recording is not None and recording.import_status in _COMING:
        call.state.recordings.put(replace(recording, import_status="none"))
    job = replace(job, recording_id=None, file_id=None)
    call.steps.import_failed(call, job, Trouble("the recording, or its site, was deleted", damaged=False))


def _coming(state: State, recording: Recording) -> bool:
    """Whether a recording is being imported."""
    return any(job.running for job in state.pending_imports.where("recording_id", recording.id))


def _recording(state: State, job: PendingImport) -> Recording | None:
    """The recording of an import, as long as it is to be imported."""
    recording = state.recordings.get(job.recording_id or "")
    wanted = recording is not None and recording.import_status in _COMING
    return recording if wanted and job.site_id in state.sites else None


def _put(call: Call, job: PendingImport, status: str) -> None:
    call.state.pending_imports.put(call.steps.import_stage(call, job, status))


def import_stage(call: Call, job: PendingImport, status: str) -> PendingImport:
    """The import once it has another status; one that fails stays at its stage."""
    stage = _STAGES[status].name if status in _STAGES else job.stage if status == "error" else status
    # FOXGLOVE-PENDING-308, FOXGLOVE-PENDING-314
    return replace(job, status=status, stage=stage, updated_at=max(call.now, job.updated_at))


def forget(state: State, recording: Recording) -> None:
    """Remove a recording and its file."""
    state.recordings.remove(recording.id)
    state.files.remove(recording.file_id)


_STAGES: Mapping[str, _Stage] = {
    "received": _Stage("inbox", _open, _received),
    "processing": _Stage("processing", _verify, _processing),
    "ready for indexing": _Stage("indexing", lambda *_: None, _ready),
}
"""By the status that an import has while it waits for the stage."""
