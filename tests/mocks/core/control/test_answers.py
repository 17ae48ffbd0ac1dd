"""Everything that the controls answer is as their document says, and does what it says."""

from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from asking_controls import Asker
from robowire_mocks.core.control import PATH, watching

KEY = {"Authorization": "Bearer fox_sk_robowire_all"}
EVIL = {"Origin": "https://evil.example.com"}


def call(asker: Asker, method: str, path: str, **request: Any) -> int:
    """What the API answers to a client; the whole answer is read."""
    return asker.client.open(f"/v1{path}", method=method, headers=KEY, buffered=True, **request).status_code


def names(asker: Asker) -> list[str]:
    """The names of the devices."""
    answer = asker.client.get("/v1/devices", headers=KEY)
    return [device["name"] for device in answer.get_json()]


def test_a_snapshot_is_saved_restored_and_removed(foxglove: Asker) -> None:
    """The clock goes back too; a name may have anything in it."""
    before, at = names(foxglove), foxglove.post("/clock", {"freeze": True})["clock"]["now"]
    assert foxglove.ask("PUT", "/snapshots/before lunch") == ["before lunch"]
    call(foxglove, "POST", "/devices", json={"name": "tug-99"})
    foxglove.post("/clock", {"advance": 60})
    assert foxglove.post("/snapshots/before lunch/restore")["clock"]["now"] == at
    assert names(foxglove) == before
    assert foxglove.ask("PUT", "/snapshots/a%2Fb") == foxglove.get("/snapshots") == ["before lunch", "a/b"]
    assert foxglove.ask("DELETE", "/snapshots/a%2Fb") == ["before lunch"]


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/snapshots/none"), ("POST", "/snapshots/none/restore")])
def test_an_unknown_snapshot_is_404(foxglove: Asker, method: str, path: str) -> None:
    """The error names those that there are."""
    foxglove.ask("PUT", "/snapshots/before")
    assert "before" in foxglove.ask(method, path)["error"]


def test_a_world_is_loaded_in_four_ways(foxglove: Asker, tmp_path: Path) -> None:
    """By its name, from a file, as text, and as a table; a reset comes back to it."""
    text = '[clock]\nfrozen = true\nstart = 2026-11-20T12:00:00Z\n\n[[device]]\nname = "only"\n'
    table = {"clock": {"frozen": True, "start": "2026-11-20T12:00:00Z"}, "device": [{"name": "only"}]}
    file = tmp_path / "my.toml"
    file.write_text(text, encoding="utf-8")
    usual = len(names(foxglove))
    for body in ({"file": str(file)}, {"toml": text}, {"table": table}):
        assert foxglove.post("/world", body)["clock"] == {"now": 1795176000, "frozen": True}
        foxglove.post("/reset")
        assert foxglove.post("/world", {"name": "foxglove"})["clock"]["frozen"] is False
        assert len(names(foxglove)) == usual


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "none"},
        {"name": "/etc/passwd"},
        {"name": "a.toml"},
        {"file": "none.toml"},
        {"toml": "a ="},
        {"toml": "[clock]\ncolour = 1"},
        {"table": {"clock": {"start": "noon"}}},
        {"table": []},
        {"name": "foxglove", "toml": ""},
    ],
)
def test_a_bad_world_changes_nothing(foxglove: Asker, body: dict[str, Any]) -> None:
    """The error says what is wrong."""
    call(foxglove, "POST", "/devices", json={"name": "tug-99"})
    assert list(foxglove.post("/world", body)) == ["error"]
    assert "tug-99" in names(foxglove)


def test_deviations_are_listed_with_what_they_break(foxglove: Asker) -> None:
    """Those that are on say so."""
    first = foxglove.get("/deviations")[0]
    assert first["on"] is False
    foxglove.post("/deviations", {"ids": [first["id"]]})
    assert [one["id"] for one in foxglove.get("/deviations") if one["on"]] == [first["id"]]


def test_faults_are_added_met_and_removed(foxglove: Asker) -> None:
    """One alone, or a sequence; the account tells what was met."""
    (one,) = foxglove.post("/faults", {"kind": "status", "status": 429, "operation": "listDevices", "times": 1})
    assert [call(foxglove, "GET", "/devices") for _ in range(2)] == [429, 200]
    (told,) = foxglove.get("/faults")
    assert (told["matched"], told["met"], told["left"]) == (1, 1, 0)
    assert foxglove.ask("DELETE", f"/faults/{one['fault']['id']}") == []
    foxglove.post("/faults", {"sequence": [{"kind": "status", "status": 503}, {"kind": "status", "status": 500}]})
    assert [call(foxglove, "GET", "/devices") for _ in range(3)] == [503, 500, 200]
    assert [one["met"] for one in foxglove.get("/faults")] == [1, 1]
    assert foxglove.ask("DELETE", "/faults") == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "flood"},
        {"kind": "status", "colour": 1},
        {"kind": "status", "status": "503"},
        {"kind": "status", "status": 204},
        {"kind": "cut", "operation": "listDevise"},
        {"sequence": []},
        {"sequence": [1]},
        {"sequence": [{"kind": "status"}], "times": 2},
        {"sequence": [{"kind": "status"}, {"kind": "flood"}]},
    ],
)
def test_a_bad_fault_is_not_added(foxglove: Asker, body: dict[str, Any]) -> None:
    """Nor any other of its sequence."""
    assert list(foxglove.post("/faults", body)) == ["error"]
    assert foxglove.get("/faults") == []
    assert "none" in foxglove.ask("DELETE", "/faults/none")["error"]


