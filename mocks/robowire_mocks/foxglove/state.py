"""What the Foxglove mock holds: the organisation's rows, its API keys, and where its ids come from."""

from __future__ import annotations

import random
import string
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.database import Database
from robowire_mocks.core.filing import Filed
from robowire_mocks.core.forked import ForkedDict
from robowire_mocks.core.links import Links
from robowire_mocks.core.shelf import Shelf
from robowire_mocks.foxglove import founding, foxe, store, times
from robowire_mocks.foxglove.deliveries import Deliveries, Settings
from robowire_mocks.foxglove.files import Files
from robowire_mocks.foxglove.inbox_parts import Parts
from robowire_mocks.foxglove.packages import Packages
from robowire_mocks.foxglove.pipeline import Pipeline
from robowire_mocks.foxglove.rate import Rate
from robowire_mocks.foxglove.reading import Reading
from robowire_mocks.foxglove.retention import Retention
from robowire_mocks.foxglove.rows import (
    Assembly,
    CustomProperty,
    Device,
    DeviceToken,
    Event,
    Extension,
    Layout,
    Part,
    PendingImport,
    Recording,
    RobotBag,
    Site,
    SiteToken,
    Upload,
    Webhook,
)
from robowire_mocks.foxglove.store import Store, Version
from robowire_mocks.foxglove.streaming import StreamRequest
from robowire_mocks.foxglove.world import World

if TYPE_CHECKING:
    from pathlib import Path

    from robowire_mocks.core.clock import Clock

_ALPHABET = string.ascii_letters + string.digits
_ID_LENGTH = 16
_TOKEN_LENGTH = 32
_NAMESPACE = uuid.UUID("5f6f1c9e-5a0b-4f0e-9c57-3a2b0d7d1e44")  # any will do: ids of organisations by seed


@dataclass(frozen=True, slots=True)
class Taken:
    """What the mock held at one moment; nothing of it ever changes, and what the state still has is shared with it."""

    world: World
    stores: Mapping[str, store.Taken[Any]]
    packages: ForkedDict[str, bytes]
    files: Filed
    streams: Mapping[str, tuple[int, StreamRequest]]
    random: tuple[Any, ...]
    rate: int
    imports_held: bool


