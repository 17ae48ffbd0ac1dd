"""Whose a recording is, and where it is: as it tells itself, or, since it need not, as filtered lists tell."""

from collections.abc import Iterable, Mapping
from typing import Any

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.whole import whole

NOTHING = "robowire-none"
"""An id that nothing has."""


def owner(api: Api, recording: Mapping[str, Any], devices: Iterable[str]) -> str | None:
    """The id of the device that a recording belongs to; where it tells none, the first of `devices` that lists it."""
    return _told_or_listed(api, recording, "device", "deviceId", devices)


def site(api: Api, recording: Mapping[str, Any], sites: Iterable[str]) -> str | None:
    """The id of a recording's primary site; where it tells none, the first of `sites` that lists it."""
    return _told_or_listed(api, recording, "site", "site.id", sites)


def _told_or_listed(
    api: Api, recording: Mapping[str, Any], member: str, parameter: str, known: Iterable[str]
) -> str | None:
    told = recording.get(member)
    if isinstance(told, dict) and isinstance(told.get("id"), str):
        return str(told["id"])
    if _lists(api, recording, parameter, NOTHING):
        return None  # a filter that lets it through for an id that nothing has tells nothing
    return next((one for one in known if _lists(api, recording, parameter, one)), None)


def _lists(api: Api, recording: Mapping[str, Any], parameter: str, value: str) -> bool:
    reply = whole(api, "GET /recordings", {parameter: value})
    body: Any = reply.body if reply.done else []
    return recording.get("id") in {one.get("id") for one in body}
