"""Every aggregation computed from raw values in plain Python, and how near a double can be asked to come."""

import math
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from robowire_conformance.losant.series import Value

EPSILON = 2.0**-52
LARGEST = 1e307
"""Sums of values beyond this may overflow on the way, depending on how they are summed; they are not compared."""

POSITION = re.compile(r"-?\d{1,3}(\.\d+)?, ?-?\d{1,3}(\.\d+)?")
"""A GPS attribute's values are latitude and longitude in degrees."""

Raw = Sequence[tuple[int, Value]]
"""Times and values of one attribute."""


class Kind(Enum):
    """What the values of an attribute are."""

    NUMBER = "numbers"
    BOOLEAN = "booleans"
    STRING = "strings"
    POSITION = "positions"

    @property
    def textual(self) -> bool:
        """Whether they cannot be calculated with."""
        return self in {Kind.STRING, Kind.POSITION}


class Deviation(Enum):
    """Which standard deviation a server computes; the document does not say."""

    POPULATION = "population"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class Due:
    """What an aggregation may answer: one of some values, or a number within a tolerance; or nothing at all."""

    values: tuple[Value, ...] = ()
    tolerance: float = 0.0
    nothing: bool = False
    anything: bool = False

    def accepts(self, got: Value | None) -> bool:
        """Whether the answer is right; None is no answer. True and 1 are different, 1 and 1.0 are not."""
        if self.anything:
            return True
        if got is None:
            return self.nothing
        return any(_equal(got, value, self.tolerance) for value in self.values)

    def __str__(self) -> str:
        texts = [repr(value) for value in dict.fromkeys(self.values)] + ["no value"] * self.nothing
        return "anything" if self.anything else " or ".join(texts)


NOTHING = Due(nothing=True)


def _equal(got: Value, due: Value, tolerance: float) -> bool:
    if isinstance(got, bool) or isinstance(due, bool) or isinstance(got, str) or isinstance(due, str):
        return type(got) is type(due) and got == due
    return got == due or (tolerance > 0 and math.isfinite(got) and abs(got - due) <= tolerance)


def kind_of(values: Sequence[Value]) -> Kind | None:
    """The kind of an attribute's values; None where they are mixed, or there is none."""
    kinds = {
        Kind.BOOLEAN if isinstance(v, bool) else Kind.STRING if isinstance(v, str) else Kind.NUMBER for v in values
    }
    if kinds == {Kind.STRING} and all(POSITION.fullmatch(str(value)) for value in values):
        return Kind.POSITION
    return kinds.pop() if len(kinds) == 1 else None


def _kind(value: Value) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOLEAN
    return Kind.STRING if isinstance(value, str) else Kind.NUMBER


def aggregate(name: str, raw: Raw, kind: Kind, deviation: Deviation | None = None) -> Due:
    """What an aggregation of the raw values of one window answers.

    Args:
        name: The aggregation.
        raw: The values of the window with their times; at least one.
        kind: What they are.
        deviation: Which standard deviation; None for either.
    """
    if name in TEMPORAL:
        return TEMPORAL[name](raw)
    if kind.textual:
        return NOTHING
    numbers = [float(value) for _, value in raw]
    if name == "STD_DEV":
        return _standard_deviation(numbers, deviation)
    return NUMERICAL[name](numbers)


def _count(raw: Raw) -> Due:
    return Due((len(raw),))


def _first(raw: Raw) -> Due:
    """The value of the earliest time; of several at that time, any."""
    earliest = min(time for time, _ in raw)
    return Due(tuple(value for time, value in raw if time == earliest))


def _last(raw: Raw) -> Due:
    latest = max(time for time, _ in raw)
    return Due(tuple(value for time, value in raw if time == latest))


def _sum(numbers: Sequence[float]) -> Due:
    size = sum(abs(number) for number in numbers)
    if size > LARGEST:
        return Due(anything=True)
    return Due((math.fsum(numbers),), tolerance=(len(numbers) + 2) * EPSILON * size)


def _mean(numbers: Sequence[float]) -> Due:
    due = _sum(numbers)
    if due.anything:
        return due
    count = len(numbers)
    return Due((math.fsum(numbers) / count,), tolerance=due.tolerance / count + 1e-320)


def _median(numbers: Sequence[float]) -> Due:
    """The middle value, or the mean of the middle two."""
    if max(map(abs, numbers)) > LARGEST:
        return Due(anything=True)
    median = statistics.median(numbers)
    return Due((median,), tolerance=4 * EPSILON * max(map(abs, numbers)) if len(numbers) % 2 == 0 else 0.0)


def _standard_deviation(numbers: Sequence[float], deviation: Deviation | None) -> Due:
    """The root of the variance, as near as the least exact of the usual formulas comes with doubles."""
    count = len(numbers)
    if max(map(abs, numbers)) > math.sqrt(LARGEST) / count:
        return Due(anything=True)
    population = statistics.pvariance(numbers)
    values: list[Value] = []
    if deviation is not Deviation.SAMPLE:
        values.append(math.sqrt(population))
    if deviation is not Deviation.POPULATION:
        values.append(math.sqrt(population * count / (count - 1)) if count > 1 else 0.0)
    slack = 4 * (count + 4) * EPSILON * math.fsum(number * number for number in numbers) / count
    root = max(math.sqrt(population), math.sqrt(slack))
    tolerance = slack / root if root else 0.0
    # One value has no sample deviation.
    nothing = count == 1 and deviation is not Deviation.POPULATION
    return Due(tuple(values), tolerance=max(tolerance, 1e-12 * root), nothing=nothing)


TEMPORAL: Mapping[str, Callable[[Raw], Due]] = {"COUNT": _count, "FIRST": _first, "LAST": _last}
"""Aggregations of values of every kind."""

NUMERICAL: Mapping[str, Callable[[Sequence[float]], Due]] = {
    "SUM": _sum,
    "MIN": lambda numbers: Due((min(numbers),)),
    "MAX": lambda numbers: Due((max(numbers),)),
    "MEAN": _mean,
    "MEDIAN": _median,
}
"""Aggregations of numbers, and of truth values as 0 and 1; STD_DEV is one more."""

AGGREGATIONS = ("FIRST", "LAST", "COUNT", "MAX", "MIN", "MEDIAN", "MEAN", "SUM", "STD_DEV")


def is_sorted(times: Sequence[int], order: str) -> bool:
    """Whether times run in an order, "asc" or "desc"; equal ones may stand in any."""
    return all(a <= b if order == "asc" else a >= b for a, b in pairwise(times))
