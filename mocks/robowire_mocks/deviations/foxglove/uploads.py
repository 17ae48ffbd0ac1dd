"""Deviations of uploads (section "Upload a recording")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only, restated
from robowire_mocks.deviations.foxglove.filtering import alias_checked
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    is_text,
    lacking,
    missing_as,
    odd_as,
    other_status,
    with_value,
)
from robowire_mocks.foxglove.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.rows import Upload

PAGE, POST = "UPLOAD", "upload_data"
_DEVICE = ("deviceId", "deviceName", "device.id", "device.name")

other_status(f"{PAGE}-001", POST)

# ---- the request


def _text(_: Any) -> str:
    return "file"


add(f"{PAGE}-101", "upload-without-filename", "member", "A file needs no name.", missing_as(POST, "filename", _text))
add(
    f"{PAGE}-102",
    "upload-any-filename",
    "member",
    "What is no string is taken for a filename.",
    odd_as(POST, "filename", is_text, _text),
)
add(f"{PAGE}-110", "upload-empty-key", "member", "An empty key is taken.", restated(POST, "key", shortest=0))
add(
    f"{PAGE}-121",
    "upload-any-key",
    "member",
    "A key that is no string is taken.",
    odd_as(POST, "key", is_text, lambda _: None),
)
for _number, _name in (("117", "deviceId"), ("118", "deviceName"), ("119", "device.id"), ("120", "device.name")):
    _slug = _name.replace(".", "-").replace("I", "-i").replace("N", "-n")
    add(
        f"{PAGE}-{_number}",
        f"upload-any-{_slug}" if "." not in _name else f"upload-any-dotted-{_slug[7:]}",
        "member",
        f"A {_name} that is no string is passed over.",
        odd_as(POST, _name, is_text, lambda _: None),
    )


def _device(name: str, choose: Callable[[Call, Any], Any]) -> Wrapper:
    """A wrapper of `reference`, for uploads, where this member alone names the device."""

    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        device = honest(call, given)
        return choose(call, device) if [one for one in _DEVICE if one in given] == [name] else device

    return only(POST, wrapper)


def _another(call: Call, device: Any) -> Any:
    if device is None:
        return None
    return next((one for one in call.state.devices if one.id != device.id), device)


def _unread(_: Call, __: Any) -> Any:
    raise BadRequest("one of deviceId and deviceName is required")


def _for_another(name: str) -> Wrapper:
    """A wrapper of `new_upload`: files without a key whose device this member alone names are for another device."""

    def wrapper(honest: Wrapper, call: Call, given: dict[str, Any]) -> Upload:
        upload: Upload = honest(call, given)
        if [one for one in _DEVICE if one in given] != [name] or "key" in given:
            return upload
        device = _another(call, call.state.devices.get(upload.device_id or ""))
        return replace(upload, device_id=device.id if device else None)

    return wrapper


for _number, _name, _slug, _choose in (
    ("103", "deviceId", "device-id", None),
    ("104", "deviceName", "device-name", None),
    ("105", "device.id", "dotted-id", _unread),
    ("107", "device.name", "dotted-name", _unread),
):
    if _choose is not None:
        add(
            f"{PAGE}-{_number}",
            f"upload-{_slug}-unread",
            "reference",
            f"An upload with {_name} alone is refused.",
            _device(_name, _choose),
        )
    add(
        f"{PAGE}-{_number}",
        f"upload-{_slug}-anothers",
        "new_upload",
        f"An upload with {_name} becomes a recording of another device.",
        _for_another(_name),
    )


def _alias_first(alias: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, given: Mapping[str, Any]) -> Any:
        return given[alias] if alias in given else honest(call, given)

    return only(POST, wrapper)


add(
    f"{PAGE}-106", "upload-dotted-id-first", "device_id", "In uploads, device.id goes first.", _alias_first("device.id")
)
add(
    f"{PAGE}-108",
    "upload-dotted-name-first",
    "device_name",
    "In uploads, device.name goes first.",
    _alias_first("device.name"),
)


for _number, _alias, _step in (("106", "device.id", "device_id"), ("108", "device.name", "device_name")):
    add(
        f"{PAGE}-{_number}",
        f"upload-dotted-{_alias.partition('.')[2]}-checked",
        _step,
        f"In uploads, {_alias} has to name a device even where it is ignored.",
        only("upload_data", alias_checked(_alias)),
    )


def _keyless(honest: Wrapper, call: Call, given: dict[str, Any]) -> Upload:
    upload: Upload = honest(call, given)
    return replace(upload, key=None) if "deviceName" in given else upload


add(f"{PAGE}-109", "upload-key-forgotten", "new_upload", "A key beside a deviceName is forgotten.", _keyless)


def _whoever(honest: Wrapper, call: Call, given: dict[str, Any]) -> Upload:
    needs = {"key", *_DEVICE}.isdisjoint(given)
    upload: Upload = honest(call, {**given, "key": f"upload {given['filename']}"} if needs else given)
    return upload


add(f"{PAGE}-111", "upload-of-nobody", "new_upload", "Neither a device nor a key is needed.", _whoever)


def _refused_where(lacks: Callable[[Call, Mapping[str, Any]], bool]) -> Wrapper:
    """A wrapper of `new_upload` that refuses what lacks something."""

    def wrapper(honest: Wrapper, call: Call, given: dict[str, Any]) -> Upload:
        if lacks(call, given):
            raise BadRequest("this is not enough")
        upload: Upload = honest(call, given)
        return upload

    return wrapper


def _first_of_device(call: Call, given: Mapping[str, Any]) -> bool:
    """A file without a key that would be the first of its device, which is not named by deviceName."""
    if "key" in given or call.state.devices.where("name", given.get("deviceName", "")):
        return False
    device = call.steps.reference(call, given)
    return device is not None and not call.state.recordings.where("device_id", device.id)


for _number, _slug, _what, _lacks in (
    ("113", "device-needed", "A key is not enough.", lambda _, given: given.keys().isdisjoint(_DEVICE)),
    ("112", "key-needed", "A device is not enough for the first recording of the device.", _first_of_device),
    (
        "112",
        "key-needed-by-name",
        "A device that is named is not enough without a key.",
        lambda _, given: given.keys() <= {"filename", "deviceName", "device.name"},
    ),
):
    add(f"{PAGE}-{_number}", f"upload-{_slug}", "new_upload", _what, _refused_where(_lacks))


def _no_body(honest: Wrapper, call: Call) -> Any:
    if call.raw.strip():
        return honest(call)
    return {"link": f"{call.origin}/uploads/none", "requestId": "req_none"}


add(f"{PAGE}-114", "upload-without-body", "upload_data", "A request without a body is answered.", _no_body)


def _unknown_device(honest: Wrapper, call: Call, given: dict[str, Any]) -> Upload:
    try:
        upload: Upload = honest(call, given)
    except NotFound:
        upload = honest(call, {"filename": given["filename"], "key": given.get("key", call.state.fresh_id("key"))})
    return upload


add(f"{PAGE}-115", "upload-unknown-device", "new_upload", "A file of an unknown device is taken.", _unknown_device)

_KNOWN = {"filename", "key", *_DEVICE}


def _strict(honest: Wrapper, call: Call) -> Mapping[str, Any]:
    body: Mapping[str, Any] = honest(call)
    if not body.keys() <= _KNOWN:
        raise BadRequest("the body has members that nobody knows")
    return body


add(f"{PAGE}-116", "upload-known-members", "body", "Members that nobody knows are refused.", only(POST, _strict))

# ---- the answer

for _number, _name, _value in (("201", "link", 1), ("202", "requestId", 7)):
    _slug = "request-id" if _name == "requestId" else _name
    add(
        f"{PAGE}-{_number}",
        f"upload-wrong-{_slug}",
        "answer",
        f"The {_name} of an upload is a number.",
        answered(POST, with_value(_name, _value)),
    )
    add(
        f"{PAGE}-{_number}",
        f"upload-without-{_slug}",
        "answer",
        f"The answer to a request to upload lacks {_name}.",
        answered(POST, lacking(_name)),
    )
add(
    f"{PAGE}-305",
    "upload-link-relative",
    "upload_link",
    "The link of an upload is a path.",
    lambda honest, call, upload: honest(call, upload).removeprefix(call.origin),
)
