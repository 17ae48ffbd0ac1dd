"""What `robowire control` prints of calls, faults and times: a line each."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def entry_line(entry: Mapping[str, Any]) -> str:
    """One call: number, time, what was asked and answered, and what was out of the ordinary."""
    place = entry["path"] + (f"?{entry['query']}" if entry["query"] else "")
    marks = [
        entry["operation"] or "",
        "cut" if entry["cut"] else "",
        f"fault {entry['fault']}" if entry["fault"] else "",
    ]
    line = f"{entry['number']:>5}  {iso(entry['at'])}  {entry['method']} {place} -> {entry['status'] or 'nothing'}"
    return "  ".join([line, *filter(None, marks), *([f"({entry['hint']})"] if entry["hint"] else [])])


def fault_line(account: Mapping[str, Any]) -> str:
    """One fault: its id, kind and parameters, and what became of it."""
    fault = dict(account["fault"])
    head = f"{fault.pop('id')}: {fault.pop('kind')}"
    left = "stays" if account["left"] is None else f"{account['left']} left"
    parameters = [f"{name}={value}" for name, value in fault.items()]
    return " ".join([head, *parameters, f"(matched {account['matched']}, met {account['met']}, {left})"])


def iso(seconds: float) -> str:
    """A time as ISO 8601 has it, in UTC and whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
