"""The report as Markdown, for the summary pages of CI systems and for pull requests."""

import html
import json
import re
from collections.abc import Iterator

from robowire_conformance.evidence import JSON, printable
from robowire_conformance.report.model import Entry, Failure, Report
from robowire_conformance.verdict import Status

_VALUE_LIMIT = 500
# What GitHub's Markdown obeys in running text: markup, tables, links made of bare URLs, references and mentions.
_SPECIAL = re.compile(r"[\\`*\[\]#|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\.")
_ICONS = {
    Status.PASSED: "✅",
    Status.FAILED: "❌",
    Status.WARNED: "⚠️",
    Status.KNOWN: "🩹",
    Status.NOT_TESTED: "⚪",
    Status.NOT_APPLICABLE: "🚫",
    Status.ERROR: "💥",
}


def markdown(report: Report) -> str:
    """The verdict, the counts, each failure with its evidence, and what was not tested."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {'✅' if report.exit_status == 0 else '❌'} {escaped(report.api)}: {escaped(report.conclusion)}"
    yield ""
    yield f"Target {_code(report.target)}, profile {report.profile}, seed {report.seed}, {report.duration_s:.1f} s."
    yield ""
    counted = [status for status in Status if report.summary[status.value]]
    yield "| " + " | ".join(f"{_ICONS[status]} {status.value}" for status in counted) + " |"
    yield "|" + " ---: |" * len(counted)
    yield "| " + " | ".join(str(report.summary[status.value]) for status in counted) + " |"
    for problem in report.problems:
        yield ""
        yield f"> {escaped(problem)}"
    for status in (Status.FAILED, Status.ERROR, Status.WARNED, Status.KNOWN):
        for entry in report.requirements:
            if entry.status is status:
                yield from _entry(entry)
    yield from _untested(report)


def _entry(entry: Entry) -> Iterator[str]:
    yield ""
    yield f"## {_ICONS[entry.status]} {entry.id} {escaped(entry.title)}"
    yield ""
    yield f"{escaped(entry.statement)} *({escaped('; '.join(entry.source))})*"
    if entry.status in {Status.KNOWN, Status.ERROR}:
        yield ""
        yield escaped(entry.reason)
    for failure in entry.failures[:3]:
        yield from _failure(failure)


def _failure(failure: Failure) -> Iterator[str]:
    yield ""
    yield f"**{escaped(failure.message)}**"
    yield ""
    if failure.expected is not None:
        yield f"- expected {_code(_short(failure.expected))}"
    if failure.actual is not None:
        yield f"- got {_code(_short(failure.actual))}"
    if failure.response is not None and "status" in failure.response:
        yield f"- the response had status {failure.response['status']}"
    if failure.curl:
        yield ""
        yield _block(failure.curl)


def _untested(report: Report) -> Iterator[str]:
    untested = [entry for entry in report.requirements if entry.status is Status.NOT_TESTED]
    if untested:
        yield ""
        yield f"## {_ICONS[Status.NOT_TESTED]} Not tested"
        yield ""
    for entry in untested:
        yield f"- {entry.id} {escaped(entry.title)}: {escaped(entry.reason)}"


def _short(value: JSON) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _VALUE_LIMIT else f"{text[:_VALUE_LIMIT]} …"


def escaped(text: str) -> str:
    """Text in which nothing is Markdown, HTML, a link or a mention."""
    flat = " ".join(printable(text).split())
    return html.escape(_SPECIAL.sub(lambda match: f"\\{match.group()}", flat), quote=False).replace("@", "&#64;")


def _code(text: str) -> str:
    """Text as inline code, fenced longer than any run of backticks in it."""
    flat = " ".join(printable(text).split()) or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    return f"{fence} {flat} {fence}"


def _block(text: str) -> str:
    lines = "\n".join(printable(line) for line in text.splitlines())
    fence = "`" * max(3, max((len(run) for run in re.findall("`+", lines)), default=0) + 1)
    return f"{fence}sh\n{lines}\n{fence}"
