"""What is said of a client after a scenario: a status, and what it did that was not right."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from robowire_fixtures.scenarios import Expectation, Scenario

from robowire_mocks.core.entry import Entry, ending


class Status(StrEnum):
    """How a scenario ended."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    NOT_TESTED = "not-tested"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was not right: what the client did, and what it breaks."""

    text: str
    expectation: Expectation

    def __str__(self) -> str:
        return f"{self.text} [{self.expectation.level}: {self.expectation.source}]"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of a client after a scenario.

    It failed if it broke a `must`, and is warned if it broke anything else. `reason` says why a scenario that was not
    tested was not; `requests` is what the client sent, as the journal has it. Wherever the verdict is shown, of `token`
    there is only the end: a client may put it into a URL, or into what it says.
    """

    scenario: Scenario
    status: Status
    findings: tuple[Finding, ...]
    requests: tuple[Entry, ...]
    reason: str = ""
    token: str = field(default="", repr=False)

    @property
    def failed(self) -> bool:
        """Whether the client did what the document or HTTP forbids."""
        return self.status is Status.FAILED

    def assert_right(self, *, strict: bool = False) -> None:
        """Nothing, if the client did right; with `strict`, warnings count too.

        Raises:
            AssertionError: It did not, or the scenario was not tested; the text shows what it did.
        """
        if self.status is Status.NOT_TESTED or self.failed or (strict and self.findings):
            raise AssertionError(str(self))

    def told(self) -> dict[str, Any]:
        """The verdict as a JSON object."""
        shown = self.without_token
        return {
            "scenario": self.scenario.id,
            "title": self.scenario.title,
            "story": self.scenario.story,
            "requirements": list(self.scenario.requirements),
            "status": self.status,
            "reason": shown(self.reason),
            "findings": [
                {
                    "text": shown(finding.text),
                    "rule": finding.expectation.rule,
                    "level": finding.expectation.level,
                    "source": finding.expectation.source,
                }
                for finding in self.findings
            ],
            "requests": [shown(str(entry)) for entry in self.requests],
        }

    def without_token(self, text: str) -> str:
        """A text with no more than the end of the token."""
        for spelling in {self.token, quote(self.token, safe="")} - {""}:
            text = text.replace(spelling, ending(self.token))
        return text

    def __str__(self) -> str:
        """The status, the findings, and if there are any, what the client sent."""
        lines = [f"{self.status} {self.scenario.id}: {self.scenario.title}"]
        if self.reason:
            lines.append(f"  {self.reason}")
        if self.findings:
            lines += [f"  {self.scenario.story}", *(f"  - {finding}" for finding in self.findings)]
            lines += ["  what the client sent:", *(f"    {entry}" for entry in self.requests)]
        return self.without_token("\n".join(lines))
