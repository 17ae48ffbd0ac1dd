"""Webhooks received by the suite: where it listens, what came, and what of it belongs to what was done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import orjson

from robowire_conformance.evidence import JSON, Exchange, Received, Redactor, Sent
from robowire_conformance.gathering import Fault
from robowire_conformance.listener import Address, Listener, Notice, listening_at
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested

PATIENCE_S = 5.0
"""How long a webhook is waited for that has to come."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request to the endpoint; `body` is None where it has no JSON."""

    notice: Notice
    body: JSON

    @property
    def type(self) -> JSON:
        """The event type that it tells."""
        return self.body.get("type") if isinstance(self.body, dict) else None

    @property
    def exchange(self) -> Exchange:
        """The request, as evidence; a webhook's answer is ours."""
        clean = Redactor()
        sent = Sent(
            self.notice.method,
            self.notice.path,
            clean.headers(list(self.notice.headers.items())),
            self.notice.body,
            len(self.notice.body),
        )
        return Exchange(sent, Received(200, (), b"{}", 2), (), "", 0.0, clean)

    @property
    def shown(self) -> str:
        """The beginning of its body."""
        return self.notice.body[:200].decode("utf-8", errors="replace")

    def names(self, text: str) -> bool:
        """Whether an id or a name is in it, wherever, however its signs are written."""
        return text.encode() in self.notice.body or orjson.dumps(text) in orjson.dumps(self.body)

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with it, for a judgement."""
        return Fault(message, expected, actual, self.exchange, len(self.notice.body))


@dataclass(slots=True)
class Endpoint:
    """Where the target's webhooks come in. The types that nothing in the API causes are asked for by a hook."""

    target: Target
    listener: Listener
    path: str
    _read: dict[int, Delivery] = field(default_factory=dict)

    def deliveries(self, notices: Sequence[Notice]) -> list[Delivery]:
        """The requests to the endpoint among all notices."""
        for number in range(len(self._read), len(notices)):
            self._read[number] = Delivery(notices[number], _json(notices[number].body))
        own = [self._read[number] for number in range(len(notices))]
        return [one for one in own if urlsplit(one.notice.path).path.rstrip("/") == self.path.rstrip("/")]

    def wait(self, wanted: Callable[[Delivery], bool], patience_s: float = PATIENCE_S) -> list[Delivery]:
        """The deliveries of a kind, as soon as there is one; none if none comes in time."""

        def come(notices: Sequence[Notice]) -> bool:
            return any(wanted(one) for one in self.deliveries(notices))

        return [one for one in self.deliveries(self.listener.wait_until(come, patience_s)) if wanted(one)]

    def all(self) -> list[Delivery]:
        """Everything that has come."""
        return self.deliveries(self.listener.wait_until(lambda _: True))

    def caused(self, kind: str) -> list[Delivery]:
        """The deliveries of a type after the target was asked for one.

        Raises:
            NotTested: Nothing can ask it.
        """
        known = len([one for one in self.all() if one.type == kind])
        self.target.send_webhook(kind)
        count = partial(self._more, kind, known)
        notices = self.listener.wait_until(count, PATIENCE_S)
        return [one for one in self.deliveries(notices) if one.type == kind][known:]

    def _more(self, kind: str, known: int, notices: Sequence[Notice]) -> bool:
        return len([one for one in self.deliveries(notices) if one.type == kind]) > known


def endpoint_address(target: Target) -> tuple[Address, str]:
    """Where to listen, by the target profile: the address that `webhook_target` names, and its path.

    Raises:
        NotTested: The profile does not tell, or what it tells cannot be listened at.
    """
    url = urlsplit(str(target.need("webhook_target")))
    listen = urlsplit(f"//{target.values['webhook_listen']}") if "webhook_listen" in target.values else url
    if url.scheme != "http" and listen is url:
        raise NotTested("the suite speaks no TLS: give webhook_listen, the HOST:PORT to which webhook_target leads")
    if not listen.hostname:
        raise NotTested("webhook_target names no host to listen at")
    port = listen.port if listen.port is not None else 80
    return listening_at(listen.hostname, port), url.path or "/"


def _json(body: bytes) -> JSON:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def member(delivery: Delivery, name: str) -> Mapping[str, Any]:
    """An object in a payload; empty where it has none."""
    found = delivery.body.get(name) if isinstance(delivery.body, dict) else None
    return found if isinstance(found, dict) else {}
