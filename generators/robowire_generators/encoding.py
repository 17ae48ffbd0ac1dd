"""ROS 1's serialisation of messages given as plain values, compiled once for each type."""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from robowire_generators.definitions import internal_name, typestore

if TYPE_CHECKING:
    from rosbags.interfaces.typing import FieldDesc
    from rosbags.typesys.store import Typestore

NANOSECONDS = 1_000_000_000

FORMATS: Mapping[str, str] = {
    "bool": "?",
    "byte": "b",
    "char": "B",
    "int8": "b",
    "uint8": "B",
    "int16": "h",
    "uint16": "H",
    "int32": "i",
    "uint32": "I",
    "int64": "q",
    "uint64": "Q",
    "float32": "f",
    "float64": "d",
}
"""The primitive types of message definitions, by their letters in struct."""

# rosbags gives the primitive types `time` and `duration` as messages of two members, secs and nsecs.
TIMES: Mapping[str, str] = {"builtin_interfaces/msg/Time": "<II", "builtin_interfaces/msg/Duration": "<ii"}

PLACEHOLDER = "structure_needs_at_least_one_member"
"""The field that rosbags gives to messages without any; ROS 1 sends nothing for it."""

Part = bytes | memoryview
Step = Callable[[Any, list[Part]], None]
"""Appends a value's serialised parts to a list."""


def encode(name: str, value: Mapping[str, Any]) -> bytes:
    """Serialise a message of this robot.

    Args:
        name: Its type, such as `nav_msgs/Odometry`.
        value: See `Ros1Encoder.encode`.

    Returns:
        The bytes that a ROS 1 node would send.
    """
    return _own_encoder().encode(name, value)


@cache
def _own_encoder() -> "Ros1Encoder":
    return Ros1Encoder(typestore())


class Ros1Encoder:
    """Serialises messages of the types in a store; each type is compiled when it first comes."""

    def __init__(self, store: "Typestore") -> None:
        self._store = store
        self._messages: dict[str, Step] = {}

    def encode(self, name: str, value: Mapping[str, Any]) -> bytes:
        """Serialise a message.

        Args:
            name: Its type, such as `nav_msgs/Odometry`.
            value: A member for each field: numbers; strings, or bytes for strings that are not UTF-8; integers of
                nanoseconds for time and duration; mappings for messages; lists, tuples or numpy arrays for
                arrays, also bytes for those of one-byte elements.

        Returns:
            The bytes that a ROS 1 node would send.

        Raises:
            KeyError: The type is unknown or the value lacks a field.
            ValueError: An array of fixed length has another.
            struct.error: A number does not fit its field.
        """
        parts: list[Part] = []
        self._message(internal_name(name))(value, parts)
        return b"".join(parts)

    def _message(self, name: str) -> Step:
        """Compile a message type: each run of numbers goes through one struct."""
        if name in self._messages:
            return self._messages[name]
        if form := TIMES.get(name):
            return _time(struct.Struct(form))
        steps: list[Step] = []
        run: list[tuple[str, str]] = []

        def end_run() -> None:
            if run:
                steps.append(_numbers([field for field, _ in run], "<" + "".join(letter for _, letter in run)))
                run.clear()

        for field, desc in self._store.fielddefs[name][1]:
            if field == PLACEHOLDER:
                continue
            if letter := _letter(desc):
                run.append((field, letter))
            else:
                end_run()
                steps.append(_member(field, self._step(desc)))
        end_run()

        def message(value: Mapping[str, Any], parts: list[Part]) -> None:
            for step in steps:
                step(value, parts)

        self._messages[name] = message
        return message

    def _step(self, desc: "FieldDesc") -> Step:
        kind, detail = desc
        if isinstance(detail, str):
            return self._message(detail)
        inner, length = detail
        if isinstance(inner, str):
            return _string if inner == "string" else _one(struct.Struct("<" + FORMATS[inner]))
        fixed = length if kind.name == "ARRAY" else None
        letter = _letter(inner)
        return _array(letter, fixed) if letter else _sequence(self._step(inner), fixed)


def _letter(desc: "FieldDesc") -> str | None:
    """Give the struct letter of a plain number, None for anything else."""
    detail = desc[1]
    return FORMATS.get(detail[0]) if isinstance(detail, tuple) and isinstance(detail[0], str) else None


def _numbers(fields: Sequence[str], form: str) -> Step:
    pack, pick = struct.Struct(form).pack, itemgetter(*fields)
    if len(fields) == 1:
        return lambda value, parts: parts.append(pack(pick(value)))
    return lambda value, parts: parts.append(pack(*pick(value)))


def _member(field: str, step: Step) -> Step:
    return lambda value, parts: step(value[field], parts)


def _one(form: struct.Struct) -> Step:
    return lambda value, parts: parts.append(form.pack(value))


def _time(form: struct.Struct) -> Step:
    return lambda value, parts: parts.append(form.pack(*divmod(value, NANOSECONDS)))


_COUNT = struct.Struct("<I").pack


def _string(value: str | bytes, parts: list[Part]) -> None:
    octets = value.encode() if isinstance(value, str) else value
    parts += (_COUNT(len(octets)), octets)


def _check_length(length: int, fixed: int | None) -> None:
    if fixed is not None and length != fixed:
        raise ValueError(f"An array of {fixed} elements was given {length}.")


def _array(letter: str, fixed: int | None) -> Step:
    """Encode an array of numbers; bytes are taken as they are, numpy arrays as they lie in memory."""
    dtype = "?" if letter == "?" else "<" + letter

    def array(value: Any, parts: list[Part]) -> None:
        _check_length(len(value), fixed)
        if fixed is None:
            parts.append(_COUNT(len(value)))
        if isinstance(value, (bytes, memoryview)):
            parts.append(value)
        elif isinstance(value, (list, tuple)):
            parts.append(struct.pack(f"<{len(value)}{letter}", *value))
        else:
            parts.append(value.astype(dtype, copy=False).tobytes())

    return array


def _sequence(step: Step, fixed: int | None) -> Step:
    def sequence(value: Iterable[Any], parts: list[Part]) -> None:
        elements = list(value)
        _check_length(len(elements), fixed)
        if fixed is None:
            parts.append(_COUNT(len(elements)))
        for element in elements:
            step(element, parts)

    return sequence
