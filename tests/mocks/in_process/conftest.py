"""An application that tells what it was asked, in the place of a host."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest
from robowire_mocks.in_process import in_place_of

ORIGIN = "https://robot.example"
ASKED = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_HOST", "CONTENT_TYPE", "REQUEST_URI", "wsgi.url_scheme")

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
Place = Callable[[App], AbstractContextManager[None]]


def echo(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    """Tells what it was asked, in two pieces."""
    read = environ["wsgi.input"].read().decode()
    start("201 Made", [("Content-Type", "application/json"), ("X-Twice", "a"), ("X-Twice", "b")])
    text = json.dumps({name: environ.get(name) for name in ASKED} | {"body": read})
    yield text[:9].encode()
    yield text[9:].encode()


@pytest.fixture
def place() -> Place:
    """Puts an application in the place of the host."""

    def put(app: App) -> AbstractContextManager[None]:
        mock: Any = SimpleNamespace(app=app, faults=SimpleNamespace(account=tuple))  # as much of one as is needed
        return in_place_of(ORIGIN, mock)

    return put


@pytest.fixture
def strange() -> SimpleNamespace:
    """A path with all that may be lost on the way, and what the application sees of a PATCH of it with a JSON body."""
    seen = {
        "REQUEST_METHOD": "PATCH",
        "PATH_INFO": "/a b//c",
        "REQUEST_URI": "/a%20b/%2Fc?x=1&x=2",
        "QUERY_STRING": "x=1&x=2",
        "HTTP_HOST": "robot.example",
        "CONTENT_TYPE": "application/json",
        "wsgi.url_scheme": "https",
    }
    return SimpleNamespace(path=seen["REQUEST_URI"], seen=seen)


@pytest.fixture
def echoes(place: Place) -> Callable[[], AbstractContextManager[None]]:
    """Puts the application there when a test wants it."""
    return lambda: place(echo)


@pytest.fixture
def echoing(place: Place) -> Iterator[None]:
    """The application is there."""
    with place(echo):
        yield
