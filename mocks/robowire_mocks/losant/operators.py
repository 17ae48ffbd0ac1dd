"""The operators of the advanced device query, on values that are made comparable first."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from robowire_fixtures.losant import ID_FIELDS

from robowire_mocks.losant.engine.iso import EARLIEST_MS, LATEST_MS, iso_time
from robowire_mocks.losant.fields import DATES

Test: TypeAlias = Callable[[Sequence[Any], Any], bool]


def comparable(name: str, value: Any, *, ignore_case: bool) -> Any:  # any JSON value
    """A value of the field `name`, or an operand for it, such that equal ones are equal and greater ones greater.

    Ids are compared without regard to case, dates as moments, other strings by it only with `$ci`.
    """
    if isinstance(value, list):
        return [comparable(name, item, ignore_case=ignore_case) for item in value]
    if name in DATES:
        value = _date(value)
    if isinstance(value, str) and (ignore_case or name in ID_FIELDS):
        return value.casefold()
    return value


def _date(value: Any) -> Any:  # any JSON value
    """A moment as the fields have it: from ms since the Unix epoch, or from ISO 8601 as others write it."""
    if isinstance(value, int | float) and not isinstance(value, bool) and EARLIEST_MS <= value <= LATEST_MS:
        return iso_time(math.floor(value))
    if isinstance(value, str) and value[4:5] == "-":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime(1970, 1, 1, tzinfo=UTC)
        return iso_time(round(seconds.total_seconds() * 1000))
    return value


def _same(left: Any, right: Any) -> bool:  # any JSON value
    return left == right and isinstance(left, bool) == isinstance(right, bool)


def _in(values: Sequence[Any], operand: Any) -> bool:  # a list
    return any(_same(value, one) for value in values for one in operand)


def _equal(values: Sequence[Any], operand: Any) -> bool:  # any JSON value
    return any(_same(value, operand) for value in values)


def _ordered(compare: Callable[[str, str], bool], *, equal: bool) -> Test:
    """An order of strings, the only kind of value that fields have; null is as great as itself."""

    def test(values: Sequence[Any], operand: Any) -> bool:  # any JSON value
        return any(
            compare(value, operand)
            if isinstance(value, str) and isinstance(operand, str)
            else equal and value is operand
            for value in values
        )

    return test


def _text(matches: Callable[[str, str], bool]) -> Test:
    return lambda values, operand: any(isinstance(value, str) and matches(value, operand) for value in values)


OPERATORS: Mapping[str, Test] = {
    "$eq": _equal,
    "$ne": lambda values, operand: not _equal(values, operand),
    "$gt": _ordered(lambda value, operand: value > operand, equal=False),
    "$lt": _ordered(lambda value, operand: value < operand, equal=False),
    "$gte": _ordered(lambda value, operand: value >= operand, equal=True),
    "$lte": _ordered(lambda value, operand: value <= operand, equal=True),
    "$startsWith": _text(str.startswith),
    "$endsWith": _text(str.endswith),
    "$contains": _text(lambda value, operand: operand in value),
    "$in": _in,
    "$nin": lambda values, operand: not _in(values, operand),
}
"""Each operator: whether the values of a field meet it."""
