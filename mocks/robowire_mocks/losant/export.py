"""The export: a job that writes a CSV file and tells where it is (section "Export").

What the document leaves open: the columns are called ID, Timestamp, Date and as the attributes are, the devices follow
one another in the world's order and their states in that of time; with `filePerDevice` there is one ZIP file with a
CSV file per device, so that one link is always enough; columns of blobs are there with `includeBlobData` only.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from robowire_fixtures.losant import EXPORT_OPTIONS
from robowire_generators.telemetry import AttributeType

from robowire_mocks.core.answer import Answer
from robowire_mocks.losant.engine.iso import iso_times
from robowire_mocks.losant.engine.points import BLOCK, Cells, Points, join
from robowire_mocks.losant.engine.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from robowire_generators.telemetry import Device

    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.times import TimeRange

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file besides the timestamp: `attributes` in their order, device and date if asked for."""

    attributes: tuple[str, ...]
    with_id: bool
    with_date: bool


def export(call: Call) -> Answer:
    """Enqueue the job. The file is written of the states that there are, in the range as it is meant now."""
    devices = call.steps.select(call)
    time_range = call.steps.range(call)
    job_id = call.state.jobs.enqueue(call, devices, time_range)
    # LOSANT-EXPORT-001 to LOSANT-EXPORT-004
    return Answer(202, {"jobQueued": True, "jobId": job_id, "success": True})


def option(call: Call, name: str) -> bool:
    """An option of the export, or its default."""
    # LOSANT-EXPORT-146: others mean nothing. LOSANT-EXPORT-222, LOSANT-EXPORT-224 to LOSANT-EXPORT-227
    return bool(call.asked.get("options", {}).get(name, EXPORT_OPTIONS[name]))


def write(call: Call, devices: Sequence[Device], time_range: TimeRange, path: Path) -> None:
    """Write the file, or the ZIP of files, at `path`."""
    layout = call.steps.layout(call, devices)
    if not call.steps.option(call, "filePerDevice"):
        with path.open("w", encoding="utf-8", newline="") as file:
            _write_csv(call, devices, time_range, layout, file)  # LOSANT-EXPORT-226
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for device in devices:  # LOSANT-EXPORT-225
            with archive.open(f"{device.id}.csv", "w", force_zip64=True) as member:
                text = io.TextIOWrapper(member, encoding="utf-8", newline="", write_through=True)
                _write_csv(call, [device], time_range, layout, text)
                text.detach()


def layout(call: Call, devices: Sequence[Device]) -> Layout:
    """Which columns there are: of the attributes asked for, or of all that the devices have, each once."""
    asked = call.asked.get("attributes")
    names = asked if asked is not None else [name for device in devices for name in device.attributes]
    blobs = {name for device in devices for name, kind in device.attributes.items() if kind is AttributeType.BLOB}
    left_out = set() if call.steps.option(call, "includeBlobData") else blobs  # LOSANT-EXPORT-227
    # LOSANT-EXPORT-207, LOSANT-EXPORT-209
    attributes = tuple(name for name in dict.fromkeys(names) if name not in left_out)
    # LOSANT-EXPORT-221 to LOSANT-EXPORT-224
    return Layout(attributes, call.steps.option(call, "includeID"), call.steps.option(call, "includeDate"))


def header(call: Call, layout: Layout) -> Row:  # noqa: ARG001  # a step gets the call
    """The first row: the names of the columns."""
    first = ["ID"] * layout.with_id + ["Timestamp"] + ["Date"] * layout.with_date
    return [*first, *layout.attributes]


def rows(call: Call, device: Device, time_range: TimeRange, layout: Layout) -> Iterator[list[Row]]:
    """The states of a device in the range that report any attribute that was asked for, in lists of rows."""
    windows = Windows(time_range.start, time_range.end)
    history = device.history
    found = {}
    for name in layout.attributes:
        if (column := history.columns.get(name)) is not None:
            # LOSANT-EXPORT-211 to LOSANT-EXPORT-214
            first, last = windows.slice(column.times)
            found[name] = column.states[first:last], column.values[first:last]
    states, cells = join(found)
    if "attributes" not in call.asked and len(found) < len(history.columns):  # LOSANT-EXPORT-203: of blobs too
        states = np.arange(*windows.slice(history.times))
        cells = {name: Cells(np.searchsorted(states, rows), values) for name, (rows, values) in found.items()}
    points = Points(history.times[states], cells)
    for first in range(0, len(points), BLOCK):
        yield call.steps.block(call, device, layout, points, first)


def block(call: Call, device: Device, layout: Layout, points: Points, first: int) -> list[Row]:  # noqa: ARG001  # a step gets the call
    """Some rows, from the one numbered `first` on."""
    last = min(first + BLOCK, len(points))
    times = points.times[first:last]
    columns: list[Sequence[Any]] = [[device.id] * len(times)] if layout.with_id else []  # LOSANT-EXPORT-204
    columns.append(times.tolist())  # LOSANT-EXPORT-205
    if layout.with_date:
        columns.append(iso_times(times))  # LOSANT-EXPORT-206
    columns.extend(_fields(points, name, first, last) for name in layout.attributes)
    return [list(row) for row in zip(*columns, strict=True)]


def _fields(points: Points, name: str, first: int, last: int) -> list[str]:
    """The values of an attribute as text, empty where it was not reported."""
    # LOSANT-EXPORT-208
    fields = [""] * (last - first)
    if name in points.cells:
        rows, values = points.cells[name].between(first, last)
        for row, value in zip(rows, values, strict=True):
            fields[row] = _text(value)
    return fields


def _text(value: Any) -> str:  # a number, a string or a boolean
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _write_csv(call: Call, devices: Sequence[Device], time_range: TimeRange, layout: Layout, file: IO[str]) -> None:
    writer = csv.writer(file)
    writer.writerow(call.steps.header(call, layout))
    for device in devices:
        for some in call.steps.rows(call, device, time_range, layout):
            writer.writerows(some)
