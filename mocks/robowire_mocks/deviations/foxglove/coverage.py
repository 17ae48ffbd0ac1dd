"""Deviations of coverage (page "Coverage")."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after
from robowire_mocks.deviations.foxglove.resources import listed_in_object, missing_members, wrong_members
from robowire_mocks.deviations.foxglove.selecting import SELECTORS, read_as, slug
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.coverage_ranges import Group, Range
    from robowire_mocks.foxglove.members import Member

_LIST = "list_coverage"
_COMPLETE = "complete"

listed_in_object("COVERAGE-001", _LIST, "coverage")

# ---- the range and the tolerance


def _asked(change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Wrapper:
    """A wrapper of `coverage_ranges` that asks for something else."""
    return lambda honest, call, chosen, asked: honest(call, chosen, {**asked, **change(asked)})


def _tolerated(change: Callable[[float], float]) -> Wrapper:
    return _asked(lambda asked: {"tolerance": change(asked["tolerance"])} if "tolerance" in asked else {})


for _number, _slug, _summary, _wrapper in (
    ("101", "start-ignored", "start filters nothing.", _asked(lambda _: {"start": 0})),
    ("101", "start-exclusive", "start is exclusive.", _asked(lambda asked: {"start": asked["start"] + 1})),
    ("102", "end-ignored", "end filters nothing.", _asked(lambda _: {"end": 1 << 62})),
    ("102", "end-exclusive", "end is exclusive.", _asked(lambda asked: {"end": asked["end"] - 1})),
    (
        "105",
        "tolerance-ignored",
        "A tolerance in whole seconds joins nothing.",
        _tolerated(lambda seconds: 0 if seconds == int(seconds) else seconds),
    ),
    (
        "106",
        "tolerance-doubled",
        "A tolerance in whole seconds joins what is twice as far apart.",
        _tolerated(lambda seconds: 2 * seconds if seconds == int(seconds) else seconds),
    ),
    (
        "125",
        "tolerance-joins-at-once",
        "What is exactly the tolerance apart is joined.",
        _tolerated(lambda seconds: seconds and seconds + 1e-9),
    ),
    ("107", "tolerance-cut", "A tolerance loses its fraction.", _tolerated(lambda seconds: float(int(seconds)))),
    ("107", "tolerance-rounded-up", "A tolerance is rounded up.", _tolerated(lambda seconds: -float(-seconds // 1))),
    (
        "108",
        "tolerance-0-is-default",
        "A tolerance of 0 counts as a day.",
        _tolerated(lambda seconds: seconds or 86400),
    ),
):
    add(f"COVERAGE-{_number}", f"coverage-{_slug}", "coverage_ranges", _summary, _wrapper)


def _zero_refused(honest: Wrapper, call: Call, member: Member) -> Any:
    value = honest(call, member)
    if call.operation.name == _LIST and member.name == "tolerance" and value == 0:
        raise BadRequest("tolerance: must be greater than 0")
    return value


add("COVERAGE-108", "coverage-tolerance-0-refused", "parameter", "A tolerance of 0 is refused.", _zero_refused)
for _number, _name, _slug, _summary, _read in (
    ("103", "start", "start-optional", "Without start, all up to end is given.", lambda text: text is None and 1),
    ("104", "end", "end-optional", "Without end, all from start on is given.", lambda text: text is None and 1 << 62),
    (
        "109",
        "tolerance",
        "tolerance-negative",
        "A negative tolerance counts as 0.001 s.",
        lambda text: (text or "").startswith("-") and 0.001,
    ),
    (
        "123",
        "tolerance",
        "tolerance-word",
        "A tolerance that is a word counts as 0.001 s.",
        lambda text: (text or "").isalpha() and 0.001,
    ),
):

    def _truly(read: Callable[[str | None], Any]) -> Callable[[str | None], Any]:
        return lambda text: read(text) or None

    add(f"COVERAGE-{_number}", f"coverage-{_slug}", "parameter", _summary, read_as(_LIST, _name, _truly(_read)))
add(
    "COVERAGE-124",
    "coverage-include-edge-any",
    "parameter",
    "An includeEdgeRecordings that is neither true nor false counts as false.",
    read_as(_LIST, "includeEdgeRecordings", lambda text: None if text in {None, "true", "false"} else False),
)

# ---- what the ranges are


def _unnamed(change: Callable[[list[Range]], Iterable[Range]]) -> Wrapper:
    """A wrapper of `coverage_ranges` that changes the ranges of a request that names nothing but a time."""

    def wrapper(honest: Wrapper, call: Call, chosen: Iterable[Group], asked: Mapping[str, Any]) -> Iterable[Range]:
        found: list[Range] = list(honest(call, chosen, asked))
        return found if any(name in asked for name in SELECTORS) or "tolerance" in asked else change(found)

    return wrapper


def _joined(found: list[Range]) -> list[Range]:
    """Data of devices that overlap are one range, of each of them."""
    together: list[list[Range]] = []
    reach = -1
    for one in sorted(found, key=attrgetter("start")):
        if one.start > reach:
            together.append([])
        together[-1].append(one)
        reach = max(reach, one.end)
    return [
        one._replace(start=group[0].start, end=max(other.end for other in group))
        for group in together
        for one in {(one.device_id, one.import_status): one for one in group}.values()
    ]


def _each_recording(honest: Wrapper, call: Call, chosen: Iterable[Group], asked: Mapping[str, Any]) -> Iterable[Range]:
    """Where nothing is to be joined, each recording has a range of its own."""
    if "tolerance" in asked:
        found: Iterable[Range] = honest(call, chosen, asked)
        return found
    from robowire_mocks.foxglove.coverage_ranges import Range

    spans = (
        (group, int(start), int(end))
        for group in chosen
        for start, end in zip(group.starts, group.ends, strict=True)
        if start <= asked["end"] and end >= asked["start"]
    )
    return [
        Range(f"{number:012}", group.device_id, group.import_status, start, end)
        for number, (group, start, end) in enumerate(spans)
    ]


for _number, _slug, _summary, _wrapper in (
    (
        "301",
        "last-missing",
        "The last range is missing where nothing but a time is asked for.",
        _unnamed(lambda found: found[:-1]),
    ),
    (
        "302",
        "begins-early",
        "Ranges begin a second early where nothing but a time is asked for.",
        _unnamed(lambda found: [one._replace(start=max(one.start - SECOND, 0)) for one in found]),
    ),
    (
        "302",
        "ends-late",
        "Ranges end a second late where nothing but a time is asked for.",
        _unnamed(lambda found: [one._replace(end=one.end + SECOND) for one in found]),
    ),
    (
        "303",
        "devices-joined",
        "Ranges of devices that overlap are one where nothing but a time is asked for.",
        _unnamed(_joined),
    ),
    ("304", "not-joined", "Ranges of recordings that overlap do too.", _each_recording),
):
    add(f"COVERAGE-{_number}", f"coverage-{_slug}", "coverage_ranges", _summary, _wrapper)

# ---- sorting


def _sorted(field: str, key: Callable[[Any], Any]) -> Wrapper:
    return after(lambda keys: {**keys, field: key})


def _mixed(name: str) -> Callable[[Any], int]:
    """A key that follows a time, but not its order."""
    return lambda one: getattr(one, name) // SECOND * 7919 % 10007


def _by_name(honest: Wrapper, call: Call) -> Mapping[str, Any]:
    keys = honest(call)
    return {**keys, "deviceId": keys["deviceName"]}


for _number, _field, _by in (
    ("131", "deviceId", "start"),
    ("132", "device.id", "start"),
    ("133", "device.name", "start"),
    ("134", "deviceName", "start"),
    ("135", "start", "end"),
    ("136", "end", "start"),
):
    add(
        f"COVERAGE-{_number}",
        f"coverage-sorted-{slug(_field)}-mixed",
        "coverage_keys",
        f"With sortBy {_field}, ranges are in an order that {_by} alone explains.",
        _sorted(_field, _mixed(_by)),
    )
add(
    "COVERAGE-131",
    "coverage-sorted-device-id-by-name",
    "coverage_keys",
    "With sortBy deviceId, ranges are sorted by the names of devices.",
    _by_name,
)

# ---- members

wrong_members(
    "COVERAGE",
    "coverage_range",
    "a range",
    {
        "201": ("deviceId", 7),
        "202": ("device", "tug"),
        "203": ("start", "then"),
        "204": ("end", 1700000000),
        "205": ("status", "done"),
        "206": ("importStatus", 7),
    },
)
missing_members("COVERAGE", "coverage_range", "a range", {"203": "start", "204": "end", "205": "status"})


def _shown(change: Callable[[Call, Range, dict[str, Any]], Mapping[str, Any]]) -> Wrapper:
    """A wrapper of `coverage_range` that shows some members otherwise."""

    def wrapper(honest: Wrapper, call: Call, one: Range, edge: bool) -> dict[str, Any]:  # noqa: FBT001  # as the step
        shown: dict[str, Any] = honest(call, one, edge)
        return {**shown, **change(call, one, shown)}

    return wrapper


def _other_id(call: Call, one: Range, shown: dict[str, Any]) -> Mapping[str, Any]:
    other = next((device.id for device in call.state.devices if device.id != one.device_id), None)
    return {"device": {**shown["device"], "id": other}} if other is not None and "device" in shown else {}


def _status(of: str, shown_as: str) -> Wrapper:
    return _shown(lambda _, one, __: {"status": shown_as} if one.import_status == of else {})


for _number, _slug, _summary, _wrapper in (
    ("207", "device-id-anothers", "The id in device is that of another device.", _shown(_other_id)),
    (
        "207",
        "device-name-lost",
        "The name in device is its id.",
        _shown(
            lambda _, __, shown: {"device": {**shown["device"], "name": shown["deviceId"]}} if "device" in shown else {}
        ),
    ),
    (
        "305",
        "imported-pending",
        "What is imported has the status import-pending.",
        _status(_COMPLETE, "import-pending"),
    ),
    ("306", "at-edge-pending", "What is at the edge has the status import-pending.", _status("none", "import-pending")),
    ("307", "pending-at-edge", "What is being imported has the status at-edge.", _status("pending", "at-edge")),
    (
        "309",
        "import-status-none",
        "The importStatus of what is imported is none.",
        _shown(
            lambda _, one, shown: (
                {"importStatus": "none"} if "importStatus" in shown and one.import_status == _COMPLETE else {}
            )
        ),
    ),
    (
        "309",
        "import-status-awaited-none",
        "The importStatus of what is about to be imported is none.",
        _shown(
            lambda _, one, shown: (
                {"importStatus": "none"}
                if "importStatus" in shown and one.import_status in {"pending", "importing"}
                else {}
            )
        ),
    ),
):
    add(f"COVERAGE-{_number}", f"coverage-{_slug}", "coverage_range", _summary, _wrapper)
add(
    "COVERAGE-308",
    "coverage-no-import-status",
    "coverage_range",
    "What is imported has no importStatus.",
    after(lambda shown: {name: value for name, value in shown.items() if name != "importStatus" or value != _COMPLETE}),
)
