"""A baseline lists what is known to fail, so that a gate closes on anything new."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from robowire_conformance.baseline import Known, read_baseline, read_entries, write_baseline
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.judgement import Exit
from robowire_conformance.target import TargetSpec
from robowire_conformance.verdict import Status
from suite_runs import answering, entries, run_suite

TODAY = date(2026, 11, 20)
SPEC = TargetSpec("bags", app=answering("200 OK", b"[]"))
SUITE = """
@proves("BAGS-LIST-001")
def test_pass(): pass

@proves("BAGS-LIST-002")
def test_fail(): raise Violation("no name")

@proves("BAGS-LIST-003")
def test_skip(): raise NotTested("no")
"""


def written(folder: Path, *lines: str) -> Path:
    """A baseline of entries, each given as "ID" or "ID expires"."""
    path = folder / "baseline.toml"
    text = ""
    for line in lines:
        name, _, expires = line.partition(" ")
        text += f'[[known]]\nid = "{name}"\nreason = "firmware 3"\n' + (f"expires = {expires}\n" if expires else "")
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("lines", "status", "verdict"),
    [
        (["BAGS-LIST-002"], Exit.CONFORMS, Status.KNOWN),
        (["BAGS-LIST-002 2999-01-01"], Exit.CONFORMS, Status.KNOWN),
        (["BAGS-LIST-002 2020-01-01"], Exit.FAILS, Status.FAILED),
        (["BAGS-LIST-002", "BAGS-LIST-001"], Exit.FAILS, Status.KNOWN),
        (["BAGS-LIST-002", "BAGS-LIST-001 2020-01-01"], Exit.CONFORMS, Status.KNOWN),
        (["BAGS-LIST-002", "BAGS-LIST-003"], Exit.CONFORMS, Status.KNOWN),
        ([], Exit.FAILS, Status.FAILED),
    ],
    ids=["known", "not yet expired", "expired", "stale", "stale and expired", "not tested is not stale", "empty"],
)
def test_a_baseline_decides(
    small_suite: Callable[[str], Path], tmp_path: Path, lines: list[str], status: Exit, verdict: Status
) -> None:
    """A known failure passes the gate; one that has expired, and an entry that passes again, do not."""
    result = run_suite(SPEC, small_suite(SUITE), baseline=written(tmp_path, *lines))
    assert result.exit_status is status
    assert entries(result)["BAGS-LIST-002"].status is verdict


def test_stale_entries_are_named(small_suite: Callable[[str], Path], tmp_path: Path) -> None:
    """The report says which entry to take out."""
    result = run_suite(SPEC, small_suite(SUITE), baseline=written(tmp_path, "BAGS-LIST-002", "BAGS-LIST-001"))
    assert result.reports[0].problems == ("the baseline lists BAGS-LIST-001, which passes: take it out",)
    assert entries(result)["BAGS-LIST-002"].reason == "firmware 3"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[known]", "is not TOML"),
        ("[known]", r"consist of \[\[known\]\] entries"),
        ("x = 1", r"consist of \[\[known\]\] entries"),
        ('[[known]]\nreason = "x"', "an entry without an id"),
        ('[[known]]\nid = "BAGS-NONE-001"\nreason = "x"', "BAGS-NONE-001, which is no requirement"),
        ('[[known]]\nid = "BAGS-LIST-001"', "no reason for BAGS-LIST-001"),
        ('[[known]]\nid = "BAGS-LIST-001"\nreason = "x"\nuntil = 1', "unknown key 'until'"),
        ('[[known]]\nid = "BAGS-LIST-001"\nreason = "x"\nexpires = "soon"', "an expiry that is no date"),
        ('[[known]]\nid = "BAGS-LIST-001"\nreason = "x"\n' * 2, "lists BAGS-LIST-001 twice"),
    ],
)
def test_a_wrong_baseline_is_told(tmp_path: Path, text: str, said: str) -> None:
    """Each mistake has a text that says what to change."""
    path = tmp_path / "baseline.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said):
        read_entries(path)


def test_an_entry_counts_until_its_last_day(tmp_path: Path) -> None:
    """The day of the expiry still counts; the next does not. A date may be text."""
    path = written(tmp_path, "BAGS-LIST-001 2026-11-20", 'BAGS-LIST-002 "2026-11-19"')
    assert list(read_baseline(path, today=TODAY)) == ["BAGS-LIST-001"]


def test_a_written_baseline_is_read_again(tmp_path: Path) -> None:
    """Whatever a message holds, the file is TOML, and reasons that a person gave stay."""
    path = tmp_path / "baseline.toml"
    message = 'a "quoted" \\ line\nwith \x7f\x1b and \udcff'
    assert write_baseline(path, {"BAGS-LIST-002": message}, ["BAGS-LIST-002"]) == 1
    (first,) = read_entries(path)
    assert first.reason.startswith('a "quoted" \\ line\nwith ')
    written(tmp_path, "BAGS-LIST-002 2999-01-01", "BAGS-LIST-001", "BAGS-LIST-003")
    failing = {"BAGS-LIST-002": "new text", "BAGS-LIST-009": "late"}
    assert write_baseline(path, failing, ["BAGS-LIST-001", "BAGS-LIST-002", "BAGS-LIST-009"]) == 3
    assert read_entries(path) == [
        Known("BAGS-LIST-002", "firmware 3", date(2999, 1, 1)),
        Known("BAGS-LIST-003", "firmware 3"),
        Known("BAGS-LIST-009", "late"),
    ]
