"""A demo set made once, and mocks that serve it."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from robowire_generators.demo import demo_set
from robowire_mocks.bags import BagsMock
from robowire_mocks.bags.recorder import RecorderSettings
from robowire_mocks.bags.world import World
from robowire_mocks.core.world import ClockSettings

MakeMock = Callable[..., BagsMock]


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo set; not to be written to."""
    folder = tmp_path_factory.mktemp("demo")
    demo_set(folder)
    return folder


@pytest.fixture(scope="session")
def mock(demo_folder: Path) -> Iterator[BagsMock]:
    """A mock that serves the demo set as it is, for tests that change nothing."""
    with BagsMock(World(folder=demo_folder), None, control=True) as made:
        yield made


@pytest.fixture
def make_mock(demo_folder: Path) -> Iterator[MakeMock]:
    """Makes mocks: by default of the demo set, without a recorder, in real time; with `start`, standing still there."""
    made: list[BagsMock] = []

    def make(
        folder: Path | None = None,
        *,
        data_dir: Path | None = None,
        control: bool = True,
        recorder: RecorderSettings | None = None,
        start: datetime | None = None,
    ) -> BagsMock:
        clock = ClockSettings(start=start, frozen=start is not None)
        world = World(folder=folder or demo_folder, recorder=recorder or RecorderSettings(), clock=clock)
        made.append(BagsMock(world, data_dir, control=control))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture(scope="session")
def real_bags() -> Path:
    """Bags that real recorders wrote; looked for in $ROBOWIRE_REAL_BAGS, else beside the checkout."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("ROBOWIRE_REAL_BAGS", beside))
    if not (folder / "turtlesim-example.bag").exists():
        pytest.skip(
            f"no real recordings in {folder}; set ROBOWIRE_REAL_BAGS to a folder that has turtlesim-example.bag"
        )
    return folder
