"""Run the suite from a program: pytest, cut off from the configuration of wherever it is started."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from robowire_conformance.conclusion import Course, baseline_of, reports
from robowire_conformance.judgement import Exit, combine
from robowire_conformance.options import Options
from robowire_conformance.report.model import Report
from robowire_conformance.session import Ambient
from robowire_conformance.target import Profile, open_target
from robowire_conformance.verdict import DISTURBS

_INI = Path(__file__).with_name("isolated.ini")
_PYTEST = (
    *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:logging", "-p", "no:warnings"),
    *("-p", "robowire_conformance.plugin", "--assert=plain", "--capture=sys"),
)
_ENDED = frozenset({pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED})


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run.

    `apis` are the suites; `folders` stand in for them where others than the installed ones are meant. With `workers`
    above 1 the checks run in that many processes, and those that disturb the target after them, in this one.
    `plugins` watch the run, say to show its progress.
    """

    apis: tuple[str, ...]
    options: Options
    folders: tuple[Path, ...] = ()
    workers: int = 1
    plugins: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class RunResult:
    """The reports of a run, one per API, and the exit status of them together."""

    reports: tuple[Report, ...]
    exit_status: Exit


def run(plan: Plan) -> RunResult:
    """Run the suites and judge.

    Raises:
        ConfigurationError: A target or the baseline is no good.
    """
    options = plan.options
    known = baseline_of(options)
    for api in plan.apis:
        if api in options.targets:
            open_target(options.targets[api], profile=options.profile, seed=options.seed, timeout_s=1).client.close()
    if plan.workers > 1:
        course = _pass(plan, ["-n", str(plan.workers)])
        if options.profile is Profile.FULL and course.ended:
            course = course.joined(_pass(plan, ["-m", DISTURBS]))
    else:
        course = _pass(plan, [])
    chosen = replace(options, targets={api: spec for api, spec in options.targets.items() if api in plan.apis})
    made = reports(course, chosen, known)
    return RunResult(made, combine(report.exit_status for report in made))


def _pass(plan: Plan, extra: Sequence[str]) -> Course:
    """One run of pytest."""
    ambient = Ambient(plan.options)
    started = datetime.now(UTC)
    with _isolated():
        code = pytest.main(_arguments(plan, extra), plugins=[ambient, *plan.plugins])
    if ambient.course is not None:
        return ambient.course
    # No check was collected: an expression that selects none, or a suite that cannot be loaded.
    broken = () if code in _ENDED else (f"pytest ended with status {int(code)} before it had collected a check",)
    return Course((), broken, started, (datetime.now(UTC) - started).total_seconds(), ended=code in _ENDED)


def _arguments(plan: Plan, extra: Sequence[str]) -> list[str]:
    root = plan.folders[0] if plan.folders else _INI.parent
    suites = [str(folder) for folder in plan.folders] or [str(_INI.parent / api) for api in plan.apis]
    selection = ["-k", plan.options.selection] if plan.options.selection else []
    xdist = ["-p", "xdist.plugin"] if "-n" in extra else []
    return [
        *("-c", str(_INI), "--rootdir", str(root), "--confcutdir", str(root), "--import-mode=importlib"),
        *_PYTEST,
        *xdist,
        *extra,
        *selection,
        *suites,
    ]


@contextmanager
def _isolated() -> Iterator[None]:
    """Keep the person's own plugins and options out, and the traces of the run out of the person's folder."""
    owner = os.getuid() if hasattr(os, "getuid") else "user"  # a container's user may have no name
    storage = Path(tempfile.gettempdir()) / f"robowire-{owner}"
    changed = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "",
        "PYTEST_PLUGINS": "",
        "HYPOTHESIS_STORAGE_DIRECTORY": os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY", str(storage)),
    }
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
