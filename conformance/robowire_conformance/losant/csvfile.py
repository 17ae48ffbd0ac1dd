"""A CSV file of an export: what its columns are is told from their contents, since headings are free."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from robowire_conformance.losant.series import Value, milliseconds

ID = re.compile(r"[0-9A-Fa-f]{24}")
NUMBER = re.compile(r"-?\d{1,17}")
csv.field_size_limit(16 * 2**20)


class NotCSV(Exception):  # noqa: N818  # a statement about the file
    """A file is no CSV with a heading; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the device and the time where there are columns of them, and the cells of attributes."""

    device: str | None
    time: int | None
    date: int | None
    cells: Mapping[str, str]

    @property
    def moment(self) -> int | None:
        """The time by whichever column tells it."""
        return self.date if self.time is None else self.time


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The columns of a file by what they hold, and its rows; a column is None where the file has none such."""

    heading: Sequence[str]
    id: int | None
    time: int | None
    date: int | None
    attributes: Mapping[str, int]
    rows: Sequence[Row]

    @property
    def content(self) -> tuple[object, ...]:
        """Heading and rows without regard to the rows' order, to compare files."""
        return tuple(self.heading), tuple(sorted(map(repr, self.rows)))


def read_csv(body: bytes, attributes: Collection[str]) -> CsvFile:
    """Read a file whose states may have these attributes.

    Raises:
        NotCSV: It is no UTF-8, has no heading, or has rows of another length than it.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotCSV(f"it is not UTF-8: {error}") from None
    lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    if not lines:
        raise NotCSV("it is empty and has no heading")
    heading, rows = [name.strip() for name in lines[0]], lines[1:]
    odd = next((row for row in rows if len(row) != len(heading)), None)
    if odd is not None:
        raise NotCSV(f"a row has {len(odd)} fields under {len(heading)} headings: {odd[:6]}")
    return _recognise(heading, rows, attributes)


def _recognise(heading: Sequence[str], rows: Sequence[Sequence[str]], attributes: Collection[str]) -> CsvFile:
    named = {name: number for number, name in reversed(list(enumerate(heading))) if name in attributes}
    free = [number for number in range(len(heading)) if number not in named.values()]
    columns: dict[str, int | None] = {}
    for what, test in COLUMNS.items():
        found = next((n for n in free if rows and all(test(row[n]) for row in rows)), None)
        columns[what] = found
        free = [number for number in free if number != found]
    for name in attributes:
        if name not in named:
            near = next((number for number in free if name in heading[number]), None)
            named |= {} if near is None else {name: near}
    read = [_row(row, columns, named) for row in rows]
    return CsvFile(heading, columns["id"], columns["time"], columns["date"], named, read)


def _row(row: Sequence[str], columns: Mapping[str, int | None], named: Mapping[str, int]) -> Row:
    device, time, date = columns["id"], columns["time"], columns["date"]
    return Row(
        None if device is None else row[device].lower(),
        None if time is None else int(row[time]),
        None if date is None else milliseconds(row[date]),
        {name: row[number] for name, number in named.items()},
    )


def _is_date(cell: str) -> bool:
    try:
        milliseconds(cell)
    except ValueError:
        return False
    return True


COLUMNS: Mapping[str, Callable[[str], object]] = {"id": ID.fullmatch, "time": NUMBER.fullmatch, "date": _is_date}


def says(cell: str, value: Value) -> bool:
    """Whether a cell gives a value."""
    if isinstance(value, bool):
        return cell.strip().lower() in ({"true", "1"} if value else {"false", "0"})
    if isinstance(value, str):
        return cell == value or cell.splitlines() == value.splitlines() or cell.strip() == value.strip()
    try:
        number = float(cell)
    except ValueError:
        return False
    return number == value or abs(number - value) <= 1e-12 * abs(value)


def states_of(rows: Iterable[Row]) -> list[str]:
    """What rows say, whichever columns stand empty."""
    return sorted(repr((row.device, row.moment, {k: v for k, v in sorted(row.cells.items()) if v})) for row in rows)


def differing(rows: Iterable[Row], others: Iterable[Row]) -> frozenset[str]:
    """Attributes whose cells are not the same in two exports of the same states."""
    first, second = (
        {(row.device, row.moment, name): cell for row in some for name, cell in row.cells.items()}
        for some in (rows, others)
    )
    return frozenset(key[2] for key in first.keys() & second.keys() if first[key] != second[key])
