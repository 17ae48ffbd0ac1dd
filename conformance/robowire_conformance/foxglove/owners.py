"""Whose a recording is: as it tells itself, or, since it need not, as the lists of devices' recordings tell."""

from collections.abc import Iterable, Mapping
from typing import Any

from robowire_conformance.foxglove.asking import Api
from robowire_conformance.foxglove.whole import whole

NOBODY = "robowire-none"


def owner(api: Api, recording: Mapping[str, Any], devices: Iterable[str]) -> str | None:
    """The id of the device that a recording belongs to; where it tells none, the first of `devices` that lists it.

    A filter that lists it for what is no device tells nothing.
    """
    told = recording.get("device")
    if isinstance(told, dict) and isinstance(told.get("id"), str):
        return str(told["id"])
    if lists(api, recording, deviceId=NOBODY):
        return None
    return next((known for known in devices if lists(api, recording, deviceId=known)), None)


def lists(api: Api, recording: Mapping[str, Any], **params: str) -> bool:
    """Whether the list with these parameters has a recording; `__` in a name stands for a dot."""
    named = {name.replace("__", "."): value for name, value in params.items()}
    reply = whole(api, "GET /recordings", named)
    body: Any = reply.body if reply.done else []
    return recording.get("id") in {one.get("id") for one in body}
