"""Every usual JSON rendering of a ROS value is accepted, and no other value."""

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from robowire_conformance.bags.recording import Types
from robowire_conformance.bags.values import ARRAY, BASE, NAME, SEQUENCE, mismatch

TYPES = Types()
OCTETS = np.frombuffer(b"\x00\x01\xfe\xffrobot", dtype=np.uint8)


@dataclass
class Time:
    """A time as the reader gives it."""

    sec: int
    nanosec: int


def base(name: str) -> tuple[Any, Any]:
    """The descriptor of a single value."""
    return BASE, (name, 0)


def sequence(name: str) -> tuple[Any, Any]:
    """The descriptor of an array of any length."""
    return SEQUENCE, (base(name), 0)


TIME = (NAME, "builtin_interfaces/msg/Time")
DURATION = (NAME, "builtin_interfaces/msg/Duration")
MOMENT = Time(1_674_650_010, 123_456_789)

ACCEPTED: list[tuple[object, Any, Any]] = [
    (7, 7, base("int32")),
    (-1, -1, base("int8")),
    ("A", 65, base("uint8")),
    (9007199254740993, 9007199254740993, base("int64")),
    ("9007199254740993", 9007199254740993, base("int64")),
    (9007199254740992.0, 9007199254740993, base("int64")),
    (255, -1, base("byte")),
    ([128, 1], np.array([-128, 1], dtype=np.int8), sequence("byte")),
    (True, True, base("bool")),
    (1, True, base("bool")),
    (0, False, base("bool")),
    ("text", "text", base("string")),
    (0.1, float(np.float32(0.1)), base("float32")),
    (float(np.float32(0.1)), float(np.float32(0.1)), base("float32")),
    (12, 12.0, base("float64")),
    (None, math.nan, base("float64")),
    ("NaN", math.nan, base("float32")),
    ("-Infinity", -math.inf, base("float64")),
    (1.7976931348623157e308, math.inf, base("float64")),
    (list(OCTETS.tolist()), OCTETS, sequence("uint8")),
    (base64.b64encode(OCTETS.tobytes()).decode(), OCTETS, sequence("uint8")),
    (base64.urlsafe_b64encode(OCTETS.tobytes()).decode().rstrip("="), OCTETS, sequence("uint8")),
    (OCTETS.tobytes().hex(), OCTETS, sequence("uint8")),
    (OCTETS.tobytes().decode("latin-1"), OCTETS, sequence("uint8")),
    ("data:image/png;base64," + base64.b64encode(OCTETS.tobytes()).decode(), OCTETS, sequence("uint8")),
    ({"encoding": "hex", "data": OCTETS.tobytes().hex()}, OCTETS, sequence("uint8")),
    ("", np.array([], dtype=np.uint8), sequence("uint8")),
    ([1, None, "inf"], np.array([1.0, math.nan, math.inf]), sequence("float64")),
    ([0.1, 0.2], np.array([0.1, 0.2], dtype=np.float32), (ARRAY, (base("float32"), 2))),
    ([1, 2], np.array([1, 2], dtype=np.int16), sequence("int16")),
    (["a", "b"], ["a", "b"], sequence("string")),
    ({"secs": 1_674_650_010, "nsecs": 123_456_789}, MOMENT, TIME),
    ({"sec": 1_674_650_010, "nanosec": 123_456_789}, MOMENT, TIME),
    ([1_674_650_010, 123_456_789], MOMENT, TIME),
    (1_674_650_010.1234567, MOMENT, TIME),
    (1_674_650_010_123_456_789, MOMENT, TIME),
    (1_674_650_010_123, MOMENT, TIME),
    ("1674650010.123456789", MOMENT, TIME),
    ("2023-01-25T12:33:30.123456Z", MOMENT, TIME),
    (None, Time(0, 0), TIME),
    (0, Time(0, 0), TIME),
    ({"secs": 4_000_000_000, "nsecs": 1}, Time(4_000_000_000 - 2**32, 1), TIME),
    ({"secs": -1, "nsecs": -5}, Time(-1, 2**32 - 5), DURATION),
    (-1.000000005, Time(-1, 2**32 - 5), DURATION),
    ({"secs": -1, "nsecs": 500_000_000}, Time(-1, 500_000_000), DURATION),
    (-0.5, Time(-1, 500_000_000), DURATION),
]

