"""Section "Last Value Query": the last known data of an attribute."""

from contextlib import suppress

import pytest

from robowire_conformance.gathering import Judgement
from robowire_conformance.losant.history import History
from robowire_conformance.losant.last_values import COMPARED, SETTLED, LastValueJudge
from robowire_conformance.losant.raw_points import raw_trusted
from robowire_conformance.verdict import NotTested, proves

SELECTED = "LOSANT-SELECT-201"


@pytest.fixture(scope="module")
def last_values(history: History, points: Judgement, request: pytest.FixtureRequest) -> Judgement:
    """The judgement on the last values of several attributes of each type."""
    others: list[str] = []
    misled = False
    with suppress(NotTested):  # the other devices are needed for little
        fleet, _ = request.getfixturevalue("explored")
        others = sorted(fleet.known)
        misled = request.getfixturevalue("selected").faulty(SELECTED)
    judgement = LastValueJudge(history, others).judge()
    if misled:
        judgement.dismiss(*COMPARED, reason=f"{SELECTED}, which it needs, fails")
    broken = raw_trusted(points)
    if broken:
        judgement.dismiss(*COMPARED, reason=f"{broken}, which it needs, fails")
    return judgement


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in SETTLED])
def test_last_values(last_values: Judgement, requirement: str) -> None:
    """The value is the one reported last up to the end, with its time, in the documented form."""
    lacking = "no device has reported values that show it (or see LOSANT-LASTVALUE-001, -011 to -014)"
    last_values.settle(requirement, without=lacking)
