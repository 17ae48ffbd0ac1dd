"""The robot's pose many times a second: messages of one size in any encoding, made as arrays, thousands at once.

One message is encoded with marks in its place; where the marks stand, the numbers of all messages are filled in.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from robowire_generators.mcap.encodings import DIALECTS, Encoding
from robowire_generators.mcap.protobuf import varint
from robowire_generators.mcap.recipe import TRACK
from robowire_generators.robot.course import LAP_NS, LEGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from robowire_generators.robot import Event

SECOND = 1_000_000_000
"""Nanoseconds."""

KIND = "geometry_msgs/PoseStamped"

# Marks: numbers that nothing else in a message looks like; the seconds and nanoseconds are as wide as any can be.
_STAMP = (0xD1D2D3D4, 987_654_321)
_ROS2_STAMP = (0x71727374, 987_654_321)
_SEQUENCE = 0xE1E2E3E4
_NUMBERS = {"x": -111.123451, "y": -222.123452, "z": -333.123453, "w": -444.123454}

Columns = dict[str, "NDArray[Any]"]
"""Numbers of all messages by name: `seq`, `sec`, `nsec`, `x`, `y`, `z` and `w`; the last two of the orientation."""


class _Hole(NamedTuple):
    """Where a number stands in a message, and what fills it: column to bytes of shape (messages, width)."""

    name: str
    start: int
    width: int
    fill: Callable[["NDArray[Any]"], "NDArray[Any]"]


class Track:
    """Makes the messages of the track in one encoding.

    Args:
        encoding: Of the messages.
        phase_ns: The robot's, see `robowire_generators.robot.robot.Robot`.
    """

    def __init__(self, encoding: Encoding, phase_ns: int) -> None:
        self._phase_ns = phase_ns
        stamp = _ROS2_STAMP if encoding in {Encoding.ROS2, Encoding.ROS2IDL} else _STAMP
        self.sample = _event(stamp)
        message = DIALECTS[encoding].encode(self.sample)
        self._template = np.frombuffer(message, np.uint8)
        self._holes = tuple(_holes(encoding, message, stamp))

    def messages(self, times_ns: "NDArray[Any]", first: int) -> "NDArray[Any]":
        """Make messages.

        Args:
            times_ns: When, ns since the epoch.
            first: The number of the first.

        Returns:
            Their bytes, of shape (messages, size).
        """
        columns = _columns(times_ns, self._phase_ns, first)
        out = np.empty((len(times_ns), len(self._template)), np.uint8)
        out[:] = self._template
        for hole in self._holes:
            out[:, hole.start : hole.start + hole.width] = hole.fill(columns[hole.name])
        return out


def _event(stamp: tuple[int, int]) -> "Event":
    from robowire_generators.robot import Event  # loads the whole robot

    marks = _NUMBERS
    value = {
        "header": {"seq": _SEQUENCE, "stamp": stamp[0] * SECOND + stamp[1], "frame_id": "map"},
        "pose": {
            "position": {"x": marks["x"], "y": marks["y"], "z": 0.0},
            "orientation": {"x": 0.0, "y": 0.0, "z": marks["z"], "w": marks["w"]},
        },
    }
    return Event(0, TRACK, KIND, value)


def _columns(times_ns: "NDArray[Any]", phase_ns: int, first: int) -> Columns:
    """Tell where the robot is at many times: what `robowire_generators.robot.course.place` tells of one."""
    legs = {name: np.array([getattr(leg, name) for leg in LEGS]) for name in ("begin", "x", "y", "yaw", "speed")}
    turn_rates = np.array([leg.turn_rate for leg in LEGS])
    seconds = (times_ns + phase_ns) % LAP_NS / 1e9
    index = np.searchsorted(legs["begin"], seconds, side="right") - 1
    since = seconds - legs["begin"][index]
    way = legs["speed"][index] * since
    half = (legs["yaw"][index] + turn_rates[index] * since) / 2
    # Rounded, so that the bytes do not depend on the platform's sine.
    return {
        "seq": np.arange(first, first + len(times_ns)),
        "sec": times_ns // SECOND,
        "nsec": times_ns % SECOND,
        "x": np.round(legs["x"][index] + np.cos(legs["yaw"])[index] * way, 6),
        "y": np.round(legs["y"][index] + np.sin(legs["yaw"])[index] * way, 6),
        "z": np.round(np.sin(half), 6),
        "w": np.round(np.cos(half), 6),
    }


def _holes(encoding: Encoding, message: bytes, stamp: tuple[int, int]) -> Iterator[_Hole]:
    """Find the marks."""
    if encoding is Encoding.JSON:
        for name, mark in _NUMBERS.items():
            yield _hole(name, message, str(mark).encode(), _decimals)
        yield _hole("sec", message, str(stamp[0]).encode(), _digits(10))
        yield _hole("nsec", message, str(stamp[1]).encode(), _digits(9))
        return
    for name, mark in _NUMBERS.items():
        yield _hole(name, message, struct.pack("<d", mark), _as("<f8"))
    if encoding is Encoding.PROTOBUF:
        for name, number in zip(("sec", "nsec"), stamp, strict=True):
            yield _hole(name, message, varint(number), _varints)
        return
    for name, number in zip(("sec", "nsec"), stamp, strict=True):
        yield _hole(name, message, struct.pack("<I", number), _as("<u4"))
    if encoding is Encoding.ROS1:
        yield _hole("seq", message, struct.pack("<I", _SEQUENCE), _as("<u4"))


def _hole(name: str, message: bytes, mark: bytes, fill: Callable[["NDArray[Any]"], "NDArray[Any]"]) -> _Hole:
    assert message.count(mark) == 1, f"The mark of {name} must stand once in a message."
    return _Hole(name, message.index(mark), len(mark), fill)


def _as(kind: str) -> Callable[["NDArray[Any]"], "NDArray[Any]"]:
    def fill(column: "NDArray[Any]") -> "NDArray[Any]":
        return np.ascontiguousarray(column.astype(kind)).view(np.uint8).reshape(len(column), -1)

    return fill


def _varints(column: "NDArray[Any]") -> "NDArray[Any]":
    """Write integers of up to 35 bits in five bytes each: a varint may be longer than it needs to be."""
    octets = np.empty((len(column), 5), np.uint8)
    for at in range(5):
        octets[:, at] = (column >> (7 * at)) & 0x7F | (0x80 if at < 4 else 0)
    return octets


def _digits(width: int) -> Callable[["NDArray[Any]"], "NDArray[Any]"]:
    """Write integers of 0 and more in so many characters: spaces for leading zeros, which JSON does not have."""
    spare = -width % 3

    def fill(column: "NDArray[Any]") -> "NDArray[Any]":
        numbers = column.astype(np.uint32)
        out = np.empty((len(numbers), width + spare), np.uint8)
        _write_digits(out, numbers, range(0, width + spare, 3))
        for at in range(width - 1):
            small = numbers < 10 ** (width - 1 - at)
            if not small.any():
                break
            out[small, spare + at] = ord(" ")
        return out[:, spare:]

    return fill


_TRIPLES = np.array([list(f"{number:03} ".encode()) for number in range(1000)], np.uint8).view(np.uint32).ravel()
"""The digits of the numbers below 1000 and a space: three are looked up at once, which is quicker than to divide."""


def _write_digits(out: "NDArray[Any]", numbers: "NDArray[Any]", places: Sequence[int]) -> None:
    """Write numbers into columns: three digits at each place, the last three at the last."""
    thousand = np.uint32(1000)
    for place in reversed(places):
        higher = numbers // thousand
        triples = np.take(_TRIPLES, numbers - higher * thousand).view(np.uint8).reshape(-1, 4)
        out[:, place : place + 3] = triples[:, :3]
        numbers = higher


def _decimals(column: "NDArray[Any]") -> "NDArray[Any]":
    """Write numbers below 1000 with six decimals in eleven characters: sign, three digits, point, six digits."""
    millionths = np.round(column * 1e6).astype(np.int32)
    numbers = np.abs(millionths).astype(np.uint32)
    out = np.empty((len(column), 11), np.uint8)
    out[:, 0], out[:, 4] = ord(" "), ord(".")
    _write_digits(out, numbers, (1, 5, 8))
    tens, hundreds = numbers < 10**7, numbers < 10**8
    out[hundreds, 1] = out[tens, 2] = ord(" ")
    negative = np.flatnonzero(millionths < 0)
    # The sign stands right before the first digit.
    out[negative, hundreds[negative].astype(np.intp) + tens[negative]] = ord("-")
    return out
