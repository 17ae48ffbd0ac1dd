from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from robowire_fixtures.worldfile import WorldError
from robowire_generators.telemetry import Device
from robowire_generators.telemetry.histories import Piece, extended, merge

ANCHOR_MS = 1_795_176_000_000
IRREGULAR = {"count": 500, "period_ms": 1000, "jitter_ms": 200, "ties": 0.2, "late": 0.2, "missing": 0.3}
ALL = {"a": "number", "b": "boolean", "s": "string", "g": "gps", "x": "blob"}
MakeDevice = Callable[..., Device]


def history(device: MakeDevice, **recipe: Any) -> Any:
    """The history of a device with one recipe."""
    return device(attributes=ALL, history=[recipe]).history


def test_a_regular_history_ends_at_its_end(device: MakeDevice) -> None:
    """States are a period apart, and the last one is at the anchor unless `end` or `start` says otherwise."""
    assert history(device, count=3, period_ms=10).times.tolist() == [ANCHOR_MS - 20, ANCHOR_MS - 10, ANCHOR_MS]
    assert history(device, count=2, period_ms=10, end=-5).times.tolist() == [ANCHOR_MS - 15, ANCHOR_MS - 5]
    assert history(device, count=2, period_ms=10, start=1000).times.tolist() == [1000, 1010]
    assert len(history(device, count=0)) == 0


def test_columns_fit_their_states(device: MakeDevice) -> None:
    """Times ascend, and each value points at the state that it was reported in."""
    made = history(device, **IRREGULAR)
    assert (np.diff(made.times) >= 0).all()
    for name, column in made.columns.items():
        assert len(column.times) == len(column.values) == len(column.states) == len(column)
        assert (np.diff(column.states) > 0).all()
        assert (made.times[column.states] == column.times).all()
        assert {"a": "f", "b": "b"}.get(name, "O") == column.values.dtype.kind


def test_a_complete_column_shares_the_times(device: MakeDevice) -> None:
    """An attribute that every state has costs no times of its own."""
    made = history(device, count=100, late=0.5)
    assert all(column.times is made.times for column in made.columns.values())


def test_irregularities_are_there(device: MakeDevice) -> None:
    """Gaps, bursts, ties, late and missing values are in a history that asks for them, and in no other one."""
    plain = history(device, count=1000, period_ms=1000)
    assert set(np.diff(plain.times).tolist()) == {1000}
    assert plain.arrival is None
    made = history(device, count=1000, period_ms=1000, gaps=2, gap_ms=100_000, bursts=2, burst_size=5, burst_ms=3)
    steps = np.diff(made.times)
    assert (steps == 3).sum() >= 5
    assert (steps >= 50_000).sum() == 2
    irregular = history(device, **IRREGULAR)
    assert (np.diff(irregular.times) == 0).sum() > 50
    assert sorted(irregular.arrival.tolist()) == list(range(500))
    assert irregular.arrival.tolist() != list(range(500))
    assert 250 < len(irregular.columns["a"]) < 450


def test_ties_are_in_order_of_arrival(device: MakeDevice) -> None:
    """Of states at one time, that which arrived first comes first."""
    made = history(device, **IRREGULAR)
    for earlier, later in zip(range(len(made) - 1), range(1, len(made)), strict=True):
        if made.times[earlier] == made.times[later]:
            assert made.arrival[earlier] < made.arrival[later]


def test_the_same_recipe_gives_the_same_history(device: MakeDevice) -> None:
    """Values and times come from the seed and the device's id alone."""
    first, again = history(device, **IRREGULAR), history(device, **IRREGULAR)
    other = device(id="c" * 24, attributes=ALL, history=[IRREGULAR]).history
    for name, column in first.columns.items():
        assert column.values.tolist() == again.columns[name].values.tolist()
        assert column.times.tolist() == again.columns[name].times.tolist()
    assert first.times.tolist() != other.times.tolist()


