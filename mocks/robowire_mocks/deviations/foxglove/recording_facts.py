"""Deviations of what recordings tell (page "Recordings")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, only
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.contents import Content, Trouble
    from robowire_mocks.foxglove.rows import PendingImport, Recording

PAGE = "RECORDINGS"
_HOUR = 3600 * SECOND


def _new(change: Callable[[Recording, Content], Recording]) -> Wrapper:
    """A wrapper of `new_recording`."""

    def wrapper(honest: Wrapper, call: Call, job: PendingImport, content: Content) -> Recording:
        return change(honest(call, job, content), content)

    return wrapper


def _told(name: str, change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper of `recording` that tells another value of one member, where recordings are listed or given."""
    told = after(lambda shown: {**shown, name: change(shown[name])} if name in shown else shown)
    return only(("list_recordings", "get_recording"), told)


def _no_bags(honest: Wrapper, call: Call, path: Any) -> Any:
    from robowire_mocks.foxglove.contents import Trouble

    found = honest(call, path)
    return Trouble("bags are not imported", damaged=False) if getattr(found, "input_type", "") == "bag1" else found


add(f"{PAGE}-301", "bags-not-imported", "opened", "ROS 1 bags are not imported.", _no_bags)
add(
    f"{PAGE}-303",
    "edge-path-basename",
    "recording",
    "The path of a recording that is at an edge site is the name of its file alone.",
    only(
        ("list_recordings", "get_recording"),
        after(lambda shown: {**shown, "path": shown["path"].rpartition("/")[2]} if "edgeSite" in shown else shown),
    ),
)


def _basename(honest: Wrapper, call: Call, recording: Recording) -> Any:
    """Where recordings are given; lists keep the whole path."""
    shown = honest(call, recording)
    return {**shown, "path": shown["path"].upper()} if recording.edge_site_id is None else shown


