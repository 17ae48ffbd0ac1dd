"""The webhooks of an upload: that a recording was created, and that it was imported."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from robowire_conformance.foxglove.deliveries import PATIENCE_S, Delivery, Endpoint, member
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.judging import Page
from robowire_conformance.foxglove.samples import small
from robowire_conformance.foxglove.uploads import Uploaded

UPLOADED, CREATED, IMPORTED = (f"FOXGLOVE-WEBHOOKS-{number}" for number in ("016", "307", "308"))
OF_UPLOADS = (UPLOADED, CREATED, IMPORTED)
KINDS: Mapping[str, str] = {"recording.created": CREATED, "recording.imported": IMPORTED}

LATER = 11_000 * SECOND


def judge_uploads(endpoint: Endpoint, guest: Guest) -> Page:
    """Upload a file, and judge the webhooks that tell it."""
    page = Page()
    device = guest.device("telling")
    name = guest.name("told.mcap")
    uploaded = guest.uploads.upload(name, small(name, start=LATER).mcap(), deviceId=device["id"])
    due = _due(uploaded, device)
    for kind, requirement in KINDS.items():
        found = endpoint.wait(partial(_speaks, uploaded, kind), PATIENCE_S)
        if kind == "recording.created" and found:
            page.saw(UPLOADED)
        elif kind == "recording.created":
            text = "No webhook of type recording.created tells that a file was uploaded"
            came = sorted({str(one.type) for one in endpoint.all()})
            page.fault(UPLOADED, uploaded.begun.reply.fault(text, kind, came))
        if not found:
            page.block(requirement, reason=f"no webhook of type {kind} tells of the upload")
        for delivery in found:
            _judge(page, requirement, delivery, due)
    return page


def _speaks(uploaded: Uploaded, kind: str, delivery: Delivery) -> bool:
    return delivery.type == kind and (delivery.names(uploaded.id) or delivery.names(uploaded.filename))


def _due(uploaded: Uploaded, device: Mapping[str, Any]) -> dict[str, Any]:
    """What a webhook tells of the recording, so far as the recording itself does."""
    site = uploaded.body.get("site")
    belongs = {"id": device["id"], "name": device["name"]}
    told: dict[str, Any] = {"id": uploaded.id, "path": uploaded.filename, "device": belongs}
    if isinstance(site, dict) and uploaded.site_id is not None:
        told["site"] = {name: site.get(name) for name in ("id", "name")}
    return told


def _judge(page: Page, requirement: str, delivery: Delivery, due: Mapping[str, Any]) -> None:
    """Judge the members that a webhook tells; that it has them, and their types, are other requirements."""
    told = member(delivery, "recording")
    shown = {name: _plain(told[name], value) for name, value in due.items() if told.get(name) is not None}
    wrong = {name: value for name, value in shown.items() if value != due[name]}
    if wrong:
        text = "The recording in a webhook is not the one that was uploaded"
        page.fault(requirement, delivery.fault(text, {name: due[name] for name in wrong}, wrong))
    else:
        page.saw(requirement)


def _plain(told: Any, due: Any) -> Any:
    """What is told, with those members alone that are known."""
    return {name: told.get(name) for name in due} if isinstance(told, dict) and isinstance(due, dict) else told
