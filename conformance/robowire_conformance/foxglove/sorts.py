"""Judging the fields that a list is sorted by, in both directions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.ordering import in_order

Value = Callable[[Mapping[str, Any]], Any]
"""What an item has in a field; None where it tells nothing about the order."""

DIRECTIONS = ("asc", "desc")


@dataclass(frozen=True, slots=True)
class Sorting:
    """A field to sort by: its requirement, the parameter's value, and how to read it from an item."""

    requirement: str
    field: str
    value: Value


@dataclass(frozen=True, slots=True)
class Sorted:
    """A list that was sorted, and what its items have in the field."""

    sorting: Sorting
    direction: str
    reply: Reply
    values: Sequence[Any]

    def runs(self, *, descending: bool) -> bool:
        """Whether it is in order."""
        return in_order(self.values, descending=descending)

    @property
    def tells(self) -> bool:
        """Whether there is an order to be seen."""
        return len(set(self.values)) > 1


def judge_sorts(
    page: Page,
    sortings: Sequence[Sorting],
    directions: Mapping[str, str],
    ask: Callable[..., Reply],
    own: Callable[[Reply], Sequence[Mapping[str, Any]]],
) -> None:
    """Judge each field in both directions; a direction that is wrong for every field is no field's fault.

    `directions` are the requirements of "asc" and "desc"; `own` picks the items of an answer that stay as they are.
    """
    lists = [one for sorting in sortings for one in _lists(page, sorting, ask, own)]
    for direction in DIRECTIONS:
        told = [one for one in lists if one.direction == direction and one.tells]
        descending = direction == "desc"
        turned = bool(told) and all(one.runs(descending=not descending) for one in told)
        for one in lists:
            if one.direction == direction:
                _judge(page, one, descending=descending != turned)
        if turned:
            text = f"With sortOrder {direction}, the list runs the other way"
            values = sorted(told[0].values, reverse=descending)
            page.fault(directions[direction], told[0].reply.fault(text, values, told[0].values))
        elif told:
            page.saw(directions[direction])


def _lists(
    page: Page,
    sorting: Sorting,
    ask: Callable[..., Reply],
    own: Callable[[Reply], Sequence[Mapping[str, Any]]],
) -> Sequence[Sorted]:
    found = []
    with page.about(sorting.requirement):
        for direction in DIRECTIONS:
            reply = ask(sortBy=sorting.field, sortOrder=direction)
            reply.require_done(sorting.requirement)
            values = [value for item in own(reply) if (value := sorting.value(item)) is not None]
            found.append(Sorted(sorting, direction, reply, values))
    return found


def _judge(page: Page, one: Sorted, *, descending: bool) -> None:
    requirement = one.sorting.requirement
    if page.blocked(requirement):
        return
    if not one.tells:
        page.block(requirement, reason=f"the suite's items do not differ in {one.sorting.field}")
    elif one.runs(descending=descending):
        page.saw(requirement)
    else:
        text = f"The list is not sorted by {one.sorting.field} ({one.direction})"
        due = sorted(one.values, reverse=descending)
        page.fault(requirement, one.reply.fault(text, due, one.values))
