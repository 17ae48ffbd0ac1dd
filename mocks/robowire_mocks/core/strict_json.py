"""JSON as any parser reads it: UTF-8, `null` for NaN and infinities, and long arrays made piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


class NotJSON(ValueError):  # noqa: N818  # named for what it is: somebody else's text, not a fault
    """A text that is not JSON, or not JSON that everybody reads alike; the message says why."""


class Streamed(dict[str, Any]):
    """An object that has streams among its members, at any depth of such objects."""


class Runs:
    """An array whose items come in lists, drawn as it is sent."""

    def __init__(self, lists: Iterator[list[Any]]) -> None:
        self._lists = lists

    def __iter__(self) -> Iterator[list[Any]]:
        return self._lists


def loads(raw: bytes, *, depth: int) -> Any:  # any JSON value
    """The value of a JSON text that can be read in one way only (RFC 8259; the names of an object are unique).

    Args:
        raw: The text.
        depth: How many arrays and objects may lie within each other.

    Raises:
        NotJSON: It is not UTF-8, not JSON, has NaN or a number beyond the doubles, names a member twice, or is deeper.
    """
    try:
        value = orjson.loads(raw)
        json.loads(raw.decode(), object_pairs_hook=_unique, parse_int=len, parse_float=len)
    except RecursionError:
        raise NotJSON("it is nested too deeply") from None
    except ValueError as error:
        raise NotJSON(str(error)[:200]) from error
    if raw.count(b"[") + raw.count(b"{") > depth and _deeper(value, depth):
        raise NotJSON(f"it is nested more than {depth} deep")
    return value


def dumps(value: Any) -> bytes:  # any JSON value, numpy arrays included
    """The text of `value`."""
    return orjson.dumps(value, option=_OPTIONS)


def pieces(value: Any) -> Iterator[bytes]:  # any JSON value
    """The text of `value` in pieces: arrays among the members of an object that are iterators or `Runs` one by one."""
    if not isinstance(value, dict):
        yield dumps(value)
        return
    yield b"{"
    for number, (name, member) in enumerate(value.items()):
        yield (b"," if number else b"") + dumps(name) + b":"
        match member:
            case Streamed():
                yield from pieces(member)
            case Runs():
                yield from _runs(member)
            case Iterator():
                yield from _array(member)
            case _:
                yield dumps(member)
    yield b"}"


def blocks(texts: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The same bytes joined into blocks of at least `size`, but for the last."""
    held: list[bytes] = []
    length = 0
    for text in texts:
        held.append(text)
        length += len(text)
        if length >= size:
            yield b"".join(held)
            held.clear()
            length = 0
    yield b"".join(held)


def _array(items: Iterator[Any]) -> Iterator[bytes]:
    yield b"["
    first = next(items, _array)
    if first is not _array:
        yield dumps(first)
    for item in items:
        yield b","
        yield dumps(item)
    yield b"]"


def _runs(runs: Runs) -> Iterator[bytes]:
    yield b"["
    comma = b""
    for items in runs:
        if items:
            yield comma + dumps(items)[1:-1]
            comma = b","
    yield b"]"


def _unique(members: list[tuple[str, Any]]) -> None:
    names = set()
    for name, _ in members:
        if name in names:
            raise NotJSON(f"it has the member {name[:80]!r} twice in one object")
        names.add(name)


def _deeper(value: Any, depth: int) -> bool:  # any JSON value
    level = _containers([value])
    for _ in range(depth):
        level = _containers(
            child for nested in level for child in (nested.values() if isinstance(nested, dict) else nested)
        )
    return bool(level)


def _containers(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if isinstance(value, dict | list)]
