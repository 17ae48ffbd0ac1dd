"""Deviations of lake files (page "Lake files")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after
from robowire_mocks.deviations.foxglove.resources import answered, listed_in_object
from robowire_mocks.deviations.foxglove.selecting import bounded, slug, unread
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.lake_files import LONGEST, SITE_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import Recording

_LIST = "list_lake_files"

listed_in_object("LAKE-001", _LIST, "lake files")

# ---- which recordings

for _number, _name in (
    ("103", "deviceId"),
    ("104", "deviceName"),
    ("105", "recordingId"),
    ("106", "recordingKey"),
):
    add(
        f"LAKE-{_number}",
        f"lake-files-{slug(_name)}-ignored",
        "recordings_of",
        f"{_name} selects nothing.",
        unread(_LIST, _name),
    )
for _number, _name, _slug, _summary, _change in (
    ("107", "start", "ignored", "start filters nothing.", lambda _: None),
    ("107", "start", "exclusive", "start is exclusive.", lambda bound: bound + 1),
    ("108", "end", "ignored", "end filters nothing.", lambda _: None),
    ("108", "end", "exclusive", "end is exclusive.", lambda bound: bound - 1),
):
    add(f"LAKE-{_number}", f"lake-files-{_name}-{_slug}", "recordings_of", _summary, bounded(_LIST, _name, _change))


def _unbounded_beside_recording(name: str, value: int) -> Wrapper:
    """A wrapper of `recordings_of`: beside a recording, a bound of the range counts for nothing."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> Any:
        ignored = call.operation.name == _LIST and "recordingId" in asked and name in asked
        return honest(call, {**asked, name: value} if ignored else asked)

    return wrapper


for _number, _name, _bound in (("107", "start", 0), ("108", "end", 1 << 62)):
    add(
        f"LAKE-{_number}",
        f"lake-files-{_name}-beside-recording",
        "recordings_of",
        f"Beside a recordingId, {_name} filters nothing.",
        _unbounded_beside_recording(_name, _bound),
    )


def _any_site(_: Wrapper, call: Call, asked: Mapping[str, Any]) -> list[Recording]:
    return [one for one in call.steps.recordings_of(call, asked) if one.complete]


add("LAKE-102", "lake-files-of-any-site", "lake_recordings", "siteId selects nothing.", _any_site)

# ---- what is refused


def _first_lake(honest: Wrapper, call: Call, member: Member) -> Any:
    if call.operation.name == _LIST and member.name == "siteId" and "siteId" not in call.query:
        return next(site.id for site in call.state.sites if site.type == SITE_TYPE)
    return honest(call, member)


add("LAKE-101", "lake-files-any-site", "parameter", "Without siteId, the site is the first that can be.", _first_lake)
add(
    "LAKE-111",
    "lake-files-topic-ignored",
    "parameter",
    "topic selects nothing.",
    lambda honest, call, member: (
        None if call.operation.name == _LIST and member.name == "topic" else honest(call, member)
    ),
)


def _topic_of_recordings(honest: Wrapper, call: Call, member: Member) -> Any:
    alone = call.operation.name == _LIST and member.name == "topic" and "recordingId" not in call.query
    return None if alone else honest(call, member)


add(
    "LAKE-111",
    "lake-files-topic-of-device-ignored",
    "parameter",
    "topic selects nothing without a recordingId.",
    _topic_of_recordings,
)


