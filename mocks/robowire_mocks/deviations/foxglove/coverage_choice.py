"""Deviations of whose data coverage is asked for, and of which recordings (page "Coverage")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after
from robowire_mocks.deviations.foxglove.selecting import SELECTORS, alias_first, alone, slug, unread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.coverage_ranges import Group

_LIST = "list_coverage"
_COMPLETE = "complete"

# ---- which recordings


def _no_device(name: str) -> Wrapper:
    """A wrapper of `coverage_groups`: this way to name a device, alone, selects nothing."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Iterable[Group]:
        rest = {one: value for one, value in asked.items() if one != name} if alone(name, asked) else asked
        groups: Iterable[Group] = honest(call, rest)
        return groups

    return wrapper


for _number, _name in (("111", "deviceId"), ("112", "deviceName"), ("113", "device.id"), ("115", "device.name")):
    add(
        f"COVERAGE-{_number}",
        f"coverage-{slug(_name)}-ignored",
        "coverage_groups",
        f"{_name} selects nothing.",
        _no_device(_name),
    )
for _number, _name, _step in (("114", "device.id", "device_id"), ("116", "device.name", "device_name")):
    add(
        f"COVERAGE-{_number}",
        f"coverage-{slug(_name)}-first",
        _step,
        f"{_name} goes before the proper name.",
        alias_first(_LIST, _name),
    )
for _number, _name in (("120", "importId"), ("121", "recordingId"), ("122", "recordingKey")):
    add(
        f"COVERAGE-{_number}",
        f"coverage-{slug(_name)}-ignored",
        "recordings_of",
        f"{_name} selects nothing.",
        unread(_LIST, _name),
    )


def _as_if(said: bool | None) -> Wrapper:  # noqa: FBT001  # what a request says
    """A wrapper of `coverage_groups`: where includeEdgeRecordings is `said`, it is as if it were true."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Iterable[Group]:
        changed = {**asked, "includeEdgeRecordings": True} if asked.get("includeEdgeRecordings") is said else asked
        groups: Iterable[Group] = honest(call, changed)
        return groups

    return wrapper


def _without(*statuses: str) -> Wrapper:
    return after(lambda groups: [one for one in groups if one.import_status not in statuses])


def _unowned(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Iterable[Group]:
    groups = list(honest(call, asked))
    if any(name in asked for name in SELECTORS):
        return groups
    every = call.state.reading.covered.groups(call.state)
    return [*groups, *(one for one in every if one.device_id is None and one.import_status == _COMPLETE)]


def _owned(name: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Iterable[Group]:
        return [one for one in honest(call, asked) if name not in asked or one.device_id is not None]

    return wrapper


def _no_agents(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Iterable[Group]:
    """Where a recording or a device is named, what is neither imported nor at an edge site is left out."""
    from robowire_mocks.foxglove.coverage_ranges import groups as grouped

    found: Iterable[Group] = honest(call, asked)
    if not asked.get("includeEdgeRecordings") or not any(name in asked for name in SELECTORS):
        return found
    rows = call.steps.recordings_of(call, {name: value for name, value in asked.items() if name in SELECTORS})
    return grouped(one for one in rows if one.import_status != "none" or one.edge_site_id is not None)


for _number, _slug, _summary, _wrapper in (
    ("117", "edge-false", "includeEdgeRecordings false counts as true.", _as_if(said=False)),
    ("119", "edge-default", "includeEdgeRecordings is true by default.", _as_if(said=None)),
    (
        "118",
        "imported-only",
        "Recordings whose import nobody asked for are never given.",
        _without("none"),
    ),
    ("313", "agents-missing", "Recordings that an agent has are never given.", _no_agents),
    ("310", "without-device", "Recordings without a device are given too.", _unowned),
    ("311", "id-without-device", "By recordingId, nothing is given without a device.", _owned("recordingId")),
    ("312", "import-without-device", "By importId, nothing is given without a device.", _owned("importId")),
):
    add(f"COVERAGE-{_number}", f"coverage-{_slug}", "coverage_groups", _summary, _wrapper)
