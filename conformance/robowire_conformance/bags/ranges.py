"""Ranges worth asking a player for: every edge that the document speaks of, and many that chance picks."""

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from hypothesis import strategies as st
from robowire_fixtures.bags import LATCHED_TOPICS

from robowire_conformance.bags.recording import Recorded, Recording

SECOND = 10**9
TOLERANCE_NS = 1_500
"""How near to a bound a message counts as on it: a JSON number near today's epoch has steps of 240 ns, a stamp
written to the microsecond loses up to 1 µs more, and the document does not say on which side a bound belongs."""

MANY_MESSAGES = 2_000
MANY_BYTES = 4 * 2**20
WHOLE_BAG_FACTOR = 8
"""A whole bag is asked for once, when it holds no more than this times what other ranges may."""


@dataclass(frozen=True, slots=True)
class Range:
    """A range as it is asked for: its bounds as text, exact to the nanosecond when computed with."""

    start: str
    end: str

    @property
    def start_ns(self) -> int:
        """The start in nanoseconds since the epoch."""
        return nanoseconds(self.start)

    @property
    def end_ns(self) -> int:
        """The end in nanoseconds since the epoch."""
        return nanoseconds(self.end)

    def __str__(self) -> str:
        return f"start_time={self.start}, end_time={self.end}"


@cache
def nanoseconds(text: str) -> int:
    """The nanoseconds of a number of seconds, exactly as the text says it."""
    return round(Decimal(text) * SECOND)


def seconds(time_ns: int) -> str:
    """A time as a client writes it: the shortest text of the nearest double."""
    return repr(time_ns / SECOND)


def span(start_ns: int, end_ns: int) -> Range:
    """The range between two times."""
    return Range(seconds(start_ns), seconds(end_ns))


def edge_ranges(recording: Recording, turn: int = 0, turns: int = 1) -> Iterator[Range]:
    """Ranges at every edge of a recording that holds at least one message.

    Bags of one robot are alike, so that of `turns` recordings each takes its share of the many edges of a topic.
    """
    first, last = recording.start_ns, recording.end_ns
    whole = list(_whole(recording))
    yield from whole
    yield fit(recording, first - SECOND // 3, first + SECOND)
    yield fit(recording, max(first, last - SECOND), last + SECOND // 3)
    yield span(last + SECOND + 1_234_567, last + 2 * SECOND)
    yield span(first - 9 * SECOND, first - SECOND - 7_654_321)
    yield from _in_whole_seconds(recording)
    yield from _quiet(recording)
    for number, (topic, messages) in enumerate(recording.by_topic.items()):
        if not whole or number % turns == turn:
            yield from _around(recording, messages)
        if topic in LATCHED_TOPICS:
            yield from _behind(recording, messages, turn, turns)


def drawn_ranges(recording: Recording) -> st.SearchStrategy[Range]:
    """Ranges anywhere in a recording, from a few milliseconds to some seconds long."""
    starts = st.integers(recording.start_ns - SECOND // 2, recording.end_ns)
    lengths = st.one_of(st.integers(1, SECOND // 10), st.integers(SECOND // 10, 3 * SECOND))
    return st.builds(lambda start, length: fit(recording, start, start + length), starts, lengths)


def fit(recording: Recording, start_ns: int, end_ns: int) -> Range:
    """The range, its end drawn in so that the answer stays of a size that any server and client bear."""
    low = bisect_left(recording.times, start_ns)
    total = 0
    for count, message in enumerate(recording.between(start_ns, end_ns), start=1):
        total += len(message.data)
        if count > MANY_MESSAGES or total > MANY_BYTES:
            return span(start_ns, max(recording.times[low], message.time_ns - 1))
    return span(start_ns, end_ns)


def _whole(recording: Recording) -> Iterator[Range]:
    size = sum(len(message.data) for message in recording.messages)
    if len(recording.messages) <= MANY_MESSAGES * WHOLE_BAG_FACTOR and size <= MANY_BYTES * WHOLE_BAG_FACTOR:
        yield span(recording.start_ns - SECOND // 10, recording.end_ns + SECOND // 10)


def _in_whole_seconds(recording: Recording) -> Iterator[Range]:
    """Bounds without a fraction, written as integers: also floats."""
    start = math.ceil(recording.start_ns / SECOND)
    end = fit(recording, start * SECOND, (start + 1) * SECOND).end_ns // SECOND
    if end > start:
        yield Range(str(start), str(end))


def _quiet(recording: Recording) -> Iterator[Range]:
    """The longest stretch without any message."""
    gaps = [(later - earlier, earlier, later) for earlier, later in pairwise(recording.times)]
    if gaps:
        gap, earlier, later = max(gaps)
        if gap > 8 * TOLERANCE_NS:
            yield span(earlier + gap // 4, later - gap // 4)


def _around(recording: Recording, messages: list[Recorded]) -> Iterator[Range]:
    """Short windows over the first and the last message of a topic, and one of no length on the last."""
    for time_ns in sorted({messages[0].time_ns, messages[-1].time_ns}):
        yield fit(recording, time_ns - 61_803_399, time_ns + 38_196_601)
    yield span(messages[-1].time_ns, messages[-1].time_ns)


def _behind(recording: Recording, messages: list[Recorded], turn: int, turns: int) -> Iterator[Range]:
    """Windows that begin shortly behind messages of a latched topic, and exactly on them."""
    notable = list(dict.fromkeys((*messages[1:3], messages[len(messages) // 2], messages[0])))
    chosen = {message.time_ns for message in (messages[-1], *notable[turn::turns])}
    for time_ns in sorted(chosen):
        yield fit(recording, time_ns + 13_000_003, time_ns + 213_000_007)
    yield fit(recording, notable[turn % len(notable)].time_ns, notable[turn % len(notable)].time_ns + 150_000_011)
