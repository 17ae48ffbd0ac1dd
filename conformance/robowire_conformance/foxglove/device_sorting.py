"""Sorted lists of devices, judged on those of the suite's own, whatever else may stand between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.fleet import Fleet, identified
from robowire_conformance.foxglove.ordering import in_order
from robowire_conformance.foxglove.whole import PAGE
from robowire_conformance.gathering import Judgement

ASCENDING, DESCENDING = "FOXGLOVE-PAGING-114", "FOXGLOVE-PAGING-115"
DIRECTIONS: Mapping[str, str] = {"asc": ASCENDING, "desc": DESCENDING}
BY: Mapping[str, str] = {
    "id": "FOXGLOVE-DEVICES-101",
    "name": "FOXGLOVE-DEVICES-102",
    "text": "FOXGLOVE-DEVICES-103",
    "text-2": "FOXGLOVE-DEVICES-103",
    "count": "FOXGLOVE-DEVICES-104",
    "grade": "FOXGLOVE-DEVICES-105",
    "flag": "FOXGLOVE-DEVICES-106",
}
"""The requirement of each field to sort by; those of properties by the hints of their keys."""

UNORDERED = frozenset({"grade", "flag"})
"""Fields whose values the document gives no order: an enum may be sorted by its values' texts or by their places."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A list sorted by a field in one direction: the values of the fleet's devices that have one, in its order."""

    by: str
    order: str
    reply: Reply
    values: Sequence[Any]
    complete: bool


def ask_sorted(api: Api, fleet: Fleet, by: str, order: str, query: str = "") -> Sorted:
    """The list by a field in one direction, of all devices or of those that a query matches."""
    field = f"properties.{fleet.keys[by]}" if by in fleet.keys else by
    params = {"sortBy": field, "sortOrder": order, "limit": PAGE, "offset": 0}
    reply = api.ask("GET /devices", params={**params, **({"query": query} if query else {})})
    reply.require_done(BY[by])
    listed = fleet.own(identified(reply))
    value = {"id": lambda one: one, "name": fleet.names.get}.get(by) or (
        lambda one: fleet.properties[one].get(fleet.keys[by])
    )
    values = [found for one in listed if (found := value(one)) is not None]
    # A page that is full may end before the last of the fleet, wherever the target sorts devices without a value.
    complete = bool(query) or sorted(listed) == sorted(fleet.names) or len(reply.body) >= PAGE
    return Sorted(by, order, reply, values, complete)


def judge_sorting(api: Api, fleet: Fleet) -> Judgement:
    """Judge the lists by every field, both ways."""
    judgement = Judgement()
    for by, order in product(BY, DIRECTIONS):
        for query in ("", fleet.query("count", "*")):
            _judge(ask_sorted(api, fleet, by, order, query), judgement)
    return judgement


def _judge(one: Sorted, judgement: Judgement) -> None:
    requirement = BY[one.by]
    if not one.complete:
        text = f"Sorted by {one.by}, the list does not hold the same devices as without"
        judgement.fault(requirement, one.reply.fault(text, "each device once", len(one.reply.body)))
        return
    if one.by in UNORDERED:
        if len([*groupby(one.values)]) == len(set(one.values)):
            judgement.saw(requirement)
        else:
            text = f"Devices of the same {one.by} do not stand together"
            judgement.fault(requirement, one.reply.fault(text, "one group for each value", [*one.values]))
        return
    rising, falling = in_order(one.values), in_order(one.values, descending=True)
    if not rising and not falling:
        text = f"With sortBy for {one.by}, devices are not sorted by it"
        due = sorted(one.values, reverse=one.order == "desc")
        judgement.fault(requirement, one.reply.fault(text, due, [*one.values]))
    else:
        judgement.saw(requirement)
        if falling if one.order == "desc" else rising:
            judgement.saw(DIRECTIONS[one.order])
        else:
            text = f"With sortOrder {one.order}, devices run the other way"
            due = sorted(one.values, reverse=one.order == "desc")
            judgement.fault(DIRECTIONS[one.order], one.reply.fault(text, due, [*one.values]))
