"""Facts: what the official clients send beside what is documented, which changes nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from robowire_conformance.foxglove.asking import JSON_BODY, Api, Reply, read
from robowire_conformance.foxglove.calls import LISTS
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.lists import HUNDREDS
from robowire_conformance.foxglove.operations import operation
from robowire_conformance.verdict import NotTested, Violation, proves

UNKNOWN = {"projectId": "robowire", "sessionId": "robowire", "includeDeleted": "false", "robowire": "1"}
"""Parameters and members that clients send and no operation here has."""


def _same(odd: Callable[[], Reply], plain: Callable[[], Reply], message: str) -> None:
    """Make sure that two ways to ask are answered with one status and one body, while nothing changes.

    Raises:
        Violation: They are not.
        NotTested: Something changes all the time.
    """
    for _ in range(3):
        before, reply, after = plain(), odd(), plain()
        if (reply.status, reply.body) == (before.status, before.require_done()):
            return
        if before.body == after.body:
            raise reply.violation(message, expected=before.status, actual=reply.status)
    raise NotTested("the target's lists change from one request to the next")


@pytest.fixture(scope="session")
def device(guest: Guest) -> str:
    """A device that nothing changes."""
    return str(guest.device("client")["id"])


@proves("FOXGLOVE-ERROR-002")
def test_unknown_parameters_change_nothing(api: Api, device: str) -> None:
    """Each list, and one device, is the same with parameters that nobody knows."""
    text = "A query parameter that is unknown changes an answer"
    for name, needed in LISTS.items():
        params = {**(needed or {}), **({"limit": 5} if name in HUNDREDS else {})}
        odd = partial(api.ask, name, params={**params, **UNKNOWN})
        _same(odd, partial(api.ask, name, params=params), text)
    name = "GET /devices/{nameOrId}"
    _same(partial(api.ask, name, device, params=UNKNOWN), partial(api.ask, name, device), text)


@proves("FOXGLOVE-ERROR-003")
def test_unknown_members_change_nothing(api: Api, guest: Guest, device: str) -> None:
    """Creations and updates with members that nobody knows do what they do without them."""
    site = guest.site("client")["id"]
    event = guest.event(device)["id"]
    property_id = guest.property_("text", "string")["id"]
    moment = "2026-01-02T03:04:05Z"
    calls: tuple[tuple[str, tuple[str, ...], dict[str, Any]], ...] = (
        ("POST /devices", (), {"name": guest.name("client")}),
        ("PATCH /devices/{nameOrId}", (device,), {"properties": {}}),
        ("POST /events", (), {"deviceId": device, "start": moment, "end": "2026-01-02T03:04:06Z", "metadata": {}}),
        ("PATCH /events/{id}", (event,), {"metadata": {"client": "yes"}}),
        ("POST /device-tokens", (), {"deviceId": device}),
        ("POST /sites", (), {"name": guest.name("client"), "type": "edge"}),
        ("PATCH /sites/{id}", (site,), {"name": guest.name("client")}),
        ("POST /site-tokens", (), {"siteId": site}),
        ("PATCH /custom-properties/{id}", (property_id,), {"label": "robowire"}),
    )
    before = api.get("/custom-properties/{id}", property_id).get("valueType")
    edited = api.ask("PATCH /custom-properties/{id}", property_id, body={"label": "robowire", "valueType": "number"})
    if api.get("/custom-properties/{id}", property_id).get("valueType") != before:
        raise edited.violation("An edit with a valueType, which it does not have, changes it", expected=before)
    for name, ids, body in calls:
        reply = api.ask(name, *ids, body={**body, **UNKNOWN})
        reply.require_form()
        if not reply.done:
            api.ask(name, *ids, body=body).require_done()
            if api.ask(name, *ids, body={**body, **UNKNOWN}).done:
                raise NotTested(f"{name} is answered otherwise from one time to the next")
            text = f"{name} is not answered as without members that are unknown"
            raise reply.violation(text, expected=200, actual=reply.status)


@proves("FOXGLOVE-ERROR-004")
def test_a_content_type_without_a_body_changes_nothing(api: Api, guest: Guest, device: str) -> None:
    """A GET and a DELETE that say application/json and have no body are answered as usual."""
    text = "A Content-Type without a body changes an answer"
    for name, params in LISTS.items():
        plain = partial(api.ask, name, params=params)
        _same(partial(plain, headers=JSON_BODY), plain, text)
    name = "GET /devices/{nameOrId}"
    _same(partial(api.ask, name, device, headers=JSON_BODY), partial(api.ask, name, device), text)
    control, doomed = guest.device("client")["id"], guest.device("client")["id"]
    api.call("DELETE /devices/{nameOrId}", control)
    reply = api.ask("DELETE /devices/{nameOrId}", doomed, headers=JSON_BODY)
    reply.require_form()
    if not reply.done:
        raise Violation(text, expected=200, actual=reply.status, exchange=reply.exchange)


@proves("FOXGLOVE-ERROR-006")
def test_an_empty_query_changes_nothing(api: Api, device: str) -> None:
    """A device, and each list that needs no parameter, is the same with a question mark after its path."""
    text = "A question mark without a query changes an answer"
    name = "GET /devices/{nameOrId}"
    _same(partial(api.ask, name, f"{device}?", encoded=True), partial(api.ask, name, device), text)
    for name, needed in LISTS.items():
        if not needed:
            _same(partial(_with_mark, api, name), partial(api.ask, name), text)


def _with_mark(api: Api, name: str) -> Reply:
    call = operation(name)
    answer = api.client.request(call.method, f"{call.path()}?")
    return Reply(call, answer, read(answer))
