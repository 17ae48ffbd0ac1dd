"""The receiver of what a target sends of its own accord."""

import socket
from collections.abc import Iterator
from threading import Thread

import httpx
import pytest
from robowire_conformance.listener import ELSEWHERE, LONGEST_NOTICE, Address, Listener, listening_at


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener at a free port of the loopback interface."""
    with Listener.open(listening_at("127.0.0.1", 0)) as opened:
        yield opened


def test_a_notice_is_kept_as_it_came(listener: Listener) -> None:
    """Method, path with its query, headers and body."""
    answer = httpx.post(listener.url("one?x=1"), content=b"body", headers={"X-Kind": "test"})
    assert answer.status_code == 200
    [notice] = listener.wait("one")
    assert (notice.method, notice.path, notice.body) == ("POST", "/one?x=1", b"body")
    assert notice.headers["x-kind".title()] == "test"


def test_notices_are_told_apart_by_name(listener: Listener) -> None:
    """Each name has its own."""
    httpx.post(listener.url("one"), content=b"1")
    httpx.put(listener.url("two"), content=b"2")
    assert [one.body for one in listener.wait("two")] == [b"2"]
    assert len(listener.wait_until(lambda all_: len(all_) == 2)) == 2


def test_a_body_may_come_in_chunks(listener: Listener) -> None:
    """Without a length the body is read chunk by chunk."""
    httpx.post(listener.url("one"), content=iter([b"first ", b"second"]))
    assert listener.wait("one")[0].body == b"first second"


def test_a_long_body_is_cut(listener: Listener) -> None:
    """What is longer than any notice is not kept."""
    httpx.post(listener.url("one"), content=b"x" * (LONGEST_NOTICE + 1))
    assert len(listener.wait("one")[0].body) == LONGEST_NOTICE


def test_waiting_ends_with_the_notice(listener: Listener) -> None:
    """One that comes while it is waited for ends the waiting; more than are known have to come."""
    httpx.post(listener.url("one"), content=b"1")
    later = Thread(target=httpx.post, args=(listener.url("one"),), kwargs={"content": b"2"})
    later.start()
    assert [one.body for one in listener.wait("one", known=1)] == [b"1", b"2"]
    later.join()


def test_patience_has_an_end(listener: Listener) -> None:
    """Nothing comes, and nothing is given."""
    assert listener.wait("one", patience_s=0.01) == []


def test_without_a_host_nothing_is_heard() -> None:
    """An address for examples stands in."""
    with Listener.open(Address()) as deaf:
        assert not deaf.hears
        assert deaf.url("one") == f"{ELSEWHERE}/one"


def test_a_port_that_is_taken_is_told() -> None:
    """Two cannot listen at one port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(OSError, match="in use"), Listener.open(listening_at("127.0.0.1", port)):
            pass


@pytest.mark.parametrize(
    ("shown", "host"), [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("suite.example", "0.0.0.0"), ("", "")]
)
def test_the_listener_stays_on_loopback_unless_named_otherwise(shown: str, host: str) -> None:
    """Only a name of another interface opens all of them."""
    assert listening_at(shown, 9).host == host
