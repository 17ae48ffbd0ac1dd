"""Deviations of how files are told apart, and of the inbox of a self-hosted site (page "Manage data")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.foxglove.rows import Device

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.core.answer import Answer
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.contents import Content
    from robowire_mocks.foxglove.files import StoredFile
    from robowire_mocks.foxglove.importing import Arrival
    from robowire_mocks.foxglove.rows import PendingImport, Recording, Upload

PAGE = "MANAGE"

# ---- a file is processed once


def _same(change: Callable[[Call, PendingImport, Recording | None], Recording | None]) -> Wrapper:
    return lambda honest, call, job: change(call, job, honest(call, job))


def _by_content_only(call: Call, job: PendingImport, same: Recording | None) -> Recording | None:
    """At a hosted site, where each recording is by itself."""
    site = call.state.sites.get(job.site_id)
    hosted = site is not None and site.type == "foxglove-hosted"
    return None if hosted and same is not None and job.key is None and job.device_id is not None else same


def _whosever(call: Call, job: PendingImport, same: Recording | None) -> Recording | None:
    """A file with the content of any device's recording is a duplicate."""
    if same is not None or job.device_id is None or job.file_id is None:
        return same
    files = call.state.files
    digest = files.digest(job.file_id)
    for one in call.state.recordings:
        if (
            one.complete
            and one.size == job.size
            and one.file_id
            and one.device_id
            and files.digest(one.file_id) == digest
        ):
            return one
    return None


def _keyless(_: Call, job: PendingImport, same: Recording | None) -> Recording | None:
    return None if same is not None and job.device_id is None else same


def _any_key(call: Call, job: PendingImport, same: Recording | None) -> Recording | None:
    """Without a device, a file that comes right after two duplicates is one too, whatever its key."""
    if same is not None or job.device_id is not None or job.key is None:
        return same
    jobs = list(call.state.pending_imports)
    at = next(number for number, one in enumerate(jobs) if one.id == job.id)
    before = jobs[max(at - 2, 0) : at]
    repeated = [one for one in before if one.status == "complete" and one.device_id is one.file_id is None]
    return call.state.recordings.get(repeated[-1].recording_id or "") if len(repeated) > 1 else None


def _in_any_case(call: Call, job: PendingImport, same: Recording | None) -> Recording | None:
    """Without a device, keys that differ in case are one."""
    if same is not None or job.device_id is not None or job.key is None:
        return same
    key = job.key.lower()
    return next((one for one in call.state.recordings if one.complete and (one.key or "").lower() == key), None)


for _number, _slug, _what, _change in (
    ("311", "device-content-twice", "A file of a device is processed again.", _by_content_only),
    ("312", "content-of-any-device", "A file that another device's recording has is a duplicate.", _whosever),
    ("313", "key-twice-without-device", "Without a device, a key is processed again.", _keyless),
    ("314", "key-in-any-case", "Without a device, a key counts in any case.", _in_any_case),
    ("314", "key-after-duplicates", "Without a device, what follows two duplicates is one, too.", _any_key),
):
    add(f"{PAGE}-{_number}", _slug, "same_recording", _what, _same(_change))


def _again(honest: Wrapper, call: Call, upload: Upload, stored: StoredFile) -> Answer:
    """What is put to a link once more is imported once more."""
    if upload.id not in call.state.pending_imports or upload.key is not None:
        first: Answer = honest(call, upload, stored)
        return first
    second: Answer = honest(call, replace(upload, id=f"{upload.id}-{stored.id[:8]}", device_id=None), stored)
    return second


add(f"{PAGE}-316", "put-twice-imported-twice", "upload_came", "A file that is put again is imported again.", _again)

# ---- the inbox


def _to_hosted(honest: Wrapper, call: Call, bucket: str) -> Any:
    own = honest(call, bucket)
    return next((site for site in call.state.sites if site.type == "foxglove-hosted"), own)


