"""Time series answers read leniently, so that one wrong point does not hide the rest."""

import pytest
from robowire_conformance.losant.series import milliseconds, read_devices, readable


def test_what_has_not_the_documented_form_is_left_out() -> None:
    """Points without a time, values that are null or lists, and tags that are no lists are not read."""
    points = [
        {"time": "2016-06-15T04:00:00Z", "data": {"a": 1, "b": None, "c": [1]}},
        {"time": 5, "data": {"a": 2}},
        {"data": {"a": 3}},
        None,
    ]
    devices = read_devices({"devices": {"A" * 24: {"name": "x", "tags": {"k": ["v"], "l": "w"}, "points": points}}})
    assert devices is not None
    device = devices["a" * 24]
    assert device.values("a") == [(1465963200000, 1)]
    assert device.attributes == {"a"}
    assert dict(device.tags) == {"k": ["v"]}


@pytest.mark.parametrize("body", [None, [], {}, {"devices": []}, "devices"])
def test_an_answer_without_devices_is_none(body: object) -> None:
    """Without an object of devices nothing can be read."""
    assert read_devices(body) is None


@pytest.mark.parametrize(
    ("text", "time_ms"),
    [
        ("1970-01-01T00:00:00.001Z", 1),
        ("2016-06-15T04:00:00+02:00", 1465956000000),
        ("2016-06-15T04:00:00.123456Z", 1465963200123),
    ],
)
def test_times_are_read_in_milliseconds(text: str, time_ms: int) -> None:
    """Offsets count, and digits beyond milliseconds are cut."""
    assert milliseconds(text) == time_ms


def test_a_time_without_an_offset_is_none() -> None:
    """RFC 3339 asks for an offset."""
    with pytest.raises(ValueError, match="offset"):
        milliseconds("2016-06-15T04:00:00")


def test_times_are_shown_as_people_read_them() -> None:
    """Milliseconds become a date, also those that no calendar holds."""
    assert readable(1465963200123) == "2016-06-15T04:00:00.123Z"
    assert readable(1e18) == "1e+18 ms"
