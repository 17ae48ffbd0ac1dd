"""The Python client moves a mock that is served as its controls say."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from robowire_mocks import create_mock
from robowire_mocks.control_client import Control, ControlError
from robowire_mocks.core.control.document import common
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import Server, serve
from robowire_mocks.core.worlds import Worlds
from served_worlds import begun_anew, served_worlds

NOON_S = 1795176000


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
def control(mock: Mock[Any], shared: tuple[Mock[Any], Server]) -> Control:
    """Its controls."""
    del mock
    return Control(shared[1].url)


def call(control: Control, path: str, method: str = "GET", **request: Any) -> int:
    """What the API answers to a client."""
    with requests.Session() as session:
        session.trust_env = False
        key = {"Authorization": "Bearer fox_sk_robowire_all"}
        return session.request(method, f"{control.root}/v1{path}", headers=key, timeout=10, **request).status_code


@pytest.mark.parametrize(
    ("url", "controls"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/__robowire"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/__robowire"),
        ("http://127.0.0.1:8080/__robowire/", "http://127.0.0.1:8080/__robowire"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/__robowire"),
        ("https://localhost/v1?a=b", "https://localhost/__robowire"),
        ("http://[::1]:8080/__worlds/w7/v1/", "http://[::1]:8080/__worlds/w7/__robowire"),
    ],
)
def test_any_url_of_a_mock_leads_to_its_controls(url: str, controls: str) -> None:
    """Such as the one that `robowire serve` prints, or a world's."""
    assert Control(url).url == controls


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1", "http://", "file:///etc/passwd"])
def test_what_is_no_url_is_refused(url: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ValueError, match="no URL of a mock"):
        Control(url)


def test_state_and_time_are_moved(control: Control, mock: Mock[Any]) -> None:
    """Each gives what is so afterwards."""
    assert control.state()["api"] == control.overview()["api"] == "foxglove"
    assert control.freeze(NOON_S) == control.clock() == {"now": NOON_S, "frozen": True}
    assert control.advance(60)["now"] == NOON_S + 60
    assert control.snapshot("before") == control.snapshots() == ["before"]
    control.advance(60)
    assert control.restore("before")["clock"]["now"] == NOON_S + 60
    assert control.remove_snapshot("before") == []
    assert control.snapshot("a/b c") == ["a/b c"]
    assert control.remove_snapshot("a/b c") == []
    assert control.freeze()["frozen"] is True
    assert control.resume()["frozen"] is False
    assert control.reset()["clock"]["frozen"] is False
    assert control.deviate("any-token")["deviations"] == list(mock.deviations) == ["any-token"]
    assert [one["id"] for one in control.deviations() if one["on"]] == ["any-token"]


def test_a_world_is_loaded(control: Control, tmp_path: Path) -> None:
    """By name, file, text or table."""
    text = "[clock]\nfrozen = true\n"
    (tmp_path / "my.toml").write_text(text, encoding="utf-8")
    for world in ({"file": str(tmp_path / "my.toml")}, {"toml": text}, {"table": {"clock": {"frozen": True}}}):
        assert control.load(**world)["clock"]["frozen"] is True
        assert control.load("foxglove")["clock"]["frozen"] is False


def test_faults_are_met_and_accounted(control: Control) -> None:
    """Alone or in order."""
    fault = control.fault("status", status=429, operation="listDevices", times=1)
    assert control.sequence({"kind": "status"}, {"kind": "status", "status": 500}) != []
    assert [call(control, "/devices") for _ in range(4)] == [429, 503, 500, 200]
    assert [one["met"] for one in control.faults()] == [1, 1, 1]
    control.remove_fault(fault)
    assert len(control.faults()) == 2
    control.clear_faults()
    assert control.faults() == []


def test_the_journal_is_read_and_asserted_on(control: Control) -> None:
    """What was not so is told in the server's own words."""
    call(control, "/devices")
    call(control, "/device")
    assert [one["operation"] for one in control.journal()] == ["listDevices", None]
    assert [one["path"] for one in control.journal(unknown=True, limit=1)] == ["/v1/device"]
    assert control.journal(since=control.journal()[-1]["number"], wait_s=0.01) == []
    number = control.journal()[0]["number"]
    assert "Authorization" in control.entry(number)["headers"]
    assert control.wait_for(operation="listDevices")[0]["status"] == 200
    with pytest.raises(TimeoutError, match=r"1 of 2 calls came in 0\.01 s"):
        control.wait_for(operation="listDevices", count=2, timeout=0.01)
    control.assert_called("listDevices", 1)
    control.assert_called(path="/v1/dev*")
    with pytest.raises(AssertionError, match="GET /v1/devices"):
        control.assert_called("createDevice")
    with pytest.raises(AssertionError, match="the nearest is /v1/devices"):
        control.assert_no_unknown()
    assert {one["name"]: one["calls"] for one in control.operations()}["listDevices"] == 1
    control.clear_journal()
    control.assert_no_unknown()


