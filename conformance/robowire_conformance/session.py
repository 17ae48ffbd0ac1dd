"""One pytest run of the suite: opens targets, turns outcomes into results, and concludes when all is done."""

import time
from collections.abc import Generator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import pytest
from robowire_fixtures.catalogue import APIS, Level, load_catalogue

if TYPE_CHECKING:
    from robowire_conformance.report.model import Report

from robowire_conformance.conclusion import Course, baseline_of, reports
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.judgement import Exit, combine
from robowire_conformance.options import Options, from_pytest
from robowire_conformance.outcome import CheckRun, NotApplicable, Outcome, Result, Run
from robowire_conformance.target import Profile, Target, open_target
from robowire_conformance.verdict import DISTURBS, PROVES, NotTested

PROPERTY = "robowire"
"""The name of the user property in which a report carries a check's results."""

_UNSUPPORTED = "declared unsupported in the target profile"


WORKER_OPTIONS = "robowire_options"
"""The key under which a worker process finds the options of its run."""


class _Node(Protocol):
    workerinput: dict[str, str]


class Ambient:
    """Carries options into a pytest run that a program starts, and the course of that run out of it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.course: Course | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Keep pytest from laying out tracebacks that nobody sees: most of the time of a run in which all fails."""
        config.option.tbstyle = "native"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: _Node) -> None:
        """Hand the options to a worker process of xdist."""
        node.workerinput[WORKER_OPTIONS] = self.options.dumps()


