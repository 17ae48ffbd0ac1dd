"""Spans of time, and what is made of them: the reference for coverage."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

Span = tuple[int, int]
"""Nanoseconds since the epoch, both inclusive."""


def merged(spans: Iterable[Span], gap: int = 0) -> list[Span]:
    """The spans, those that overlap or are less than `gap` nanoseconds apart made one, in order of time."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and (start <= found[-1][1] or start - found[-1][1] < gap):
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def gaps(spans: Iterable[Span]) -> list[int]:
    """The nanoseconds between spans that neither overlap nor touch."""
    return [later[0] - earlier[1] for earlier, later in pairwise(merged(spans))]


def covered(span: Span, ranges: Iterable[Span]) -> bool:
    """Whether a span lies within ranges, in one or in several that overlap."""
    return any(start <= span[0] and span[1] <= end for start, end in merged(ranges))


def meets(one: Span, other: Span) -> bool:
    """Whether two spans have a time in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def overlapping(ranges: Sequence[Span]) -> tuple[Span, Span] | None:
    """Two ranges that have more than an end in common, if there are any."""
    pairs = pairwise(sorted(ranges))
    return next(((one, other) for one, other in pairs if other[0] < one[1] or one == other), None)


def unfounded(ranges: Iterable[Span], spans: Sequence[Span], window: Span) -> Span | None:
    """A range that begins or ends where no span does, nor where it is cut by the window that was asked for."""
    starts = {start for start, _ in spans} | {window[0]}
    ends = {end for _, end in spans} | {window[1]}
    return next((one for one in ranges if one[0] not in starts or one[1] not in ends or one[1] < one[0]), None)