add(
    f"{PAGE}-302",
    "upload-path-in-capitals",
    "recording",
    "The path of a recording that is given alone is in capitals.",
    only("get_recording", _basename),
)
for _number, _slug, _name, _what, _change in (
    ("304", "size-in-blocks", "size", "a multiple of 512", lambda size: -(-size // 512) * 512),
    ("304", "size-less", "size", "a byte too small", lambda size: size - 1),
    ("309", "site-unnamed", "site", "that of nobody", lambda site: {**site, "id": "site_x"}),
    ("310", "edge-site-unnamed", "edgeSite", "that of nobody", lambda site: {**site, "id": "site_x"}),
    ("311", "device-by-id", "device", "named by its id", lambda device: {**device, "name": device["id"]}),
    ("312", "metadata-cut", "metadata", "the first only", lambda records: records[:1]),
    (
        "312",
        "metadata-last",
        "metadata",
        "one for each name",
        lambda records: list({one["name"]: one for one in records}.values()),
    ),
    (
        "312",
        "metadata-without-empty",
        "metadata",
        "without values that are empty",
        lambda records: [
            {**one, "metadata": {key: text for key, text in one["metadata"].items() if text}} for one in records
        ],
    ),
):
    add(
        f"{PAGE}-{_number}",
        f"recording-{_slug}",
        "recording",
        f"The {_name} of a recording is {_what}.",
        _told(_name, _change),
    )
for _number, _slug, _what, _made in (
    (
        "305",
        "created-in-past",
        "The createdAt of a recording is an hour early.",
        lambda one, _: replace(one, created_at=one.created_at - _HOUR),
    ),
    (
        "305",
        "created-at-start",
        "The createdAt of a recording is its start.",
        lambda one, _: replace(one, created_at=one.start or 0),
    ),
):
    add(f"{PAGE}-{_number}", f"recording-{_slug}", "new_recording", _what, _new(_made))


def _seconds(name: str) -> Callable[[Recording], Recording]:
    if name == "start":
        return lambda one: replace(one, start=(one.start or 0) // SECOND * SECOND)
    return lambda one: replace(one, end=(one.end or 0) // SECOND * SECOND)


def _shown_with(change: Callable[[Recording], Recording]) -> Wrapper:
    """A wrapper of `recording` that shows another row, where recordings are listed or given."""

    def wrapper(honest: Wrapper, call: Call, recording: Recording) -> Any:
        return honest(call, change(recording))

    return only(("list_recordings", "get_recording"), wrapper)


for _number, _name in (("307", "start"), ("308", "end")):
    add(
        f"{PAGE}-{_number}",
        f"recording-{_name}-in-seconds",
        "recording",
        f"The {_name} of a recording is told in whole seconds.",
        _shown_with(_seconds(_name)),
    )
add(
    f"{PAGE}-307",
    "recording-start-a-nanosecond-early",
    "recording",
    "The start of a recording is a nanosecond early.",
    _shown_with(lambda one: replace(one, start=(one.start or 1) - 1)),
)
add(
    f"{PAGE}-308",
    "recording-end-exclusive",
    "recording",
    "The end of a recording is a nanosecond after its last message.",
    _shown_with(lambda one: replace(one, end=(one.end or 0) + 1)),
)
add(
    f"{PAGE}-306",
    "recording-imported-before-created",
    "recording",
    "The importedAt of a recording is an hour before its createdAt.",
    _shown_with(lambda one: replace(one, imported_at=one.imported_at and one.created_at - _HOUR)),
)
add(
    f"{PAGE}-306",
    "edge-recording-imported-when-made",
    "recording",
    "The importedAt of an imported edge recording is its createdAt.",
    _shown_with(lambda one: replace(one, imported_at=one.imported_at and one.created_at) if one.edge_site_id else one),
)
add(
    f"{PAGE}-306",
    "recording-imported-in-future",
    "recording",
    "The importedAt of a recording is a month ahead.",
    _shown_with(lambda one: replace(one, imported_at=one.imported_at and one.imported_at + 30 * 24 * _HOUR)),
)
add(
    f"{PAGE}-306",
    "recording-imported-at-edge",
    "recording",
    "A recording that is not imported has an importedAt.",
    _shown_with(lambda one: replace(one, imported_at=one.imported_at or one.created_at)),
)


def _pending_none(honest: Wrapper, call: Call, recording: Recording) -> Any:
    """Where a recording is given alone."""
    return honest(call, replace(recording, import_status="pending") if recording.import_status == "none" else recording)


add(
    f"{PAGE}-321",
    "recording-none-told-pending",
    "recording",
    "The importStatus of a recording that is given alone and is not imported is pending.",
    only("get_recording", _pending_none),
)


def _importing_at_once(honest: Wrapper, call: Call, recording: Recording) -> Recording:
    asked: Recording = honest(call, recording)
    if recording.import_status == "none" and asked.import_status == "pending":
        asked = replace(asked, import_status="importing")
        call.state.recordings.put(asked)
    return asked


def _failed_as_none(honest: Wrapper, call: Call, job: PendingImport, trouble: Trouble) -> None:
    honest(call, job, trouble)
    recording = call.state.recordings.get(job.recording_id or "")
    if recording is not None:
        call.state.recordings.put(replace(recording, import_status="none"))


add(
    f"{PAGE}-322",
    "recording-asked-importing",
    "import_asked",
    "The importStatus of a recording is importing as soon as its import is asked for.",
    _importing_at_once,
)
add(
    f"{PAGE}-323",
    "recording-processed-pending",
    "import_begun",
    "The importStatus of a recording of an edge site is pending while it is processed.",
    lambda _, __, recording: recording,
)
add(
    f"{PAGE}-324",
    "recording-failed-none",
    "import_failed",
    "The importStatus of a recording that could not be imported is none.",
    _failed_as_none,
)
add(
    f"{PAGE}-325",
    "recording-complete-told-importing-alone",
    "recording",
    "The importStatus of a recording that is complete and given alone is importing.",
    only(
        "get_recording",
        lambda honest, call, one: honest(
            call, replace(one, import_status="importing") if one.complete and one.edge_site_id is None else one
        ),
    ),
)
