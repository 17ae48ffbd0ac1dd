"""Files in the lake buckets of self-hosted sites (section "Lake files").

Where the document is silent: an object's path is made of the device, the recording and the topic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from robowire_mocks.foxglove import references
from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

SITE_TYPE: str = "self-hosted"
"""The type of site that has a lake bucket."""

LONGEST: int = 24 * 60 * 60 * SECOND
"""How long the range of a request may be, in ns."""

_PARAMETERS = (
    Member("siteId", required=True),  # FOXGLOVE-LAKE-101
    # The aliases are not documented here; they are taken as everywhere.
    *references.MEMBERS,
    Member("recordingId"),
    Member("recordingKey"),
    Member("start", Kind.MOMENT),
    Member("end", Kind.MOMENT),
    Member("topic"),
)


def list_lake_files(call: Call) -> list[dict[str, Any]]:
    """The files that are asked for, recording by recording."""
    # FOXGLOVE-LAKE-001
    asked = call.steps.parameters(call, _PARAMETERS)
    call.steps.lake_request(call, asked)
    call.steps.lake_site(call, asked)
    return [
        {"path": path, "topics": topics}  # FOXGLOVE-LAKE-201, FOXGLOVE-LAKE-202
        for one in call.steps.lake_recordings(call, asked)
        for path, topics in call.steps.lake_objects(call, one)
        if asked.get("topic") in {None, *topics}  # FOXGLOVE-LAKE-111
    ]


def lake_request(call: Call, asked: Mapping[str, Any]) -> None:  # noqa: ARG001  # a step gets the call
    """Nothing, if the parameters go together.

    Raises:
        BadRequest: They do not.
    """
    by_recording = "recordingId" in asked or "recordingKey" in asked
    if not by_recording and not references.said(asked):
        raise BadRequest("a device or a recording is required")  # FOXGLOVE-LAKE-112
    if ("start" in asked) != ("end" in asked):
        raise BadRequest("start and end go together")  # FOXGLOVE-LAKE-109, FOXGLOVE-LAKE-110
    # FOXGLOVE-LAKE-117
    if not by_recording and "start" not in asked:
        raise BadRequest("start and end are required with a device")  # FOXGLOVE-LAKE-113, FOXGLOVE-LAKE-114
    # FOXGLOVE-LAKE-116
    if "start" in asked and asked["end"] - asked["start"] > LONGEST:
        raise BadRequest("start and end are more than 24 hours apart")  # FOXGLOVE-LAKE-115


def lake_site(call: Call, asked: Mapping[str, Any]) -> None:
    """Nothing, if the site has a lake bucket.

    Raises:
        NotFound: There is no such site.
        BadRequest: It is not self-hosted.
    """
    site = call.state.sites.get(asked["siteId"])
    if site is None:
        raise NotFound(f"there is no site {asked['siteId'][:80]!r}")
    if site.type != SITE_TYPE:
        raise BadRequest("lake files are those of self-hosted sites")  # FOXGLOVE-LAKE-301


def lake_recordings(call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    """The recordings that were imported to the site, as far as they are asked for."""
    # FOXGLOVE-LAKE-103, FOXGLOVE-LAKE-104, FOXGLOVE-LAKE-105, FOXGLOVE-LAKE-106
    # FOXGLOVE-LAKE-107, FOXGLOVE-LAKE-108
    found = call.steps.recordings_of(call, asked)
    return [one for one in found if one.complete and one.site_id == asked["siteId"]]  # FOXGLOVE-LAKE-102


def lake_objects(call: Call, recording: Recording) -> Iterator[tuple[str, list[str]]]:
    """Path and topics of the files of a recording: one for each topic."""
    # FOXGLOVE-LAKE-302, FOXGLOVE-LAKE-303, FOXGLOVE-LAKE-304, FOXGLOVE-LAKE-307
    try:
        recorded = call.state.reading.recorded(call.state.files, recording)
        topics = sorted({channel.topic for channel in recorded.channels})
    except NotFound:
        topics = sorted(recording.topics)
    for topic in topics:
        yield f"{folder(recording)}/topics/{quote(topic, safe='')}.mcap", [topic]


def folder(recording: Recording) -> str:
    """Where the objects of a recording are in the bucket."""
    return f"{recording.device_id or 'no-device'}/{recording.id}"
