"""Section "List recordings": the list, what it tells of each recording, its filters, and the fields to sort by."""

from typing import Any

import pytest

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.coverage_edge import named
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.recording_facts import FACTS, judge_facts
from robowire_conformance.foxglove.recording_filters import (
    DIRECTIONS,
    FILTERS,
    SORTS,
    STATUSES,
    TOGETHER,
    judge_filters,
    judge_order,
    judge_statuses,
)
from robowire_conformance.foxglove.samples import small
from robowire_conformance.foxglove.uploads import begun_of
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, proves

UNSEEN = "the suite's recordings give no occasion to see it"


@pytest.fixture(scope="module")
def facts(api: Api, library: Library) -> Page:
    """The judgement on what recordings tell of themselves."""
    sites = api.ask("GET /sites")
    names = {str(one.get("id")): str(one.get("name")) for one in sites.body} if sites.done else {}
    return judge_facts(library, names)


@pytest.fixture(scope="module")
def statuses(library: Library) -> Page:
    """The judgement on the filter by importStatus."""
    return judge_statuses(library)


@pytest.fixture(scope="module")
def filters(library: Library, statuses: Page) -> Page:
    """The judgement on the filters."""
    page = judge_filters(library)
    page.rests(statuses, (STATUSES["complete"],), TOGETHER)
    return page


@pytest.fixture(scope="module")
def order(library: Library, facts: Page) -> Page:
    """The judgement on the fields to sort by."""
    page = judge_order(library)
    page.rests(facts, ("FOXGLOVE-RECORDINGS-306",), "FOXGLOVE-RECORDINGS-138")
    return page


@proves("FOXGLOVE-RECORDINGS-001")
def test_the_list_is_an_array(api: Api, library: Library) -> None:
    """A plain call is answered with a list that has recordings in it."""
    if not api.ask("GET /recordings").require_done() or not library.own(library.ask().require_done()):
        raise NotTested("the list holds no recording")


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FACTS])
def test_a_recording_tells_its_file(facts: Page, requirement: str) -> None:
    """What is listed of a recording is so in its file."""
    facts.settle(requirement, without=UNSEEN)


@proves("FOXGLOVE-RECORDINGS-302")
def test_a_path_has_the_folders_of_its_filename(api: Api, guest: Guest) -> None:
    """All of what was given as the filename is the path."""
    filename = f"{guest.prefix}/logs/{guest.name('folders.mcap')}"
    asked = {"filename": filename, "deviceId": guest.device("folders")["id"], "key": guest.name("folders-key")}
    reply = api.ask("POST /data/upload", body=asked)
    if reply.refused:
        raise NotTested("a filename with folders is refused, which no page rules out")
    begun = begun_of(asked, reply)
    guest.uploads.require_put(begun, small(filename).mcap())
    guest.uploads.work_off(begun)
    reply = api.ask("GET /recordings/{keyOrId}", str(begun.sent["key"]))
    if not reply.done:
        raise NotTested("a recording whose filename has folders is not found by its key (see FOXGLOVE-RECORDINGS-152)")
    body: Any = reply.body
    if body.get("path") != filename:
        text = "The path of a recording is not the filename that was given"
        raise reply.violation(text, expected=filename, actual=body.get("path"))


@proves("FOXGLOVE-RECORDINGS-311")
def test_a_recording_tells_what_its_device_is_called(api: Api, guest: Guest) -> None:
    """When its device has another name, a recording tells that."""
    device, name = guest.device("called"), guest.name("renamed")
    filename = guest.name("named.mcap")
    uploaded = guest.uploads.upload(filename, small(filename).mcap(), deviceId=device["id"])
    api.ask("PATCH /devices/{nameOrId}", device["id"], body={"name": name}).require_done()
    if api.get("/devices/{nameOrId}", device["id"]).get("name") != name:
        raise NotTested("the device is not renamed (see FOXGLOVE-DEVICES-*)")
    reply = api.ask("GET /recordings/{keyOrId}", uploaded.id)
    body: Any = reply.require_done()
    told = body.get("device")
    if not isinstance(told, dict) or told.get("id") != device["id"]:
        raise NotTested("the recording does not tell its device")
    if told.get("name") != name:
        text = "A recording tells a name that its device has no more"
        raise reply.violation(text, expected=name, actual=told.get("name"))


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FILTERS])
def test_a_filter_filters(filters: Page, requirement: str) -> None:
    """Each filter gives what filtering the whole list by hand gives."""
    filters.settle(requirement, without=UNSEEN)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in STATUSES.values()])
def test_a_status_filters(statuses: Page, requirement: str) -> None:
    """Each importStatus gives the recordings that have it."""
    statuses.settle(requirement, without=UNSEEN)


@proves("FOXGLOVE-RECORDINGS-126")
def test_an_unknown_status_is_refused(library: Library) -> None:
    """What is no importStatus is refused, while a list with one is answered."""
    library.ask(importStatus="complete").require_done()
    for status in ("robowire", "COMPLETE", ""):
        reply = library.ask(importStatus=status)
        reply.require_refused(f"importStatus={status} is not refused")


@pytest.mark.parametrize(
    "requirement", [pytest.param(one, marks=proves(one), id=one) for one in (*SORTS, *DIRECTIONS.values())]
)
def test_a_field_sorts(order: Page, requirement: str) -> None:
    """Each documented field puts the list in its order, both ways."""
    order.settle(requirement, without=UNSEEN)


@proves("FOXGLOVE-RECORDINGS-105")
def test_the_filter_by_edge_site(foxglove_target: Target, api: Api, library: Library) -> None:
    """The recordings of an edge site are listed by its id, and none that is not at it."""
    body: Any = named(foxglove_target, api, "edge_recording_id").require_done()
    known = str(foxglove_target.need("edge_recording_id"))
    site = body.get("edgeSite") if isinstance(body, dict) else None
    if not isinstance(site, dict) or not isinstance(site.get("id"), str):
        raise NotTested("the edge recording of the target profile tells no edge site (see FOXGLOVE-RECORDINGS-310)")
    if not api.ask("GET /sites/{id}", site["id"]).done:
        raise NotTested("the edge site of the recording is not there (see FOXGLOVE-RECORDINGS-310)")
    reply = library.ask(edgeSite__id=site["id"])
    found = reply.require_done("FOXGLOVE-RECORDINGS-105")
    strangers = [one for one in found if not isinstance(one.get("edgeSite"), dict) or one["edgeSite"] != site]
    if strangers or known not in {one.get("id") for one in found}:
        text = "With edgeSite.id, other recordings are listed than those of that edge site"
        raise reply.violation(text, expected=known, actual=[one.get("id") for one in found])
    others = library.ask(edgeSite__id="robowire-none")
    if others.done and others.body:
        raise others.violation(
            "With the id of no edge site, recordings are listed", expected=[], actual=len(others.body)
        )
