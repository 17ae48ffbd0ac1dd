"""Deviations of how recordings are given, deleted and imported one by one (page "Recordings")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only
from robowire_mocks.deviations.foxglove.resources import answered, any_of, deletes_anything, other_status
from robowire_mocks.foxglove.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Recording

PAGE = "RECORDINGS"

for _number, _operation in (("002", "get_recording"), ("003", "delete_recording"), ("004", "import_recording")):
    other_status(f"{PAGE}-{_number}", _operation, 201 if _operation == "get_recording" else 202)
add(
    f"{PAGE}-005",
    "get-any-recording",
    "recording_at",
    "What is no recording's id or key gives the first recording.",
    only("get_recording", any_of(lambda state: state.recordings)),
)
add(
    f"{PAGE}-006",
    "delete-any-recording",
    "delete_recording",
    "What is no recording's id or key is deleted.",
    deletes_anything("keyOrId", "recordingId"),
)

# ---- one recording


def _named(operation: str, *, by_key: bool, choose: Callable[[Call, Recording], Recording]) -> Wrapper:
    """A wrapper of `recording_at`: with a key (or an id) the path names another recording."""

    def wrapper(honest: Wrapper, call: Call) -> Recording:
        recording: Recording = honest(call)
        keyed = call.path["keyOrId"] != recording.id
        return choose(call, recording) if keyed is by_key else recording

    return only(operation, wrapper)


def _nothing(_: Call, __: Recording) -> Recording:
    raise NotFound("there is no such recording")


add(
    f"{PAGE}-151",
    "get-recording-without-metadata",
    "answer",
    "A recording is given without the metadata that the list has.",
    answered("get_recording", lambda body: {key: value for key, value in body.items() if key != "metadata"}),
)
add(
    f"{PAGE}-152",
    "get-recording-not-by-key",
    "recording_at",
    "No recording is given by its key.",
    _named("get_recording", by_key=True, choose=_nothing),
)


def _by_part(honest: Wrapper, call: Call) -> Recording:
    """A key whose last sign lacks is taken for it."""
    text = call.path["keyOrId"]
    cut = [one for one in call.state.recordings if one.key is not None and one.key[:-1] == text]
    found: Recording = cut[0] if cut else honest(call)
    return found


add(
    f"{PAGE}-152",
    "get-recording-by-part-of-key",
    "recording_at",
    "A recording is given by its key without the last sign, too.",
    only("get_recording", _by_part),
)
add(
    f"{PAGE}-154",
    "delete-recording-not-by-key",
    "recording_at",
    "No recording is deleted by its key.",
    _named("delete_recording", by_key=True, choose=_nothing),
)
add(
    f"{PAGE}-156",
    "import-recording-not-by-key",
    "recording_at",
    "No recording is imported by its key.",
    _named("import_recording", by_key=True, choose=_nothing),
)
add(
    f"{PAGE}-155",
    "import-recording-not-by-id",
    "recording_at",
    "No recording that has a key is imported by its id.",
    _named("import_recording", by_key=False, choose=lambda call, one: _nothing(call, one) if one.key else one),
)


def _with_neighbour(*, by_key: bool) -> Wrapper:
    """A wrapper of `recording_deleted` that deletes the device's recording before it as well."""

    def wrapper(honest: Wrapper, call: Call, recording: Recording) -> None:
        if (call.path.get("keyOrId", recording.id) != recording.id) is by_key:
            before = None
            for one in call.state.recordings:
                if one.id == recording.id:
                    break
                before = one if one.device_id == recording.device_id else before
            if before is not None:
                honest(call, before)
        honest(call, recording)

    return only("delete_recording", wrapper)


add(
    f"{PAGE}-153",
    "delete-recording-and-neighbour",
    "recording_deleted",
    "With a recording that is deleted by its id, the one before it of its device goes.",
    _with_neighbour(by_key=False),
)
add(
    f"{PAGE}-154",
    "delete-keyed-recording-and-neighbour",
    "recording_deleted",
    "With a recording that is deleted by its key, the one before it of its device goes.",
    _with_neighbour(by_key=True),
)
add(
    f"{PAGE}-217",
    "delete-recording-tells-number",
    "answer",
    "The recordingId that a deletion tells is a number.",
    answered("delete_recording", lambda body: {**body, "recordingId": 1}),
)


def _key_told(honest: Wrapper, call: Call) -> Any:
    return {**honest(call), "recordingId": call.path["keyOrId"]}


add(
    f"{PAGE}-331",
    "delete-recording-tells-key",
    "delete_recording",
    "The recordingId that a deletion tells is the key that it was asked by.",
    _key_told,
)
add(
    f"{PAGE}-218",
    "import-recording-tells-number",
    "answer",
    "The id that a request for import tells is a number.",
    answered("import_recording", lambda body: {**body, "id": 1}),
)
add(
    f"{PAGE}-219",
    "import-recording-tells-status-number",
    "answer",
    "The importStatus that a request for import tells is a number.",
    answered("import_recording", lambda body: {**body, "importStatus": 1}),
)