REFUSED: list[tuple[object, Any, Any]] = [
    (8, 7, base("int32")),
    ("7", 7, base("int32")),
    (255, -1, base("int8")),
    (True, 1, base("int32")),
    (9007199254740995, 9007199254740993, base("int64")),
    ("true", True, base("bool")),
    (False, True, base("bool")),
    ("Text", "text", base("string")),
    (None, "", base("string")),
    (0.1001, float(np.float32(0.1)), base("float32")),
    (float(np.float32(0.123456789)), 0.123456789, base("float64")),
    ("0.5", 0.5, base("float64")),
    (0.0, math.nan, base("float64")),
    (None, 0.5, base("float64")),
    (OCTETS.tolist()[:-1], OCTETS, sequence("uint8")),
    (base64.b64encode(OCTETS.tobytes()[:-1]).decode(), OCTETS, sequence("uint8")),
    ("<array>", OCTETS, sequence("uint8")),
    ({"encoding": "hex", "data": "00"}, OCTETS, sequence("uint8")),
    ([1.0, 0.0], np.array([1.0, math.nan]), sequence("float64")),
    ([1, 2], np.array([1, 3], dtype=np.int16), sequence("int16")),
    ([1, 2, 3], np.array([1, 2], dtype=np.int16), sequence("int16")),
    ({"0": 1}, np.array([1], dtype=np.int16), sequence("int16")),
    ({"secs": 1_674_650_010, "nsecs": 123_456_788}, MOMENT, TIME),
    ({"secs": 1_674_650_010}, MOMENT, TIME),
    (1_674_650_010, MOMENT, TIME),
    (1_674_653_610.1234567, MOMENT, TIME),
    ("2023-01-25T13:33:30.123456Z", MOMENT, TIME),
    (None, MOMENT, TIME),
    (7, MOMENT, (NAME, "std_msgs/msg/Header")),
]


@pytest.mark.parametrize(("value", "due", "descriptor"), ACCEPTED)
def test_a_usual_rendering_is_accepted(value: object, due: Any, descriptor: Any) -> None:
    """The document says only that messages are converted to JSON."""
    assert mismatch(value, due, descriptor, TYPES, "field") is None


@pytest.mark.parametrize(("value", "due", "descriptor"), REFUSED)
def test_another_value_is_refused(value: object, due: Any, descriptor: Any) -> None:
    """The difference is told with the path to the field."""
    found = mismatch(value, due, descriptor, TYPES, "field")
    assert found is not None
    assert found.startswith("field")


@dataclass
class Fake:
    """Types that know one nested message."""

    fields: Callable[[str], list[tuple[str, Any]]] = field(
        default=lambda kind: [("inner", (NAME, "Inner"))] if kind == "Outer" else [("x", base("float64"))]
    )


@dataclass
class Inner:
    """A nested message."""

    x: float = 1.5


@dataclass
class Outer:
    """A message that nests one."""

    inner: Inner = field(default_factory=Inner)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"inner": {"x": 1.5}}, None),
        ({"inner": {"x": 1.5, "more": 1}, "extra": []}, None),
        ({"inner": {}}, "m.inner.x is missing"),
        ({"inner": {"x": 2.5}}, "m.inner.x is 2.5 instead of 1.5"),
        ({"inner": 1.5}, "m.inner is 1.5 and not an object"),
    ],
)
def test_nested_messages_are_compared_by_name(value: object, found: str | None) -> None:
    """Members that the definition does not have are free."""
    assert mismatch(value, Outer(), (NAME, "Outer"), Fake(), "m") == found  # type: ignore[arg-type]  # a stand-in
