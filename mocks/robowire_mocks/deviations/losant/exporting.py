"""Deviations of the exported file and of its announcement (section "Export")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.losant.changing import Wrapper, after, without
from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.times import TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from robowire_generators.telemetry import Device

    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.export import Layout, Row

MINUTE, DAY = 60_000, 86_400_000


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    LOSANT.add(f"export-{slug}", breaks=f"LOSANT-EXPORT-{number}", step=step, summary=summary, wrapper=wrapper)


def _never(honest: Wrapper, call: Call, job: Any) -> str:  # noqa: ARG001  # a step's signature
    return "not sent"


def _rows(change: Callable[[list[Row]], list[Row]]) -> Wrapper:
    """A wrapper of `block` that changes rows."""
    return after(change)


def _cells(place: Callable[[Layout], int | None], change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper of `block` that changes a column."""

    def wrapper(honest: Wrapper, call: Call, device: Device, layout: Layout, *args: Any) -> list[Row]:
        rows: list[Row] = honest(call, device, layout, *args)
        at = place(layout)
        return rows if at is None else [[*row[:at], change(row[at]), *row[at + 1 :]] for row in rows]

    return wrapper


def _id(layout: Layout) -> int | None:
    return 0 if layout.with_id else None


def _timestamp(layout: Layout) -> int:
    return int(layout.with_id)


def _date(layout: Layout) -> int | None:
    return layout.with_id + 1 if layout.with_date else None


def _first_attribute(layout: Layout) -> int | None:
    return layout.with_id + layout.with_date + 1 if layout.attributes else None


def _number(text: str) -> str:
    try:
        return str(round(float(text)))
    except ValueError:
        return f"{text}." if text else text


def _unasked(honest: Wrapper, call: Call, devices: Any) -> Layout:
    """All attributes have columns, whatever was asked for."""
    layout: Layout = honest(call, devices)
    every = {name: None for device in devices for name in device.attributes}
    return replace(layout, attributes=tuple(dict.fromkeys((*layout.attributes, *every))))


def _range(applies: Callable[[Any], bool], change: Callable[[Call, TimeRange], TimeRange]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call) -> TimeRange:
        found: TimeRange = honest(call)
        return change(call, found) if call.operation == "export" and applies(call.asked) else found

    return wrapper


def _option(name: str, *, value: bool, given: bool) -> Wrapper:
    """An option that always has one value, where it is given or where it is not."""

    def wrapper(honest: Wrapper, call: Call, option: str) -> bool:
        asked = option in call.asked.get("options", {})
        found: bool = value if option == name and asked == given else honest(call, option)
        return found

    return wrapper


def _unnamed(honest: Wrapper, call: Call, layout: Layout) -> Row:
    header: Row = honest(call, layout)
    return [*header[: len(header) - len(layout.attributes)], *(f"value{n}" for n, _ in enumerate(layout.attributes))]


def _one_less(honest: Wrapper, *args: Any) -> Iterator[list[Row]]:
    """Every list of rows lacks its last one."""
    for rows in honest(*args):
        yield rows[:-1]


def _twice(honest: Wrapper, *args: Any) -> Iterator[list[Row]]:
    for rows in honest(*args):
        yield [*rows, *rows[-1:]]


_add(201, "not-announced", "announce", "Nothing is posted to the callbackUrl.", _never)
_add(201, "announced-without-link", "notice", "What is posted has no link.", without("url"))
_add(
    202, "ragged", "block", "Rows have a field more than the heading.", _rows(lambda rows: [[*row, ""] for row in rows])
)
_add(203, "row-missing", "rows", "The last state of each device is missing.", _one_less)
_add(203, "row-twice", "rows", "The last state of each device is there twice.", _twice)
_add(204, "ids-upside-down", "block", "The column of ids has other ids.", _cells(_id, lambda text: text[::-1]))
_add(205, "timestamps-in-seconds", "block", "Timestamps are in seconds.", _cells(_timestamp, lambda time: time // 1000))
_add(
    206,
    "dates-without-ms",
    "block",
    "Dates are of the next second.",
    _cells(_date, lambda text: text[:17] + str((int(text[17:19]) + 1) % 60).zfill(2) + text[19:]),
)
_add(207, "attributes-unnamed", "header", "The heading does not name the attributes.", _unnamed)
_add(208, "values-rounded", "block", "Values of the first attribute are rounded.", _cells(_first_attribute, _number))
_add(209, "attributes-unasked", "layout", "All attributes have columns.", _unasked)
_add(
    211,
    "start-ignored",
    "range",
    "start does not count.",
    _range(lambda asked: asked.get("start", 0) > 0, lambda _, found: TimeRange(found.start - 365 * DAY, found.end)),
)
_add(
    211,
    "start-late",
    "range",
    "States of the first minute are missing.",
    _range(lambda asked: asked.get("start", 0) > 0, lambda _, found: TimeRange(found.start + MINUTE, found.end)),
)
_add(
    212,
    "end-ignored",
    "range",
    "A positive end does not count.",
    _range(lambda asked: asked.get("end", 0) > 0, lambda call, found: TimeRange(found.start, max(call.now, found.end))),
)
_add(
    213,
    "start-negative-in-seconds",
    "range",
    "A negative start is in seconds.",
    _range(
        lambda asked: asked.get("start", 0) < 0,
        lambda call, found: TimeRange(max(int(call.now + call.asked["start"] * 1000), 0), found.end),
    ),
)
_add(
    213,
    "end-negative-now",
    "range",
    "A negative end is now.",
    _range(lambda asked: asked.get("end", 0) < 0, lambda call, found: TimeRange(found.start, call.now)),
)
_add(
    214,
    "end-zero-yesterday",
    "range",
    "An end of zero is a day ago.",
    _range(lambda asked: asked.get("end", 0) == 0, lambda call, found: TimeRange(found.start, call.now - DAY)),
)
_add(221, "date-always", "option", "includeDate false does not count.", _option("includeDate", value=True, given=True))
_add(
    222,
    "date-never-by-itself",
    "option",
    "Without includeDate there is no date.",
    _option("includeDate", value=False, given=False),
)
_add(223, "id-always", "option", "includeID false does not count.", _option("includeID", value=True, given=True))
_add(
    224,
    "id-never-by-itself",
    "option",
    "Without includeID there is no id.",
    _option("includeID", value=False, given=False),
)
_add(
    225,
    "one-file-always",
    "option",
    "filePerDevice true does not count.",
    _option("filePerDevice", value=False, given=True),
)
_add(
    226,
    "file-per-device-by-itself",
    "option",
    "Without filePerDevice there is a file per device.",
    _option("filePerDevice", value=True, given=False),
)
_add(
    227,
    "blobs-by-itself",
    "option",
    "Without includeBlobData there are blobs.",
    _option("includeBlobData", value=True, given=False),
)
