"""Deviations of continuous recording and purging (section "Bags API")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robowire_generators.recipe import BagRecipe

    from robowire_mocks.bags.folder import StoredBag

    Recording = Callable[[int, float], BagRecipe | None]
    Choosing = Callable[[Sequence[StoredBag], int], Sequence[StoredBag]]


@BAGS.deviation("recorder-stopped", breaks="BAGS-STORAGE-001", step="recording")
def recorder_stopped(honest: Recording, period: int, period_s: float) -> None:
    """Nothing more is recorded."""
    honest(period, period_s)


@BAGS.deviation("purges-newest", breaks="BAGS-STORAGE-002", step="victims")
def purges_newest(honest: Choosing, bags: Sequence[StoredBag], excess: int) -> Sequence[StoredBag]:
    """The newest bags are purged and the oldest stay."""
    return honest(bags[::-1], excess)


@BAGS.deviation("purges-largest", breaks="BAGS-STORAGE-002", step="victims")
def purges_largest(honest: Choosing, bags: Sequence[StoredBag], excess: int) -> Sequence[StoredBag]:
    """The largest bags are purged, however new."""
    return honest(sorted(bags, key=lambda bag: bag.size, reverse=True), excess)


@BAGS.deviation("purges-second-oldest", breaks="BAGS-STORAGE-002", step="victims")
def purges_second_oldest(honest: Choosing, bags: Sequence[StoredBag], excess: int) -> Sequence[StoredBag]:
    """The very oldest bag always stays; those after it are purged."""
    return honest([*bags[1:], *bags[:1]], excess)


@BAGS.deviation("never-purges", breaks="BAGS-STORAGE-003", step="victims")
def never_purges(honest: Choosing, bags: Sequence[StoredBag], excess: int) -> Sequence[StoredBag]:
    """Nothing is ever purged."""
    return honest(bags, excess)[:0]


@BAGS.deviation("purges-late", breaks="BAGS-STORAGE-003", step="victims")
def purges_late(honest: Choosing, bags: Sequence[StoredBag], excess: int) -> Sequence[StoredBag]:
    """Nothing is purged before the bags take one and a half times the limit."""
    limit = sum(bag.size for bag in bags) - excess
    return honest(bags, excess - limit // 2)
