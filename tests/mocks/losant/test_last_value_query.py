"""Last values."""

from typing import Any

import pytest


@pytest.fixture
def api(make_api: Any, worlds: Any) -> Any:
    """A device with ties, and one that reported other things only."""
    now = worlds.NOW
    states = [
        (now - 3000, {"a": 1.0, "b": "x"}),
        (now - 2000, {"a": 2.0}),
        (now - 2000, {"a": 3.0}),
        (now + 9000, {"a": 9.0}),
    ]
    return make_api(worlds.make_world(worlds.make_device(1, states), worlds.make_device(2, [(now - 1, {"b": "y"})])))


@pytest.mark.parametrize(
    ("body", "due"),
    [
        ({"attribute": "a"}, (-2000, {"a": 3.0})),
        ({"attribute": "a", "end": 0}, (-2000, {"a": 3.0})),
        ({"attribute": "a", "end": -2000}, (-3000, {"a": 1.0})),
        ({"attribute": "a", "end": -1999}, (-2000, {"a": 3.0})),
        ({"attribute": "b"}, (-3000, {"b": "x"})),
        ({}, (-2000, {"a": 3.0})),
        ({"end": -2500}, (-3000, {"a": 1.0, "b": "x"})),
        ({"end": -3000}, None),
        ({"attribute": "c"}, None),
    ],
)
def test_the_last_value_before_the_end(api: Any, worlds: Any, body: Any, due: Any) -> None:
    """Of several at the same time the one that arrived last; without an attribute the last state."""
    entry = api.post("lastValueQuery", body).json.get(worlds.device_id(1))
    if due is None:
        assert entry is None
        return
    assert entry == {"time": worlds.iso(worlds.NOW + due[0]), "data": due[1]}


def test_devices_without_a_value_are_left_out(api: Any, worlds: Any) -> None:
    """The other ones are there."""
    assert set(api.post("lastValueQuery", {"attribute": "a"}).json) == {worlds.device_id(1)}
    assert set(api.post("lastValueQuery", {"attribute": "b"}).json) == {worlds.device_id(1), worlds.device_id(2)}
