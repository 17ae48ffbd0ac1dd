"""Section "Bags API": bags are recorded continuously, and the oldest are purged when the storage is full.

Time has to pass for this to be seen, so these checks move the target's clock.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pytest

from robowire_conformance.bags.ends import moment_of
from robowire_conformance.bags.listing import ask_list, require_entries
from robowire_conformance.client import Answer
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, disturbs, proves

STEPS_S = (60, 60, 120, 120, 180, 300, 600, 1800, 3600, 3600, 3600, 21600, 21600, 28800)
"""How far the clock is moved from one look at the list to the next, in seconds: a day in all."""

ENOUGH_PURGES = 3
"""After so many looks that found bags purged, time has passed enough."""


@dataclass(frozen=True, slots=True)
class Look:
    """The list at one time: sizes and ends by filename."""

    answer: Answer
    sizes: dict[str, int]
    ends: dict[str, dt.datetime | None]


@pytest.fixture(scope="module")
def looks(bags_target: Target) -> Sequence[Look]:
    """The list as the clock moves on; the target is reset afterwards if it can be."""
    seen = [_look(bags_target)]
    try:
        for step in STEPS_S:
            bags_target.advance_clock(step)
            seen.append(_look(bags_target))
            if sum(1 for _ in _purges(seen)) >= ENOUGH_PURGES:
                break
    finally:
        if len(seen) > 1 and bags_target.hooks.reset is not None:
            bags_target.reset()
    return seen


def _purges(looks: Sequence[Look]) -> Iterator[tuple[Look, Look, set[str]]]:
    """Each two looks in a row between which bags vanished, and their names."""
    for before, after in pairwise(looks):
        gone = before.sizes.keys() - after.sizes.keys()
        if gone:
            yield before, after, gone


def _look(target: Target) -> Look:
    answer = ask_list(target.client)
    entries = require_entries(answer)
    return Look(
        answer,
        {entry.filename: entry.size_bytes or 0 for entry in entries},
        {entry.filename: moment_of(entry.body) for entry in entries},
    )


@disturbs
@proves("BAGS-STORAGE-001")
def test_recording_goes_on(looks: Sequence[Look]) -> None:
    """Bags appear that were not there before."""
    first, last = looks[0], looks[-1]
    if not any(look.sizes.keys() - first.sizes.keys() for look in looks):
        text = f"No new bag appears in {sum(STEPS_S)} seconds"
        raise Violation(text, expected="new bags in the list", actual=sorted(last.sizes), exchange=last.answer.exchange)


@disturbs
@proves("BAGS-STORAGE-002")
def test_the_oldest_bags_are_purged(looks: Sequence[Look]) -> None:
    """No bag vanishes while an older one stays."""
    purges = list(_purges(looks))
    for before, after, gone in purges:
        stayed = before.sizes.keys() & after.sizes.keys()
        for name in sorted(gone):
            older = [other for other in stayed if _older(before, other, name)]
            if older:
                text = f"{name} is purged while {min(older)}, which is older, stays"
                raise Violation(
                    text, expected="the oldest bags purged", actual=sorted(stayed), exchange=after.answer.exchange
                )
    if not purges:
        raise NotTested(f"no bag was purged in {sum(STEPS_S)} seconds: the limit was not reached")


def _older(look: Look, one: str, other: str) -> bool:
    """Whether a bag is older than another, by its end and by its name: robots name bags by their time."""
    one_end, other_end = look.ends[one], look.ends[other]
    return one_end is not None and other_end is not None and one_end < other_end and one < other


@disturbs
@proves("BAGS-STORAGE-003")
def test_storage_stays_within_its_limit(bags_target: Target, looks: Sequence[Look]) -> None:
    """All bags but the one that is being recorded fit the limit, which bags have been purged for."""
    limit = int(bags_target.need("storage_limit_bytes"))
    for look in looks:
        total, newest = sum(look.sizes.values()), max(look.sizes.values())
        if total - newest > limit:
            text = f"The bags hold {total} bytes, more than the limit"
            raise Violation(text, expected=f"at most {limit} bytes", actual=total, exchange=look.answer.exchange)
    if not any(_purges(looks)):
        raise NotTested(f"no bag was purged in {sum(STEPS_S)} seconds: the limit was not reached")
