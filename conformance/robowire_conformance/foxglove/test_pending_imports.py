"""Section "List pending imports": the list, its filters, its fields, and the way of an import through its stages."""

import pytest

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.lifecycle import LIFECYCLE, judge_lifecycle
from robowire_conformance.foxglove.pending_facts import COMPLETES, FACTS, QUARANTINE, judge_facts
from robowire_conformance.foxglove.pending_filters import (
    COMPLETED,
    DIRECTIONS,
    FILTERS,
    NO_COMPLETED,
    NO_QUARANTINED,
    NOT_COMPLETED,
    NOT_QUARANTINED,
    QUARANTINED,
    SORTS,
    judge_filters,
    judge_order,
)
from robowire_conformance.foxglove.queue import Queue
from robowire_conformance.foxglove.server_clock import ServerClock
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, proves

UNSEEN = "the list shows none of the suite's pending imports in which it could be seen"


@pytest.fixture(scope="module")
def facts(queue: Queue, server_clock: ServerClock) -> Page:
    """The judgement on what pending imports tell."""
    return judge_facts(queue, server_clock)


@pytest.fixture(scope="module")
def filters(queue: Queue, facts: Page) -> Page:
    """The judgement on the filters."""
    page = judge_filters(queue)
    page.rests(facts, (QUARANTINE,), QUARANTINED, NOT_QUARANTINED, NO_QUARANTINED)
    page.rests(facts, (COMPLETES,), COMPLETED, NOT_COMPLETED, NO_COMPLETED)
    return page


@pytest.fixture(scope="module")
def order(queue: Queue) -> Page:
    """The judgement on the fields to sort by."""
    return judge_order(queue)


@pytest.fixture(scope="module")
def lifecycle(
    foxglove_target: Target,
    guest: Guest,
    server_clock: ServerClock,
    library: Library,  # noqa: ARG001  # where no upload is imported, nothing of this is to be judged
) -> Page:
    """The judgement on the way of imports through their stages."""
    return judge_lifecycle(foxglove_target, guest, server_clock)


@proves("FOXGLOVE-PENDING-001")
def test_the_list_is_an_array(api: Api, queue: Queue) -> None:
    """A plain call is answered with a list, and one of all requests has some of the suite's in it."""
    api.get("/data/pending-imports")
    if not queue.own(queue.ask()):
        queue.ask().require_done()
        raise NotTested("the list shows no pending import of the suite's")


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FACTS])
def test_a_pending_import_tells_its_upload(facts: Page, requirement: str) -> None:
    """What is listed of a pending import is so of the upload and of what came of it."""
    facts.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FILTERS])
def test_a_filter_filters(filters: Page, requirement: str) -> None:
    """Each filter gives what filtering the whole list by hand gives."""
    filters.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize(
    ("parameter", "requirement"),
    [
        pytest.param("showCompleted", "", marks=proves("FOXGLOVE-PENDING-119")),
        pytest.param("showQuarantined", "", marks=proves("FOXGLOVE-PENDING-120")),
    ],
)
def test_what_is_no_boolean_is_refused(queue: Queue, parameter: str, requirement: str) -> None:
    """A value that is neither true nor false is refused, while a list with one is answered."""
    queue.ask().require_done()
    for value in ("yes", "2", "robowire"):
        queue.ask(**{parameter: value}).require_refused(f"{parameter}={value} is not refused", requirement)


@pytest.mark.parametrize(
    "requirement", [pytest.param(one, marks=proves(one), id=one) for one in (*SORTS, *DIRECTIONS.values())]
)
def test_a_field_sorts(order: Page, requirement: str) -> None:
    """Each documented field puts the list in its order, both ways."""
    order.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in LIFECYCLE])
def test_an_import_goes_through_its_stages(lifecycle: Page, requirement: str) -> None:
    """From the file's arrival to the end of its import."""
    lifecycle.settle(requirement, without="the import was over before it could be seen")
