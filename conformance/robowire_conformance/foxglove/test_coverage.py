"""Section "List coverage": ranges are what the uploaded recordings span, merged as far as is asked for."""

import pytest

from robowire_conformance.foxglove.coverage_filters import FILTERS, judge_coverage
from robowire_conformance.foxglove.coverage_sorting import DIRECTIONS, SORTS, judge_coverage_sorts
from robowire_conformance.foxglove.coverage_tolerance import TOLERANCES, judge_tolerance
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.target import Target
from robowire_conformance.verdict import proves

UNSEEN = "the suite's recordings give no occasion to see it (or see FOXGLOVE-COVERAGE-001)"


def _each(*requirements: str) -> list[object]:
    return [pytest.param(one, marks=proves(one), id=one) for one in requirements]


@pytest.fixture(scope="module")
def covered(shelf: Shelf) -> Page:
    """The judgement on the list and its filters."""
    return judge_coverage(shelf)


@pytest.fixture(scope="module")
def tolerances(foxglove_target: Target, shelf: Shelf) -> Page:
    """The judgement on tolerance."""
    return judge_tolerance(foxglove_target, shelf)


@pytest.fixture(scope="module")
def sorts(shelf: Shelf) -> Page:
    """The judgement on the fields to sort by."""
    return judge_coverage_sorts(shelf)


@pytest.mark.parametrize("requirement", _each(*FILTERS))
def test_ranges_are_those_of_the_recordings(covered: Page, requirement: str) -> None:
    """What is covered are the suite's recordings, as far as they are asked for."""
    covered.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(*TOLERANCES))
def test_ranges_are_apart_by_the_tolerance(tolerances: Page, requirement: str) -> None:
    """Ranges that are closer than the tolerance are one, and others are not."""
    tolerances.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(*SORTS, *DIRECTIONS.values()))
def test_a_field_sorts(sorts: Page, requirement: str) -> None:
    """Each documented field puts the list in its order, both ways."""
    sorts.settle(requirement, without=UNSEEN)
