"""When a topic is published: endless, never falling times, most of them odd, some on whole seconds or twice at once."""

from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from typing import NamedTuple

from robowire_generators.robot.course import LAP_NS, LEGS

SECOND = 1_000_000_000
"""Nanoseconds."""


class Run(NamedTuple):
    """What a schedule may depend on.

    Attributes:
        start_ns: When the recording starts, ns since the epoch.
        phase_ns: What to add to a time to get the nanoseconds on the route.
        rng: The topic's own generator; only `random()` is used, whose values no Python release changes.
    """

    start_ns: int
    phase_ns: int
    rng: Random


Schedule = Callable[[Run], Iterator[int]]


def _ns(seconds: float) -> int:
    return round(seconds * SECOND)


def regularly(hz: float, *, after: float = 0.0) -> Schedule:
    """Publish at a rate, each message up to a fifth of the period late, as recorders see it."""
    period = _ns(1 / hz)

    def times(run: Run) -> Iterator[int]:
        first = run.start_ns + _ns(after)
        return (first + n * period + int(run.rng.random() * period / 5) for n in count())

    return times


def once(after: float) -> Schedule:
    """Publish one message, `after` seconds from the start."""
    return lambda run: iter((run.start_ns + _ns(after),))


def seldom(shortest: float, longest: float, *, after: float = 0.0, twice_every: int = 0) -> Schedule:
    """Publish at odd moments.

    Args:
        shortest: Least seconds between messages.
        longest: Most seconds between messages.
        after: Seconds from the start to the first message.
        twice_every: Publish two messages with one and the same time at every so many-th moment; 0 for never.
    """

    def times(run: Run) -> Iterator[int]:
        now = run.start_ns + _ns(after)
        for n in count(1):
            yield now
            if twice_every and n % twice_every == 0:
                yield now
            now += _ns(shortest + (longest - shortest) * run.rng.random())

    return times


def on_whole_seconds(period: int, *, after: float = 0.0) -> Schedule:
    """Publish at the start, then exactly on every `period`-th whole second of the clock from `after` seconds on."""

    def times(run: Run) -> Iterator[int]:
        if not after:
            yield run.start_ns + _ns(0.05 + 0.1 * run.rng.random())
        first = -(-(run.start_ns + _ns(after or 1.0)) // SECOND)
        yield from (second * SECOND for second in count(first, period))

    return times


def on_legs(*, after: float = 0.0) -> Schedule:
    """Publish `after` seconds from the start, then whenever the robot begins another leg of its route."""

    def times(run: Run) -> Iterator[int]:
        first = run.start_ns + _ns(after)
        yield first
        lap_start = first - (first + run.phase_ns) % LAP_NS
        for lap in count(lap_start, LAP_NS):
            for leg in LEGS:
                # A moment to think: the state is published some 10 ms after the leg has begun.
                begin = lap + _ns(leg.begin) + int(run.rng.random() * 10_000_000)
                if begin > first:
                    yield begin

    return times
