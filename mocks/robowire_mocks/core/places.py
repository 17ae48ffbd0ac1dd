"""Places in a JSON value, by which one says what is to be there: `0.device.name`, `[].importStatus`, `*.data`."""

from __future__ import annotations

from typing import Any


def put(value: Any, place: str, there: Any) -> bool:
    """Put `there` at a place, wherever `value` has what the place is in; whether it is anywhere now.

    A place is made of the names of members and the numbers of elements, joined by dots. `*` stands for every member or
    element, `[]` for every element, `[name=text]` for every element that has that text as that member.
    """
    first, _, rest = place.partition(".")
    if isinstance(value, list):
        return _put_all(
            value, [number for number, element in enumerate(value) if _meant(first, number, element)], rest, there
        )
    if isinstance(value, dict) and not first.startswith("["):
        return _put_all(value, list(value) if first == "*" else [first], rest, there)
    return False


def _put_all(value: Any, keys: list[Any], rest: str, there: Any) -> bool:
    """Put it below each of the members or elements; a member that is not there yet is only made, not entered."""
    if not rest:
        for key in keys:
            value[key] = there
        return bool(keys)
    entered = [put(value[key], rest, there) for key in keys if isinstance(value, list) or key in value]
    return any(entered)


def _meant(segment: str, number: int, element: Any) -> bool:
    if segment in {"*", "[]", str(number)}:
        return True
    name, equals, text = segment.strip("[]").partition("=")
    return bool(equals) and isinstance(element, dict) and element.get(name) == text
