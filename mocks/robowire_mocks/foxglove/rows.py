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
    """As much of a recording as others refer to; `site_id` is its primary site, `edge_site_id` its edge site."""

    id: str
    device_id: str | None
    path: str
    start: int
    end: int
    import_status: str
    site_id: str | None
    edge_site_id: str | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint that is told of events of the types that it names."""

    id: str
    url: str
    events: tuple[str, ...]
