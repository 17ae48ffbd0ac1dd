"""The errors of the Foxglove API, one class each, answered with `error` (facts "Foxglove")."""

from __future__ import annotations

from typing import ClassVar

from robowire_mocks.core.answer import Refusal


class BadRequest(Refusal):
    """Something in the request is not as the reference has it; the text says what."""

    status: ClassVar[int] = 400


class Unauthorized(Refusal):
    """No valid API key came with the request (section "Authentication")."""

    status: ClassVar[int] = 401


class Forbidden(Refusal):
    """The API key lacks the operation's capability (section "Authentication")."""

    status: ClassVar[int] = 403


class NotFound(Refusal):
    """There is no such device, event, site or other resource."""

    status: ClassVar[int] = 404


class Conflict(Refusal):
    """There is one already that must be unique."""

    status: ClassVar[int] = 409


class UnsupportedEncoding(Refusal):
    """The body is compressed; the mock reads it as it is."""

    status: ClassVar[int] = 415


class TooManyRequests(Refusal):
    """The client is too fast; `retry_after` is when to come again, in whole seconds (section "Rate limits")."""

    status: ClassVar[int] = 429

    def __init__(self, text: str, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after
