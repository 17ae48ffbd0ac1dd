"""Section "List pending imports": the filters, each compared with filtering by hand, and the fields to sort by."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import SECOND, grain, nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, leave_to_form, rejects
from robowire_conformance.foxglove.queue import Queue, have
from robowire_conformance.foxglove.sorting import Read, gather, judge_direction, judge_sorts
from robowire_conformance.foxglove.uploads import status_of

REQUEST, KEY, ID, NAME, DOT_ID, ID_FIRST = (f"FOXGLOVE-PENDING-{number}" for number in range(101, 107))
DOT_NAME, NAME_FIRST, ERROR, FILENAME, SINCE = (f"FOXGLOVE-PENDING-{number}" for number in range(107, 112))
COMPLETED, NOT_COMPLETED, NO_COMPLETED = (f"FOXGLOVE-PENDING-{number}" for number in range(112, 115))
QUARANTINED, NOT_QUARANTINED, NO_QUARANTINED, SITE = (f"FOXGLOVE-PENDING-{number}" for number in range(115, 119))
TOGETHER = "FOXGLOVE-PENDING-121"
FILTERS = (
    *(REQUEST, KEY, ID, NAME, DOT_ID, ID_FIRST, DOT_NAME, NAME_FIRST, ERROR, FILENAME, SINCE),
    *(COMPLETED, NOT_COMPLETED, NO_COMPLETED, QUARANTINED, NOT_QUARANTINED, NO_QUARANTINED, SITE, TOGETHER),
)

FIELDS = (
    *("createdAt", "deviceId", "deviceName", "device.name", "device.id"),
    *("error", "importId", "requestId", "updatedAt"),
)
SORTS: Mapping[str, str] = {f"FOXGLOVE-PENDING-{131 + number}": field for number, field in enumerate(FIELDS)}
DIRECTIONS: Mapping[str, str] = {"asc": "FOXGLOVE-PAGING-714", "desc": "FOXGLOVE-PAGING-715"}


class Filters:
    """Compares lists of the suite's pending imports with what is due."""

    def __init__(self, queue: Queue, page: Page) -> None:
        self.queue = queue
        self.page = page
        self.base = queue.ask()
        self.items = queue.own(self.base)
        self.shown = {str(one["requestId"]) for one in self.items}

    def expect(self, requirement: str, due: Iterable[str], *, either: Iterable[str] = (), **params: Any) -> Reply:
        """Judge one list: the requests that are due, so far as they are listed at all, and those that may be there."""
        reply = self.queue.ask(**params)
        wanted, free = sorted(set(due) & self.shown), set(either)
        found = sorted(one for one in self.queue.ids(reply) if one not in free)
        if not reply.done:
            if wanted or not rejects(reply):
                self.page.fault(requirement, reply.fault("A filtered list is not answered", 200, reply.status))
        elif found == [one for one in wanted if one not in free]:
            if wanted:
                self.page.saw(requirement)
        else:
            names = ", ".join(params).replace("__", ".")
            text = f"With {names}, other pending imports are listed than those that it lets through"
            self.page.fault(requirement, reply.fault(text, self._names(wanted), self._names(found)))
        return reply

    def _names(self, ids: Iterable[str]) -> list[str]:
        return sorted(self.queue.requests[one].begun.filename for one in ids)


def judge_filters(queue: Queue) -> Page:
    """Judge all filters."""
    page = Page()
    filters = Filters(queue, page)
    filters.base.require_done()
    for known, one in queue.requests.items():
        filters.expect(REQUEST, [known], requestId=known)
        filters.expect(FILENAME, [known], filename=one.begun.filename)
        if key := one.begun.sent.get("key"):
            filters.expect(KEY, [known], key=key)
    first = next(iter(queue.requests.values()))
    filters.expect(REQUEST, [], requestId=f"{first.id}x")
    filters.expect(FILENAME, [], filename=first.begun.filename[:-1])
    filters.expect(FILENAME, [], filename=first.begun.filename.upper())
    filters.expect(KEY, [], key="robowire-none")
    _judge_devices(filters)
    _judge_errors(filters)
    _judge_since(filters)
    _judge_site(filters)
    _judge_completed(filters)
    _judge_quarantined(filters)
    _judge_together(filters)
    page.needs((ID,), DOT_ID, ID_FIRST)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)
    page.needs((REQUEST, ID, FILENAME), TOGETHER)
    leave_to_form(page, filters.base, FILTERS)
    return page


