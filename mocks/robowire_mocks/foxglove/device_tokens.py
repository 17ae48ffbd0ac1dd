"""Device tokens: credentials of devices, shown once (page "Device tokens")."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.foxglove.errors import NotFound
from robowire_mocks.foxglove.members import Kind, Member
from robowire_mocks.foxglove.rows import DeviceToken

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call

DEVICE_ID = Member("deviceId")
ENABLED = Member("enabled", Kind.BOOLEAN, required=True)


def list_device_tokens(call: Call) -> list[dict[str, Any]]:
    """All device tokens, or those of one device."""
    asked = call.steps.parameters(call, (DEVICE_ID,))
    # FOXGLOVE-DEVICETOKENS-001, FOXGLOVE-DEVICETOKENS-302, FOXGLOVE-DEVICETOKENS-308
    return [call.steps.device_token(call, token) for token in call.steps.tokens_of(call, asked.get("deviceId"))]


def get_device_token(call: Call) -> dict[str, Any]:
    """One of them; not the credential itself."""
    return call.steps.device_token(
        call, call.steps.device_token_at(call)
    )  # FOXGLOVE-DEVICETOKENS-003, FOXGLOVE-DEVICETOKENS-303


def create_device_token(call: Call) -> dict[str, Any]:
    """A new one of a device; this answer alone has the credential.

    Raises:
        NotFound: There is no such device.
    """
    # FOXGLOVE-DEVICETOKENS-111, FOXGLOVE-DEVICETOKENS-112
    given = call.steps.read(call, call.steps.body(call), (replace(DEVICE_ID, required=True),))
    if given["deviceId"] not in call.state.devices:
        # FOXGLOVE-DEVICETOKENS-113
        raise NotFound(f"there is no device {given['deviceId'][:120]!r}")
    state = call.state  # FOXGLOVE-DEVICETOKENS-307, FOXGLOVE-DEVICETOKENS-309
    made = DeviceToken(state.fresh_id("dvt"), given["deviceId"], call.now, True, state.fresh_token("fox_dt"))  # noqa: FBT003  # a row
    state.device_tokens.put(made)
    return call.steps.issued(call, made)  # FOXGLOVE-DEVICETOKENS-002


def update_device_token(call: Call) -> dict[str, Any]:
    """Enabled, or disabled."""
    before = call.steps.device_token_at(call)
    given = call.steps.read(
        call, call.steps.body(call), (ENABLED,)
    )  # FOXGLOVE-DEVICETOKENS-121, FOXGLOVE-DEVICETOKENS-122
    after = replace(before, enabled=given["enabled"])  # FOXGLOVE-DEVICETOKENS-305, FOXGLOVE-DEVICETOKENS-306
    call.state.device_tokens.put(after)
    return call.steps.device_token(call, after)  # FOXGLOVE-DEVICETOKENS-004, FOXGLOVE-DEVICETOKENS-304


def delete_device_token(call: Call) -> dict[str, Any]:
    """Gone (facts "Foxglove": published, though not in the saved reference)."""
    token = call.steps.device_token_at(call)
    call.state.device_tokens.remove(token.id)
    return {"id": token.id}


def device_token_at(call: Call) -> DeviceToken:
    """The device token that the path names.

    Raises:
        NotFound: There is none.
    """
    token = call.state.device_tokens.get(call.path["id"])
    if token is None:
        # FOXGLOVE-DEVICETOKENS-005, FOXGLOVE-DEVICETOKENS-006
        raise NotFound(f"there is no device token {call.path['id'][:120]!r}")
    return token


def tokens_of(call: Call, device_id: str | None) -> list[DeviceToken]:
    """The tokens of a device, or all; none of a device that is not there."""
    if device_id is None:
        return list(call.state.device_tokens)
    return call.state.device_tokens.where("device_id", device_id)  # FOXGLOVE-DEVICETOKENS-101


def device_token(call: Call, token: DeviceToken) -> dict[str, Any]:
    """A device token as answers have it."""
    return {
        "id": token.id,  # FOXGLOVE-DEVICETOKENS-201
        "createdAt": call.steps.zulu(call, token.created_at),  # FOXGLOVE-DEVICETOKENS-202
        "deviceId": token.device_id,  # FOXGLOVE-DEVICETOKENS-203
        "enabled": token.enabled,  # FOXGLOVE-DEVICETOKENS-204
    }


def issued(call: Call, token: DeviceToken) -> dict[str, Any]:
    """A device token as the answer to its creation has it, with the credential."""
    # FOXGLOVE-DEVICETOKENS-205, FOXGLOVE-DEVICETOKENS-301
    return {**call.steps.device_token(call, token), "token": token.token}
