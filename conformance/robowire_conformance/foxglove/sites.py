"""Edge sites of the suite's own, and how sites are read and updated."""

from collections.abc import Callable
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest

LIST, GET, POST = "GET /sites", "GET /sites/{id}", "POST /sites"
PATCH, DELETE = "PATCH /sites/{id}", "DELETE /sites/{id}"
RETAIN = "retainRecordingsSeconds"
DAY = 86_400
EDGE, SELF_HOSTED = "edge", "self-hosted"

MakeSite = Callable[[], dict[str, Any]]
"""Makes an edge site."""


def create(api: Api, guest: Guest) -> Reply:
    """An edge site, with a retention period only if it cannot be created without (FOXGLOVE-SITES-119)."""
    body = {"name": guest.name("site"), "type": EDGE}
    reply = api.ask(POST, body=body)
    if not reply.done:
        reply = api.ask(POST, body={**body, RETAIN: DAY})
    made = reply.require_done()
    got = {name: made.get(name) for name in body}
    if got != body or not isinstance(made.get("id"), str):
        text = "The answer is not the site that was asked for"
        raise reply.violation(text, expected=body, actual=made, requirement=reply.call.works)
    return reply


def find(api: Api, known: str) -> Reply:
    """A site as it is now."""
    reply = api.ask(GET, known)
    reply.require_done()
    return reply


def listed(api: Api, known: str) -> tuple[Reply, list[dict[str, Any]]]:
    """The list, and what it has under an id."""
    reply = api.ask(LIST)
    return reply, [one for one in reply.require_done() if isinstance(one, dict) and one.get("id") == known]


def update(api: Api, known: str, body: dict[str, JSON]) -> Reply:
    """Update a site, successfully."""
    reply = api.ask(PATCH, known, body=body)
    reply.require_done()
    return reply
