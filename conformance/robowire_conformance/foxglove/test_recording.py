"""Sections "Get a recording" and "Delete a recording": one recording, by its id and by its key."""

from typing import Any

import pytest

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.judging import require_rejected, unknown_ids
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.removal import Doomed, doomed
from robowire_conformance.foxglove.samples import small
from robowire_conformance.verdict import NotTested, Violation, proves

READ, DELETE = "GET /recordings/{keyOrId}", "DELETE /recordings/{keyOrId}"


@proves("FOXGLOVE-RECORDINGS-002")
def test_a_recording_is_an_object(api: Api, library: Library) -> None:
    """Each recording that was uploaded is given by its id."""
    for uploaded in library.all:
        api.get("/recordings/{keyOrId}", uploaded.id)


@proves("FOXGLOVE-RECORDINGS-005")
def test_what_is_no_recording_is_not_given(api: Api, library: Library) -> None:
    """What is neither an id nor a key is refused, the filename of a recording among it."""
    uploaded = library["plain"]
    api.get("/recordings/{keyOrId}", uploaded.id)
    for known in (*unknown_ids(uploaded.id), uploaded.filename, uploaded.id[:-1], uploaded.id + "x"):
        require_rejected(api.ask(READ, known), f"{known} is taken for a recording")


@proves("FOXGLOVE-RECORDINGS-151")
def test_a_recording_is_given_by_its_id(api: Api, library: Library) -> None:
    """It is the recording that the list gives under this id, with all the members that this one has."""
    listed = {one.get("id"): one for one in library.ask().require_done()}
    for uploaded in library.all:
        reply = api.ask(READ, uploaded.id)
        body: Any = reply.require_done()
        if body.get("path") != uploaded.filename:
            text = "The path of a recording is not the filename that was given"
            due = uploaded.filename
            raise reply.violation(text, expected=due, actual=body.get("path"), requirement="FOXGLOVE-RECORDINGS-302")
        if uploaded.id not in listed:
            raise NotTested("a recording of the suite's is not listed (see FOXGLOVE-RECORDINGS-301)")
        lost = {name: value for name, value in listed[uploaded.id].items() if body.get(name) != value}
        if lost:
            told = {name: body.get(name) for name in lost}
            requirement = "FOXGLOVE-RECORDINGS-325" if [*lost] == ["importStatus"] else ""
            text = "A recording is not given as the list gives it"
            raise reply.violation(text, expected=lost, actual=told, requirement=requirement)


@proves("FOXGLOVE-RECORDINGS-152")
def test_a_recording_is_given_by_its_key(api: Api, library: Library) -> None:
    """Each key gives the recording that was uploaded with it."""
    for uploaded in library.all:
        if uploaded.key is not None:
            _require_given(api.ask(READ, uploaded.key), uploaded.id)
            for other in (uploaded.key[:-1], uploaded.key[1:], uploaded.key.upper()):
                reply = api.ask(READ, other)
                if reply.done and reply.body.get("id") == uploaded.id:
                    text = f"{other} is taken for the key {uploaded.key}"
                    raise reply.violation(text, expected=404, actual=reply.status)


def _require_given(reply: Reply, known: str) -> None:
    """Make sure that a recording is given.

    Raises:
        Violation: It is not, or another one is.
    """
    reply.require_form()
    body = reply.body if isinstance(reply.body, dict) else {}
    if not reply.done or body.get("id") != known:
        text = "A key does not give the recording that was uploaded with it"
        raise reply.violation(text, expected=known, actual=body.get("id", reply.status))


@pytest.fixture(scope="module")
def by_id(guest: Guest) -> Doomed:
    """A recording that was deleted by its id, and what was known of it before."""
    return doomed(guest, keyed=False)


@pytest.fixture(scope="module")
def by_key(guest: Guest) -> Doomed:
    """A recording that was deleted by its key, and what was known of it before."""
    return doomed(guest, keyed=True)


@proves("FOXGLOVE-RECORDINGS-003")
def test_a_deletion_is_answered_with_an_object(by_id: Doomed) -> None:
    """A recording that is there is deleted, and the answer is an object."""
    by_id.reply.require_done()


@proves("FOXGLOVE-RECORDINGS-006")
def test_what_is_no_recording_is_not_deleted(api: Api, library: Library, by_id: Doomed) -> None:
    """What is neither an id nor a key is refused, a deleted recording's id too."""
    by_id.require_gone()
    for known in (*unknown_ids(library["plain"].id), by_id.uploaded.id):
        reply = api.ask(DELETE, known)
        require_rejected(reply, f"{known}, which is no recording, is deleted")


