"""Section "List recordings": what a recording tells of itself, held to the file that was uploaded."""

from collections.abc import Mapping
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import is_day, nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, leave_to_form
from robowire_conformance.foxglove.library import SILENT, Library
from robowire_conformance.foxglove.uploads import Uploaded

EXISTS, PATH, SIZE, IMPORTED_AT = (f"FOXGLOVE-RECORDINGS-{number}" for number in (301, 302, 304, 306))
START, END, SITE, DEVICE, METADATA, COMPLETE = (f"FOXGLOVE-RECORDINGS-{n}" for n in (307, 308, 309, 311, 312, 325))
FACTS = (EXISTS, PATH, SIZE, IMPORTED_AT, START, END, SITE, DEVICE, METADATA, COMPLETE)


def judge_facts(library: Library, sites: Mapping[str, str]) -> Page:
    """Judge the recordings of the library as they are listed; `sites` are the names of the target's sites by id."""
    page = Page()
    reply = library.ask()
    items = {one.get("id"): one for one in reply.require_done()}
    for uploaded in library.all:
        item = items.get(uploaded.id)
        if item is None:
            page.fault(EXISTS, reply.fault("A recording that was uploaded is not in the list", uploaded.id, None))
            continue
        page.saw(EXISTS)
        _judge_recording(library, page, reply, uploaded, item)
        _judge_site(page, reply, item, sites)
    leave_to_form(page, reply, FACTS)
    return page


def _judge_recording(library: Library, page: Page, reply: Reply, uploaded: Uploaded, item: Mapping[str, Any]) -> None:
    entry = library.entries[uploaded.hint]
    text = "The path of a recording is not the filename that was given"
    page.expect(PATH, reply, text, due=uploaded.filename, got=item.get("path"))
    alone = library.api.ask("GET /recordings/{keyOrId}", uploaded.id)
    if alone.done and isinstance(alone.body, dict) and isinstance(alone.body.get("path"), str):
        page.expect(PATH, alone, text, due=uploaded.filename, got=alone.body["path"])
    text = "The size of a recording is not the number of its file's bytes"
    page.expect(SIZE, reply, text, due=len(uploaded.data), got=item.get("size"))
    text = "The importStatus of a recording that can be used is not complete"
    page.expect(COMPLETE, reply, text, due="complete", got=item.get("importStatus"))
    _judge_import_time(page, reply, item)
    if uploaded.hint != SILENT:
        times = entry.clip.times
        _judge_moment(page, START, reply, times[0], item.get("start"))
        _judge_moment(page, END, reply, times[-1], item.get("end"))
    if not entry.bag and item.get("metadata") is not None:  # none of the members from here on has to be there
        due = [{"name": name, "metadata": dict(values)} for name, values in entry.clip.metadata]
        text = "The metadata of a recording are not the metadata records of its file"
        page.expect(METADATA, reply, text, due=_sorted(due), got=_sorted(item["metadata"]))
    _judge_device(library, page, reply, uploaded, item)


def _sorted(records: Any) -> Any:  # whatever an answer holds
    """Records in a definite order."""
    return sorted(records, key=repr) if isinstance(records, list) else records


def _judge_moment(page: Page, requirement: str, reply: Reply, due: int, told: JSON) -> None:
    """Judge a log time, told as a date-time or as a date."""
    day = zulu(due)[:10]
    got = day if is_day(told) and told == day else nanoseconds(told)
    if got in {day, due}:
        page.saw(requirement)
    else:
        page.fault(requirement, reply.fault("The log time is not that of the file", zulu(due), told))


def _judge_import_time(page: Page, reply: Reply, item: Mapping[str, Any]) -> None:
    created, imported = nanoseconds(item.get("createdAt")), nanoseconds(item.get("importedAt"))
    if imported is None or created is None:
        return
    if imported < created:
        text = "A recording was imported before it was created"
        page.fault(IMPORTED_AT, reply.fault(text, item.get("createdAt"), item.get("importedAt")))
    else:
        page.saw(IMPORTED_AT)


def _judge_device(library: Library, page: Page, reply: Reply, uploaded: Uploaded, item: Mapping[str, Any]) -> None:
    """Judge the device that a recording tells; that it belongs to its device is a matter of the upload."""
    told = item.get("device")
    if told is None and uploaded.device_id is not None:
        return
    if uploaded.device_id is None:
        text = "A recording without a device tells one"
        page.expect(DEVICE, reply, text, due=None, got=told)
        return
    due = {"id": uploaded.device_id, "name": uploaded.device_name}
    got = {name: told.get(name) for name in due} if isinstance(told, dict) else None
    if got == due:
        page.saw(DEVICE)
    elif library.belongs(uploaded):
        page.fault(DEVICE, reply.fault("The device of a recording is not the one that it belongs to", due, told))
    else:
        page.block(DEVICE, reason="FOXGLOVE-UPLOAD-103, which it needs, fails")


def _judge_site(page: Page, reply: Reply, item: Mapping[str, Any], sites: Mapping[str, str]) -> None:
    told = item.get("site")
    if not isinstance(told, dict):
        return
    if not sites:
        page.block(SITE, reason="the sites are not listed")
    else:
        due = {"id": told.get("id"), "name": sites.get(str(told.get("id")), "a site that is listed")}
        page.expect(SITE, reply, "The site of a recording is none", due=due, got={name: told.get(name) for name in due})
