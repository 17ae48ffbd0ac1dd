"""Tokens, applications and bodies: what is let in, and how the rest is told why not."""

import json
import socket
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from robowire_fixtures.losant import OPERATIONS, PATHS, STATUSES
from robowire_mocks.core.serving import serve

APPLICATION = "a" * 24


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("token", "application", "status", "kind"),
    [
        (None, APPLICATION, 401, "Unauthorized"),
        ("unknown", APPLICATION, 401, "Unauthorized"),
        ("nothing", APPLICATION, 403, "Forbidden"),
        ("elsewhere", APPLICATION, 403, "Forbidden"),
        ("losant_robowire_all", "c" * 24, 404, "NotFound"),
        ("losant_robowire_all", "a/b", 404, "NotFound"),
    ],
)
def test_who_may_not_ask_is_told_so(
    fleet: Any, operation: str, token: str | None, application: str, status: int, kind: str
) -> None:
    """With type and message."""
    answer = fleet.post(operation, {}, token=token, application=application)
    assert (answer.status_code, answer.json["type"]) == (status, kind)
    assert set(answer.json) == {"type", "message"}


def test_a_scope_is_for_its_own_action(fleet: Any) -> None:
    """data.lastValueQuery is enough for last values alone; the other application stays apart."""
    statuses = [fleet.post(operation, {}, token="last").status_code for operation in OPERATIONS]
    assert statuses == [403, 200, 403]
    other = fleet.post("lastValueQuery", {"attribute": "voltage"}, application="b" * 24).json
    assert [int(one, 16) for one in other] == [9]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", ["application/json", "application/json;charset=utf-8", "text/plain", ""])
def test_the_content_type_does_not_matter(fleet: Any, operation: str, kind: str) -> None:
    """Nor do the parameters that official clients add; without a body it is an empty one."""
    headers = {"Content-Type": kind, "Authorization": "Bearer losant_robowire_all"}
    path = f"/applications/{APPLICATION}/data/{PATHS[operation]}?_actions=false&_links=true&_embedded=true"
    for raw in (b"{}", b"", b' {"deviceIds": []}\n'):
        assert fleet.client.post(path, data=raw, headers=headers).status_code == STATUSES[operation]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{", "end of data"),
        (b"[]", "object"),
        (b"null", "object"),
        (b'{"end": NaN}', "not JSON"),
        (b'{"end": 1e999}', "infinity"),
        (b'{"end": ' + b"9" * 10_000 + b"}", "infinity"),
        (b'{"end": 1, "end": 2}', "'end' twice"),
        (b'{"deviceQuery": {"name": "a", "name": "b"}}', "'name' twice"),
        (b'{"a": "\\ud800"}', "surrogate"),
        ("{}".encode("utf-16"), "not valid UTF-8"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b'{"name": "\xff"}', "UTF-8"),
        (b"[" * 100_000, "depth"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "deep"),
        (b'{"deviceQuery":' + b'{"$and":[' * 60 + b"]}" * 60 + b"}", "more than 100 deep"),
        (b'{"colour": 1}', "'colour' was unexpected"),
        (b'{"deviceQuery": {"id": {"$eq": "x"}}}', "deviceQuery.id.$eq: the value does not match"),
        (b'{"deviceQuery": {"$or": [{}, {"tags": {"a": {"$in": [5]}}}]}}', "deviceQuery.$or[1].tags.a.$in[0]"),
        (b'{"deviceIds": ["x", "y", "z", "u", "v", "w", "q"]}', "and 2 more"),
    ],
)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_hostile_bodies_are_malformed(fleet: Any, operation: str, raw: bytes, said: str) -> None:
    """And the message says where and why, in a few words."""
    answer = fleet.post(operation, raw=raw)
    assert (answer.status_code, answer.json["type"]) == (400, "Validation")
    assert said in answer.json["message"]
    assert len(answer.json["message"]) < 1500


def test_compressed_bodies_are_not_read(fleet: Any) -> None:
    """415, not a complaint about JSON."""
    answer = fleet.post("lastValueQuery", raw=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json["type"]) == (415, "UnsupportedMediaType")


def test_other_paths_and_methods(fleet: Any) -> None:
    """404 and 405 in the API's manner."""
    for path in ("/", "/applications", f"/applications/{APPLICATION}/data/nothing", "/exports/x.csv"):
        answer = fleet.client.get(path)
        assert (answer.status_code, answer.json["type"]) == (404, "NotFound")
    assert fleet.client.get(f"/applications/{APPLICATION}/data/export").json["type"] == "MethodNotAllowed"


@pytest.fixture(scope="module")
def url(fleet: Any) -> Iterator[str]:
    """The mock on a socket."""
    with serve(fleet.mock) as server:
        yield f"{server.url}/applications/{APPLICATION}/data/last-value-query"


HEADERS = {"Authorization": "Bearer losant_robowire_all"}


def _much(number: int) -> Iterator[bytes]:
    for _ in range(number):
        yield b" " * 65536


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("token", "status"), [("losant_robowire_all", 413), ("unknown", 401)])
def test_a_body_of_100_megabytes_is_answered_in_bounded_memory(
    url: str, token: str, status: int, *, chunked: bool
) -> None:
    """The client that still sends it gets the answer, whole."""

    class Source:
        """A body that is made while it is sent."""

        def __init__(self) -> None:
            self.left = 100 * 1024 * 1024

        def read(self, size: int = -1) -> bytes:
            """The next of it."""
            size = min(self.left, 65536 if size < 0 else size)
            self.left -= size
            return b" " * size

        def __len__(self) -> int:
            return self.left

    tracemalloc.start()
    try:
        body: Any = _much(1600) if chunked else Source()
        answer = requests.post(url, data=body, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (answer.status_code, set(answer.json())) == (status, {"type", "message"})
    assert most < 20 * 1024 * 1024


def _raw(url: str, *parts: bytes) -> bytes:
    """What a server answers to these bytes, until it closes the connection."""
    host, _, rest = url.removeprefix("http://").partition("/")
    name, port = host.split(":")
    head = f"POST /{rest} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer losant_robowire_all\r\n".encode()
    with socket.create_connection((name, int(port)), timeout=10) as connection:
        connection.sendall(head + b"".join(parts))
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "body",
    [
        CHUNKED + b"zz\r\n",
        CHUNKED + b"-5\r\n{}",
        CHUNKED + b"2\r\n{}x\r\n0\r\n\r\n",
        CHUNKED + b"ffffffffff\r\n{}",
        CHUNKED + b"5\r\n{}",
        CHUNKED,
        b"Content-Length: 10\r\n\r\n{}",
    ],
)
def test_bodies_that_do_not_arrive_whole_are_malformed(url: str, body: bytes) -> None:
    """400, and not what a part of them would have got."""
    answer = _raw(url, body)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["type"] == "Validation"


def test_chunks_are_a_body_and_the_connection_goes_on(url: str) -> None:
    """Also after one that was refused, or had trailers."""
    good = CHUNKED + b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\nTrailer: a\r\n\r\n"
    line = f"POST /{url.split('/', 3)[3]} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
    answers = _raw(url, good, line, b"Content-Length: 2\r\n\r\n{}")
    assert answers.count(b"HTTP/1.1 ") == 2
    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 401 " in answers


def test_what_is_no_http_is_answered_in_the_apis_manner(url: str) -> None:
    """With type and message."""
    host, port = url.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"GARBAGE\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert set(json.loads(answer.partition(b"\r\n\r\n")[2])) == {"type", "message"}
