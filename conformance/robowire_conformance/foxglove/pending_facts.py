"""Section "List pending imports": what a pending import tells, held to the upload that it is of."""

from collections.abc import Mapping, Sequence
from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, leave_to_form
from robowire_conformance.foxglove.queue import HOPELESS, Queue, Request
from robowire_conformance.foxglove.server_clock import ServerClock, between
from robowire_conformance.foxglove.uploads import Outcome
from robowire_conformance.foxglove.whole import whole

SHOWN, REQUEST, FILENAME, DEVICE, SITE, ERROR, IMPORT, UPDATED = (f"FOXGLOVE-PENDING-{n}" for n in range(301, 309))
FAILED = "FOXGLOVE-RECORDINGS-324"
COMPLETES, FAILS, QUARANTINE, ORGANISATION, CREATED, STAGE, SINCE = (f"FOXGLOVE-PENDING-{n}" for n in range(309, 316))
FACTS = (
    *(REQUEST, FILENAME, DEVICE, SITE, ERROR, IMPORT),
    *(COMPLETES, FAILS, QUARANTINE, ORGANISATION, STAGE, SINCE, FAILED),
)


def judge_facts(queue: Queue, clock: ServerClock) -> Page:
    """Judge the pending imports that the list shows, and what came of the broken files."""
    page = Page()
    reply = queue.ask()
    with page.about(SINCE):
        _judge_quarantined(page, reply, queue.own(reply), clock.now())
    items = {one["requestId"]: one for one in queue.own(reply)}
    _judge_requests(queue, page, reply)
    strays = {one.request_id for one in queue.library.all if one.strays}
    for known, request in queue.requests.items():
        if (item := items.get(known)) is not None and known not in strays:
            _judge_item(page, reply, request, item)
    _judge_valid(queue, page, reply, items)
    for what, outcome in queue.broken.items():
        _judge_broken(page, reply, what, outcome)
    _judge_sites(queue, page, reply, items)
    _judge_organisation(queue, page, reply, items)
    leave_to_form(page, reply, FACTS)
    return page


def _judge_quarantined(page: Page, reply: Reply, items: Sequence[Mapping[str, Any]], now: int) -> None:
    """What was quarantined was so after it was created, and before now."""
    for item in items:
        created, since = nanoseconds(item.get("createdAt")), nanoseconds(item.get("quarantinedAt"))
        if created is None or since is None:
            continue
        if between(created, since, now):
            page.saw(SINCE)
        else:
            text = "A pending import was quarantined before it was created, or will be"
            page.fault(SINCE, reply.fault(text, [zulu(created), zulu(now)], zulu(since)))


def _judge_requests(queue: Queue, page: Page, reply: Reply) -> None:
    """The pending imports of the suite's files are under the ids of the suite's requests."""
    names = {one.begun.filename: known for known, one in queue.requests.items()}
    for one in reply.require_done():
        if one.get("filename") in names:
            due = names[one["filename"]]
            text = "A pending import has another requestId than the upload's answer"
            page.expect(REQUEST, reply, text, due=due, got=one.get("requestId"))


def _judge_item(page: Page, reply: Reply, request: Request, item: Mapping[str, Any]) -> None:
    text = "The filename of a pending import is not the one that was given"
    page.expect(FILENAME, reply, text, due=request.begun.filename, got=item.get("filename"))
    text = "A pending import tells another device than the upload named"
    told = (item.get("deviceId"), item.get("deviceName"))
    if request.device is None or any(told):  # where none is told, none is told wrongly
        due = [one if said else None for one, said in zip(request.device or (None, None), told, strict=True)]
        page.expect(DEVICE, reply, text, due=due, got=[one or None for one in told])
    _judge_status(page, reply, item)
    text = "A pending import tells no pipelineStage"
    stage = item.get("pipelineStage")
    page.expect(STAGE, reply, text, due=True, got=isinstance(stage, str) and bool(stage.strip()))
    if item.get("status") == "complete":
        text = "A pending import that is complete was quarantined"
        page.expect(QUARANTINE, reply, text, due=None, got=item.get("quarantinedAt"))


