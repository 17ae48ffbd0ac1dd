"""The client is bounded, polite, careful with credentials, and remembers what it sent and got."""

import gzip
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from robowire_conformance.client import BadAddress, Client, Limits, NotJSON, Unreachable
from robowire_conformance.verdict import NotTested, Violation
from suite_runs import App, answering, listening

CALM = Limits(timeout_s=20, download_timeout_s=20, patience_s=10)
QUICK = Limits(timeout_s=0.2, download_timeout_s=0.4, patience_s=10)


class Recorder:
    """An application that notes each request and answers from a table of paths."""

    def __init__(self, answers: dict[str, App]) -> None:
        self.seen: list[dict[str, Any]] = []
        self._answers = answers

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """PEP 3333."""
        self.seen.append(environ)
        answer = self._answers.get(environ["PATH_INFO"], answering("200 OK", b"{}"))
        return answer(environ, start_response)


def client(app: App, token: str = "", limits: Limits = CALM) -> Client:
    """A client of a target whose base URL has a path."""
    return Client("http://robot.test/api", app=app, token=token, limits=limits)


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/bags/", "/api/bags/"),
        ("/bags/../../etc/passwd", "/api/bags/../../etc/passwd"),
        ("/bags/%2e%2e%2f", "/api/bags/%2e%2e%2f"),
        ("/bags/a b\n.bag", "/api/bags/a%20b%0A.bag"),
        ("/bags/\u00fc.bag#part", "/api/bags/%C3%BC.bag"),
        ("http://robot.test?x=1", "/?x=1"),
    ],
)
def test_a_path_goes_out_as_it_stands(path: str, sent: str) -> None:
    """Dot segments and escapes stay; only what no URL may hold is escaped."""
    app = Recorder({})
    client(app).get(path)
    assert app.seen[0]["RAW_URI"] == sent


def test_parameters_are_escaped() -> None:
    """Parameters follow those of the path."""
    app = Recorder({})
    client(app).get("/x?a=1", params={"start_time": 1.5, "name": "a&b c"})
    assert app.seen[0]["QUERY_STRING"] == "a=1&start_time=1.5&name=a%26b%20c"


def test_redirects_are_followed_and_recorded() -> None:
    """The evidence has every address on the way."""
    app = Recorder({"/api/old": answering("302 Found", b"", Location="/new"), "/new": answering("200 OK", b"here")})
    answer = client(app).request("POST", "/old", content=b"x")
    assert (answer.status, answer.body) == (200, b"here")
    assert answer.exchange.redirects == ("http://robot.test/new",)
    assert [seen["REQUEST_METHOD"] for seen in app.seen] == ["POST", "GET"]
    assert " -L " in answer.exchange.curl


def test_a_redirect_is_an_answer_to_whoever_wants_it() -> None:
    """It is not followed where it is not to be."""
    app = Recorder({"/api/old": answering("302 Found", b"", Location="/new")})
    answer = client(app).request("GET", "/old", follow=False)
    assert (answer.status, answer.headers["location"], answer.exchange.redirects) == (302, "/new", ())
    assert len(app.seen) == 1


def test_a_307_keeps_method_and_body() -> None:
    """A 307 repeats the request elsewhere."""
    app = Recorder({"/api/old": answering("307 Temporary Redirect", b"", Location="/new")})
    client(app).request("POST", "/old", content=b"x")
    assert [(seen["REQUEST_METHOD"], seen["wsgi.input"].getvalue()) for seen in app.seen] == [("POST", b"x")] * 2


def test_a_redirect_loop_ends() -> None:
    """After ten redirects the redirect itself is the answer."""
    app = Recorder({"/api/a": answering("302 Found", b"", Location="/api/a")})
    assert client(app).get("/a").status == 302
    assert len(app.seen) == 11


