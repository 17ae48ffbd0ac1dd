"""Orders of texts that servers may sort by, and those that they may not."""

import pytest
from robowire_conformance.foxglove.ordering import in_order


@pytest.mark.parametrize(
    "values",
    [
        ["Zulu", "alpha", "beta"],
        ["alpha", "beta", "Zulu"],
        ["a10", "a9"],
        ["a9", "a10"],
        ["a-b", "ab", "a-c"],
        [1, 2, 2, 10],
        [False, True],
        [],
        ["x"],
    ],
)
def test_any_plausible_order_is_one(values: list[object]) -> None:
    """Code points, letters without case, natural numbers, and collations that pass over punctuation."""
    assert in_order(values)
    assert in_order([*reversed(values)], descending=True)


@pytest.mark.parametrize("values", [["b", "a", "c"], [1, 10, 9], ["9", "10", "8"], ["alpha", "charlie", "bravo"]])
def test_no_order_is_none(values: list[object]) -> None:
    """What no collation gives is not in order."""
    assert not in_order(values)
    assert not in_order([*reversed(values)], descending=True)
