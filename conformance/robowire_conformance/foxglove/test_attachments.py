"""Sections "List attachments", "Get an attachment" and "Download an attachment"."""

import pytest

from robowire_conformance.foxglove.attachment_downloads import DOWNLOADS, EXPIRES, judge_downloads, require_expiry
from robowire_conformance.foxglove.attachments import ATTACHMENTS, DIRECTIONS, judge_attachments
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import disturbs, proves

UNSEEN = "the suite's recordings give no occasion to see it (or see FOXGLOVE-ATTACHMENTS-001)"


def _each(*requirements: str) -> list[object]:
    return [pytest.param(one, marks=proves(one), id=one) for one in requirements]


@pytest.fixture(scope="module")
def listed(shelf: Shelf) -> Page:
    """The judgement on lists of attachments."""
    return judge_attachments(shelf)


@pytest.fixture(scope="module")
def downloads(shelf: Shelf) -> Page:
    """The judgement on single attachments and their content."""
    return judge_downloads(shelf)


@pytest.mark.parametrize("requirement", _each(*ATTACHMENTS, *DIRECTIONS.values()))
def test_attachments_are_those_of_the_files(listed: Page, requirement: str) -> None:
    """Every attachment of an uploaded file is listed, as its record has it."""
    listed.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(*DOWNLOADS))
def test_an_attachment_is_available_by_itself(downloads: Page, requirement: str) -> None:
    """It is found by its id, and its download leads to the bytes that were uploaded."""
    downloads.settle(requirement, without=UNSEEN)


@disturbs
@proves(EXPIRES)
def test_a_download_expires(foxglove_target: Target, shelf: Shelf) -> None:
    """The link gives the content for 15 minutes, and no more after them."""
    foxglove_target.allow(Profile.FULL)
    require_expiry(foxglove_target, shelf)
