"""Deviations of what other pages tell of recordings: webhooks, and the sites where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add
from robowire_mocks.deviations.foxglove.resources import wrong_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

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


def _recordings_stay(honest: Wrapper, call: Call) -> Any:
    """The recordings that were at the site are listed as before."""
    known = call.path["id"]
    rows = [one for one in call.state.recordings if known in {one.site_id, one.edge_site_id}]
    body = honest(call)
    for row in rows:
        call.state.recordings.put(row)
    return body


add(
    "SITES-306",
    "delete-site-recordings-stay",
    "delete_site",
    "The recordings of a deleted site stay.",
    _recordings_stay,
)


def _never(_: Wrapper, __: Call, ___: Recording, ____: int) -> bool:
    """Retention ends for nothing."""
    return False


def _early(honest: Wrapper, call: Call, recording: Recording, end: int) -> bool:
    """Retention ends after half of its time."""
    expired: bool = honest(call, recording, recording.created_at + (end - recording.created_at) // 2)
    return expired


add("SITES-308", "retention-never-ends", "expired", "Recordings are kept longer than their site says.", _never)
add("SITES-308", "retention-ends-early", "expired", "Recordings are kept half as long as their site says.", _early)
