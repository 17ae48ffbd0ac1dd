"""Section "List events": the filters by time and device, each compared with filtering by hand."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.instants import SECOND, zulu
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.stock import EPOCH, Kept, Listing, Stock, moment

START, END, START_EDGE, END_EDGE, MEETING = (f"FOXGLOVE-EVENTS-{number}" for number in range(101, 106))
CREATED, UPDATED = "FOXGLOVE-EVENTS-106", "FOXGLOVE-EVENTS-107"
ID, NAME, DOT_NAME, NAME_FIRST, DOT_ID, ID_FIRST = (f"FOXGLOVE-EVENTS-{number}" for number in range(108, 114))
MISPLACED = "FOXGLOVE-EVENTS-151 or -303, which it needs, fails: events tell other devices than they were created for"
KEY_VALUE = "FOXGLOVE-EVENTS-121"
FILTERS = (
    START,
    END,
    START_EDGE,
    END_EDGE,
    MEETING,
    CREATED,
    UPDATED,
    ID,
    NAME,
    DOT_NAME,
    NAME_FIRST,
    DOT_ID,
    ID_FIRST,
)

HOUR = 3600 * SECOND
_RANGES: tuple[tuple[int | None, int | None], ...] = (
    *((second, None) for second in (-21, -10, 0, 10, 15, 20, 30, 31)),
    *((None, second) for second in (-20, 0, 9, 10, 20, 21, 40)),
    *((-10, 0), (0, 10), (1, 4), (6, 9), (10, 20), (15, 16), (18, 21), (20, 20), (13, 13), (-200, 200), (41, 50)),
)
"""Ranges in seconds after the stock's epoch: at the edges of events, beside, within, around and between them."""


def judge_filters(stock: Stock) -> Page:
    """Judge all filters but the query."""
    page = Page()
    with page.about(START, END, START_EDGE, END_EDGE, MEETING):
        _judge_ranges(stock, page)
    with page.about(CREATED):
        _judge_after(stock, page, CREATED, "createdAfter", "createdAt")
    with page.about(UPDATED):
        _judge_after(stock, page, UPDATED, "updatedAfter", "updatedAt")
    if stock.misplaced:
        page.block(ID, NAME, DOT_NAME, NAME_FIRST, DOT_ID, ID_FIRST, reason=MISPLACED)
        return page
    _judge_devices(stock, page)
    with page.about(START, END, ID, NAME, KEY_VALUE):
        _judge_together(stock, page)
    return page


def _judge_ranges(stock: Stock, page: Page) -> None:
    points: list[tuple[Listing, Kept]] = []
    for first, last in _RANGES:
        start = None if first is None else EPOCH + first * SECOND
        end = None if last is None else EPOCH + last * SECOND
        listing = stock.list(START if end is None else END if start is None else MEETING, **_range(start, end))
        for event in stock.events.values():
            if event.end == start and event.start == end:
                points.append((listing, event))
            else:
                _judge_event(page, listing, event, start, end)
    # An edge is a special case of meeting; and a range of one time has two edges at once.
    page.needs((MEETING,), START_EDGE, END_EDGE)
    if not page.faulty(START_EDGE, END_EDGE):
        for listing, event in points:
            _require(page, MEETING, listing, event, due=True)


def _range(start: int | None, end: int | None) -> dict[str, str]:
    return {name: zulu(ns) for name, ns in (("start", start), ("end", end)) if ns is not None}


def _judge_event(page: Page, listing: Listing, event: Kept, start: int | None, end: int | None) -> None:
    """Lay what the list says of one event to the one sentence that decides it."""
    if start is not None and event.end < start:
        _require(page, START, listing, event, due=False)
    elif end is not None and event.start > end:
        _require(page, END, listing, event, due=False)
    elif event.end == start:
        _require(page, START_EDGE, listing, event, due=True)
    elif event.start == end:
        _require(page, END_EDGE, listing, event, due=True)
    else:
        _require(page, MEETING, listing, event, due=True)


def _require(page: Page, requirement: str, listing: Listing, event: Kept, *, due: bool) -> None:
    text = f"An event from {zulu(event.start)} to {zulu(event.end)} is {'not ' if due else ''}in the list"
    page.expect(requirement, listing.reply, text, due=due, got=event.id in listing.ids)


def _judge_after(stock: Stock, page: Page, requirement: str, parameter: str, member: str) -> None:
    """Judge a filter on times that the target sets; each event's is the one that the list tells."""
    told = {known: moment(body, member) for known, body in stock.list().items.items()}
    times = {known: time for known, time in told.items() if time is not None}
    if not times:
        return
    for time in (min(times.values()) - HOUR, *_some(sorted(set(times.values()))), max(times.values()) + HOUR):
        listing = stock.list(requirement, **{parameter: zulu(time)})
        due = {known for known, own in times.items() if own > time}
        got = {known for known in listing.ids if known in times and times[known] != time}
        text = f"The list is not of the events whose {member} is after {zulu(time)}"
        page.expect(requirement, listing.reply, text, due=sorted(due), got=sorted(got))
        _judge_edge(
            stock, page, requirement, parameter, listing, {one for one, own in times.items() if own == time}, time
        )


