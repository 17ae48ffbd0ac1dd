"""`robowire control` moves a mock that is served, and tells what was asked of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from robowire_conformance.cli import control as command
from robowire_conformance.cli import main
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import Server
from served_worlds import begun_anew, served_worlds

Run = Callable[..., str]


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Mock[Any], Server]]:
    """A mock on a socket."""
    with served_worlds("foxglove") as both:
        yield both


@pytest.fixture
def mock(shared: tuple[Mock[Any], Server]) -> Mock[Any]:
    """The same as at its start."""
    return begun_anew(shared[0])


@pytest.fixture
def run(mock: Mock[Any], shared: tuple[Mock[Any], Server], capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `robowire control URL …`, and gives what it prints."""
    del mock

    def run(*words: str, status: int = 0) -> str:
        assert main(["control", f"{shared[1].url}/v1", *words]) == status
        printed = capsys.readouterr()
        return printed.out if status == 0 else printed.err

    return run


@pytest.fixture
def call(shared: tuple[Mock[Any], Server]) -> Callable[[str], int]:
    """Asks the API."""

    def call(path: str) -> int:
        with requests.Session() as session:
            session.trust_env = False
            key = {"Authorization": "Bearer fox_sk_robowire_all"}
            return session.get(f"{shared[1].url}/v1{path}", headers=key, timeout=10).status_code

    return call


def test_it_says_what_the_mock_is(run: Run, call: Callable[[str], int]) -> None:
    """Time, calls, and what is out of the ordinary."""
    call("/device")
    run("faults", "add", "cut", "times=2")
    run("snapshot", "before")
    run("deviations", "any-token")
    said = run()
    assert "foxglove: 1 calls, 1 unknown, 0 with a fault" in said
    assert ": cut times=2 (matched 0, met 0, 2 left)" in said
    assert "snapshots: before" in said
    assert "deviations: any-token" in said


def test_the_clock_is_moved(run: Run) -> None:
    """Each answer says what time it is then."""
    assert run("clock", "--freeze", "--at", "2026-11-20T12:00:00Z") == "2026-11-20T12:00:00Z frozen\n"
    assert run("clock", "--advance", "3600") == "2026-11-20T13:00:00Z frozen\n"
    assert "frozen" not in run("clock", "--resume")
    assert "frozen" in run("clock", "--freeze")
    assert "frozen" not in run("reset")


def test_states_are_saved_and_worlds_loaded(run: Run, tmp_path: Path) -> None:
    """A world file of this machine is sent as text; one on the server is named."""
    assert run("snapshot", "before") == run("snapshots") == "before\n"
    file = tmp_path / "my.toml"
    file.write_text("[clock]\nfrozen = true\nstart = 2026-11-20T12:00:00Z\n", encoding="utf-8")
    assert run("world", str(file)) == run("world", str(file), "--on-server") == "2026-11-20T12:00:00Z frozen\n"
    assert "frozen" not in run("restore", "before")
    assert run("snapshots", "--remove", "before") == ""
    assert "frozen" not in run("world", "foxglove")


def test_deviations_are_switched(run: Run, mock: Mock[Any]) -> None:
    """All off with --none."""
    assert run("deviations", "any-token") == run("deviations") == "any-token\n"
    assert mock.deviations == ("any-token",)
    assert run("deviations", "--none") == ""


def test_faults_are_added_and_removed(run: Run, call: Callable[[str], int]) -> None:
    """Values are JSON where they are, and strings else."""
    fault = run("faults", "add", "status", "status=429", "retry_after_s=1", "operation=listDevices").strip()
    assert call("/devices") == 429
    assert "(matched 1, met 1, stays)" in run("faults")
    run("faults", "remove", fault)
    run("faults", "add", "latency", "seconds=0.001")
    run("faults", "clear")
    assert run("faults") == ""


def test_the_journal_is_told(run: Run, call: Callable[[str], int]) -> None:
    """A line each, or JSON; one entry whole; sifted and cleared."""
    call("/devices?limit=2")
    call("/device")
    listed, strange = run("journal").splitlines()
    assert "GET /v1/devices?limit=2 -> 200  listDevices" in listed
    assert "(the document has no path /v1/device; the nearest is /v1/devices)" in strange
    assert len(run("journal", "--unknown").splitlines()) == 1
    number = json.loads(run("journal", "--json", "--limit", "1"))["number"]
    assert json.loads(run("journal", "show", str(number)))["path"] == "/v1/device"
    assert "    1  GET    /v1/devices  listDevices" in run("operations")
    run("journal", "clear")
    assert run("journal") == ""


