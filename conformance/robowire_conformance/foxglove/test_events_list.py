"""Section "List events": the list, its filters, its query language, and the fields that it is sorted by."""

import pytest

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.event_facts import rename, require_owner
from robowire_conformance.foxglove.event_filters import FILTERS, judge_filters
from robowire_conformance.foxglove.event_querying import QUERIES, judge_queries
from robowire_conformance.foxglove.event_sorting import SORTS, judge_sorts
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.stock import Stock
from robowire_conformance.target import Target
from robowire_conformance.verdict import proves

UNSEEN = "the suite's events give no occasion to see it (or see FOXGLOVE-EVENTS-001, -002)"


@pytest.fixture(scope="module")
def filters(stock: Stock) -> Page:
    """The judgement on the filters by time and by device."""
    return judge_filters(stock)


@pytest.fixture(scope="module")
def queries(foxglove_target: Target, stock: Stock) -> Page:
    """The judgement on the query language."""
    return judge_queries(foxglove_target, stock)


@pytest.fixture(scope="module")
def sorts(stock: Stock) -> Page:
    """The judgement on each field to sort by."""
    return judge_sorts(stock)


@proves("FOXGLOVE-EVENTS-001")
def test_the_list_is_an_array(api: Api, stock: Stock) -> None:
    """A plain call is answered with a list that has events in it."""
    reply = api.ask("GET /events")
    if not all(isinstance(one, dict) for one in reply.require_done()):
        raise reply.violation("The list holds something else than events", expected="objects", actual=reply.body)
    stock.list()


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FILTERS])
def test_a_filter_filters(filters: Page, requirement: str) -> None:
    """Each filter gives what filtering the whole list by hand gives."""
    filters.settle(requirement, without=UNSEEN)


@proves("FOXGLOVE-EVENTS-109")
def test_a_renamed_device_is_found_by_its_name(api: Api, guest: Guest) -> None:
    """The name that counts is the one that the device has now."""
    device = guest.device("named")
    event = guest.event(device["id"])
    require_owner(event, device["id"])
    old, new = device["name"], guest.name("renamed")
    rename(api, device["id"], new)
    found = api.ask("GET /events", params={"deviceName": new})
    ids = [one.get("id") for one in found.require_done("FOXGLOVE-EVENTS-109")]
    if ids != [event["id"]]:
        raise found.violation("The list is not of the renamed device's events", expected=[event["id"]], actual=ids)
    gone = api.ask("GET /events", params={"deviceName": old})
    if gone.done and gone.body:
        raise gone.violation("Events are listed under a name that their device no longer has", expected=[], actual=ids)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in QUERIES])
def test_a_query_gives_what_matches(queries: Page, requirement: str) -> None:
    """Each form of a query gives what the document's grammar says."""
    queries.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in SORTS])
def test_a_field_sorts(sorts: Page, requirement: str) -> None:
    """Each documented field puts the list in its order, both ways."""
    sorts.settle(requirement, without=UNSEEN)
