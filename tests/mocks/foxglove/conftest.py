"""Foxglove mocks of small worlds, and a client that speaks JSON to them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from robowire_mocks.core.world import build
from robowire_mocks.foxglove import FoxgloveMock
from robowire_mocks.foxglove.world import World

ALL = "fox_sk_all"
KEY = {"key": ALL, "capabilities": ["*"]}
PROPERTIES = [
    {"key": "note", "value_type": "string"},
    {"key": "floor", "value_type": "number"},
    {"key": "color", "value_type": "enum", "values": ["red", "green blue", "a,b"]},
    {"key": "armed", "value_type": "boolean"},
]


@dataclass(frozen=True, slots=True)
class Api:
    """A mock and its client; `token` is sent unless a request says otherwise."""

    mock: FoxgloveMock
    token: str | None = ALL

    def ask(self, method: str, path: str, **options: Any) -> Any:
        """The answer to one request."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= options.pop("headers", {})
        return self.mock.app.test_client().open(f"/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **query: Any) -> Any:
        """The JSON value of a GET that succeeds."""
        answer = self.ask("GET", path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON value of another request that succeeds."""
        answer = self.ask(method, path, json=body) if body is not None else self.ask(method, path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def refusal(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Status and text of a request that is refused; `query` and `json` as in `ask`."""
        if "query" in options:
            options["query_string"] = options.pop("query")
        answer = self.ask(method, path, **options)
        body = answer.get_json()
        assert list(body) == ["error"], answer.text
        return answer.status_code, body["error"]

    def names(self, **query: Any) -> list[str]:
        """The names of the devices that a list has."""
        return [device["name"] for device in self.get("/devices", **query)]


MakeApi = Callable[..., Api]


@pytest.fixture
def make_api() -> Iterator[MakeApi]:
    """Makes mocks of a world that is said in the test; it has an all-powerful key, and a clock that stands still."""
    yield from making()


@pytest.fixture(scope="module")
def make_module_api() -> Iterator[MakeApi]:
    """Makes the same for all tests of a module, which do not change them."""
    yield from making()


def making() -> Iterator[MakeApi]:
    """A function that makes mocks; they are closed in the end."""
    made: list[FoxgloveMock] = []

    def make(data_dir: Path | None = None, *, frozen: bool = True, **world: Any) -> Api:
        table = {"key": [KEY], "clock": {"frozen": frozen}} | world
        made.append(FoxgloveMock(build(World, table, "the world", Path()), data_dir))
        return Api(made[-1])

    yield make
    for mock in made:
        mock.close()


@pytest.fixture
def api(make_api: MakeApi) -> Api:
    """A mock with four custom properties and no devices."""
    return make_api(custom_property=PROPERTIES)
