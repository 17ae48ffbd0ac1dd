"""Against a server that implements nothing of the Losant Data API, nothing passes and no run ends well."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from robowire_conformance.judgement import Exit
from robowire_conformance.options import Options
from robowire_conformance.run import Plan, run
from robowire_conformance.target import TargetSpec
from robowire_conformance.verdict import Status
from suite_runs import App, answering

JSON = {"Content_Type": "application/json"}
CONSTANT = (
    b'{"start": "2020-01-01T00:00:00Z", "end": "2020-01-01T00:00:00Z", "resolution": null, "aggregation": "NONE", '
    b'"limit": null, "order": "asc", "devices": {}}'
)
VALUES = {
    "application_id": "575ec8687ae143cd83dc4a97",
    "device_ids": ["575ecf887ae143cd83dc4aa2", "575ef5c97ae143cd83dc4aac"],
    "attributes": ["voltage"],
    "limited_tokens": [{"token": "a", "scopes": []}, {"token": "b", "scopes": ["data.export"]}],
}


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer what was asked."""
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "application/json")])
    return [body or b"{}"]


SERVERS: dict[str, App] = {
    "200 {}": answering("200 OK", b"{}", **JSON),
    "200 HTML": answering("200 OK", b"<!doctype html><title>Log in</title>", Content_Type="text/html"),
    "200 one answer": answering("200 OK", CONSTANT, **JSON),
    "202 a job": answering("202 Accepted", b'{"jobQueued": true, "jobId": "x", "success": true}', **JSON),
    "400": answering("400 Bad Request", b'{"type": "Validation", "message": "no"}', **JSON),
    "401": answering("401 Unauthorized", b'{"type": "Unauthorized", "message": "no"}', **JSON),
    "404": answering("404 Not Found", b'{"type": "NotFound", "message": "no"}', **JSON),
    "429": answering("429 Too Many Requests", b"{}", **JSON),
    "500": answering("500 Internal Server Error", b"{}", **JSON),
    "echo": echo,
}


@pytest.mark.parametrize("name", SERVERS)
def test_nothing_passes_against_a_null_application(name: str) -> None:
    """Whatever one answer a server gives to everything, no requirement is proven."""
    spec = TargetSpec("losant", app=SERVERS[name], token="t", values=VALUES)
    result = run(Plan(("losant",), Options(targets={"losant": spec}, timeout_s=0.1)))
    statuses = {entry.id: entry.status for entry in result.reports[0].requirements}
    assert [name for name, status in statuses.items() if status in {Status.PASSED, Status.ERROR}] == []
    assert result.exit_status in {Exit.FAILS, Exit.INCOMPLETE}
