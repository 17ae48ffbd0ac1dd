"""The webhooks of an upload: that a recording was created, and that it was imported."""

from collections.abc import Mapping
from typing import Any

from robowire_conformance.foxglove.deliveries import Delivery, member
from robowire_conformance.foxglove.instants import SECOND
from robowire_conformance.foxglove.samples import small
from robowire_conformance.foxglove.uploads import Uploaded
from robowire_conformance.foxglove.webhook_judging import (
    OF_KIND,
    RECORDING_CREATED,
    RECORDING_IMPORTED,
    TYPES,
    Kind,
    WebhookJudge,
)
from robowire_conformance.verdict import Violation

UPLOADED, CREATED, IMPORTED, USABLE = (f"FOXGLOVE-WEBHOOKS-{number}" for number in ("016", "307", "308", "310"))
MEANT: Mapping[str, str] = {RECORDING_CREATED.type: CREATED, RECORDING_IMPORTED.type: IMPORTED}

LATER = 11_000 * SECOND


def judge_recordings(judge: WebhookJudge) -> None:
    """Upload a file, and judge the webhooks that tell it.

    What else a target can be asked for tells more, as of recordings at an edge site.
    """
    guest = judge.guest
    device, before = guest.device("telling"), judge.now()
    name = guest.name("told.mcap")
    try:
        uploaded = guest.uploads.upload(name, small(name, start=LATER).mcap(), deviceId=device["id"])
    except Violation as violation:
        judge.page.block(UPLOADED, CREATED, IMPORTED, USABLE, reason=f"no file can be uploaded: {violation.message}")
        for kind in (RECORDING_CREATED, RECORDING_IMPORTED):
            judge.judge_caused(kind)
        return
    created, imported = (_find(judge, uploaded, kind) for kind in (RECORDING_CREATED, RECORDING_IMPORTED))
    after, due = judge.now(), _due(uploaded, device)
    for kind, deliveries in ((RECORDING_CREATED, created), (RECORDING_IMPORTED, imported)):
        for delivery in deliveries:
            judge.page.saw(kind.sent)
            judge.judge_delivery(kind, delivery)
            judge.judge_time(delivery, before, after)
            _judge(judge, kind, delivery, due)
        if deliveries and judge.endpoint.target.hooks.send_webhook is not None:
            judge.judge_caused(kind)
    if created:
        judge.page.saw(UPLOADED)
    else:
        _judge_untold(judge, uploaded)
    if not imported:
        text = "No webhook of type recording.imported tells that a file was imported"
        _fault(judge, uploaded, RECORDING_IMPORTED, RECORDING_IMPORTED.sent, text)
        others = [*OF_KIND[RECORDING_IMPORTED.type][1:], IMPORTED]
        judge.page.block(*others, reason=f"{RECORDING_IMPORTED.sent}, which it needs, fails: {text}")


def _find(judge: WebhookJudge, uploaded: Uploaded, kind: Kind) -> list[Delivery]:
    """The deliveries of a type that speak of a recording, or those of no type at all that follow the others."""

    def speaks(delivery: Delivery) -> bool:
        return delivery.names(uploaded.id) or delivery.names(uploaded.filename)

    found = judge.endpoint.wait(lambda one: one.type == kind.type and speaks(one), judge.patience_s)
    if found:
        return found
    strange = [one for one in judge.endpoint.all() if one.type not in TYPES and speaks(one)]
    return strange[:1] if kind is RECORDING_CREATED else strange[-1:]


def _judge_untold(judge: WebhookJudge, uploaded: Uploaded) -> None:
    """Tell a target that tells no creation of a recording from one that tells none of an upload."""
    judge.judge_caused(RECORDING_CREATED)
    judge.page.block(CREATED, reason=f"{UPLOADED}, which it needs, fails")
    if judge.page.faulty(RECORDING_CREATED.sent):
        judge.page.block(UPLOADED, reason=f"{RECORDING_CREATED.sent}, which it needs, fails")
        return
    text = "No webhook of type recording.created tells that a file was uploaded"
    _fault(judge, uploaded, RECORDING_CREATED, UPLOADED, text)


def _fault(judge: WebhookJudge, uploaded: Uploaded, kind: Kind, requirement: str, text: str) -> None:
    came = sorted({str(one.type) for one in judge.endpoint.all()})
    judge.page.fault(requirement, uploaded.begun.reply.fault(text, kind.type, came))


def _due(uploaded: Uploaded, device: Mapping[str, Any]) -> dict[str, Any]:
    """What a webhook tells of the recording, so far as the recording itself does."""
    site = uploaded.body.get("site")
    belongs = {"id": device["id"], "name": device["name"]}
    told: dict[str, Any] = {"id": uploaded.id, "path": uploaded.filename, "device": belongs, "edgeSite": None}
    if isinstance(site, dict) and uploaded.site_id is not None and isinstance(site.get("name"), str):
        told["site"] = {name: site[name] for name in ("id", "name")}
    return told


def _judge(judge: WebhookJudge, kind: Kind, delivery: Delivery, due: Mapping[str, Any]) -> None:
    """Judge the members that a webhook tells; that it has them, and their types, are other requirements."""
    told, page, requirement = member(delivery, "recording"), judge.page, MEANT[kind.type]
    alike = {name: value for name, value in told.items() if name in due and isinstance(value, _types(due[name]))}
    shown = {name: _plain(value, due[name]) for name, value in alike.items()}
    wrong = {name: value for name, value in shown.items() if value != due[name]}
    if wrong:
        text = "The recording in a webhook is not the one that was uploaded"
        page.fault(requirement, delivery.fault(text, {name: due[name] for name in wrong}, wrong))
    elif shown:
        page.saw(requirement)
    status = told.get("importStatus")
    if kind is RECORDING_IMPORTED and isinstance(status, str):
        if status == "complete":
            page.saw(USABLE)
        else:
            text = "The importStatus of a recording in recording.imported is another one"
            page.fault(USABLE, delivery.fault(text, "complete", status))


def _types(due: Any) -> type:
    """The type of what is told; where nothing is due, as of an edge site, what would be told is an object."""
    return dict if due is None else type(due)


def _plain(told: Any, due: Any) -> Any:
    """What is told, with those members alone that are known."""
    return {name: told.get(name) for name in due} if isinstance(told, dict) and isinstance(due, dict) else told
