"""Uploading a recording in two requests: one for a link, one that puts the file there (section "Upload a recording").

Where the document is silent: a link works for an hour; the file may be put again as long as it is the same, so that a
client that missed the answer may try once more; a file of any Content-Type is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import UPLOAD_SITE_TYPE

from robowire_mocks.core.answer import NO_STORE, Answer
from robowire_mocks.foxglove import references
from robowire_mocks.foxglove.errors import BadRequest, Conflict, NotFound
from robowire_mocks.foxglove.importing import Arrival
from robowire_mocks.foxglove.members import Member
from robowire_mocks.foxglove.rows import Upload
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.files import StoredFile
    from robowire_mocks.foxglove.rows import Site

LINK_S: int = 60 * 60
"""How long a link works, in seconds."""

UPLOADS: str = "/uploads"
"""Where links lead; the API itself is elsewhere."""

_MEMBERS = (
    # FOXGLOVE-UPLOAD-117 to FOXGLOVE-UPLOAD-120
    *references.MEMBERS,
    Member("filename", required=True, shortest=1),  # FOXGLOVE-UPLOAD-101, FOXGLOVE-UPLOAD-102
    Member("key", shortest=1),  # FOXGLOVE-UPLOAD-110, FOXGLOVE-UPLOAD-121
)


def upload_data(call: Call) -> dict[str, Any]:
    """A link to put a file to."""
    # FOXGLOVE-UPLOAD-001
    given = call.steps.read(call, call.steps.body(call), _MEMBERS)  # FOXGLOVE-UPLOAD-114, FOXGLOVE-UPLOAD-116
    call.steps.upload_site(call)
    upload = call.steps.new_upload(call, given)
    call.state.uploads.put(upload)
    return {
        "link": call.steps.upload_link(call, upload),  # FOXGLOVE-UPLOAD-201
        "requestId": upload.id,  # FOXGLOVE-UPLOAD-202
    }


def upload_site(call: Call) -> Site:
    """The site that uploads go to: the first of those that Foxglove hosts.

    Raises:
        BadRequest: There is none.
    """
    # FOXGLOVE-UPLOAD-309
    site = next((site for site in call.state.sites if site.type == UPLOAD_SITE_TYPE), None)
    if site is None:
        raise BadRequest(
            "the organisation has no foxglove-hosted site to upload to: use the inbox of a self-hosted one"
        )
    return site


def new_upload(call: Call, given: dict[str, Any]) -> Upload:
    """What is to be known of the file before it comes.

    Raises:
        BadRequest: Neither a device nor a key is given, or id and name are those of two devices.
        NotFound: There is no such device.
    """
    device = None
    if references.said(given):
        # FOXGLOVE-UPLOAD-103 to FOXGLOVE-UPLOAD-108, FOXGLOVE-UPLOAD-112, FOXGLOVE-UPLOAD-115
        device = references.needed(call, given)
    elif "key" not in given:
        raise BadRequest("one of deviceId, deviceName and key is required")  # FOXGLOVE-UPLOAD-111
    # FOXGLOVE-UPLOAD-109, FOXGLOVE-UPLOAD-113, FOXGLOVE-UPLOAD-303
    request_id = call.state.fresh_id("req")
    return Upload(request_id, call.now, given["filename"], device.id if device else None, given.get("key"))


def upload_link(call: Call, upload: Upload) -> str:
    """Where the file is to be put; the link needs no credentials."""
    # FOXGLOVE-UPLOAD-304, FOXGLOVE-UPLOAD-305
    path = call.state.links.sign(f"{UPLOADS}/{upload.id}", call.now + LINK_S * SECOND)
    return f"{call.origin}{path}"


def upload_at(call: Call) -> Upload:
    """The upload whose link was called.

    Raises:
        LinkInvalid: No such link was given.
        LinkExpired: It is over.
        NotFound: Its upload is gone.
    """
    # FOXGLOVE-UPLOAD-308
    given = call.query.get("expires", ""), call.query.get("signature", "")
    call.state.links.check(f"{UPLOADS}/{call.path['id']}", *given, call.now)
    upload = call.state.uploads.get(call.path["id"])
    if upload is None:
        raise NotFound("there is no such upload")
    return upload


def upload_came(call: Call, upload: Upload, stored: StoredFile) -> Answer:
    """The file is here: its import begins, unless it came before.

    Raises:
        Conflict: Another file came before.
    """
    before = call.state.pending_imports.get(upload.id)
    identity = f"{upload.id} {stored.sha256}"
    if before is not None:
        call.state.files.remove(stored.id)
        if before.identity != identity:
            raise Conflict("another file was put to this link before")
    else:
        arrival = Arrival(
            request_id=upload.id,  # FOXGLOVE-PENDING-302
            identity=identity,
            filename=upload.filename,  # FOXGLOVE-PENDING-303
            site_id=call.steps.upload_site(call).id,  # FOXGLOVE-PENDING-305
            file_id=stored.id,
            size=stored.size,
            device_id=upload.device_id,  # FOXGLOVE-PENDING-304
            names_device=upload.device_id is not None,
            key=upload.key,
        )
        call.steps.arrived(call, arrival)
    # FOXGLOVE-UPLOAD-002, FOXGLOVE-UPLOAD-302, FOXGLOVE-UPLOAD-307
    return Answer(200, b"", NO_STORE)
