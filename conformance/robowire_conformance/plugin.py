"""The suite's pytest plugin: its options, and nothing else until a test of the suite is collected.

It is loaded into every pytest run of the installation, so it imports nothing here that pytest has not imported.
"""

import argparse
import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from robowire_conformance.session import SuiteSession
    from robowire_conformance.target import Target

_PACKAGE = "robowire_conformance"
_SUITE = re.compile(rf"{_PACKAGE}(?!\.plugin)")  # to load the plugin by hand is not to ask for the suite
_PROVES = "robowire_proves"  # as verdict.PROVES, which would bring imports
_MARKERS = (
    f"{_PROVES}(*requirements): the requirements that a check of robowire's suite proves",
    "robowire_disturbs: a check that moves the target's clock or makes it purge",
)
_URLS = (
    ("--bags-url", "URL of a robot that serves the Bags API"),
    ("--foxglove-url", "URL of a Foxglove API, its version included"),
    ("--foxglove-token", "bearer token for it"),
    ("--losant-url", "URL of a Losant Data API"),
    ("--losant-token", "bearer token for it"),
)
_FLAG = {"action": "store_true", "default": False}
_OPTIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("target", "target profile, a TOML file", {"metavar": "FILE"}),
    ("profile", "what the suite may do: read-only, additive (default) or full", {"metavar": "PROFILE"}),
    ("seed", "seed of everything that is drawn at random (default 0)", {"metavar": "N"}),
    ("timeout", "seconds that one request may take (default 10)", {"metavar": "SECONDS"}),
    ("report", "folder that gets report.html, report.json, junit.xml and summary.md", {"metavar": "DIR"}),
    ("baseline", "known failures, a TOML file", {"metavar": "FILE"}),
    ("complete", "fail unless every selected `must` is tested", _FLAG),
)
# Plugins that many people have and that claim a name of ours; where one is installed, ours is --robowire-NAME only.
_RIVALS = {"timeout": "pytest_timeout", "profile": "pytest_profiling", "target": "pytest_embedded"}


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the options: short names only where the command line asks for the suite, lest they clash with others."""
    group = parser.getgroup("robowire", "robowire's conformance suite")
    for name, text in _URLS:
        group.addoption(name, help=text, metavar=name.rsplit("-", 1)[1].upper())
    asked = _asked_for(cast("pytest.Config", pluginmanager.get_plugin("pytestconfig")))
    for name, text, kind in _OPTIONS:
        long = f"--robowire-{name}"
        dest = f"robowire_{name}"
        if asked and not _taken(name):
            try:
                group.addoption(long, f"--{name}", dest=dest, help=text, **kind)
            except (ValueError, argparse.ArgumentError):  # the short name is taken
                group.addoption(long, dest=dest, help=text, **kind)
        else:
            group.addoption(long, dest=dest, help=text, **kind)


def _asked_for(config: pytest.Config) -> bool:
    words = [*config.invocation_params.args, os.environ.get("PYTEST_ADDOPTS", ""), *config.getini("addopts")]
    return any(_SUITE.search(str(word)) for word in words)


def _taken(name: str) -> bool:
    from importlib.util import find_spec  # only where the suite is asked for

    return name in _RIVALS and find_spec(_RIVALS[name]) is not None


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and listen for reports of checks."""
    for marker in _MARKERS:
        config.addinivalue_line("markers", marker)
    config.pluginmanager.register(_Gatherer(config))


def _suite(config: pytest.Config) -> "SuiteSession":
    """The suite's session, started when it is first needed."""
    running = cast("SuiteSession | None", config.pluginmanager.get_plugin("robowire_session"))
    if running is not None:
        return running
    from robowire_conformance import session  # heavy: only for tests of the suite

    started = session.SuiteSession(config)
    config.pluginmanager.register(started, "robowire_session")
    return started


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Start the suite's session if there is a test of it."""
    if any(item.get_closest_marker(_PROVES) for item in items):
        _suite(config).order(items)


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Notice that tests of the suite were there, so that a run of none of them is not taken for a pass."""
    for item in items:
        if item.get_closest_marker(_PROVES):
            _suite(item.config)
            return


class _Gatherer:
    """Passes the checks' reports on to the suite's session, also those that come from other processes."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look whether the report is a check's."""
        for name, value in report.user_properties:
            if name == "robowire":
                _suite(self._config).gather(str(value))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Notice modules of the suite that cannot be collected."""
        if report.failed and _PACKAGE in str(report.fspath):
            _suite(self._config).broken.append(
                f"{report.nodeid} cannot be collected: {_last_line(report.longreprtext)}"
            )

    def pytest_internalerror(self, excrepr: object) -> None:
        """Notice that pytest itself broke."""
        if self._config.pluginmanager.get_plugin("robowire_session") is not None:
            _suite(self._config).broken.append(f"pytest broke: {_last_line(str(excrepr))}")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, error: object) -> None:
        """Notice that a worker process of xdist died."""
        if error and self._config.pluginmanager.get_plugin("robowire_session") is not None:
            _suite(self._config).broken.append(f"a worker process ended: {error}")


def _last_line(text: str) -> str:
    return "".join(text.strip().splitlines()[-1:])


def _target_fixture(api: str) -> Callable[[pytest.FixtureRequest], "Iterator[Target]"]:
    @pytest.fixture(scope="session", name=f"{api}_target")
    def target(request: pytest.FixtureRequest) -> "Iterator[Target]":
        """The target that the command line names."""
        opened = _suite(request.config).open(api)
        yield opened
        opened.client.close()

    return target


bags_target = _target_fixture("bags")
foxglove_target = _target_fixture("foxglove")
losant_target = _target_fixture("losant")