def _judge_devices(filters: Filters) -> None:
    devices = filters.queue.library.devices
    of: dict[str, list[str]] = {known: [] for known, _ in devices}
    for request, one in filters.queue.requests.items():
        if one.device is not None and one.device[0] in of:
            of[one.device[0]].append(request)
    for (known, name), (other, other_name) in (devices, devices[::-1]):
        filters.expect(ID, of[known], deviceId=known)
        filters.expect(NAME, of[known], deviceName=name)
        filters.expect(DOT_ID, of[known], device__id=known)
        filters.expect(DOT_NAME, of[known], device__name=name)
        for ignored in (other, f"{known}-none"):
            filters.expect(ID_FIRST, of[known], deviceId=known, device__id=ignored)
        for ignored in (other_name, f"{name}-none"):
            filters.expect(NAME_FIRST, of[known], deviceName=name, device__name=ignored)
    filters.expect(ID, [], deviceId="robowire-none")
    filters.expect(NAME, [], deviceName=devices[0][1][:-1])


def _judge_errors(filters: Filters) -> None:
    """By whole messages; whether a part of one is enough, and which case it has, is left open."""
    errors = have([one for one in filters.items if status_of(one) == "error"], "error")
    others = have(filters.items, "error").keys() - errors.keys()
    if not errors:
        filters.page.block(ERROR, reason="no pending import of the suite's has an error")
    for text in set(errors.values()):
        due = [known for known, error in errors.items() if error == text]
        free = [
            known for known, error in errors.items() if known not in due and str(text).lower() in str(error).lower()
        ]
        filters.expect(ERROR, due, either=[*free, *others], error=text)
    if errors:
        filters.expect(ERROR, [], error="robowire: no such error")


def _judge_since(filters: Filters) -> None:
    """Between the updates; whether an update at the very time counts is left open."""
    told = have(filters.items, "updatedAt")
    times = {known: time for known, text in told.items() if (time := nanoseconds(text)) is not None}
    coarse = max([grain(text) for text in told.values()], default=1)
    for time in sorted({moment for one in times.values() for moment in (one - coarse, one + coarse)}):
        free = [known for known, updated in times.items() if abs(updated - time) < coarse or updated == time]
        due = [known for known, updated in times.items() if updated >= time and known not in free]
        filters.expect(SINCE, due, either=free, updatedSince=zulu(time))
    if times:
        filters.expect(SINCE, [], updatedSince=zulu(max(times.values()) + 3600 * SECOND))
        filters.expect(SINCE, times, updatedSince=zulu(min(times.values()) - 3600 * SECOND))


def _judge_site(filters: Filters) -> None:
    """By the primary sites of the recordings; where those would be whose files are broken, is not known."""
    library = filters.queue.library.all
    known = {one.request_id: one.site_id for one in library if one.site_id is not None}
    others = filters.queue.requests.keys() - known.keys()
    for site in sorted(set(known.values())):
        due = [request for request, told in known.items() if told == site]
        filters.expect(SITE, due, either=others, siteId=site)
    filters.expect(SITE, [], siteId="robowire-none")


def _judge_together(filters: Filters) -> None:
    """Two parameters: what each of them lets through by itself, and nothing else."""
    known = {request: one for request, one in filters.queue.requests.items() if one.device is not None}
    for request, one in known.items():
        filters.expect(TOGETHER, [request], requestId=request, filename=one.begun.filename)
        for device, _ in filters.queue.library.devices:
            due = [request] if one.device is not None and one.device[0] == device else []
            filters.expect(TOGETHER, due, filename=one.begun.filename, deviceId=device)


