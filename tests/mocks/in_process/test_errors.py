"""What a client says of a connection that ends too soon is the same in process as it is of a socket."""

from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import httpx
import pytest
import requests
import urllib3
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import Server, serve
from robowire_mocks.in_process import in_place_of

ORIGIN = "http://robot.example:8090"
KEY = {"Authorization": "Bearer fox_sk_robowire_all"}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Mock[Any], Server]]:
    """One mock, on a socket; and in process, where it is put in the place of a host."""
    with create_mock("foxglove") as mock, serve(mock) as server:
        yield mock, server


def by_requests(url: str) -> bytes:
    """All at once, as `content` is."""
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, headers=KEY, timeout=10).content


def by_urllib3(url: str) -> bytes:
    """By a pool that tries nothing again."""
    with urllib3.PoolManager(retries=False, headers=KEY) as pool:
        return pool.request("GET", url, timeout=10).data


def by_httpx(url: str) -> bytes:
    """The same."""
    return httpx.get(url, headers=KEY, trust_env=False).content


FAULTS: dict[str, dict[str, Any]] = {
    "cut": {"kind": "cut"},
    "cut after the head": {"kind": "cut", "after_bytes": 0},
    "cut amid": {"kind": "cut", "after_bytes": 10},
    "promises more": {"kind": "wrong_length", "by": 10},
}


@pytest.mark.parametrize("ask", [by_requests, by_urllib3, by_httpx])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_errors_are_the_same(
    served: tuple[Mock[Any], Server], ask: Callable[[str], bytes], fault: dict[str, Any]
) -> None:
    """In kind and text."""
    if ask is by_requests and len(fault) > 1 and version("urllib3").startswith("1."):
        pytest.skip("with urllib3 1, requests does not notice on a socket that a body is too short")
    mock, server = served
    mock.reset()
    mock.faults.add(fault)
    said = []
    for origin in (server.url, ORIGIN):
        with in_place_of(ORIGIN, mock), pytest.raises(Exception) as error:  # noqa: PT011  # whichever it is
            ask(f"{origin}/v1/devices")
        said.append((error.type, str(error.value)))
    assert said[0] == said[1]


def test_what_came_before_a_cut_is_read(served: tuple[Mock[Any], Server]) -> None:
    """Then the rest is missed; by HEAD nothing is."""
    mock, server = served
    mock.reset()
    mock.faults.add(kind="cut", after_bytes=10)
    with in_place_of(ORIGIN, mock):
        for origin in (server.url, ORIGIN):
            with httpx.stream("GET", f"{origin}/v1/devices", headers=KEY, trust_env=False) as answer:
                parts = answer.iter_raw()
                assert len(next(parts)) == 10
                with pytest.raises(httpx.RemoteProtocolError, match="received 10 bytes"):
                    next(parts)
            assert requests.head(f"{origin}/v1/devices", headers=KEY, timeout=10).content == b""
