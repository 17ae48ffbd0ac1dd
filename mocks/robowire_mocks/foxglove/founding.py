"""From a world file to the rows of the organisation."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson
from robowire_fixtures.foxglove import (
    IMPORT_STATUSES,
    INBOX_SITE_TYPE,
    LAYOUT_PERMISSIONS,
    RETAINING_SITE_TYPE,
    SITE_TYPES,
    UPLOAD_SITE_TYPE,
    URL_SITE_TYPE,
    VALUE_TYPES,
    WEBHOOKS,
)
from robowire_generators.foxe import FoxeRecipe, make_foxe

from robowire_mocks.core.world import WorldError
from robowire_mocks.foxglove import foxe, recording_files, times
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.property_values import typed
from robowire_mocks.foxglove.rows import (
    CustomProperty,
    Device,
    DeviceToken,
    Event,
    Extension,
    Layout,
    Recording,
    Site,
    SiteToken,
    Webhook,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from robowire_mocks.foxglove.rows import Value
    from robowire_mocks.foxglove.state import State
    from robowire_mocks.foxglove.store import Store
    from robowire_mocks.foxglove.world import DeviceEntry, ExtensionEntry, RecordingEntry, When, World

_MINUTE = 60 * times.SECOND


class _Founder:
    """Puts the world's rows into the state."""

    def __init__(self, state: State, world: World) -> None:
        self._state = state
        self._world = world
        self._deleted_sites: set[str | None] = set()
        start = world.clock.start
        self._anchor = times.present(state.clock) // _MINUTE * _MINUTE if start is None else times.of_datetime(start)

    def found(self) -> None:
        """Put all of them, each resource after those that it refers to."""
        self._custom_properties()
        self._devices()
        self._sites()
        self._robot()
        self._tokens()
        self._events()
        self._recordings()
        self._layouts()
        self._extensions()
        self._webhooks()

    def _custom_properties(self) -> None:
        store = self._state.custom_properties
        for entry in self._world.custom_property:
            if store.where("key", entry.key):
                raise WorldError(f"custom_property: two have the key {entry.key!r}")
            if entry.value_type not in VALUE_TYPES:
                raise WorldError(f"custom_property: {entry.key}: value_type must be one of: {', '.join(VALUE_TYPES)}")
            if (entry.value_type == "enum") != (entry.values is not None):
                raise WorldError(f"custom_property: {entry.key}: an enum needs values, and nothing else has them")
            row_id = self._id(store, entry.id, "prp")
            store.put(CustomProperty(row_id, entry.key, entry.label or entry.key, entry.value_type, entry.values))

    def _devices(self) -> None:
        store = self._state.devices
        for entry in self._world.device:
            if store.where("name", entry.name):
                raise WorldError(f"device: two have the name {entry.name!r}")
            created, updated = self._span("device", entry.created_at, entry.updated_at)
            row_id = self._id(store, entry.id, "dev")
            store.put(Device(row_id, entry.name, created, updated, self._values(entry)))

    def _values(self, entry: DeviceEntry) -> dict[str, Value]:
        values = {}
        for key, value in entry.properties.items():
            known = self._state.custom_properties.where("key", key)
            if not known:
                raise WorldError(f"device: {entry.name}: there is no custom property {key!r}")
            try:
                values[key] = typed(known[0], value)
            except BadRequest as error:
                raise WorldError(f"device: {entry.name}: {error}") from error
        return values

    def _sites(self) -> None:
        store = self._state.sites
        for entry in self._world.site:
            _one_of("site: type", SITE_TYPES, entry.type)
            if (entry.url is not None and entry.type != URL_SITE_TYPE) or (
                entry.retain_recordings_seconds is not None and entry.type != RETAINING_SITE_TYPE
            ):
                raise WorldError(f"site: {entry.name}: only self-hosted ones have a url, only edge ones a retention")
            if entry.deleted:
                self._deleted_sites.add(entry.id)
                continue
            row_id = self._id(store, entry.id, "site")
            store.put(Site(row_id, entry.name, entry.type, entry.url, entry.retain_recordings_seconds))

        for inbox in self._world.inbox:
            self._known(store, inbox.site, "inbox")
            if any(site.id == inbox.site and site.type != INBOX_SITE_TYPE for site in store):
                raise WorldError(f"inbox: {inbox.bucket}: only self-hosted sites have one")

    def _robot(self) -> None:
        robot = self._world.robot
        if robot is None:
            return
        if not self._state.devices.where("name", robot.name):
            raise WorldError(f"the robot: no device is called {robot.name!r}")
        if not any(site.type == UPLOAD_SITE_TYPE for site in self._state.sites):
            raise WorldError(f"the robot: no site is of the type {UPLOAD_SITE_TYPE}, to which its bags are uploaded")

    def _tokens(self) -> None:
        state = self._state
        for entry in self._world.device_token:
            self._known(state.devices, entry.device, "device_token")
            row_id = self._id(state.device_tokens, entry.id, "dvt")
            created = self._time("device_token: created_at", entry.created_at)
            token = entry.token or state.fresh_token("fox_dt")
            state.device_tokens.put(DeviceToken(row_id, entry.device, created, entry.enabled, token))
        for other in self._world.site_token:
            self._known(state.sites, other.site, "site_token")
            row_id = self._id(state.site_tokens, other.id, "stt")
            created = self._time("site_token: created_at", other.created_at)
            state.site_tokens.put(SiteToken(row_id, other.site, created, other.token or state.fresh_token("fox_st")))

    def _events(self) -> None:
        store = self._state.events
        for entry in self._world.event:
            self._known(self._state.devices, entry.device, "event")
            start, end = self._time("event: start", entry.start), self._time("event: end", entry.end)
            if start > end:
                raise WorldError(f"event: {entry.id or entry.device}: it ends before it starts")
            created, updated = self._span("event", entry.created_at, entry.updated_at)
            row_id = self._id(store, entry.id, "evt")
            store.put(Event(row_id, entry.device, start, end, dict(entry.metadata), created, updated))

    def _recordings(self) -> None:
        state = self._state
        for entry in self._world.recording:
            self._known(state.devices, entry.device, "recording")
            self._known(state.sites, entry.site, "recording")
            if entry.edge_site not in self._deleted_sites:
                self._known(state.sites, entry.edge_site, "recording")
            _one_of("recording: import_status", IMPORT_STATUSES, entry.import_status)
            if entry.key is not None and state.recordings.where("key", entry.key):
                raise WorldError(f"recording: two have the key {entry.key!r}")
            row_id = self._id(state.recordings, entry.id, "rec")
            state.recordings.put(self._recording(entry, row_id))

    def _recording(self, entry: RecordingEntry, row_id: str) -> Recording:
        content, file_id, size = recording_files.found(self._state, entry, lambda name: self._bound(entry, name))
        created = self._time("recording: created_at", entry.created_at)
        imported = entry.imported_at if entry.imported_at is not None else entry.created_at
        complete = entry.import_status == "complete"
        return Recording(
            id=row_id,
            device_id=entry.device,
            path=entry.path,
            start=content.start,
            end=content.end,
            import_status=entry.import_status,
            site_id=entry.site,
            edge_site_id=entry.edge_site,
            key=entry.key,
            size=size,
            created_at=created,
            imported_at=self._time("recording: imported_at", imported) if complete else None,
            import_id=self._state.id_for("imp", row_id) if complete else None,
            file_id=file_id,
            input_type=content.input_type,
            topics=content.topics,
            metadata=content.metadata,
            edge_copy=entry.edge_copy,
        )

    def _bound(self, entry: RecordingEntry, name: str) -> int:
        """When a recording starts or ends, as its entry says."""
        when: When = getattr(entry, name)
        return self._time(f"recording: {name}", when)

    def _layouts(self) -> None:
        store = self._state.layouts
        for entry in self._world.layout:
            _one_of("layout: permission", LAYOUT_PERMISSIONS, entry.permission)
            created, updated = self._span("layout", entry.created_at, entry.updated_at)
            saved = None if entry.saved_at is None else self._time("layout: saved_at", entry.saved_at)
            data = None if entry.data is None else _object(entry.data, f"layout: {entry.name}: data")
            row_id = self._id(store, entry.id, "lay")
            store.put(Layout(row_id, entry.name, created, updated, saved, entry.folder_name, entry.permission, data))

    def _extensions(self) -> None:
        store = self._state.extensions
        for entry in self._world.extension:
            row_id = self._id(store, entry.id, "ext")
            versions = {version: self._package(entry, version) for version in entry.versions}
            named = (entry.name, entry.publisher, entry.display_name, entry.description)
            store.put(Extension(row_id, *named, versions, entry.versions[-1] if entry.versions else None))

    def _package(self, entry: ExtensionEntry, version: str) -> str:
        """Make the file of one version; gives its digest."""
        recipe = FoxeRecipe(
            publisher=entry.publisher,
            name=entry.name,
            version=version,
            display_name=entry.display_name,
            description=entry.description,
        )
        raw = make_foxe(recipe)
        try:
            package = foxe.read_package(raw)
        except foxe.PackageMalformed as error:
            raise WorldError(f"extension: {entry.publisher}.{entry.name}: {error}") from error
        if self._state.extensions.where("identity", package.identity):
            raise WorldError(f"extension: {entry.publisher}.{entry.name} is there twice")
        return self._state.packages.put(raw)

    def _webhooks(self) -> None:
        store = self._state.webhooks
        for entry in self._world.webhook:
            why = self._state.deliveries.refused(entry.url)
            if why is not None:
                raise WorldError(f"webhook: {entry.url}: {why}")
            _one_of("webhook: events", WEBHOOKS, *entry.events)
            store.put(Webhook(self._id(store, entry.id, "whk"), entry.url, entry.events or tuple(WEBHOOKS)))

    def _id(self, store: Store[Any], wanted: str, prefix: str) -> str:
        if wanted in store:
            raise WorldError(f"{store.name}: two have the id {wanted!r}")
        return wanted or self._state.fresh_id(prefix)

    def _known(self, store: Store[Any], row_id: str | None, where: str) -> None:
        if row_id is not None and row_id not in store:
            raise WorldError(f"{where}: {store.name} have no id {row_id!r}")

    def _span(self, where: str, created_at: When, updated_at: When | None) -> tuple[int, int]:
        """When something was created, and updated: then too, unless the world says otherwise."""
        created = self._time(f"{where}: created_at", created_at)
        return created, created if updated_at is None else self._time(f"{where}: updated_at", updated_at)

    def _time(self, where: str, when: When) -> int:
        try:
            match when:
                case str():
                    return times.parse(when)
                case datetime():
                    return times.of_datetime(when)
                case seconds:
                    return times.checked(self._anchor + round(seconds * times.SECOND), seconds)
        except (ValueError, OverflowError) as error:
            raise WorldError(f"{where}: {error}") from error


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise WorldError(f"{where} is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise WorldError(f"{where} is not a JSON object")
    return value


def _one_of(where: str, known: Collection[str], *words: str) -> None:
    for word in words:
        if word not in known:
            raise WorldError(f"{where}: {word!r} is none of: {', '.join(known)}")


def found(state: State, world: World) -> None:
    """Put the rows of `world` into `state`, which has none.

    Raises:
        WorldError: Two rows exclude each other, or one refers to another that is not there.
    """
    _Founder(state, world).found()
