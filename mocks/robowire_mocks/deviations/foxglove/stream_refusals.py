"""Deviations of what requests for data are refused for, of their types and of the link (page "Download data")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, after, instead, mended
from robowire_mocks.deviations.foxglove.resources import no_body_needed
from robowire_mocks.deviations.foxglove.selecting import slug
from robowire_mocks.deviations.foxglove.streams import link_to_any, reading, usable
from robowire_mocks.foxglove.errors import BadRequest
from robowire_mocks.foxglove.members import is_number
from robowire_mocks.foxglove.times import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member

_STREAM = "stream_data"
_RECORDING = ("recordingId", "recordingKey", "key", "importId")
_DAWN, _DUSK = "1970-01-01T00:00:00Z", "2200-01-01T00:00:00Z"


def _nothing_named(call: Call, body: Mapping[str, Any]) -> Mapping[str, Any]:
    named = (*_RECORDING, "deviceId", "deviceName", "device.id", "device.name")
    return body if any(name in body for name in named) else {**body, "recordingId": usable(call)[0].id}


def _ever(name: str) -> Callable[[Call, Mapping[str, Any]], Mapping[str, Any]]:
    """With this device alone, a range that is missing is the longest."""

    def change(_: Call, body: Mapping[str, Any]) -> Mapping[str, Any]:
        unbounded = name in body and not {"start", "end", *_RECORDING} & body.keys()
        return {**body, "start": _DAWN, "end": _DUSK} if unbounded else body

    return change


def _open(name: str, other: str, bound: str) -> Callable[[Call, Mapping[str, Any]], Mapping[str, Any]]:
    """A bound that is missing beside the other one is the farthest."""
    return lambda _, body: {**body, name: bound} if name not in body and other in body else body


def _no_attachments(
    fits: Callable[[Mapping[str, Any]], bool],
) -> Callable[[Call, Mapping[str, Any]], Mapping[str, Any]]:
    def change(_: Call, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**body, "includeAttachments": False} if body.get("includeAttachments") is True and fits(body) else body

    return change


for _number, _slug, _summary, _change in (
    ("132", "nothing-named", "A request that names nothing is for some recording.", _nothing_named),
    ("133", "device-id-unbounded", "With deviceId, start and end are not needed.", _ever("deviceId")),
    ("134", "device-name-unbounded", "With deviceName, start and end are not needed.", _ever("deviceName")),
    ("126", "end-optional", "end need not go with start.", _open("end", "start", _DUSK)),
    ("127", "start-optional", "start need not go with end.", _open("start", "end", _DAWN)),
    (
        "109",
        "attachments-of-device",
        "includeAttachments counts for nothing without importId and recordingId.",
        _no_attachments(lambda body: not {"importId", "recordingId"} & body.keys()),
    ),
    (
        "110",
        "attachments-of-bag",
        "includeAttachments counts for nothing with outputFormat bag1.",
        _no_attachments(lambda body: body.get("outputFormat") == "bag1"),
    ),
):
    add(f"STREAM-{_number}", f"stream-{_slug}", _STREAM, _summary, reading(_change))


def _mcap_instead(call: Call, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where there is no bag, the data are MCAP."""
    if body.get("outputFormat") != "bag1":
        return body
    named = {name: body[name] for name in _RECORDING if isinstance(body.get(name), str)}
    found = call.steps.recordings_of(call, named) if named else []
    return {**body, "outputFormat": "mcap"} if any(one.input_type != "bag1" for one in found) else body


def _refused(what: str, refuses: Callable[[Mapping[str, Any]], bool]) -> Callable[[Call, Mapping[str, Any]], Any]:
    def change(_: Call, body: Mapping[str, Any]) -> Mapping[str, Any]:
        if refuses(body):
            raise BadRequest(f"{what}: is not known")
        return body

    return change


