"""Section "List recordings": the filters, each compared with filtering by hand, and the fields to sort by."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import MINUTE, nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, rejects
from robowire_conformance.foxglove.library import SILENT, Library
from robowire_conformance.foxglove.sorting import Read, gather, judge_direction, judge_sorts

START, END, PATH, SITE, EDGE_SITE, TOPIC, TOGETHER = (f"FOXGLOVE-RECORDINGS-{number}" for number in range(101, 108))
ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST = (f"FOXGLOVE-RECORDINGS-{number}" for number in range(111, 117))
STATUSES: Mapping[str, str] = {
    status: f"FOXGLOVE-RECORDINGS-{121 + number}"
    for number, status in enumerate(("none", "pending", "importing", "failed", "complete"))
}
TOLD: Mapping[str, Container[str]] = {"createdAt": STATUSES.keys(), "importedAt": {"complete"}}
"""The times that all recordings but those of the edge tell, by which importStatus they have it."""

FILTERS = (START, END, PATH, SITE, TOPIC, TOGETHER, ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST)

MOST_SITES = 5
"""So many sites at which the suite's recordings are not stored are asked for."""

FIELDS = ("deviceName", "device.name", "createdAt", "start", "end", "duration", "path", "importedAt")
SORTS: Mapping[str, str] = {f"FOXGLOVE-RECORDINGS-{131 + number}": field for number, field in enumerate(FIELDS)}
DIRECTIONS: Mapping[str, str] = {"asc": "FOXGLOVE-PAGING-614", "desc": "FOXGLOVE-PAGING-615"}


@dataclass(frozen=True, slots=True)
class Filters:
    """Compares lists of the library's recordings with what is due."""

    library: Library
    page: Page

    def expect(self, requirement: str, due: Iterable[str], *, either: Iterable[str] = (), **params: Any) -> Reply:
        """Judge one list: the hints that are due, and those that may be there or not."""
        reply = self.library.ask(**params)
        found, wanted, free = self.library.own(reply.body), sorted(due), set(either)
        if not reply.done and not wanted and rejects(reply):
            return reply  # an id or a name of nothing may be refused
        if not reply.done:
            self.page.fault(requirement, reply.fault("A filtered list is not answered", 200, reply.status))
        elif sorted(one for one in found if one not in free) == wanted:
            self.page.saw(requirement)
        else:
            text = f"With {', '.join(params)}, other recordings are listed than those that it lets through"
            self.page.fault(requirement, reply.fault(text.replace("__", "."), wanted, sorted(found)))
        return reply


def judge_filters(library: Library) -> Page:
    """Judge the filters by time, path, site, topic and device."""
    page = Page()
    filters = Filters(library, page)
    _judge_ranges(filters)
    _judge_paths(filters)
    _judge_sites(filters)
    _judge_topics(filters)
    _judge_devices(filters)
    _judge_together(filters)
    page.needs((ID,), DOT_ID, ID_FIRST)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)
    page.needs((START, END, PATH, SITE, TOPIC, ID, NAME), TOGETHER)
    return page


