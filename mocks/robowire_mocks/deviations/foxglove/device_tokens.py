"""Deviations of device tokens (page "Device tokens")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, only, without
from robowire_mocks.deviations.foxglove.resources import (
    answered,
    any_of,
    by_beginning,
    is_text,
    listed_in_object,
    missing_as,
    missing_members,
    no_body_needed,
    odd_as,
    other_status,
    where_nothing_is,
    wrong_members,
)
from robowire_mocks.foxglove.times import SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.rows import DeviceToken
    from robowire_mocks.foxglove.state import State

Json = dict[str, Any]
CREATE, EDIT, READ, LIST = "create_device_token", "update_device_token", "get_device_token", "list_device_tokens"


def _add(number: int, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    add(f"DEVICETOKENS-{number:03}", slug, step, summary, wrapper)


# ---- what is answered

listed_in_object("DEVICETOKENS-001", LIST, "device tokens")
other_status("DEVICETOKENS-002", CREATE)
other_status("DEVICETOKENS-003", READ, 203)
other_status("DEVICETOKENS-004", EDIT, 202)


def _one_before(honest: Wrapper, call: Call) -> DeviceToken:
    """The newest of several tokens of a device is not read, but the one before it."""
    token: DeviceToken = honest(call)
    tokens = call.state.device_tokens.where("device_id", token.device_id)
    return tokens[-2] if len(tokens) > 1 and tokens[-1].id == token.id else token


def _turned(enabled: bool) -> bool:  # noqa: FBT001  # a member's value
    return not enabled


_add(
    2,
    "create-token-answers-disabled",
    "issued",
    "A new token is answered as one that is not enabled.",
    lambda honest, call, token: {**honest(call, token), "enabled": False},
)
_add(3, "read-another-token", "device_token_at", "The newest id gives the token before it.", only(READ, _one_before))
_add(
    4,
    "edit-token-answers-before",
    "answer",
    "An edit answers the opposite of what the token is then.",
    answered(EDIT, lambda body: {**body, "enabled": _turned(body["enabled"])}),
)


def _any_token(operation: str) -> Wrapper:
    return only(operation, any_of(lambda state: state.device_tokens))


_by_beginning = by_beginning(lambda state: state.device_tokens)

_add(5, "read-any-token", "device_token_at", "An unknown id gives the first token.", _any_token(READ))
_add(5, "read-token-by-its-beginning", "device_token_at", "What follows an id is ignored.", only(READ, _by_beginning))


_nothing_to_edit = where_nothing_is(lambda call: call.steps.device_token(call, next(iter(call.state.device_tokens))))

_add(6, "edit-no-token", EDIT, "The edit of an unknown token is a success.", _nothing_to_edit)
_add(
    6,
    "edit-token-by-its-beginning",
    "device_token_at",
    "What follows an id is ignored, in an edit.",
    only(EDIT, _by_beginning),
)

wrong_members(
    "DEVICETOKENS",
    "device_token",
    "a device token",
    {"201": ("id", 7), "202": ("createdAt", 1767225600), "203": ("deviceId", None), "204": ("enabled", "true")},
)
missing_members(
    "DEVICETOKENS",
    "device_token",
    "a device token",
    {"201": "id", "202": "createdAt", "203": "deviceId", "204": "enabled"},
)
_add(
    205,
    "token-is-a-list",
    "issued",
    "A new token's secret is a list.",
    lambda honest, call, token: {**honest(call, token), "token": [token.token]},
)

# ---- what is listed


def _tokens(choose: Callable[[Call, str], list[DeviceToken]]) -> Wrapper:
    """A wrapper of `tokens_of` that lists others, where a device is asked for."""

    def wrapper(honest: Wrapper, call: Call, device_id: str | None) -> list[DeviceToken]:
        found: list[DeviceToken] = honest(call, device_id) if device_id is None else choose(call, device_id)
        return found

    return wrapper


def _of(call: Call, device_id: str) -> list[DeviceToken]:
    return call.state.device_tokens.where("device_id", device_id)


def _all_for_none(call: Call, device_id: str) -> list[DeviceToken]:
    return _of(call, device_id) or list(call.state.device_tokens)


_add(
    101,
    "list-first-token",
    "tokens_of",
    "Of a device only the first token is listed.",
    _tokens(lambda call, device_id: _of(call, device_id)[:1]),
)
_add(
    101,
    "list-tokens-of-all",
    "tokens_of",
    "A deviceId is ignored.",
    _tokens(lambda call, _: list(call.state.device_tokens)),
)
_add(
    101,
    "list-tokens-of-all-for-none",
    "tokens_of",
    "For a device without tokens all are listed.",
    _tokens(_all_for_none),
)


def _world_only(honest: Wrapper, call: Call, device_id: str | None) -> list[DeviceToken]:
    """The list has the tokens of the world, and not those that were made since."""
    found: list[DeviceToken] = honest(call, device_id)
    known = {entry.id for entry in call.state.world.device_token}
    return [one for one in found if device_id is not None or one.id in known]


_add(308, "list-without-new-tokens", "tokens_of", "New tokens are not in the list of all.", _world_only)

# ---- what is made


def _some(call: Call) -> Json:
    return call.steps.issued(call, next(iter(call.state.device_tokens)))


_add(110, "create-token-without-body", CREATE, "A device token is created without a body.", no_body_needed(_some))
_add(
    120,
    "edit-token-without-body",
    EDIT,
    "A device token is edited without a body.",
    no_body_needed(lambda call: call.steps.device_token(call, call.steps.device_token_at(call))),
)


def _without_device(honest: Wrapper, call: Call) -> Json:
    given = call.steps.body(call)
    made: Json = honest(call) if "deviceId" in given else _some(call)
    return made


def _of_odd_device(honest: Wrapper, call: Call) -> Json:
    given = call.steps.body(call)
    made: Json = honest(call) if isinstance(given.get("deviceId", ""), str) else _some(call)
    return made


def _of_null_device(honest: Wrapper, call: Call) -> Json:
    given = call.steps.body(call)
    made: Json = honest(call) if given.get("deviceId", "") is not None else _some(call)
    return made


def _of_gone_device(call: Call) -> Json | None:
    """For a device that is not there, if the id looks like one."""
    return _some(call) if str(call.steps.body(call)["deviceId"]).startswith("dev_") else None


_add(111, "create-token-without-device", CREATE, "A device token needs no deviceId.", _without_device)
_add(112, "create-token-of-odd-device", CREATE, "A deviceId may be anything.", _of_odd_device)
_add(112, "create-token-of-null-device", CREATE, "A deviceId may be null.", _of_null_device)
_add(113, "create-token-of-no-device", CREATE, "A deviceId need not be that of a device.", where_nothing_is(_some))
_add(113, "create-token-of-gone-device", CREATE, "A deleted device may get a token.", where_nothing_is(_of_gone_device))
_add(301, "create-token-without-secret", "issued", "A new token's secret is not told.", without("token"))
_add(
    301,
    "create-token-of-one-secret",
    "issued",
    "All tokens have one secret.",
    lambda honest, call, token: {**honest(call, token), "token": "fox_dt_robowire"},
)
_add(
    301,
    "create-token-of-empty-secret",
    "issued",
    "A new token's secret is empty.",
    lambda honest, call, token: {**honest(call, token), "token": ""},
)
for _number, _operation, _where in (
    (302, LIST, "the list"),
    (303, READ, "an answer about one"),
    (304, EDIT, "an edit's answer"),
):
    _add(
        _number,
        f"token-in-{_operation.split('_')[0]}",
        "device_token",
        f"The secret is in {_where}.",
        only(_operation, lambda honest, call, token: {**honest(call, token), "token": token.token}),
    )
    _add(
        _number,
        f"token-hidden-in-{_operation.split('_')[0]}",
        "device_token",
        f"The secret is in {_where} under another name.",
        only(_operation, lambda honest, call, token: {**honest(call, token), "secret": token.token}),
    )


def _of_another(honest: Wrapper, call: Call) -> Json:
    """A token is of the device before, once four devices have got tokens."""
    made: Json = honest(call)
    token = call.state.device_tokens.get(made["id"])
    first = {entry.device for entry in call.state.world.device_token}
    owners = {one.device_id for one in call.state.device_tokens} - first
    if token is None or len(owners) < 4:
        return made
    devices = [device.id for device in call.state.devices]
    before = devices[devices.index(token.device_id) - 1]
    call.state.device_tokens.put(replace(token, device_id=before))
    return {**made, "deviceId": before}


_add(
    307,
    "create-token-of-another-device",
    CREATE,
    "Once four devices have got tokens, a new token is of the device before.",
    _of_another,
)


def _early(honest: Wrapper, call: Call) -> Json:
    """CreatedAt is an hour before the creation."""
    return dict(honest(replace(call, now=call.now - 3600 * SECOND)))


def _midnight(honest: Wrapper, call: Call) -> Json:
    """CreatedAt is the midnight before the creation."""
    day = 86_400 * SECOND
    return dict(honest(replace(call, now=call.now // day * day)))


def _created_anew(honest: Wrapper, call: Call) -> Json:
    """An edit moves createdAt."""
    edited: Json = honest(call)
    token = call.state.device_tokens.get(edited["id"])
    assert token is not None
    token = replace(token, created_at=token.created_at + 60 * SECOND)
    call.state.device_tokens.put(token)
    return call.steps.device_token(call, token)


_add(309, "token-an-hour-old", CREATE, "createdAt is an hour before the creation.", _early)
_add(309, "token-of-midnight", CREATE, "createdAt is the midnight before the creation.", _midnight)
_add(309, "token-created-anew", EDIT, "An edit moves createdAt.", _created_anew)

# ---- what is edited


def _never_off(honest: Wrapper, call: Call, member: Member, given: Mapping[str, Any]) -> Any:
    value = honest(call, member, given)
    return True if (call.operation.name, member.name) == (EDIT, "enabled") else value


def _toggled(honest: Wrapper, call: Call, member: Member, given: Mapping[str, Any]) -> Any:
    """Switching off what is off switches it on."""
    value = honest(call, member, given)
    if (call.operation.name, member.name) != (EDIT, "enabled") or value is not False:
        return value
    return not call.steps.device_token_at(call).enabled


_add(121, "edit-token-of-nothing", "member", "An edit needs no enabled.", missing_as(EDIT, "enabled", lambda _: True))
_add(
    122,
    "edit-token-to-anything",
    "member",
    "Whatever is not false enables.",
    odd_as(EDIT, "enabled", lambda value: isinstance(value, bool), lambda _: True),
)
_add(
    122,
    "edit-token-to-text",
    "member",
    "The text false disables.",
    odd_as(EDIT, "enabled", lambda value: not is_text(value), lambda value: value == "true"),
)
_add(
    122,
    "edit-token-to-null",
    "member",
    "null enables.",
    odd_as(EDIT, "enabled", lambda value: value is not None, lambda _: True),
)
_add(305, "token-never-off", "member", "A token cannot be disabled.", _never_off)
_add(305, "token-toggled", "member", "Disabling what is disabled enables it.", _toggled)


_OFF: WeakKeyDictionary[State, dict[str, int]] = WeakKeyDictionary()


def _off_for_good(honest: Wrapper, call: Call, member: Member, given: Mapping[str, Any]) -> Any:
    """A token that was disabled twice is not enabled by the next edit."""
    value = honest(call, member, given)
    if (call.operation.name, member.name) != (EDIT, "enabled"):
        return value
    times, token = _OFF.setdefault(call.state, {}), call.path["id"]
    before, times[token] = times.get(token, 0), 0 if value else times.get(token, 0) + 1
    return value and before < 2


_add(
    306,
    "token-off-for-long",
    "member",
    "A token that was disabled twice is not enabled by the next edit.",
    _off_for_good,
)
