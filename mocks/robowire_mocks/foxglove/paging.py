"""Sorting and paging of lists (section "Sorting and pagination")."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove.members import Kind, Member

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.store import SortKey, Store

DEFAULT_LIMIT: int = 2000
LARGEST_LIMIT: int = 2000

SORT_ORDER = Member("sortOrder", one_of=("asc", "desc"))
LIMIT = Member("limit", Kind.COUNT, least=0, most=LARGEST_LIMIT)
OFFSET = Member("offset", Kind.COUNT, least=0)


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for; `sort_by` is None where the order is that of creation."""

    sort_by: str | None
    descending: bool
    limit: int
    offset: int


def page(call: Call, fields: Collection[str]) -> Page:
    """What the request asks for; `fields` are the values that `sortBy` may have.

    Raises:
        BadRequest: A parameter is not what it may be.
    """
    asked = call.steps.parameters(call, (Member("sortBy", one_of=tuple(fields)), SORT_ORDER, LIMIT, OFFSET))
    # The document does not say in which order a list is that only `sortBy` is given for: ascending.
    descending = asked.get("sortOrder") == "desc"
    return Page(asked.get("sortBy"), descending, asked.get("limit", DEFAULT_LIMIT), asked.get("offset", 0))


def order(call: Call, store: Store[Any], page: Page, keys: Mapping[str, SortKey]) -> Iterable[Any]:  # noqa: ARG001  # a step gets the call
    """All rows of `store` in the order that is asked for; by creation, if none is, which costs nothing.

    Ties are ordered by id, and rows without the field come last both ways, so that pages never overlap.
    """
    if page.sort_by is None:
        return store
    return store.ordered(page.sort_by, keys[page.sort_by]).rows(descending=page.descending)


def cut(call: Call, rows: Iterable[Any], page: Page) -> list[Any]:  # noqa: ARG001  # as above
    """The rows of the page; none past the end."""
    start = min(page.offset, sys.maxsize - LARGEST_LIMIT)
    return list(islice(rows, start, start + page.limit))


def listed(
    call: Call,
    store: Store[Any],
    page: Page,
    keys: Mapping[str, SortKey],
    matches: Callable[[Any], bool] | None = None,
) -> list[Any]:
    """The page of those rows of `store` that match; it is no dearer than the rows up to its end."""
    rows = call.steps.order(call, store, page, keys)
    return call.steps.cut(call, rows if matches is None else filter(matches, rows), page)