def test_the_journal_is_followed(
    run: Run, call: Callable[[str], int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until it is interrupted, which is here when the second call has been told."""
    told: list[Any] = []

    def tell(entries: list[Any], *, as_json: bool) -> None:
        del as_json
        told.extend(entries)
        if len(told) == 2:
            raise KeyboardInterrupt
        call("/sites")

    monkeypatch.setattr(command, "_tell_entries", tell)
    call("/devices")
    run("journal", "--follow", status=130)
    assert [entry["operation"] for entry in told] == ["listDevices", "listSites"]
    del capsys


def test_calls_are_asserted(run: Run, call: Callable[[str], int]) -> None:
    """Exit status 1 if it is not so, with what was called instead."""
    call("/devices")
    run("journal", "assert", "--operation", "listDevices", "--times", "1")
    run("journal", "assert", "--no-unknown")
    assert "GET /v1/devices -> 200" in run("journal", "assert", "--operation", "listSites", status=1)
    call("/device")
    assert "nearest is /v1/devices" in run("journal", "assert", "--no-unknown", status=1)


def test_what_the_api_adds_is_there(run: Run) -> None:
    """Read and done by name."""
    assert json.loads(run("act", "imports", '{"hold": false}')) == {"held": False}
    assert json.loads(run("read", "attempts")) == []
    assert json.loads(run("act", "rate", '{"requests_per_second": 0}'))["api"] == "foxglove"


def test_worlds_are_opened_moved_and_closed(run: Run, shared: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A world is named by an option, or by its URL."""
    url = shared[1].url
    assert run("worlds", "open", "w7") == f"{url}/__worlds/w7\n"
    assert run("worlds") == f"w7  {url}/__worlds/w7\n"
    for words in (["--world", "w7", url], [f"{url}/__worlds/w7/v1"], ["--token", "any~w7", url]):
        assert main(["control", *words, "clock", "--freeze", "--at", "2026-11-20T12:00:00Z"]) == 0
        assert capsys.readouterr().out == "2026-11-20T12:00:00Z frozen\n"
        assert main(["control", *words, "reset"]) == 0
        assert "frozen" not in capsys.readouterr().out
    run("worlds", "open", "w8")
    run("worlds", "close", "w7")
    assert main(["control", "--world", "w7", url]) == 2
    assert capsys.readouterr().err == "robowire: no world is called 'w7'; it may have been closed; there are: w8\n"
    run("worlds", "close", "w8")
    assert run("worlds") == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["worlds", "open", "W 7"], "is no name of a world"),
        (["worlds", "close", "none"], "no world is called 'none'"),
        (["restore", "none"], "no snapshot is called 'none'"),
        (["world", "none"], "no world is called 'none'"),
        (["world", "none.toml"], "the world none.toml cannot be read: there is no /"),
        (["clock", "--at", "noon"], "--at goes with --freeze"),
        (["clock", "--freeze", "--at", "noon"], "'noon' is no time"),
        (["clock", "--freeze", "--resume"], "exclude each other"),
        (["clock", "--advance", "-60"], "a clock cannot be advanced by -60 s; to set it back, freeze it at a time"),
        (["deviations", "any-tokem"], "any-tokem"),
        (["deviations", "any-token", "--none"], "--none goes without ids"),
        (["faults", "add", "flood"], "flood"),
        (["faults", "add", "status", "429"], "'429' is not NAME=VALUE"),
        (["faults", "add", "status", "status=200"], "status of a fault cannot be 200: it is from 300 to 599"),
        (["faults", "remove", "none"], "no fault has the id 'none'"),
        (["journal", "--operation", "none"], "no operation is called 'none'"),
        (["journal", "show", "99"], "no entry 99"),
        (["journal", "assert", "--no-unknown", "--times", "1"], "--no-unknown stands alone"),
        (["act", "imports", "[]"], "no JSON object"),
        (["read", "none"], "nothing to read is called 'none'"),
        (["fly"], "No such command 'fly'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_goes_wrong_is_one_line(
    run: Run, words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit status 2, in the mock's own words where it refuses."""
    monkeypatch.chdir(tmp_path)
    printed = run(*words, status=2)
    assert printed.startswith("robowire: ")
    assert printed.count("\n") == 1
    assert said in printed


@pytest.mark.parametrize(
    ("url", "said"), [("ftp://x", "no URL of a mock"), ("http://127.0.0.1:1", "no mock answers at")]
)
def test_a_mock_that_is_not_there_is_said(url: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line."""
    assert main(["control", url]) == 2
    assert said in capsys.readouterr().err
