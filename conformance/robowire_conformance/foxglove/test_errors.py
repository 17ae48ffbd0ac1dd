"""Errors: every answer of status 400 to 499 is an object that tells its error."""

from collections.abc import Callable

import pytest

from robowire_conformance.foxglove.asking import JSON_BODY, Api
from robowire_conformance.foxglove.forms import ERROR
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.operations import operations
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import proves

NOBODY = "robowire-nobody-has-this-id"
HALF = ("devices", "custom-properties", "device-tokens", "events", "sites", "site-tokens", "extensions", "layouts")

Blunder = Callable[[Api], object]
READING: tuple[Blunder, ...] = (
    lambda api: api.with_token("").ask("GET /devices"),
    lambda api: api.with_token("robowire-made-up").ask("GET /events"),
    lambda api: api.ask("GET /devices", params={"limit": 2001}),
    lambda api: api.ask("GET /events", params={"limit": 2001}),
    lambda api: api.ask("GET /events", params={"limit": -1}),
)
"""Requests that read, and that a server refuses."""


@pytest.fixture(scope="session")
def blunders(request: pytest.FixtureRequest, foxglove_target: Target, api: Api) -> None:
    """Many requests that are answered with client errors of every status."""
    api.get("/devices", limit=1)
    for blunder in READING:
        blunder(api)
    for one in operations():
        if one.name.startswith("GET ") and "{" in one.name and one.path(NOBODY).split("/")[1] in HALF:
            api.ask(one.name, NOBODY)
    for entry in foxglove_target.values.get("limited_tokens", ()):
        if not entry["capabilities"]:
            api.with_token(str(entry["token"])).ask("GET /devices")
    if foxglove_target.profile is not Profile.READ_ONLY:
        _write(api, request.getfixturevalue("guest"))


def _write(api: Api, guest: Guest) -> None:
    """Requests that would write, and that a server refuses."""
    device = guest.device("blunder")
    api.ask("POST /devices", body={"name": device["name"]})
    for one in operations():
        collection = one.path(NOBODY).split("/")[1]
        if collection not in HALF or one.method == "GET":
            continue
        if one.method == "DELETE":
            api.ask(one.name, NOBODY)
        elif one.method == "POST":
            api.ask(one.name, content=b"{", headers=JSON_BODY)
        elif collection != "layouts":
            api.ask(one.name, NOBODY, body={"enabled": True, "label": "x", "metadata": {}})


@proves(ERROR)
@pytest.mark.usefixtures("blunders")
def test_client_errors_tell_their_error(api: Api) -> None:
    """Every client error that the suite got is an object with a text as its error."""
    api.forms.settle(ERROR, without="no request was answered with a client error")