class SuiteSession:
    """The suite's share of a pytest run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()
        ambients = (plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, Ambient))
        self._ambient = next(ambients, None)
        try:
            self.options = self._given_options()
            self._known = baseline_of(self.options)
        except ConfigurationError as error:
            pytest.exit(f"robowire: {error}", returncode=Exit.USAGE)
        if not any(spec.url or spec.app for spec in self.options.targets.values()):
            hint = "`robowire check` brings a mock of its own"
            pytest.exit(f"robowire: no target: give --bags-url URL or --target FILE ({hint})", returncode=Exit.USAGE)
        self.broken: list[str] = []
        self.reports: tuple[Report, ...] = ()
        self._checks: list[CheckRun] = []
        self._targets: dict[str, Target] = {}
        self._counts: dict[str, int] = {}

    def _given_options(self) -> Options:
        workerinput = getattr(self._config, "workerinput", {})
        if WORKER_OPTIONS in workerinput:
            return Options.loads(workerinput[WORKER_OPTIONS])
        return self._ambient.options if self._ambient else from_pytest(self._config)

    def open(self, api: str) -> Target:
        """The target of `api`, opened once.

        Raises:
            NotTested: No target is named for it.
        """
        if api not in self._targets:
            options = self.options
            if api not in options.targets:
                raise NotTested(f"no target for {api}: give --{api}-url URL or --target FILE")
            try:
                self._targets[api] = open_target(
                    options.targets[api], profile=options.profile, seed=options.seed, timeout_s=options.timeout_s
                )
            except ConfigurationError as error:
                pytest.exit(f"robowire: {error}", returncode=Exit.USAGE)
        return self._targets[api]

    def order(self, items: list[pytest.Item]) -> None:
        """Put the checks that disturb the target last; a check of an unknown requirement is the harness's fault."""
        for item in items:
            for requirement in _requirements(item):
                if not any(requirement in load_catalogue(api) for api in APIS):
                    self.broken.append(f"{_name(item)} proves {requirement}, which is no requirement")
        items.sort(key=lambda item: item.get_closest_marker(DISTURBS) is not None)

    def gather(self, text: str) -> None:
        """Take in what a report carries."""
        self._checks.append(CheckRun.loads(text))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out what the target's owner or the profile forbids."""
        requirements = _requirements(item)
        if not requirements:
            return
        if all(self._lacks(requirement) for requirement in requirements):
            raise NotApplicable(_UNSUPPORTED)
        if item.get_closest_marker(DISTURBS):
            if self.options.profile is not Profile.FULL:
                raise NotTested("it moves the target's clock or makes it purge: run with --profile full")
            if hasattr(self._config, "workerinput"):
                raise NotTested("it disturbs the target, which other workers use at the same time: run without -n")
        target = self._targets.get(_api(requirements))
        self._counts[item.nodeid] = target.client.count if target else 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the results of a check into its report, and show them as pytest's own outcomes."""
        report = yield
        requirements = _requirements(item)
        error = call.excinfo.value if call.excinfo else None
        if not requirements or (error is None and call.when != "call"):
            return report
        if error is not None and not isinstance(error, Exception | pytest.skip.Exception | pytest.fail.Exception):
            return report  # an interrupt, which is no verdict
        run = self._run(item, requirements)
        if call.when == "teardown":
            check = run.tidied(error) if error else CheckRun(run.check, run.api)
        else:
            results = run.stopped(error, prerequisite=call.when == "setup") if error else run.passed()
            check = CheckRun(run.check, run.api, self._supported(results), call.duration)
            self._show(report, item, check)
        report.user_properties.append((PROPERTY, check.dumps()))
        return report

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Judge, write the report, and give pytest the exit status of `robowire check`."""
        if hasattr(self._config, "workerinput"):
            return
        ended = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
        duration = time.monotonic() - self._clock
        course = Course(tuple(self._checks), tuple(self.broken), self._started, duration, ended)
        if self._ambient:
            self._ambient.course = course
            return
        self.reports = reports(course, self.options, self._known)
        status = combine(report.exit_status for report in self.reports)
        if status is not Exit.CONFORMS and (ended or self.broken):
            session.exitstatus = status
        if self.options.report is not None:
            from robowire_conformance.report.write import write_reports  # only where one is wanted

            try:
                write_reports(self.reports, self.options.report)
            except ConfigurationError as error:
                pytest.exit(f"robowire: {error}", returncode=Exit.USAGE)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """End with the table of verdicts."""
        from robowire_conformance.report.terminal import summary_text

        for report in self.reports:
            terminalreporter.ensure_newline()
            terminalreporter.write(summary_text(report, color=terminalreporter.hasmarkup))
        if self.options.report is not None and self.reports:
            terminalreporter.write_line(f"report: {self.options.report}")

    def _run(self, item: pytest.Item, requirements: tuple[str, ...]) -> Run:
        api = _api(requirements)
        target = self._targets.get(api)
        if target is None:
            return Run(_name(item), api, requirements)
        client = target.client
        last = client.last if client.count > self._counts.get(item.nodeid, 0) else None
        return Run(_name(item), api, requirements, client, client.redactor, last)

    def _supported(self, results: Sequence[Result]) -> tuple[Result, ...]:
        return tuple(
            Result(result.requirement, Outcome.NOT_APPLICABLE, _UNSUPPORTED)
            if self._lacks(result.requirement)
            else result
            for result in results
        )

    def _lacks(self, requirement: str) -> bool:
        spec = self.options.targets.get(_api((requirement,)))
        return spec is not None and spec.lacks(requirement)

    def _tolerated(self, requirement: str) -> bool:
        """Whether a failure does not make the run fail: known, or of a requirement that does not bind."""
        level = load_catalogue(_api((requirement,)))[requirement].level
        return requirement in self._known or level is not Level.MUST

    def _show(self, report: pytest.TestReport, item: pytest.Item, check: CheckRun) -> None:
        """Give the report the outcome and the text that people see."""
        outcomes = {result.outcome for result in check.results}
        failed = [result for result in check.results if result.outcome is Outcome.FAILED]
        if Outcome.ERROR in outcomes:
            return
        if failed and all(self._tolerated(result.requirement) for result in failed):
            report.outcome = "skipped"
            report.wasxfail = "; ".join(f"{result.requirement}: {result.reason}" for result in failed)
        elif failed:
            report.outcome = "failed"
            report.longrepr = "\n".join(_failure_text(result) for result in failed)
        elif Outcome.PASSED in outcomes:
            report.outcome = "passed"
            report.longrepr = None
        else:
            path, line, _ = item.location
            report.outcome = "skipped"
            report.longrepr = (path, (line or 0) + 1, f"Skipped: {check.results[0].reason}")


def _requirements(item: pytest.Item) -> tuple[str, ...]:
    ids = [requirement for marker in item.iter_markers(PROVES) for requirement in marker.args]
    return tuple(dict.fromkeys(ids))


def _name(item: pytest.Item) -> str:
    """A check's name, the same wherever pytest was started: folder/module::test."""
    inner = item.nodeid.split("::", 1)[-1]
    return f"{item.path.parent.name}/{item.path.name}::{inner}"


def _api(requirements: Sequence[str]) -> str:
    return requirements[0].split("-", 1)[0].lower()


def _failure_text(result: Result) -> str:
    lines = []
    for failure in result.failures:
        lines.append(f"{result.requirement}: {failure.message}")
        lines += [f"    expected  {failure.expected}"] if failure.expected is not None else []
        lines += [f"    got       {failure.actual}"] if failure.actual is not None else []
        lines += [f"    repeat    {failure.curl}"] if failure.curl else []
    return "\n".join(lines)
