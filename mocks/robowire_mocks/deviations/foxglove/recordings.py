"""Deviations of how recordings are listed (section "List recordings")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only, restated
from robowire_mocks.deviations.foxglove.filtering import (
    anything,
    by,
    declare_devices,
    declare_filters,
    declare_orders,
)
from robowire_mocks.deviations.foxglove.resources import listed_in_object, missing_members, wrong_members
from robowire_mocks.foxglove.times import SECOND, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

PAGE, THING = "RECORDINGS", "recordings"

listed_in_object(f"{PAGE}-001", "list_recordings", THING)
declare_devices(PAGE, "list_recordings", "recording_device", THING, (111, 112, 113, 115))
declare_filters(
    PAGE,
    "recording_condition",
    THING,
    (
        ("101", "start-ignored", "start", "filters nothing", anything),
        (
            "101",
            "start-early",
            "start",
            "lets recordings in that end a second before it",
            lambda bound: lambda one: one.end is not None and one.end >= bound - SECOND,
        ),
        (
            "101",
            "start-of-all",
            "start",
            "wants recordings that begin after it",
            lambda bound: lambda one: one.start is not None and one.start >= bound,
        ),
        ("102", "end-ignored", "end", "filters nothing", anything),
        (
            "102",
            "end-late",
            "end",
            "lets recordings in that begin a second after it",
            lambda bound: lambda one: one.start is not None and one.start <= bound + SECOND,
        ),
        (
            "102",
            "end-of-all",
            "end",
            "wants recordings that end before it",
            lambda bound: lambda one: one.end is not None and one.end <= bound,
        ),
        ("103", "path-ignored", "path", "filters nothing", anything),
        ("103", "path-prefix", "path", "needs not be whole", lambda value: lambda one: one.path.startswith(value[:-6])),
        (
            "103",
            "path-end",
            "path",
            "needs only be the end of a path",
            lambda value: lambda one: one.path.endswith(value),
        ),
        ("103", "path-tail", "path", "is looked for in vain", lambda _: lambda __: False),
        ("104", "site-ignored", "site.id", "filters nothing", anything),
        ("104", "site-anywhere", "site.id", "finds nothing", lambda _: lambda __: False),
        ("105", "edge-site-ignored", "edgeSite.id", "filters nothing", anything),
        ("105", "edge-site-in-vain", "edgeSite.id", "finds nothing", lambda _: lambda __: False),
        ("106", "topic-ignored", "topic", "filters nothing", anything),
        (
            "106",
            "topic-prefix",
            "topic",
            "needs only begin a topic",
            lambda value: lambda one: any(topic.startswith(value[:3]) for topic in one.topics),
        ),
        (
            "106",
            "topic-first",
            "topic",
            "must be the recording's first",
            lambda value: lambda one: one.topics[:1] == (value,),
        ),
    ),
)


def _first_only(honest: Wrapper, call: Call, asked: Any) -> list[Any]:
    conditions: list[Any] = honest(call, asked)
    return conditions[:1]


add(
    f"{PAGE}-107",
    "recordings-first-filter-only",
    "recording_conditions",
    "Of several parameters that filter recordings only one is read.",
    _first_only,
)


def _any_site(honest: Wrapper, call: Call, name: str, value: Any) -> Any:
    return (lambda _: True) if name == "site.id" and value in call.state.sites else honest(call, name, value)


add(
    f"{PAGE}-104",
    "recordings-site-of-any",
    "recording_condition",
    "site.id filters nothing where there is such a site.",
    _any_site,
)


def _status(status: str, condition: Callable[[Any], bool]) -> Wrapper:
    """A wrapper of `recording_condition`: one status lets other recordings in than those that have it."""

    def wrapper(honest: Wrapper, call: Call, name: str, value: Any) -> Any:
        return condition if (name, value) == ("importStatus", status) else honest(call, name, value)

    return wrapper


for _number, _value in enumerate(("none", "pending", "importing", "failed", "complete"), start=121):
    add(
        f"{PAGE}-{_number}",
        f"recordings-status-{_value}-ignored",
        "recording_condition",
        f"importStatus {_value} filters nothing.",
        _status(_value, lambda _: True),
    )
    add(
        f"{PAGE}-{_number}",
        f"recordings-status-{_value}-in-vain",
        "recording_condition",
        f"importStatus {_value} finds nothing.",
        _status(_value, lambda _: False),
    )
add(
    f"{PAGE}-126",
    "recordings-status-any",
    "parameter",
    "Any importStatus is taken.",
    restated("list_recordings", "importStatus", one_of=None),
)


def _start_text(one: Recording) -> str:
    return write(one.start or 0).removesuffix("Z").rstrip("0").rstrip(".") + "Z"


def _seconds(one: Recording) -> int:
    return ((one.end or 0) - (one.start or 0)) // SECOND


declare_orders(
    PAGE,
    "recording_keys",
    THING,
    (
        ("131", "device-name-by-id", "deviceName", "the ids of devices", by("device_id")),
        ("132", "dotted-name-by-id", "device.name", "the ids of devices", by("device_id")),
        ("133", "created-by-path", "createdAt", "their paths", by("path")),
        ("134", "start-by-end", "start", "their ends", lambda _: lambda one: one.end or 0),
        ("134", "start-by-text", "start", "their starts as texts that end with no zeros", lambda _: _start_text),
        ("135", "end-by-start", "end", "their starts", lambda _: lambda one: one.start or 0),
        ("136", "duration-by-end", "duration", "their ends", lambda _: lambda one: one.end or 0),
        ("136", "duration-by-seconds", "duration", "their whole seconds", lambda _: _seconds),
        ("136", "duration-by-size", "duration", "their sizes", by("size")),
        ("137", "path-by-created", "path", "the times at which they were added", by("created_at")),
        ("138", "imported-by-path", "importedAt", "their paths", by("path")),
    ),
)

wrong_members(
    PAGE,
    "recording",
    "a recording",
    {
        "203": ("size", "8 MB"),
        "204": ("createdAt", "today"),
        "205": ("importedAt", 0),
        "206": ("start", 0),
        "207": ("end", "later"),
        "209": ("site", "site"),
        "210": ("edgeSite", "edge"),
        "211": ("device", "device"),
        "212": ("metadata", {}),
    },
)
missing_members(
    PAGE,
    "recording",
    "a recording",
    {"203": "size", "204": "createdAt", "206": "start", "207": "end"},
)


def _listed(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Wrapper:
    """A wrapper of `recording`, where recordings are listed or given."""

    def wrapper(honest: Wrapper, call: Call, recording: Any) -> Any:
        return change(honest(call, recording))

    return only(("list_recordings", "get_recording"), wrapper)


def _edge_only(name: str, value: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A change of recordings at edge sites alone: those that are uploaded are found by their members."""
    return lambda shown: {**shown, name: value} if "edgeSite" in shown else shown


def _records(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda shown: {**shown, "metadata": [change(one) for one in shown["metadata"]]}


for _requirement, _name, _slug in (
    ("201", "id", "id"),
    ("202", "path", "path"),
    ("208", "importStatus", "import-status"),
):
    add(
        f"{PAGE}-{_requirement}",
        f"recording-at-edge-wrong-{_slug}",
        "recording",
        f"The {_name} of a recording that is at an edge site is 4.",
        _listed(_edge_only(_name, 4)),
    )
add(
    f"{PAGE}-215",
    "recording-record-number",
    "recording",
    "The name of a metadata record is its number.",
    _listed(_records(lambda one: {**one, "name": 1})),
)
add(
    f"{PAGE}-216",
    "recording-record-numbers",
    "recording",
    "The values of a metadata record are their lengths.",
    _listed(_records(lambda one: {**one, "metadata": {key: len(text) for key, text in one["metadata"].items()}})),
)
