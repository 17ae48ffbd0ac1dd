"""What one check's run means for each requirement that it proves."""

import json
import math
import traceback
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import pytest

from robowire_conformance.client import Client, Unreachable
from robowire_conformance.evidence import JSON, Exchange, Redactor
from robowire_conformance.report.model import Failure
from robowire_conformance.verdict import Leftover, NotTested, Violation, Violations


class NotApplicable(NotTested):
    """The target's owner has declared the requirement unsupported."""


class Outcome(StrEnum):
    """What a check says about a requirement."""

    PASSED = "passed"
    FAILED = "failed"
    BLAMED = "blamed"
    """A check of other requirements came upon a violation of this one."""

    NOT_TESTED = "not-tested"
    NOT_APPLICABLE = "not-applicable"
    UNREACHABLE = "unreachable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Result:
    """A check's word on one requirement."""

    requirement: str
    outcome: Outcome
    reason: str = ""
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckRun:
    """One stage of one check. `trouble` is what went wrong in tidying up, `leftover` what could not be removed."""

    check: str
    api: str
    results: tuple[Result, ...] = ()
    duration_s: float = 0.0
    leftover: str = ""
    trouble: str = ""

    def dumps(self) -> str:
        """As JSON text, to cross from a worker process."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: str) -> "CheckRun":
        """The reverse of `dumps`."""
        data = json.loads(text)
        results = tuple(
            Result(
                entry["requirement"],
                Outcome(entry["outcome"]),
                entry["reason"],
                tuple(Failure(**failure) for failure in entry["failures"]),
            )
            for entry in data["results"]
        )
        return cls(data["check"], data["api"], results, data["duration_s"], data["leftover"], data["trouble"])


@dataclass(frozen=True, slots=True)
class Run:
    """A check that has just run; `client` is what it talked to its target with, `last` its last exchange, if any."""

    check: str
    api: str
    requirements: tuple[str, ...]
    client: Client | None = None
    redactor: Redactor = field(default_factory=Redactor)
    last: Exchange | None = None

    def passed(self) -> tuple[Result, ...]:
        """The results of a check that ran to its end."""
        return tuple(Result(requirement, Outcome.PASSED) for requirement in self.requirements)

    def stopped(self, error: BaseException, *, prerequisite: bool) -> tuple[Result, ...]:
        """The results of a check that `error` ended; a `prerequisite` is what it needed before it could begin."""
        violations = dig(error)
        if violations:
            return self._violated(violations, prerequisite=prerequisite, finished=isinstance(error, Violations))
        if isinstance(error, NotApplicable):
            return self._all(Outcome.NOT_APPLICABLE, str(error))
        if isinstance(error, NotTested | pytest.skip.Exception):
            return self._all(Outcome.NOT_TESTED, str(error))
        if isinstance(error, Unreachable):
            return self._unanswered(error, prerequisite=prerequisite)
        return self._all(Outcome.ERROR, crash(error))

    def tidied(self, error: BaseException) -> CheckRun:
        """The record of a check whose tidying up ended in `error`."""
        if isinstance(error, Leftover):
            return CheckRun(self.check, self.api, leftover=self.redactor.text(str(error)))
        if isinstance(error, Unreachable | NotTested):
            return CheckRun(
                self.check, self.api, leftover=self.redactor.text(f"tidying up after {self.check}: {error}")
            )
        return CheckRun(self.check, self.api, trouble=self.redactor.text(crash(error)))

    def _all(self, outcome: Outcome, reason: str) -> tuple[Result, ...]:
        clean = self.redactor.text(reason)
        return tuple(Result(requirement, outcome, clean) for requirement in self.requirements)

    def _unanswered(self, error: Unreachable, *, prerequisite: bool) -> tuple[Result, ...]:
        if not error.asked or self.client is None or not self.client.alive():
            return self._all(Outcome.UNREACHABLE, f"the target cannot be reached: {error}")
        if prerequisite:
            return self._all(Outcome.NOT_TESTED, f"a prerequisite fails: {_subject(error.exchange)}: {error}")
        violation = Violation(f"no answer: {error}", expected="an answer", actual=str(error), exchange=error.exchange)
        return self._violated([violation], prerequisite=False, finished=False)

    def _violated(self, found: Sequence[Violation], *, prerequisite: bool, finished: bool) -> tuple[Result, ...]:
        foreign = [violation for violation in found if violation.requirement not in {"", *self.requirements}]
        results = []
        for requirement in self.requirements:
            mine = [violation for violation in found if violation.requirement == requirement]
            if not prerequisite:
                mine += [violation for violation in found if not violation.requirement]
            if mine:
                failures = tuple(self._failure(violation) for violation in mine)
                results.append(Result(requirement, Outcome.FAILED, failures[0].message, failures))
            elif finished and not prerequisite:
                results.append(Result(requirement, Outcome.PASSED))
            else:
                reason = self.redactor.text(_blocked(foreign or found))
                results.append(Result(requirement, Outcome.NOT_TESTED, reason))
        return (*results, *(self._blamed(violation) for violation in foreign))

    def _blamed(self, violation: Violation) -> Result:
        failure = self._failure(violation)
        return Result(violation.requirement, Outcome.BLAMED, failure.message, (failure,))

    def _failure(self, violation: Violation) -> Failure:
        exchange = violation.exchange or self.last
        clean = self.redactor
        return Failure(
            clean.text(violation.message),
            clean.tree(plain(violation.expected)),
            clean.tree(plain(violation.actual)),
            exchange.request if exchange else None,
            exchange.response if exchange else None,
            exchange.curl if exchange else "",
        )


def dig(error: BaseException) -> list[Violation]:
    """The violations in an exception: itself, or what a group (Hypothesis makes them of wavering answers) holds."""
    if isinstance(error, Violation):
        return [error]
    found: list[Violation] = []
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            found += dig(inner)
    if not found and type(error).__module__.startswith("hypothesis.") and error.__cause__ is not None:
        found = dig(error.__cause__)
    return found


def crash(error: BaseException) -> str:
    """An unexpected exception in one line: what, and where it was raised."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    where = f" (at {frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    return f"the harness broke: {what.splitlines()[0]}{where}"


PLAIN_LIMIT = 2000


def plain(value: object, depth: int = 6) -> JSON:
    """`value` as a JSON value of bounded size: what JSON does not know becomes text, what is long is cut."""
    if value is None or isinstance(value, bool | int | float):
        return str(value) if isinstance(value, float) and not math.isfinite(value) else value
    if isinstance(value, str):
        return value if len(value) <= PLAIN_LIMIT else f"{value[:PLAIN_LIMIT]} … ({len(value)} characters)"
    if depth and isinstance(value, dict):
        return {str(key): plain(member, depth - 1) for key, member in _first(list(value.items()))}
    if depth and isinstance(value, list | tuple | set | frozenset):
        shown = [plain(element, depth - 1) for element in _first(list(value))]
        return shown if len(shown) == len(value) else [*shown, f"… ({len(value)} in all)"]
    return plain(repr(value))


def _first(elements: list[Any]) -> list[Any]:
    return elements[:50]


def _blocked(violations: Sequence[Violation]) -> str:
    first = violations[0]
    subject = f"{first.requirement}, which it needs, fails" if first.requirement else "a prerequisite fails"
    return f"{subject}: {first.message}"


def _subject(exchange: Exchange | None) -> str:
    return f"{exchange.sent.method} {exchange.sent.url}" if exchange else "a request"
