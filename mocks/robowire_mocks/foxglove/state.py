"""What the Foxglove mock holds: the organisation's rows, its API keys, and where its ids come from."""

from __future__ import annotations

import random
import string
import uuid
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.keeping import Keeper
from robowire_mocks.core.links import Links
from robowire_mocks.foxglove import founding, foxe, times
from robowire_mocks.foxglove.deliveries import Deliveries, Settings
from robowire_mocks.foxglove.files import Files
from robowire_mocks.foxglove.inbox_parts import Parts
from robowire_mocks.foxglove.journal import Journal
from robowire_mocks.foxglove.packages import Packages
from robowire_mocks.foxglove.pipeline import Pipeline
from robowire_mocks.foxglove.rate import Rate
from robowire_mocks.foxglove.reading import Reading
from robowire_mocks.foxglove.retention import Retention
from robowire_mocks.foxglove.rows import (
    CustomProperty,
    Device,
    DeviceToken,
    Event,
    Extension,
    Layout,
    PendingImport,
    Recording,
    Site,
    SiteToken,
    Upload,
    Webhook,
)
from robowire_mocks.foxglove.store import Store, Version

if TYPE_CHECKING:
    from pathlib import Path

    from robowire_mocks.core.clock import Clock
    from robowire_mocks.foxglove.world import World

_ALPHABET = string.ascii_letters + string.digits
_ID_LENGTH = 16
_TOKEN_LENGTH = 32
_NAMESPACE = uuid.UUID("5f6f1c9e-5a0b-4f0e-9c57-3a2b0d7d1e44")  # any will do: ids of organisations by seed


class State:
    """The organisation. Hold `lock` while looking at it or changing it.

    With a folder, every change is kept in it, and what is found there takes the place of the world's rows.
    """

    def __init__(self, world: World, clock: Clock, folder: Path | None = None) -> None:
        self.lock = RLock()
        self.world = world
        self.clock = clock
        self.rate = Rate(clock, world.rate_limit.requests_per_second)
        self.keys = {key.key: key for key in world.key}
        self.key_rates = {key.key: Rate(clock, key.requests_per_second) for key in world.key if key.requests_per_second}
        self.org_id = world.organisation.id or str(uuid.uuid5(_NAMESPACE, str(world.seed)))
        self._keeper = Keeper(folder / "starts.json" if folder else None)
        self._journal = Journal(folder / "changes.jsonl" if folder else None)
        self.links = Links(f"robowire {world.seed}".encode())
        self.packages = Packages(folder / "extensions" if folder else None)
        self.reading = Reading()
        self.files = Files(folder / "recordings" if folder else None)
        self.parts = Parts(self.files)
        self.retention = Retention()
        self.pipeline = Pipeline(self, world.imports.stage_s)
        told = world.deliveries
        self.deliveries = Deliveries(Settings(told.hosts, told.attempts, told.wait_s), lambda: times.present(clock))
        self._make_stores()
        self._begin()

    def _make_stores(self) -> None:
        journal, version = self._journal, Version()
        self.custom_properties = Store(
            "custom-properties", CustomProperty, journal, version, {"key": attrgetter("key")}
        )
        self.devices = Store("devices", Device, journal, version, {"name": attrgetter("name")})
        by_device = {"device_id": attrgetter("device_id")}
        self.device_tokens = Store("device-tokens", DeviceToken, journal, version, by_device)
        self.events = Store("events", Event, journal, version, by_device)
        self.sites = Store("sites", Site, journal, version)
        self.site_tokens = Store("site-tokens", SiteToken, journal, version, {"site_id": attrgetter("site_id")})
        self.extensions = Store("extensions", Extension, journal, version, {"identity": _identity})
        self.layouts = Store("layouts", Layout, journal, version)
        found_by = {name: attrgetter(name) for name in ("key", "import_id")}
        self.recordings = Store("recordings", Recording, journal, version, by_device | found_by)
        self.uploads = Store("uploads", Upload, journal, version)
        watched = {name: attrgetter(name) for name in ("running", "identity", "recording_id")}
        self.pending_imports = Store("pending-imports", PendingImport, journal, version, watched)
        self.webhooks = Store("webhooks", Webhook, journal, version)
        self._stores: dict[str, Store[Any]] = {
            store.name: store for store in vars(self).values() if isinstance(store, Store)
        }

    def _begin(self) -> None:
        """Start from what an earlier process kept, or from the world."""
        starts = self._keeper["starts"] or 0
        self._random = random.Random(f"{self.world.seed} {starts}")  # noqa: S311  # reproducible, no secret
        if starts:
            for store, row_id, row in self._journal.lines():
                self._stores[store].replay(row_id, row)
            self._keep_all()
            self.files.keep_only(row.file_id for row in (*self.recordings, *self.pending_imports) if row.file_id)
        else:
            self._found()
        self._keeper.keep("starts", starts + 1)  # ids of an earlier process must not come again

    def _found(self) -> None:
        with self._journal.paused():
            founding.found(self, self.world)
        self._keep_all()

    def _keep_all(self) -> None:
        self._journal.rewrite((name, row.id, row) for name, store in self._stores.items() for row in store)

    def reset(self) -> None:
        """Back to the world; ids begin anew, and the rate is that of the world."""
        with self.lock:
            self._random = random.Random(f"{self.world.seed} 0")  # noqa: S311  # as above
            for rate in (self.rate, *self.key_rates.values()):
                rate.reset()
            self.deliveries.stop()
            self.packages.clear()
            self.files.clear()
            self.parts.clear()
            self.reading.clear()
            self.pipeline.reset()
            for store in self._stores.values():
                store.clear()
            self._found()

    def fresh_id(self, prefix: str) -> str:
        """An id that nothing has yet, such as `dev_8f2Kq0ZrT1xYbN3c`."""
        return prefix + "_" + "".join(self._random.choices(_ALPHABET, k=_ID_LENGTH))

    def id_for(self, prefix: str, cause: str) -> str:
        """The id of what comes of `cause`, another id: the same whenever it comes."""
        drawn = random.Random(f"{self.world.seed} {prefix} {cause}")  # noqa: S311  # as above
        return prefix + "_" + "".join(drawn.choices(_ALPHABET, k=_ID_LENGTH))

    def fresh_token(self, prefix: str) -> str:
        """A credential that nobody has yet, such as `fox_dt_…`; reproducible, so no secret."""
        return prefix + "_" + "".join(self._random.choices(_ALPHABET, k=_TOKEN_LENGTH))

    def close(self) -> None:
        """End the imports and the deliveries, and close the files."""
        self.pipeline.stop()
        self.deliveries.stop()
        self.files.close()
        self._journal.close()


def _identity(extension: Extension) -> tuple[str, str]:
    return foxe.identity(extension.publisher, extension.name)
