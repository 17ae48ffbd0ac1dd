"""What the organisation has: one frozen class per resource. Times are ns since the Unix epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Value: TypeAlias = str | float | bool
"""The value of a device's custom property."""


@dataclass(frozen=True, slots=True)
class CustomProperty:
    """A typed property that devices may have; `values` are those of an enum, None for the other types."""

    id: str
    key: str
    label: str
    value_type: str
    values: tuple[str, ...] | None = None
    resource_type: str = "device"


@dataclass(frozen=True, slots=True)
class Device:
    """A robot, real or not."""

    id: str
    name: str
    created_at: int
    updated_at: int
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class DeviceToken:
    """A credential of a device."""

    id: str
    device_id: str
    created_at: int
    enabled: bool
    token: str


@dataclass(frozen=True, slots=True)
class Event:
    """A point of interest in a device's data, from `start` to `end`, both included."""

    id: str
    device_id: str
    start: int
    end: int
    metadata: Mapping[str, str]
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Site:
    """A place where recordings are."""

    id: str
    name: str
    type: str
    url: str | None = None
    retain_recordings_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class SiteToken:
    """A credential of a site."""

    id: str
    site_id: str
    created_at: int
    token: str


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension: names as they were last published, the digest in hex of each version, the last one active."""

    id: str
    name: str
    publisher: str
    display_name: str
    description: str | None
    versions: Mapping[str, str]
    active_version: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout that is shared with the organisation."""

    id: str
    name: str
    created_at: int
    updated_at: int
    saved_at: int | None
    folder_name: str | None
    permission: str
    data: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Recording:
    """The content of an MCAP file or a ROS bag.

    `site_id` is its primary site, `edge_site_id` its edge site; `edge_copy` is false where that lost it. `start` and
    `end` are log times, None without messages. Its data may be used while `import_status` is `complete`; it has an
    `import_id` as long. `file_id` is None where a world tells of a recording without its file. `metadata` are the
    records of the file, as answers show them.
    """

    id: str
    device_id: str | None
    path: str
    start: int | None
    end: int | None
    import_status: str
    site_id: str | None
    edge_site_id: str | None
    key: str | None = None
    size: int = 0
    created_at: int = 0
    imported_at: int | None = None
    import_id: str | None = None
    file_id: str | None = None
    input_type: str = "mcap0"
    topics: tuple[str, ...] = ()
    metadata: tuple[Mapping[str, Any], ...] = ()
    edge_copy: bool = True

    @property
    def complete(self) -> bool:
        """Whether its data are imported."""
        return self.import_status == "complete"


@dataclass(frozen=True, slots=True)
class Upload:
    """A request to upload: what is to be known of a file before it comes."""

    id: str
    created_at: int
    filename: str
    device_id: str | None
    key: str | None


@dataclass(frozen=True, slots=True)
class Assembly:
    """An object that comes to an inbox in parts."""

    id: str
    bucket: str
    name: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is here, by the name that the client gave it."""

    id: str
    upload_id: str
    name: str
    file_id: str
    size: int


@dataclass(frozen=True, slots=True)
class RobotBag:
    """A bag, by its name, that the robot of a shared world has uploaded by a request."""

    id: str
    request_id: str


@dataclass(frozen=True, slots=True)
class PendingImport:
    """The import of a file that has arrived; its id is that of the request.

    `names_device` tells whether a device was named with the file, be it unknown; `site_id` is the primary site,
    `identity` what makes the file's arrival the same as another one, `recording_id` the recording once there is one.
    """

    id: str
    created_at: int
    updated_at: int
    filename: str
    site_id: str
    stage: str
    status: str
    file_id: str | None
    size: int
    identity: str
    names_device: bool = False
    device_id: str | None = None
    key: str | None = None
    recording_id: str | None = None
    import_id: str | None = None
    error: str | None = None
    quarantined_at: int | None = None

    @property
    def running(self) -> bool:
        """Whether the import goes on."""
        return self.status not in {"error", "complete"}


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint that is told of events of the types that it names."""

    id: str
    url: str
    events: tuple[str, ...]