def _judge_status(page: Page, reply: Reply, item: Mapping[str, Any]) -> None:
    if item.get("status") is None:  # it need not tell one
        return
    failed, error = item["status"] == "error", item.get("error")
    if failed and (not isinstance(error, str) or not error.strip()):
        page.fault(ERROR, reply.fault("A pending import of status error has no message", "a text", error))
    elif not failed and error:
        page.fault(ERROR, reply.fault(f"A pending import of status {item['status']} has an error", None, error))
    elif failed:
        page.saw(ERROR)
    known = item.get("importId")
    if item["status"] != "complete" and known:
        text = f"A pending import of status {item['status']} has an importId"
        page.fault(IMPORT, reply.fault(text, None, known))


def _judge_valid(queue: Queue, page: Page, reply: Reply, items: Mapping[str, Any]) -> None:
    """The pending imports of the library are complete, with the ids of imports of the same files."""
    listed = whole(queue.api, "GET /data/imports")
    body: Any = listed.body if listed.done and not listed.malformed else ()
    names = {one.get("importId"): one.get("filename") for one in body}
    for uploaded in queue.library.all:
        item = items.get(uploaded.request_id)
        if item is None:
            continue
        text = "The pending import of a valid file does not come to the status complete"
        status = item.get("status")
        if status is None and not item.get("importId"):
            continue
        if status is not None and not page.expect(COMPLETES, reply, text, due="complete", got=status):
            continue
        if uploaded.filename not in names.values():
            page.block(IMPORT, reason="no import has the filename (see FOXGLOVE-IMPORTS-301 and -302)")
            continue
        text = "The importId of a pending import is not that of its recording's import"
        page.expect(IMPORT, reply, text, due=uploaded.filename, got=names.get(item.get("importId")))


def _judge_broken(page: Page, reply: Reply, what: str, outcome: Outcome) -> None:
    """A file that cannot be read ends in an error, and no recording with data comes of it.

    Of files that are cut or damaged a server may save what there is.
    """
    told = {"recording": outcome.recording, "pending import": outcome.pending}
    if outcome.imported and what not in HOPELESS:
        return
    if outcome.imported:
        page.fault(FAILS, outcome.begun.reply.fault(f"A file ({what}) that cannot be read is imported", "error", told))
    elif outcome.pending is None:
        page.block(FAILS, reason="the pending imports of broken files are not listed")
    elif outcome.pending.get("status") is None:
        page.block(FAILS, reason="the pending imports of broken files tell no status")
    else:
        text = f"The pending import of a file ({what}) that cannot be read does not come to the status error"
        page.expect(FAILS, reply, text, due="error", got=outcome.pending.get("status"))
    if outcome.recording is not None and outcome.refused:
        text = f"The importStatus of a recording whose file ({what}) could not be imported is not failed"
        page.expect(FAILED, reply, text, due="failed", got=outcome.recording.get("importStatus"))


def _judge_sites(queue: Queue, page: Page, reply: Reply, items: Mapping[str, Any]) -> None:
    for uploaded in queue.library.all:
        item = items.get(uploaded.request_id)
        if item is not None and uploaded.site_id is not None:
            text = "The siteId of a pending import is not that of its recording's primary site"
            page.expect(SITE, reply, text, due=uploaded.site_id, got=item.get("siteId"))


def _judge_organisation(queue: Queue, page: Page, reply: Reply, items: Mapping[str, Any]) -> None:
    """All tell one organisation: that of devices, or, since these need not tell it, of imports."""
    told = {one.get("orgId") for one in items.values()}
    due = _organisations(queue, "GET /devices") or _organisations(queue, "GET /data/imports")
    if not told or len(due) != 1:
        page.block(ORGANISATION, reason="neither devices nor imports tell one orgId")
        return
    text = "The orgId of pending imports is not that of devices and imports"
    page.expect(ORGANISATION, reply, text, due=sorted(due), got=sorted(told, key=str))


def _organisations(queue: Queue, name: str) -> set[str]:
    reply = whole(queue.api, name)
    body: Any = reply.body if reply.done else []
    return {one["orgId"] for one in body if isinstance(one.get("orgId"), str)}