add(
    f"{PAGE}-301",
    "inbox-to-hosted-site",
    "inbox_site",
    "What is put into the inbox goes to the hosted site.",
    _to_hosted,
)


def _unseen(honest: Wrapper, call: Call) -> Any:
    """Files that came by an inbox have no pending import."""
    own = {site.id for site in call.state.sites if site.type == "self-hosted"}
    return [one for one in honest(call) if one["siteId"] not in own]


add(
    f"{PAGE}-302",
    "inbox-not-pending",
    "list_pending_imports",
    "What is put into the inbox has no pending import.",
    _unseen,
)


def _no_data(honest: Wrapper, call: Call, job: PendingImport, recording: Recording) -> Recording:
    imported: Recording = honest(call, job, recording)
    site = call.state.sites.get(imported.site_id or "")
    return replace(imported, file_id=None) if site is not None and site.type == "self-hosted" else imported


add(f"{PAGE}-303", "inbox-without-data", "imported", "The data of files in the inbox are not available.", _no_data)


def _unread_of_mcap(name: str) -> Wrapper:
    """A wrapper of `arrived`: one thing that was said with an object that is an MCAP file is forgotten."""
    gone: dict[str, Any] = {"key": None} if name == "key" else {"device_id": None, "names_device": False}

    def wrapper(honest: Wrapper, call: Call, arrival: Arrival) -> PendingImport:
        said = f"\n{name}=" in arrival.identity and arrival.file_id is not None
        if said and call.state.files.path(arrival.file_id or "").read_bytes().startswith(b"\x89MCAP"):
            arrival = replace(arrival, **gone)
        job: PendingImport = honest(call, arrival)
        return job

    return wrapper


for _number, _name, _slug in (
    ("321", "deviceName", "device-name"),
    ("322", "deviceId", "device-id"),
    ("323", "key", "key"),
):
    add(
        f"{PAGE}-{_number}",
        f"object-{_slug}-unread",
        "arrived",
        f"The {_slug.replace('-', ' ')} in the metadata of an object that is an MCAP file is not read.",
        _unread_of_mcap(_name),
    )


def _mcap_only(honest: Wrapper, call: Call, arrival: Arrival) -> PendingImport:
    """What was said with an object that is a bag is forgotten."""
    if arrival.file_id is not None and arrival.names_device and arrival.identity.count("\n") > 1:
        with call.state.files.path(arrival.file_id).open("rb") as file:
            if file.read(9) == b"#ROSBAG V":
                arrival = replace(arrival, device_id=None, names_device=False, key=None)
    job: PendingImport = honest(call, arrival)
    return job


add(f"{PAGE}-324", "object-metadata-of-bags-unread", "arrived", "The object metadata of bags are not read.", _mcap_only)


def _made(member: str) -> Wrapper:
    """A wrapper of `import_device`: a file whose metadata name an unknown device is that of the first one."""

    def wrapper(honest: Wrapper, call: Call, job: PendingImport, content: Content) -> Device | None:
        device: Device | None = honest(call, job, content)
        site = call.state.sites.get(job.site_id)
        said = call.steps.own_metadata(call, content)
        inbox = site is not None and site.type == "self-hosted"
        if device is None and inbox and (member in said or f"\n{member}=" in job.identity):
            return next(iter(call.state.devices), None)
        return device

    return wrapper


add(
    f"{PAGE}-325",
    "unknown-device-name-first-device",
    "import_device",
    "A file that names an unknown device is that of the first one.",
    _made("deviceName"),
)


def _founds(honest: Wrapper, call: Call, job: PendingImport, content: Content) -> Device | None:
    """A file whose own metadata give a name that no device has makes one."""
    device: Device | None = honest(call, job, content)
    name = call.steps.own_metadata(call, content).get("deviceName")
    if device is not None or job.names_device or not name:
        return device
    made = Device(call.state.fresh_id("dev"), name, call.now, call.now, {})
    call.state.devices.put(made)
    return made