def _allowed(allows: Callable[[Mapping[str, Any]], bool]) -> Wrapper:
    """A wrapper of `lake_request` that lets some requests pass."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> None:
        if not allows(asked):
            honest(call, asked)

    return wrapper


def _refused(refuses: Callable[[Mapping[str, Any]], bool], text: str) -> Wrapper:
    """A wrapper of `lake_request` that refuses more."""

    def wrapper(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> None:
        honest(call, asked)
        if refuses(asked):
            raise BadRequest(text)

    return wrapper


def _by_recording(asked: Mapping[str, Any]) -> bool:
    return "recordingId" in asked or "recordingKey" in asked


def _unbounded(name: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda asked: name in asked and not {"start", "end"} & asked.keys()


def _devices(asked: Mapping[str, Any]) -> bool:
    return any(name in asked for name in ("deviceId", "deviceName", "device.id", "device.name"))


def _span(asked: Mapping[str, Any]) -> int:
    return int(asked["end"] - asked["start"]) if {"start", "end"} <= asked.keys() else 0


for _number, _slug, _summary, _wrapper in (
    (
        "109",
        "end-optional",
        "end need not go with start.",
        _allowed(lambda asked: "start" in asked and "end" not in asked),
    ),
    (
        "110",
        "start-optional",
        "start need not go with end.",
        _allowed(lambda asked: "end" in asked and "start" not in asked),
    ),
    (
        "112",
        "nothing-named",
        "Neither a device nor a recording need be named.",
        _allowed(lambda asked: not _by_recording(asked) and not _devices(asked)),
    ),
    ("113", "device-id-unbounded", "With deviceId, start and end are not needed.", _allowed(_unbounded("deviceId"))),
    (
        "114",
        "device-name-unbounded",
        "With deviceName, start and end are not needed.",
        _allowed(_unbounded("deviceName")),
    ),
    ("115", "long-range", "A range of more than 24 hours is taken.", _allowed(lambda asked: _span(asked) > LONGEST)),
    (
        "115",
        "long-range-of-recording",
        "With a recording, a range of more than 24 hours is taken.",
        _allowed(lambda asked: _by_recording(asked) and _span(asked) > LONGEST),
    ),
    (
        "116",
        "day-refused",
        "A range of exactly 24 hours is refused.",
        _refused(lambda asked: _span(asked) == LONGEST, "start and end are 24 hours apart"),
    ),
    (
        "117",
        "recording-unbounded-refused",
        "With a recording, start and end are needed too.",
        _refused(lambda asked: _by_recording(asked) and "start" not in asked, "start and end are required"),
    ),
):
    add(f"LAKE-{_number}", f"lake-files-{_slug}", "lake_request", _summary, _wrapper)


def _no_lake(honest: Wrapper, call: Call, asked: Mapping[str, Any]) -> None:
    try:
        honest(call, asked)
    except BadRequest:
        return


add("LAKE-301", "lake-files-of-hosted-site", "lake_site", "Every site has lake files.", _no_lake)

# ---- the files


def _each(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Wrapper:
    return answered(_LIST, lambda body: [change(one) for one in body])


for _number, _name, _value in (("201", "path", 7), ("202", "topics", "/imu")):

    def _shown(name: str, value: Any) -> Wrapper:
        return _each(lambda one: {**one, name: value})

    def _lacking(name: str) -> Wrapper:
        return _each(lambda one: {key: value for key, value in one.items() if key != name})

    add(
        f"LAKE-{_number}",
        f"lake-file-wrong-{_name}",
        "answer",
        f"The {_name} of a lake file is {_value!r}.",
        _shown(_name, _value),
    )
    add(f"LAKE-{_number}", f"lake-file-without-{_name}", "answer", f"A lake file lacks {_name}.", _lacking(_name))


def _joined(objects: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    topics = [topic for _, one in objects for topic in one]
    return [(path, topics) for path, _ in objects]


add(
    "LAKE-302",
    "lake-files-last-missing",
    "lake_objects",
    "The file of the last topic is missing.",
    after(lambda objects: list(objects)[:-1]),
)
add(
    "LAKE-304",
    "lake-file-topics-of-all",
    "lake_objects",
    "Each file names all topics of the recording.",
    after(lambda objects: _joined(list(objects))),
)
for _slug, _summary, _path in (
    ("of-one-path", "All lake files have one path.", "lake/data.mcap"),
    ("without-path", "The path of a lake file is empty.", ""),
):

    def _at(path: str) -> Wrapper:
        return after(lambda objects: [(path, topics) for _, topics in objects])

    add("LAKE-307", f"lake-files-{_slug}", "lake_objects", _summary, _at(_path))
