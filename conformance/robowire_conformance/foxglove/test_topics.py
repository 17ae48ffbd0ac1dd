"""Section "List topics": topics, encodings and schemas are those of the uploaded recordings."""

import pytest

from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.topic_filters import (
    DIRECTIONS,
    FILTERS,
    SORTS,
    judge_topic_filters,
    judge_topic_sorts,
)
from robowire_conformance.foxglove.topics import TOPICS, judge_topics
from robowire_conformance.verdict import proves

UNSEEN = "the suite's recordings give no occasion to see it (or see FOXGLOVE-TOPICS-001)"


def _each(*requirements: str) -> list[object]:
    return [pytest.param(one, marks=proves(one), id=one) for one in requirements]


@pytest.fixture(scope="module")
def listed(shelf: Shelf) -> Page:
    """The judgement on the list and its items."""
    return judge_topics(shelf)


@pytest.fixture(scope="module")
def filters(shelf: Shelf, listed: Page) -> Page:
    """The judgement on the filters."""
    return judge_topic_filters(shelf, listed)


@pytest.fixture(scope="module")
def sorts(shelf: Shelf) -> Page:
    """The judgement on the fields to sort by."""
    return judge_topic_sorts(shelf)


@pytest.mark.parametrize("requirement", _each(*TOPICS))
def test_topics_are_those_of_the_recording(listed: Page, requirement: str) -> None:
    """Names, encodings and schemas are those of the channels in the file."""
    listed.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(*FILTERS))
def test_a_filter_filters(filters: Page, requirement: str) -> None:
    """Each filter gives the topics of the recordings that it lets through."""
    filters.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(*SORTS, *DIRECTIONS.values()))
def test_a_field_sorts(sorts: Page, requirement: str) -> None:
    """Each documented field puts the list in its order, both ways."""
    sorts.settle(requirement, without=UNSEEN)
