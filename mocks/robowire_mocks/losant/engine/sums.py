"""Sums of windows that are right to the last digits.

numpy adds pairwise: its error is a few units in the last place of the sum of the magnitudes. Where the values of a
window nearly cancel, or overflow on the way, that is not good enough: those windows are added again, exactly.
"""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, cast

import numpy as np

from robowire_mocks.losant.engine.windows import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from robowire_mocks.losant.engine.windows import Segments

    Numbers = NDArray[np.float64]

CANCELLATION: float = 1024.0
"""How many times larger than a sum its terms' magnitudes may be together, before it is made again exactly."""

_SCALE = 64  # powers of two by which an exact sum is made smaller: it cannot overflow, whatever the window holds


def sums(segments: Segments) -> tuple[Numbers, Numbers]:
    """The sum of each window and its mean; infinite where it is larger than a double can be.

    Args:
        segments: Windows of finite float64 values.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.add.reduceat(segments.values, segments.starts)
        mean = total / segments.counts
        for index in _doubtful(segments, total):
            total[index], mean[index] = _exact(segments.window(index))
    return total, mean


def _doubtful(segments: Segments, total: Numbers) -> list[int]:
    """The windows of more than two values whose pairwise sum may be off in digits that show, or is not finite."""
    doubtful = ~np.isfinite(total)
    if segments.values.min(initial=0.0) < 0:
        for part, block in segments.blocks():
            magnitudes = np.add.reduceat(np.abs(block.values), block.starts)
            doubtful[part] |= (magnitudes > CANCELLATION * np.abs(total[part])) & (block.counts > 2)
    found: list[int] = np.flatnonzero(doubtful).tolist()
    return found


def _exact(values: Numbers) -> tuple[float, float]:
    """The sum and the mean, each from the exact sum."""
    try:
        total = math.fsum(_floats(values))
    except OverflowError:  # on the way or in the end
        scaled = math.fsum(_floats(np.ldexp(values, -_SCALE)))
        return _unscaled(scaled), _unscaled(scaled / len(values))
    return total, total / len(values)


def _floats(values: Numbers) -> Iterable[float]:
    """The values as Python's floats, of which only some exist at once."""
    if len(values) <= BLOCK:
        return cast("list[float]", values.tolist())
    blocks = (values[start : start + BLOCK] for start in range(0, len(values), BLOCK))
    return chain.from_iterable(block.tolist() for block in blocks)


def _unscaled(number: float) -> float:
    try:
        return math.ldexp(number, _SCALE)
    except OverflowError:
        return math.copysign(math.inf, number)
