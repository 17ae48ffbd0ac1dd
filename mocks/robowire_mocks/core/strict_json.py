"""JSON as any parser reads it: UTF-8, `null` for NaN and infinities, and long arrays made piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

_OPTIONS = orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:  # any JSON value, numpy arrays included
    """The text of `value`."""
    return orjson.dumps(value, option=_OPTIONS)


def pieces(value: Any) -> Iterator[bytes]:  # any JSON value
    """The text of `value` in pieces; an iterator among the members of an object is an array, drawn as it is sent."""
    if not isinstance(value, dict):
        yield dumps(value)
        return
    yield b"{"
    for number, (name, member) in enumerate(value.items()):
        yield (b"," if number else b"") + dumps(name) + b":"
        if isinstance(member, Iterator):
            yield from _array(member)
        else:
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
