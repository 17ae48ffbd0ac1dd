"""How a target cuts a range into windows: the documents leave the alignment open, and little else."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Any

from robowire_conformance.losant.aggregations import NOTHING, Deviation, Due, aggregate
from robowire_conformance.losant.asking import Series
from robowire_conformance.losant.history import Track
from robowire_conformance.losant.series import Value, readable

MOST_WINDOWS = 20_000
"""No answer of the suite's questions has more windows."""


class Alignment(Enum):
    """From where windows are counted off."""

    START = "the start of the range"
    EPOCH = "the epoch"
    END = "the end of the range"


class Label(Enum):
    """Which time of its window a point carries."""

    START = "the start of its window"
    END = "the end of its window"
    MIDDLE = "the middle of its window"
    FIRST = "the first report of its window"
    LAST = "the last report of its window"


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to cut a range: the documented one has its points at the start of half-open windows."""

    alignment: Alignment
    label: Label = Label.START
    closed_left: bool = True
    closed_right: bool = False
    scale: float = 1.0

    def origin(self, start: int, end: int) -> int:
        """The time that windows are counted off from."""
        return {Alignment.START: start, Alignment.EPOCH: 0, Alignment.END: end}[self.alignment]

    def numbers(self, time_ms: int, origin: int, step: float) -> list[int]:
        """The numbers of the windows that hold a time, counted from the origin; on a border there may be two."""
        offset = (time_ms - origin) / step
        below, above = math.ceil(offset) - 1, math.floor(offset)
        if below == above:
            return [above]
        return [below] * self.closed_right + [above] * self.closed_left

    def labels(self, window: tuple[float, float], start: int, inside: Sequence[tuple[int, Value]]) -> set[float]:
        """The times that a point of a window may carry; that of a cut first window may be the start of the range."""
        low, high = window
        if self.label is Label.START:
            return {low, max(low, start)}
        if self.label is Label.END:
            return {high}
        if self.label is Label.MIDDLE:
            middle = (low + high) / 2
            return {middle, math.floor(middle), math.ceil(middle)}
        choose = min if self.label is Label.FIRST else max
        return {choose((time for time, _ in inside), default=low)}


HONEST = tuple(Rule(alignment) for alignment in Alignment)
"""What a target may do."""

LABELS = tuple(Rule(alignment, label=label) for alignment in Alignment for label in list(Label)[1:])
CLOSED = tuple(
    Rule(alignment, closed_left=left, closed_right=True) for alignment in Alignment for left in (False, True)
)
SCALED = tuple(Rule(alignment, scale=scale) for alignment, scale in product(Alignment, (1000.0, 60_000.0, 0.001)))
"""Mistakes that are told from others: wrong times, windows closed at the wrong end, another unit of the resolution."""


@dataclass(frozen=True, slots=True)
class Windowed:
    """One windowed question about one track, and its answer; `times` are those of all reports in the range."""

    track: Track
    start: int
    end: int
    resolution: float
    aggregation: str
    series: Series
    times: Sequence[int] = ()

    @property
    def on_end(self) -> bool:
        """Whether a value lies on the end, where it may count as inside or outside."""
        return bool(self.track.between(self.end, self.end + 1))

    @property
    def listed(self) -> set[int]:
        """The times of all points of the device, those without a value too."""
        return {point.time for point in self.series.device(self.track.device).points}

    @property
    def on_start(self) -> bool:
        """Whether a value lies on the start, where it may count as inside or outside."""
        return bool(self.track.between(self.start, self.start + 1))

    @property
    def got(self) -> list[tuple[int, Value]]:
        """The values of the answer and their times."""
        return self.series.values(self.track.device, self.track.attribute)

    def __str__(self) -> str:
        where = f"{self.track.attribute} of {self.track.device}"
        return f"{self.aggregation} of {where} from {readable(self.start)} by {self.resolution:g} ms"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Where an answer does not fit a rule."""

    message: str
    expected: str
    actual: Any


@dataclass(slots=True)
class Fit:
    """How a rule fits one answer: what is wrong, and how its empty windows are shown."""

    mismatch: Mismatch | None = None
    empty_listed: int = 0
    empty_left_out: int = 0
    compared: int = 0
    invented: bool = False


def fit(rule: Rule, asked: Windowed, deviation: Deviation | None = None) -> Fit:
    """Compare an answer with what a rule makes of the raw values."""
    result = Fit()
    step, origin = asked.resolution * rule.scale, rule.origin(asked.start, asked.end)
    got = _by_time(asked.got)
    if got is None or (asked.end - asked.start) / step > MOST_WINDOWS:
        result.mismatch = Mismatch("two points have the same time", "one point for each window", asked.got)
        return result
    inside: dict[int, list[tuple[int, Value]]] = defaultdict(list)
    for time, one in asked.track.between(asked.start, asked.end):
        for number in rule.numbers(time, origin, step):
            inside[number].append((time, one))
    taken: set[float] = set()
    first, last = math.floor((asked.start - origin) / step), math.floor((asked.end - 1 - origin) / step)
    held = {rule.numbers(time, origin, step)[0] for time in asked.times}
    for number in range(first, last + 1):
        window = (origin + number * step, origin + (number + 1) * step)
        labels = rule.labels(window, asked.start, inside[number])
        found = [time for time in labels if time in got]
        taken.update(found)
        value: Value | None = got[found[0]] if found else None
        # The document does not say whether the bounds belong to the range.
        if (number == first and asked.on_start) or (number == last and asked.on_end):
            continue
        if inside[number]:
            _compare_values(result, asked, window, inside[number], value, deviation)
        else:
            _compare_empty(result, asked, window, value)
            # Where the device has reported other attributes, the window stands there anyway.
            if number not in held and held and min(held) < number < max(held):
                result.empty_listed += bool(labels & asked.listed)
                result.empty_left_out += not labels & asked.listed
    stray = sorted(time for time in set(got) - taken if not (time == asked.end and asked.on_end))
    if stray and not result.mismatch:
        text = f"a point at {readable(stray[0])} is at no window's time"
        result.mismatch = Mismatch(text, "the times of windows", readable(stray[0]))
    return result


Window = tuple[float, float]


def _compare_values(
    result: Fit,
    asked: Windowed,
    window: Window,
    inside: Sequence[tuple[int, Value]],
    value: Value | None,
    deviation: Deviation | None,
) -> None:
    due = aggregate(asked.aggregation, inside, asked.track.kind, deviation)
    result.compared += 1
    if not due.accepts(value) and result.mismatch is None:
        text = f"the window from {readable(window[0])} to {readable(window[1])} has {len(inside)} raw values"
        result.mismatch = Mismatch(text, str(due), value)


def _compare_empty(result: Fit, asked: Windowed, window: Window, value: Value | None) -> None:
    """A window without values may be left out, or stand there with nothing or, where that makes sense, zero."""
    due = Due((0,), nothing=True) if asked.aggregation in {"COUNT", "SUM"} else NOTHING
    if not due.accepts(value) and result.mismatch is None:
        text = f"the window from {readable(window[0])} to {readable(window[1])} has no raw values"
        result.mismatch = Mismatch(text, str(due), value)
        result.invented = True


def _by_time(points: Iterable[tuple[int, Value]]) -> Mapping[float, Value] | None:
    found: dict[float, Value] = {}
    for time, value in points:
        if time in found:
            return None
        found[time] = value
    return found


def fitting(rules: Iterable[Rule], asked: Sequence[Windowed]) -> Rule | None:
    """The first of some rules that explains all answers."""
    return next((rule for rule in rules if all(fit(rule, one).mismatch is None for one in asked)), None)
