"""Section "List imports": what an import tells of itself, held to the file that was uploaded."""

from collections.abc import Mapping
from typing import Any

from robowire_conformance.foxglove.imported import Imports
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, leave_to_form
from robowire_conformance.foxglove.library import SILENT
from robowire_conformance.foxglove.server_clock import TOLERANCE
from robowire_conformance.foxglove.uploads import Uploaded

LISTED, FILENAME, DEVICE, START, END, INPUT, OUTPUT, SIZE = (f"FOXGLOVE-IMPORTS-{n}" for n in range(301, 309))
DATE, TIME, CLIENTS, OUTPUT_SIZE, ORGANISATION = (f"FOXGLOVE-IMPORTS-{number}" for number in range(309, 314))
FACTS = (LISTED, FILENAME, DEVICE, START, END, INPUT, OUTPUT, SIZE, DATE, TIME, CLIENTS, OUTPUT_SIZE, ORGANISATION)
NEEDED = ("inputType", "outputType", "inputSize", "totalOutputSize")


def judge_facts(imports: Imports) -> Page:
    """Judge the imports of the library, and that what is not imported is not among them."""
    page = Page()
    for uploaded in imports.library.all:
        _judge_import(imports, page, uploaded, imports.items[uploaded.hint])
    _judge_listed(imports, page)
    _judge_organisation(imports, page)
    leave_to_form(page, imports.reply, FACTS)
    return page


def _judge_import(imports: Imports, page: Page, uploaded: Uploaded, item: Mapping[str, Any]) -> None:
    reply, entry = imports.reply, imports.library.entries[uploaded.hint]
    text = "The filename of an import is not that of its file"
    page.expect(FILENAME, reply, text, due=uploaded.filename, got=item.get("filename"))
    text = "An import tells another device than its recording belongs to"
    told = [item.get("deviceId") or None, item.get("deviceName") or None]
    owner = (uploaded.device_id, uploaded.device_name)
    if not uploaded.strays and (uploaded.device_id is None or any(told)):  # where none is told, none is told wrongly
        due = [one if said else None for one, said in zip(owner, told, strict=True)]
        page.expect(DEVICE, reply, text, due=due, got=told)
    kind = "bag1" if entry.bag else "mcap0"
    if item.get("inputType") is not None:
        page.expect(INPUT, reply, "The inputType of an import is another one", due=kind, got=item["inputType"])
    if item.get("outputType") is not None:
        text = "The outputType of an import is neither bag1 nor mcap0"
        page.expect(OUTPUT, reply, text, due=True, got=item["outputType"] in {"bag1", "mcap0"})
    if item.get("inputSize") is not None:
        text = "The inputSize of an import is not the number of its file's bytes"
        page.expect(SIZE, reply, text, due=len(uploaded.data), got=item["inputSize"])
    lacking = [name for name in NEEDED if item.get(name) is None]
    page.expect(CLIENTS, reply, "An import lacks what official clients need", due=[], got=lacking)
    _judge_time(page, imports, uploaded, item)
    if uploaded.hint != SILENT:
        _judge_content(page, imports, uploaded, item)


def _judge_content(page: Page, imports: Imports, uploaded: Uploaded, item: Mapping[str, Any]) -> None:
    """What is so of a file with messages."""
    start, end = imports.library.entries[uploaded.hint].span
    for requirement, name, due in ((START, "start", start), (END, "end", end)):
        text = f"The {name} of an import is not the log time in its file"
        told = nanoseconds(item.get(name))
        page.expect(requirement, imports.reply, text, due=zulu(due), got=item.get(name) if told != due else zulu(due))
    if item.get("date") is not None:
        day = zulu(start)[:10].replace("-", "")
        page.expect(DATE, imports.reply, "The date of an import is not its first day", due=day, got=item["date"])
    size = item.get("totalOutputSize")
    if size is not None:
        text = "The totalOutputSize of an import with messages is not above zero"
        fine = isinstance(size, int | float) and size > 0
        page.expect(OUTPUT_SIZE, imports.reply, text, due=True, got=fine)


def _judge_time(page: Page, imports: Imports, uploaded: Uploaded, item: Mapping[str, Any]) -> None:
    """The importTime lies between the upload and the end of the import, as pending import and recording tell them."""
    told = nanoseconds(item.get("importTime"))
    begins = [nanoseconds(one.get("createdAt")) for one in (uploaded.pending, uploaded.body)]
    begun = min((one for one in begins if one is not None), default=None)
    ended = nanoseconds(uploaded.pending.get("updatedAt"))
    done = [one for one in (ended, nanoseconds(uploaded.body.get("importedAt"))) if one is not None]
    if told is None or begun is None or not done:
        return
    if begun - TOLERANCE <= told <= max(done) + TOLERANCE:
        page.saw(TIME)
    else:
        text = "The importTime of an import lies outside of the time of its import"
        page.fault(TIME, imports.reply.fault(text, [zulu(begun), zulu(max(done))], item.get("importTime")))


def _judge_listed(imports: Imports, page: Page) -> None:
    """What is imported is listed once, and what is not complete is not listed."""
    found = imports.hints(imports.reply)
    text = "The list of imports does not have each imported recording once"
    page.expect(LISTED, imports.reply, text, due=sorted(imports.items), got=sorted(found))
    recordings = imports.library.ask()
    idle = {one.get("path") for one in recordings.require_done() if one.get("importStatus") in {"none", "failed"}}
    complete = {one.get("path") for one in recordings.body if one.get("importStatus") == "complete"}
    strangers = [one.get("filename") for one in imports.reply.body if one.get("filename") in idle - complete]
    if strangers:
        text = "Recordings that are not imported are in the list of imports"
        page.fault(LISTED, imports.reply.fault(text, [], strangers))


def _judge_organisation(imports: Imports, page: Page) -> None:
    devices = imports.api.ask("GET /devices", params={"limit": 1000, "offset": 0})
    others = {one["orgId"] for one in devices.body if isinstance(one.get("orgId"), str)} if devices.done else set()
    told = {one.get("orgId") for one in imports.reply.body if isinstance(one.get("orgId"), str)}
    text = "Imports tell another orgId than each other, or than devices"
    page.expect(ORGANISATION, imports.reply, text, due=1, got=len(told | others))