def _some(times: Sequence[int]) -> list[int]:
    """The first, the last and a few between."""
    return sorted({times[0], times[len(times) // 2], times[len(times) * 3 // 4], times[-1]})


def _judge_edge(
    stock: Stock, page: Page, requirement: str, parameter: str, listing: Listing, equal: set[str], time: int
) -> None:
    """Judge whether what happened at the very time is left out.

    A server that keeps finer times than it tells may rightly list it, and then still does so for a nanosecond later.
    """
    listed = equal & set(listing.ids)
    if not listed:
        return
    later = stock.list(requirement, **{parameter: zulu(time + 1)})
    exact = sorted(listed - set(later.ids))
    if exact:
        text = f"An event of {zulu(time)} is in the list of those after that time"
        page.fault(requirement, listing.reply.fault(text, [], exact))


def _judge_devices(stock: Stock, page: Page) -> None:
    """Judge the filters by device, and the aliases where what they stand for is right."""
    with page.about(ID):
        _judge_device(stock, page, ID, 0, "deviceId")
    with page.about(NAME):
        _judge_device(stock, page, NAME, 1, "deviceName")
    with page.about(DOT_ID):
        _judge_device(stock, page, DOT_ID, 0, "device__id")
    with page.about(DOT_NAME):
        _judge_device(stock, page, DOT_NAME, 1, "device__name")
    with page.about(ID_FIRST):
        _judge_precedence(stock, page, ID_FIRST, 0, ("deviceId", "device__id"))
    with page.about(NAME_FIRST):
        _judge_precedence(stock, page, NAME_FIRST, 1, ("deviceName", "device__name"))
    page.needs((ID,), DOT_ID, ID_FIRST)
    page.needs((NAME,), DOT_NAME, NAME_FIRST)


def _judge_device(stock: Stock, page: Page, requirement: str, column: int, parameter: str) -> None:
    for number, device in enumerate(stock.devices):
        reply = stock.ask(**{parameter: device[column]})
        _compare(stock, page, requirement, reply, [number])
    for unknown in (f"{stock.devices[0][column]}-none", stock.devices[0][column][:-1]):
        reply = stock.ask(**{parameter: unknown})
        if reply.done:  # a client error is an answer too where no device is meant
            _compare(stock, page, requirement, reply, [])


def _judge_precedence(stock: Stock, page: Page, requirement: str, column: int, names: tuple[str, str]) -> None:
    chosen, ignored = names
    for number, other in _pairs(stock):
        for value in (stock.devices[other][column], f"{stock.devices[other][column]}-none"):
            reply = stock.ask(**{chosen: stock.devices[number][column], ignored: value})
            _compare(stock, page, requirement, reply, [number])
            reply = stock.ask(**{ignored: value, chosen: stock.devices[number][column]})
            _compare(stock, page, requirement, reply, [number])


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter among several: its parameters, what it lets through, and its requirement."""

    params: Mapping[str, str]
    lets: Callable[[Kept], bool]
    requirement: str


def _judge_together(stock: Stock, page: Page) -> None:
    """Judge filters that each are right alone: together they let through what all of them do."""
    start, end = EPOCH + 12 * SECOND, EPOCH + 35 * SECOND
    filters = (
        Filter({"deviceId": stock.devices[0][0]}, lambda event: event.device == 0, ID),
        Filter({"deviceName": stock.devices[0][1]}, lambda event: event.device == 0, NAME),
        Filter({"start": zulu(start)}, lambda event: event.end >= start, START),
        Filter({"end": zulu(end)}, lambda event: event.start <= end, END),
        Filter({"query": "zone:dock_2"}, lambda event: event.metadata.get("zone") == "dock_2", KEY_VALUE),
    )
    right = [one for one in filters if _gives(stock, [one]) == _due(stock, [one])]
    for chosen in (*combinations(right, 2), *combinations(right, 3), *combinations(right, 4)):
        if {ID, NAME} <= {one.requirement for one in chosen}:
            continue  # what both mean together is left open
        params = {name: value for one in chosen for name, value in one.params.items()}
        listing = stock.list(chosen[0].requirement, **params)
        due, got = _due(stock, chosen), sorted(listing.ids)
        if due == got:
            continue
        lost = [one for one in chosen if _due(stock, [other for other in chosen if other is not one]) == got]
        text = f"With {', '.join(params)} together, other events are listed than pass each of them"
        both = {START, END} <= {one.requirement for one in chosen} and set(got) < set(due)
        page.fault(MEETING if both else (lost or chosen)[0].requirement, listing.reply.fault(text, due, got))


def _due(stock: Stock, filters: Sequence[Filter]) -> list[str]:
    return sorted(known for known, event in stock.events.items() if all(one.lets(event) for one in filters))


def _gives(stock: Stock, filters: Sequence[Filter]) -> list[str]:
    reply = stock.ask(**{name: value for one in filters for name, value in one.params.items()})
    return sorted(stock.of(reply).ids) if reply.done else []


def _pairs(stock: Stock) -> Iterator[tuple[int, int]]:
    """Different devices."""
    last = len(stock.devices) - 1
    yield from ((0, last), (last, 0))


def _compare(stock: Stock, page: Page, requirement: str, reply: Reply, numbers: Iterable[int]) -> None:
    """Compare a list with the events of the devices of some numbers."""
    due = sorted(known for known, event in stock.events.items() if event.device in numbers)
    if not reply.done:
        page.fault(requirement, reply.fault("A list of a device's events is not answered", 200, reply.status))
        return
    listing = stock.of(reply)
    text = "The list is not of the events of the device that is asked for"
    page.expect(requirement, reply, text, due=due, got=sorted(set(listing.ids)))
