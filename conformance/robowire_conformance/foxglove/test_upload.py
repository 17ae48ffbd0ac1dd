"""Section "Upload a recording": the request for a link, the PUT to it, and what comes of the file."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from robowire_conformance.foxglove.asking import JSON_BODY, Api
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import Page, require_rejected
from robowire_conformance.foxglove.keys import GIVEN
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.removal import BY_KEY, DELETE, READ
from robowire_conformance.foxglove.samples import small
from robowire_conformance.foxglove.upload_facts import WAYS, judge_ways
from robowire_conformance.foxglove.upload_wrong import WRONG
from robowire_conformance.foxglove.uploads import taken
from robowire_conformance.verdict import NotTested, Violation, proves

UPLOAD = "POST /data/upload"


@pytest.fixture(scope="module")
def device(guest: Guest) -> dict[str, Any]:
    """A device to upload for."""
    return guest.device("upload")


@pytest.fixture(scope="module")
def ways(guest: Guest) -> Page:
    """The judgement on files that were uploaded in every way."""
    return judge_ways(guest)


@proves("FOXGLOVE-UPLOAD-001", "FOXGLOVE-UPLOAD-305")
def test_a_request_is_answered_with_a_link(guest: Guest, device: dict[str, Any]) -> None:
    """With a device and a key, the answer is an object whose link is an absolute URL."""
    for name in ("link.mcap", "link.bag"):
        begun = guest.uploads.begin(guest.name(name), deviceId=device["id"], key=guest.name("key"))
        parts = urlsplit(begun.link)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            text = "The link of an upload is no absolute URL"
            due = "http:// or https://"
            raise begun.reply.violation(text, expected=due, actual=begun.link, requirement="FOXGLOVE-UPLOAD-305")


@proves("FOXGLOVE-UPLOAD-002", "FOXGLOVE-UPLOAD-302", "FOXGLOVE-UPLOAD-304")
def test_a_file_is_put_to_the_link(guest: Guest, device: dict[str, Any]) -> None:
    """As application/octet-stream and without a token."""
    begun = guest.uploads.begin(guest.name("put.mcap"), deviceId=device["id"])
    guest.uploads.require_put(begun, small(begun.filename).mcap())


@proves("FOXGLOVE-UPLOAD-307")
def test_a_put_is_answered_200(guest: Guest, device: dict[str, Any]) -> None:
    """The one status that every client takes for success."""
    begun = guest.uploads.begin(guest.name("status.mcap"), deviceId=device["id"])
    answer = guest.uploads.put(begun, small(begun.filename).mcap())
    if not taken(answer):
        raise NotTested("the file is not taken (see FOXGLOVE-UPLOAD-002)")
    if answer.status != 200:
        text = "A PUT to the link of an upload is not answered 200"
        raise Violation(text, expected=200, actual=answer.status, exchange=answer.exchange)


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in WAYS])
def test_a_file_becomes_the_recording_that_was_asked_for(ways: Page, requirement: str) -> None:
    """Whichever way the request names device and key, and whichever way the file is put."""
    ways.settle(requirement, without="no file could be uploaded")


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in WRONG])
def test_a_wrong_request_is_refused(guest: Guest, device: dict[str, Any], requirement: str) -> None:
    """What is wrong in a request is refused, while the same without it is answered."""
    guest.uploads.begin(guest.name("right.mcap"), deviceId=device["id"], key=guest.name("key"))
    message, bodies = WRONG[requirement]
    for body in bodies(guest, device["id"], device["name"]):
        require_rejected(guest.api.ask(UPLOAD, body=body), f"{message} is taken")


@proves("FOXGLOVE-UPLOAD-114")
def test_a_request_without_a_body_is_refused(guest: Guest, device: dict[str, Any]) -> None:
    """Nothing at all, and nothing under the media type of JSON."""
    guest.uploads.begin(guest.name("right.mcap"), deviceId=device["id"])
    for reply in (guest.api.ask(UPLOAD), guest.api.ask(UPLOAD, content=b"", headers=JSON_BODY)):
        require_rejected(reply, "A request without a body is taken")


@proves("FOXGLOVE-UPLOAD-309")
def test_an_upload_goes_to_a_hosted_site(api: Api, library: Library) -> None:
    """The primary site of what was uploaded is of the type foxglove-hosted."""
    told = {one.site_id for one in library.all} - {None}
    if not told:
        raise NotTested("the recordings tell no primary site (see FOXGLOVE-RECORDINGS-309)")
    for known in told:
        reply = api.ask("GET /sites/{id}", str(known))
        body: Any = reply.body
        if not reply.done:
            raise NotTested("the primary site of the recordings is not given (see FOXGLOVE-SITES-003)")
        if body.get("type") != "foxglove-hosted":
            text = "What was uploaded is not stored at a hosted site"
            raise reply.violation(text, expected="foxglove-hosted", actual=body.get("type"))


@proves("FOXGLOVE-UPLOAD-310")
def test_a_key_names_one_recording(guest: Guest, device: dict[str, Any]) -> None:
    """After two files with one key, the deletion of the recording of this key leaves none but of a refused file."""
    key, uploads = guest.name("one-key"), guest.uploads
    first = guest.name("first.mcap")
    paths = {first}
    uploads.upload(first, small(first).mcap(), deviceId=device["id"], key=key)
    second = guest.api.ask(UPLOAD, body={"filename": guest.name("second.mcap"), "deviceId": device["id"], "key": key})
    if second.done:
        begun = uploads.begin(guest.name("second.mcap"), deviceId=device["id"], key=key)
        paths.add(begun.filename)
        if taken(uploads.put(begun, small(begun.filename).mcap())):
            uploads.work_off(begun)
    guest.api.ask(READ, key).require_done(GIVEN)
    reply = guest.api.ask(DELETE, key)
    reply.require_done(BY_KEY)
    left = guest.api.ask(READ, key)
    if left.done and left.body.get("path") in paths and left.body.get("importStatus") != "failed":
        raise left.violation("Two recordings are found by one key", expected=404, actual=left.status)
