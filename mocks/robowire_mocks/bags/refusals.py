"""How the documented errors are answered (section "Error Responses")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robowire_mocks.bags.call import Operation
from robowire_mocks.bags.errors import BagNotFound
from robowire_mocks.core.answer import error

if TYPE_CHECKING:
    from robowire_mocks.bags.call import Call
    from robowire_mocks.core.answer import Answer, Refusal


def answer(call: Call, refusal: Refusal) -> Answer:
    """A JSON object with `error`; 400, but for a download, of whose errors the document says nothing."""
    missing = call.operation is Operation.DOWNLOAD and isinstance(refusal, BagNotFound)
    # BAGS-ERROR-001, BAGS-ERROR-002, BAGS-ERROR-004, BAGS-ERROR-005, BAGS-ERROR-010
    status = 404 if missing else refusal.status
    return error(status, str(refusal))  # BAGS-ERROR-003
