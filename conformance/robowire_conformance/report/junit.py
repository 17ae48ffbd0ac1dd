"""The report as JUnit XML, for the CI systems that show that: one test case per requirement."""

import json
import re
from xml.etree import ElementTree as ET  # only writes

from robowire_conformance.report.model import Entry, Failure, Report
from robowire_conformance.verdict import Status

# Everything that XML 1.0 cannot hold, however it is escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHILD = {
    Status.FAILED: "failure",
    Status.ERROR: "error",
    Status.WARNED: "skipped",
    Status.KNOWN: "skipped",
    Status.NOT_TESTED: "skipped",
    Status.NOT_APPLICABLE: "skipped",
}
_SHORT = re.compile(r"\s+")


def junit(report: Report) -> str:
    """The report as an XML document."""
    counts = {name: sum(_CHILD.get(entry.status) == name for entry in report.requirements) for name in _CHILD.values()}
    suite = ET.Element(
        "testsuite",
        name=f"robowire.{report.api}",
        tests=str(len(report.requirements)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time=f"{report.duration_s:.3f}",
        timestamp=report.started,
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (("target", report.target), ("profile", report.profile), ("seed", str(report.seed))):
        ET.SubElement(properties, "property", name=name, value=_xml(value))
    for entry in report.requirements:
        _case(suite, report, entry)
    root = ET.Element("testsuites")
    root.append(suite)
    if report.problems:
        ET.SubElement(suite, "system-err").text = _xml("\n".join(report.problems))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, report: Report, entry: Entry) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=f"robowire.{report.api}", name=f"{entry.id} {entry.title}", time="0"
    )
    if entry.status not in _CHILD:
        return
    message = _xml(_SHORT.sub(" ", f"{entry.status.value}: {entry.reason}"))
    child = ET.SubElement(case, _CHILD[entry.status], message=message)
    if entry.status is Status.FAILED:
        child.set("type", entry.level)
    child.text = _xml("\n\n".join([entry.statement, *map(_failure, entry.failures)]))


def _failure(failure: Failure) -> str:
    lines = [failure.message]
    for name, value in (("expected", failure.expected), ("got", failure.actual), ("response", failure.response)):
        if value is not None:
            lines.append(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    return "\n".join([*lines, failure.curl])


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
