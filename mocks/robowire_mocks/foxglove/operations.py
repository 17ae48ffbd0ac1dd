"""The operations that the mock offers: method, path and the capability that each asks for (facts "Foxglove")."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    `name` is also the name of the step that carries it out. `path` is below `/v1`, with its parameters in braces;
    `body_limit` says how many bytes of a body are read, none if the operation has no body.
    """

    name: str
    method: str
    path: str
    capability: str
    body_limit: int = 0


_JSON_LIMIT = 1024 * 1024

OPERATIONS: tuple[Operation, ...] = (
    Operation("list_custom_properties", "GET", "/custom-properties", "properties.list"),
    Operation("create_custom_property", "POST", "/custom-properties", "properties.create", _JSON_LIMIT),
    Operation("get_custom_property", "GET", "/custom-properties/{id}", "properties.list"),
    Operation("update_custom_property", "PATCH", "/custom-properties/{id}", "properties.update", _JSON_LIMIT),
    Operation("delete_custom_property", "DELETE", "/custom-properties/{id}", "properties.delete"),
    Operation("list_device_tokens", "GET", "/device-tokens", "deviceTokens.list"),
    Operation("create_device_token", "POST", "/device-tokens", "deviceTokens.create", _JSON_LIMIT),
    Operation("get_device_token", "GET", "/device-tokens/{id}", "deviceTokens.list"),
    Operation("update_device_token", "PATCH", "/device-tokens/{id}", "deviceTokens.update", _JSON_LIMIT),
    Operation("delete_device_token", "DELETE", "/device-tokens/{id}", "deviceTokens.delete"),
    Operation("list_devices", "GET", "/devices", "devices.list"),
    Operation("create_device", "POST", "/devices", "devices.create", _JSON_LIMIT),
    Operation("get_device", "GET", "/devices/{nameOrId}", "devices.list"),
    Operation("delete_device", "DELETE", "/devices/{nameOrId}", "devices.delete"),
    Operation("update_device", "PATCH", "/devices/{nameOrId}", "devices.update", _JSON_LIMIT),
)
"""All of them, in the document's order."""