_KNOWN = frozenset(
    [
        *_RECORDING,
        *("topics", "outputFormat", "includeAttachments", "isHosted", "replayLookbackSeconds", "replayPolicy"),
        *("deviceId", "deviceName", "device.id", "device.name", "start", "end"),
    ]
)
for _number, _slug, _summary, _change in (
    ("107", "mcap-instead-of-bag", "Where no bag was uploaded, the data are MCAP.", _mcap_instead),
    ("112", "is-hosted-refused", "isHosted is refused.", _refused("isHosted", lambda body: "isHosted" in body)),
    (
        "104",
        "mcap-refused",
        "The outputFormat mcap is refused.",
        _refused("outputFormat", lambda body: body.get("outputFormat") == "mcap" and "includeAttachments" not in body),
    ),
    (
        "105",
        "mcap0-refused",
        "The outputFormat mcap0 is refused.",
        _refused("outputFormat", lambda body: body.get("outputFormat") == "mcap0" and "includeAttachments" not in body),
    ),
    (
        "106",
        "bag-refused",
        "The outputFormat bag1 is refused.",
        _refused("outputFormat", lambda body: body.get("outputFormat") == "bag1"),
    ),
    (
        "137",
        "more-refused",
        "Members that are not documented are refused.",
        _refused("a member", lambda body: not body.keys() <= _KNOWN),
    ),
):
    add(f"STREAM-{_number}", f"stream-{_slug}", _STREAM, _summary, reading(_change))
add("STREAM-136", "stream-no-body", _STREAM, "Without a body, some recording is given.", no_body_needed(link_to_any))
add(
    "STREAM-117",
    "stream-lookback-negative",
    "member",
    "A negative replayLookbackSeconds counts as 0.",
    mended(_STREAM, "replayLookbackSeconds", lambda value: max(value, 0), least=None),
)

# ---- what is of a wrong type


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and parse(value) is not None
    except ValueError:
        return False


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _odd(name: str, fits: Callable[[Any], bool], value: Callable[[Call], Any]) -> Wrapper:
    """A wrapper of `member` that takes what is of the wrong type for something that fits."""

    def read(honest: Wrapper, call: Call, member: Member, given: Any) -> Any:
        return value(call) if name in given and not fits(given[name]) else honest(call, member, given)

    return instead(_STREAM, name, read)


def _keyed(call: Call) -> str:
    return next((one.key for one in usable(call) if one.key is not None), "")


def _text(value: Any) -> bool:
    return isinstance(value, str)


for _number, _name, _fits, _value in (
    ("141", "topics", _is_strings, lambda _: None),
    (
        "142",
        "outputFormat",
        lambda value: value in {"mcap", "mcap0", "bag1"} if _text(value) else False,
        lambda _: "mcap",
    ),
    ("143", "includeAttachments", lambda value: isinstance(value, bool), lambda _: None),
    ("144", "isHosted", lambda value: isinstance(value, bool), lambda _: None),
    ("145", "replayLookbackSeconds", is_number, lambda _: None),
    ("146", "replayPolicy", lambda value: value in {"lastPerChannel", ""} if _text(value) else False, lambda _: None),
    ("147", "deviceId", _text, lambda call: next(iter(call.state.devices)).id),
    ("148", "device.id", _text, lambda call: next(iter(call.state.devices)).id),
    ("149", "deviceName", _text, lambda call: next(iter(call.state.devices)).name),
    ("150", "device.name", _text, lambda call: next(iter(call.state.devices)).name),
    ("151", "start", _is_moment, lambda _: parse(_DAWN)),
    ("152", "end", _is_moment, lambda _: parse(_DUSK)),
    ("153", "importId", _text, lambda call: usable(call)[0].import_id),
    ("154", "recordingId", _text, lambda call: usable(call)[0].id),
    ("155", "recordingKey", _text, _keyed),
    ("156", "key", _text, _keyed),
):
    add(
        f"STREAM-{_number}",
        f"stream-odd-{slug(_name)}",
        "member",
        f"A {_name} that cannot be is taken for something else.",
        _odd(_name, _fits, _value),
    )

# ---- the link

add("STREAM-201", "stream-wrong-link", _STREAM, "The link is 7.", after(lambda _: {"link": 7}))
add("STREAM-201", "stream-without-link", _STREAM, "There is no link.", after(lambda one: {"url": one["link"]}))
add(
    "STREAM-305",
    "stream-link-relative",
    "stream_link",
    "The link is relative.",
    lambda honest, call, request: honest(call, request).removeprefix(call.origin),
)
