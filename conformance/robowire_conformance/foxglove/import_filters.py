"""Section "List imports": the filters, each compared with filtering by hand, and the fields to sort by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from robowire_conformance.foxglove.asking import Reply
from robowire_conformance.foxglove.imported import Imports
from robowire_conformance.foxglove.instants import grain, nanoseconds, zulu
from robowire_conformance.foxglove.judging import Page, rejects
from robowire_conformance.foxglove.library import SILENT
from robowire_conformance.foxglove.sorting import Read, gather, judge_direction, judge_sorts

DEVICE, FILENAME, START, END, DATA_START, DATA_END = (f"FOXGLOVE-IMPORTS-{number}" for number in range(101, 107))
WHOLE, TOGETHER = "FOXGLOVE-IMPORTS-107", "FOXGLOVE-IMPORTS-108"
FILTERS = (DEVICE, FILENAME, START, END, DATA_START, DATA_END, WHOLE, TOGETHER)
FIELDS = ("importId", "deviceId", "importTime", "dataStart", "dataEnd")
SORTS: Mapping[str, str] = {f"FOXGLOVE-IMPORTS-{111 + number}": field for number, field in enumerate(FIELDS)}
FINE = 1000
"""Times that are told to these nanoseconds, or finer, are told whole."""

DIRECTIONS: Mapping[str, str] = {"asc": "FOXGLOVE-PAGING-414", "desc": "FOXGLOVE-PAGING-415"}


@dataclass(frozen=True, slots=True)
class Filters:
    """Compares lists of the library's imports with what is due."""

    imports: Imports
    page: Page

    def expect(self, requirement: str, due: Iterable[str], *, either: Iterable[str] = (), **params: Any) -> None:
        """Judge one list: the hints that are due, and those that may be there or not."""
        reply = self.imports.ask(**params)
        free = set(either)
        wanted = sorted(one for one in set(due) if one not in free)
        found = sorted(one for one in self.imports.hints(reply) if one not in free)
        if not reply.done:
            if wanted or not rejects(reply):
                self.page.fault(requirement, reply.fault("A filtered list is not answered", 200, reply.status))
        elif found == wanted:
            self.page.saw(requirement)
        else:
            text = f"With {', '.join(params)}, other imports are listed than those that it lets through"
            self.page.fault(requirement, reply.fault(text, wanted, found))


def judge_filters(imports: Imports) -> Page:
    """Judge all filters."""
    page = Page()
    filters, library = Filters(imports, page), imports.library
    for known, _ in library.devices:
        filters.expect(DEVICE, [one.hint for one in library.all if one.device_id == known], deviceId=known)
    filters.expect(DEVICE, [], deviceId="robowire-none")
    for one in library.all:
        filters.expect(FILENAME, [one.hint], filename=one.filename)
    filters.expect(FILENAME, [], filename="robowire-none.mcap")
    for name in (library.all[0].filename[:-1], library.all[0].filename.upper()):
        filters.expect(WHOLE, [], filename=name)
    page.needs((FILENAME,), WHOLE)
    _judge_import_times(filters)
    _judge_data_times(filters)
    _judge_together(filters)
    page.needs((DEVICE, FILENAME, DATA_START, DATA_END), TOGETHER)
    return page


def _judge_import_times(filters: Filters) -> None:
    """At each import's time, beside it, and exactly at it where its digits tell all of it."""
    created = {one.hint: nanoseconds(one.body.get("createdAt")) for one in filters.imports.library.all}
    told = {hint: item.get("importTime") for hint, item in filters.imports.items.items()}
    times = {hint: time for hint, text in told.items() if (time := nanoseconds(text)) is not None}
    coarse = max([grain(text) for text in told.values()], default=1)
    if any(time + coarse < (created[hint] or 0) for hint, time in times.items()):
        filters.page.block(START, END, reason="an importTime is before its upload (see FOXGLOVE-IMPORTS-310)")
        return
    for time in sorted({moment for one in times.values() for moment in (one - coarse, one, one + coarse)}):
        near = [hint for hint, one in times.items() if abs(one - time) < (coarse if coarse > FINE else 0)]
        filters.expect(START, [hint for hint, one in times.items() if one >= time], either=near, start=zulu(time))
        filters.expect(END, [hint for hint, one in times.items() if one <= time], either=near, end=zulu(time))


def _judge_data_times(filters: Filters) -> None:
    """What overlaps a bound may be listed or not: the document does not say; at the very edge it is all on one side."""
    spans = {hint: entry.span for hint, entry in filters.imports.library.known.items()}
    edges = sorted({time for span in spans.values() for time in span})
    for time in sorted({moment for one in edges for moment in (one - 1, one, one + 1)}):
        free = [hint for hint, (start, end) in spans.items() if start < time < end]
        within = [*free, SILENT, *(hint for hint, (_, end) in spans.items() if end == time)]
        due = [hint for hint, (start, _) in spans.items() if start >= time]
        filters.expect(DATA_START, due, either=[one for one in within if one not in due], dataStart=zulu(time))
        within = [*free, SILENT, *(hint for hint, (start, _) in spans.items() if start == time)]
        due = [hint for hint, (_, end) in spans.items() if end <= time]
        filters.expect(DATA_END, due, either=[one for one in within if one not in due], dataEnd=zulu(time))


def _judge_together(filters: Filters) -> None:
    """Two parameters: what each of them lets through by itself, and nothing else."""
    library = filters.imports.library
    for one in library.all:
        for known, _ in library.devices:
            due = [one.hint] if one.device_id == known else []
            filters.expect(TOGETHER, due, deviceId=known, filename=one.filename)
    spans = {hint: entry.span for hint, entry in library.known.items()}
    for start, end in spans.values():
        apart = [hint for hint, span in spans.items() if span[1] < start or span[0] > end]
        within = [hint for hint, span in spans.items() if start <= span[0] and span[1] <= end]
        free = [SILENT, *(hint for hint in spans if hint not in {*apart, *within})]
        filters.expect(TOGETHER, within, either=free, dataStart=zulu(start), dataEnd=zulu(end))


def judge_order(imports: Imports) -> Page:
    """Judge the fields to sort by, and the two directions."""
    page = Page()
    items, library = imports.items, imports.library
    spans = {hint: entry.span for hint, entry in library.known.items()}
    values: dict[str, dict[str, Any]] = {
        "importId": {hint: item["importId"] for hint, item in items.items() if isinstance(item.get("importId"), str)},
        "deviceId": {one.hint: one.device_id for one in library.all if one.device_id},
        "importTime": {
            hint: time for hint, item in items.items() if (time := nanoseconds(item.get("importTime"))) is not None
        },
        "dataStart": {hint: start for hint, (start, _) in spans.items()},
        "dataEnd": {hint: end for hint, (_, end) in spans.items()},
    }
    read: dict[str, Read] = {field: _looked_up(imports, known) for field, known in values.items()}

    def ask(field: str, direction: str) -> Reply:
        return imports.ask(sortBy=field, sortOrder=direction)

    judge_sorts(page, SORTS, read, ask)
    for direction, requirement in DIRECTIONS.items():
        judge_direction(page, requirement, gather(FIELDS, read, ask, direction), direction)
    return page


def _looked_up(imports: Imports, values: Mapping[str, Any]) -> Read:
    return lambda reply: [values[hint] for hint in imports.hints(reply) if hint in values]