def test_written_states_are_put_in_order(device: MakeDevice) -> None:
    """States may stand in any order, of which equal times keep theirs; a state keeps its values together."""
    states = [
        {"time": -1, "data": {"a": 3, "s": "x"}},
        {"time": -5, "data": {"a": 1}},
        {"time": -1, "data": {"s": "y"}},
    ]
    made: Any = device(attributes=ALL, state=states).history
    assert (made.times - ANCHOR_MS).tolist() == [-5, -1, -1]
    assert made.columns["a"].values.tolist() == [1.0, 3.0]
    assert made.columns["s"].values.tolist() == ["x", "y"]
    assert made.columns["s"].states.tolist() == [1, 2]
    assert made.arrival.tolist() == [1, 0, 2]
    assert set(made.columns) == {"a", "s"}


def test_recipes_and_written_states_mix(device: MakeDevice) -> None:
    """Several sources become one history in order of time."""
    recipes = [{"count": 3, "period_ms": 10, "attributes": ["a"]}, {"count": 2, "period_ms": 15, "attributes": ["b"]}]
    made = device(attributes=ALL, history=recipes, state=[{"time": -12, "data": {"s": "now"}}]).history
    assert (made.times - ANCHOR_MS).tolist() == [-20, -15, -12, -10, 0, 0]
    assert (made.columns["b"].times - ANCHOR_MS).tolist() == [-15, 0]
    assert made.columns["b"].states.tolist() == [1, 5]


def test_nothing_merges_to_nothing() -> None:
    """A device that reported nothing has an empty history."""
    empty = merge([Piece(np.empty(0, np.int64), {})])
    assert len(empty) == 0
    assert empty.columns == {}


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        ({"count": -1}, "must not be negative"),
        ({"count": 1, "ties": 1.5}, "shares from 0 to 1"),
        ({"count": 1, "start": 1, "end": 2}, "give start or end"),
        ({"count": 1, "period_ms": 5, "jitter_ms": 6}, "jitter_ms must be"),
        ({"count": 1, "attributes": ["unknown"]}, "no attribute 'unknown'"),
        ({}, "lacks 'count'"),
    ],
)
def test_a_senseless_recipe_is_refused(device: MakeDevice, recipe: dict[str, Any], text: str) -> None:
    """The message says what is wrong."""
    with pytest.raises(WorldError, match=text):
        history(device, **recipe)


@pytest.mark.parametrize("recipe", [{"count": 100, "period_ms": 1000}, IRREGULAR])
def test_a_history_goes_on(device: MakeDevice, recipe: dict[str, Any]) -> None:
    """More states come after all others, wherever their times lie, as if all had been reported to one history."""
    before = history(device, **recipe)
    times = np.array([ANCHOR_MS - 1000, ANCHOR_MS + 5, ANCHOR_MS - 1000], np.int64)
    piece = Piece(times, {"a": (np.array([0, 2]), np.array([1.0, 2.0])), "new": (None, np.array([1.0, 2.0, 3.0]))})
    after = extended(before, piece)
    assert len(after) == len(before) + 3
    assert sorted([*before.times.tolist(), *times.tolist()]) == after.times.tolist()
    assert after.arrival is not None
    ranks = {rank: row for row, rank in enumerate(after.arrival.tolist())}
    late = [ranks[len(before) + number] for number in range(3)]
    assert after.times[late].tolist() == times.tolist()
    assert late[0] < late[2]
    assert dict(zip(after.columns["new"].states.tolist(), after.columns["new"].values.tolist(), strict=True)) == {
        late[0]: 1.0,
        late[1]: 2.0,
        late[2]: 3.0,
    }
    first = dict(zip(before.columns["a"].states.tolist(), before.columns["a"].values.tolist(), strict=True))
    order = range(len(before)) if before.arrival is None else before.arrival.tolist()
    expected = {ranks[rank]: first[row] for row, rank in enumerate(order) if row in first}
    found = dict(zip(after.columns["a"].states.tolist(), after.columns["a"].values.tolist(), strict=True))
    assert found == expected | {late[0]: 1.0, late[2]: 2.0}
