"""Sections on sites: an edge site drops what is older than it says, and takes what is left with it."""

import pytest

from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.site_storage import STORAGE, judge_storage
from robowire_conformance.target import Target
from robowire_conformance.verdict import proves


@pytest.fixture(scope="module")
def storage(foxglove_target: Target, guest: Guest) -> Page:
    """The judgement on an edge site that may be lost."""
    return judge_storage(foxglove_target, guest)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in STORAGE])
def test_an_edge_site_keeps_recordings_as_it_says(storage: Page, requirement: str) -> None:
    """For ever, or for its period; not after it, nor after the site was deleted."""
    storage.settle(requirement, without="no edge site may be lost")
