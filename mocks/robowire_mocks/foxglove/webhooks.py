"""Webhooks: what is sent to endpoints when something happens (section "Webhooks").

The document tells neither how a webhook is registered nor what happens to a request that fails: the world and the
controls register them, and deliveries are tried again a few times. An event has one webhookEventId, whatever webhooks
tell it and however often they try.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from robowire_mocks.foxglove import times
from robowire_mocks.foxglove.deliveries import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterable

    from robowire_mocks.core.calling import Caller
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording, Webhook


def occurred(call: Call, event_type: str, about: dict[str, Any]) -> None:
    """Something happened: tell the webhooks that ask for events of this type."""
    asking = [webhook for webhook in call.state.webhooks if event_type in webhook.events]
    call.steps.notify(call, asking, event_type, about)


def ping(call: Call, webhook: Webhook) -> None:
    """Test the connectivity of one webhook, whatever events it asks for."""
    # FOXGLOVE-WEBHOOKS-015
    # FOXGLOVE-WEBHOOKS-252, FOXGLOVE-WEBHOOKS-253, FOXGLOVE-WEBHOOKS-303
    call.steps.notify(call, [webhook], "ping", {"webhook": {"id": webhook.id}})


def notify(call: Call, webhooks: Iterable[Webhook], event_type: str, about: dict[str, Any]) -> None:
    """Begin the delivery of one event to each of the webhooks."""
    webhooks = list(webhooks)
    if not webhooks:
        return
    notice = call.steps.notice(call, event_type, about)
    for webhook in webhooks:
        send = partial(_send, call, webhook, notice)
        delivery = Delivery(webhook.id, notice["webhookEventId"], event_type, webhook.url, send)
        call.state.lock.afterwards(partial(call.state.deliveries.add, delivery))  # of nothing that a crash undoes


def notice(call: Call, event_type: str, about: dict[str, Any]) -> dict[str, Any]:
    """What is sent of an event to every webhook at every attempt.

    `about` is `device`, `event`, `webhook` or `recording`.
    """
    return {
        # FOXGLOVE-WEBHOOKS-211, FOXGLOVE-WEBHOOKS-221, FOXGLOVE-WEBHOOKS-231, FOXGLOVE-WEBHOOKS-241,
        # FOXGLOVE-WEBHOOKS-251
        "type": event_type,
        "timestamp": times.write(call.now),  # FOXGLOVE-WEBHOOKS-201, FOXGLOVE-WEBHOOKS-306
        "webhookEventId": call.state.fresh_id("whe"),  # FOXGLOVE-WEBHOOKS-203, FOXGLOVE-WEBHOOKS-305
        # FOXGLOVE-WEBHOOKS-232, FOXGLOVE-WEBHOOKS-242
        **about,
    }


def payload(call: Call, webhook: Webhook, notice: dict[str, Any], attempted_at: int) -> dict[str, Any]:  # noqa: ARG001  # a step gets the call
    """What one webhook sends at one attempt."""
    return {
        **notice,
        "attemptedAt": times.write(attempted_at),  # FOXGLOVE-WEBHOOKS-202, FOXGLOVE-WEBHOOKS-309
        "webhookId": webhook.id,  # FOXGLOVE-WEBHOOKS-204, FOXGLOVE-WEBHOOKS-304
    }


def post(call: Call, caller: Caller, url: str, payload: dict[str, Any]) -> int | str:  # noqa: ARG001  # as above
    """POST it as JSON; gives the status of the answer, or why there is none."""
    return caller.post(url, orjson.dumps(payload))  # FOXGLOVE-WEBHOOKS-001, FOXGLOVE-WEBHOOKS-002


def recording_payload(call: Call, recording: Recording) -> dict[str, Any]:
    """A recording as webhooks show it: what it lacks is left out."""
    state = call.state
    device = state.devices.get(recording.device_id or "")
    site, edge = state.sites.get(recording.site_id or ""), state.sites.get(recording.edge_site_id or "")
    shown: dict[str, Any] = {
        "id": recording.id,  # FOXGLOVE-WEBHOOKS-213, FOXGLOVE-WEBHOOKS-223
        "importStatus": recording.import_status,  # FOXGLOVE-WEBHOOKS-214, FOXGLOVE-WEBHOOKS-224, FOXGLOVE-WEBHOOKS-310
        "path": recording.path,  # FOXGLOVE-WEBHOOKS-215, FOXGLOVE-WEBHOOKS-225
    }
    if device is not None:
        # FOXGLOVE-WEBHOOKS-216, FOXGLOVE-WEBHOOKS-226
        shown["device"] = call.steps.device_summary(call, device)
    if edge is not None:
        # FOXGLOVE-WEBHOOKS-217, FOXGLOVE-WEBHOOKS-227
        shown["edgeSite"] = call.steps.site_summary(call, edge)
    if site is not None:
        # FOXGLOVE-WEBHOOKS-218, FOXGLOVE-WEBHOOKS-228
        shown["site"] = call.steps.site_summary(call, site)
    return {"recording": shown}  # FOXGLOVE-WEBHOOKS-212, FOXGLOVE-WEBHOOKS-222


def _send(call: Call, webhook: Webhook, notice: dict[str, Any], caller: Caller, attempted_at: int) -> int | str:
    return call.steps.post(call, caller, webhook.url, call.steps.payload(call, webhook, notice, attempted_at))
