"""Faults befall the calls that they are meant for, as often as they are to, and account for themselves."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from robowire_mocks.core.documented import Documented
from robowire_mocks.core.fault import Fault, Kind
from robowire_mocks.core.faults import Faults
from robowire_mocks.core.mock import Mock

KEY = {"Authorization": "Bearer fox_sk_robowire_all"}
Ask = Callable[..., requests.Response]


def statuses(ask: Ask, count: int, path: str = "/v1/devices") -> list[int]:
    """The statuses of so many calls."""
    return [ask(path).status_code for _ in range(count)]


def test_which_calls_are_meant(fleet: Mock[Any], ask: Ask) -> None:
    """By operation, by method, by path."""
    fleet.faults.add(kind="status", status=500, operation="listDevices")
    fleet.faults.add(kind="status", status=501, method="post")
    fleet.faults.add(kind="status", status=502, path="/v1/events/*")
    assert statuses(ask, 1, "/v1/devices") == [500]
    assert ask("/v1/devices", "POST", json={}).status_code == 501
    assert ask("/v1/events/evt_x").status_code == 502
    assert statuses(ask, 1, "/v1/events") == [200]
    assert [(one.matched, one.met) for one in fleet.faults.account()] == [(1, 1)] * 3


def test_how_often(fleet: Mock[Any], ask: Ask) -> None:
    """Some calls pass, some meet it, the others pass again."""
    fleet.faults.add(kind="status", skip=1, times=2, operation="listDevices", id="busy")
    assert statuses(ask, 5) == [200, 503, 503, 200, 200]
    (account,) = fleet.faults.account()
    assert (account.matched, account.met, account.left) == (3, 2, 0)
    assert [entry.fault for entry in fleet.requests] == [None, "busy", "busy", None, None]


def test_one_after_the_other(fleet: Mock[Any], ask: Ask) -> None:
    """A sequence goes on when its first is over; other calls do not move it."""
    ids = fleet.faults.sequence(
        [
            {"kind": "status", "status": 429, "operation": "listDevices"},
            {"kind": "status", "status": 503, "operation": "listDevices", "times": 2},
            {"kind": "status", "status": 500},
        ]
    )
    assert statuses(ask, 1, "/v1/events") == [200]
    assert statuses(ask, 3) == [429, 503, 503]
    assert statuses(ask, 2, "/v1/events") == [500, 200]
    assert [(one.fault.id, one.met, one.left) for one in fleet.faults.account()] == list(
        zip(ids, (1, 2, 1), (0, 0, 0), strict=True)
    )


def test_with_some_probability(fleet: Mock[Any]) -> None:
    """The same seed gives the same calls, another one others."""
    client = fleet.app.test_client()

    def met(seed: int) -> list[int]:
        fleet.faults.clear()
        fleet.faults.add(kind="status", probability=0.5, seed=seed)
        return [client.get("/v1/devices").status_code for _ in range(64)]

    first = met(1)
    assert first == met(1) != met(2)
    assert 16 < first.count(503) < 48


def test_the_first_that_is_due_is_met(fleet: Mock[Any], ask: Ask) -> None:
    """In the order in which they were added; one fault a call."""
    fleet.faults.add(kind="status", status=500, times=1)
    fleet.faults.add(kind="status", status=502, times=1)
    assert statuses(ask, 3) == [500, 502, 200]


def test_the_end_of_faults(fleet: Mock[Any], ask: Ask) -> None:
    """One by one, or all at once; a reset ends them too."""
    first, second = fleet.faults.add(kind="status", status=500), fleet.faults.add(kind="status", status=502)
    fleet.faults.remove(first)
    assert statuses(ask, 1) == [502]
    with pytest.raises(ValueError, match=f"no fault has the id '{first}'"):
        fleet.faults.remove(first)
    fleet.faults.clear()
    assert statuses(ask, 1) == [200]
    fleet.faults.add(kind="status", id=second)
    fleet.reset()
    assert statuses(ask, 1) == [200]
    assert fleet.faults.account() == ()


def test_waiting_ends_with_the_faults(fleet: Mock[Any]) -> None:
    """A call that is kept waiting for an hour is answered when they are cleared."""
    fleet.faults.add(kind="latency", seconds=3600)
    client = fleet.app.test_client()
    thread = threading.Thread(target=lambda: client.get("/v1/devices", headers=KEY))
    thread.start()
    while not fleet.faults.account()[0].met:
        thread.join(0.001)
    fleet.faults.clear()
    thread.join(10)
    assert [entry.status for entry in fleet.requests] == [200]


def test_the_controls_meet_no_faults(fleet: Mock[Any], ask: Ask) -> None:
    """They would be what takes the faults away."""
    fleet.faults.add(kind="status")
    assert statuses(ask, 1, "/__robowire") == [200]
    assert fleet.requests == []


@pytest.mark.parametrize(
    ("parameters", "why"),
    [
        ({}, "a fault needs a kind: status, latency"),
        ({"kind": "tired"}, "no fault is called 'tired'; there are: status, latency"),
        ({"kind": "status", "delay": 1}, "a fault has no 'delay'; it has kind, operation"),
        ({"kind": "status", "status": "503"}, "status of a fault cannot be '503'"),
        ({"kind": "status", "status": 42}, "status of a fault cannot be 42"),
        ({"kind": "status", "status": 200}, "cannot be 200: it is from 300 to 599, since a success is no fault"),
        ({"kind": "status", "status": 299}, "cannot be 299"),
        ({"kind": "status", "retry_after_s": 1.5}, "retry_after_s of a fault cannot be 1.5"),
        ({"kind": "latency", "seconds": float("nan")}, "seconds of a fault cannot be nan"),
        ({"kind": "latency", "seconds": -1}, "seconds of a fault cannot be -1"),
        ({"kind": "latency", "times": 0}, "times of a fault cannot be 0"),
        ({"kind": "latency", "times": True}, "times of a fault cannot be True"),
        ({"kind": "latency", "probability": 2}, "probability of a fault cannot be 2"),
        ({"kind": "slow_body", "bytes_per_s": 0}, "bytes_per_s of a fault cannot be 0"),
        ({"kind": "latency", "after_bytes": 3}, "a fault latency has no after_bytes; it belongs to cut"),
        ({"kind": "status", "status": 999}, "cannot be 999"),
        ({"kind": "latency"}, "a fault latency needs seconds: without, nothing would go wrong"),
        ({"kind": "altered"}, "a fault altered needs changes"),
        ({"kind": "elsewhere"}, "a fault elsewhere needs host"),
        ({"kind": "cut", "headers": {"a": "b"}}, "a fault cut has no headers; it belongs to status"),
        ({"kind": "status", "headers": {"a": 1}}, "headers of a fault cannot be"),
        ({"kind": "status", "operation": "listDevice"}, "the nearest is 'listDevices'"),
        ({"kind": "status", "id": "taken"}, "a fault with the id 'taken' is there already"),
    ],
)
def test_impossible_faults_are_refused(fleet: Mock[Any], parameters: dict[str, Any], why: str) -> None:
    """With what is wrong about them; nothing is added."""
    fleet.faults.add(Fault(kind=Kind.STATUS), id="taken", path="/nowhere")
    with pytest.raises(ValueError, match=why):
        fleet.faults.add(**parameters)
    with pytest.raises(ValueError, match=why):
        fleet.faults.sequence([{"kind": "cut"}, parameters])
    assert len(fleet.faults.account()) == 1


def test_an_account_is_json(fleet: Mock[Any]) -> None:
    """With what was asked for, and no more."""
    fleet.faults.add(kind="status", status=429, retry_after_s=1, times=2, id="busy")
    told = json.loads(json.dumps([account.told() for account in fleet.faults.account()]))
    assert told == [
        {
            "fault": {"kind": "status", "status": 429, "retry_after_s": 1, "times": 2, "id": "busy"},
            "matched": 0,
            "met": 0,
            "left": 2,
        }
    ]


def test_ids_are_given_once() -> None:
    """Unless one chooses them."""
    faults = Faults(Documented("bags"))
    assert [faults.add(kind="cut"), faults.add(kind="cut"), faults.add(kind="cut", id="mine")] == [
        "cut-1",
        "cut-2",
        "mine",
    ]
