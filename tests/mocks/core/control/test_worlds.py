"""The worlds of a server are opened, moved apart from each other and closed by the controls."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asking_controls import Asker
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.worlds import Worlds

KEY = "fox_sk_robowire_all"


@pytest.fixture
def asker(make: Callable[..., Mock[Any]]) -> Iterator[Asker]:
    """One who asks a server with worlds."""
    base = make("foxglove")
    with Worlds(base) as worlds:
        yield Asker(base, worlds.app)


def test_worlds_are_opened_listed_and_closed(asker: Asker) -> None:
    """Of the base, or of another."""
    assert asker.get("/worlds") == []
    assert asker.ask("PUT", "/worlds/w7") == [{"name": "w7", "path": "/__worlds/w7"}]
    asker.ask("PUT", "/worlds/w8", json={"of": "w7"})
    assert [one["name"] for one in asker.get("/worlds")] == ["w7", "w8"]
    assert [one["name"] for one in asker.ask("DELETE", "/worlds/w7")] == ["w8"]


@pytest.mark.parametrize(
    ("method", "name", "body", "status"),
    [
        ("PUT", "w7", {}, "400"),
        ("PUT", "W 9", {}, "400"),
        ("PUT", "w9", {"of": 7}, "400"),
        ("PUT", "w9", {"in": "w7"}, "400"),
        ("PUT", "w9", {"of": "none"}, "404"),
        ("DELETE", "none", None, "404"),
    ],
)
def test_what_cannot_be_is_refused(asker: Asker, method: str, name: str, body: Any, status: str) -> None:
    """And no world is opened or closed."""
    asker.ask("PUT", "/worlds/w7")
    assert list(asker.ask(method, f"/worlds/{name}", json=body)) == ["error"]
    assert asker.seen >= {("openWorld" if method == "PUT" else "closeWorld", status)}
    assert len(asker.get("/worlds")) == 1


@pytest.mark.parametrize(
    "request_",
    [
        {"path": "/__worlds/w7/__robowire"},
        {"path": "/__robowire", "headers": {"Host": "w7.localhost"}},
        {"path": "/__robowire", "headers": {"Authorization": f"Bearer {KEY}~w7"}},
    ],
    ids=["path", "host", "token"],
)
def test_each_world_has_controls_of_its_own(asker: Asker, request_: dict[str, Any]) -> None:
    """Reached as the world itself is; the base and other worlds do not move."""
    asker.ask("PUT", "/worlds/w7")
    asker.ask("PUT", "/worlds/w8")
    path, headers = request_["path"], request_.get("headers")
    frozen = asker.client.post(f"{path}/clock", json={"freeze": 1000}, headers=headers).get_json()
    assert frozen["clock"] == {"now": 1000, "frozen": True}
    told = asker.client.get(f"{path}/overview", headers=headers).get_json()
    assert told["world"] == "w7"
    asker.client.get("/v1/devices", headers={"Authorization": f"Bearer {KEY}~w7"})
    assert len(asker.client.get(f"{path}/journal", headers=headers).get_json()) == 1
    assert asker.get("/clock")["frozen"] is False
    assert asker.get("/overview")["world"] is None
    assert asker.get("/journal") == []
    assert asker.client.get("/__worlds/w8/__robowire").get_json()["clock"]["frozen"] is False


def test_the_page_of_a_world_is_there(asker: Asker) -> None:
    """Under its prefix, and its policy with it."""
    asker.ask("PUT", "/worlds/w7")
    answer = asker.client.get("/__worlds/w7/__robowire", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_mock_that_is_served_alone_has_no_worlds(make: Callable[..., Mock[Any]]) -> None:
    """None can be opened."""
    alone = Asker(make("losant"))
    assert alone.get("/worlds") == []
    assert "alone" in alone.ask("PUT", "/worlds/w7")["error"]
    assert "alone" in alone.ask("DELETE", "/worlds/w7")["error"]
