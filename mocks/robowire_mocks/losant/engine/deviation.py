"""The standard deviation of each window, of the population: the document does not say which, all points are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robowire_mocks.losant.engine.windows import Segments

    Numbers = NDArray[np.float64]

_SMALLEST, _LARGEST = 1e-140, 1e140  # deviations whose squares, and their sum, are ordinary doubles


def deviation(segments: Segments) -> Numbers:
    """The standard deviation of each window of finite float64 values; 0 if they are all the same."""
    deviations = np.empty(len(segments))
    with np.errstate(all="ignore"):
        for part, block in segments.blocks():
            deviations[part] = _deviation(block)
            for index in _beyond(block, deviations[part]):
                deviations[part.start + index] = _scaled(block, index)
    return deviations


def _beyond(segments: Segments, deviations: Numbers) -> list[int]:
    """The windows whose squares are not ordinary doubles; not those whose values are all the same."""
    beyond = ~(deviations <= _LARGEST)
    if np.fmin.reduce(deviations) < _SMALLEST:  # whatever other windows' squares have overflowed to
        values, starts = segments.values, segments.starts
        differ = np.minimum.reduceat(values, starts) < np.maximum.reduceat(values, starts)
        beyond |= (deviations < _SMALLEST) & differ
    found: list[int] = np.flatnonzero(beyond).tolist()
    return found


def _deviation(segments: Segments) -> Numbers:
    """Two passes, from each window's first value and then from the mean: neither size nor offset costs digits."""
    starts, counts = segments.starts, segments.counts
    distance = segments.values - np.repeat(segments.values[starts], counts)
    distance -= np.repeat(np.add.reduceat(distance, starts) / counts, counts)
    rest = np.add.reduceat(distance, starts)
    distance *= distance
    variance = (np.add.reduceat(distance, starts) - rest * rest / counts) / counts
    return np.sqrt(np.maximum(variance, 0))


def _scaled(segments: Segments, index: int) -> float:
    """The same for one window, brought to a size at which squares neither overflow nor vanish."""
    values = segments.window(index)
    size = _exponent(values)
    values = np.ldexp(values, -size)
    values -= values[0]
    spread = _exponent(values)
    whole = np.zeros(1, dtype=np.int64)
    window = replace(
        segments,
        values=np.ldexp(values, -spread),
        numbers=whole,
        starts=whole,
        counts=np.array([len(values)]),
    )
    return float(np.ldexp(_deviation(window)[0], size + spread))


def _exponent(values: Numbers) -> int:
    """The power of two just above the largest magnitude."""
    return int(np.frexp(np.abs(values).max())[1])
