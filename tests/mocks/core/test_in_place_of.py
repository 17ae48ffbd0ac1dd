"""A mock answers in the place of a host what this process asks with `requests`, and nothing else."""

import json
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from robowire_mocks.bags import BagsMock
from robowire_mocks.core.in_place_of import in_place_of

ORIGIN = "https://robot.example"


def echo(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Tells what it was asked, in two pieces."""
    read = environ["wsgi.input"].read().decode()
    start("201 Made", [("Content-Type", "application/json"), ("X-Twice", "a"), ("X-Twice", "b")])
    names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "CONTENT_TYPE", "wsgi.url_scheme")
    text = json.dumps({name: environ.get(name) for name in names} | {"body": read})
    yield text[:9].encode()
    yield text[9:].encode()


@pytest.fixture
def echoing() -> Iterator[None]:
    """An application that tells what it was asked, in the place of the host."""
    with in_place_of(ORIGIN, SimpleNamespace(app=echo)):  # type: ignore[arg-type]  # as much of a mock as is needed
        yield


@pytest.mark.usefixtures("echoing")
def test_the_application_sees_the_request() -> None:
    """Method, path, query, host, headers and body; the client sees status, reason and headers."""
    answer = requests.patch(f"{ORIGIN}/a%20b/c?x=1&x=2", json={"n": 1}, timeout=10)
    assert (answer.status_code, answer.reason, answer.headers["X-Twice"]) == (201, "Made", "a, b")
    assert answer.json() == {
        "REQUEST_METHOD": "PATCH",
        "PATH_INFO": "/a b/c",
        "QUERY_STRING": "x=1&x=2",
        "HTTP_HOST": "robot.example",
        "CONTENT_TYPE": "application/json",
        "wsgi.url_scheme": "https",
        "body": '{"n": 1}',
    }


@pytest.mark.usefixtures("echoing")
@pytest.mark.parametrize(
    "body", [None, "text", b"bytes", iter([b"a", b"", b"b"])], ids=["none", "text", "bytes", "parts"]
)
def test_bodies_of_every_kind_arrive(body: Any) -> None:
    """Text, bytes, parts, none at all."""
    kept = "ab" if hasattr(body, "__next__") else (body or b"")
    answer = requests.post(f"{ORIGIN}/", data=body, timeout=10)
    assert answer.json()["body"] == (kept if isinstance(kept, str) else kept.decode())


def test_answers_are_read_piece_by_piece() -> None:
    """With stream=True nothing is read before the client reads, and closing it closes the application's answer."""
    given: list[str] = []

    def slow(environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        del environ
        start("200 OK", [])
        try:
            for number in range(5):
                given.append(str(number))
                yield b"x" * 10
        finally:
            given.append("closed")

    with in_place_of(ORIGIN, SimpleNamespace(app=slow)):  # type: ignore[arg-type]  # as above
        answer = requests.get(f"{ORIGIN}/", stream=True, timeout=10)
        assert given == ["0"]
        assert next(answer.iter_content(10)) == b"x" * 10
        assert "4" not in given
        answer.close()
    assert given[-1] == "closed"


def test_links_lead_to_the_same_place(mock: BagsMock) -> None:
    """A mock's own links are followed without a socket too."""
    with in_place_of(ORIGIN, mock):
        entry = requests.get(f"{ORIGIN}/bags/", timeout=10).json()[0]
        assert entry["download_url"].startswith(f"{ORIGIN}/")
        assert len(requests.get(entry["download_url"], timeout=10).content) == entry["size_bytes"]


def test_other_hosts_are_asked_as_ever(mock: BagsMock) -> None:
    """Another host is looked for where it is, during and after."""
    with in_place_of(ORIGIN, mock), pytest.raises(requests.ConnectionError):
        requests.get("http://127.0.0.1:1/bags/", timeout=10)
    with pytest.raises(requests.ConnectionError):
        requests.get("https://127.0.0.1:1/bags/", timeout=10)