class State:
    """The organisation. Hold `lock` while looking at it or changing it.

    The lock is the database: what its holder changes is kept whole when it is let go, or not at all. It is empty until
    `begin` or `put_back`. Files are kept in `folder`, or where those of the state `beside` it lie.
    """

    def __init__(
        self,
        world: World,
        clock: Clock,
        database: Database | None = None,
        folder: Path | None = None,
        *,
        beside: State | None = None,
    ) -> None:
        self.lock = database or Database()
        self.clock = clock
        self.packages = Packages(self.lock)
        self.reading = Reading()
        shelf = Shelf(folder / "recordings" if folder else None, "recordings")
        self.files: Files = beside.files.beside(self.lock) if beside else Files(shelf, self.lock)
        self.retention = Retention()
        self.pipeline = Pipeline(self)
        self._make_stores()
        self.parts = Parts(self.files, self.assemblies, self.arrived_parts)
        self._live_in(world)
        self._random = self._drawing(0)

    def _live_in(self, world: World) -> None:
        """What the world alone decides."""
        clock = self.clock
        self.world = world
        self.keys = {key.key: key for key in world.key}
        self.rate = Rate(clock, world.rate_limit.requests_per_second)
        self.key_rates = {key.key: Rate(clock, key.requests_per_second) for key in world.key if key.requests_per_second}
        self.org_id = world.organisation.id or str(uuid.uuid5(_NAMESPACE, str(world.seed)))
        self.links = Links(f"robowire {world.seed}".encode())
        told = world.deliveries
        self.deliveries = Deliveries(Settings(told.hosts, told.attempts, told.wait_s), lambda: times.present(clock))

    def _make_stores(self) -> None:
        database, version = self.lock, Version()
        self.custom_properties = Store(
            "custom-properties", CustomProperty, database, version, {"key": attrgetter("key")}
        )
        self.devices = Store("devices", Device, database, version, {"name": attrgetter("name")})
        by_device = {"device_id": attrgetter("device_id")}
        self.device_tokens = Store("device-tokens", DeviceToken, database, version, by_device)
        self.events = Store("events", Event, database, version, by_device)
        self.sites = Store("sites", Site, database, version)
        self.site_tokens = Store("site-tokens", SiteToken, database, version, {"site_id": attrgetter("site_id")})
        self.extensions = Store("extensions", Extension, database, version, {"identity": _identity})
        self.layouts = Store("layouts", Layout, database, version)
        found_by = {name: attrgetter(name) for name in ("key", "import_id", "edge_site_id")}
        self.recordings = Store("recordings", Recording, database, version, by_device | found_by)
        self.uploads = Store("uploads", Upload, database, version)
        watched = {name: attrgetter(name) for name in ("running", "identity", "recording_id")}
        self.pending_imports = Store("pending-imports", PendingImport, database, version, watched)
        self.webhooks = Store("webhooks", Webhook, database, version)
        self.assemblies = Store("assemblies", Assembly, database, version)
        of_object = {"upload_id": attrgetter("upload_id")}
        self.arrived_parts = Store("parts", Part, database, version, of_object)
        self.robot_bags = Store("robot-bags", RobotBag, database, version)
        self._stores: dict[str, Store[Any]] = {one.name: one for one in vars(self).values() if isinstance(one, Store)}

    def begin(self) -> bool:
        """Start from what an earlier process kept, or from the world; whether it was the world."""
        starts = self.lock.fact("starts") or 0
        self._random = self._drawing(starts)
        with self.lock:
            for one in self._stores.values():
                one.recall()
            self.packages.recall()
            # What a process that was killed left behind, no row has.
            holders = (*self.recordings, *self.pending_imports, *self.arrived_parts)
            self.files.keep_only(row.file_id for row in holders if row.file_id)
            if not starts:
                founding.found(self, self.world)
            self.lock.keep("starts", starts + 1)  # ids of an earlier process must not come again
        return not starts

    def take(self) -> Taken:
        """What is here now."""
        with self.lock:
            return Taken(
                self.world,
                {name: one.take() for name, one in self._stores.items()},
                self.packages.take(),
                self.files.take(),
                self.reading.streams.take(),
                self._random.getstate(),
                self.rate.most,
                self.pipeline.held,
            )

    def put_back(self, taken: Taken) -> None:
        """Hold what was taken here, or in another state whose files lie in the same place; deliveries are dropped."""
        with self.lock:
            self.deliveries.stop()
            self._live_in(taken.world)
            self.rate.limit(taken.rate)
            for name, one in self._stores.items():
                one.put_back(taken.stores[name])
            for one in self._stores.values():
                one.settle()
            self.packages.put_back(taken.packages)
            self.files.put_back(taken.files)
            self.reading.clear()
            self.reading.streams.put_back(taken.streams)
            self._random.setstate(taken.random)
        self.pipeline.put_back(held=taken.imports_held)

    def _drawing(self, starts: int) -> random.Random:
        """What ids are drawn from, in the process that is this one in a row."""
        return random.Random(f"{self.world.seed} {starts}")  # noqa: S311  # reproducible, no secret

    def fresh_id(self, prefix: str) -> str:
        """An id that nothing has yet, such as `dev_8f2Kq0ZrT1xYbN3c`."""
        return prefix + "_" + "".join(self._random.choices(_ALPHABET, k=_ID_LENGTH))

    def id_for(self, prefix: str, cause: str) -> str:
        """The id of what comes of `cause`, another id: the same whenever it comes."""
        drawn = random.Random(f"{self.world.seed} {prefix} {cause}")  # noqa: S311  # reproducible, no secret
        return prefix + "_" + "".join(drawn.choices(_ALPHABET, k=_ID_LENGTH))

    def fresh_token(self, prefix: str) -> str:
        """A credential that nobody has yet, such as `fox_dt_…`; reproducible, so no secret."""
        return prefix + "_" + "".join(self._random.choices(_ALPHABET, k=_TOKEN_LENGTH))

    def close(self) -> None:
        """End the imports and the deliveries, and close the files."""
        self.pipeline.stop()
        self.deliveries.stop()
        self.files.close()
        self.lock.close()


def _identity(extension: Extension) -> tuple[str, str]:
    return foxe.identity(extension.publisher, extension.name)
