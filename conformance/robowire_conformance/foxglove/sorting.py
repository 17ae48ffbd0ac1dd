"""The fields that a list is sorted by, each asked for in both directions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.ordering import in_order

Read = Callable[[Reply], Sequence[Any]]
"""What the items of an answer that are known have in a field, in the answer's order."""

_FEWEST = 2
"""So many different values an order has to be seen in."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """A sorted list, and the values of the field that it is sorted by."""

    requirement: str
    field: str
    direction: str
    reply: Reply
    values: Sequence[Any]

    @property
    def tells(self) -> bool:
        """Whether the values differ enough to tell an order."""
        return len(set(self.values)) >= _FEWEST

    @property
    def turned(self) -> bool:
        """Whether it is in the order of the other direction."""
        down = self.direction == "desc"
        return in_order(self.values, descending=not down) and not in_order(self.values, descending=down)


def judge_sorts(
    page: Page, fields: Mapping[str, str], read: Mapping[str, Read], ask: Callable[[str, str], Reply]
) -> None:
    """Judge each field by its requirement; a direction that is wrong for every field is no field's fault."""
    found: list[Sorted] = []
    for requirement, field in fields.items():
        with page.about(requirement):
            for direction in ("asc", "desc"):
                reply = ask(field, direction)
                reply.require_done(requirement)
                found.append(Sorted(requirement, field, direction, reply, read[field](reply)))
    for direction in ("asc", "desc"):
        telling = [one for one in found if one.direction == direction and one.tells]
        turned = bool(telling) and all(one.turned for one in telling)
        for one in (one for one in found if one.direction == direction):
            _judge(page, one, descending=(direction == "desc") != turned)


def judge_direction(page: Page, requirement: str, found: Sequence[Sorted], direction: str) -> None:
    """Judge whether the lists of one direction run that way, by those that are sorted at all."""
    telling = [one for one in found if one.direction == direction and one.tells]
    telling = [one for one in telling if one.turned or in_order(one.values, descending=direction == "desc")]
    if not telling:
        page.block(requirement, reason="no list is sorted at all")
    elif all(one.turned for one in telling):  # what is wrong of one field is that field's
        one = telling[0]
        text = f"With sortOrder {direction}, the list by {one.field} runs the other way"
        due = sorted(one.values, reverse=direction == "desc")
        page.fault(requirement, one.reply.fault(text, due, [*one.values]))
    else:
        page.saw(requirement)


def gather(
    fields: Sequence[str], read: Mapping[str, Read], ask: Callable[[str, str], Reply], direction: str
) -> list[Sorted]:
    """The lists by some fields in one direction."""
    replies = [(field, ask(field, direction)) for field in fields]
    return [Sorted("", field, direction, reply, read[field](reply)) for field, reply in replies if reply.done]


def _judge(page: Page, one: Sorted, *, descending: bool) -> None:
    if page.blocked(one.requirement):
        return
    if not one.tells:
        page.block(one.requirement, reason=f"the suite's items do not differ in {one.field}")
    elif not in_order(one.values, descending=descending):
        text = f"The list is not sorted by {one.field} ({one.direction})"
        due = sorted(one.values, reverse=descending)
        page.fault(one.requirement, one.reply.fault(text, due, [*one.values]))
    else:
        page.saw(one.requirement)
