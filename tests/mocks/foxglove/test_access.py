"""API keys, capabilities and rate limits."""

from collections.abc import Callable
from typing import Any

import pytest
from robowire_mocks.foxglove.operations import OPERATIONS, Operation

KEYS = [
    {"key": "none"},
    {"key": "lister", "capabilities": ["devices.list"]},
    {"key": "revoked", "capabilities": ["*"], "state": "revoked"},
    {"key": "disabled", "capabilities": ["*"], "state": "disabled"},
    {"key": "slow", "capabilities": ["*"], "requests_per_second": 2},
]
ANY = {"key": "any", "capabilities": ["*"]}


def test_who_is_let_in(make_api: Callable[..., Any]) -> None:
    """A known key, as a bearer token, whatever case the scheme is written in."""
    api = make_api(key=[*KEYS, ANY])
    for header in ("Bearer any", "bearer any", "BEARER  any "):
        assert api.ask("GET", "/devices", headers={"Authorization": header}).status_code == 200
    assert api.ask("GET", "/devices", headers={"Authorization": "Bearer lister"}).status_code == 200


@pytest.mark.parametrize("header", [None, "", "any", "Basic any", "Bearer", "Bearer unknown", "Bearer any any"])
def test_who_is_not(make_api: Callable[..., Any], header: str | None) -> None:
    """Nobody without a known key: 401, and the scheme to use."""
    api = make_api(key=[ANY])
    headers = {} if header is None else {"Authorization": header}
    for path in ("/devices?access_token=any", "/devices/x", "/custom-properties"):
        answer = api.mock.app.test_client().get(f"/v1{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert list(answer.get_json()) == ["error"]


@pytest.mark.parametrize("state", ["revoked", "disabled"])
def test_a_key_that_is_no_longer_good(make_api: Callable[..., Any], state: str) -> None:
    """It is answered 401, and told why."""
    status, text = make_api(key=KEYS).refusal("GET", "/devices", headers={"Authorization": f"Bearer {state}"})
    assert (status, text) == (401, f"the API key is {state}")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_each_operation_asks_for_its_capability(make_api: Callable[..., Any], operation: Operation) -> None:
    """A key that has no other passes, one that has all others gets 403, before anything else is looked at."""
    others = sorted({one.capability for one in OPERATIONS} - {operation.capability})
    keys = [{"key": "own", "capabilities": [operation.capability]}, {"key": "others", "capabilities": others}]
    api = make_api(key=keys)
    path = operation.path.replace("{", "").replace("}", "")
    assert api.ask(operation.method, path, headers={"Authorization": "Bearer own"}).status_code not in {401, 403}
    status, text = api.refusal(operation.method, path, headers={"Authorization": "Bearer others"})
    assert (status, text) == (403, f"the API key lacks the capability {operation.capability}")


def test_a_rate_limit_for_all(make_api: Callable[..., Any]) -> None:
    """So many requests a second; who comes early is told when to come again, and is answered then."""
    api = make_api(rate_limit={"requests_per_second": 2})
    api.mock.clock.advance(0)
    api.get("/devices")
    api.get("/devices")
    answer = api.ask("GET", "/devices")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert list(answer.get_json()) == ["error"]
    assert api.ask("GET", "/devices", headers={"Authorization": "Bearer unknown"}).status_code == 429
    api.mock.clock.advance(1)
    api.get("/devices")


def test_a_rate_limit_of_one_key(make_api: Callable[..., Any]) -> None:
    """Holds up nobody else."""
    api = make_api(key=[*KEYS, ANY])
    statuses = [
        api.ask("GET", "/devices", headers={"Authorization": f"Bearer {key}"}).status_code
        for key in ("slow", "slow", "slow", "any", "any", "any")
    ]
    assert statuses == [200, 200, 429, 200, 200, 200]


def test_a_rate_limit_is_switched_by_a_control(make_api: Callable[..., Any]) -> None:
    """On, off, and back to the world's by a reset."""
    api = make_api()
    client = api.mock.app.test_client()
    assert client.post("/__robowire/rate", json={"requests_per_second": 1}).status_code == 200
    assert [api.ask("GET", "/devices").status_code for _ in range(3)] == [200, 429, 429]
    client.post("/__robowire/rate", json={"requests_per_second": 0})
    assert [api.ask("GET", "/devices").status_code for _ in range(3)] == [200, 200, 200]
    client.post("/__robowire/rate", json={"requests_per_second": 1})
    api.mock.reset()
    assert [api.ask("GET", "/devices").status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("body", [{}, {"requests_per_second": -1}, {"requests_per_second": True}, {"rate": 1}])
def test_a_rate_that_is_none(make_api: Callable[..., Any], body: dict[str, Any]) -> None:
    """It is refused."""
    assert make_api().mock.app.test_client().post("/__robowire/rate", json=body).status_code == 400
