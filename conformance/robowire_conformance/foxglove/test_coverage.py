"""Section "List coverage": ranges are what the uploaded recordings span, merged as far as is asked for."""

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.coverage_edge import (
    AWAITED,
    EDGE,
    EDGE_TOPICS,
    STATUS,
    Edge,
    judge_edge,
    judge_edge_topics,
    judge_own,
    require_awaited,
    require_awaited_status,
)
from robowire_conformance.foxglove.coverage_filters import FILTERS, judge_coverage
from robowire_conformance.foxglove.coverage_sorting import DIRECTIONS, SORTS, judge_coverage_sorts
from robowire_conformance.foxglove.coverage_tolerance import TOLERANCES, judge_tolerance
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, Violation, proves

if TYPE_CHECKING:
    from robowire_conformance.foxglove.edge import Journey

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


@pytest.fixture(scope="module")
def edge(request: pytest.FixtureRequest, foxglove_target: Target, api: Api) -> Page:
    """The judgement on recordings that are not imported, and on the suite's own beside them."""
    page = judge_edge(foxglove_target, api)
    with suppress(NotTested, Violation):  # without recordings of its own, those of the target tell enough
        judge_own(request.getfixturevalue("shelf"), page)
    return page


@pytest.fixture(scope="module")
def edge_topics(foxglove_target: Target, api: Api) -> Page:
    """The judgement on the topics of recordings that are not imported."""
    return judge_edge_topics(foxglove_target, api)


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


@pytest.mark.parametrize("requirement", _each(*EDGE))
def test_edge_recordings_are_covered_where_they_are_asked_for(edge: Page, requirement: str) -> None:
    """Recordings that are not imported have ranges only with includeEdgeRecordings."""
    edge.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(*EDGE_TOPICS))
def test_topics_of_edge_recordings_are_given_alone(edge_topics: Page, requirement: str) -> None:
    """Topics of a recording that is not imported are given by its id alone."""
    edge_topics.settle(requirement, without=UNSEEN)


@proves(AWAITED)
@pytest.mark.usefixtures("edge", "edge_topics")  # which are to see the recording before it is imported
def test_an_import_that_is_asked_for_is_awaited(request: pytest.FixtureRequest) -> None:
    """The status of a range is import-pending until its recording is imported."""
    journey: Journey = request.getfixturevalue("journey")
    journey.require_asked()
    require_awaited(Edge(journey.api, journey.body), journey.covered)


@proves(STATUS)
@pytest.mark.usefixtures("edge", "edge_topics")  # as above
def test_an_import_that_is_asked_for_is_told(request: pytest.FixtureRequest) -> None:
    """The importStatus of a range is neither none nor complete while its recording is being imported."""
    journey: Journey = request.getfixturevalue("journey")
    journey.require_asked()
    require_awaited_status(Edge(journey.api, journey.body), journey.covered)
