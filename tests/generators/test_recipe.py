from typing import Any

import pytest
from robowire_generators.recipe import DEFAULT_START_NS, BagRecipe, Compression, parse_size, parse_start


def test_a_recipe_lasts_half_a_minute_unless_it_says_otherwise() -> None:
    """Neither duration nor size: 30 s; with a size only, the size ends the recording."""
    assert BagRecipe().duration_ns == 30 * 10**9
    assert BagRecipe(size=1000).duration_ns is None
    assert BagRecipe(duration_s=2.5, size=1000).duration_ns == 2_500_000_000


def test_large_bags_have_images_unless_the_profile_is_named() -> None:
    """From 20 MB on everything is recorded."""
    assert BagRecipe(size=20_000_000).profile == "full"
    assert BagRecipe(size=19_999_999).profile == "small"
    assert BagRecipe(size=20_000_000, profile="telemetry").profile == "telemetry"


def test_compression_may_be_given_by_name() -> None:
    """A plain string becomes the enum's member."""
    assert BagRecipe(compression="bz2").compression is Compression.BZ2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"seed": -1}, "seed"),
        ({"duration_s": -0.1}, "duration"),
        ({"duration_s": float("nan")}, "duration"),
        ({"duration_s": float("inf")}, "duration"),
        ({"duration_s": 1e300}, "duration"),
        ({"start_ns": 0}, "1970"),
        ({"start_ns": 2**32 * 10**9}, "2106"),
        ({"duration_s": 2e9, "start_ns": 3 * 10**18}, "2106"),
        ({"size": 0}, "size"),
        ({"profile": "huge"}, "small, telemetry, full"),
        ({"topics": ()}, "topics"),
        ({"chunk_size": 0}, "chunk size"),
        ({"chunk_size": 2**30 + 1}, "chunk size"),
        ({"compression": "zip"}, "none, bz2, lz4"),
        ({"connections": 0}, "connections"),
        ({"connections": 101}, "connections"),
    ],
)
def test_a_recipe_that_makes_no_bag_is_refused(values: dict[str, Any], says: str) -> None:
    """The error is one sentence that names what is wrong."""
    with pytest.raises(ValueError, match=says) as error:
        BagRecipe(**values)
    assert str(error.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1234", 1234),
        ("5GB", 5_000_000_000),
        ("5 gb", 5_000_000_000),
        ("1.5kB", 1500),
        ("64KiB", 65_536),
        ("2 GiB", 2**31),
        ("9" * 20 + "GB", (10**20 - 1) * 10**9),
    ],
)
def test_sizes_are_read(text: str, size: int) -> None:
    """Decimal and binary units, in any case, with and without a space."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "GB", "-5GB", "5PB", "5 5", "1e3", "nan", "\u0665GB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    """The error repeats the text."""
    with pytest.raises(ValueError, match="is no size"):
        parse_size(text)


@pytest.mark.parametrize(
    "text",
    ["2023-10-31T14:30:00.25Z", "2023-10-31T14:30:00.250000", "2023-10-31 16:30:00.25+02:00"],
)
def test_moments_are_read(text: str) -> None:
    """In UTC unless an offset is given, exact to the microsecond."""
    assert parse_start(text) == DEFAULT_START_NS


@pytest.mark.parametrize("text", ["", "yesterday", "2023-13-01T00:00:00Z"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    """The error repeats the text."""
    with pytest.raises(ValueError, match="is no time"):
        parse_start(text)
