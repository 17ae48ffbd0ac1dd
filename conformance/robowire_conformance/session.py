"""One pytest run of the suite: opens targets, turns outcomes into results, and concludes when all is done."""

import time
from collections.abc import Generator, Sequence
from datetime import UTC, datetime

import pytest

from robowire_conformance.options import Options, from_pytest
from robowire_conformance.outcome import CheckRun, NotApplicable, Outcome, Result, Run
from robowire_conformance.target import ConfigurationError, Profile, Target, open_target
from robowire_conformance.verdict import DISTURBS, PROVES, NotTested

PROPERTY = "robowire"
"""The name of the user property in which a report carries a check's results."""

AMBIENT = "robowire_options"
"""The name of the plugin that carries the options of a run that a program has started."""


class Ambient:
    """Carries options into a pytest run that a program starts."""

    def __init__(self, options: Options) -> None:
        self.options = options


class SuiteSession:
    """The suite's share of a pytest run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.started = datetime.now(UTC)
        self._clock = time.monotonic()
        self.options = self._options(config)
        self.checks: list[CheckRun] = []
        self._targets: dict[str, Target] = {}
        self._counts: dict[str, int] = {}

    @property
    def duration_s(self) -> float:
        """Seconds since the session began."""
        return time.monotonic() - self._clock

    @staticmethod
    def _options(config: pytest.Config) -> Options:
        ambient = config.pluginmanager.get_plugin(AMBIENT)
        if isinstance(ambient, Ambient):
            return ambient.options
        try:
            options = from_pytest(config)
        except ConfigurationError as error:
            pytest.exit(f"robowire: {error}", returncode=2)
        if not any(spec.url or spec.app for spec in options.targets.values()):
            hint = "`robowire check` brings a mock of its own"
            pytest.exit(f"robowire: no target: give --bags-url URL or --target FILE ({hint})", returncode=2)
        return options

    def open(self, api: str) -> Target:
        """The target of `api`, opened once.

        Raises:
            NotTested: No target is named for it.
        """
        if api not in self._targets:
            spec = self.options.targets.get(api)
            if spec is None:
                raise NotTested(f"no target for {api}: give --{api}-url URL or --target FILE")
            options = self.options
            try:
                self._targets[api] = open_target(
                    spec, profile=options.profile, seed=options.seed, timeout_s=options.timeout_s
                )
            except ConfigurationError as error:
                pytest.exit(f"robowire: {error}", returncode=2)
        return self._targets[api]

    def order(self, items: list[pytest.Item]) -> None:
        """Put the checks that disturb the target last."""
        items.sort(key=lambda item: item.get_closest_marker(DISTURBS) is not None)

    def gather(self, text: str) -> None:
        """Take in what a report carries."""
        self.checks.append(CheckRun.loads(text))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave out what the target's owner or the profile forbids."""
        requirements = _requirements(item)
        if not requirements:
            return
        api = _api(requirements)
        spec = self.options.targets.get(api)
        if spec is not None and all(spec.lacks(requirement) for requirement in requirements):
            raise NotApplicable("declared unsupported in the target profile")
        if item.get_closest_marker(DISTURBS):
            if self.options.profile is not Profile.FULL:
                raise NotTested("it moves the target's clock or makes it purge: run with --profile full")
            if hasattr(self._config, "workerinput"):
                raise NotTested("it disturbs the target, and other workers use that: run without -n")
        if api in self._targets:
            self._counts[item.nodeid] = self._targets[api].client.count

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put the results of a check into its report, and show them as pytest's own outcomes."""
        report = yield
        requirements = _requirements(item)
        if not requirements or (call.excinfo is None and call.when != "call"):
            return report
        run = self._run(item, requirements)
        error = call.excinfo.value if call.excinfo else None
        if error is not None and not isinstance(error, Exception | pytest.skip.Exception):
            return report  # an interrupt: no verdict
        if call.when == "teardown":
            check = run.tidied(error) if error else CheckRun(item.nodeid, ())
        else:
            results = run.stopped(error, prerequisite=call.when == "setup") if error else run.passed()
            check = CheckRun(item.nodeid, self._supported(results), call.duration)
            _show(report, item, check)
        report.user_properties.append((PROPERTY, check.dumps()))
        return report

    def _run(self, item: pytest.Item, requirements: tuple[str, ...]) -> Run:
        target = self._targets.get(_api(requirements))
        if target is None:
            return Run(item.nodeid, requirements)
        client = target.client
        last = client.last if client.count > self._counts.get(item.nodeid, 0) else None
        return Run(item.nodeid, requirements, client, client.redactor, last)

    def _supported(self, results: Sequence[Result]) -> tuple[Result, ...]:
        return tuple(
            Result(result.requirement, Outcome.NOT_APPLICABLE, "declared unsupported in the target profile")
            if self._lacks(result.requirement)
            else result
            for result in results
        )

    def _lacks(self, requirement: str) -> bool:
        spec = self.options.targets.get(_api((requirement,)))
        return spec is not None and spec.lacks(requirement)


def _requirements(item: pytest.Item) -> tuple[str, ...]:
    ids = [requirement for marker in item.iter_markers(PROVES) for requirement in marker.args]
    return tuple(dict.fromkeys(ids))


def _api(requirements: Sequence[str]) -> str:
    return requirements[0].split("-", 1)[0].lower()


def _show(report: pytest.TestReport, item: pytest.Item, check: CheckRun) -> None:
    """Give the report the outcome and the text that people see."""
    outcomes = {result.outcome for result in check.results}
    if Outcome.ERROR in outcomes:
        return
    if Outcome.FAILED in outcomes:
        report.outcome = "failed"
        report.longrepr = "\n".join(_failure_text(result) for result in check.results if result.failures)
    elif Outcome.PASSED in outcomes:
        report.outcome = "passed"
        report.longrepr = None
    else:
        path, line, _ = item.location
        report.outcome = "skipped"
        report.longrepr = (path, (line or 0) + 1, f"Skipped: {check.results[0].reason}")


def _failure_text(result: Result) -> str:
    lines = []
    for failure in result.failures:
        lines.append(f"{result.requirement}: {failure.message}")
        lines += [f"    expected  {failure.expected}"] if failure.expected is not None else []
        lines += [f"    got       {failure.actual}"] if failure.actual is not None else []
        lines += [f"    repeat    {failure.curl}"] if failure.curl else []
    return "\n".join(lines)
