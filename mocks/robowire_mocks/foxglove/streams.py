"""Data of recordings as a file (section "Download data").

Where the document is silent: without outputFormat the data are MCAP; metadata records go with them, and attachments
whatever their time; a range that ends before it begins is refused, and so are data of a recording that is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove import references
from robowire_mocks.foxglove.errors import BadRequest, NotFound
from robowire_mocks.foxglove.links import check, signed
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.streaming import StreamRequest
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

LINK_S: int = 15
"""How long the link to data works, in seconds."""

STREAMS: str = "/files/streams"
"""Where the links lead; the API itself is elsewhere."""

_BAG = "bag1"
_RECORDING = ("recordingId", "recordingKey", "key", "importId")
_MEMBERS = (
    Member("topics", Kind.STRINGS),  # FOXGLOVE-STREAM-141
    Member("outputFormat", one_of=("mcap", "mcap0", _BAG)),  # FOXGLOVE-STREAM-142
    Member("includeAttachments", Kind.BOOLEAN),  # FOXGLOVE-STREAM-143
    Member("isHosted", Kind.BOOLEAN),  # FOXGLOVE-STREAM-112, FOXGLOVE-STREAM-144: it changes nothing
    Member("replayLookbackSeconds", Kind.NUMBER, least=0),  # FOXGLOVE-STREAM-117, FOXGLOVE-STREAM-145
    Member("replayPolicy", one_of=("lastPerChannel", "")),  # FOXGLOVE-STREAM-146
    *references.MEMBERS,  # FOXGLOVE-STREAM-147 to FOXGLOVE-STREAM-150
    Member("start", Kind.MOMENT),  # FOXGLOVE-STREAM-151
    Member("end", Kind.MOMENT),  # FOXGLOVE-STREAM-152
    # FOXGLOVE-STREAM-153 to FOXGLOVE-STREAM-156
    *map(Member, _RECORDING),
)


def stream_data(call: Call) -> dict[str, Any]:
    """A link to the data that are asked for."""
    # FOXGLOVE-STREAM-001, FOXGLOVE-STREAM-136, FOXGLOVE-STREAM-137
    given = call.steps.read(call, call.steps.body(call), _MEMBERS)
    call.steps.stream_rules(call, given)
    recordings = call.steps.stream_recordings(call, given)
    call.steps.stream_formats(call, given, recordings)
    request = call.steps.stream_request(call, given, recordings)
    return {"link": call.steps.stream_link(call, request)}  # FOXGLOVE-STREAM-201


def stream_rules(call: Call, given: Mapping[str, Any]) -> None:  # noqa: ARG001  # a step gets the call
    """Nothing, if the members go together.

    Raises:
        BadRequest: They do not.
    """
    if ("start" in given) != ("end" in given):
        raise BadRequest("start and end go together")  # FOXGLOVE-STREAM-126, FOXGLOVE-STREAM-127
    if "start" in given and given["end"] < given["start"]:
        raise BadRequest("end is before start")
    if not any(name in given for name in _RECORDING):
        if not references.said(given):
            raise BadRequest("a recording or a device is required")  # FOXGLOVE-STREAM-132
        if "start" not in given:
            # FOXGLOVE-STREAM-133, FOXGLOVE-STREAM-134
            raise BadRequest("start and end are required with a device")
    if given.get("includeAttachments"):
        if "recordingId" not in given and "importId" not in given:
            raise BadRequest("includeAttachments needs recordingId or importId")  # FOXGLOVE-STREAM-109
        if given.get("outputFormat") == _BAG:
            raise BadRequest("bags have no attachments")  # FOXGLOVE-STREAM-110


def stream_recordings(call: Call, given: Mapping[str, Any]) -> list[Recording]:
    """The recordings whose data are asked for: one, or those of a device within the range and the time before it.

    Raises:
        NotFound: There is no such recording or device.
        BadRequest: The recording is not imported.
    """
    # FOXGLOVE-STREAM-118 to FOXGLOVE-STREAM-123, FOXGLOVE-STREAM-128 to FOXGLOVE-STREAM-131, FOXGLOVE-STREAM-310
    if references.said(given) and call.steps.reference(call, given) is None:
        raise NotFound("there is no such device")
    named = {name: value for name, value in given.items() if name not in {"start", "end"}}
    found = call.steps.recordings_of(call, named)
    if any(name in given for name in _RECORDING):
        if not found:
            raise NotFound("there is no such recording")
        if not found[0].complete:
            raise BadRequest(f"the recording {found[0].id} is not imported")
        return found
    earliest = min(given["start"], _since(given) or given["start"])
    return [one for one in found if one.complete and _overlaps(one, earliest, given["end"])]


def _overlaps(recording: Recording, start: int, end: int) -> bool:
    return (
        recording.start is not None and recording.end is not None and recording.start <= end and recording.end >= start
    )


def _since(given: Mapping[str, Any]) -> int | None:
    """From when on the last messages before the range are asked for, if they are."""
    # FOXGLOVE-STREAM-114
    if "start" not in given or given.get("replayPolicy") != "lastPerChannel":
        return None
    # FOXGLOVE-STREAM-115, FOXGLOVE-STREAM-116
    seconds = min(given.get("replayLookbackSeconds", 0), 1e12)
    since: int = given["start"] - round(seconds * SECOND)
    return since


def stream_formats(call: Call, given: Mapping[str, Any], recordings: list[Recording]) -> None:  # noqa: ARG001  # as above
    """Nothing, if the recordings can be had in the format that is asked for.

    Raises:
        BadRequest: They cannot.
    """
    # FOXGLOVE-STREAM-107
    if given.get("outputFormat") == _BAG and any(one.input_type != _BAG for one in recordings):
        raise BadRequest("only what was uploaded as a bag can be had as a bag")


def stream_request(call: Call, given: Mapping[str, Any], recordings: list[Recording]) -> StreamRequest:  # noqa: ARG001  # as above
    """What the link will give."""
    topics = given.get("topics")
    return StreamRequest(
        recordings=tuple(one.id for one in recordings),
        start=given.get("start"),  # FOXGLOVE-STREAM-124, FOXGLOVE-STREAM-135
        end=given.get("end"),  # FOXGLOVE-STREAM-125
        topics=frozenset(topics) if topics else None,  # FOXGLOVE-STREAM-101, FOXGLOVE-STREAM-102, FOXGLOVE-STREAM-103
        since=_since(given),  # FOXGLOVE-STREAM-113
        # FOXGLOVE-STREAM-108, FOXGLOVE-STREAM-111, FOXGLOVE-STREAM-309, FOXGLOVE-ATTACHMENTS-325
        attachments=given.get("includeAttachments", False),
        # FOXGLOVE-STREAM-104, FOXGLOVE-STREAM-105, FOXGLOVE-STREAM-106
        bag=given.get("outputFormat") == _BAG,
    )


def stream_link(call: Call, request: StreamRequest) -> str:
    """Where the data are, for a while."""
    # FOXGLOVE-STREAM-302
    stream_id = call.state.fresh_id("str")
    call.state.reading.streams.put(stream_id, request, call.now + LINK_S * SECOND, call.now)
    return signed(call, f"{STREAMS}/{stream_id}{'.bag' if request.bag else '.mcap'}", LINK_S)


def stream_at(call: Call) -> StreamRequest:
    """The request whose link was called.

    Raises:
        LinkInvalid: No such link was given.
        LinkExpired: It is over.
        NotFound: The mock was reset meanwhile.
    """
    check(call, f"{STREAMS}/{call.path['name']}")
    request = call.state.reading.streams.get(call.path["name"].rpartition(".")[0])
    if request is None:
        raise NotFound("there is no such stream")
    return request


def stream_pieces(call: Call, request: StreamRequest) -> Iterator[bytes]:
    """The data, piece by piece.

    Raises:
        NotFound: A recording was deleted meanwhile.
    """
    # FOXGLOVE-STREAM-002, FOXGLOVE-STREAM-301, FOXGLOVE-STREAM-306, FOXGLOVE-STREAM-307, FOXGLOVE-STREAM-308
    from robowire_mocks.formats.mcap_cut import Cut, pieces  # brings numpy
    from robowire_mocks.formats.rosbag1_cut import bag_pieces  # as above

    rows = [call.state.recordings.get(one) for one in request.recordings]
    if not all(row is not None and row.complete for row in rows):
        raise NotFound("the recording was deleted")
    recordings = [call.state.reading.recorded(call.state.files, row) for row in rows if row is not None]
    bounds = {"first_ns": request.start, "last_ns": request.end}
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    cut = Cut(**given, topics=request.topics, since_ns=request.since, attachments=request.attachments)
    return bag_pieces(recordings, cut) if request.bag else pieces(recordings, cut)
