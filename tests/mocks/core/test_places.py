"""Places lead to members and elements, alone or many at once, and to nothing where there is nothing."""

import copy
from typing import Any

import pytest
from robowire_mocks.core.places import put

VALUE = [{"name": "a", "device": {"id": 1}, "tags": ["x", "y"]}, {"name": "b"}, 3]


@pytest.mark.parametrize(
    ("place", "changed"),
    [
        ("0", ["NEW", {"name": "b"}, 3]),
        ("0.name", [{"name": "NEW", "device": {"id": 1}, "tags": ["x", "y"]}, {"name": "b"}, 3]),
        (
            "[].name",
            [{"name": "NEW", "device": {"id": 1}, "tags": ["x", "y"]}, {"name": "NEW"}, 3],
        ),
        (
            "*.device.id",
            [{"name": "a", "device": {"id": "NEW"}, "tags": ["x", "y"]}, {"name": "b"}, 3],
        ),
        ("[name=b].name", [{"name": "a", "device": {"id": 1}, "tags": ["x", "y"]}, {"name": "NEW"}, 3]),
        ("1.more", [{"name": "a", "device": {"id": 1}, "tags": ["x", "y"]}, {"name": "b", "more": "NEW"}, 3]),
        ("0.tags.[]", [{"name": "a", "device": {"id": 1}, "tags": ["NEW", "NEW"]}, {"name": "b"}, 3]),
        ("0.*", [{"name": "NEW", "device": "NEW", "tags": "NEW"}, {"name": "b"}, 3]),
    ],
)
def test_what_is_put_is_there(place: str, changed: Any) -> None:
    """And nothing else changes."""
    value = copy.deepcopy(VALUE)
    assert put(value, place, "NEW")
    assert value == changed


@pytest.mark.parametrize(
    "place", ["9", "9.name", "name", "[name=c].name", "[name].x", "1.device.id", "2.x", "0.[].x", "0.[]"]
)
def test_what_has_no_place_is_put_nowhere(place: str) -> None:
    """The value stays as it is."""
    value = copy.deepcopy(VALUE)
    assert not put(value, place, "NEW")
    assert value == VALUE
