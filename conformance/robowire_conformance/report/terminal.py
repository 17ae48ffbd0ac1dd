"""The report as people see it where they ran the command; whatever a server sent is shown, never obeyed."""

import io
import json
import shutil
from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from robowire_conformance.evidence import JSON, printable
from robowire_conformance.report.model import Entry, Failure, Report
from robowire_conformance.verdict import Status

STYLES = {
    Status.PASSED: "green",
    Status.FAILED: "bold red",
    Status.WARNED: "yellow",
    Status.KNOWN: "magenta",
    Status.NOT_TESTED: "cyan",
    Status.NOT_APPLICABLE: "dim",
    Status.ERROR: "bold red reverse",
}
_VALUE_LIMIT = 300


def summary_text(report: Report, *, color: bool, width: int | None = None) -> str:
    """The failures, what was not tested and why, the table, and the conclusion."""
    out = io.StringIO()
    columns = width or min(shutil.get_terminal_size((100, 24)).columns, 140)
    console = Console(
        file=out, width=columns, force_terminal=color, no_color=not color, highlight=False, legacy_windows=False
    )
    console.print(Group(*_parts(report)))
    return out.getvalue()


def _parts(report: Report) -> Iterator[RenderableType]:
    for entry in report.requirements:
        if entry.failures and entry.status in {Status.FAILED, Status.WARNED}:
            yield from _failed(entry)
    yield from _reasons(report.requirements, Status.ERROR, "Harness errors")
    yield from _reasons(report.requirements, Status.KNOWN, "Known failures")
    yield from _reasons(report.requirements, Status.NOT_TESTED, "Not tested")
    yield _table(report)
    for problem in report.problems:
        yield Text(printable(f"! {problem}"), style="yellow")
    style = "bold green" if report.exit_status == 0 else "bold red"
    yield Text(printable(report.conclusion), style=style)


def _failed(entry: Entry) -> Iterator[RenderableType]:
    style = STYLES[entry.status]
    yield Text.assemble((f"{entry.status.value.upper()} {entry.id}", style), f"  {entry.title}")
    first = entry.failures[0]
    for name, value in _facts(entry, first):
        yield Padding(Text.assemble((f"{name:<9}", "dim"), printable(value)), (0, 0, 0, 2))
    more = len(entry.failures) - 1
    if more:
        yield Padding(Text(f"and {more} more in the report", style="dim"), (0, 0, 0, 2))
    yield Text()


def _facts(entry: Entry, failure: Failure) -> Iterator[tuple[str, str]]:
    yield "", failure.message
    if failure.expected is not None:
        yield "expected", _short(failure.expected)
    if failure.actual is not None:
        yield "got", _short(failure.actual)
    yield "says", "; ".join(entry.source)
    if failure.curl:
        yield "repeat", failure.curl


def _short(value: JSON) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _VALUE_LIMIT else f"{text[:_VALUE_LIMIT]} …"


def _reasons(entries: Sequence[Entry], status: Status, title: str) -> Iterator[RenderableType]:
    """Requirements of one status, gathered by their reason."""
    by_reason: dict[str, list[str]] = {}
    for entry in entries:
        if entry.status is status:
            by_reason.setdefault(entry.reason, []).append(entry.id)
    if not by_reason:
        return
    yield Text(title, style=STYLES[status])
    for reason, ids in by_reason.items():
        shown = ", ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else "")  # a line's worth
        yield Padding(Text.assemble(f"{shown}: ", (printable(reason), "dim")), (0, 0, 0, 2))
    yield Text()


def _table(report: Report) -> Table:
    statuses = [status for status in Status if report.summary[status.value]]
    table = Table(
        box=SIMPLE_HEAD, title=printable(f"{report.api} at {report.target}"), title_justify="left", pad_edge=False
    )
    table.add_column("operation")
    for status in statuses:
        table.add_column(status.value, justify="right", style=STYLES[status])
    operations = list(dict.fromkeys(entry.operation for entry in report.requirements))
    for operation in operations:
        inside = [entry.status for entry in report.requirements if entry.operation == operation]
        table.add_row(operation, *(str(inside.count(status) or "·") for status in statuses))
    table.add_section()
    table.add_row("all", *(str(report.summary[status.value]) for status in statuses), style="bold")
    return table
