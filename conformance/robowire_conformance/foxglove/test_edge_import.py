"""Section "Import from edge": requests for import, the way that importStatus shows, and what stays at the edge."""

from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.coverage_edge import NOT_FOUND, named
from robowire_conformance.foxglove.edge import IMPORT, Journey
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import unknown_ids
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.lifecycle import BY_STATUS
from robowire_conformance.foxglove.removal import attachments_of
from robowire_conformance.foxglove.server_clock import TOLERANCE
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, proves

STATUSES = frozenset({"none", "pending", "importing", "failed", "complete"})
BUSY = ("pending", "importing")


@proves("FOXGLOVE-RECORDINGS-303", "FOXGLOVE-RECORDINGS-321")
def test_an_edge_recording_is_found(journey: Journey) -> None:
    """Its path is the full path in the edge store; its importStatus is none before anybody asks."""
    body: Any = journey.before.body
    path, status = body.get("path"), body.get("importStatus")
    if not isinstance(path, str) or not ("/" in path or "\\" in path):
        text = "The path of an edge recording is not the full path of its file"
        raise journey.before.violation(text, expected="/…", actual=path, requirement="FOXGLOVE-RECORDINGS-303")
    if status != "none":
        text = "An edge recording whose import nobody has asked for has another importStatus than none"
        raise journey.before.violation(text, expected="none", actual=status, requirement="FOXGLOVE-RECORDINGS-321")


@proves("FOXGLOVE-RECORDINGS-306")
def test_what_is_not_imported_has_no_time_of_it(journey: Journey) -> None:
    """An edge recording has no importedAt before its import and after its data are deleted, and one between."""
    gone = None if journey.streamed_after else journey.after
    times = [one.body.get("importedAt") for one in (journey.before, gone) if one is not None]
    if any(times):
        text = "A recording that is not imported tells an importedAt"
        raise journey.before.violation(text, expected=None, actual=times)
    journey.require_imported()
    imported, asked_at = nanoseconds(journey.seen[-1].get("importedAt")), journey.asked_at
    if imported is None:
        raise NotTested("an edge recording that is imported tells no importedAt, which it need not")
    if asked_at is not None and imported < asked_at - TOLERANCE:
        text = "The importedAt of an edge recording is before its import was asked for"
        raise journey.asked.violation(text, expected=f"not before {zulu(asked_at)}", actual=zulu(imported))


@proves("FOXGLOVE-RECORDINGS-310")
def test_an_edge_recording_tells_its_site(api: Api, journey: Journey) -> None:
    """The edgeSite is a site of the type edge, before and while it is imported."""
    for body in (journey.before.body, *journey.seen):
        told: Any = body.get("edgeSite") if isinstance(body, dict) else None
        if not isinstance(told, dict):
            raise NotTested("an edge recording tells no edgeSite, which it need not")
        site = api.ask("GET /sites/{id}", str(told.get("id")))
        if not site.done:
            raise journey.before.violation("The edgeSite of a recording is not there", expected=200, actual=site.status)
        if site.malformed:
            raise NotTested(f"{site.malformed}, which it needs, fails")
        due: Any = {name: site.body.get(name) for name in ("id", "name")} | {"type": "edge"}
        got = {"id": told.get("id"), "name": told.get("name"), "type": site.body.get("type")}
        if due != got:
            raise journey.before.violation("The edgeSite of a recording is no such site", expected=due, actual=got)


@proves("FOXGLOVE-RECORDINGS-004")
def test_a_request_is_answered_with_an_object(api: Api, journey: Journey, library: Library) -> None:
    """A recording that can be imported is asked for; if that is refused, one that is imported already."""
    _require_answered(api, journey, library)


def _require_answered(api: Api, journey: Journey, library: Library) -> None:
    """Make sure that some request for import is answered as documented.

    Raises:
        Violation: None is; of the requirement that the operation works.
    """
    refused = 400 <= journey.asked.status < 500
    if not (refused and api.ask(IMPORT, library["plain"].id).done):
        journey.asked.require_done()