def _judge_ranges(filters: Filters) -> None:
    """Times just beside and at the edges of recordings, within them and between them."""
    spans = {hint: one.span for hint, one in filters.library.known.items()}
    edges = sorted({time for span in spans.values() for time in span})
    times = sorted({time + shift for time in edges for shift in (-1, 0, 1)} | {time + MINUTE // 20 for time in edges})
    for time in times:
        due = [hint for hint, (_, end) in spans.items() if end >= time]
        filters.expect(START, due, either=(SILENT,), start=zulu(time))
        due = [hint for hint, (start, _) in spans.items() if start <= time]
        filters.expect(END, due, either=(SILENT,), end=zulu(time))
    for start, end in ((edges[1], edges[2]), (edges[3] + 1, edges[4] - 1), (edges[2], edges[2]), (edges[-1], None)):
        due = [hint for hint, span in spans.items() if span[1] >= start and (end is None or span[0] <= end)]
        params = {"start": zulu(start)} | ({} if end is None else {"end": zulu(end)})
        filters.expect(START if end is None else TOGETHER, due, either=(SILENT,), **params)


def _judge_paths(filters: Filters) -> None:
    for uploaded in filters.library.all:
        filters.expect(PATH, [uploaded.hint], path=uploaded.filename)
    name = filters.library.all[0].filename
    for other in (name[:-1], name[1:], name.partition(".")[0], name.upper(), name + "x", name.replace("-", "_")):
        filters.expect(PATH, [], path=other)


def _judge_sites(filters: Filters) -> None:
    sites = {one.site_id for one in filters.library.all} - {None}
    for site in sites:
        due = [one.hint for one in filters.library.all if one.site_id == site]
        filters.expect(SITE, due, site__id=site)
    if not sites:
        filters.page.block(SITE, reason="no recording tells its site")
        return
    filters.expect(SITE, [], site__id="robowire-none")
    listed = filters.library.api.ask("GET /sites")
    others = [str(one.get("id")) for one in listed.body if one.get("id") not in sites] if listed.done else []
    for other in others[:MOST_SITES] if None not in {one.site_id for one in filters.library.all} else ():
        filters.expect(SITE, [], site__id=other)


def _judge_topics(filters: Filters) -> None:
    """Every topic of the library; one whose channels have no message may be left out."""
    entries = filters.library.entries
    channels = {hint: {track.topic for track in entry.clip.tracks} for hint, entry in entries.items()}
    for topic in sorted({topic for topics in channels.values() for topic in topics}):
        due = [hint for hint, entry in entries.items() if topic in entry.clip.topics]
        free = [hint for hint, topics in channels.items() if topic in topics and hint not in due]
        filters.expect(TOPIC, due, either=free, topic=topic)
    for other in ("/od", "odom", "/odom/", "/ODOM", "/robowire/none"):
        filters.expect(TOPIC, [], topic=other)


def _judge_devices(filters: Filters) -> None:
    library = filters.library
    of = {known: [one.hint for one in library.all if one.device_id == known] for known, _ in library.devices}
    for (known, name), (other, other_name) in (library.devices, library.devices[::-1]):
        filters.expect(ID, of[known], deviceId=known)
        filters.expect(NAME, of[known], deviceName=name)
        filters.expect(DOT_ID, of[known], device__id=known)
        filters.expect(DOT_NAME, of[known], device__name=name)
        filters.expect(ID_FIRST, of[known], deviceId=known, device__id=other)
        filters.expect(ID_FIRST, of[known], device__id=other, deviceId=known)
        filters.expect(ID_FIRST, of[known], deviceId=known, device__id=f"{known}-none")
        filters.expect(NAME_FIRST, of[known], deviceName=name, device__name=other_name)
        filters.expect(NAME_FIRST, of[known], deviceName=name, device__name=f"{name}-none")
    filters.expect(ID, [], deviceId="robowire-none")
    filters.expect(NAME, [], deviceName=library.devices[0][1][:-1])


def _judge_together(filters: Filters) -> None:
    """Two parameters and more: what each of them lets through by itself, and nothing else."""
    library = filters.library
    first, second = (known for known, _ in library.devices)
    for one in library.all:
        for device in (first, second):
            due = [one.hint] if one.device_id == device else []
            filters.expect(TOGETHER, due, path=one.filename, deviceId=device)
    for hint, entry in library.known.items():
        start, end = entry.span
        due = [hint for hint, other in library.known.items() if other.span[1] >= start and other.span[0] <= end]
        of = [hint for hint in due if library[hint].device_id == second]
        within = {"start": zulu(start), "end": zulu(end)}
        filters.expect(TOGETHER, of, either=(SILENT,), deviceName=library.devices[1][1], **within)
        topic = entry.clip.tracks[0].topic
        on = [hint for hint in due if topic in library.entries[hint].clip.topics]
        filters.expect(TOGETHER, on, either=(SILENT,), topic=topic, importStatus="complete", **within)
        if (site := library[hint].site_id) is not None:
            filters.expect(TOGETHER, [hint], site__id=site, path=library[hint].filename)


def judge_statuses(library: Library) -> Page:
    """Judge the filter by importStatus: each list is the whole one filtered by hand."""
    page = Page()
    for status, requirement in STATUSES.items():
        _judge_status(library, page, status, requirement)
    return page


def _judge_status(library: Library, page: Page, status: str, requirement: str) -> None:
    for _ in range(3):
        every = library.ask()
        before = _by_status(every.require_done(), status)
        if every.malformed:
            page.block(requirement, reason=f"{every.malformed}, which it needs, fails")
            return
        reply = library.ask(importStatus=status)
        body = reply.require_done(requirement)
        after = _by_status(library.ask().require_done(), status)
        if before == after:
            break
    else:
        page.block(requirement, reason="the list does not stay the same from one request to the next")
        return
    own = {one.id for one in library.all}
    found = {one.get("id") for one in body}
    if status != "complete" and found & own:
        page.fault(requirement, reply.fault(f"Complete recordings are listed as {status}", [], sorted(found & own)))
    text = f"With importStatus {status}, other recordings are listed than have it"
    page.expect(requirement, reply, text, due=sorted(before, key=str), got=sorted(found, key=str))


def _by_status(body: Any, status: str) -> set[Any]:
    return {one.get("id") for one in body if one.get("importStatus") == status}


def judge_order(library: Library) -> Page:
    """Judge the fields to sort by, and the two directions."""
    page = Page()
    read = _reads(library)

    def ask(field: str, direction: str) -> Reply:
        # What all recordings tell, any page has; the suite's own may be on any page.
        return (library.page if field in TOLD else library.ask)(sortBy=field, sortOrder=direction)

    judge_sorts(page, SORTS, read, ask)
    for direction, requirement in DIRECTIONS.items():
        judge_direction(page, requirement, gather(FIELDS, read, ask, direction), direction)
    return page


def _reads(library: Library) -> dict[str, Read]:
    """What is known of the library's recordings, and the times that all recordings tell."""
    spans = {hint: one.span for hint, one in library.known.items()}
    known: dict[str, dict[str, Any]] = {
        "deviceName": {one.hint: one.device_name for one in library.all if one.device_name},
        "start": {hint: start for hint, (start, _) in spans.items()},
        "end": {hint: end for hint, (_, end) in spans.items()},
        "duration": {hint: end - start for hint, (start, end) in spans.items()},
        "path": {one.hint: one.filename for one in library.all},
    }
    known["device.name"] = known["deviceName"]
    return {
        field: _told(field, TOLD[field]) if field in TOLD else _looked_up(library, known[field]) for field in FIELDS
    }


def _looked_up(library: Library, values: Mapping[str, Any]) -> Read:
    return lambda reply: [values[hint] for hint in library.own(reply.body) if hint in values]


def _told(member: str, statuses: Container[str]) -> Read:
    return lambda reply: [
        time
        for one in reply.body
        if one.get("importStatus") in statuses and one.get("edgeSite") is None
        if (time := nanoseconds(one.get(member))) is not None
    ]
