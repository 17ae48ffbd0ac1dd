"""A mock is moved over HTTP, under a path that no API uses."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from robowire_mocks.bags import BagsMock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOON_S = NOON.timestamp()


@pytest.fixture
def client(make_mock: Callable[..., BagsMock]) -> FlaskClient:
    """A client of a mock whose time stands still at noon."""
    return make_mock(start=NOON).app.test_client()


def test_the_state_says_api_clock_and_deviations(client: FlaskClient) -> None:
    """With and without the slash at the end."""
    expected = {
        "api": "bags",
        "clock": {"now": NOON_S, "frozen": True},
        "deviations": [],
        "controls": ["clock", "deviations", "reset"],
        "readings": [],
    }
    assert client.get("/__robowire").get_json() == client.get("/__robowire/").get_json() == expected


def test_the_clock_is_moved_frozen_and_resumed(client: FlaskClient) -> None:
    """Each answer says what is now."""
    assert client.post("/__robowire/clock", json={"advance": 90.5}).get_json()["clock"]["now"] == NOON_S + 90.5
    assert client.post("/__robowire/clock", json={"freeze": 1000}).get_json()["clock"] == {"now": 1000, "frozen": True}
    assert client.post("/__robowire/clock", json={"resume": True}).get_json()["clock"]["frozen"] is False
    assert client.post("/__robowire/clock", json={"freeze": True}).get_json()["clock"]["frozen"] is True


def test_deviations_are_switched(client: FlaskClient) -> None:
    """What they break shows at once, and ends with an empty list."""
    assert client.post("/__robowire/deviations", json={"ids": ["list-in-object"]}).get_json()["deviations"] == [
        "list-in-object"
    ]
    assert isinstance(client.get("/bags/").get_json(), dict)
    client.post("/__robowire/deviations", json={"ids": []})
    assert isinstance(client.get("/bags/").get_json(), list)


@pytest.mark.parametrize("body", [None, {}])
def test_reset_brings_the_clock_back(client: FlaskClient, body: object) -> None:
    """With an empty body or none."""
    client.post("/__robowire/clock", json={"advance": 60})
    answer = client.post("/__robowire/reset", json=body) if body is not None else client.post("/__robowire/reset")
    assert answer.get_json()["clock"]["now"] == NOON_S


@pytest.mark.parametrize(
    ("control", "body"),
    [
        ("clock", b""),
        ("clock", b"nonsense"),
        ("clock", b"\xff"),
        ("clock", b"[]"),
        ("clock", b"{}"),
        ("clock", b'{"advance": "1"}'),
        ("clock", b'{"advance": true}'),
        ("clock", b'{"advance": 1e999}'),
        ("clock", b'{"advance": -1}'),
        ("clock", b'{"advance": 1, "freeze": true}'),
        ("clock", b'{"freeze": false}'),
        ("clock", b'{"freeze": -1}'),
        ("clock", b'{"resume": 1}'),
        ("deviations", b"{}"),
        ("deviations", b'{"ids": "list-in-object"}'),
        ("deviations", b'{"ids": ["no-such"]}'),
        ("reset", b'{"hard": true}'),
    ],
)
def test_a_bad_body_is_400_and_changes_nothing(client: FlaskClient, control: str, body: bytes) -> None:
    """The error says what to send."""
    before = client.get("/__robowire").get_json()
    answer = client.post(f"/__robowire/{control}", data=body)
    assert (answer.status_code, list(answer.get_json())) == (400, ["error"])
    assert client.get("/__robowire").get_json() == before


def test_unknown_controls_and_methods_are_errors(client: FlaskClient) -> None:
    """404 names the controls that there are, 405 the methods that are allowed."""
    assert "clock, deviations, reset" in client.post("/__robowire/snapshot", json={}).get_json()["error"]
    assert client.delete("/__robowire").status_code == 405


def test_controls_can_be_switched_off(make_mock: Callable[..., BagsMock]) -> None:
    """Then their path is as unknown as any other."""
    client = make_mock(control=False).app.test_client()
    assert client.get("/__robowire").status_code == 404
    assert client.post("/__robowire/reset").status_code == 404


def test_an_api_may_have_controls_of_its_own(
    make_mock: Callable[..., BagsMock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They answer what they give, or the state; a ValueError is a bad body."""
    actions = {"echo": lambda body: body["said"], "touch": lambda _: None, "refuse": lambda _: int("x")}
    monkeypatch.setattr(BagsMock, "actions", actions)
    client = make_mock().app.test_client()
    assert client.post("/__robowire/echo", json={"said": [1]}).get_json() == [1]
    assert client.post("/__robowire/touch").get_json()["controls"][-3:] == ["echo", "touch", "refuse"]
    assert client.post("/__robowire/refuse").status_code == 400
