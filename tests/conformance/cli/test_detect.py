"""`detect` tells apart what is noticed exactly, what is missed, and what makes a crowd fail."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from robowire_conformance.cli import detection, main
from robowire_conformance.report.detect import Detection, Proof, conclusion, markdown, page, table_text
from robowire_conformance.run import Plan, RunResult, run

HONEST = Detection(
    "", "", "the honest mock", detected=False, checks=(), message="", crowd=(), blocked=(), errors=(), duration_s=1
)
EXACT = replace(
    HONEST, id="list-of-names", breaks="BAGS-LIST-001", detected=True, checks=("bags/test_list.py::test_x[a]",)
)
PROOF = Proof("bags", HONEST, (EXACT,), (), (), 2)


@pytest.mark.parametrize(
    ("proof", "holds", "said"),
    [
        (PROOF, True, "1 of 1 deviations detected exactly; the honest mock passes whole."),
        (replace(PROOF, detections=(replace(EXACT, detected=False),)), False, "0 of 1"),
        (replace(PROOF, detections=(replace(EXACT, crowd=("BAGS-LIST-002",)),)), False, "0 of 1"),
        (replace(PROOF, detections=(replace(EXACT, errors=("oops",)),)), False, "0 of 1"),
        (
            replace(PROOF, honest=replace(HONEST, blocked=("BAGS-LIST-003",))),
            False,
            "does not pass whole (BAGS-LIST-003)",
        ),
        (replace(PROOF, uncovered=("BAGS-LIST-004",)), False, "Without a deviation: BAGS-LIST-004."),
        (replace(PROOF, spared=(("BAGS-LIST-004", "cannot be"),)), True, "1 of 1"),
    ],
    ids=["exact", "missed", "crowd", "harness", "honest", "uncovered", "spared"],
)
def test_a_proof_holds_or_says_why_not(proof: Proof, holds: bool, said: str) -> None:  # noqa: FBT001  # a parameter
    """Anything but exact detection, or an honest mock that does not pass whole, is no proof."""
    assert proof.holds is holds
    assert said in conclusion(proof)
    for text in (table_text(proof, color=False, width=160), markdown(proof), page(proof)):
        assert "list-of-names" in text.replace("\\", "")
    assert "test_x[a]" in table_text(proof, color=False, width=160)


SUITE = """
import pytest

@proves("BAGS-LIST-001")
def test_list(bags_target):
    answer = bags_target.client.get("/bags/")
    if not all(isinstance(entry, dict) for entry in answer.json()):
        raise Violation("no objects", exchange=answer.exchange)

@proves("BAGS-LIST-002")
def test_name(bags_target):
    entries = bags_target.client.get("/bags/").json()
    if not all(isinstance(entry, dict) for entry in entries):
        raise Violation("no list", requirement="BAGS-LIST-001")
    if not all(entry.get("filename") for entry in entries):
        raise Violation("no name")
"""


def test_deviations_are_run_in_forked_workers(
    small_suite: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The real mock deviates, a small suite notices two deviations, misses none, and leaves the rest untested."""
    folder = small_suite(SUITE)

    def run_small(plan: Plan) -> RunResult:
        return run(replace(plan, folders=(folder,)))

    monkeypatch.setattr(detection, "run", run_small)
    status = main(["detect", "bags", "-k", "filename-", "--report", str(tmp_path / "out")])
    out = capsys.readouterr().out
    assert "2 of 2 deviations detected exactly" in out
    assert status == 1  # since the honest mock is not seen whole by so small a suite
    proof = json.loads((tmp_path / "out" / "detect.json").read_text("utf-8"))
    assert [one["id"] for one in proof["detections"]] == ["filename-missing", "filename-empty"]
    assert all(one["checks"][0].endswith("::test_name") for one in proof["detections"])
    assert proof["honest"]["crowd"] == []
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"detect.html", "detect.json", "detect.md"}
    main(["detect", "bags", "-k", "filename-", "--every", "2"])
    assert "1 of 1 deviations detected exactly" in capsys.readouterr().out
