"""What a mock answers, before it becomes HTTP, and the errors that stand for a documented refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class FileBody:
    """A file that is sent as it stands on disk, with ranges and validators; `name` is what a client saves it as."""

    path: Path
    name: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    `body` is a JSON value; or `bytes`, sent unchanged; or a `FileBody`. A member of a JSON object may be an
    iterator: an array whose items are made while it is sent.
    """

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


Problem: TypeAlias = Callable[[int, str], dict[str, Any]]
"""How an API's errors are written: the JSON object for a status and a text."""

NO_STORE: Mapping[str, str] = {"Cache-Control": "no-store"}
"""Errors are not to be cached: what is not there now may be there in a minute."""


def error_body(status: int, text: str) -> dict[str, Any]:  # noqa: ARG001  # other APIs' errors tell their kind too
    """A JSON object whose `error` says what is wrong."""
    return {"error": text}


def error(status: int, text: str, headers: Mapping[str, str] = NO_STORE) -> Answer:
    """A JSON object whose `error` says what is wrong."""
    return Answer(status, error_body(status, text), headers)


class Refusal(Exception):  # noqa: N818  # named for what it is: the documented answer, not a fault of the mock
    """A request that is answered with a documented error; the text is for the client."""

    status: ClassVar[int] = 400
