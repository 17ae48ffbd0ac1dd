"""The Foxglove mock as a whole: an organisation, a clock, and the application that serves them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from robowire_mocks.core.auth import bearer_token
from robowire_mocks.core.keeping import database_of, world_in
from robowire_mocks.core.mock import Making, Mock
from robowire_mocks.core.world import WorldError, world_of
from robowire_mocks.foxglove.call import Call
from robowire_mocks.foxglove.import_control import ImportControl
from robowire_mocks.foxglove.operations import Operation
from robowire_mocks.foxglove.robot_uploads import upload_bags
from robowire_mocks.foxglove.routes import URL_PATH, add_routes
from robowire_mocks.foxglove.state import State, Taken
from robowire_mocks.foxglove.steps import Steps
from robowire_mocks.foxglove.times import present
from robowire_mocks.foxglove.webhook_control import WebhookControl
from robowire_mocks.foxglove.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from robowire_mocks.core.mock import Source

DEFAULT_WORLD: str = "foxglove"

_OUTSIDE = Operation("control", "POST", "/__robowire")


def create_mock(
    *,
    world: Source | None = None,
    bags: str | Path | None = None,
    data_dir: str | Path | None = None,
    control: bool = True,
) -> FoxgloveMock:
    """Make the mock; see `robowire_mocks.create_mock`."""
    if bags is not None:
        raise WorldError("the Foxglove API has no bags to serve")
    folder = None if data_dir is None else Path(data_dir)
    database = database_of("foxglove", folder)
    start, source = world_in(database, DEFAULT_WORLD if world is None else world, partial(world_of, World))
    return FoxgloveMock(start, folder, control=control, source=source, database=database)


class FoxgloveMock(Mock[Steps]):
    """The platform, as far as it manages an organisation.

    What it holds is in memory; with `data_dir`, every change is kept there too, and outlives the process.
    """

    api = "foxglove"
    url_path = URL_PATH
    vendor_host = "api.foxglove.dev"
    usual_address = f"https://{vendor_host}"
    add_routes = staticmethod(add_routes)

    def __init__(
        self,
        world: World,
        data_dir: Path | None = None,
        *,
        beside: FoxgloveMock | None = None,
        empty: bool = False,
        **making: Unpack[Making],
    ) -> None:
        super().__init__(world.clock.begun, Steps(), data_dir, **making)
        self.state: State = State(world, self.clock, self.database, data_dir, beside=beside.state if beside else None)
        self.snapshots.keep_in(self.database, self.state.files.shelf)
        self.webhooks = WebhookControl(self._outside_call)
        self.imports = ImportControl(self.state.pipeline)
        if not empty:
            self._begin()
        self.state.pipeline.begin(self._outside_call)

    def robot_has(self, bags: Sequence[Path]) -> None:
        """It uploads those that it has not uploaded before."""
        if self.world.robot is not None:
            upload_bags(self._outside_call(), self.world.robot.name, bags)

    def knows(self, authorization: str) -> bool:
        """Whether it is an API key of the organisation."""
        return bearer_token(authorization) in self.state.keys

    @property
    def actions(self) -> Mapping[str, Callable[[dict[str, Any]], Any]]:
        """The rate limit: `{"requests_per_second": number}`, 0 is none; webhooks and imports as their controls do."""
        return {"rate": self._limit_rate, "webhooks": self.webhooks.act, "imports": self.imports.act}

    @property
    def readings(self) -> Mapping[str, Callable[[], Any]]:
        """The webhooks, and the attempts to deliver what they tell."""
        return {"webhooks": self.webhooks.listing, "attempts": self.webhooks.attempts}

    def close(self) -> None:
        """End the deliveries, and close the files of the data folder."""
        self.state.close()

    @property
    def world(self) -> World:
        """The world that the state began with."""
        return self.state.world

    @property
    def token(self) -> str:
        """The world's first key that may do everything, or its first."""
        keys = sorted(self.world.key, key=lambda key: "*" not in key.capabilities)
        return keys[0].key if keys else ""

    def _take(self) -> Taken:
        return self.state.take()

    def _put_back(self, state: Taken) -> None:
        self.state.put_back(state)

    def _begin(self) -> None:
        """Be what an earlier process left, or the world."""
        try:
            if self.state.begin():
                self._begun(self.state.take())
        except BaseException:
            self.close()
            raise

    def _read(self, world: Source) -> World:
        return world_of(World, world)

    def _beside(self, world: World | None = None) -> Self:
        return type(self)(world or self.world, control=self.control, beside=self, empty=world is None)

    def _outside_call(self) -> Call:
        """What happens outside the API, as a call."""
        return Call(_OUTSIDE, self.steps, self.state, present(self.clock))

    def _limit_rate(self, body: dict[str, Any]) -> None:
        match body:
            case {"requests_per_second": int() as number, **rest} if not rest and number >= 0 and number is not True:
                self.state.rate.limit(number)
            case _:
                raise ValueError('send {"requests_per_second": number}; 0 is no limit')
