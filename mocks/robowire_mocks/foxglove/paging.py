"""Sorting and paging of lists (section "Sorting and pagination")."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import MAX_LIMIT, ORDERS

from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.store import Ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.store import SortKey, Store

SORT_ORDER = Member("sortOrder", one_of=ORDERS)  # FOXGLOVE-PAGING-116, FOXGLOVE-PAGING-216
# FOXGLOVE-PAGING-103, FOXGLOVE-PAGING-104, FOXGLOVE-PAGING-106, FOXGLOVE-PAGING-107
# FOXGLOVE-PAGING-203, FOXGLOVE-PAGING-204, FOXGLOVE-PAGING-206, FOXGLOVE-PAGING-207
LIMIT = Member("limit", Kind.COUNT, least=0, most=MAX_LIMIT)
# FOXGLOVE-PAGING-111, FOXGLOVE-PAGING-112, FOXGLOVE-PAGING-211, FOXGLOVE-PAGING-212
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
    # FOXGLOVE-PAGING-117, FOXGLOVE-PAGING-217
    asked = call.steps.parameters(call, (Member("sortBy", one_of=tuple(fields)), SORT_ORDER, LIMIT, OFFSET))
    # The document does not say in which order a list is that only `sortBy` is given for: ascending.
    descending = asked.get("sortOrder") == "desc"
    # FOXGLOVE-PAGING-102, FOXGLOVE-PAGING-109, FOXGLOVE-PAGING-202, FOXGLOVE-PAGING-209: without them
    return Page(asked.get("sortBy"), descending, asked.get("limit", MAX_LIMIT), asked.get("offset", 0))


def order(
    call: Call,  # noqa: ARG001  # a step gets the call
    store: Store[Any] | Rows,
    page: Page,
    keys: Mapping[str, SortKey],
) -> Iterable[Any]:
    """All rows of `store` in the order that is asked for; by creation, if none is, which costs nothing.

    Ties are ordered by id, and rows without the field come last both ways, so that pages never overlap.
    """
    # FOXGLOVE-PAGING-113, FOXGLOVE-PAGING-213
    if page.sort_by is None:
        return store
    # FOXGLOVE-PAGING-114, FOXGLOVE-PAGING-115, FOXGLOVE-PAGING-214, FOXGLOVE-PAGING-215
    return store.ordered(page.sort_by, keys[page.sort_by]).rows(descending=page.descending)


def cut(call: Call, rows: Iterable[Any], page: Page) -> list[Any]:  # noqa: ARG001  # as above
    """The rows of the page; none past the end."""
    # FOXGLOVE-PAGING-101, FOXGLOVE-PAGING-105, FOXGLOVE-PAGING-108, FOXGLOVE-PAGING-110
    # FOXGLOVE-PAGING-201, FOXGLOVE-PAGING-205, FOXGLOVE-PAGING-208, FOXGLOVE-PAGING-210
    start = min(page.offset, sys.maxsize - MAX_LIMIT)
    return list(islice(rows, start, start + page.limit))


class Rows:
    """Rows that no store holds, as `listed` wants them: they are made once, when they are needed.

    `kept` gives what was sorted by a field before, or has it made.
    """

    def __init__(
        self,
        rows: Iterable[Any],
        kept: Callable[[str, Callable[[], Ordered[Any]]], Ordered[Any]] = lambda _, make: make(),
    ) -> None:
        self._rows = rows
        self._kept = kept

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def ordered(self, field: str, key: SortKey) -> Ordered[Any]:
        """All rows sorted by `key`, whose name is `field`."""
        return self._kept(field, lambda: Ordered(self._rows, key))


def listed(
    call: Call,
    store: Store[Any] | Rows,
    page: Page,
    keys: Mapping[str, SortKey],
    matches: Callable[[Any], bool] | None = None,
) -> list[Any]:
    """The page of those rows of `store` that match; it is no dearer than the rows up to its end."""
    # All lists alike: those of coverage, imports, attachments, recordings, pending imports and topics too.
    # FOXGLOVE-PAGING-301 to FOXGLOVE-PAGING-317, FOXGLOVE-PAGING-401 to FOXGLOVE-PAGING-417
    # FOXGLOVE-PAGING-501 to FOXGLOVE-PAGING-517, FOXGLOVE-PAGING-601 to FOXGLOVE-PAGING-617
    # FOXGLOVE-PAGING-701 to FOXGLOVE-PAGING-717, FOXGLOVE-PAGING-801 to FOXGLOVE-PAGING-817
    rows = call.steps.order(call, store, page, keys)
    return call.steps.cut(call, rows if matches is None else filter(matches, rows), page)
