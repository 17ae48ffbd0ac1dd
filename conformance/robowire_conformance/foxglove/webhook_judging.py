"""The section on webhooks: what is done on the target, what has to be told of it, and whether it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.deliveries import PATIENCE_S, Delivery, Endpoint, member
from robowire_conformance.foxglove.forms import judge_form
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.server_clock import TOLERANCE, ServerClock, between
from robowire_conformance.verdict import NotTested


def _ids(*numbers: int) -> tuple[str, ...]:
    return tuple(f"FOXGLOVE-WEBHOOKS-{number:03}" for number in numbers)


POSTED, JSON_FORM = _ids(1, 2)
SAME_WEBHOOK, OTHER_EVENTS, TIME, TESTED, ATTEMPTED = _ids(304, 305, 306, 303, 309)


IMPATIENCE_S = 1.0
"""How long further webhooks are waited for once one has not come."""


@dataclass(frozen=True, slots=True)
class Kind:
    """An event type: its schema, the requirement that it is sent, and the one that it speaks of the right thing."""

    type: str
    component: str
    member: str
    sent: str
    meant: str = ""


DEVICE = Kind("device.created", "DeviceCreated", "device", *_ids(13, 301))
EVENT = Kind("event.created", "EventCreated", "event", *_ids(14, 302))
PING = Kind("ping", "Ping", "webhook", *_ids(15, 303))
RECORDING_CREATED = Kind("recording.created", "RecordingCreated", "recording", *_ids(11))
RECORDING_IMPORTED = Kind("recording.imported", "RecordingImported", "recording", *_ids(12))
KINDS = (RECORDING_CREATED, RECORDING_IMPORTED, DEVICE, EVENT, PING)
TYPES = frozenset(kind.type for kind in KINDS)

SETTLED = (
    *_ids(1, 2, *range(11, 16), *range(201, 205)),
    *_ids(*range(211, 219), *range(221, 229), *range(231, 234), *range(241, 244), *range(251, 254)),
    *_ids(*range(301, 307), 309),
    *_ids(16, 307, 308, 310),
)
"""Every requirement of the section that webhooks can show."""

OF_KIND: Mapping[str, tuple[str, ...]] = {
    RECORDING_CREATED.type: _ids(11, *range(211, 219)),
    RECORDING_IMPORTED.type: _ids(12, *range(221, 229), 310),
    DEVICE.type: _ids(13, *range(231, 234), 301),
    EVENT.type: _ids(14, *range(241, 244), 302),
    PING.type: _ids(15, *range(251, 254), 303),
}
"""What cannot be seen without a webhook of a type."""


@dataclass(frozen=True, slots=True)
class Doing:
    """Something done that a webhook has to tell: the thing's id and name, and the target's clock before and after."""

    kind: Kind
    known: str
    name: str
    before: int | None
    after: int | None


@dataclass(slots=True)
class WebhookJudge:
    """Does things on the target and judges what comes in about them."""

    endpoint: Endpoint
    guest: Guest
    clock: ServerClock
    page: Page = field(default_factory=Page)
    _told: list[Delivery] = field(default_factory=list)
    _doings: list[Doing] = field(default_factory=list)
    patience_s: float = PATIENCE_S

    def judge(self) -> bool:
        """Create devices and events, and have the webhook tested; whether anything has come of it."""
        self._doings = [self._device(), self._device(), self._event(told="yes"), self._event()]
        found = [self._find(doing) for doing in self._doings]
        if not any(found) and not self.endpoint.all():
            self._nothing()
            return False
        for doing, deliveries in zip(self._doings, found, strict=True):
            self._judge_doing(doing, deliveries)
        self.judge_caused(PING)
        return True

    def conclude(self) -> None:
        """Judge what all that came has in common."""
        self._judge_repeats(self._doings)
        self._judge_ids()
        self._judge_attempts()
        self.page.needs((ATTEMPTED,), TIME)

    def _nothing(self) -> None:
        reply = self.guest.api.ask("GET /devices", params={"limit": 1})
        text = "Devices and events were created, and no request came to the endpoint"
        self.page.fault(POSTED, reply.fault(text, "a POST request", "nothing"))
        self.page.block(*(one for one in SETTLED if one != POSTED), reason=f"{POSTED}, which it needs, fails: {text}")

    def _device(self) -> Doing:
        before = self.now()
        made = self.guest.device("told")
        return Doing(DEVICE, str(made["id"]), str(made.get("name") or made["id"]), before, self.now())

    def _event(self, **metadata: str) -> Doing:
        device = str(self.guest.device("telling")["id"])
        before = self.now()
        made = self.guest.event(device, metadata=metadata)
        return Doing(EVENT, str(made["id"]), str(made["id"]), before, self.now())

    def now(self) -> int | None:
        """The time by the target's clock, where it tells it."""
        try:
            return self.clock.now()
        except NotTested:
            return None

    def _find(self, doing: Doing) -> list[Delivery]:
        """The deliveries that speak of a thing, whatever is wrong with them otherwise."""
        others = TYPES - {doing.kind.type}

        def speaks(delivery: Delivery) -> bool:
            return delivery.type not in others and (delivery.names(doing.known) or delivery.names(doing.name))

        found = self.endpoint.wait(speaks, self.patience_s)
        if not found:
            self.patience_s = IMPATIENCE_S
        return found

    def _judge_doing(self, doing: Doing, deliveries: Sequence[Delivery]) -> None:
        kind = doing.kind
        if not deliveries:
            self._judge_silence(doing)
            return
        self.page.saw(kind.sent)
        for delivery in deliveries:
            self.judge_delivery(kind, delivery)
            told = member(delivery, kind.member).get("id")
            if isinstance(told, str):
                text = f"The {kind.member} of a webhook is another than the one that was created"
                self._expect(kind.meant, delivery, text, doing.known, told)
            self.judge_time(delivery, doing.before, doing.after)

    def _judge_silence(self, doing: Doing) -> None:
        """Tell a webhook that did not come from one that speaks of something that does not exist."""
        kind = doing.kind
        call = "GET /devices/{nameOrId}" if kind is DEVICE else "GET /events/{id}"
        for delivery in self.endpoint.all():
            if delivery.type == kind.type and self._is_wrong(doing, call, delivery):
                self.page.saw(kind.sent)
                self.judge_delivery(kind, delivery)
                return
        if self._judge_methods():
            self.page.block(*OF_KIND[kind.type], reason=f"{POSTED}, which it needs, fails")
            return
        came = sorted({str(delivery.type) for delivery in self.endpoint.all()})
        reply = self.guest.api.ask(call, doing.known)
        text = f"No webhook of type {kind.type} tells that one was created"
        self.page.fault(kind.sent, reply.fault(text, kind.type, came))
        others = [one for one in OF_KIND[kind.type] if one != kind.sent]
        self.page.block(*others, reason=f"{kind.sent}, which it needs, fails: {text}")

    def _is_wrong(self, doing: Doing, call: str, delivery: Delivery) -> bool:
        """Whether a webhook must be the one of a thing, since it speaks of nothing that was created meanwhile."""
        told = member(delivery, doing.kind.member).get("id")
        if not isinstance(told, str):
            return True  # which the form of it tells
        reply = self.guest.api.ask(call, told)
        created = nanoseconds(reply.body.get("createdAt")) if reply.done else None
        old = created is not None and doing.before is not None and created < doing.before - TOLERANCE
        if reply.done and not old:
            return False
        text = f"The {doing.kind.member} of a webhook {'is an older one' if old else 'does not exist'}"
        self.page.fault(doing.kind.meant, delivery.fault(text, doing.known, told))
        return True

    def _judge_methods(self) -> bool:
        """Whether requests of another method have come."""
        others = [one for one in self.endpoint.all() if one.notice.method != "POST"]
        for delivery in others:
            self.page.fault(POSTED, delivery.fault("A webhook is no POST request", "POST", delivery.notice.method))
        return bool(others)

    def judge_caused(self, kind: Kind) -> None:
        """Judge what the target sends where it is asked for a webhook of a type."""
        try:
            deliveries = self.endpoint.caused(kind.type)
        except NotTested as reason:
            self.page.block(*OF_KIND[kind.type], reason=str(reason))
            return
        if not deliveries and self.page.faulty(JSON_FORM):
            self.page.block(*OF_KIND[kind.type], reason=f"{JSON_FORM}, which it needs, fails")
            return
        if not deliveries:
            strange = [one for one in self.endpoint.all() if one.type not in TYPES and member(one, kind.member)]
            if strange:
                self.judge_delivery(kind, strange[-1])
                return
            text = f"No webhook of type {kind.type} was sent"
            reply = self.guest.api.ask("GET /devices", params={"limit": 1})
            self.page.fault(kind.sent, reply.fault(text, kind.type, "nothing"))
            others = [one for one in OF_KIND[kind.type] if one != kind.sent]
            self.page.block(*others, reason=f"{kind.sent}, which it needs, fails: {text}")
            return
        self.page.saw(kind.sent)
        for delivery in deliveries:
            self.judge_delivery(kind, delivery)
            self.judge_time(delivery, None, None)
            if kind is PING and "id" in member(delivery, kind.member):
                due, told = delivery.body.get("webhookId"), member(delivery, kind.member)["id"]
                if isinstance(due, str) and isinstance(told, str):
                    self._expect(TESTED, delivery, "The webhook of a ping is not the one that sends it", due, told)

    def judge_delivery(self, kind: Kind, delivery: Delivery) -> None:
        """Judge how a webhook comes, and its form."""
        self._told.append(delivery)
        self._expect(POSTED, delivery, "A webhook is no POST request", "POST", delivery.notice.method)
        if not isinstance(delivery.body, dict):
            self.page.fault(JSON_FORM, delivery.fault("The body is no JSON object", "a JSON object", delivery.shown))
            return
        self.page.saw(JSON_FORM)
        for judgement in (self.page, self.guest.api.forms):
            judge_form(kind.component, delivery.body, judgement, delivery.fault)

    def judge_time(self, delivery: Delivery, before: int | None, after: int | None) -> None:
        """Judge whether the event occurred when the target's clock says, or else before the attempt."""
        body = delivery.body if isinstance(delivery.body, dict) else {}
        happened, attempted = nanoseconds(body.get("timestamp")), nanoseconds(body.get("attemptedAt"))
        if happened is None or attempted is None:
            return
        if before is None or after is None:
            if happened > attempted + TOLERANCE:
                text = "A webhook's timestamp is after its attemptedAt"
                self.page.fault(TIME, delivery.fault(text, f"not after {zulu(attempted)}", zulu(happened)))
        elif not between(before, happened, after):
            text, due = (
                "A webhook's timestamp is not when its event occurred",
                f"between {zulu(before)} and {zulu(after)}",
            )
            self.page.fault(TIME, delivery.fault(text, due, zulu(happened)))
        else:
            self.page.saw(TIME)
            if attempted < happened - TOLERANCE:
                text = "A webhook's attemptedAt is before its event occurred"
                self.page.fault(ATTEMPTED, delivery.fault(text, f"not before {zulu(happened)}", zulu(attempted)))

    def _judge_attempts(self) -> None:
        """What has come was attempted before now."""
        arrived = self.now()
        if arrived is None:
            self.page.block(ATTEMPTED, reason="the target does not tell what time it is")
            return
        for delivery in self._told:
            body = delivery.body if isinstance(delivery.body, dict) else {}
            if (attempted := nanoseconds(body.get("attemptedAt"))) is None:
                continue
            if attempted <= arrived + TOLERANCE:
                self.page.saw(ATTEMPTED)
            else:
                text = "A webhook has come whose attemptedAt is in the future"
                self.page.fault(ATTEMPTED, delivery.fault(text, f"not after {zulu(arrived)}", zulu(attempted)))

    def _judge_repeats(self, doings: Sequence[Doing]) -> None:
        """What is changed, made once more in vain, or deleted, is not created again."""
        api = self.guest.api
        for doing in doings:
            call = "/events/{id}" if doing.kind is EVENT else "/devices/{nameOrId}"
            if doing.kind is DEVICE:
                api.ask("POST /devices", body={"name": doing.name})
            change = {"metadata": {"told": "again"}} if doing.kind is EVENT else {"name": self.guest.name("renamed")}
            api.ask(f"PATCH {call}", doing.known, body=change)
            api.ask(f"DELETE {call}", doing.known)
        self._find(self._device())
        self._find(self._event())
        for doing in doings:
            told = [one for one in self.endpoint.all() if one.type == doing.kind.type and one.names(doing.known)]
            events = {str(one.body.get("webhookEventId")) for one in told if isinstance(one.body, dict)}
            if len(events) > 1:
                text = f"The creation of one {doing.kind.member} is told as several events"
                self.page.fault(doing.kind.sent, told[-1].fault(text, "one webhookEventId", sorted(events)))

    def _judge_ids(self) -> None:
        """One webhook has one id, and each event one of its own, which later attempts repeat."""
        told = [one for one in self._told if isinstance(one.body, dict)]
        webhooks = {one.body["webhookId"] for one in told if isinstance(one.body.get("webhookId"), str)}
        subjects: dict[str, set[str]] = {}
        for one in told:
            if isinstance(one.body.get("webhookEventId"), str):
                subjects.setdefault(one.body["webhookEventId"], set()).add(_subject(one.body))
        if len(told) > 1 and webhooks:
            self._expect(SAME_WEBHOOK, told[-1], "One webhook has several ids", 1, len(webhooks))
        if len({_subject(one.body) for one in told}) > 1 and subjects:
            shared = sorted(known for known, of in subjects.items() if len(of) > 1)
            self._expect(OTHER_EVENTS, told[-1], "Different events have the same webhookEventId", [], shared)

    def _expect(self, requirement: str, delivery: Delivery, text: str, due: JSON, got: JSON) -> None:
        if due == got:
            self.page.saw(requirement)
        else:
            self.page.fault(requirement, delivery.fault(text, due, got))


def _subject(body: Mapping[str, Any]) -> str:
    """What a webhook speaks of."""
    return repr([body.get("type"), *(body.get(kind.member) for kind in KINDS)])
