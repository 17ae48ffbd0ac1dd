"""How success and errors are answered (facts "Foxglove": `{"error": text}`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.core.answer import NO_STORE, Answer, error_body
from robowire_mocks.foxglove.errors import TooManyRequests, Unauthorized

if TYPE_CHECKING:
    from robowire_mocks.core.answer import Refusal
    from robowire_mocks.foxglove.call import Call


def success(call: Call, body: Any) -> Answer:  # noqa: ARG001  # a step gets the call; a JSON value, or made already
    """What an operation gives: 200, unless it made an answer of its own."""
    return body if isinstance(body, Answer) else Answer(200, body)  # FOXGLOVE-ERROR-005: as JSON


def refused(call: Call, refusal: Refusal) -> Answer:  # noqa: ARG001  # as above
    """A JSON object whose `error` says what is wrong; a client that is too fast is told when to come again."""
    headers = dict(NO_STORE)  # FOXGLOVE-ERROR-001
    if isinstance(refusal, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(refusal, TooManyRequests):
        # FOXGLOVE-RATE-002
        headers["Retry-After"] = str(refusal.retry_after)
    return Answer(refusal.status, error_body(refusal.status, str(refusal)), headers)
