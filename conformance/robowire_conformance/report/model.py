"""A report as immutable values, and their one form in JSON."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from robowire_conformance.evidence import JSON
from robowire_conformance.verdict import Status

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Failure:
    """How the subject fell short: JSON values, without secrets. `check` names the check that saw it."""

    message: str
    expected: JSON = None
    actual: JSON = None
    request: Mapping[str, JSON] | None = None
    response: Mapping[str, JSON] | None = None
    curl: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """The verdict on one requirement. `source` are the titles of the sections that say it."""

    id: str
    level: str
    operation: str
    title: str
    statement: str
    source: tuple[str, ...]
    status: Status
    reason: str = ""
    checks: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def must(self) -> bool:
        """Whether the requirement binds."""
        return self.level == "must"


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts of one API's run.

    `problems` are what concerns no single requirement: harness faults, leftovers, stale entries of the baseline.
    `complete` is False where the run was cut off.
    """

    robowire: str
    api: str
    target: str
    profile: str
    seed: int
    started: str
    duration_s: float
    exit_status: int
    conclusion: str
    problems: tuple[str, ...]
    requirements: tuple[Entry, ...]
    complete: bool

    @property
    def summary(self) -> dict[str, int]:
        """How many requirements have each status."""
        counts = Counter(entry.status for entry in self.requirements)
        return {status.value: counts[status] for status in Status}

    def to_json(self) -> dict[str, JSON]:
        """The report as `report.json` holds it; `complete` comes last, so that a cut-off file shows."""
        data = asdict(self)
        body = {name: data[name] for name in data if name not in {"requirements", "complete"}}
        return {
            "schema_version": SCHEMA_VERSION,
            **body,
            "summary": self.summary,
            "requirements": data["requirements"],
            "complete": self.complete,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        """The reverse of `to_json`.

        Raises:
            KeyError, TypeError, ValueError: The value is no report of this version.
        """
        if data["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"report.json has schema version {data['schema_version']}, not {SCHEMA_VERSION}")
        rest = {name: value for name, value in data.items() if name not in {"schema_version", "summary"}}
        rest["problems"] = tuple(rest["problems"])
        rest["requirements"] = tuple(_entry(entry) for entry in rest["requirements"])
        return cls(**rest)


def _entry(data: Mapping[str, Any]) -> Entry:
    return Entry(
        **{
            **data,
            "source": tuple(data["source"]),
            "status": Status(data["status"]),
            "checks": tuple(data["checks"]),
            "failures": tuple(Failure(**failure) for failure in data["failures"]),
        }
    )
