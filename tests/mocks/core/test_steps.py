"""A step can be wrapped without its owner knowing."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from robowire_mocks.core.steps import wrap


@dataclass(frozen=True, slots=True)
class Steps:
    """Two steps, one of which is made of the other."""

    double: Callable[[int], int] = lambda number: 2 * number
    label: Callable[[int], str] = str


def test_a_wrapper_gets_the_honest_step_and_its_arguments() -> None:
    """The wrapped step is replaced, the others and the table that it came from are not."""
    honest = Steps()
    wrapped = wrap(honest, "double", lambda step, number: step(number) + 1)
    assert (wrapped.double(4), wrapped.label(4), honest.double(4)) == (9, "4", 8)


def test_wrappers_can_be_stacked() -> None:
    """A second wrapper goes around the first."""
    steps = wrap(Steps(), "double", lambda step, number: step(number) + 1)
    assert wrap(steps, "double", lambda step, number: -step(number)).double(4) == -9


def test_an_unknown_step_is_refused() -> None:
    """The error names the steps that there are."""
    with pytest.raises(ValueError, match="double, label"):
        wrap(Steps(), "triple", lambda step: step)
