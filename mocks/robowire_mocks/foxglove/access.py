"""Who may ask: API keys and their capabilities (section "Authentication")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.core.auth import bearer_token, permits
from robowire_mocks.foxglove.errors import Forbidden, Unauthorized
from robowire_mocks.foxglove.world import ALL, KeyState

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.world import Key


def authenticate(call: Call) -> Key:
    """The API key of the request.

    Raises:
        Unauthorized: There is none in the Authorization header, nobody knows it, or it was revoked or disabled.
    """
    # FOXGLOVE-AUTH-003, FOXGLOVE-AUTH-004: in this header, under this scheme, and nowhere else
    token = bearer_token(call.headers.get("Authorization"))
    if token is None:
        # FOXGLOVE-AUTH-001
        raise Unauthorized("send the header Authorization: Bearer YOUR_API_KEY")
    key = call.state.keys.get(token)
    if key is None:
        raise Unauthorized("the API key is not valid")  # FOXGLOVE-AUTH-002
    if key.state is not KeyState.ACTIVE:
        raise Unauthorized(f"the API key is {key.state}")
    return key


def permit(call: Call, key: Key) -> None:
    """Nothing, if `key` has the operation's capability.

    Raises:
        Forbidden: It lacks it.
    """
    # FOXGLOVE-AUTH-101 to FOXGLOVE-AUTH-145: one for each operation
    if not permits(key.capabilities, (call.operation.capability, ALL)):
        raise Forbidden(f"the API key lacks the capability {call.operation.capability}")
