"""The errors of the Losant Data API, one class each, answered with `type` and `message` (section "Error")."""

from __future__ import annotations

from typing import ClassVar

from robowire_mocks.core.answer import Refusal

TYPES: dict[int, str] = {
    400: "Validation",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    410: "Gone",
    413: "TooLarge",
    415: "UnsupportedMediaType",
}
"""The `type` of an error by its status. The document shows NotFound; the others are named in its manner."""


class Malformed(Refusal):
    """The request is malformed (sections "Error Responses")."""

    status: ClassVar[int] = 400


class Unauthorized(Refusal):
    """No valid token came with the request (sections "Authentication")."""

    status: ClassVar[int] = 401


class Forbidden(Refusal):
    """The token has none of the action's scopes (sections "Authentication")."""

    status: ClassVar[int] = 403


class ApplicationNotFound(Refusal):
    """There is no such application, or the token is for others (sections "Error Responses")."""

    status: ClassVar[int] = 404


class ExportNotFound(Refusal):
    """There is no such exported file."""

    status: ClassVar[int] = 404


class LinkExpired(Refusal):
    """The link to an exported file is no longer valid."""

    status: ClassVar[int] = 410


class UnsupportedEncoding(Refusal):
    """The body is compressed; the mock reads it as it is."""

    status: ClassVar[int] = 415


def error_body(status: int, text: str) -> dict[str, str]:
    """An error as Losant writes it."""
    # LOSANT-ERROR-001, LOSANT-ERROR-002, LOSANT-ERROR-003
    return {"type": TYPES.get(status, "Error"), "message": text}
