"""Section "Lake files": one file for each topic of each recording at a self-hosted site."""

import pytest

from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.lake import Lake
from robowire_conformance.foxglove.lake_files import LAKE, judge_lake
from robowire_conformance.verdict import proves

UNSEEN = "the target gives no occasion to see it (or see FOXGLOVE-LAKE-001)"


@pytest.fixture(scope="module")
def listed(lake: Lake) -> Page:
    """The judgement on lists of lake files."""
    return judge_lake(lake)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in LAKE])
def test_lake_files_are_those_of_the_recordings(listed: Page, requirement: str) -> None:
    """What was put into the inbox is in the lake, topic by topic, as far as it is asked for."""
    listed.settle(requirement, without=UNSEEN)
