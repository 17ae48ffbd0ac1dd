"""Answers over HTTP, whatever the mock."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Response, request
from robowire_mocks.core.answer import Answer
from robowire_mocks.core.http import WHOLE, make_app, origin, respond


def test_links_lead_to_where_the_client_came_from() -> None:
    """By any host name, behind TLS and behind a proxy that says so; nonsense is not believed."""
    app = make_app(__name__)

    @app.get("/")
    def where() -> Response:
        return respond(Answer(200, origin(request)))

    client = app.test_client()

    def told(base: str = "http://localhost", **headers: str) -> Any:
        return client.get(
            "/", base_url=base, headers={name.replace("_", "-"): value for name, value in headers.items()}
        ).get_json()

    assert told() == "http://localhost"
    assert told("http://robot.local:8090") == "http://robot.local:8090"
    assert told("https://192.168.25.25") == "https://192.168.25.25"
    assert told("http://robot.local/prefix") == "http://robot.local/prefix"
    assert told(X_Forwarded_Proto="https", X_Forwarded_Host="robot.example.com") == "https://robot.example.com"
    assert told(X_Forwarded_Proto="https, http", X_Forwarded_Host="a.example:444, b") == "https://a.example:444"
    assert told(X_Forwarded_Proto="javascript", X_Forwarded_Host='"><script>') == "http://localhost"
    assert told(Host="") == "http://localhost:80"


def test_errors_are_json_objects() -> None:
    """Unknown paths and methods, and faults of the mock itself, which are logged and not told."""
    app = make_app(__name__)

    @app.get("/fault")
    def fault() -> Response:
        raise RuntimeError("the inside")

    client = app.test_client()
    unknown, wrong, own = client.get("/nothing"), client.post("/fault"), client.get("/fault")
    assert [answer.status_code for answer in (unknown, wrong, own)] == [404, 405, 500]
    assert "GET" in wrong.headers["Allow"]
    for answer in (unknown, wrong, own):
        assert list(answer.get_json()) == ["error"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert "inside" not in answer.text


def test_a_fault_is_logged_in_full(caplog: pytest.LogCaptureFixture) -> None:
    """With what was asked for and the traceback."""
    app = make_app(__name__)

    @app.get("/fault")
    def fault() -> Response:
        raise RuntimeError("the inside")

    app.test_client().get("/fault")
    assert "GET /fault" in caplog.text
    assert "the inside" in caplog.text


def _items(count: int, *, fail: bool) -> Iterator[str]:
    yield from ("x" * 1_000_000 for _ in range(count))
    if fail:
        raise RuntimeError("damaged")


def test_small_answers_have_a_length_and_large_ones_are_streamed() -> None:
    """The text is the same."""
    app = make_app(__name__)
    few, many = 2, WHOLE // 1_000_000 + 3

    @app.get("/<int:count>")
    def give(count: int) -> Response:
        return respond(Answer(200, {"items": _items(count, fail=False)}))

    client = app.test_client()
    assert client.get(f"/{few}").headers["Content-Length"] == str(few * 1_000_003 + 11)
    answer = client.get(f"/{many}")
    assert "Content-Length" not in answer.headers
    assert len(answer.get_json()["items"]) == many


def test_an_answer_that_breaks_off_is_not_completed(caplog: pytest.LogCaptureFixture) -> None:
    """While it is small an error can still be answered; later the connection ends."""
    app = make_app(__name__)

    @app.get("/<int:count>")
    def give(count: int) -> Response:
        return respond(Answer(200, {"items": _items(count, fail=True)}))

    client = app.test_client()
    assert client.get("/2").status_code == 500
    with caplog.at_level(logging.WARNING), pytest.raises(ConnectionAbortedError):
        client.get(f"/{WHOLE // 1_000_000 + 3}").get_data()
    assert "broke off: damaged" in caplog.text
