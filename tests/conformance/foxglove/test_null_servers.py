"""Against a server that implements nothing of the Foxglove API, nothing passes and no run ends well."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from robowire_conformance.judgement import Exit
from robowire_conformance.options import Options
from robowire_conformance.run import Plan, run
from robowire_conformance.target import Profile, TargetSpec
from robowire_conformance.verdict import Status
from suite_runs import App, answering

JSON = {"Content_Type": "application/json"}
THING = json.dumps(
    {
        "id": "x",
        "name": "x",
        "key": "x",
        "label": "x",
        "resourceType": "device",
        "valueType": "string",
        "type": "edge",
        "deviceId": "x",
        "siteId": "x",
        "enabled": True,
        "token": "x",
        "start": "2026-01-02T03:04:05Z",
        "end": "2026-01-02T03:04:06Z",
        "metadata": {},
        "properties": {},
        "createdAt": "2026-01-02T03:04:05Z",
        "updatedAt": "2026-01-02T03:04:05Z",
    }
).encode()
VALUES = {
    "token": "fox_sk_everything",
    "limited_tokens": [{"token": "a", "capabilities": []}, {"token": "b", "capabilities": ["devices.list"]}],
    "revoked_token": "c",
    "rate_limited_token": "d",
    "device_with_data": "x",
    "hosted_site_id": "x",
    "self_hosted_site_id": "x",
    "personal_layout_id": "x",
    "paging_items": 5,
}


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer what was asked."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body or b"{}"]


def echo_with_id(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer what was asked, as a thing that has been made of it, or as a list of such a thing."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        sent = json.loads(body or b"{}")
    except ValueError:
        sent = {}
    thing = {**json.loads(THING), **(sent if isinstance(sent, dict) else {})}
    listed = environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"].count("/") < 2
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps([thing] if listed else thing).encode()]


SERVERS: dict[str, App] = {
    "200 {}": answering("200 OK", b"{}", **JSON),
    "200 []": answering("200 OK", b"[]", **JSON),
    "200 nothing": answering("200 OK", b""),
    "200 HTML": answering("200 OK", b"<!doctype html><title>Log in</title>", Content_Type="text/html"),
    "200 a thing": answering("200 OK", THING, **JSON),
    "200 a list of a thing": answering("200 OK", b"[" + THING + b"]", **JSON),
    "200 nonsense": answering("200 OK", b'[null, 7, {"id": 7}, {"id": null}, []]', **JSON),
    "204": answering("204 No Content", b""),
    "400": answering("400 Bad Request", b'{"error": "no"}', **JSON),
    "401": answering("401 Unauthorized", b'{"error": "no"}', **JSON),
    "403": answering("403 Forbidden", b'{"error": "no"}', **JSON),
    "404": answering("404 Not Found", b'{"error": "no"}', **JSON),
    "409": answering("409 Conflict", b'{"error": "no"}', **JSON),
    "429": answering("429 Too Many Requests", b'{"error": "no"}', **JSON),
    "500": answering("500 Internal Server Error", b"{}", **JSON),
    "echo": echo,
    "echo with an id": echo_with_id,
}


@pytest.mark.parametrize("profile", [Profile.READ_ONLY, Profile.FULL])
@pytest.mark.parametrize("name", SERVERS)
def test_nothing_passes_against_a_null_application(name: str, profile: Profile) -> None:
    """Whatever one answer a server gives to everything, no requirement is proven."""
    spec = TargetSpec("foxglove", app=SERVERS[name], token="fox_sk_everything", values=VALUES)
    result = run(Plan(("foxglove",), Options(targets={"foxglove": spec}, profile=profile, timeout_s=0.1)))
    statuses = {entry.id: entry.status for entry in result.reports[0].requirements}
    assert [name for name, status in statuses.items() if status is Status.PASSED] == []
    assert [(entry.id, entry.reason) for entry in result.reports[0].requirements if entry.status is Status.ERROR] == []
    assert result.exit_status is not Exit.CONFORMS