def test_what_an_api_adds_is_there(control: Control) -> None:
    """By its name."""
    webhook = control.act("webhooks", register={"url": "http://127.0.0.1:9/"})
    assert control.read("webhooks") == [webhook]


def test_a_refusal_says_why(control: Control) -> None:
    """In the mock's own words, with the status."""
    with pytest.raises(ControlError, match="no snapshot is called 'none'") as refused:
        control.restore("none")
    assert refused.value.status == 404
    with pytest.raises(ControlError, match="'listDevise'") as refused:
        control.fault("cut", operation="listDevise")
    assert refused.value.status == 400


def test_a_server_without_controls_is_said() -> None:
    """And one that is not there."""
    for api in ("bags", "losant"):
        with create_mock(api, control=False) as mock, serve(mock) as server:
            control = Control(server.url)
            with pytest.raises(ControlError, match=r"404: no mock with controls"):
                control.state()
    with pytest.raises(ControlError, match="no mock answers at") as lost:
        control.state()
    assert lost.value.status == 0


def test_an_answer_that_ends_too_soon_is_said() -> None:
    """As anything else that goes wrong on the way."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor() as pool:
        begun = pool.submit(_half_an_answer, listener)
        with pytest.raises(ControlError, match="no mock answers at"):
            Control(f"http://127.0.0.1:{listener.getsockname()[1]}").state()
        begun.result()


def _half_an_answer(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


def test_a_world_that_was_closed_is_said() -> None:
    """With those that are there; a mock that is served alone has none."""
    with create_mock("losant") as mock, Worlds(mock) as worlds, serve(worlds) as server:
        base = Control(server.url)
        gone, there = base.open("w7"), base.open("w8")
        base.close("w7")
        for control in (gone, Control(server.url, token="losant_robowire_all~w7")):
            with pytest.raises(ControlError, match="no world is called 'w7'; it may have been closed; there are: w8"):
                control.freeze()
        assert not there.clock()["frozen"]
    with create_mock("bags") as mock, serve(mock) as server:
        world = Control(server.url).world("w7")
        with pytest.raises(ControlError, match="404: no mock with worlds"):
            world.clock()


def test_worlds_are_opened_and_moved(mock: Mock[Any]) -> None:
    """Each by its own client, or by a token of it."""
    with Worlds(mock) as worlds, serve(worlds) as server:
        base = Control(server.url)
        world = base.open("w7")
        base.open("w8", of="w7")
        assert world.freeze(NOON_S)["frozen"] is True
        assert Control(server.url, token="anything~w7").clock() == base.world("w7").clock() == world.clock()
        assert not base.clock()["frozen"]
        assert not base.world("w8").clock()["frozen"]
        assert [one["name"] for one in base.worlds()] == [one["name"] for one in world.worlds()] == ["w7", "w8"]
        base.close("w7")
        with pytest.raises(ControlError, match="no world is called 'w7'"):
            world.clock()


def test_it_works_over_tls(mock: Mock[Any], tmp_path: Path) -> None:
    """With the certificate of the server's authority, and not without it."""
    with serve(mock, tls=tmp_path) as server:
        assert Control(server.url, ca_file=server.ca_file).state()["api"] == "foxglove"
        with pytest.raises(ControlError, match=r"name the file of its authority \(ca_file, --ca\)"):
            Control(server.url).state()


def test_no_proxy_is_asked(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mock is where its URL says."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert Control(control.root).state()["api"] == "foxglove"


class Noted(Control):
    """A client that asks nobody, and notes what it would."""

    asked: set[tuple[str, str]]

    def _ask(self, method: str, path: str, body: Any = None, patience_s: float = 0) -> Any:
        del body, patience_s
        self.asked.add((method, path.partition("?")[0]))
        listed = path.startswith(("/faults", "/worlds", "/deviations", "/operations"))
        return [{"fault": {"id": "x"}}] if listed else {"clock": {}, "came": True, "entries": [], "holds": True}


def test_every_control_has_a_method() -> None:
    """But for the document of the controls itself."""
    control = Noted("http://127.0.0.1:1")
    control.asked = set()
    arguments: dict[str, tuple[Any, ...]] = {"advance": (1,), "entry": (7,), "sequence": ({},)}
    for name, method in vars(Control).items():
        if not name.startswith("_") and name != "world":
            takes_one = method.__code__.co_argcount > 1 and not method.__defaults__
            getattr(control, name)(*arguments.get(name, ("x",) if takes_one else ()))
    paths = {
        (method.upper(), path.replace("{number}", "7").replace("{name}", "x").replace("{id}", "x").rstrip("/"))
        for path, item in common()["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert control.asked - {("GET", "/x"), ("POST", "/x")} == paths - {("GET", "/openapi.json")}
