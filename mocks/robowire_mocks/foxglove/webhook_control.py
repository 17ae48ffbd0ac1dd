"""Webhooks from outside the API, which documents no way to register or test one: by the controls, and in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_fixtures.foxglove import WEBHOOKS

from robowire_mocks.foxglove import times, webhooks
from robowire_mocks.foxglove.rows import Recording, Webhook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call

MOST: int = 100
"""Webhooks that may be registered."""

_POINTED = "whk_pointed"
_RECORDINGS: Mapping[str, Callable[[Recording], bool]] = {
    "recording.created": lambda _: True,
    "recording.imported": lambda recording: recording.import_status == "complete",
}
_USAGE = (
    'send {"register": {"url": "…", "events": […]}}, {"remove": id}, {"ping": id}, or '
    '{"announce": "recording.created" or "recording.imported", "recording": id}'
)


class WebhookControl:
    """Registers webhooks, tests them, and shows what was attempted.

    `call` gives a call with the mock's present steps, state and time.
    """

    def __init__(self, call: Callable[[], Call]) -> None:
        self._call = call

    def act(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the body of a control asks for; gives the webhook that it was done to.

        Raises:
            ValueError: It cannot be done.
        """
        match dict(body):
            case {"register": {"url": str() as url, **asked}, **rest} if not rest and set(asked) <= {"events"}:
                return _shown(self.register(url, dict(asked).get("events", list(WEBHOOKS))))
            case {"remove": str() as webhook_id, **rest} if not rest:
                return _shown(self.remove(webhook_id))
            case {"ping": str() as webhook_id, **rest} if not rest:
                return _shown(self.ping(webhook_id))
            case {"announce": str() as event_type, "recording": str() | None as recording_id, **rest} if not rest:
                return {"recording": self.announce(event_type, recording_id)}
            case {"announce": str() as event_type, **rest} if not rest:
                return {"recording": self.announce(event_type)}
            case _:
                raise ValueError(_USAGE)

    def register(self, url: str, events: Any = tuple(WEBHOOKS), webhook_id: str = "") -> Webhook:
        """A new webhook, or another in the place of the one with this id.

        Raises:
            ValueError: The URL may not be called, an event type is unknown, or there are too many.
        """
        call = self._call()
        with call.state.lock:
            why = call.state.deliveries.refused(url)
            if why is not None:
                raise ValueError(f"the url cannot be called: {why}")
            known = isinstance(events, list | tuple) and all(isinstance(one, str) and one in WEBHOOKS for one in events)
            if not known:
                raise ValueError(f"events must be a list of: {', '.join(WEBHOOKS)}")
            if len(call.state.webhooks) >= MOST and webhook_id not in call.state.webhooks:
                raise ValueError(f"there are {MOST} webhooks already")
            webhook = Webhook(webhook_id or call.state.fresh_id("whk"), url, tuple(events))
            call.state.deliveries.forget(webhook.id)
            call.state.webhooks.put(webhook)
        return webhook

    def remove(self, webhook_id: str) -> Webhook:
        """Remove a webhook, and drop what it was still to send.

        Raises:
            ValueError: There is none with this id.
        """
        call = self._call()
        with call.state.lock:
            webhook = _found(call, webhook_id)
            call.state.webhooks.remove(webhook_id)
            call.state.deliveries.forget(webhook_id)
        return webhook

    def ping(self, webhook_id: str) -> Webhook:
        """Test one webhook.

        Raises:
            ValueError: There is none with this id.
        """
        call = self._call()
        with call.state.lock:
            webhook = _found(call, webhook_id)
            webhooks.ping(call, webhook)
        return webhook

    def announce(self, event_type: str, recording_id: str | None = None) -> str:
        """Tell that a recording was created or imported; gives its id.

        Without an id it is that to which it can have happened and of which there is most to tell.

        Raises:
            ValueError: There is no such type, or no such recording.
        """
        if event_type not in _RECORDINGS:
            raise ValueError(f"what can be announced is: {', '.join(_RECORDINGS)}")
        call = self._call()
        with call.state.lock:
            fit = [
                recording
                for recording in call.state.recordings
                if recording_id in {None, recording.id} and _RECORDINGS[event_type](recording)
            ]
            if not fit:
                raise ValueError("there is no such recording")
            recording = max(fit, key=_known_of)
            # FOXGLOVE-WEBHOOKS-011, FOXGLOVE-WEBHOOKS-012
            call.steps.occurred(call, event_type, call.steps.recording_payload(call, recording))
        return recording.id

    def point(self, url: str) -> None:
        """Send everything to `url` from now on; replaces the webhook that this made before.

        Raises:
            ValueError: The URL may not be called.
        """
        self.register(url, webhook_id=_POINTED)

    def send(self, event_type: str) -> None:
        """Cause an event of one of the types that nothing in the API causes.

        Raises:
            ValueError: It is another type, or `point` was not called.
        """
        if event_type == "ping":
            self.ping(_POINTED)
        else:
            self.announce(event_type)

    def listing(self) -> list[dict[str, Any]]:
        """All webhooks."""
        call = self._call()
        with call.state.lock:
            return [_shown(webhook) for webhook in call.state.webhooks]

    def attempts(self) -> list[dict[str, Any]]:
        """What was attempted, the oldest first, once what was to be sent is, or was given up."""
        return [
            {
                "webhookId": attempt.delivery.webhook_id,
                "webhookEventId": attempt.delivery.event_id,
                "type": attempt.delivery.type,
                "url": attempt.delivery.url,
                "attempt": attempt.number,
                "attemptedAt": times.write(attempt.attempted_at),
                "status": attempt.outcome if isinstance(attempt.outcome, int) else None,
                "error": attempt.outcome if isinstance(attempt.outcome, str) else None,
                "delivered": attempt.delivered,
            }
            for attempt in self._call().state.deliveries.attempts()
        ]


def _found(call: Call, webhook_id: str) -> Webhook:
    webhook = call.state.webhooks.get(webhook_id)
    if webhook is None:
        raise ValueError(f"there is no webhook {webhook_id[:80]!r}")
    return webhook


def _known_of(recording: Recording) -> int:
    """How many of device and sites a recording has."""
    return 3 - (recording.device_id, recording.site_id, recording.edge_site_id).count(None)


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {"id": webhook.id, "url": webhook.url, "events": list(webhook.events)}