def test_the_journal_tells_what_was_asked(foxglove: Asker) -> None:
    """Listed in short, one at a time whole; what the document does not have is told with a hint."""
    call(foxglove, "GET", "/devices?limit=2")
    call(foxglove, "GET", "/device")
    call(foxglove, "POST", "/devices", json={"name": "tug-99"})
    first, strange, third = foxglove.get("/journal")
    assert (first["operation"], first["query"], first["hint"]) == ("listDevices", "limit=2", "")
    assert (strange["operation"], strange["status"]) == (None, 404)
    assert "/v1/devices" in strange["hint"]
    whole = foxglove.get(f"/journal/{third['number']}")
    assert whole["body"] == '{"name": "tug-99"}'
    assert "fox_sk_robowire_all" not in str(whole)
    assert foxglove.ask("GET", "/journal/99")["error"]
    assert foxglove.ask("GET", "/journal/first")["error"]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("operation=listDevices", [1, 4]),
        ("method=post", [3]),
        ("path=/v1/dev*", [1, 2, 3, 4]),
        ("status=404", [2]),
        ("since=2", [3, 4]),
        ("unknown=true", [2]),
        ("limit=1", [4]),
        ("limit=1&operation=createDevice", [3]),
        ("since=4", []),
    ],
)
def test_the_journal_is_sifted(foxglove: Asker, query: str, numbers: list[int]) -> None:
    """By what was asked and answered, and by number."""
    for method, path in (("GET", "/devices"), ("GET", "/device"), ("POST", "/devices"), ("GET", "/devices")):
        call(foxglove, method, path, json={"name": "tug-99"} if method == "POST" else None)
    assert [entry["number"] for entry in foxglove.get(f"/journal?{query}")] == numbers


@pytest.mark.parametrize(
    "query",
    ["operation=none", "status=many", "since=1.5", "limit=0", "unknown=maybe", "wait_s=31", "wait_s=nan", "colour=red"],
)
def test_what_the_journal_cannot_be_sifted_by_is_400(foxglove: Asker, query: str) -> None:
    """The error says what it can."""
    assert list(foxglove.get(f"/journal?{query}")) == ["error"]


def test_reading_the_journal_can_wait(foxglove: Asker) -> None:
    """The answer comes as soon as there is something that fits, and after that time without it."""
    later = Timer(0.05, call, [foxglove, "GET", "/device"])
    later.start()
    assert [entry["path"] for entry in foxglove.get("/journal?unknown=true&wait_s=20")] == ["/v1/device"]
    later.join()
    assert foxglove.get("/journal?since=1&wait_s=0.01") == []


def test_calls_are_waited_for(foxglove: Asker) -> None:
    """The answer says whether they came."""
    call(foxglove, "GET", "/devices")
    assert foxglove.post("/journal/wait", {"operation": "listDevices", "timeout_s": 0})["came"]
    told = foxglove.post("/journal/wait", {"operation": "listDevices", "count": 2, "timeout_s": 0.01})
    assert (told["came"], len(told["entries"])) == (False, 1)


