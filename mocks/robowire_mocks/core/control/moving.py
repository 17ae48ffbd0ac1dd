"""The controls that move a mock: the way back to the start, snapshots, worlds, the clock and the deviations."""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.control.asked import Asked, Control, NotThere, nothing
from robowire_mocks.core.snapshots import UnknownSnapshot
from robowire_mocks.core.world import WorldError
from robowire_mocks.deviations import load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from robowire_mocks.core.mock import Mock


def reset(asked: Asked) -> None:
    """Back to the start."""
    nothing(asked.body, "reset")
    asked.mock.reset()


def read_clock(asked: Asked) -> dict[str, Any]:
    """What time it is."""
    return clock_of(asked.mock)


def clock_of(mock: Mock[Any]) -> dict[str, Any]:
    """The clock as the controls show it."""
    return {"now": mock.clock.now(), "frozen": mock.clock.frozen}


def move_clock(asked: Asked) -> None:
    """Advance, freeze or resume."""
    clock = asked.mock.clock
    match dict(asked.body):
        case {"advance": int() | float() as seconds, **rest} if not rest and not isinstance(seconds, bool):
            clock.advance(seconds)
        case {"freeze": True, **rest} if not rest and asked.body["freeze"] is True:
            clock.freeze()
        case {"freeze": int() | float() as at, **rest} if not rest and not isinstance(at, bool):
            clock.freeze(at)
        case {"resume": True, **rest} if not rest and asked.body["resume"] is True:
            clock.resume()
        case _:
            raise ValueError(
                'send {"advance": seconds}, {"freeze": true}, {"freeze": unix seconds} or {"resume": true}'
            )


def list_deviations(asked: Asked) -> list[dict[str, Any]]:
    """Those of the API, and which are on."""
    on = asked.mock.deviations
    return [
        {"id": one.id, "breaks": one.breaks, "summary": one.summary, "on": one.id in on} for one in load(asked.mock.api)
    ]


def deviate(asked: Asked) -> None:
    """Switch deviations on, and all others off."""
    match dict(asked.body):
        case {"ids": [*ids], **rest} if not rest and all(isinstance(one, str) for one in ids):
            asked.mock.deviate(*ids)
        case _:
            raise ValueError('send {"ids": ["…"]}; an empty list is honest again')


def list_snapshots(asked: Asked) -> list[str]:
    """Their names, the oldest first."""
    return asked.mock.snapshots.names()


def save_snapshot(asked: Asked) -> list[str]:
    """Save the present state."""
    asked.mock.snapshots.save(asked.path["name"])
    return list_snapshots(asked)


def restore_snapshot(asked: Asked) -> None:
    """Go back to a saved state."""
    nothing(asked.body, "restore")
    with _there():
        asked.mock.snapshots.restore(asked.path["name"])


def remove_snapshot(asked: Asked) -> list[str]:
    """Forget a saved state."""
    with _there():
        asked.mock.snapshots.remove(asked.path["name"])
    return list_snapshots(asked)


@contextmanager
def _there() -> Iterator[None]:
    try:
        yield
    except UnknownSnapshot as unknown:
        raise NotThere(str(unknown)) from None


def load_world(asked: Asked) -> None:
    """Start anew from another world."""
    asked.mock.load(_world(asked.body))


def _world(body: Mapping[str, Any]) -> str | Path | dict[str, Any]:
    match dict(body):
        case {"name": str() as name, **rest} if not rest and not name.endswith(".toml") and not set(name) & {"/", "\\"}:
            return name
        case {"file": str() as file, **rest} if not rest:
            return Path(file)
        case {"toml": str() as text, **rest} if not rest:
            try:
                return tomllib.loads(text)
            except tomllib.TOMLDecodeError as error:
                raise WorldError(f"the world is not TOML: {error}") from None
        case {"table": dict() as table, **rest} if not rest:
            return table
        case _:
            raise ValueError('send {"name": "…"}, {"file": "….toml"}, {"toml": "…"} or {"table": {…}}')


CONTROLS = (
    Control("loadWorld", "POST", "/world", load_world),
    Control("reset", "POST", "/reset", reset),
    Control("readClock", "GET", "/clock", read_clock),
    Control("moveClock", "POST", "/clock", move_clock),
    Control("listDeviations", "GET", "/deviations", list_deviations),
    Control("deviate", "POST", "/deviations", deviate),
    Control("listSnapshots", "GET", "/snapshots", list_snapshots),
    Control("saveSnapshot", "PUT", "/snapshots/<any_text:name>", save_snapshot),
    Control("removeSnapshot", "DELETE", "/snapshots/<any_text:name>", remove_snapshot),
    Control("restoreSnapshot", "POST", "/snapshots/<any_text:name>/restore", restore_snapshot),
)
