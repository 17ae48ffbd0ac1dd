"""Section "Download data": bodies that are refused, and members that are ignored."""

from collections.abc import Mapping, Sequence

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import JSON_BODY
from robowire_conformance.foxglove.instants import SECOND, zulu
from robowire_conformance.foxglove.judging import Page, require_rejected
from robowire_conformance.foxglove.selecting import Selection, compare, due
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.streaming import NAME, WORKS, stream, told

START_ALONE, END_ALONE = "FOXGLOVE-STREAM-126", "FOXGLOVE-STREAM-127"
SOURCE, ID_ALONE, NAME_ALONE = (f"FOXGLOVE-STREAM-{number}" for number in (132, 133, 134))
BODY, FURTHER = "FOXGLOVE-STREAM-136", "FOXGLOVE-STREAM-137"

TYPES: Mapping[str, tuple[str, Sequence[JSON]]] = {
    "FOXGLOVE-STREAM-141": ("topics", ("/robowire", 7, {"0": "/robowire"}, [7], [None], ["/robowire", ["/robowire"]])),
    "FOXGLOVE-STREAM-142": ("outputFormat", ("robowire", "MCAP", "bag", "", 7, ["mcap"])),
    "FOXGLOVE-STREAM-143": ("includeAttachments", ("yes", 1, ["true"], {})),
    "FOXGLOVE-STREAM-144": ("isHosted", ("yes", 1, ["true"], {})),
    "FOXGLOVE-STREAM-145": ("replayLookbackSeconds", ("ten", [1], {}, True)),
    "FOXGLOVE-STREAM-146": ("replayPolicy", ("robowire", "lastperchannel", 7, ["lastPerChannel"])),
    "FOXGLOVE-STREAM-147": ("deviceId", (7, True, ["robowire"], {})),
    "FOXGLOVE-STREAM-148": ("device.id", (7, True, ["robowire"], {})),
    "FOXGLOVE-STREAM-149": ("deviceName", (7, True, ["robowire"], {})),
    "FOXGLOVE-STREAM-150": ("device.name", (7, True, ["robowire"], {})),
    "FOXGLOVE-STREAM-151": ("start", ("yesterday", "", 7, ["2001-02-03T04:05:06Z"], "2001-02-30T04:05:06Z", "-PT1H")),
    "FOXGLOVE-STREAM-152": (
        "end",
        (7, ["2001-02-03T04:05:06Z"], "2001-02-30T04:05:06Z", "2001-02-03T04:05:06+5"),
    ),
    "FOXGLOVE-STREAM-153": ("importId", (7, True, ["robowire"], {})),
    "FOXGLOVE-STREAM-154": ("recordingId", (7, True, ["robowire"], {})),
    "FOXGLOVE-STREAM-155": ("recordingKey", (7, True, ["robowire"], {})),
    "FOXGLOVE-STREAM-156": ("key", (7, True, ["robowire"], {})),
}
"""Values that members do not take."""

DEVICES = frozenset({"deviceId", "device.id", "deviceName", "device.name"})
SOURCES = frozenset({"importId", "recordingId", "recordingKey", "key"})
"""Members that name what is asked for: they are asked for alone, so that nothing else is meant."""

BODIES = (START_ALONE, END_ALONE, SOURCE, ID_ALONE, NAME_ALONE, BODY, FURTHER, *TYPES)


def judge_bodies(shelf: Shelf) -> Page:
    """Judge what has to be refused beside what is not, and what makes no difference."""
    page = Page()
    held = shelf["plain"]
    start, end = zulu(held.span[0] - SECOND), zulu(held.span[1] + SECOND)
    recording, (device_id, name) = {"recordingId": held.id}, shelf.devices[0]
    with page.about(*BODIES):
        shelf.api.call(NAME, body=recording)
    if page.blocked(BODY):
        return page
    cases: Sequence[tuple[str, Mapping[str, JSON], str]] = (
        (START_ALONE, {**recording, "start": start}, "start and no end"),
        (START_ALONE, {"deviceId": device_id, "start": start}, "deviceId, start and no end"),
        (END_ALONE, {**recording, "end": end}, "end and no start"),
        (END_ALONE, {"deviceName": name, "end": end}, "deviceName, end and no start"),
        (SOURCE, {}, "no members"),
        (SOURCE, {"start": start, "end": end}, "a range alone"),
        (SOURCE, {"topics": ["/robowire"], "outputFormat": "mcap"}, "topics and a format alone"),
        (ID_ALONE, {"deviceId": device_id}, "deviceId alone"),
        (NAME_ALONE, {"deviceName": name}, "deviceName alone"),
    )
    for requirement, body, text in cases:
        with page.about(requirement):
            reply = shelf.api.ask(NAME, body=dict(body))
            require_rejected(reply, f"A request for data with {text} is not refused", requirement)
            page.saw(requirement)
    with page.about(BODY):
        _judge_no_body(shelf, page)
    with page.about(FURTHER):
        _judge_further(shelf, page)
    for requirement in TYPES:
        with page.about(requirement):
            _judge_type(shelf, page, requirement, {"start": start, "end": end})
    return page


def _judge_no_body(shelf: Shelf, page: Page) -> None:
    for reply in (shelf.api.ask(NAME), shelf.api.ask(NAME, content=b"", headers=JSON_BODY)):
        require_rejected(reply, "A request for data without a body is not refused", BODY)
    page.saw(BODY)


def _judge_further(shelf: Shelf, page: Page) -> None:
    """Members that clients send and the document does not have."""
    held = shelf["plain"]
    further: Mapping[str, JSON] = {"compressionFormat": "lz4", "projectId": "prj_robowire", "robowire": {"a": [1]}}
    for asked in (*({name: value} for name, value in further.items()), further):
        streamed = stream(shelf.api, {"recordingId": held.id, **asked})
        difference = compare(due([held.contents], Selection()), streamed.require(FURTHER).messages)
        if difference:
            page.fault(FURTHER, streamed.fault(*told(difference)))
        else:
            page.saw(FURTHER)


def _judge_type(shelf: Shelf, page: Page, requirement: str, times: Mapping[str, JSON]) -> None:
    """A value of another type is refused although a request without it is fine."""
    member, values = TYPES[requirement]
    body: dict[str, JSON] = {"recordingId": shelf["plain"].id, **(times if member in {"start", "end"} else {})}
    if not shelf.api.ask(NAME, body=body).done:
        page.block(requirement, reason=f"{WORKS}, which it needs, fails")
        return
    if member in DEVICES:
        body = dict(times)
    elif member in SOURCES:
        body = {}
    for value in values:
        reply = shelf.api.ask(NAME, body={**body, member: value})
        require_rejected(reply, f"A request for data with the {member} {value!r} is not refused", requirement)
        page.saw(requirement)
