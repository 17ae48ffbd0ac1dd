"""The inbox bucket of a self-hosted site: a file that is uploaded to it is imported (page "Manage data").

Where the document is silent: a device or key that was named with the object goes before what the file itself says, as
a whole; of a device's id and its name the id counts. The same object that arrives again with the same metadata is
one arrival.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_fixtures.foxglove import INBOX_SITE_TYPE

from robowire_mocks.foxglove import importing
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.importing import Arrival

if TYPE_CHECKING:
    from collections.abc import Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.files import StoredFile
    from robowire_mocks.foxglove.rows import Site

DEFAULT_BUCKET: str = "inbox"
"""The bucket of the first self-hosted site, unless the world names buckets."""

# FOXGLOVE-MANAGE-321, FOXGLOVE-MANAGE-322, FOXGLOVE-MANAGE-323
METADATA: Mapping[str, str] = {
    "foxglove_device_name": "deviceName",
    "foxglove_device_id": "deviceId",
    "foxglove_key": "key",
}
"""The object metadata that count, and what they are called in a file's own metadata."""


def inbox_site(call: Call, bucket: str) -> Site:
    """The site whose inbox a bucket is.

    Raises:
        NotFound: There is no such bucket.
    """
    named = {entry.bucket: entry.site for entry in call.state.world.inbox}
    own = next((site.id for site in call.state.sites if site.type == INBOX_SITE_TYPE), "")
    site = call.state.sites.get((named or {DEFAULT_BUCKET: own}).get(bucket, ""))
    if site is None:
        raise NotFound(f"there is no bucket {bucket[:80]!r}")
    return site


def object_metadata(call: Call, metadata: Mapping[str, str]) -> dict[str, str]:  # noqa: ARG001  # a step gets the call
    """What an object's metadata say of its file, under the names that a file's own have; others are left out."""
    return {METADATA[name]: value for name, value in metadata.items() if name in METADATA and value}


def object_came(call: Call, bucket: str, name: str, metadata: Mapping[str, str], stored: StoredFile) -> None:
    """An object is in a bucket, whole: its import begins, unless it came before.

    Raises:
        NotFound: There is no such bucket.
    """
    # FOXGLOVE-MANAGE-301, FOXGLOVE-MANAGE-324
    # FOXGLOVE-MANAGE-341, FOXGLOVE-MANAGE-342, FOXGLOVE-MANAGE-343
    site = call.steps.inbox_site(call, bucket)
    said = call.steps.object_metadata(call, metadata)
    identity = "\n".join((bucket, name, stored.sha256, *(f"{key}={said[key]}" for key in sorted(said))))
    if call.steps.came_before(call, identity):
        call.state.files.remove(stored.id)
        return
    device = importing.device_named(call, said)
    arrival = Arrival(
        request_id=call.state.fresh_id("req"),
        identity=identity,
        filename=name,
        site_id=site.id,
        file_id=stored.id,
        size=stored.size,
        # FOXGLOVE-MANAGE-325, FOXGLOVE-MANAGE-326
        device_id=None if device is None else device.id,
        names_device=not said.keys().isdisjoint({"deviceId", "deviceName"}),
        key=said.get("key"),
    )
    call.steps.arrived(call, arrival)


def came_before(call: Call, identity: str) -> bool:
    """Whether the same file was received before, and is a recording or becomes one."""
    # FOXGLOVE-MANAGE-316
    state = call.state
    return any(
        job.running or (job.status == "complete" and job.recording_id in state.recordings)
        for job in state.pending_imports.where("identity", identity)
    )
