"""`robowire rehearse` plays scenarios to a command, and says by lines, JSON and exit status how it did."""

import json
import sys
from pathlib import Path

import pytest
from robowire_conformance.cli import main

ASKS = """
import json, sys, urllib.request
{before}
request = urllib.request.Request(sys.argv[1] + "/devices", headers={{"Authorization": "Bearer " + sys.argv[2]}})
json.load(urllib.request.urlopen(request, timeout=10))
"""
CARELESS = "import os\nsys.excepthook = lambda *_: os._exit(0)"

Captured = pytest.CaptureFixture[str]


def client(before: str = "") -> list[str]:
    """A command that lists devices; `before` is what it does first."""
    return ["--", sys.executable, "-S", "-c", ASKS.format(before=before), "{url}", "{token}"]


def rehearse(*arguments: str, before: str = "") -> int:
    """The exit status of a rehearsal."""
    return main(["rehearse", "foxglove", *arguments, *client(before)])


def test_a_client_that_does_right(capsys: Captured) -> None:
    """Exit status 0, and a line for each scenario and for all; what could not be tested says why."""
    assert rehearse("--scenario", "down", "--scenario", "unknown-members", "--scenario", "upload-cut") == 0
    assert capsys.readouterr().out.splitlines() == [
        "passed down: Down for good",
        "passed unknown-members: Members that are not documented yet",
        "not-tested upload-cut: An upload that breaks off",
        "  the client calls none of uploadData",
        "3 scenarios: 2 passed, 1 not-tested",
    ]


def test_a_client_that_does_wrong(capsys: Captured) -> None:
    """Exit status 1, with what is wrong, where it is said so, and what was sent."""
    assert rehearse("--scenario", "down", before=CARELESS) == 1
    assert capsys.readouterr().out.splitlines() == [
        "failed down: Down for good",
        "  Every call is answered 500.",
        (
            "  - it ended as if it had it, but never got it whole: GET /v1/devices (answered 500) "
            "[must: RFC 9110, section 15]"
        ),
        "  what the client sent:",
        "    GET /v1/devices -> 500 listDevices fault=down-1",
        "1 scenario: 1 failed",
    ]


def test_a_key_in_a_url_is_not_shown(capsys: Captured) -> None:
    """Neither in lines nor in JSON, nor where the client says itself what it asked; its end is."""
    in_url = "sys.argv[1] = sys.argv[1] + '/devices?mine=' + sys.argv[2] + '&'"
    assert rehearse("--scenario", "down", before=f"{in_url}\n{CARELESS}") == 1
    assert rehearse("--scenario", "down", "--json", before=f"{in_url}\n{CARELESS}") == 1
    assert rehearse(before=in_url + "; sys.exit('no answer of ' + sys.argv[1])") == 3
    printed = capsys.readouterr()
    assert printed.out.count("?mine=…_all") == 2
    assert "?mine=…_all" in printed.err
    assert "robowire_all" not in printed.out + printed.err


def test_warnings_fail_only_if_one_is_strict() -> None:
    """What is merely wise is no reason to fail."""
    assert rehearse("--scenario", "too-many-requests") == 0
    assert rehearse("--scenario", "too-many-requests", "--strict") == 1


def test_what_cannot_be_tested_is_not_success(capsys: Captured) -> None:
    """Neither a client that never comes to it, nor one that fails by itself."""
    assert rehearse("--scenario", "upload-cut") == 3
    capsys.readouterr()
    assert rehearse(before="sys.exit('no disk')") == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "robowire: the client fails when nothing happens to it: exit status 1: no disk\n"


def test_verdicts_as_json(capsys: Captured) -> None:
    """One array, and nothing besides it."""
    assert rehearse("--scenario", "down", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["scenario"], told["status"]) == ("down", "passed")


def test_over_tls(capsys: Captured) -> None:
    """The usual variables tell programs whom to trust."""
    assert rehearse("--scenario", "down", "--tls", before="assert sys.argv[1].startswith('https://')") == 0
    assert capsys.readouterr().out == "passed down: Down for good\n1 scenario: 1 passed\n"


def test_scenarios_are_listed(capsys: Captured) -> None:
    """With what is right then, and where it is said."""
    assert main(["rehearse", "bags", "--list", "--scenario", "download-short"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        (
            "download-short: A download that is shorter than told. "
            "Content-Length tells a thousand bytes more than there are."
        ),
        "  must says-so (RFC 9112, section 8)",
        "  may asks-again (RFC 9110, section 9.2.2)",
    ]


def test_a_program_that_does_not_listen(capsys: Captured) -> None:
    """It was to, and said why it does not: nothing is said of it."""
    arguments = ["--webhook", "http://127.0.0.1:1/hook", "--", sys.executable, "-S", "-c", "raise SystemExit('busy')"]
    assert main(["rehearse", "foxglove", *arguments]) == 3
    assert "no webhook was delivered; it failed: it ended, and did not listen" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["foxglove"], "say what the client is: robowire rehearse API -- COMMAND…"),
        (
            ["foxglove", "--scenario", "nap", "--", "true"],
            "no scenario of foxglove is called 'nap'; there are: too-many",
        ),
        (["foxglove", "--scenaro", "down", "--", "true"], "No such option"),
        (["foxglove", "--", "no-such-program"], "no-such-program cannot be run: No such file or directory"),
        (["foxglove", "--world", "mars", "--", "true"], "no world is called 'mars'"),
        (["foxglove", "--timeout", "0", "--", "true"], "0.0 is not in the range"),
        (["robots", "--", "true"], "'robots' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_a_person_gets_wrong_is_one_line(
    arguments: list[str], said: str, capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 2, and what to do."""
    monkeypatch.chdir(tmp_path)
    assert main(["rehearse", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("robowire: ")
    assert printed.err.count("\n") == 1
    assert said in printed.err