def test_credentials_stay_at_home() -> None:
    """The token goes to the target's own origin and to no other, not after a redirect and not for a full URL."""
    received: list[bytes] = []

    def note(connection: socket.socket) -> None:
        received.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with listening(note) as elsewhere:
        app = Recorder({"/api/away": answering("302 Found", b"", Location=elsewhere)})
        own = client(app, token="s3cret-token")
        own.get("/away", headers={"Cookie": "a=b"})
        own.get(elsewhere)
        own.get(elsewhere, headers={"Authorization": "Bearer other"})
        own.close()
    assert app.seen[0]["HTTP_AUTHORIZATION"] == "Bearer s3cret-token"
    assert len(received) == 3
    assert not [raw for raw in received if b"uthorization" in raw or b"ookie" in raw]


def test_other_credentials_make_another_client() -> None:
    """with_token sends that token, or none."""
    app = Recorder({})
    own = client(app, token="first-token")
    own.with_token("second-token").get("/")
    own.with_token("").get("/")
    assert [seen.get("HTTP_AUTHORIZATION") for seen in app.seen] == ["Bearer second-token", None]


def test_a_429_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client waits as long as it is asked to, and repeats the request."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    answers = itertools.chain([("429 Too Many", "2"), ("429 Too Many", "nonsense")], itertools.repeat(("200 OK", "0")))

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        del environ
        status, after = next(answers)
        start_response(status, [("Retry-After", after)])
        return [b""]

    assert client(app).get("/").status == 200
    assert waits == [2.0, 1.0]


def test_patience_with_429_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run spends on waiting is bounded; then the check is not tested, and nothing is waited for any more."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    own = client(answering("429 Too Many", b"", Retry_After="4"))
    for _ in range(2):
        with pytest.raises(NotTested, match="429"):
            own.get("/")
    assert waits == [4.0, 4.0]


def test_waiting_that_helps_does_not_use_up_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A target that turns away every second request for a while is asked on, up to a bound of its own."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    statuses = itertools.cycle(("429 Too Many", "200 OK"))

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        del environ
        start_response(next(statuses), [("Retry-After", "4")])
        return [b""]

    own = client(app, limits=Limits(patience_s=10, paced_s=41))
    assert [own.get("/").status for _ in range(10)] == [200] * 10
    with pytest.raises(NotTested, match="40 s: give requests_per_second"):
        own.get("/")
    assert waits == [4.0] * 10


def test_an_endless_answer_is_cut() -> None:
    """A body is read up to its limit and no further."""
    taken = itertools.count()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        del environ
        start_response("200 OK", [])
        return (b"x" * 1024 for _ in iter(lambda: next(taken), None))

    with pytest.raises(NotTested, match="more than 10000 bytes"):
        client(app).get("/", limit=10_000)
    assert next(taken) < 20


def drip(connection: socket.socket) -> None:
    """Send a byte of a long body now and then."""
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        connection.sendall(b"x")
        time.sleep(0.01)


def test_a_drip_is_cut() -> None:
    """A server that sends a byte now and then cannot hold a request longer than its time-out."""
    with listening(drip) as url, pytest.raises(Unreachable, match=r"0\.2 s"):
        Client(url, limits=QUICK).get("/")


def test_a_dead_target_is_not_asked_again() -> None:
    """After three requests in a row without an answer, and none from its root, the rest end at once."""
    asked = []

    def hang(connection: socket.socket) -> None:
        asked.append(connection.recv(65536))
        connection.recv(1)

    with listening(hang) as url:
        own = Client(url, limits=QUICK)
        for _ in range(3):
            with pytest.raises(Unreachable):
                own.get("/bags/")
        assert not own.alive()
        with pytest.raises(Unreachable, match="not asked again") as caught:
            own.get("/bags/")
        assert not caught.value.asked
        assert not own.alive()
    assert len(asked) == 4
    assert not own.answered