def _judge_completed(filters: Filters) -> None:
    complete = {str(one["requestId"]) for one in filters.items if status_of(one) == "complete"}
    if not complete and any(status_of(one) is None for one in filters.items):
        text = "pending imports do not tell which of them are complete"
        filters.page.block(COMPLETED, NOT_COMPLETED, NO_COMPLETED, reason=text)
        return
    if not complete:
        done = sorted(one.filename for one in filters.queue.library.all)
        text = "With showCompleted true, none of the requests is given that have just been completed"
        filters.page.fault(COMPLETED, filters.base.fault(text, done, []))
        filters.page.block(NOT_COMPLETED, NO_COMPLETED, reason=f"{COMPLETED}, which it needs, fails")
        return
    filters.page.saw(COMPLETED)
    filters.expect(COMPLETED, filters.shown, showCompleted="true")
    quarantined = have(filters.items, "quarantinedAt").keys() - complete
    filters.expect(NOT_COMPLETED, filters.shown - complete, either=quarantined, showCompleted="false")
    filters.expect(NO_COMPLETED, filters.shown - complete, either=quarantined, showCompleted=None)
    for requirement in (NOT_COMPLETED, NO_COMPLETED):
        if not filters.page.faulty(requirement):
            filters.page.saw(requirement)


def _judge_quarantined(filters: Filters) -> None:
    """By those that tell when they were quarantined; which of those that failed are, is left open."""
    kept = set(have(filters.items, "quarantinedAt"))
    if not kept:
        text = "no pending import of the suite's is quarantined"
        filters.page.block(QUARANTINED, NOT_QUARANTINED, NO_QUARANTINED, reason=text)
        return
    filters.expect(QUARANTINED, filters.shown, showQuarantined="true")
    others = filters.shown - kept
    filters.expect(QUARANTINED, kept, either=others, showQuarantined="true", showCompleted="false")
    filters.expect(NOT_QUARANTINED, filters.shown - kept, showQuarantined="false")
    filters.expect(NO_QUARANTINED, filters.shown - kept, showQuarantined=None)


def judge_order(queue: Queue) -> Page:
    """Judge the fields to sort by, and the two directions."""
    page = Page()
    devices = {known: one.device for known, one in queue.requests.items() if one.device is not None}
    read: dict[str, Read] = {
        "createdAt": _moments(queue, "createdAt"),
        "updatedAt": _moments(queue, "updatedAt"),
        "error": _of_status(queue, "error", "error"),
        "importId": _of_status(queue, "importId", "complete"),
        "requestId": _texts(queue, "requestId"),
        "deviceId": _known(queue, {known: device[0] for known, device in devices.items()}),
        "deviceName": _known(queue, {known: device[1] for known, device in devices.items()}),
    }
    read |= {"device.id": read["deviceId"], "device.name": read["deviceName"]}

    def ask(field: str, direction: str) -> Reply:
        return queue.ask(sortBy=field, sortOrder=direction)

    judge_sorts(page, SORTS, read, ask)
    for direction, requirement in DIRECTIONS.items():
        judge_direction(page, requirement, gather(FIELDS, read, ask, direction), direction)
    return page


def _known(queue: Queue, values: Mapping[str, Any]) -> Read:
    return lambda reply: [values[known] for known in queue.ids(reply) if known in values]


def _texts(queue: Queue, member: str) -> Read:
    return lambda reply: [one[member] for one in queue.own(reply) if isinstance(one.get(member), str) and one[member]]


def _moments(queue: Queue, member: str) -> Callable[[Reply], Sequence[Any]]:
    return lambda reply: [time for one in queue.own(reply) if (time := nanoseconds(one.get(member))) is not None]


def _of_status(queue: Queue, member: str, status: str) -> Read:
    """What those tell that have a status: others have no such member."""
    return lambda reply: [
        told
        for one in queue.own(reply)
        if status_of(one) == status and isinstance(told := one.get(member), str) and told.strip()
    ]
