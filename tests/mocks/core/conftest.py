"""A Foxglove mock that is made once, a fork of it for each test, and clients that ask it both ways."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import serve
from robowire_mocks.in_process import in_place_of

HOST = "https://api.foxglove.dev"
KEY = {"Authorization": "Bearer fox_sk_robowire_all"}
Ask = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def base() -> Iterator[Mock[Any]]:
    """A Foxglove mock, made once."""
    with create_mock("foxglove") as mock:
        yield mock


@pytest.fixture
def fleet(base: Mock[Any]) -> Iterator[Mock[Any]]:
    """A Foxglove mock."""
    with base.fork() as mock:
        yield mock


@pytest.fixture(params=["in process", "over a socket"])
def ask(fleet: Mock[Any], request: pytest.FixtureRequest) -> Iterator[Ask]:
    """A client of the mock that is given a path, by both ways."""
    with requests.Session() as session:
        session.headers.update(KEY)
        if request.param == "in process":
            with in_place_of(HOST, fleet):
                yield lambda path, method="GET", **options: session.request(method, HOST + path, timeout=10, **options)
        else:
            with serve(fleet) as server:
                yield lambda path, method="GET", **options: session.request(
                    method, server.url + path, timeout=10, **options
                )
