"""What the suite says of each deviation: run in forked processes, so that what is slow to import is imported once."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robowire_fixtures.catalogue import load_catalogue
from robowire_mocks import create_mock

from robowire_conformance.cli.embedded import WORLDS, target_of
from robowire_conformance.options import Options
from robowire_conformance.report.detect import Detection, Proof
from robowire_conformance.report.model import Report
from robowire_conformance.run import Plan, run
from robowire_conformance.target import Profile
from robowire_conformance.verdict import Status

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock
    from robowire_mocks.deviations import Deviation

_BROKEN = frozenset({Status.FAILED, Status.WARNED})


def prove(api: str, deviations: Sequence["Deviation"], *, workers: int, whole: bool) -> Iterator[Detection | Proof]:
    """Yield the detection of each deviation as it comes, the honest mock's among them, and the proof in the end.

    `whole` tells that `deviations` are all there are, so that a requirement without one counts.
    """
    begun = time.monotonic()
    with create_mock(api, world=WORLDS[api].name) as source:
        _warm_up(api, source)
        folder = getattr(source, "folder", None)
        found: dict[str, Detection] = {}
        with ProcessPoolExecutor(workers, get_context("fork"), _begin, (api, folder)) as pool:
            tasks = [pool.submit(_detect, api, None), *(pool.submit(_detect, api, one.id) for one in deviations)]
            for task in as_completed(tasks):
                detection = task.result()
                found[detection.id] = detection
                yield detection
    broken = {one.breaks for one in deviations}
    bare = [requirement for requirement in load_catalogue(api) if whole and requirement.id not in broken]
    yield Proof(
        api,
        found[""],
        tuple(found[one.id] for one in deviations),
        tuple((requirement.id, requirement.unbroken) for requirement in bare if requirement.unbroken),
        tuple(requirement.id for requirement in bare if not requirement.unbroken),
        time.monotonic() - begun,
    )


_MOCKS: "dict[str, Mock[Any]]" = {}


def _begin(api: str, folder: Path | None) -> None:
    """Give a worker process a mock of its own, on the bags that its parent has made."""
    _MOCKS[api] = create_mock(api, world=WORLDS[api].name, bags=folder)


def _warm_up(api: str, mock: "Mock[Any]") -> None:
    """Import and compile in the parent what every worker needs, by collecting the suite and running nothing of it."""
    run(Plan((api,), Options(targets={api: target_of(mock)}, selection="not test_")))


def _detect(api: str, deviation_id: str | None) -> Detection:
    from robowire_mocks.deviations import find  # only in workers

    begun = time.monotonic()
    mock = _MOCKS[api]
    mock.deviate(*([deviation_id] if deviation_id else []))
    mock.reset()
    result = run(Plan((api,), Options(targets={api: target_of(mock)}, profile=Profile.FULL)))
    spent = time.monotonic() - begun
    if deviation_id is None:
        return _detection(result.reports[0], "", "", "the honest mock", spent)
    deviation = find(api, deviation_id)
    return _detection(result.reports[0], deviation_id, deviation.breaks, deviation.summary, spent)


def _detection(report: Report, deviation_id: str, breaks: str, summary: str, spent: float) -> Detection:
    catalogue = load_catalogue(report.api)
    by_status: dict[Status, list[str]] = {}
    for entry in report.requirements:
        if not (entry.status is Status.NOT_TESTED and catalogue[entry.id].untested):
            by_status.setdefault(entry.status, []).append(entry.id)
    failed = [name for status in _BROKEN for name in by_status.get(status, [])]
    own = next((entry for entry in report.requirements if entry.id == breaks), None)
    failures = own.failures if own is not None and breaks in failed else ()
    return Detection(
        id=deviation_id,
        breaks=breaks,
        summary=summary,
        detected=breaks in failed,
        checks=tuple(dict.fromkeys(failure.check for failure in failures)),
        message=failures[0].message if failures else "",
        crowd=tuple(sorted(set(failed) - {breaks})),
        blocked=tuple(by_status.get(Status.NOT_TESTED, [])),
        errors=(*by_status.get(Status.ERROR, []), *report.problems),
        duration_s=round(spent, 3),
    )
