"""Deviations of what other pages tell of recordings: webhooks, and the sites where they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.deviations.foxglove.resources import wrong_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording, Site

CREATED, IMPORTED = "recording.created", "recording.imported"


def _told(event_type: str, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Wrapper:
    """A wrapper of `occurred`: what is told of a recording is changed, or nothing is told."""

    def wrapper(honest: Wrapper, call: Call, event: str, about: dict[str, Any]) -> None:
        if event != event_type:
            honest(call, event, about)
            return
        recording = change(about["recording"])
        if recording is not None:
            honest(call, event, {**about, "recording": recording})

    return wrapper


def _while_importing(told: dict[str, Any]) -> dict[str, Any] | None:
    return None if told["importStatus"] == "importing" else told


def _of_edge_alone(told: dict[str, Any]) -> dict[str, Any] | None:
    return told if "edgeSite" in told else None


def _other_device(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "device": {**told["device"], "name": f"{told['device']['name']}-1"}} if "device" in told else told


def _path_in_capitals(told: dict[str, Any]) -> dict[str, Any]:
    return {**told, "path": told["path"].upper()}


for _number, _slug, _event, _summary, _change in (
    ("012", "imports-of-uploads-not-told", IMPORTED, "No webhook tells that an upload is imported.", _of_edge_alone),
    ("016", "uploads-not-told", CREATED, "No webhook tells of a file that is uploaded.", _while_importing),
    ("307", "created-path-in-capitals", CREATED, "The path in recording.created is in capitals.", _path_in_capitals),
    ("307", "created-other-device", CREATED, "recording.created tells another device.", _other_device),
    ("308", "imported-path-in-capitals", IMPORTED, "The path in recording.imported is in capitals.", _path_in_capitals),
    (
        "308",
        "imported-other-device",
        IMPORTED,
        "The recording in recording.imported is another device's.",
        _other_device,
    ),
):
    add(f"WEBHOOKS-{_number}", f"webhook-{_slug}", "occurred", _summary, _told(_event, _change))

wrong_members("SITES", "site_summary", "a summary of a site", {"221": ("id", 1), "222": ("name", 1)})


def _moved(honest: Wrapper, call: Call) -> Any:
    """What only the site had is at another edge site."""
    rows = [one for one in call.state.recordings if one.edge_site_id == call.path["id"] and not one.complete]
    body = honest(call)
    other = next((site.id for site in call.state.sites if site.type == "edge"), None)
    for row in rows:
        call.state.recordings.put(replace(row, edge_site_id=other))
    return body


add(
    "SITES-306",
    "delete-site-recordings-stay",
    "delete_site",
    "The recordings of a deleted edge site can still be imported.",
    _moved,
)


def _kept(change: Callable[[Site, Recording, int | None], int | None]) -> Wrapper:
    """A wrapper of `kept_until` that gives another time."""
    return lambda honest, call, site, recording: change(site, recording, honest(call, site, recording))


def _half(_: Site, recording: Recording, end: int | None) -> int | None:
    return None if end is None else (recording.created_at + end) // 2


def _not_for_ever(_: Site, recording: Recording, end: int | None) -> int:
    return recording.created_at if end is None else end


for _number, _slug, _summary, _until in (
    ("307", "zero-is-nothing", "A retention of 0 seconds keeps nothing.", _not_for_ever),
    ("308", "ends-early", "Recordings are kept half as long as their site says.", _half),
    ("311", "never-ends", "Recordings are kept longer than their site says.", lambda *_: None),
):
    add(f"SITES-{_number}", f"retention-{_slug}", "kept_until", _summary, _kept(_until))
