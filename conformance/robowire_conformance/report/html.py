"""The report as one self-contained page."""

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from robowire_conformance.evidence import JSON, printable
from robowire_conformance.report.model import Entry, Report
from robowire_conformance.verdict import Status

if TYPE_CHECKING:
    import jinja2

_OPEN = frozenset({Status.FAILED, Status.ERROR})
_LABELS = {
    Status.PASSED: "passed",
    Status.FAILED: "failed",
    Status.WARNED: "warned",
    Status.KNOWN: "known",
    Status.NOT_TESTED: "not tested",
    Status.NOT_APPLICABLE: "not applicable",
    Status.ERROR: "harness error",
}


def page(report: Report) -> str:
    """The report as an HTML document that needs nothing else, and no JavaScript to be read."""
    operations: dict[str, list[Entry]] = {}
    for entry in report.requirements:
        operations.setdefault(entry.operation, []).append(entry)
    return template("page.html.j2").render(
        report=report,
        operations=operations,
        statuses=[status for status in Status if report.summary[status.value]],
        labels=_LABELS,
        opened=_OPEN,
        failures=[entry for entry in report.requirements if entry.status in _OPEN],
        total=len(report.requirements),
    )


@cache
def template(name: str) -> "jinja2.Template":
    """A template of this package, compiled; what it shows is escaped."""
    import jinja2  # only where a page is made

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["pretty"] = _pretty
    environment.filters["message"] = _message
    environment.filters["safe_text"] = printable
    folder = files("robowire_conformance.report")
    style = folder.joinpath("page.css").read_text(encoding="utf-8")
    script = folder.joinpath("page.js").read_text(encoding="utf-8")
    # Both are this package's own files: the only text of the page that is not escaped, and the only active content
    # that its Content-Security-Policy lets a browser obey.
    environment.globals.update(style=style, style_hash=_hash(style), script=script, script_hash=_hash(script))
    return environment.from_string(folder.joinpath(name).read_text(encoding="utf-8"))


def _pretty(value: JSON) -> str:
    """A JSON value for people: text as it stands, anything else indented."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return "\n".join(printable(line) for line in text.split("\n"))


def _message(parts: Mapping[str, JSON]) -> str:
    """A request or a response in the form of HTTP."""
    first = (
        f"{parts['method']} {parts['url']}" if "method" in parts else str(parts.get("status", parts.get("problem", "")))
    )
    lines = [first, *(f"{name}: {value}" for name, value in parts.get("headers", {}).items())]
    lines += [f"redirected to {url}" for url in parts.get("redirects", [])]
    if parts.get("body"):
        lines += ["", *parts["body"].split("\n")]
    return "\n".join(printable(line) for line in lines)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
