"""Correct servers that behave differently wherever the document is silent are not failed."""

from pathlib import Path

import pytest
from another_bags_server import LITERAL, OTHERWISE, AnotherServer, Choices
from robowire_conformance.options import Options
from robowire_conformance.run import Plan, run
from robowire_conformance.target import TargetSpec
from robowire_generators.demo import demo_set


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of recordings, one of them corrupted and one without messages."""
    path = tmp_path_factory.mktemp("robot")
    demo_set(path)
    return path


@pytest.mark.parametrize("choices", [LITERAL, OTHERWISE], ids=["literal", "otherwise"])
def test_a_correct_server_conforms(folder: Path, choices: Choices) -> None:
    """Nothing fails, and nothing is left untested but what needs the target's clock."""
    target = TargetSpec("bags", url="http://robot.test:8090", app=AnotherServer(folder, choices))
    report = run(Plan(("bags",), Options(targets={"bags": target}))).reports[0]
    verdicts = {requirement.id: str(requirement.status) for requirement in report.requirements}
    unproven = {name for name, status in verdicts.items() if status != "passed"}
    assert unproven == {"BAGS-STORAGE-001", "BAGS-STORAGE-002", "BAGS-STORAGE-003"}
    assert {verdicts[name] for name in unproven} == {"not-tested"}
