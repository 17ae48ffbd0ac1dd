"""How errors are answered (sections "Error Responses" and "Error")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.core.answer import NO_STORE, Answer
from robowire_mocks.losant.errors import error_body

if TYPE_CHECKING:
    from robowire_mocks.core.answer import Refusal
    from robowire_mocks.losant.call import Call


def answer(call: Call, refusal: Refusal) -> Answer:  # noqa: ARG001  # a step gets the call
    """A JSON object with `type` and `message`."""
    headers = {**NO_STORE, "WWW-Authenticate": "Bearer"} if refusal.status == 401 else NO_STORE
    return Answer(refusal.status, error_body(refusal.status, str(refusal)), headers)
