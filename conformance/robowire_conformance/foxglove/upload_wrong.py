"""Section "Upload a recording": bodies that a request to upload may not have, each beside one that it may have."""

from collections.abc import Callable, Mapping
from typing import Any

from robowire_conformance.foxglove.guest import Guest

Bodies = Callable[[Guest, str, str], list[dict[str, Any]]]
"""The wrong bodies, of a guest, a device's id and its name."""

NO_STRINGS: tuple[Any, ...] = (7, True, ["x"], {"x": "y"})


def _each(member: str) -> Bodies:
    def bodies(guest: Guest, device: str, name: str) -> list[dict[str, Any]]:
        del name
        rest = {"filename": guest.name("wrong.mcap"), "deviceId": device} if member == "filename" else _keyed(guest)
        return [{**rest, member: value} for value in NO_STRINGS]

    return bodies


def _keyed(guest: Guest) -> dict[str, Any]:
    """A body that is good without the member that is wrong, so that nothing else explains a refusal."""
    return {"filename": guest.name("wrong.mcap"), "key": guest.name("wrong-key")}


def _keys(guest: Guest, device: str, name: str) -> list[dict[str, Any]]:
    del name
    return [{"filename": guest.name("wrong.mcap"), "deviceId": device, "key": value} for value in NO_STRINGS]


WRONG: Mapping[str, tuple[str, Bodies]] = {
    "FOXGLOVE-UPLOAD-101": (
        "A request without filename",
        lambda guest, device, name: [
            {"deviceId": device},
            {"deviceName": name},
            {"key": guest.name("key")},
            {"deviceId": device, "fileName": "x.mcap", "path": "x.mcap"},
        ],
    ),
    "FOXGLOVE-UPLOAD-102": ("A filename that is no string", _each("filename")),
    "FOXGLOVE-UPLOAD-110": (
        "An empty key",
        lambda guest, device, _: [
            {"filename": guest.name("wrong.mcap"), "key": ""},
            {"filename": guest.name("wrong.mcap"), "key": "", "deviceId": device},
        ],
    ),
    "FOXGLOVE-UPLOAD-111": (
        "A request with neither device nor key",
        lambda guest, *_: [{"filename": guest.name("wrong.mcap")}],
    ),
    "FOXGLOVE-UPLOAD-115": (
        "A device that is not there",
        lambda guest, device, name: [
            {"filename": guest.name("wrong.mcap"), "deviceId": f"{device}x"},
            {"filename": guest.name("wrong.mcap"), "deviceName": f"{name}x"},
        ],
    ),
    "FOXGLOVE-UPLOAD-117": ("A deviceId that is no string", _each("deviceId")),
    "FOXGLOVE-UPLOAD-118": ("A deviceName that is no string", _each("deviceName")),
    "FOXGLOVE-UPLOAD-119": ("A device.id that is no string", _each("device.id")),
    "FOXGLOVE-UPLOAD-120": ("A device.name that is no string", _each("device.name")),
    "FOXGLOVE-UPLOAD-121": ("A key that is no string", _keys),
}
"""What is refused, by requirement."""