def test_a_target_that_hangs_in_places_is_given_up_partly() -> None:
    """Where the root answers and nothing else does, a bounded number of requests is spent on it."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "5" if environ["PATH_INFO"] != "/api/" else "0")])
        return [b""]

    own = client(app)
    for _ in range(QUICK.give_up_partly):
        with pytest.raises(Unreachable):
            own.get("/bags/")
    with pytest.raises(NotTested, match="not asked further"):
        own.get("/bags/")
    assert own.alive()


def test_a_body_shorter_than_announced_is_no_answer() -> None:
    """In process as over a socket, an answer that breaks off is none."""
    with pytest.raises(Unreachable, match="Content-Length"):
        client(answering("200 OK", b"abc", Content_Length="5")).get("/")
    assert client(answering("200 OK", b"abcdef", Content_Length="5")).get("/").body == b"abcde"


def test_an_application_that_breaks_off_is_no_answer() -> None:
    """An exception while the body is made is a broken-off answer; one before it is a 500."""

    def broken(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        del environ
        start_response("200 OK", [])
        yield b"{"
        raise RuntimeError

    def crashed(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        del environ, start_response
        raise RuntimeError

    with pytest.raises(Unreachable, match="broke off"):
        client(broken).get("/")
    assert client(crashed).get("/").status == 500


def test_connections_are_kept_alive_and_replaced() -> None:
    """Requests share a connection; one that the server has closed in the meantime is replaced, once."""
    connections: list[int] = []
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    def talk(connection: socket.socket) -> None:
        connections.append(0)
        for _ in range(2):
            connection.recv(65536)
            connections[-1] += 1
            connection.sendall(answer)

    with listening(talk) as url:
        own = Client(url)
        for _ in range(4):
            assert own.get("/").json() == {}
        own.close()
    assert connections == [2, 2]


@pytest.mark.parametrize(
    "body", [b'{"a": NaN}', b'"\xff"', b"<html>", b"", b"\xef\xbb\xbf{}", b"[1] 2", b'{"a": Infinity}', b"[" * 5000]
)
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    """NaN, bytes that are not UTF-8, HTML, nothing, a byte order mark: none of them is JSON."""
    with pytest.raises(NotJSON) as caught:
        client(answering("200 OK", body)).get("/").json()
    assert caught.value.exchange is not None


def test_content_encodings_are_undone() -> None:
    """A gzipped body is read; one that only claims to be is the subject's fault."""
    zipped = answering("200 OK", gzip.compress(b"[1]"), Content_Encoding="gzip")
    assert client(zipped).get("/").json() == [1]
    with pytest.raises(Violation, match="Content-Encoding"):
        client(answering("200 OK", b"plain", Content_Encoding="gzip")).get("/")


@pytest.mark.parametrize("url", ["http://[::1", "http://host:port/", "HTTP://host:99999/"])
def test_an_address_that_is_none_is_the_subjects_fault(url: str) -> None:
    """A server may give any text where a URL is due."""
    with pytest.raises(BadAddress):
        client(answering("200 OK", b"")).get(url)
    with pytest.raises(BadAddress):
        client(answering("302 Found", b"", Location=url)).get("/")


def test_a_download_goes_into_a_file(tmp_path: Path) -> None:
    """A download is streamed; the answer tells its size and keeps only a little as evidence."""
    path = tmp_path / "a.bag"
    answer = client(answering("200 OK", b"x" * 100_000)).download("/a.bag", path)
    assert (answer.status, answer.size, answer.body) == (200, 100_000, b"")
    assert path.stat().st_size == 100_000
    assert answer.exchange.received is not None
    assert len(answer.exchange.received.body) == 4096
    with pytest.raises(NotTested, match="more than 10 bytes"):
        client(answering("200 OK", b"x" * 11)).download("/a.bag", path, limit=10)


def test_a_head_has_no_body() -> None:
    """In process, too, HEAD gives headers only."""
    answer = client(answering("200 OK", b"body", Content_Length="4")).request("HEAD", "/")
    assert (answer.body, answer.headers["content-length"]) == (b"", "4")


def test_clients_may_be_used_from_threads() -> None:
    """Each thread's request has its own deadline."""
    own = client(answering("200 OK", b"{}"))
    results: list[int] = []
    threads = [threading.Thread(target=lambda: results.append(own.get("/").status)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 4
