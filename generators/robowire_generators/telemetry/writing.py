"""From a world back to a file that a person can read and change."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from robowire_generators.telemetry.spec import (
    ApplicationSpec,
    ClockSpec,
    DeviceSpec,
    ExportsSpec,
    StateSpec,
    Time,
    TokenSpec,
    WorldSpec,
)
from robowire_generators.telemetry.world import Application, Device, TelemetryWorld

MAX_POINTS = 200_000
"""Values that are written out one by one at most; larger worlds are kept as what generates them."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write_spec(spec: WorldSpec, path: Path, *, head: str = "", overwrite: bool = False) -> None:
    """Write a world's file to `path`.

    Raises:
        FileExistsError: The file is there, and shall not be replaced.
    """
    text = text_of(spec, head)
    with path.open("w" if overwrite else "x", encoding="utf-8") as file:
        file.write(text)


def text_of(spec: WorldSpec, head: str = "") -> str:
    """The text of a world's file, without what is as by default; `head` becomes comments on top."""
    comments = [f"# {line}".rstrip() for line in head.splitlines()]
    return "\n".join([*comments, *_table(spec, "")]) + "\n"


def spec_of(world: TelemetryWorld) -> WorldSpec:
    """A file's contents that give this very world, each state written out in the order of its arrival.

    Raises:
        ValueError: The world is too large for that.
    """
    if world.points > MAX_POINTS:
        raise ValueError(f"{world.points} values are too many to be written one by one; the most are {MAX_POINTS}")
    start = None if world.clock_start is None else _EPOCH + timedelta(seconds=world.clock_start)
    return WorldSpec(
        anchor=_moment(world.anchor_ms),
        clock=ClockSpec(start=start, frozen=world.clock_frozen),
        exports=ExportsSpec(callback_hosts=world.callback_hosts, link_s=world.link_s),
        token=tuple(
            TokenSpec(token=token.token, scopes=token.scopes, applications=token.applications)
            for token in world.tokens.values()
        ),
        application=tuple(_application(application) for application in world.applications.values()),
    )


def _application(application: Application) -> ApplicationSpec:
    devices = tuple(_device(device) for device in application.devices.values())
    return ApplicationSpec(id=application.id, name=application.name, device=devices)


def _device(device: Device) -> DeviceSpec:
    return DeviceSpec(
        id=device.id,
        name=device.name,
        tags=device.tags,
        attributes=device.attributes,
        device_class=device.device_class,
        parent_id=device.parent_id,
        gateway_id=device.gateway_id,
        experience_user_id=device.experience_user_id,
        experience_group_id=device.experience_group_id,
        creation_date=_time(device.creation_date),
        last_updated=_time(device.last_updated),
        deleted_at=None if device.deleted_at is None else _time(device.deleted_at),
        connected_at=None if device.connected_at is None else _time(device.connected_at),
        disconnected_at=None if device.disconnected_at is None else _time(device.disconnected_at),
        connection_status=device.connection_status,
        state=_states(device),
    )


def _states(device: Device) -> tuple[StateSpec, ...]:
    history = device.history
    data: list[dict[str, Any]] = [{} for _ in range(len(history))]
    for name, column in history.columns.items():
        for row, value in zip(column.states.tolist(), column.values.tolist(), strict=True):
            data[row][name] = value
    order = range(len(history)) if history.arrival is None else np.argsort(history.arrival).tolist()
    times = history.times.tolist()
    return tuple(StateSpec(time=_time(times[row]), data=data[row]) for row in order)


def _time(milliseconds: int) -> Time:
    """A time that no anchor moves: only positive numbers are absolute."""
    return milliseconds if milliseconds > 0 else _moment(milliseconds)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _table(table: Any, path: str) -> Iterator[str]:
    """The lines of a table: its own members, a line for each state, and then the tables within it."""
    inner: list[tuple[str, Any]] = []
    for field in fields(table):
        value = getattr(table, field.name)
        if isinstance(value, tuple) and value and isinstance(value[0], StateSpec):
            yield f"{field.name} = ["
            yield from (f"    {_inline(state)}," for state in value)
            yield "]"
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            inner.extend((f"{path}{field.name}", member) for member in value)
        elif not _is_default(field, value):
            yield f"{field.name} = {_inline(value)}"
    for name, member in inner:
        yield ""
        yield f"[[{name}]]"
        yield from _table(member, f"{name}.")


def _is_default(field: Field[Any], value: Any) -> bool:
    """Whether a member may be left out of the file."""
    plain = field.default if field.default_factory is MISSING else field.default_factory()
    return value is None or (type(plain) is type(value) and bool(plain == value))


def _inline(value: Any) -> str:
    if is_dataclass(value):
        said = {field.name: getattr(value, field.name) for field in fields(value)}
        return _inline({f.name: said[f.name] for f in fields(value) if not _is_default(f, said[f.name])})
    if isinstance(value, Mapping):
        members = ", ".join(f"{_key(key)} = {_inline(member)}" for key, member in value.items())
        return f"{{ {members} }}" if members else "{}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_inline(member) for member in value) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else repr(value)


def _key(text: str) -> str:
    return text if re.fullmatch(r"[0-9A-Za-z_-]+", text) else _text(text)


def _text(text: str) -> str:
    """A string of TOML, on one line."""
    safe = "".join(_ESCAPES.get(character, character) for character in text)
    return f'"{safe}"'


_ESCAPES: Mapping[str, str] = {
    **{chr(code): f"\\u{code:04x}" for code in (*range(32), 127)},
    '"': '\\"',
    "\\": "\\\\",
    "\n": "\\n",
    "\t": "\\t",
}
