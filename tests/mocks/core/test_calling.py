"""A mock calls this machine, and no other unless it is allowed."""

import socket
from collections.abc import Iterator
from threading import Thread

import pytest
from robowire_mocks.core.calling import Caller, is_loopback


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A receiver that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_this_machine_has_several_names() -> None:
    """Numbers and localhost, none that a name server would have to tell."""
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "example.com", "127.0.0.1.example.com", "")))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "not this machine"),
        ("ftp://127.0.0.1/", "no URL of HTTP"),
        ("http://127.0.0.1:port/", "could not be cast"),
        ("http://[::1/", "Invalid IPv6"),
        ("/hook", "no URL of HTTP"),
    ],
)
def test_what_is_never_called_is_said_beforehand(url: str, why: str) -> None:
    """And a call to it says the same."""
    assert why in (Caller().refused(url) or "")
    assert str(Caller().post(url, b"{}")).startswith("not sent: ")


def test_a_world_may_allow_other_machines() -> None:
    """By the exact name."""
    assert Caller(("example.com",)).refused("https://example.com/hook") is None
    assert Caller(("example.com",)).refused("https://www.example.com/hook") is not None


def test_a_call_to_nobody_says_why_it_failed() -> None:
    """Nothing listens on the port any more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert str(Caller().post(f"http://127.0.0.1:{port}/", b"{}")).startswith("not delivered: ")


def test_a_call_can_be_cut_off(silent: socket.socket) -> None:
    """And none is made afterwards."""
    caller, told = Caller(), list[int | str]()
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/hook?x=1"
    thread = Thread(target=lambda: told.append(caller.post(url, b'{"a":1}')))
    thread.start()
    with silent.accept()[0] as accepted:
        head = b""
        while not head.endswith(b'{"a":1}'):
            head += accepted.recv(4096)
        assert head.startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
        assert b"Content-Type: application/json\r\n" in head
        caller.end()
        thread.join()
    assert str(told[0]).startswith("not delivered: ")
    assert str(caller.post(url, b"{}")).startswith("not delivered: ")
