"""What a control is asked: the mock, and what came with the request, without HTTP around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event
from typing import Any, TypeAlias

from robowire_mocks.core.answer import Refusal
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.worlds import Worlds


class NotThere(Refusal):
    """What is named does not exist."""

    status = 404


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a control.

    `body` is the JSON object that was sent, an empty one if none was; `stopping` is set when nobody waits any more for
    the answer, since the server stops. `worlds` are those of the server, if it has any, `world` is the name of the
    one that is asked, None for the base.
    """

    mock: Mock[Any]
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    stopping: Event = field(default_factory=Event)
    worlds: Worlds | None = None
    world: str | None = None


Act: TypeAlias = Callable[[Asked], Any]
"""Does what is asked, and gives a JSON value; None stands for the mock's state.

A ValueError is answered 400 with its text, a `Refusal` with its status; nothing has changed then.
"""


@dataclass(frozen=True, slots=True)
class Control:
    """One operation of the controls' OpenAPI document: its id, and how it is done."""

    operation: str
    method: str
    path: str
    act: Act


def nothing(body: Mapping[str, Any], what: str) -> None:
    """Make sure that nothing was sent.

    Raises:
        ValueError: Something was.
    """
    if body:
        raise ValueError(f"{what} takes no arguments")