@proves("FOXGLOVE-RECORDINGS-341", "FOXGLOVE-RECORDINGS-218", "FOXGLOVE-RECORDINGS-219")
def test_a_request_is_answered_with_id_and_status(api: Api, journey: Journey, library: Library) -> None:
    """The id is the recording's, the importStatus one of them."""
    _require_answered(api, journey, library)
    _require_answer(journey.asked, journey.id, "FOXGLOVE-RECORDINGS-341")


@proves("FOXGLOVE-RECORDINGS-343")
def test_a_second_request_is_answered_as_well(journey: Journey) -> None:
    """A request for what is queued already is answered 200, with the id and the importStatus."""
    journey.require_asked()
    journey.again.require_form()
    _require_answer(journey.again, journey.id, "FOXGLOVE-RECORDINGS-343")


def _require_answer(reply: Reply, known: str, requirement: str, *statuses: str) -> None:
    """Make sure that a request for import is answered with an id and an importStatus.

    Raises:
        Violation: It is not.
    """
    body: Any = reply.body if reply.done else {}
    told = {"status": reply.status, "id": body.get("id"), "importStatus": body.get("importStatus")}
    fine = body.get("importStatus") in statuses if statuses else isinstance(body.get("importStatus"), str)
    if not reply.done or body.get("id") != known or not fine:
        due = {"status": 200, "id": known, "importStatus": statuses[0] if statuses else "one of the five"}
        text = "A request for import is not answered with the recording's id and importStatus"
        raise reply.violation(text, expected=due, actual=told, requirement=requirement)


@proves("FOXGLOVE-RECORDINGS-322")
def test_a_queued_recording_is_pending(journey: Journey) -> None:
    """What an import was asked for is pending, until it is being imported, and never none.

    While its import is held where its file was received, and nothing else was done with it, it is not importing.
    """
    journey.require_asked()
    seen = [str(one.get("importStatus")) for one in journey.seen]
    if not {*seen} - {"none"}:
        raise NotTested("the importStatus never changes (see FOXGLOVE-RECORDINGS-344)")
    if "none" in seen:
        text = "A recording whose import was asked for has the importStatus none"
        raise journey.asked.violation(text, expected="pending", actual=seen)
    if ("importing", "received") in journey.stages:
        text = "A recording whose data are not being processed yet has the importStatus importing"
        raise journey.asked.violation(text, expected="pending", actual="importing")
    if "pending" not in seen:
        raise NotTested("the recording was never seen while its import was pending")


@proves("FOXGLOVE-RECORDINGS-323")
def test_a_recording_that_is_processed_is_importing(journey: Journey) -> None:
    """While its pending import is being processed, a recording is not pending any more."""
    journey.require_asked()
    processed = [shown for shown, stage in journey.stages if stage in {"processing", "ready for indexing"}]
    if "pending" in processed:
        text = "The importStatus of a recording whose pending import is being processed is pending"
        raise journey.asked.violation(text, expected="importing", actual=processed)
    if not processed:
        raise NotTested("the edge recording was not seen while it was processed")


@proves("FOXGLOVE-RECORDINGS-344", "FOXGLOVE-RECORDINGS-325")
def test_the_status_goes_up_to_complete(journey: Journey) -> None:
    """It begins to change, never goes back, and ends with complete where the import succeeds in time."""
    journey.require_asked()
    order = ("none", "pending", "importing", "complete")
    seen = [str(one.get("importStatus")) for one in journey.seen]
    steps = [order.index(one) for one in seen if one in order]
    if not {*seen} - {"none"} or steps != sorted(steps):
        text = "The importStatus does not go on to complete"
        raise journey.asked.violation(text, expected=[*order[1:]], actual=seen, requirement="FOXGLOVE-RECORDINGS-344")
    if seen[-1] != "complete":  # its edge site may be out of reach, or its file beyond help
        raise NotTested(f"the import of the edge recording was not complete in time: it was {seen[-1]}")
    if not journey.streamed:
        raise NotTested("the recording is complete, and its messages are not streamed")


