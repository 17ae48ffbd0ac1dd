"""Attachments of recordings (section "Recording attachments")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.core.answer import NO_STORE, Answer
from robowire_mocks.foxglove import lake_files, references
from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.links import check, signed
from robowire_mocks.foxglove.members import Member
from robowire_mocks.foxglove.paging import Rows, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from robowire_mocks.foxglove.attached import Attachment
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording
    from robowire_mocks.foxglove.store import SortKey

LINK_S: int = 15 * 60
"""How long the link to an attachment works, in seconds (section "Download an attachment")."""

ATTACHMENTS: str = "/files/attachments"
"""Where the links lead; the API itself is elsewhere."""

_PARAMETERS = (Member("recordingId"), Member("siteId"), *references.MEMBERS)


def list_attachments(call: Call) -> list[dict[str, Any]]:
    """The attachments of the page that is asked for."""
    # FOXGLOVE-ATTACHMENTS-001
    asked = call.steps.parameters(call, _PARAMETERS)
    keys = call.steps.attachment_keys(call)
    page = call.steps.page(call, keys)
    found = Rows(call.steps.attachments_of(call, call.steps.attachment_recordings(call, asked)))
    return [call.steps.attachment(call, one) for one in listed(call, found, page, keys)]


def get_attachment(call: Call) -> dict[str, Any]:
    """The attachment with the path's id."""
    # FOXGLOVE-ATTACHMENTS-002, FOXGLOVE-ATTACHMENTS-141
    shown: dict[str, Any] = call.steps.attachment(call, call.steps.attachment_at(call))
    return shown


def download_attachment(call: Call) -> Answer:
    """Where the content of the attachment with the path's id is."""
    # FOXGLOVE-ATTACHMENTS-003, FOXGLOVE-ATTACHMENTS-142
    link = call.steps.attachment_link(call, call.steps.attachment_at(call))
    return Answer(302, b"", {"Location": link, **NO_STORE})


def attachment_keys(call: Call) -> dict[str, SortKey]:  # noqa: ARG001  # a step gets the call
    """What attachments are sorted by."""
    return {"logTime": lambda one: one.attached.log_time_ns}  # FOXGLOVE-ATTACHMENTS-111


def attachment_recordings(call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    """The recordings whose attachments are asked for."""
    # FOXGLOVE-ATTACHMENTS-101, FOXGLOVE-ATTACHMENTS-103, FOXGLOVE-ATTACHMENTS-104, FOXGLOVE-ATTACHMENTS-105
    # FOXGLOVE-ATTACHMENTS-106, FOXGLOVE-ATTACHMENTS-107, FOXGLOVE-ATTACHMENTS-108
    found = call.steps.recordings_of(call, {name: value for name, value in asked.items() if name != "siteId"})
    # FOXGLOVE-ATTACHMENTS-102
    return [one for one in found if asked.get("siteId") in {None, one.site_id}]


def attachments_of(call: Call, recordings: Iterable[Recording]) -> Iterator[Attachment]:
    """The attachments of those that are imported."""
    # FOXGLOVE-ATTACHMENTS-301
    return call.state.reading.attached.of(call.state, recordings)


def attachment_at(call: Call) -> Attachment:
    """The attachment with the path's id.

    Raises:
        NotFound: There is none.
    """
    wanted = call.path["id"]
    for one in call.state.reading.attached.of(call.state, call.state.recordings):
        if one.id == wanted:
            return one
    # FOXGLOVE-ATTACHMENTS-004, FOXGLOVE-ATTACHMENTS-005
    raise NotFound(f"there is no attachment {wanted[:80]!r}")


def attachment_link(call: Call, one: Attachment) -> str:
    """Where the content is, for a while."""
    # FOXGLOVE-ATTACHMENTS-322
    return signed(call, f"{ATTACHMENTS}/{one.id}", LINK_S)


def attachment(call: Call, one: Attachment) -> dict[str, Any]:
    """An attachment as answers show it."""
    attached, recording = one.attached, one.recording
    shown = {
        "id": one.id,  # FOXGLOVE-ATTACHMENTS-201
        "recordingId": recording.id,  # FOXGLOVE-ATTACHMENTS-202, FOXGLOVE-ATTACHMENTS-302
        "siteId": recording.site_id or "",  # FOXGLOVE-ATTACHMENTS-203, FOXGLOVE-ATTACHMENTS-303
        "name": attached.name,  # FOXGLOVE-ATTACHMENTS-204, FOXGLOVE-ATTACHMENTS-304
        "mediaType": attached.media_type,  # FOXGLOVE-ATTACHMENTS-205, FOXGLOVE-ATTACHMENTS-305
        "logTime": call.steps.zulu(call, attached.log_time_ns),  # FOXGLOVE-ATTACHMENTS-206, FOXGLOVE-ATTACHMENTS-306
        # FOXGLOVE-ATTACHMENTS-207, FOXGLOVE-ATTACHMENTS-307
        "createTime": call.steps.zulu(call, attached.create_time_ns),
        "crc": attached.crc,  # FOXGLOVE-ATTACHMENTS-208, FOXGLOVE-ATTACHMENTS-308
        "size": attached.size,  # FOXGLOVE-ATTACHMENTS-209, FOXGLOVE-ATTACHMENTS-309
        "fingerprint": one.fingerprint,  # FOXGLOVE-ATTACHMENTS-210, FOXGLOVE-ATTACHMENTS-310
    }
    site = call.state.sites.get(recording.site_id or "")
    if site is not None and site.type == lake_files.SITE_TYPE:
        # FOXGLOVE-ATTACHMENTS-211, FOXGLOVE-ATTACHMENTS-311
        shown["lakePath"] = f"{lake_files.folder(recording)}/attachments/{one.id}"
    return shown


def attachment_content(call: Call) -> Iterator[bytes]:
    """The content behind a link that `attachment_link` gave, piece by piece.

    Raises:
        LinkInvalid: It gave no such link.
        LinkExpired: It is over.
        NotFound: The attachment was deleted meanwhile.
    """
    # FOXGLOVE-ATTACHMENTS-321
    check(call, f"{ATTACHMENTS}/{call.path['id']}")
    one = call.steps.attachment_at(call)
    recorded = call.state.reading.recorded(call.state.files, one.recording)
    return recorded.attachment_data(one.attached)
