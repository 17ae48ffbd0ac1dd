"""Section "Download data": the format of the data, and the attachments in them."""

from collections.abc import Iterable

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.contents import Attachment, Kind
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.judging import WRONG, Page
from robowire_conformance.foxglove.selecting import Selection, compare, due
from robowire_conformance.foxglove.shelf import Held, Shelf
from robowire_conformance.foxglove.streaming import stream, told

MCAP, MCAP0, BAG, NO_BAG = (f"FOXGLOVE-STREAM-{number}" for number in range(104, 108))
ATTACHED, UNNAMED, BAG_ATTACHED, IMPORT_ATTACHED, HOSTED = (f"FOXGLOVE-STREAM-{number}" for number in range(108, 113))
UNATTACHED = "FOXGLOVE-STREAM-309"
WITH_RECORDING = "FOXGLOVE-ATTACHMENTS-325"
BESIDE = 500
"""Nanoseconds between a message and an end of a range that is not about edges."""

OUTPUTS = (MCAP, MCAP0, BAG, NO_BAG, ATTACHED, UNNAMED, BAG_ATTACHED, IMPORT_ATTACHED, HOSTED, UNATTACHED)


def judge_output(shelf: Shelf) -> Page:
    """Judge formats, attachments, and the rules between them."""
    page = Page()
    for requirement, name in ((MCAP, "mcap"), (MCAP0, "mcap0")):
        with page.about(requirement):
            for hint in ("chunked", "bag"):
                _judge_format(page, requirement, shelf, shelf[hint], name, Kind.MCAP)
    with page.about(BAG):
        _judge_format(page, BAG, shelf, shelf["bag"], "bag1", Kind.BAG)
    with page.about(NO_BAG):
        _judge_refused(page, NO_BAG, shelf, {"recordingId": shelf["chunked"].id, "outputFormat": "bag1"})
    with page.about(HOSTED):
        for hosted in (True, False):
            _judge_hosted(page, shelf, hosted=hosted)
    _judge_attachments(shelf, page)
    return page


def _judge_format(page: Page, requirement: str, shelf: Shelf, held: Held, name: str, kind: Kind) -> None:
    """A recording in a format: the format, and that it is the whole recording still, cut or not."""
    middle = sum(held.span) // 2
    for selection in (Selection(), Selection(held.span[0] - BESIDE, middle)):
        streamed = stream(shelf.api, {"recordingId": held.id, "outputFormat": name, **selection.body()})
        contents = streamed.require(requirement)
        difference = compare(due([held.contents], selection), contents.messages)
        if contents.kind is not kind:
            text = f"With outputFormat {name} the data are of another format"
            page.fault(requirement, streamed.fault(text, kind, contents.kind))
        elif difference:
            page.fault(requirement, streamed.fault(*told(difference)))
        else:
            page.saw(requirement)


def _judge_refused(page: Page, requirement: str, shelf: Shelf, body: dict[str, JSON]) -> None:
    streamed = stream(shelf.api, body)
    if streamed.refused:
        page.saw(requirement)
        return
    members = ", ".join(f"{name} {value}" for name, value in body.items() if name not in {"start", "end"})
    status = streamed.reply.status if streamed.answer is None else streamed.answer.status
    page.fault(requirement, streamed.fault(f"A request for data with {members} is not refused", WRONG, status))


def _judge_hosted(page: Page, shelf: Shelf, *, hosted: bool) -> None:
    streamed = stream(shelf.api, {"recordingId": shelf["plain"].id, "isHosted": hosted})
    streamed.require(HOSTED)
    page.saw(HOSTED)


def _judge_attachments(shelf: Shelf, page: Page) -> None:
    held = shelf["chunked"]
    with page.about(ATTACHED, WITH_RECORDING):
        _judge_held(page, ATTACHED, shelf, held, {"recordingId": held.id})
        if not page.faulty(ATTACHED):
            page.saw(WITH_RECORDING)
    with page.about(IMPORT_ATTACHED):
        _judge_held(page, IMPORT_ATTACHED, shelf, held, {"importId": held.import_id})
    with page.about(UNATTACHED):
        body: dict[str, JSON] = {"recordingId": held.id}
        for asked in (body, {**body, "includeAttachments": False}):
            streamed = stream(shelf.api, asked)
            names = [one.name for one in streamed.require().attachments]
            if names:
                page.fault(UNATTACHED, streamed.fault("There are attachments that were not asked for", [], names))
            else:
                page.saw(UNATTACHED)
    with page.about(UNNAMED):
        for body in _unnamed(shelf, held):
            stream(shelf.api, body).require()
            _judge_refused(page, UNNAMED, shelf, {**body, "includeAttachments": True})
    with page.about(BAG_ATTACHED):
        body = {"recordingId": shelf["bag"].id, "outputFormat": "bag1"}
        stream(shelf.api, body).require(BAG)
        _judge_refused(page, BAG_ATTACHED, shelf, {**body, "includeAttachments": True})


def _unnamed(shelf: Shelf, held: Held) -> Iterable[dict[str, JSON]]:
    """Requests that name neither a recording's id nor an import's."""
    start, end = held.span
    yield {"deviceId": shelf.devices[0][0], **Selection(start - SECOND, end + SECOND).body()}
    yield {"recordingKey": held.key}


def _judge_held(page: Page, requirement: str, shelf: Shelf, held: Held, body: dict[str, JSON]) -> None:
    """The attachments of the recording are in the data, each once and unaltered, beside all messages."""
    asked: dict[str, JSON] = {**body, "includeAttachments": True}
    for more in ({}, {} if page.faulty(MCAP) else {"outputFormat": "mcap"}):
        streamed = stream(shelf.api, {**asked, **more})
        contents = streamed.require(requirement)
        difference = compare(due([held.contents], Selection()), contents.messages)
        wanted, got = _described(held.contents.attachments), _described(contents.attachments)
        if wanted != got:
            text = "The attachments in the data are not those of the recording"
            page.fault(requirement, streamed.fault(text, wanted, got))
        elif difference:
            page.fault(requirement, streamed.fault(*told(difference)))
        else:
            page.saw(requirement)


def _described(attachments: Iterable[Attachment]) -> list[list[JSON]]:
    """Attachments as a report shows them, in no order."""
    members = ([one.name, one.media_type, one.log_time, one.create_time, one.data.hex()] for one in attachments)
    return sorted(members, key=str)
