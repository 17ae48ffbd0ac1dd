"""The operations that the mock offers, by method and path, with the capability that each asks for."""

from __future__ import annotations

from dataclasses import dataclass

from robowire_fixtures.foxglove import CAPABILITIES, PUBLISHED_CAPABILITIES

from robowire_mocks.foxglove import foxe


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
    Operation("list_coverage", "GET", "/data/coverage"),
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
    Operation("list_events", "GET", "/events"),
    Operation("create_event", "POST", "/events", _JSON_LIMIT),
    Operation("get_event", "GET", "/events/{id}"),
    Operation("delete_event", "DELETE", "/events/{id}"),
    Operation("update_event", "PATCH", "/events/{id}", _JSON_LIMIT),
    Operation("list_imports", "GET", "/data/imports"),
    Operation("delete_imports", "DELETE", "/data/imports"),
    Operation("delete_import", "DELETE", "/data/imports/{importId}"),
    Operation("list_lake_files", "GET", "/lake-files"),
    Operation("list_attachments", "GET", "/recording-attachments"),
    Operation("get_attachment", "GET", "/recording-attachments/{id}"),
    Operation("download_attachment", "GET", "/recording-attachments/{id}/download"),
    Operation("list_recordings", "GET", "/recordings"),
    Operation("get_recording", "GET", "/recordings/{keyOrId}"),
    Operation("delete_recording", "DELETE", "/recordings/{keyOrId}"),
    Operation("import_recording", "POST", "/recordings/{keyOrId}/import"),
    Operation("list_pending_imports", "GET", "/data/pending-imports"),
    Operation("upload_data", "POST", "/data/upload", _JSON_LIMIT),
    Operation("list_site_tokens", "GET", "/site-tokens"),
    Operation("create_site_token", "POST", "/site-tokens", _JSON_LIMIT),
    Operation("delete_site_token", "DELETE", "/site-tokens/{id}"),
    Operation("list_sites", "GET", "/sites"),
    Operation("create_site", "POST", "/sites", _JSON_LIMIT),
    Operation("get_site", "GET", "/sites/{id}"),
    Operation("update_site", "PATCH", "/sites/{id}", _JSON_LIMIT),
    Operation("delete_site", "DELETE", "/sites/{id}"),
    Operation("stream_data", "POST", "/data/stream", _JSON_LIMIT),
    Operation("list_topics", "GET", "/data/topics"),
    Operation("publish_extension", "POST", "/extension-upload", foxe.LIMIT),
    Operation("list_extensions", "GET", "/extensions"),
    Operation("get_extension", "GET", "/extensions/{id}"),
    Operation("delete_extension", "DELETE", "/extensions/{id}"),
    Operation("list_layouts", "GET", "/layouts"),
)
"""All of them, in the document's order."""
