"""Rehearsals over sockets, with TLS, of programs, of programs that listen, and in the hands of a test."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import requests
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import serve
from robowire_mocks.rehearsal import (
    Place,
    Program,
    ProgramMissing,
    Status,
    rehearse,
    rehearse_listener,
    rehearsing,
)
from robowire_mocks.rehearsal.program import ProgramFailed

ASKS = """
    import json, os, sys, urllib.request
    url, token = sys.argv[1:3]
    assert [url, token] == [os.environ["ROBOWIRE_URL"], os.environ["ROBOWIRE_TOKEN"]]
    request = urllib.request.Request(url + "/devices", headers={"Authorization": "Bearer " + token})
    names = [device["name"] for device in json.load(urllib.request.urlopen(request, timeout=10))]
    assert "tug-01" in names
"""


def python(code: str, *arguments: str, patience_s: float = 60.0) -> Program:
    """A program that is a piece of Python."""
    return Program((sys.executable, "-S", "-c", dedent(code), *arguments), patience_s)


@pytest.fixture(scope="module")
def base() -> Iterator[Mock[Any]]:
    """A Foxglove mock, made once."""
    with create_mock("foxglove") as mock:
        yield mock


def lists(place: Place, **options: Any) -> None:
    """A client that asks once."""
    answer = requests.get(
        f"{place.url}/devices", headers={"Authorization": f"Bearer {place.token}"}, timeout=10, **options
    )
    answer.raise_for_status()


def test_over_a_socket() -> None:
    """Each scenario begins with the world as it was, and is judged for itself."""
    places = []

    def client(place: Place) -> None:
        places.append(place)
        lists(place)

    verdicts = list(rehearse("foxglove", client, ["down", "unknown-members", "upload-cut"]))
    assert [str(verdict.status) for verdict in verdicts] == ["passed", "passed", "not-tested"]
    assert verdicts[2].reason == "the client calls none of uploadData"
    assert len(places) == 3
    assert all(place.url == f"http://{place.host}/v1" and place.ca == "" for place in places)


def test_with_tls(tmp_path: Path) -> None:
    """The client is told whom to trust, also where links lead."""

    def client(place: Place) -> None:
        lists(place, verify=place.ca)
        key = {"Authorization": f"Bearer {place.token}"}
        asked = {"filename": "a.mcap", "deviceName": "tug-01"}
        link = requests.post(f"{place.url}/data/upload", json=asked, headers=key, verify=place.ca, timeout=10).json()
        assert link["link"].startswith("https://")
        requests.put(link["link"], data=b"data", verify=place.ca, timeout=10).raise_for_status()

    (verdict,) = rehearse("foxglove", client, ["links-elsewhere"], tls=tmp_path)
    assert verdict.status is Status.PASSED, verdict
    assert verdict.requests[-1].headers["Host"].startswith("localhost:")


def test_a_program_is_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told in its arguments and in its environment, and judged by its exit status; no proxy is in its way."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "robowire.test")
    (verdict,) = rehearse("foxglove", python(ASKS, "{url}", "{token}"), ["too-many-requests"])
    assert [str(finding.expectation.rule) for finding in verdict.findings] == ["asks-again"]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (python("import sys; sys.exit('I am tired')"), "exit status 1: I am tired"),
        (python("import sys; sys.exit(4)"), "exit status 4: it says nothing on stderr"),
        (python("import time; time.sleep(600)", patience_s=0.05), "it did not end within 0.05 s"),
    ],
    ids=["loud", "silent", "endless"],
)
def test_a_program_that_fails_by_itself_is_not_judged(program: Program, why: str) -> None:
    """It does not do its work when nothing happens to it either."""
    (verdict,) = rehearse("bags", program, ["down"])
    assert verdict.status is Status.NOT_TESTED
    assert verdict.reason == f"the client fails when nothing happens to it: {why}"


def test_a_program_that_is_not_there_is_an_error() -> None:
    """Of whoever named it."""
    with pytest.raises(ProgramMissing, match="no-such-program cannot be run: No such file"):
        list(rehearse("bags", Program(("no-such-program",)), ["down"]))


def test_a_client_may_exit() -> None:
    """A main function that ends by sys.exit says by that whether it is done."""

    def main(place: Place) -> None:
        try:
            lists(place)
        except requests.HTTPError:
            sys.exit("no devices")
        sys.exit(0)

    (verdict,) = rehearse("foxglove", main, ["down"])
    assert verdict.status is Status.PASSED


def test_a_verdict_is_json() -> None:
    """With the story, what was wrong and what was sent."""
    (verdict,) = rehearse("foxglove", lists, ["too-many-requests"])
    told = json.loads(json.dumps(verdict.told()))
    assert told["scenario"] == "too-many-requests"
    assert told["status"] == "warned"
    assert told["requests"] == ["GET /v1/devices -> 429 listDevices fault=too-many-requests-1"]
    assert [finding["level"] for finding in told["findings"]] == ["may"]
    assert "FOXGLOVE-RATE-002" in told["requirements"]


def test_a_mock_in_use_is_left_as_it_was(base: Mock[Any]) -> None:
    """Other faults, and what the mock holds, are not touched; what is the scenario's is gone afterwards."""
    with base.fork() as mock, serve(mock) as server:
        other = mock.faults.add(kind="status", path="/nowhere")
        with rehearsing("down", mock) as stage:
            lists(Place(f"{server.url}/v1", mock.token))
        assert stage.verdict.status is Status.PASSED
        assert [account.fault.id for account in mock.faults.account()] == [other]
        assert mock.journal.listeners == []
        lists(Place(f"{server.url}/v1", mock.token))
        assert len(stage.verdict.requests) == 1


