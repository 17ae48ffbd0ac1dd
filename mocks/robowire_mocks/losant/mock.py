"""The Losant mock as a whole: a world of devices, a clock, exports, and the application that serves them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

from robowire_generators.telemetry import TelemetryWorld, load_world

from robowire_mocks.core.auth import bearer_token
from robowire_mocks.core.clock import ClockState
from robowire_mocks.core.filing import Files
from robowire_mocks.core.keeping import database_of, world_in
from robowire_mocks.core.mock import Making, Mock
from robowire_mocks.core.shelf import Shelf
from robowire_mocks.core.world import WorldError
from robowire_mocks.losant import jobs
from robowire_mocks.losant.call import Call
from robowire_mocks.losant.errors import error_body
from robowire_mocks.losant.jobs import Jobs
from robowire_mocks.losant.robot_reports import States, states_of, with_states
from robowire_mocks.losant.routes import add_routes
from robowire_mocks.losant.state import State
from robowire_mocks.losant.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from robowire_generators.telemetry import Device

    from robowire_mocks.core.mock import Source
    from robowire_mocks.losant.jobs import Order
    from robowire_mocks.losant.times import TimeRange

DEFAULT_WORLD: str = "losant"

_REPORTED = "reports"  # what the robot reported of its bags, by their names
_ANCHOR = "anchor"  # when the world began, in ms: what is relative to it stays where it was


def create_mock(
    *,
    world: Source | None = None,
    bags: str | Path | None = None,
    data_dir: str | Path | None = None,
    control: bool = True,
) -> LosantMock:
    """Make the mock; see `robowire_mocks.create_mock`."""
    if bags is not None:
        raise WorldError("the Losant API has no bags")
    folder = None if data_dir is None else Path(data_dir)
    database = database_of("losant", folder)
    read = partial(load_world, now_ms=database.fact(_ANCHOR))
    held, source = world_in(database, DEFAULT_WORLD if world is None else world, read)
    return LosantMock(held, folder, control=control, database=database, source=source)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the mock held at one moment; nothing of it ever changes."""

    world: TelemetryWorld
    jobs: jobs.Taken
    reported: Mapping[str, States] = field(default_factory=dict)


class LosantMock(Mock[Steps]):
    """The platform, as far as its Data resource goes.

    The world is in memory, and the API changes nothing of it; exports are files, in `data_dir` or a temporary folder.
    """

    api = "losant"
    vendor_host = "api.losant.com"
    usual_address = f"https://{vendor_host}"
    problem = staticmethod(error_body)
    add_routes = staticmethod(add_routes)

    def __init__(
        self,
        world: TelemetryWorld,
        data_dir: Path | None,
        *,
        beside: LosantMock | None = None,
        **making: Unpack[Making],
    ) -> None:
        super().__init__(ClockState(world.clock_start, world.clock_frozen), Steps(), data_dir, **making)
        self.database.keep(_ANCHOR, world.anchor_ms)
        files = (
            beside.state.jobs.files.beside(self.database)
            if beside
            else Files(Shelf(data_dir / "exports" if data_dir else None, "exports"), self.database)
        )
        self.snapshots.keep_in(self.database, files.shelf)
        kept: dict[str, States] = dict(self.database.rows(_REPORTED))
        told = with_states(world, [state for states in kept.values() for state in states])
        self.state: State = State(told, Jobs(files, self.database, self.clock), kept)
        self.state.jobs.begin(self._understand)
        self._begun(Taken(world, jobs.NONE))

    def robot_has(self, bags: Sequence[Path]) -> None:
        """It reports what those hold of which it has not reported yet."""
        found = self.state.world.robot_device
        robot = self.state.world.robot
        fresh = [bag for bag in bags if bag.name not in self.state.reported] if found and robot else []
        if not fresh or found is None or robot is None:
            return
        reports = {bag.name: states_of(bag, robot, found[1].attributes) for bag in fresh}
        with self.database as database:
            for name, states in reports.items():
                database.put(_REPORTED, name, states)
            world = with_states(self.state.world, [state for states in reports.values() for state in states])
            self.state = State(world, self.state.jobs, {**self.state.reported, **reports})

    def knows(self, authorization: str) -> bool:
        """Whether it is a token of the world."""
        return bearer_token(authorization) in self.world.tokens

    @property
    def readings(self) -> Mapping[str, Callable[[], Any]]:
        """The outbox: the announcements of exports, once all that were asked for are done."""
        return {"outbox": self.state.jobs.outbox}

    @property
    def world(self) -> TelemetryWorld:
        """The world that the state began with."""
        return self.state.world

    @property
    def token(self) -> str:
        """The world's first token that may do everything everywhere, or its first."""
        tokens = sorted(
            self.world.tokens.values(),
            key=lambda token: "all.Application" not in token.scopes or token.applications is not None,
        )
        return tokens[0].token if tokens else ""

    def close(self) -> None:
        """Finish the exports that were begun, and remove their files unless there is a data folder."""
        self.state.jobs.close()
        self.database.close()

    def _take(self) -> Taken:
        taken = self.state.jobs.take()
        return Taken(self.state.world, taken, self.state.reported)

    def _put_back(self, state: Taken) -> None:
        with self.database as database:
            database.keep(_ANCHOR, state.world.anchor_ms)
            database.replace(_REPORTED, state.reported.items())
            self.state = State(state.world, self.state.jobs, state.reported)
        self.state.jobs.put_back(state.jobs)

    def _read(self, world: Source) -> TelemetryWorld:
        return load_world(world)

    def _again(self) -> TelemetryWorld:
        """Read again: the times of a world that was made are absolute."""
        try:
            return self.world if self.source is None else load_world(self.source)
        except WorldError:  # the file is not there any more
            return self.world

    def _beside(self, world: TelemetryWorld | None = None) -> Self:
        return type(self)(world or self.world, None, control=self.control, beside=self)

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
