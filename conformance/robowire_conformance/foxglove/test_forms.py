"""The response schemas of all pages: the members of every answer that the suite gets."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from robowire_fixtures.catalogue import load_catalogue

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.calls import Calls
from robowire_conformance.foxglove.coverage import Cover
from robowire_conformance.foxglove.forms import MEDIA_TYPE, ZULU, members
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.lake import Lake
from robowire_conformance.foxglove.operations import API, operations
from robowire_conformance.foxglove.queue import Queue
from robowire_conformance.foxglove.shelf import Shelf
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves


def _requirements() -> Iterator[str]:
    """The requirements of the members of all answers that the suite asks for."""
    catalogue = load_catalogue(API)
    asked = [one for one in operations() if not catalogue[one.works].untested and one.component]
    found = dict.fromkeys(requirement for one in asked for requirement in members(one.component))
    yield from (one for one in found if not catalogue[one].untested)
    yield from (ZULU, MEDIA_TYPE)


@pytest.fixture(scope="session")
def trouble(
    request: pytest.FixtureRequest, foxglove_target: Target, api: Api, calls: Calls
) -> NotTested | Violation | None:
    """Ask each operation for one answer at least; gives what came in the way."""
    try:
        for ready in calls.all():
            ready.send(api)
        if foxglove_target.profile is not Profile.READ_ONLY:
            request.getfixturevalue("fleet")
            _show(api, request.getfixturevalue("guest"))
    except (NotTested, Violation) as error:
        return error
    for name, show in (("shelf", _show_recordings), ("lake", _show_lake), ("queue", _show_pending)):
        if foxglove_target.profile is not Profile.READ_ONLY:
            with suppress(NotTested, Violation):  # where there are none, nothing of them can be shown
                show(foxglove_target, request.getfixturevalue(name))
    return None


def _show(api: Api, guest: Guest) -> None:
    """Make things that have all members that they may have, and list them."""
    guest.property_("grade", "enum", ("amber",))
    guest.event(guest.device("formed")["id"], metadata={"formed": "yes"})
    guest.site("formed", retainRecordingsSeconds=3600)
    for name in ("GET /custom-properties", "GET /devices", "GET /events", "GET /device-tokens", "GET /site-tokens"):
        api.ask(name)


def _show_recordings(target: Target, shelf: Shelf) -> None:
    """List what is told of recordings only where it is asked for."""
    shelf.api.ask("GET /data/topics", params={"recordingId": shelf["chunked"].id, "includeSchemas": "true"})
    cover = Cover(shelf)
    cover.ask(includeEdgeRecordings="true")
    if edge := target.values.get("edge_recording_id"):
        body = shelf.api.get("/recordings/{keyOrId}", str(edge))
        if "start" in body and "end" in body:  # where they lack, that is seen already
            cover.ask(recordingId=str(edge), start=body["start"], end=body["end"], includeEdgeRecordings="true")


def _show_lake(target: Target, lake: Lake) -> None:
    """List lake files, and what else is told of a self-hosted site's recordings."""
    del target
    for stored in lake.stored.values():
        lake.ask(recordingId=stored.id)
    lake.api.ask("GET /recording-attachments", params={"siteId": lake.site})


@pytest.mark.parametrize("requirement", [pytest.param(one, id=one, marks=proves(one)) for one in _requirements()])
def test_answers_have_their_members(api: Api, trouble: NotTested | Violation | None, requirement: str) -> None:
    """A member is there where it is required, and of its type, in every answer."""
    if trouble is not None and not api.forms.faulty(requirement):
        raise trouble  # too little was seen to pass it
    api.forms.settle(requirement, without="no answer of the target has such a member")


def _show_pending(target: Target, queue: Queue) -> None:
    """List pending imports that have ended, one way or the other."""
    del target
    queue.ask()