def test_who_finds_no_place_to_wait_is_told(foxglove: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not wait is answered all the same."""
    monkeypatch.setattr(watching, "WAITING", 1)
    assert foxglove.post("/journal/wait", {"timeout_s": 0}) == {"came": False, "entries": []}
    with watching._place(gives_way=False):
        assert "wait already" in foxglove.post("/journal/wait", {"timeout_s": 1})["error"]
        assert "wait already" in foxglove.get("/journal?wait_s=1")["error"]
        assert foxglove.get("/journal") == []


def test_the_first_of_those_who_follow_gives_its_place_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was closed keeps none from looking."""
    monkeypatch.setattr(watching, "WAITING", 2)
    with watching._place(gives_way=False) as kept, watching._place(gives_way=True) as first:
        with watching._place(gives_way=True) as second:
            assert [one.is_set() for one in (kept, first, second)] == [False, True, False]
        with watching._place(gives_way=True):
            assert not kept.is_set()


def test_calls_are_asserted(foxglove: Asker) -> None:
    """The verdict says what was called instead."""
    call(foxglove, "GET", "/devices")
    told = foxglove.post("/journal/assert", {"operation": "listDevices", "times": 1})
    assert told == {"holds": True, "text": "", "last": 1}
    assert foxglove.post("/journal/assert", {"unknown": False})["holds"]
    told = foxglove.post("/journal/assert", {"operation": "createDevice"})
    assert not told["holds"]
    assert "listDevices" in told["text"]
    assert foxglove.post("/journal/assert", {"method": "DELETE", "times": 0})["holds"]
    call(foxglove, "GET", "/device")
    assert "/v1/device" in foxglove.post("/journal/assert", {"unknown": False})["text"]


@pytest.mark.parametrize(
    ("control", "body"),
    [
        ("wait", {"count": 0}),
        ("wait", {"timeout_s": 61}),
        ("wait", {"timeout_s": "1"}),
        ("wait", {"operation": "none"}),
        ("wait", {"status": "200"}),
        ("assert", {"times": -1}),
        ("assert", {"times": 1.5}),
        ("assert", {"unknown": True}),
        ("assert", {"unknown": False, "times": 1}),
        ("assert", {"colour": "red"}),
    ],
)
def test_bad_claims_are_400(foxglove: Asker, control: str, body: dict[str, Any]) -> None:
    """Neither holds nor not."""
    assert list(foxglove.post(f"/journal/{control}", body)) == ["error"]


def test_a_cleared_journal_goes_on_counting(foxglove: Asker) -> None:
    """So that whoever follows it misses nothing; a reset clears it too."""
    call(foxglove, "GET", "/devices")
    foxglove.ask("DELETE", "/journal")
    assert foxglove.get("/journal") == []
    assert foxglove.get("/overview")["journal"] == {"calls": 0, "unknown": 0, "faults": 0, "first": 2, "last": 1}
    call(foxglove, "GET", "/devices")
    foxglove.post("/reset")
    assert foxglove.get("/overview")["journal"]["last"] == 2


def test_operations_are_counted(foxglove: Asker) -> None:
    """All that the contract has, called or not."""
    call(foxglove, "GET", "/devices")
    calls = {one["name"]: one["calls"] for one in foxglove.get("/operations")}
    assert (calls["listDevices"], calls["createDevice"]) == (1, 0)


def test_the_overview_has_everything(foxglove: Asker) -> None:
    """Each part is what its own control answers."""
    call(foxglove, "GET", "/device")
    foxglove.post("/faults", {"kind": "cut"})
    foxglove.ask("PUT", "/snapshots/now")
    told = foxglove.get("/overview")
    for name in ("snapshots", "faults", "operations", "worlds"):
        assert told[name] == foxglove.get(f"/{name}")
    assert {name: told[name] for name in ("api", "deviations", "controls", "readings")}.items() <= foxglove.get(
        ""
    ).items()
    assert told["journal"] == {"calls": 1, "unknown": 1, "faults": 0, "first": 1, "last": 1}


def test_what_foxglove_adds_is_as_it_says(foxglove: Asker) -> None:
    """Webhooks, their attempts, the rate limit, imports."""
    webhook = foxglove.post("/webhooks", {"register": {"url": "http://127.0.0.1:9/"}})
    assert foxglove.get("/webhooks") == [webhook]
    assert foxglove.post("/webhooks", {"announce": "recording.created"})["recording"]
    foxglove.post("/webhooks", {"ping": webhook["id"]})
    foxglove.post("/webhooks", {"remove": webhook["id"]})
    foxglove.post("/webhooks", {"remove": webhook["id"]})
    foxglove.post("/webhooks", {"announce": "recording.created", "recording": {}})
    foxglove.get("/attempts")
    foxglove.post("/rate", {"requests_per_second": 0})
    foxglove.post("/rate", {"requests_per_second": -1})
    for move in ({"hold": True}, {"hold": False}, {"step": True}, {"wait": True}, {"step": "none"}):
        foxglove.post("/imports", move)
    assert {("actOnWebhooks", "400"), ("limitRate", "400"), ("moveImports", "400")} <= foxglove.seen


def test_what_losant_adds_is_as_it_says(make: Any) -> None:
    """The outbox of exports."""
    losant = Asker(make("losant"))
    export = "/applications/64f0a1b2c3d4e5f6a7b80001/data/export"
    key = {"Authorization": "Bearer losant_robowire_all"}
    asked = {"email": "someone@example.com", "attributes": ["voltage"]}
    assert losant.client.post(export, json=asked, headers=key).status_code < 400
    assert [entry["to"] for entry in losant.get("/outbox")] == ["someone@example.com"]


def test_every_change_is_forbidden_to_other_sites(foxglove: Asker) -> None:
    """Whatever it is."""
    state = foxglove.get("/overview")
    for path, item in foxglove.document["paths"].items():
        for method in item.keys() - {"get", "parameters"}:
            foxglove.ask(method.upper(), path.replace("{", "").replace("}", ""), headers=EVIL, json={})
    assert {status for _, status in foxglove.seen} == {"200", "403"}
    now = foxglove.get("/overview")
    assert {**now, "clock": None} == {**state, "clock": None}


def test_without_controls_there_is_nothing(make: Any) -> None:
    """Every path of theirs is as unknown as any other, the page included."""
    client = make("foxglove", control=False).app.test_client()
    for path in ("", "/", "/overview", "/openapi.json", "/journal", "/worlds"):
        answer = client.get(PATH + path, headers={"Accept": "text/html"})
        assert (answer.status_code, answer.mimetype) == (404, "application/json")
