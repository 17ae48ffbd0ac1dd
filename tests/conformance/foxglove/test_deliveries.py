"""Where webhooks are received, and how requests to the endpoint are read."""

from typing import Any

import pytest
from robowire_conformance.foxglove.deliveries import Delivery, endpoint_address, member
from robowire_conformance.listener import Notice
from robowire_conformance.target import Profile, Target, TargetSpec, open_target
from robowire_conformance.verdict import NotTested


def target(**values: Any) -> Target:
    """A target of a profile."""
    spec = TargetSpec("foxglove", url="http://127.0.0.1:9/v1", values=values)
    return open_target(spec, profile=Profile.FULL, seed=0, timeout_s=1)


@pytest.mark.parametrize(
    ("values", "host", "port", "path"),
    [
        ({"webhook_target": "http://127.0.0.1:9099/"}, "127.0.0.1", 9099, "/"),
        ({"webhook_target": "http://localhost:0/a/b"}, "127.0.0.1", 0, "/a/b"),
        ({"webhook_target": "http://suite.example/"}, "0.0.0.0", 80, "/"),
        ({"webhook_target": "https://suite.example/x", "webhook_listen": "127.0.0.1:9099"}, "127.0.0.1", 9099, "/x"),
    ],
)
def test_the_profile_says_where_to_listen(values: dict[str, str], host: str, port: int, path: str) -> None:
    """At the target's own address, or where that leads to."""
    address, own = endpoint_address(target(**values))
    assert (address.host, address.port, own) == (host, port, path)


@pytest.mark.parametrize("values", [{}, {"webhook_target": "https://suite.example/"}, {"webhook_target": "nowhere"}])
def test_without_an_address_nothing_is_tested(values: dict[str, str]) -> None:
    """The reason says what to provide."""
    with pytest.raises(NotTested, match="webhook"):
        endpoint_address(target(**values))


def delivery(body: bytes, json: object = None) -> Delivery:
    """A request to the endpoint."""
    return Delivery(Notice("POST", "/", body, {"Content-Type": "application/json"}), json)


def test_a_payload_is_read() -> None:
    """Its type, and the objects in it."""
    one = delivery(b'{"type": "ping", "webhook": {"id": "w"}}', {"type": "ping", "webhook": {"id": "w"}})
    assert (one.type, member(one, "webhook"), dict(member(one, "device"))) == ("ping", {"id": "w"}, {})
    assert one.names("w")
    assert one.fault("wrong", 1, 2).exchange.request["method"] == "POST"


@pytest.mark.parametrize("json", [None, [], "text", {"type": 7, "webhook": "w"}])
def test_whatever_comes_can_be_looked_at(json: object) -> None:
    """What is no payload has no type that anything knows, and no members."""
    one = delivery(b"whatever", json)
    assert one.type in {None, 7}
    assert not member(one, "webhook")
