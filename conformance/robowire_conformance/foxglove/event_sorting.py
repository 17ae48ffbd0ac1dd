"""Section "List events": the fields that events are sorted by."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.event_filters import MISPLACED
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.ordering import in_order
from robowire_conformance.foxglove.stock import Kept, Listing, Stock, moment

FIELDS = ("id", "deviceId", "deviceName", "device.name", "device.id", "start", "createdAt", "updatedAt")
SORTS: Mapping[str, str] = {f"FOXGLOVE-EVENTS-{141 + number}": field for number, field in enumerate(FIELDS)}
DIRECTIONS = {"asc": "FOXGLOVE-PAGING-214", "desc": "FOXGLOVE-PAGING-215"}

_FEWEST = 3
"""So many different values an order has to be seen in."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """A sorted list, and what its events have in the field that it is sorted by."""

    requirement: str
    field: str
    direction: str
    listing: Listing
    values: Sequence[Any]

    @property
    def tells(self) -> bool:
        """Whether the values differ enough to tell an order."""
        return len(set(self.values)) >= _FEWEST


def judge_sorts(stock: Stock) -> Page:
    """Judge each field in both directions; a direction that is wrong for every field is no field's fault."""
    page = Page()
    sortings: list[Sorting] = []
    for requirement, field in SORTS.items():
        with page.about(requirement):
            for direction in DIRECTIONS:
                asked = stock.list(requirement, sortBy=field, sortOrder=direction)
                sortings.append(Sorting(requirement, field, direction, asked, _values(stock, asked, field)))
    if stock.misplaced:
        page.block(*(one for one, field in SORTS.items() if field.startswith("device")), reason=MISPLACED)
    turned = {one for one in DIRECTIONS if _all_turned([each for each in sortings if each.direction == one])}
    for sorting in sortings:
        _judge(page, sorting, descending=(sorting.direction == "desc") != (sorting.direction in turned))
    if not turned:
        _judge_with_query(stock, page)
    return page


def _judge(page: Page, sorting: Sorting, *, descending: bool) -> None:
    values = sorting.values
    if page.blocked(sorting.requirement):
        return
    if not sorting.tells:
        page.block(sorting.requirement, reason=f"the suite's events do not differ in {sorting.field}")
    elif not in_order(values, descending=descending):
        text = f"Events are not sorted by {sorting.field} ({sorting.direction})"
        due = sorted(values, reverse=descending)
        page.fault(sorting.requirement, sorting.listing.reply.fault(text, due, values))
    else:
        page.saw(sorting.requirement)


def _judge_with_query(stock: Stock, page: Page) -> None:
    """A list is sorted also where it is filtered."""
    requirement = next(one for one, field in SORTS.items() if field == "start")
    for direction in DIRECTIONS:
        listing = stock.list(query="zone:*", sortBy="start", sortOrder=direction)
        sorting = Sorting(requirement, "start", direction, listing, _values(stock, listing, "start"))
        if sorting.tells:
            _judge(page, sorting, descending=direction == "desc")


def _all_turned(sortings: Sequence[Sorting]) -> bool:
    """Whether every field is sorted the other way round."""
    found = [
        in_order(one.values, descending=one.direction == "asc")
        and not in_order(one.values, descending=one.direction == "desc")
        for one in sortings
        if one.tells
    ]
    return bool(found) and all(found)


def _values(stock: Stock, listing: Listing, field: str) -> list[Any]:
    """What the events that are listed have in a field, in the list's order."""
    items = listing.items
    return [
        value for known in listing.ids if (value := _READ[field](stock, stock.events[known], items[known])) is not None
    ]


_READ: Mapping[str, Callable[[Stock, Kept, Mapping[str, Any]], Any]] = {
    "id": lambda _, event, __: event.id,
    "deviceId": lambda stock, event, _: stock.devices[event.device][0],
    "device.id": lambda stock, event, _: stock.devices[event.device][0],
    "deviceName": lambda stock, event, _: stock.devices[event.device][1],
    "device.name": lambda stock, event, _: stock.devices[event.device][1],
    "start": lambda _, __, item: moment(item, "start"),
    "createdAt": lambda _, __, item: moment(item, "createdAt"),
    "updatedAt": lambda _, __, item: moment(item, "updatedAt"),
}