@pytest.mark.parametrize(
    ("status", "requirement"),
    [
        pytest.param(status, requirement, marks=proves(requirement), id=status)
        for status, requirement in {**BY_STATUS, "none": "FOXGLOVE-RECORDINGS-121"}.items()
    ],
)
def test_a_status_lists_it(api: Api, journey: Journey, status: str, requirement: str) -> None:
    """While the recording has a status, the list by that status has it."""
    if status == "none" and journey.after is not None:
        reply = whole(api, "GET /recordings", {"importStatus": status})
        found = journey.id in {one.get("id") for one in reply.require_done(requirement)}
        body: Any = journey.after.body
        told = [(str(body.get("importStatus")) if isinstance(body, dict) else "", reply, found)]
    else:
        told = journey.listed
    for shown, reply, found in told:
        if shown == status and not found:
            text = f"With importStatus {status}, a recording that has it is left out"
            raise reply.violation(text, expected=journey.id, requirement=requirement)
    if status not in {shown for shown, _, _ in told}:
        raise NotTested(f"the edge recording was not seen with the importStatus {status}")


@proves("FOXGLOVE-RECORDINGS-342")
def test_what_is_imported_is_answered_complete(api: Api, journey: Journey, library: Library) -> None:
    """A request to import what is imported is answered 200, with the id and complete."""
    journey.require_imported()
    if journey.complete is not None:
        journey.complete.require_form()
        _require_answer(journey.complete, journey.id, "FOXGLOVE-RECORDINGS-342", "complete")
    uploaded = library["plain"]
    reply = api.ask(IMPORT, uploaded.id)
    if reply.status != NOT_FOUND:  # what never was at an edge site may have nothing that can be imported
        reply.require_form()
        _require_answer(reply, uploaded.id, "FOXGLOVE-RECORDINGS-342", "complete")


@pytest.mark.parametrize(
    "by",
    [
        pytest.param("id", marks=proves("FOXGLOVE-RECORDINGS-155")),
        pytest.param("key", marks=proves("FOXGLOVE-RECORDINGS-156")),
    ],
)
def test_a_recording_is_asked_for(api: Api, library: Library, by: str) -> None:
    """By its id and by its key: the answer is of this recording, which is imported already."""
    for hint in ("chunked", "second"):
        uploaded = library[hint]
        ways = {one: api.ask(IMPORT, uploaded.id if one == "id" else str(uploaded.key)) for one in ("id", "key")}
        reply = ways[by]
        if all(one.status == NOT_FOUND for one in ways.values()):
            raise NotTested("a recording that was uploaded, and never was at an edge site, is not found for import")
        if all(one.refused for one in ways.values()):
            text = "A request to import a recording that is imported is refused"
            raise reply.violation(text, expected=200, actual=reply.status, requirement="FOXGLOVE-RECORDINGS-342")
        reply.require_form()
        _require_answer(reply, uploaded.id, "", *STATUSES)


@proves("FOXGLOVE-RECORDINGS-345")
def test_an_imported_edge_recording_is_streamed(api: Api, journey: Journey, library: Library) -> None:
    """Its messages, metadata and attachments are there when its import is complete; its messages were not before."""
    journey.require_imported()
    if not journey.streamed or journey.restored is False:
        raise journey.asked.violation("The messages of an imported edge recording are not streamed", expected="some")
    had, has = (_told(one, "metadata") for one in (journey.before, journey.imported))
    if isinstance(had, list) and isinstance(has, list) and (lost := [one for one in had if one not in has]):
        text = "An imported edge recording tells not the metadata that it told at the edge"
        raise journey.asked.violation(text, expected=lost, actual=has)
    data = journey.data
    if data is not None and data.listed < data.attached and _all_listed(api, library):
        text = "The attachments of an imported edge recording, which a stream of it has, are not listed"
        raise journey.asked.violation(text, expected=data.attached, actual=data.listed)
    if journey.streamed_before:
        raise NotTested("its messages were streamed before it was imported, too")


def _told(reply: Reply | None, member: str) -> JSON:
    """What a recording tells in a member; None where it does not."""
    return reply.body.get(member) if reply is not None and isinstance(reply.body, dict) else None


def _all_listed(api: Api, library: Library) -> bool:
    """Whether attachments are listed at all."""
    due = library.entries["chunked"].clip.attachments
    return len(attachments_of(api, library["chunked"].id)) == len(due)


