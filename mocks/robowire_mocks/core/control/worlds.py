"""The controls for the worlds of a server: which are open, opening and closing them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.addressing import prefix_of
from robowire_mocks.core.control.asked import Asked, Control, NotThere, nothing
from robowire_mocks.core.worlds import UnknownWorld, Worlds

if TYPE_CHECKING:
    from collections.abc import Iterator


def list_worlds(asked: Asked) -> list[dict[str, Any]]:
    """Those that are open beside the base; a mock that is served alone has none."""
    if asked.worlds is None:
        return []
    return [{"name": name, "path": prefix_of(name)} for name in asked.worlds.names()]


def open_world(asked: Asked) -> list[dict[str, Any]]:
    """Open one, a copy of the base or of another."""
    match dict(asked.body):
        case {"of": str() as other, **rest} if not rest:
            of: str | None = other
        case {**rest} if not rest:
            of = None
        case _:
            raise ValueError('send {} or {"of": "the world to copy"}')
    with _there(asked) as worlds:
        worlds.open(asked.path["name"], of)
    return list_worlds(asked)


def close_world(asked: Asked) -> list[dict[str, Any]]:
    """Close one."""
    nothing(asked.body, "closing a world")
    with _there(asked) as worlds:
        worlds.close(asked.path["name"])
    return list_worlds(asked)


@contextmanager
def _there(asked: Asked) -> Iterator[Worlds]:
    if asked.worlds is None:
        raise NotThere("this mock is served alone, without worlds")
    try:
        yield asked.worlds
    except UnknownWorld as unknown:
        raise NotThere(str(unknown)) from None


CONTROLS = (
    Control("listWorlds", "GET", "/worlds", list_worlds),
    Control("openWorld", "PUT", "/worlds/<any_text:name>", open_world),
    Control("closeWorld", "DELETE", "/worlds/<any_text:name>", close_world),
)
