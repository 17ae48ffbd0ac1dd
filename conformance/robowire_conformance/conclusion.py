"""The end of a run: verdicts from everything that the checks said, as one report per API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

from robowire_fixtures.catalogue import APIS, load_catalogue

from robowire_conformance.baseline import Known, read_baseline
from robowire_conformance.evidence import Redactor
from robowire_conformance.judgement import Exit, Findings, conclude, exit_status, judge, stale
from robowire_conformance.options import Options
from robowire_conformance.outcome import CheckRun
from robowire_conformance.report.model import Report
from robowire_conformance.target import TargetSpec


@dataclass(frozen=True, slots=True)
class Course:
    """How a run went: what the checks said, what broke outside of them, and whether it came to its end."""

    checks: tuple[CheckRun, ...]
    broken: tuple[str, ...]
    started: datetime
    duration_s: float
    ended: bool

    def joined(self, later: "Course") -> "Course":
        """This run and a second pass: a check that ran in both counts as the second says."""
        again = {check.check for check in later.checks}
        kept = tuple(check for check in self.checks if check.check not in again)
        return Course(
            kept + later.checks,
            self.broken + later.broken,
            self.started,
            self.duration_s + later.duration_s,
            self.ended and later.ended,
        )


def baseline_of(options: Options) -> dict[str, Known]:
    """The known failures that count today.

    Raises:
        ConfigurationError: The baseline is no good.
    """
    return read_baseline(options.baseline, today=datetime.now(UTC).date()) if options.baseline else {}


def reports(course: Course, options: Options, known: Mapping[str, Known]) -> tuple[Report, ...]:
    """One report for each API that was checked, or was to be."""
    seen = {check.api for check in course.checks}
    return tuple(_report(api, course, options, known) for api in APIS if api in seen or api in options.targets)


def _report(api: str, course: Course, options: Options, known: Mapping[str, Known]) -> Report:
    spec = options.targets.get(api, TargetSpec(api))
    findings = Findings(tuple(check for check in course.checks if check.api == api), course.broken)
    entries = judge(load_catalogue(api), findings, spec=spec, known=known, selection=options.selection)
    old = stale(entries, known)
    status = exit_status(entries, findings, stale_entries=old, complete=options.complete)
    if not course.ended and status is Exit.CONFORMS:
        status = Exit.INCOMPLETE
    clean = Redactor(spec.secrets)
    return Report(
        robowire=version("robowire"),
        api=api,
        target=clean.text(spec.shown),
        profile=options.profile.value,
        seed=options.seed,
        started=course.started.isoformat(timespec="seconds"),
        duration_s=round(course.duration_s, 3),
        exit_status=int(status),
        conclusion=conclude(status, entries)
        if course.ended
        else f"Cut off before the end. {conclude(status, entries)}",
        problems=tuple(clean.text(line) for line in _problems(findings, old)),
        requirements=entries,
        complete=course.ended,
    )


def _problems(findings: Findings, old: Sequence[str]) -> list[str]:
    left = [f"left behind on the target: {what}" for what in findings.leftovers]
    unreachable = [findings.unreachable] if findings.unreachable else []
    return [*unreachable, *findings.troubles, *left, *old]