@proves("FOXGLOVE-RECORDINGS-309")
def test_an_edge_recording_is_imported_to_a_primary_site(api: Api, journey: Journey) -> None:
    """The site that it tells when it is imported is one of a primary type."""
    journey.require_imported()
    told = _told(journey.imported, "site")
    if not isinstance(told, dict) or not isinstance(told.get("id"), str):
        raise NotTested("an edge recording that is imported tells no site, which it need not, or no id of it")
    site: Any = next((one for one in api.get("/sites") if one.get("id") == told.get("id")), {})
    if site.get("type") not in {"foxglove-hosted", "self-hosted"}:
        text = "The site of an imported edge recording is no primary site"
        due = {"id": told.get("id"), "type": "foxglove-hosted, or self-hosted"}
        raise journey.asked.violation(text, expected=due, actual={"id": site.get("id"), "type": site.get("type")})


@proves("FOXGLOVE-RECORDINGS-335", "FOXGLOVE-RECORDINGS-321")
def test_a_deletion_leaves_the_edge_copy(journey: Journey) -> None:
    """After its deletion, an edge recording is still given, is not imported, and can be imported again."""
    deleted, after, back = journey.require_deleted(), journey.after, journey.back
    if journey.streamed_after or after is None:
        raise NotTested("its imported data are still there (see FOXGLOVE-RECORDINGS-336)")
    if not after.done or _told(after, "id") != journey.id:
        text = "After the deletion of its imported data, an edge recording is not given"
        got = _told(after, "id") if after.done else after.status
        raise after.violation(text, expected=journey.id, actual=got, requirement="FOXGLOVE-RECORDINGS-335")
    if back is None:
        text = "After the deletion of its imported data, the importStatus of an edge recording is another one than none"
        got = _told(after, "importStatus")
        raise after.violation(text, expected="none", actual=got, requirement="FOXGLOVE-RECORDINGS-321")
    if back.status == NOT_FOUND:
        text = "After the deletion of its imported data, an edge recording cannot be imported again"
        raise deleted.violation(text, expected=200, actual=back.status, requirement="FOXGLOVE-RECORDINGS-335")
    if not back.done or journey.restored is None:
        raise NotTested("the second import of the edge recording is not taken, or was not complete in time")


@proves("FOXGLOVE-RECORDINGS-336")
def test_deleted_imported_data_are_gone(journey: Journey) -> None:
    """Its messages, which were streamed, can be streamed no more; nor is there coverage or an attachment."""
    deleted, first, data, after = journey.require_deleted(), journey.data_before, journey.data, journey.data_after
    if first is None or data is None or after is None or not data.messages:
        raise NotTested("its messages were not streamed before")
    left = [what for what, there in after.there.items() if there and data.there[what] and not first.there[what]]
    if left:
        text = "After the deletion of its imported data, there are data of an edge recording"
        raise deleted.violation(text, expected=[], actual=left)


@proves("FOXGLOVE-RECORDINGS-346")
def test_what_is_not_there_is_not_found(api: Api, library: Library) -> None:
    """A request to import what is no recording is answered 404, while one that is there is found."""
    uploaded = library["plain"]
    if not api.ask(IMPORT, uploaded.id).done:
        raise NotTested("a recording that was uploaded, and never was at an edge site, is not found either")
    for known in unknown_ids(uploaded.id):
        reply = api.ask(IMPORT, known)
        if reply.status != 404:
            text = "A request to import what is not there is not answered 404"
            raise reply.violation(text, expected=404, actual=reply.status)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("edge_recording_without_copy_id", marks=proves("FOXGLOVE-RECORDINGS-347")),
        pytest.param("edge_recording_without_site_id", marks=proves("FOXGLOVE-RECORDINGS-348")),
    ],
)
def test_what_cannot_be_imported_is_not_found(foxglove_target: Target, api: Api, key: str) -> None:
    """A request to import a recording that is given, but whose edge copy, or edge site, is deleted is answered 404."""
    named(foxglove_target, api, key).require_done()
    reply = api.ask(IMPORT, str(foxglove_target.need(key)))
    if reply.status != 404:
        text = "A request to import a recording that cannot be is not answered 404"
        raise reply.violation(text, expected=404, actual=reply.status)
