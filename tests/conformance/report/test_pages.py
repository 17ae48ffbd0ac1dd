"""Every page of a report shows what a hostile server sent and obeys none of it."""

import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.report.html import page
from robowire_conformance.report.junit import junit
from robowire_conformance.report.markdown import markdown
from robowire_conformance.report.model import Report
from robowire_conformance.report.terminal import summary_text
from robowire_conformance.report.write import read_report, write_report, write_reports


class Page(HTMLParser):
    """The tags of a page, the text in it, and what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"src", "href", "action", "data"}:
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            assert not name.startswith("on"), name

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def test_the_page_obeys_nothing_of_a_hostile_server(report: Report) -> None:
    """There is one script, the page's own; nothing is loaded from anywhere; the evidence is there as text."""
    shown = Page(page(report))
    assert shown.tags.count("script") == 1
    assert not [address for address in shown.addresses if not address.startswith("#")]
    assert "<script>alert(1)</script>" in shown.text
    assert "\x1b" not in shown.text
    assert "\u202e" not in shown.text
    for entry in report.requirements:
        assert entry.id in shown.ids
        assert entry.statement in shown.text


def test_the_page_lets_a_browser_run_its_own_script_only(report: Report) -> None:
    """Its Content-Security-Policy names the hashes of its own style and script and allows nothing else."""
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page(report))
    assert policy is not None
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-\S+='; script-src 'sha256-\S+='", policy[1].replace("&#39;", "'")
    )


def test_the_page_is_read_without_script(report: Report) -> None:
    """Failures are open from the start, and every requirement can be opened without JavaScript."""
    text = page(report)
    assert text.count("<details id=") == 7
    assert re.search(r'id="BAGS-LIST-002"[^>]* open>', text)
    assert not re.search(r'id="BAGS-LIST-001"[^>]* open>', text)


def test_junit_is_xml_with_one_case_per_requirement(report: Report) -> None:
    """Failures, errors and skips are real children, and characters that XML cannot hold are replaced."""
    suite = ET.fromstring(junit(report))[0]
    cases = suite.findall("testcase")
    children = {case.attrib["name"].split()[0]: [child.tag for child in case] for case in cases}
    assert children == {
        "BAGS-LIST-001": [],
        "BAGS-LIST-002": ["failure"],
        "BAGS-LIST-003": ["skipped"],
        "BAGS-LIST-004": ["skipped"],
        "BAGS-LIST-005": ["skipped"],
        "BAGS-LIST-006": ["skipped"],
        "BAGS-LIST-007": ["error"],
    }
    counts = {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "7", "failures": "1", "errors": "1", "skipped": "4"}
    assert "]]>" in (cases[1][0].text or "")


def test_markdown_has_no_foreign_markup(report: Report) -> None:
    """Outside of code nothing that a server sent is HTML, a link, a table cell or emphasis."""
    text = re.sub(r"(?s)```+sh\n.*?\n```+", "", markdown(report))
    text = re.sub(r"(`+) .*? \1", "", text)
    assert "<script" not in text
    assert "](" not in text.replace("\\](", "").replace("\\]\\(", "")
    assert "\x1b" not in text
    assert "&lt;script&gt;" in text


def test_markdown_code_cannot_be_left(report: Report) -> None:
    """A backtick in the evidence does not end the code it stands in."""
    assert "`` http://robot/" in markdown(report)


@pytest.mark.parametrize("color", [True, False])
def test_the_terminal_gets_no_foreign_sequence(report: Report, color: bool) -> None:  # noqa: FBT001  # a parameter
    """The only escapes are our own colours."""
    text = summary_text(report, color=color, width=100)
    ours = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert "\x1b" not in ours
    assert "\x00" not in ours
    assert "\\x1b[2J" in ours
    assert color or "\x1b" not in text
    for word in ("FAILED BAGS-LIST-002", "WARNED BAGS-LIST-003", "Not tested", "Does not conform."):
        assert word in ours


def test_report_json_follows_its_schema(report: Report, tmp_path: Path) -> None:
    """report.json is as the schema in the package says, and says `complete` last."""
    write_report(report, tmp_path)
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    schema = json.loads(files("robowire_conformance.report").joinpath("report.schema.json").read_text("utf-8"))
    document = json.loads(text)
    jsonschema_rs.validate(schema, document)
    assert list(document)[-1] == "complete"
    assert document["summary"] == dict.fromkeys(
        ["passed", "failed", "warned", "known", "not-tested", "not-applicable", "error"], 1
    )
    assert Report.from_json(document) == report


def test_pages_are_the_same_when_made_again(report: Report, tmp_path: Path) -> None:
    """Everything can be made again from report.json."""
    write_report(report, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["junit.xml", "report.html", "report.json", "summary.md"]
    again = read_report(tmp_path)
    assert page(again) == (tmp_path / "report.html").read_text(encoding="utf-8")
    assert junit(again) == (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert markdown(again) == (tmp_path / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 2}', '{"schema_version": 1}'])
def test_a_cut_off_report_is_told(tmp_path: Path, text: str) -> None:
    """A file that is no whole report is not taken for one."""
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(ConfigurationError, match="no whole report"):
        read_report(tmp_path)


def test_several_reports_get_folders_of_their_own(report: Report, tmp_path: Path) -> None:
    """One report lies in the folder itself; several lie in folders named after their APIs."""
    write_reports([report], tmp_path / "one")
    write_reports([report, report], tmp_path / "two")
    assert (tmp_path / "one" / "report.json").is_file()
    assert (tmp_path / "two" / "bags" / "report.json").is_file()


def test_a_folder_that_cannot_be_written_is_told(report: Report, tmp_path: Path) -> None:
    """A report cannot go where a file is."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigurationError, match="cannot write the report"):
        write_report(report, tmp_path / "file")