@contextmanager
def receiver(mock: Mock[Any], api: str, *, remembers: bool, status: int = 200) -> Iterator[str]:
    """Somebody's endpoint: for each recording that is told it creates an event; it may know what it was told before."""
    known: set[str] = set()

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if not (remembers and told["webhookEventId"] in known):
                event = {"deviceName": "tug-01", "start": told["timestamp"], "end": told["timestamp"]}
                headers = {"Authorization": f"Bearer {mock.token}"}
                requests.post(f"{api}/v1/events", json=event, headers=headers, timeout=10).raise_for_status()
            known.add(told["webhookEventId"])
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("remembers", "status", "rules"),
    [(True, 200, []), (False, 200, ["acts-once"]), (True, 500, ["takes-deliveries"])],
    ids=["remembers", "forgets", "refuses"],
)
def test_a_webhook_that_comes_twice(base: Mock[Any], remembers: bool, status: int, rules: list[str]) -> None:  # noqa: FBT001  # a case table
    """A client that knows what it was told does it once."""
    with (
        base.fork() as mock,
        serve(mock) as server,
        receiver(mock, server.url, remembers=remembers, status=status) as hook,
        rehearsing("duplicate-webhook", mock) as stage,
    ):
        stage.deliver(hook)
    assert [finding.expectation.rule for finding in stage.verdict.findings] == rules
    assert mock.actions["webhooks"] is not None
    assert all(one["url"] != hook for one in mock.readings["webhooks"]())


def test_only_webhooks_are_delivered(base: Mock[Any]) -> None:
    """And only to this machine."""
    with base.fork() as mock:
        with rehearsing("down", mock) as stage:
            pass
        with pytest.raises(ValueError, match="the scenario down delivers no webhook"):
            stage.deliver("http://127.0.0.1:9/")
        with rehearsing("duplicate-webhook", mock) as stage:
            pass
        with pytest.raises(ValueError, match="the url cannot be called"):
            stage.deliver("http://robowire.test/hook")


LISTENS = """
    import sys
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()

    HTTPServer(("127.0.0.1", int(sys.argv[1])), Endpoint).serve_forever()
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def test_a_program_that_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is started, told twice, and ended."""
    monkeypatch.setattr("robowire_mocks.rehearsal.playing.QUIET_S", 0.01)
    port = free_port()
    (verdict,) = rehearse_listener("foxglove", python(LISTENS, str(port)), f"http://127.0.0.1:{port}/")
    assert verdict.status is Status.PASSED, verdict
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10).close()


@pytest.mark.parametrize(
    ("code", "why"),
    [("raise SystemExit('no')", "it ended, and did not listen"), ("import time; time.sleep(600)", "did not listen at")],
)
def test_a_program_that_does_not_listen(code: str, why: str) -> None:
    """Is not waited for longer than it may take."""
    url = f"http://127.0.0.1:{free_port()}/"
    with (
        pytest.raises(ProgramFailed, match=why),
        python(code, patience_s=2 if "raise" in code else 0.05).listening(Place(url, ""), url),
    ):
        raise AssertionError("it does not listen")
