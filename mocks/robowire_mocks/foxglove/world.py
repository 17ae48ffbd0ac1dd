"""What a Foxglove world file may say: the organisation that the mock starts from.

A time is a TOML date-time, a string in RFC 3339 (nanoseconds), or seconds relative to the anchor: the clock's start, or
without one the last whole minute before the mock starts. Devices and sites are referred to by their ids.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from robowire_fixtures.foxglove import CAPABILITIES, PUBLISHED_CAPABILITIES
from robowire_fixtures.worldfile import Robot

from robowire_mocks.core.world import ClockSettings
from robowire_mocks.foxglove.made_recordings import Make

When = datetime | str | int | float

ALL: str = "*"
"""Stands for every capability."""

_KNOWN = {ALL, *CAPABILITIES.values(), *PUBLISHED_CAPABILITIES.values()}
_SENDABLE = re.compile(r"[\x21-\x7e]+")


class KeyState(StrEnum):
    """Whether an API key may be used."""

    ACTIVE = "active"
    REVOKED = "revoked"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Organisation:
    """The organisation itself; without an id it gets one."""

    id: str = ""
    name: str = "robowire"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests a second are answered; any number if it is 0."""

    requests_per_second: int = 0

    def __post_init__(self) -> None:
        if self.requests_per_second < 0:
            raise ValueError("requests_per_second must not be negative")


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """Webhooks: hosts besides this machine, attempts of each delivery, and seconds before the second of them."""

    hosts: tuple[str, ...] = ()
    attempts: int = 4
    wait_s: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.attempts <= 10:
            raise ValueError("attempts must be from 1 to 10")
        if not 0 <= self.wait_s <= 60:
            raise ValueError("wait_s must be from 0 to 60")


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How long an import stays at each of its stages, in seconds."""

    stage_s: float = 0.01

    def __post_init__(self) -> None:
        if not 0 <= self.stage_s <= 3600:
            raise ValueError("stage_s must be from 0 to 3600")


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """The bucket that is the inbox of a self-hosted site."""

    bucket: str
    site: str


@dataclass(frozen=True, slots=True)
class Key:
    """An API key: its capabilities (`*` stands for all), and a rate limit of its own, none if it is 0."""

    key: str
    capabilities: tuple[str, ...] = ()
    state: KeyState = KeyState.ACTIVE
    requests_per_second: int = 0

    def __post_init__(self) -> None:
        if not _SENDABLE.fullmatch(self.key):
            raise ValueError(f"{self.key!r} cannot be sent as a bearer token")
        for capability in self.capabilities:
            if capability not in _KNOWN:
                raise ValueError(f"there is no capability {capability!r}")
        if self.requests_per_second < 0:
            raise ValueError("requests_per_second must not be negative")


@dataclass(frozen=True, slots=True)
class CustomPropertyEntry:
    """A custom property; its label is its key unless said."""

    key: str
    value_type: str
    id: str = ""
    label: str = ""
    values: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """A device; without an id it gets one."""

    name: str
    id: str = ""
    created_at: When = 0
    updated_at: When | None = None
    properties: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeviceTokenEntry:
    """A device token."""

    device: str
    id: str = ""
    token: str = ""
    created_at: When = 0
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class EventEntry:
    """An event."""

    device: str
    start: When
    end: When
    id: str = ""
    created_at: When = 0
    updated_at: When | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A site of any type."""

    name: str
    type: str
    id: str = ""
    url: str | None = None
    retain_recordings_seconds: int | float | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class SiteTokenEntry:
    """A site token."""

    site: str
    id: str = ""
    token: str = ""
    created_at: When = 0


@dataclass(frozen=True, slots=True)
class ExtensionEntry:
    """An extension and its versions, of which the last is the active one."""

    publisher: str
    name: str
    display_name: str
    versions: tuple[str, ...]
    description: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class LayoutEntry:
    """A layout; `data` is JSON, as the application exports it."""

    name: str
    id: str = ""
    permission: str = "ORG_READ"
    created_at: When = 0
    updated_at: When | None = None
    saved_at: When | None = None
    folder_name: str | None = None
    data: str | None = None


@dataclass(frozen=True, slots=True)
class RecordingEntry:
    """A recording.

    Its content is that of `file`, an MCAP file or a bag (a path relative to the world file's folder), or is made:
    `make` says which of them, with a few messages on each of `topics` from `start` to `end`. Without either it has no
    content: others may refer to it. `edge_copy` tells whether the edge site still has it.
    """

    path: str
    start: When | None = None
    end: When | None = None
    file: Path | None = None
    make: Make | None = None
    topics: tuple[str, ...] = ("/pose", "/battery")
    id: str = ""
    key: str | None = None
    device: str | None = None
    site: str | None = None
    edge_site: str | None = None
    edge_copy: bool = True
    size: int = 0
    created_at: When = 0
    imported_at: When | None = None
    import_status: str = "complete"

    def __post_init__(self) -> None:
        if self.file is not None and (self.make is not None or self.start is not None or self.end is not None):
            raise ValueError("with a file, make, start and end must not be said")
        if self.file is None and (self.start is None or self.end is None):
            raise ValueError("without a file, start and end must be said")
        if not self.topics or "" in self.topics:
            raise ValueError("topics must have names")


@dataclass(frozen=True, slots=True)
class WebhookEntry:
    """An endpoint, and the types of events that it is told of: all, if none is named."""

    url: str
    events: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """The organisation, its API keys, and how the mock treats its clients; `robot` is one of its devices."""

    api: ClassVar[str] = "foxglove"

    seed: int = 1
    robot: Robot | None = None
    clock: ClockSettings = field(default_factory=ClockSettings)
    organisation: Organisation = Organisation()
    rate_limit: RateLimit = RateLimit()
    deliveries: DeliverySettings = DeliverySettings()
    imports: ImportSettings = ImportSettings()
    inbox: tuple[InboxEntry, ...] = ()
    key: tuple[Key, ...] = ()
    custom_property: tuple[CustomPropertyEntry, ...] = ()
    site: tuple[SiteEntry, ...] = ()
    device: tuple[DeviceEntry, ...] = ()
    device_token: tuple[DeviceTokenEntry, ...] = ()
    site_token: tuple[SiteTokenEntry, ...] = ()
    event: tuple[EventEntry, ...] = ()
    layout: tuple[LayoutEntry, ...] = ()
    webhook: tuple[WebhookEntry, ...] = ()
    extension: tuple[ExtensionEntry, ...] = ()
    recording: tuple[RecordingEntry, ...] = ()

    def __post_init__(self) -> None:
        keys = [key.key for key in self.key]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise ValueError(f"key: two are {twice!r}")
