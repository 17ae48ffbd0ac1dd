"""From what the checks said to a verdict on each requirement, and from the verdicts to an exit status."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from robowire_fixtures.catalogue import Catalogue, Level, Requirement

from robowire_conformance.baseline import Known
from robowire_conformance.outcome import CheckRun, Outcome, Result
from robowire_conformance.report.model import Entry
from robowire_conformance.target import TargetSpec
from robowire_conformance.verdict import Status


class Exit(IntEnum):
    """The exit status of `robowire check`."""

    CONFORMS = 0
    FAILS = 1
    USAGE = 2
    INCOMPLETE = 3
    UNREACHABLE = 4
    HARNESS = 5
    LEFTOVER = 6


PRECEDENCE = (Exit.USAGE, Exit.UNREACHABLE, Exit.HARNESS, Exit.FAILS, Exit.LEFTOVER, Exit.INCOMPLETE, Exit.CONFORMS)
"""Which exit status stands where several would."""

UNSELECTED = "not selected by -k"
STALE = "the baseline lists {id}, which passes: take it out"


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that a run has learnt about one API; `broken` are harness faults that concern no one requirement."""

    checks: tuple[CheckRun, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def leftovers(self) -> tuple[str, ...]:
        """What could not be removed from the target."""
        return tuple(check.leftover for check in self.checks if check.leftover)

    @property
    def troubles(self) -> tuple[str, ...]:
        """The faults of the harness."""
        return (*self.broken, *(f"{check.check}: {check.trouble}" for check in self.checks if check.trouble))

    @property
    def unreachable(self) -> str:
        """Why the target could not be reached; empty if it could."""
        results = (result for check in self.checks for result in check.results)
        return next((result.reason for result in results if result.outcome is Outcome.UNREACHABLE), "")

    def by_requirement(self) -> Mapping[str, list[tuple[str, Result]]]:
        """Each check's word on each requirement that has one."""
        words: dict[str, list[tuple[str, Result]]] = defaultdict(list)
        for check in self.checks:
            for result in check.results:
                words[result.requirement].append((check.check, result))
        return words


def judge(
    catalogue: Catalogue, findings: Findings, *, spec: TargetSpec, known: Mapping[str, Known], selection: str = ""
) -> tuple[Entry, ...]:
    """The verdict on every requirement of the catalogue, in its order. `selection` is the -k expression, if any."""
    words = findings.by_requirement()
    return tuple(
        _baselined(_entry(catalogue, requirement, words.get(requirement.id, []), spec, selection), known)
        for requirement in catalogue
    )


def stale(entries: Iterable[Entry], known: Mapping[str, Known]) -> tuple[str, ...]:
    """A sentence on each entry of the baseline whose requirement passes."""
    passed = [entry.id for entry in entries if entry.status is Status.PASSED and entry.id in known]
    return tuple(STALE.format(id=name) for name in passed)


def exit_status(entries: Sequence[Entry], findings: Findings, *, stale_entries: Sequence[str], complete: bool) -> Exit:
    """The exit status of a run over one API; nothing proven is never 0."""
    musts = [entry for entry in entries if entry.must]
    untested = [entry for entry in musts if entry.checks and entry.status is Status.NOT_TESTED]
    proven = any(entry.status is Status.PASSED for entry in musts)
    holds = {
        Exit.UNREACHABLE: bool(findings.unreachable),
        Exit.HARNESS: bool(findings.troubles) or any(entry.status is Status.ERROR for entry in entries),
        Exit.FAILS: bool(stale_entries) or any(entry.status is Status.FAILED for entry in musts),
        Exit.LEFTOVER: bool(findings.leftovers),
        Exit.INCOMPLETE: not proven or (complete and bool(untested)),
        Exit.CONFORMS: True,
    }
    return next(status for status in PRECEDENCE if holds.get(status))


def combine(statuses: Iterable[int]) -> Exit:
    """The exit status of several runs together."""
    return min((Exit(status) for status in statuses), key=PRECEDENCE.index, default=Exit.INCOMPLETE)


def conclude(status: Exit, entries: Sequence[Entry]) -> str:
    """The exit status in a sentence for people."""
    musts = [entry for entry in entries if entry.must]
    passed = sum(entry.status is Status.PASSED for entry in musts)
    failed = sum(entry.status is Status.FAILED for entry in musts)
    untested = sum(entry.status is Status.NOT_TESTED and bool(entry.checks) for entry in musts)
    unchecked = [entry for entry in musts if entry.status is Status.NOT_TESTED and not entry.checks]
    unselected = sum(entry.reason.startswith(UNSELECTED) for entry in unchecked)
    rest = f"; {untested} could not be tested" if untested else ""
    rest += f"; {unselected} not selected" if unselected else ""
    rest += f"; {len(unchecked) - unselected} have no check yet" if len(unchecked) > unselected else ""
    sentences = {
        Exit.CONFORMS: f"Conforms: {_count(passed, 'must requirement')} proven, none failed{rest}.",
        Exit.FAILS: f"Does not conform: {_count(failed, 'must requirement')} failed, {passed} proven{rest}."
        if failed
        else "The baseline lists requirements that pass: take them out.",
        Exit.INCOMPLETE: f"Incomplete: {_count(untested, 'must requirement')} not tested, and --complete asks for all."
        if passed
        else "Incomplete: not one must requirement could be proven.",
        Exit.UNREACHABLE: "The target cannot be reached.",
        Exit.HARNESS: "The harness broke; that says nothing about the target.",
        Exit.LEFTOVER: "Something that the suite created could not be removed.",
    }
    return sentences[status]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _entry(
    catalogue: Catalogue,
    requirement: Requirement,
    words: Sequence[tuple[str, Result]],
    spec: TargetSpec,
    selection: str,
) -> Entry:
    words = _own(words)
    status, reason = _status(requirement, words, spec, selection)
    failures = tuple(
        replace(failure, check=check)
        for check, result in words
        if status in {Status.FAILED, Status.WARNED}
        for failure in result.failures
    )
    return Entry(
        id=requirement.id,
        level=requirement.level.value,
        operation=requirement.operation,
        title=requirement.title,
        statement=requirement.statement,
        source=tuple(catalogue.sections[section].title for section in requirement.source),
        status=status,
        reason=reason,
        checks=tuple(dict.fromkeys(check for check, _ in words)),
        failures=failures,
    )


def _own(words: Sequence[tuple[str, Result]]) -> Sequence[tuple[str, Result]]:
    """What a requirement's own checks say, and, unless one of them fails, the first that others came upon."""
    own = [word for word in words if word[1].outcome is not Outcome.BLAMED]
    if any(result.outcome is Outcome.FAILED for _, result in own):
        return own
    blamed = [(check, replace(result, outcome=Outcome.FAILED)) for check, result in words if (check, result) not in own]
    return [*own, *blamed[:1]]


def _status(
    requirement: Requirement, words: Sequence[tuple[str, Result]], spec: TargetSpec, selection: str
) -> tuple[Status, str]:
    by_outcome: dict[Outcome, list[str]] = {}
    for _, result in words:
        by_outcome.setdefault(result.outcome, []).append(result.reason)
    if spec.lacks(requirement.id):
        return Status.NOT_APPLICABLE, "declared unsupported in the target profile"
    if Outcome.FAILED in by_outcome:
        status = Status.FAILED if requirement.level is Level.MUST else Status.WARNED
        return status, by_outcome[Outcome.FAILED][0]
    if Outcome.ERROR in by_outcome:
        return Status.ERROR, by_outcome[Outcome.ERROR][0]
    if Outcome.PASSED in by_outcome:
        return Status.PASSED, ""
    reasons = [reason for _, result in words for reason in [result.reason] if reason]
    if reasons:
        return Status.NOT_TESTED, "; ".join(dict.fromkeys(reasons))
    return Status.NOT_TESTED, requirement.untested or _unselected(selection)


def _unselected(selection: str) -> str:
    return f"{UNSELECTED} {selection!r}" if selection else "none of its checks was run"


def _baselined(entry: Entry, known: Mapping[str, Known]) -> Entry:
    if entry.id not in known or entry.status not in {Status.FAILED, Status.WARNED}:
        return entry
    return replace(entry, status=Status.KNOWN, reason=known[entry.id].reason)
