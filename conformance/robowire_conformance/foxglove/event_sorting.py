"""Section "List events": the fields that events are sorted by."""

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.ordering import in_order
from robowire_conformance.foxglove.stock import Kept, Listing, Stock, moment

FIELDS = ("id", "deviceId", "deviceName", "device.name", "device.id", "start", "createdAt", "updatedAt")
SORTS: Mapping[str, str] = {f"FOXGLOVE-EVENTS-{141 + number}": field for number, field in enumerate(FIELDS)}
DIRECTIONS = {"asc": "FOXGLOVE-PAGING-214", "desc": "FOXGLOVE-PAGING-215"}

_FEWEST = 3
"""So many different values an order has to be seen in."""


def judge_sorts(stock: Stock) -> Page:
    """Judge each field in both directions; a direction that is wrong for every field is no field's fault."""
    page = Page()
    sortings: dict[tuple[str, str], Listing] = {}
    for requirement, field in SORTS.items():
        with page.about(requirement):
            for direction in DIRECTIONS:
                sortings[requirement, direction] = stock.list(sortBy=field, sortOrder=direction)
    turned = {one for one in DIRECTIONS if _all_turned(stock, sortings, one)}
    for (requirement, direction), listing in sortings.items():
        values = _values(stock, listing, SORTS[requirement])
        descending = (direction == "desc") != (direction in turned)
        if len(set(values)) < _FEWEST:
            page.block(requirement, reason=f"the suite's events do not differ in {SORTS[requirement]}")
        elif not in_order(values, descending=descending):
            text = f"Events are not sorted by {SORTS[requirement]} ({direction})"
            page.fault(requirement, listing.reply.fault(text, sorted(values, reverse=descending), values))
        else:
            page.saw(requirement)
    return page


def _all_turned(stock: Stock, sortings: Mapping[tuple[str, str], Listing], direction: str) -> bool:
    """Whether every field is sorted the other way round."""
    found = [
        in_order(values, descending=direction == "asc") and not in_order(values, descending=direction == "desc")
        for requirement, one in product(SORTS, [direction])
        if (requirement, one) in sortings
        and len(set(values := _values(stock, sortings[requirement, one], SORTS[requirement]))) >= _FEWEST
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
    "start": lambda _, event, __: event.start,
    "createdAt": lambda _, __, item: moment(item, "createdAt"),
    "updatedAt": lambda _, __, item: moment(item, "updatedAt"),
}
