"""A world that was loaded in the place of another is that of the next process too, if it is asked for the same."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.world import WorldError

FOXGLOVE = {"key": [{"key": "k", "capabilities": ["*"]}], "device": [{"name": "loaded"}]}
START = datetime(2026, 1, 1, tzinfo=UTC)
WORLDS: dict[str, Any] = {
    "foxglove": FOXGLOVE | {"clock": {"start": START, "frozen": True}},
    "losant": {
        "token": [{"token": "t", "scopes": ["all.Application"]}],
        "application": [{"id": "c" * 24, "name": "c"}],
        "clock": {"start": START, "frozen": True},
    },
    "bags": {"bag": [{"filename": "a.bag", "duration_s": 2.0}], "clock": {"start": START, "frozen": True}},
}

Start = Callable[..., Mock[Any]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts one mock after the other in the same data folder."""
    started: list[Mock[Any]] = []

    def begin(api: str, **settings: Any) -> Mock[Any]:
        if started:
            started[-1].close()
        started.append(create_mock(api, data_dir=tmp_path / "data", **settings))
        return started[-1]

    yield begin
    started[-1].close()


def seen(mock: Mock[Any]) -> tuple[Any, ...]:
    """What tells one world from another."""
    world = mock.world
    names = [bag.name for bag in getattr(world, "bag", ())], sorted(getattr(world, "applications", ()))
    return mock.clock.now(), names, [key.key for key in getattr(world, "key", ())]


@pytest.mark.parametrize("api", WORLDS)
def test_a_world_that_was_loaded_stays(start: Start, api: str) -> None:
    """Its credentials and its clock with its rows; and a reset comes back to it."""
    mock = start(api)
    mock.load(WORLDS[api])
    loaded = seen(mock)
    assert loaded[0] == START.timestamp()
    mock = start(api)
    assert seen(mock) == loaded
    mock.clock.advance(60)
    mock.reset()
    assert seen(mock) == loaded
    assert seen(start(api)) == loaded


def test_a_file_is_read_again(start: Start, tmp_path: Path) -> None:
    """As the one that the mock was started with is: what it says of keys counts at once."""
    file = tmp_path / "my.toml"
    file.write_text("[[key]]\nkey = 'first'\n", encoding="utf-8")
    start("foxglove").load(file)
    file.write_text("[[key]]\nkey = 'second'\n", encoding="utf-8")
    assert [key.key for key in start("foxglove").world.key] == ["second"]


def test_who_asks_for_another_world_gets_it(start: Start, tmp_path: Path) -> None:
    """What was loaded was in the place of what was asked for then."""
    file = tmp_path / "my.toml"
    file.write_text("[[key]]\nkey = 'mine'\n", encoding="utf-8")
    start("foxglove").load(FOXGLOVE)
    assert [key.key for key in start("foxglove", world=file).world.key] == ["mine"]
    assert [key.key for key in start("foxglove", world=str(file)).world.key] == ["mine"]
    assert "fox_sk_robowire_all" in [key.key for key in start("foxglove").world.key]


def test_who_comes_back_to_the_first_has_loaded_nothing(start: Start) -> None:
    """By loading it, or a snapshot of it."""
    mock = start("foxglove")
    mock.snapshots.save("first")
    mock.load(FOXGLOVE)
    mock.snapshots.restore("first")
    mock = start("foxglove")
    assert (mock.source, len(mock.world.key) > 1) == ("foxglove", True)
    mock.load(FOXGLOVE)
    mock.load("foxglove")
    assert start("foxglove").source == "foxglove"


def test_a_world_that_cannot_be_read_leaves_the_folder_free(tmp_path: Path) -> None:
    """Whoever corrects it can start."""
    with pytest.raises(WorldError, match="no world is called"):
        create_mock("foxglove", world="none", data_dir=tmp_path)
    create_mock("foxglove", world=FOXGLOVE, data_dir=tmp_path).close()


def test_rows_of_another_form_of_the_world_are_told(
    start: Start, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """They stay, with the keys of now, until a reset begins with the world; nothing is said where all is as it was."""
    file = tmp_path / "my.toml"
    text = '[[key]]\nkey = "k"\ncapabilities = ["*"]\n[[device]]\nname = "{}"\n'
    file.write_text(text.format("old"), encoding="utf-8")
    for _ in range(2):
        start("foxglove", world=file)
    assert not caplog.records
    file.write_text(text.format("new"), encoding="utf-8")
    mock = start("foxglove", world=file)
    (warning,) = caplog.records
    assert (warning.name, warning.levelname) == ("robowire.mocks", "WARNING")
    assert warning.getMessage().startswith(f"the data folder {tmp_path / 'data'} has the rows of another world, or of")

    def names() -> list[str]:
        answer = mock.app.test_client().get("/v1/devices", headers={"Authorization": "Bearer k"})
        return [one["name"] for one in answer.get_json()]

    assert names() == ["old"]
    mock.reset()
    assert names() == ["new"]
