"""The operations that the mock offers, by method and path, with the capability that each asks for."""

from __future__ import annotations

from dataclasses import dataclass

from robowire_fixtures.foxglove import CAPABILITIES, PUBLISHED_CAPABILITIES


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    `name` is also the name of the step that carries it out. `path` is below `/v1`, with its parameters in braces;
    `body_limit` says how many bytes of a body are read, none if the operation has no body.
    """

    name: str
    method: str
    path: str
    body_limit: int = 0

    @property
    def capability(self) -> str:
        """What an API key must be allowed to do (section "Authentication")."""
        place = f"{self.method} {self.path}"
        return CAPABILITIES.get(place) or PUBLISHED_CAPABILITIES[place]


_JSON_LIMIT = 1024 * 1024

OPERATIONS: tuple[Operation, ...] = (
    Operation("list_custom_properties", "GET", "/custom-properties"),
    Operation("create_custom_property", "POST", "/custom-properties", _JSON_LIMIT),
    Operation("get_custom_property", "GET", "/custom-properties/{id}"),
    Operation("update_custom_property", "PATCH", "/custom-properties/{id}", _JSON_LIMIT),
    Operation("delete_custom_property", "DELETE", "/custom-properties/{id}"),
    Operation("list_device_tokens", "GET", "/device-tokens"),
    Operation("create_device_token", "POST", "/device-tokens", _JSON_LIMIT),
    Operation("get_device_token", "GET", "/device-tokens/{id}"),
    Operation("update_device_token", "PATCH", "/device-tokens/{id}", _JSON_LIMIT),
    Operation("delete_device_token", "DELETE", "/device-tokens/{id}"),
    Operation("list_devices", "GET", "/devices"),
    Operation("create_device", "POST", "/devices", _JSON_LIMIT),
    Operation("get_device", "GET", "/devices/{nameOrId}"),
    Operation("delete_device", "DELETE", "/devices/{nameOrId}"),
    Operation("update_device", "PATCH", "/devices/{nameOrId}", _JSON_LIMIT),
)
"""All of them, in the document's order."""
