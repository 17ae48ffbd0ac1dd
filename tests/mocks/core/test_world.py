"""World files are read strictly, and what is wrong with one is said in one sentence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

import pytest
from robowire_fixtures.catalogue import APIS
from robowire_generators.telemetry import load_world
from robowire_mocks.bags.world import World
from robowire_mocks.core.world import WorldError, read_world, sections_of
from robowire_mocks.foxglove import world as foxglove_world


class Colour(StrEnum):
    """An enumeration."""

    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """A table in a list of tables."""

    size: float
    colour: Colour = Colour.RED

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("a size is not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """All kinds of keys."""

    name: str = ""
    count: int = 0
    on: bool = False
    made: datetime | None = None
    folder: Path | None = None
    wheel: tuple[Wheel, ...] = ()
    spare: Wheel = field(default_factory=lambda: Wheel(size=1.0))


def written(folder: Path, text: str) -> Path:
    """A file with the text."""
    file = folder / "cart.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_kind_of_key_is_read(tmp_path: Path) -> None:
    """Numbers, times, paths beside the file, enumerations, tables and lists of tables."""
    text = """
        name = "a"
        count = 3
        on = true
        made = 2026-11-20T12:00:00
        folder = "bags"
        wheel = [{ size = 2 }, { size = 2.5, colour = "blue" }]
        [spare]
        size = 4
    """
    made = datetime(2026, 11, 20, 12, tzinfo=UTC)
    wheels = (Wheel(size=2.0), Wheel(size=2.5, colour=Colour.BLUE))
    expected = Cart(
        name="a", count=3, on=True, made=made, folder=tmp_path / "bags", wheel=wheels, spare=Wheel(size=4.0)
    )
    assert read_world(Cart, written(tmp_path, text)) == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nmae = 'a'", "has no key 'nmae'; it may have: name, count"),
        ("name = 3", "name must be a string"),
        ("count = true", "count must be an integer"),
        ("count = 1.5", "count must be an integer"),
        ("on = 1", "on must be true or false"),
        ("made = '2026'", "made must be a date and time"),
        ("made = '2026-13-20T12:00:00Z'", "made must be a date and time"),
        ("folder = 3", "folder must be a path"),
        ("wheel = 3", "wheel must be a list"),
        ("wheel = [3]", r"wheel\[0\] must be a table"),
        ("wheel = [{}]", r"wheel\[0\] lacks 'size'"),
        ("wheel = [{ size = -1 }]", r"wheel\[0\]: a size is not negative"),
        ("wheel = [{ size = 1, colour = 'pink' }]", r"wheel\[0\]: colour must be one of: red, blue"),
        ("wheel = [{ size = 1, colour = 3 }]", r"wheel\[0\]: colour must be one of: red, blue"),
        ("spare = 3", "spare must be a table"),
        ("name = ", "is not TOML"),
    ],
)
def test_one_sentence_says_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    """The sentence names the file, the key and what would be right."""
    file = written(tmp_path, text)
    with pytest.raises(WorldError, match=complaint) as raised:
        read_world(Cart, file)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value).replace(str(file), "") or "TOML" in complaint


@pytest.mark.parametrize("text", ["2026-11-20T12:00:00Z", "2026-11-20T13:00:00+01:00", "2026-11-20 12:00"])
def test_a_time_may_be_a_string_too(tmp_path: Path, text: str) -> None:
    """JSON has no times, and a world may be sent as JSON."""
    cart = read_world(Cart, written(tmp_path, f"name = 'a'\nmade = '{text}'"))
    assert cart.made == datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_file_that_is_not_there_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a line, with the place that was looked at and the names that there are; so is one that is no text."""
    monkeypatch.chdir(tmp_path)
    come_along = "; worlds that come along: bags, bags-recorder, fleet, foxglove, losant"
    for named in ("none.toml", Path("none.toml"), tmp_path / "none.toml"):
        with pytest.raises(WorldError) as missing:
            read_world(Cart, named)
        assert str(missing.value) == (
            f"the world {named} cannot be read: there is no {tmp_path / 'none.toml'}{come_along}"
        )
    with pytest.raises(WorldError, match="cannot be read: Is a directory"):
        read_world(Cart, tmp_path)
    (tmp_path / "raw.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(WorldError, match="cannot be read"):
        read_world(Cart, str(tmp_path / "raw.toml"))


def test_an_unknown_name_lists_the_worlds() -> None:
    """A world is a name of the fixtures unless it looks like a file."""
    with pytest.raises(WorldError, match="there are: bags, bags-recorder"):
        read_world(World, "bogs")


WORLDS = files("robowire_fixtures").joinpath("worlds")
HELD: dict[str, Callable[[str], object]] = {
    "bags": lambda name: read_world(World, name).demo,
    "fleet": lambda name: len(sections_of(name)) == len(APIS),
    "foxglove": lambda name: read_world(foxglove_world.World, name).key,
    "losant": lambda name: load_world(name).points,
}
"""Something that a world of each API holds."""


@pytest.mark.parametrize("name", sorted(file.name.removesuffix(".toml") for file in WORLDS.iterdir()))
def test_every_world_of_the_fixtures_can_be_read(name: str) -> None:
    """By its name, which says its API."""
    assert HELD[name.partition("-")[0]](name)
