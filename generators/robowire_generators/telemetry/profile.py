"""What a world's owner would tell the suite about it: the table of a target profile."""

from typing import Any

from robowire_generators.telemetry.world import Application, Device, TelemetryWorld

_DEVICES = 4
_TAGS = 3


def target_profile(world: TelemetryWorld) -> dict[str, Any]:
    """The values of `[losant]` in a target profile, but for the URL.

    The application is the first one; the devices are those with the most values of ordinary size.

    Raises:
        ValueError: No token of the world is good for all applications, or there is no application.
    """
    powerful = [token for token in world.tokens.values() if token.applications is None and token.scopes]
    if not powerful or not world.applications:
        raise ValueError("a target needs an application and a token that is for all of them")
    first, *others = world.applications.values()
    token = max(powerful, key=lambda token: len(token.scopes))
    devices = _telling(first)
    profile: dict[str, Any] = {
        "token": token.token,
        "limited_tokens": [
            {"token": other.token, "scopes": list(other.scopes)}
            for other in world.tokens.values()
            if other is not token and other.applications is None
        ],
        "application_id": first.id,
        "device_ids": [device.id for device in devices],
        "attributes": list(dict.fromkeys(name for device in devices for name in device.history.columns)),
        "tags": _tags(devices),
    }
    return profile | ({"other_application_id": others[0].id} if others else {})


def _telling(application: Application) -> list[Device]:
    """Devices that differ in what they report, those with the most kinds of attributes first."""
    by_attributes: dict[tuple[str, ...], Device] = {}
    for device in application.devices.values():
        if len(device.history):
            by_attributes.setdefault(tuple(device.attributes), device)
    return sorted(by_attributes.values(), key=lambda device: -len(set(device.attributes.values())))[:_DEVICES]


def _tags(devices: list[Device]) -> list[dict[str, str]]:
    pairs = [(key, value) for device in devices for key, values in device.tags.items() for value in values]
    return [{"key": key, "value": value} for key, value in dict.fromkeys(pairs)][:_TAGS]
