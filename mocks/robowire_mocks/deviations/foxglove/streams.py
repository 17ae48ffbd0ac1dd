"""Deviations of requests for data (page "Download data")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.deviations.foxglove.resources import other_status
from robowire_mocks.deviations.foxglove.selecting import alias_first, alone, slug
from robowire_mocks.foxglove.streaming import StreamRequest
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

_STREAM = "stream_data"

other_status("STREAM-001", _STREAM)


def usable(call: Call) -> list[Recording]:
    """The recordings whose data can be given."""
    return [one for one in call.state.recordings if one.complete and one.file_id is not None]


def link_to_any(call: Call) -> Any:
    """The answer to a request for data of the first of them."""
    return {"link": call.steps.stream_link(call, StreamRequest((usable(call)[0].id,)))}


def _body(call: Call) -> Mapping[str, Any]:
    body: Mapping[str, Any] = call.steps.body(call)
    return body


def reading(change: Callable[[Call, Mapping[str, Any]], Mapping[str, Any]]) -> Wrapper:
    """A wrapper of the operation that reads another body than was sent."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        changed = change(call, _body(call))
        return honest(replace(call, steps=replace(call.steps, body=lambda _: changed)))

    return wrapper


# ---- what the request asks for


def _asked(change: Callable[[Mapping[str, Any], StreamRequest], StreamRequest]) -> Wrapper:
    """A wrapper of `stream_request` that keeps another request."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any], recordings: list[Recording]) -> StreamRequest:
        return change(given, honest(call, given, recordings))

    return wrapper


def _moved(name: str, by: int) -> Wrapper:
    def change(_: Mapping[str, Any], request: StreamRequest) -> StreamRequest:
        bound = getattr(request, name)
        return request if bound is None else replace(request, **{name: bound + by})

    return _asked(change)


def _lookback(change: Callable[[Mapping[str, Any], int, int], int | None]) -> Wrapper:
    """A wrapper that looks back otherwise; `change` gets the body, the start, and how far back is asked for."""

    def changed(given: Mapping[str, Any], request: StreamRequest) -> StreamRequest:
        if request.start is None or "replayLookbackSeconds" not in given:
            return request
        back = round(given["replayLookbackSeconds"] * SECOND)
        return replace(request, since=change(given, request.start, back))

    return _asked(changed)


def _replayed(given: Mapping[str, Any]) -> bool:
    return bool(given.get("replayPolicy"))


def _beside(name: str, **kept: Any) -> Wrapper:
    """A wrapper that keeps something else of a request where it names recordings this way."""
    return _asked(lambda given, request: replace(request, **kept) if name in given else request)


def _within(name: str, by: int) -> Wrapper:
    """A wrapper that moves a bound where a device is named."""

    def change(given: Mapping[str, Any], request: StreamRequest) -> StreamRequest:
        bound = getattr(request, name)
        by_device = bound is not None and {"deviceId", "deviceName"} & given.keys()
        return replace(request, **{name: bound + by}) if by_device else request

    return _asked(change)


def _empty_bag(given: Mapping[str, Any], request: StreamRequest) -> StreamRequest:
    return replace(request, topics=frozenset()) if given.get("topics") and request.bag else request


def _topics_of(honest: Wrapper, call: Call, given: Mapping[str, Any], recordings: list[Recording]) -> StreamRequest:
    """Where a recording is named and nothing else, all topics but the last."""
    request: StreamRequest = honest(call, given, recordings)
    if given.keys() != {"recordingId"}:
        return request
    opened = (call.state.reading.recorded(call.state.files, one) for one in recordings)
    topics = sorted({channel.topic for one in opened for channel in one.channels if channel.message_count})
    return replace(request, topics=frozenset(topics[:-1])) if len(topics) > 1 else request


for _number, _slug, _summary, _wrapper in (
    (
        "101",
        "topics-ignored",
        "topics selects nothing.",
        _asked(lambda _, request: replace(request, topics=None) if request.since is None else request),
    ),
    (
        "101",
        "topics-first-only",
        "Of the topics that are asked for without a range, one is given.",
        _asked(
            lambda given, request: (
                replace(request, topics=frozenset(given["topics"][:1]))
                if request.topics and request.start is None
                else request
            )
        ),
    ),
    (
        "101",
        "topics-ignored-with-recording-key",
        "With a recordingKey, topics selects nothing.",
        _beside("recordingKey", topics=None),
    ),
    ("101", "topics-of-bag-empty", "With outputFormat bag1, topics leaves nothing.", _asked(_empty_bag)),
    ("102", "default-topics", "Where a recording is named and nothing else, one topic is missing.", _topics_of),
    (
        "103",
        "no-topics",
        "An empty array of topics selects nothing.",
        _asked(lambda given, request: replace(request, topics=frozenset()) if given.get("topics") == [] else request),
    ),
    (
        "106",
        "bag-as-mcap",
        "With outputFormat bag1, the data are MCAP.",
        _asked(lambda _, one: replace(one, bag=False)),
    ),
    (
        "108",
        "attachments-by-recording",
        "With a recordingId, there are no attachments.",
        _asked(lambda given, one: replace(one, attachments=one.attachments and "recordingId" not in given)),
    ),
    (
        "111",
        "attachments-by-import",
        "With an importId, there are no attachments.",
        _asked(lambda given, one: replace(one, attachments=one.attachments and "importId" not in given)),
    ),
    (
        "309",
        "attachments-always",
        "Attachments come without being asked for.",
        _asked(lambda given, one: replace(one, attachments=given.get("includeAttachments", True) or one.attachments)),
    ),
    (
        "309",
        "attachments-when-false",
        "Attachments come with includeAttachments false too.",
        _asked(lambda given, one: replace(one, attachments="includeAttachments" in given)),
    ),
    ("113", "no-replay", "Nothing before start is replayed.", _lookback(lambda *_: None)),
    (
        "114",
        "replay-without-policy",
        "With an empty replayPolicy, messages are replayed.",
        _lookback(lambda given, start, back: start - back if "replayPolicy" in given else None),
    ),
    (
        "115",
        "replay-from-anywhere",
        "Messages are replayed from as far back as there are any.",
        _lookback(lambda given, _, __: 0 if _replayed(given) else None),
    ),
    (
        "116",
        "lookback-cut",
        "replayLookbackSeconds loses its fraction.",
        _lookback(lambda given, start, back: start - back // SECOND * SECOND if _replayed(given) else None),
    ),
    (
        "116",
        "lookback-rounded-up",
        "replayLookbackSeconds is rounded up.",
        _lookback(lambda given, start, back: start + -back // SECOND * SECOND if _replayed(given) else None),
    ),
    ("124", "start-exclusive", "start is exclusive.", _moved("start", 1)),
    ("124", "start-a-nanosecond-early", "The data begin a nanosecond early.", _moved("start", -1)),
    ("124", "start-of-device-exclusive", "By device, start is exclusive.", _within("start", 1)),
    ("125", "end-of-device-exclusive", "By device, end is exclusive.", _within("end", -1)),
    ("125", "end-exclusive", "end is exclusive.", _moved("end", -1)),
    ("125", "end-a-nanosecond-late", "The data end a nanosecond late.", _moved("end", 1)),
    (
        "135",
        "range-of-recording-ignored",
        "With a recordingId, start and end select nothing.",
        _asked(lambda given, one: replace(one, start=None, end=None, since=None) if "recordingId" in given else one),
    ),
    (
        "135",
        "range-of-import-ignored",
        "With an importId, start and end select nothing.",
        _beside("importId", start=None, end=None, since=None),
    ),
    (
        "135",
        "range-of-key-ignored",
        "With a key, start and end select nothing.",
        _beside("key", start=None, end=None, since=None),
    ),
):
    add(f"STREAM-{_number}", f"stream-{_slug}", "stream_request", _summary, _wrapper)

# ---- which recordings


def _another(name: str) -> Wrapper:
    """A wrapper of `recordings_of`: this selector, alone, gives another recording."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> list[Recording]:
        found: list[Recording] = honest(call, given)
        if not alone(name, given) or not found:
            return found
        return [next((one for one in usable(call) if one.id != found[0].id), found[0])]

    return only(_STREAM, wrapper)


