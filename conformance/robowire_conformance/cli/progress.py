"""How far a run of the suite has come: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from typing import Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

QUIET_S = 10.0
"""Seconds between two lines where there is no terminal."""


class RunProgress:
    """A pytest plugin that shows how far the checks have come, on stderr."""

    def __init__(self, title: str) -> None:
        self._console = Console(file=sys.stderr)
        self._bar = Progress(
            TextColumn("[bold]{task.fields[title]}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", style="dim"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._bar.add_task("collecting", total=None, title=title)
        self._title = title
        self._total = 0
        self._done = 0
        self._said = time.monotonic()

    def pytest_sessionstart(self) -> None:
        """Begin to show, anew in a second pass."""
        self._done = self._total = 0
        self._bar.reset(self._task, total=None, description="collecting")
        self._bar.start()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn how many checks there are."""
        self._expect(len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: object, ids: list[str]) -> None:
        """Learn how many checks there are, where other processes run them."""
        del node
        self._expect(len(ids))

    def pytest_runtest_logstart(self, nodeid: str, location: tuple[Any, ...]) -> None:
        """Name the check that runs."""
        del location
        self._bar.update(self._task, description=nodeid.rsplit("::", 1)[-1])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a check that is over."""
        if report.when != "teardown":
            return
        self._done += 1
        self._bar.update(self._task, completed=self._done)
        if not self._console.is_terminal and time.monotonic() - self._said > QUIET_S:
            self._said = time.monotonic()
            self._console.print(f"{self._title}: {self._done} of {self._total} checks")

    def pytest_sessionfinish(self) -> None:
        """Clear away."""
        self._bar.stop()

    def _expect(self, total: int) -> None:
        if total:
            self._total = total
            self._bar.update(self._task, total=total)
