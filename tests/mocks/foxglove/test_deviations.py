"""Every deviation of the Foxglove API says what it does, and wraps a step that there is."""

import re
from dataclasses import fields
from inspect import signature

import pytest
from robowire_mocks.deviations import Deviation, load
from robowire_mocks.foxglove.steps import Steps

STEPS = {step.name for step in fields(Steps)}


@pytest.mark.parametrize("page", sorted({deviation.breaks.split("-")[1] for deviation in load("foxglove")}))
def test_a_deviation_says_what_it_does(page: str) -> None:
    """An id of words, a sentence, and a wrapper that takes the honest step."""
    for deviation in load("foxglove"):
        if deviation.breaks.split("-")[1] == page:
            _check(deviation)


def _check(deviation: Deviation) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", deviation.id)
    assert re.fullmatch(r"[\w/*].*[^.]\.", deviation.summary), deviation.summary
    assert deviation.step in STEPS
    assert len(signature(deviation.wrapper).parameters) >= 2