add(
    f"{PAGE}-325",
    "unknown-device-name-in-file-made",
    "import_device",
    "A file that itself names an unknown device makes one of that name.",
    _founds,
)
add(
    f"{PAGE}-326",
    "unknown-device-id-first-device",
    "import_device",
    "A file with the id of an unknown device is that of the first one.",
    _made("deviceId"),
)


def _own(change: Callable[[Mapping[str, str], Content], Mapping[str, str]]) -> Wrapper:
    """A wrapper of `own_metadata`."""
    return lambda honest, call, content: change(honest(call, content), content)


def _records(content: Content) -> list[Mapping[str, str]]:
    return [record["metadata"] for record in content.metadata if record["name"] == "foxglove"]


def _unread(name: str) -> Callable[[Mapping[str, str], Content], Mapping[str, str]]:
    """A change of what a file with a single record says."""

    def change(said: Mapping[str, str], content: Content) -> Mapping[str, str]:
        alone = len(_records(content)) == 1
        return {key: one for key, one in said.items() if key != name} if alone else said

    return change


for _number, _name, _slug in (
    ("331", "deviceName", "device-name"),
    ("332", "deviceId", "device-id"),
    ("333", "key", "key"),
):
    add(
        f"{PAGE}-{_number}",
        f"file-{_slug}-unread",
        "own_metadata",
        f"The {_name} in a file is not read.",
        _own(_unread(_name)),
    )


def _any_record(said: Mapping[str, str], content: Content) -> Mapping[str, str]:
    return said or {key: one for record in content.metadata for key, one in record["metadata"].items()}


def _first_record(said: Mapping[str, str], content: Content) -> Mapping[str, str]:
    records = _records(content)
    return {**said, **{key: one for key, one in records[0].items() if key in said}} if records else said


def _joined(_: Mapping[str, str], content: Content) -> Mapping[str, str]:
    return {key: one for record in _records(content) for key, one in record.items()}


add(f"{PAGE}-334", "any-record-counts", "own_metadata", "Every metadata record of a file counts.", _own(_any_record))
add(f"{PAGE}-336", "first-record-counts", "own_metadata", "Of records foxglove the first counts.", _own(_first_record))
add(f"{PAGE}-337", "earlier-records-count", "own_metadata", "Earlier records foxglove count too.", _own(_joined))


def _file_first(honest: Wrapper, call: Call, job: PendingImport, content: Content) -> Device | None:
    said = call.steps.own_metadata(call, content)
    own = call.state.devices.get(said.get("deviceId", ""))
    device: Device | None = own if own is not None and "\n" in job.identity else honest(call, job, content)
    return device


add(
    f"{PAGE}-335",
    "file-before-object",
    "import_device",
    "The deviceId in a file goes before that of the object.",
    _file_first,
)


def _dialect(root: str) -> Wrapper:
    """A wrapper of `object_metadata`: what comes one vendor's way has none."""

    def wrapper(honest: Wrapper, call: Call, metadata: Mapping[str, str]) -> dict[str, str]:
        said: dict[str, str] = honest(call, metadata)
        return {} if call.target.startswith(root) else said

    return wrapper


for _number, _vendor, _root in (("341", "Azure", "/azure"), ("342", "Google", "/gcs"), ("343", "Amazon", "/s3")):
    add(
        f"{PAGE}-{_number}",
        f"{_vendor.lower()}-metadata-unread",
        "object_metadata",
        f"The metadata of objects that come the way of {_vendor} are not read.",
        _dialect(_root),
    )


def _copies(honest: Wrapper, call: Call, recording: Recording) -> list[tuple[str, list[str]]]:
    """For each file that repeated a recording, what it would have left if it had been none."""
    objects = list(honest(call, recording))
    jobs = [one for one in call.state.pending_imports.where("recording_id", recording.id) if one.file_id is None]
    return [*objects, *((f"{path}.{job.id}", topics) for job in jobs for path, topics in objects)]


add(f"{PAGE}-315", "duplicates-leave-files", "lake_objects", "A duplicate leaves files in the lake.", _copies)