for _number, _name in (("128", "importId"), ("129", "recordingId"), ("130", "recordingKey"), ("131", "key")):
    add(
        f"STREAM-{_number}",
        f"stream-{slug(_name)}-anothers",
        "recordings_of",
        f"With {_name}, the data are those of another recording.",
        _another(_name),
    )


def _anothers(name: str) -> Wrapper:
    """A wrapper of `reference`: this way to name a device, alone, means another one."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        device = honest(call, given)
        if device is None or not alone(name, given):
            return device
        return next((one for one in call.state.devices if one.id != device.id), device)

    return only(_STREAM, wrapper)


def _unread(name: str) -> Wrapper:
    """A wrapper of `reference`: this way to name a device, alone, names none."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        return None if alone(name, given) else honest(call, given)

    return only(_STREAM, wrapper)


for _number, _name in (("118", "deviceId"), ("119", "deviceName"), ("120", "device.id"), ("122", "device.name")):
    add(
        f"STREAM-{_number}",
        f"stream-{slug(_name)}-anothers",
        "reference",
        f"With {_name}, the data are those of another device.",
        _anothers(_name),
    )
for _number, _name in (("120", "device.id"), ("122", "device.name")):
    add(f"STREAM-{_number}", f"stream-{slug(_name)}-unread", "reference", f"{_name} is not read.", _unread(_name))
for _number, _name, _step in (("121", "device.id", "device_id"), ("123", "device.name", "device_name")):
    add(
        f"STREAM-{_number}",
        f"stream-{slug(_name)}-first",
        _step,
        f"{_name} goes before the proper name.",
        alias_first(_STREAM, _name),
    )


def _one_recording(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> list[Recording]:
    found: list[Recording] = honest(call, given)
    return found[:1]


def _not_yet_imported(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> list[Recording]:
    """Of a device's recordings, the one that was imported last is left out."""
    found: list[Recording] = honest(call, given)
    return found[:-1] if len(found) > 1 else found


add("STREAM-310", "stream-first-recording", "stream_recordings", "Of a device, one recording is given.", _one_recording)
add(
    "STREAM-310",
    "stream-last-recording-missing",
    "stream_recordings",
    "Of a device, the last recording is left out.",
    _not_yet_imported,
)