@proves("FOXGLOVE-RECORDINGS-153")
def test_a_recording_is_deleted_by_its_id(by_id: Doomed) -> None:
    """It is not there any more, and its neighbours are."""
    _require_deleted(by_id)


@proves("FOXGLOVE-RECORDINGS-154")
def test_a_recording_is_deleted_by_its_key(by_key: Doomed) -> None:
    """It is not there any more, and its neighbours are."""
    _require_deleted(by_key)


def _require_deleted(one: Doomed) -> None:
    """Make sure that one recording is gone and no other one.

    Raises:
        Violation: It is still there, or another one is gone.
    """
    one.reply.require_form()
    if not one.reply.done or one.still_given:
        text = "A recording is not deleted"
        raise one.reply.violation(text, expected="404", actual=one.reply.status if not one.reply.done else 200)
    lost = [known for known in one.neighbours if one.api.ask(READ, known).status >= 400]
    if lost:
        raise one.reply.violation("Another recording is deleted as well", expected=[], actual=lost)


@proves("FOXGLOVE-RECORDINGS-331", "FOXGLOVE-RECORDINGS-217")
def test_a_deletion_tells_the_id(by_id: Doomed, by_key: Doomed) -> None:
    """The recordingId is the id of the deleted recording, whichever way it was named."""
    for one in (by_id, by_key):
        told = one.require_done().get("recordingId")
        if not isinstance(told, str):
            text = "The answer to a deletion tells no recordingId"
            raise one.reply.violation(text, expected="a string", actual=told, requirement="FOXGLOVE-RECORDINGS-217")
        if told != one.uploaded.id:
            text = "The answer to a deletion tells another recordingId"
            known = one.uploaded.id
            raise one.reply.violation(text, expected=known, actual=told, requirement="FOXGLOVE-RECORDINGS-331")


@proves("FOXGLOVE-RECORDINGS-332")
def test_a_deleted_recording_is_not_listed(library: Library, by_id: Doomed, by_key: Doomed) -> None:
    """Neither the list has it, nor is it given by its id or its key."""
    listed = {one.get("id") for one in library.ask().require_done()}
    for one in (by_id, by_key):
        one.require_done()
        if not one.were_listed:
            raise NotTested("the recording was not in the list before")
        known = [known for known in one.names if one.gives(known)]
        if known or one.uploaded.id in listed:
            text = "A deleted recording is still given"
            raise one.reply.violation(text, expected=[], actual=known or [one.uploaded.id])


@proves("FOXGLOVE-RECORDINGS-333")
def test_the_data_of_a_deleted_recording_are_gone(by_id: Doomed, by_key: Doomed) -> None:
    """No stream has its messages, and neither coverage nor topics tell of it; they did before."""
    for one in (by_id, by_key):
        one.require_gone()
        one.require_data_before()
        for what, left in one.data_left().items():
            if left:
                raise one.reply.violation(f"After a recording's deletion there are {what} of it", expected="none")
        if found := one.elsewhere_left():
            raise one.reply.violation("After a recording's deletion there are data of it", expected=[], actual=found)
        if one.was_covered and one.still_covered:
            text = "After a recording's deletion the coverage of its device has it"
            raise one.reply.violation(text, expected="none")


@proves("FOXGLOVE-RECORDINGS-334")
def test_the_attachments_of_a_deleted_recording_are_gone(by_id: Doomed, by_key: Doomed) -> None:
    """None is listed, given or downloaded; it was before."""
    for one in (by_id, by_key):
        one.require_gone()
        if not one.attachments:
            raise NotTested("the attachments of the recording were not listed before it was deleted")
        for what, left in one.attachments_left().items():
            if left:
                raise one.reply.violation(f"After a recording's deletion an attachment of it is {what}", actual=left)


@proves("FOXGLOVE-IMPORTS-333")
def test_what_is_deleted_does_not_come_back(by_id: Doomed) -> None:
    """While another file is uploaded and imported, a deleted recording stays away."""
    by_id.require_gone()
    uploads, guest = by_id.guest.uploads, by_id.guest
    name = guest.name("after.mcap")
    uploads.upload(name, small(name).mcap(), deviceId=by_id.uploaded.device_id)
    if by_id.still_given:
        raise Violation("A deleted recording is there again", expected=[], actual=by_id.uploaded.id)
