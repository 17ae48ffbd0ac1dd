"""Section "Download data": what a request for data gives is what the uploaded recordings hold."""

import pytest

from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.foxglove.stream_bodies import BODIES, FURTHER, judge_bodies
from robowire_conformance.foxglove.stream_links import EXPIRES, LINKS, judge_links, require_expiry
from robowire_conformance.foxglove.stream_named import judge_named
from robowire_conformance.foxglove.stream_output import IMPORT_ATTACHED, OUTPUTS, WITH_RECORDING, judge_output
from robowire_conformance.foxglove.stream_ranges import COMPLETE, RANGE, RANGES, judge_ranges
from robowire_conformance.foxglove.stream_replay import REPLAYS, judge_replay
from robowire_conformance.foxglove.stream_sources import IMPORT, RECORDING, SOURCES, judge_sources
from robowire_conformance.foxglove.streaming import GIVES, WORKS
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import disturbs, proves

UNSEEN = "the suite's recordings give no occasion to see it (or see FOXGLOVE-STREAM-001, -002)"


def _each(requirements: tuple[str, ...]) -> list[object]:
    return [pytest.param(one, marks=proves(one), id=one) for one in requirements]


@pytest.fixture(scope="module")
def links(shelf: Shelf) -> Page:
    """The judgement on links."""
    return judge_links(shelf)


@pytest.fixture(scope="module")
def ranges(foxglove_target: Target, shelf: Shelf, links: Page) -> Page:
    """The judgement on whole recordings, ranges and topics."""
    page = judge_ranges(foxglove_target, shelf)
    judge_named(shelf, page)
    page.rests(links, (WORKS, GIVES), *RANGES)
    return page


def _resting(page: Page, links: Page, ranges: Page, *requirements: str) -> Page:
    """A judgement that holds only where links give data, and whole recordings come as they are."""
    page.rests(links, (WORKS, GIVES), *requirements)
    page.rests(ranges, (COMPLETE, RANGE), *requirements)
    return page


@pytest.fixture(scope="module")
def sources(shelf: Shelf, links: Page, ranges: Page) -> Page:
    """The judgement on what names recordings."""
    page = judge_sources(shelf)
    if not ranges.faulty(RECORDING):  # that would explain why whole recordings do not come
        _resting(page, links, ranges, *SOURCES)
    return page


@pytest.fixture(scope="module")
def output(shelf: Shelf, links: Page, ranges: Page, sources: Page) -> Page:
    """The judgement on formats and attachments."""
    page = _resting(judge_output(shelf), links, ranges, *OUTPUTS, WITH_RECORDING)
    page.rests(sources, (IMPORT,), IMPORT_ATTACHED)
    return page


@pytest.fixture(scope="module")
def replays(shelf: Shelf, links: Page, ranges: Page) -> Page:
    """The judgement on messages before the range."""
    return _resting(judge_replay(shelf), links, ranges, *REPLAYS)


@pytest.fixture(scope="module")
def bodies(shelf: Shelf, links: Page, ranges: Page) -> Page:
    """The judgement on bodies that are refused."""
    return _resting(judge_bodies(shelf), links, ranges, FURTHER)


@pytest.mark.parametrize("requirement", _each(LINKS))
def test_a_link_gives_the_data(links: Page, requirement: str) -> None:
    """A request is answered with a link, which gives a file to anybody who has it."""
    links.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(RANGES))
def test_the_data_are_those_of_the_range_and_the_topics(ranges: Page, requirement: str) -> None:
    """Every message that was asked for is there, once and unaltered, and no other one."""
    ranges.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(SOURCES))
def test_the_data_are_those_of_what_is_named(sources: Page, requirement: str) -> None:
    """Ids, keys and devices name the recordings that they belong to."""
    sources.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each((*OUTPUTS, WITH_RECORDING)))
def test_the_data_are_of_the_format_that_is_asked_for(output: Page, requirement: str) -> None:
    """Formats, attachments, and the rules between them."""
    output.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(REPLAYS))
def test_earlier_messages_are_replayed(replays: Page, requirement: str) -> None:
    """The last message of each channel before the range comes with it, so far back as is asked for."""
    replays.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", _each(BODIES))
def test_a_wrong_request_is_refused(bodies: Page, requirement: str) -> None:
    """What is lacking or of another type is refused; what the document does not have is ignored."""
    bodies.settle(requirement, without=UNSEEN)


@disturbs
@proves(EXPIRES)
def test_a_link_expires(foxglove_target: Target, shelf: Shelf) -> None:
    """A link gives the data for 15 seconds, and no more after them."""
    foxglove_target.allow(Profile.FULL)
    require_expiry(foxglove_target, shelf)
