"""The Losant mock as a whole: a world of devices, a clock, exports, and the application that serves them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robowire_generators.telemetry import load_world

from robowire_mocks.core.keeping import database_of, home_of, kept_clock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.world import WorldError
from robowire_mocks.losant.call import Call
from robowire_mocks.losant.errors import error_body
from robowire_mocks.losant.jobs import Jobs
from robowire_mocks.losant.routes import add_routes
from robowire_mocks.losant.state import State
from robowire_mocks.losant.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from robowire_generators.telemetry import Device, TelemetryWorld

    from robowire_mocks.core.database import Database
    from robowire_mocks.losant.jobs import Order
    from robowire_mocks.losant.times import TimeRange

DEFAULT_WORLD: str = "losant"

_ANCHOR = "anchor"  # when the world began, in ms: what is relative to it stays where it was


def create_mock(
    *,
    world: str | Path | None = None,
    bags: str | Path | None = None,
    data_dir: str | Path | None = None,
    control: bool = True,
) -> LosantMock:
    """Make the mock; see `robowire_mocks.create_mock`."""
    if bags is not None:
        raise WorldError("the Losant API has no bags")
    folder = None if data_dir is None else Path(data_dir)
    database = database_of("losant", folder)
    try:
        held = load_world(world or DEFAULT_WORLD, now_ms=database.fact(_ANCHOR))
    except WorldError:
        database.close()
        raise
    return LosantMock(held, folder, control=control, database=database)


class LosantMock(Mock[Steps]):
    """The platform, as far as its Data resource goes.

    The world is in memory and does not change; exports are files, in `data_dir` or in a temporary folder.
    """

    api = "losant"
    vendor_host = "api.losant.com"
    problem = staticmethod(error_body)
    add_routes = staticmethod(add_routes)

    def __init__(
        self,
        world: TelemetryWorld,
        data_dir: Path | None,
        *,
        control: bool = True,
        database: Database | None = None,
    ) -> None:
        self._home, self._temporary = home_of(self.api, data_dir), data_dir is None
        self._database = database or database_of(self.api, data_dir)
        self._database.keep(_ANCHOR, world.anchor_ms)
        clock = kept_clock(self._database, world.clock_start, frozen=world.clock_frozen)
        super().__init__(clock, Steps(), control=control)
        jobs = Jobs(self._home / "exports", self._database, self.clock, world.link_s * 1000)
        self.state = State(world, jobs)
        jobs.begin(self._understand)

    @property
    def readings(self) -> Mapping[str, Callable[[], Any]]:
        """The outbox: the announcements of exports, once all that were asked for are done."""
        return {"outbox": self.state.jobs.outbox}

    def close(self) -> None:
        """Finish the exports that were begun, and remove the temporary folder, if there is one."""
        self.state.jobs.close()
        self._database.close()
        if self._temporary:
            shutil.rmtree(self._home, ignore_errors=True)

    def _reset_state(self) -> None:
        self.state.jobs.reset()

    def _understand(self, order: Order) -> tuple[Call, Sequence[Device], TimeRange]:
        """What an export that an earlier process did not finish was asked for."""
        call = Call(
            "export",
            self.steps,
            self.state,
            order.origin,
            order.now,
            order.application_id,
            {},
            raw=order.body.encode(),
            application=self.state.world.applications[order.application_id],
        )
        call = replace(call, query=self.steps.validate(call, self.steps.read(call)))
        return call, self.steps.select(call), self.steps.range(call)
