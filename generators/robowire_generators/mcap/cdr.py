"""CDR, the serialisation of ROS 2 (XCDR version 1, little-endian), compiled once for each type."""

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from robowire_generators.encoding import FORMATS, NANOSECONDS
from robowire_generators.mcap.ros2 import TIMES, typestore
from robowire_generators.mcap.scenes import text

if TYPE_CHECKING:
    from rosbags.interfaces.typing import FieldDesc

Step = Callable[[Any, bytearray], None]
"""Appends a serialised value; what it appends to starts with the four bytes of the encapsulation header."""

HEADER = b"\x00\x01\x00\x00"
"""CDR, little-endian, no options."""

_U32 = struct.Struct("<I").pack


def encode_cdr(name: str, value: Mapping[str, Any]) -> bytes:
    """Serialise a message.

    Args:
        name: Its ROS 2 type, such as `nav_msgs/msg/Odometry`.
        value: A member for each field, as `robowire_generators.encoding.Ros1Encoder.encode` takes them; what lacks
            is zero, empty or false.

    Returns:
        The bytes that a ROS 2 node would send, with the encapsulation header.

    Raises:
        KeyError: The type is unknown.
        ValueError: An array of fixed length has another.
        struct.error: A number does not fit its field.
    """
    out = bytearray(HEADER)
    _message(name)(value, out)
    return bytes(out)


def _align(out: bytearray, size: int) -> None:
    """Pad to a multiple of the size; the header does not count, and four more bytes matter to eight alone."""
    out += bytes(-(len(out) - 4) % size)


@cache
def _message(name: str) -> Step:
    """Compile a message type: numbers that follow one another are packed together."""
    if name in TIMES:
        return _time
    fields = typestore().fielddefs[name][1]
    steps: list[Step] = []
    run: list[tuple[str, str]] = []
    for field, desc in fields:
        letter = _letter(desc)
        if letter:
            run.append((field, letter))
            continue
        if run:
            steps.append(_numbers(tuple(run)))
            run = []
        steps.append(_member(field, desc))
    if run:
        steps.append(_numbers(tuple(run)))

    def message(value: Any, out: bytearray) -> None:
        for step in steps:
            step(value, out)

    return message


def _letter(desc: "FieldDesc") -> str | None:
    """Give the struct letter of a plain number, None for anything else."""
    detail = desc[1]
    return FORMATS.get(detail[0]) if isinstance(detail, tuple) and isinstance(detail[0], str) else None


def _numbers(run: Sequence[tuple[str, str]]) -> Step:
    """Pack numbers; their padding depends on where they start within eight bytes."""
    packs = [_aligned([letter for _, letter in run], start).pack for start in range(8)]
    names = [name for name, _ in run]

    def numbers(value: Any, out: bytearray) -> None:
        out += packs[(len(out) - 4) % 8](*[value.get(name, 0) for name in names])

    return numbers


def _aligned(letters: Sequence[str], start: int) -> struct.Struct:
    form, at = "<", start
    for letter in letters:
        size = struct.calcsize("<" + letter)
        padding = -at % size
        form += "x" * padding + letter
        at += padding + size
    return struct.Struct(form)


def _member(field: str, desc: "FieldDesc") -> Step:
    step, empty = _step(desc), _empty(desc)
    return lambda value, out: step(value.get(field, empty), out)


def _empty(desc: "FieldDesc") -> Any:
    """Give what stands for a field that a value lacks."""
    detail = desc[1]
    if isinstance(detail, str):
        return 0 if detail in TIMES else {}
    inner, length = detail
    if isinstance(inner, str):
        return ""
    return [_empty(inner) if _letter(inner) is None else 0] * length if desc[0].name == "ARRAY" else ()


def _step(desc: "FieldDesc") -> Step:
    detail = desc[1]
    if isinstance(detail, str):
        return _message(detail)
    inner, length = detail
    if isinstance(inner, str):
        return _string
    fixed = length if desc[0].name == "ARRAY" else None
    letter = _letter(inner)
    return _array(letter, fixed) if letter else _sequence(_step(inner), fixed)


def _time(value: int, out: bytearray) -> None:
    _align(out, 4)
    out += struct.pack("<iI", *divmod(value, NANOSECONDS))


def _string(value: str | bytes, out: bytearray) -> None:
    """A string is UTF-8 here, and ends with a zero byte, which its length counts."""
    octets = text(value).encode()
    _align(out, 4)
    out += _U32(len(octets) + 1) + octets + b"\0"


def _count(out: bytearray, length: int, fixed: int | None) -> None:
    """Begin an array: one of fixed length does not say how long it is."""
    if fixed is None:
        _align(out, 4)
        out += _U32(length)
    elif length != fixed:
        raise ValueError(f"An array of {fixed} elements was given {length}.")


def _array(letter: str, fixed: int | None) -> Step:
    size, dtype = struct.calcsize("<" + letter), "?" if letter == "?" else "<" + letter

    def array(value: Any, out: bytearray) -> None:
        _count(out, len(value), fixed)
        if not len(value):
            return
        _align(out, size)
        if isinstance(value, (bytes, memoryview)):
            out += value
        elif isinstance(value, (list, tuple)):
            out += struct.pack(f"<{len(value)}{letter}", *value)
        else:
            out += value.astype(dtype, copy=False).tobytes()

    return array


def _sequence(step: Step, fixed: int | None) -> Step:
    def sequence(value: Any, out: bytearray) -> None:
        _count(out, len(value), fixed)
        for element in value:
            step(element, out)

    return sequence
