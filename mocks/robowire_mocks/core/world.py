"""World files: the state that a mock starts from, in TOML that people read and write by hand.

What a file may say are the fields of a frozen dataclass, with their types and defaults; `read_world` makes one of it.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from importlib.resources import files
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from _typeshed import DataclassInstance

    W = TypeVar("W", bound=DataclassInstance)

_WORDS: dict[type, str] = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "true or false",
    datetime: "a date and time such as 2026-11-20T12:00:00Z",
    Path: "a path",
}


class WorldError(ValueError):
    """A world file that cannot be used; the text is one sentence for the person who wrote it."""


def read_world(kind: type[W], world: str | Path) -> W:
    """The world that is called `world`, or that stands in the file `world`, as a `kind`.

    A string is a file if it ends in `.toml` or has a separator. Paths in a file are relative to it.

    Raises:
        WorldError: It is not there, no TOML, or has an unknown key or a value of a wrong type.
    """
    source = _source(world)
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(f"the world {source} cannot be read: {error}") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WorldError(f"the world {source} is not TOML: {error}") from error
    folder = source.parent if isinstance(source, Path) else Path()
    return build(kind, table, str(source), folder)


def build(kind: type[W], table: Any, where: str, folder: Path) -> W:  # what a file holds, to be judged here
    """A `kind` of the members of `table`; `where` names the table in errors, `folder` is what paths are relative to.

    Raises:
        WorldError: An unknown or missing key, a wrong type, or what `kind` itself finds wrong.
    """
    if not isinstance(table, dict):
        raise WorldError(f"{where} must be a table")
    types = get_type_hints(kind)
    known = {field.name: field for field in fields(kind) if field.init}
    for key in table:
        if key not in known:
            raise WorldError(f"{where} has no key {key!r}; it may have: {', '.join(known)}")
    for name, field in known.items():
        if name not in table and field.default is MISSING and field.default_factory is MISSING:
            raise WorldError(f"{where} lacks {name!r}")
    values = {key: _value(types[key], value, f"{where}: {key}", folder) for key, value in table.items()}
    try:
        return kind(**values)
    except WorldError:
        raise
    except ValueError as error:
        raise WorldError(f"{where}: {error}") from error


def _source(world: str | Path) -> Path | Traversable:
    if isinstance(world, Path) or world.endswith(".toml") or "/" in world or "\\" in world:
        return Path(world)
    worlds = files("robowire_fixtures").joinpath("worlds")
    named = worlds.joinpath(f"{world}.toml")
    if not named.is_file():
        names = sorted(entry.name.removesuffix(".toml") for entry in worlds.iterdir() if entry.name.endswith(".toml"))
        raise WorldError(f"no world is called {world!r}; there are: {', '.join(names)}; a file's name ends in .toml")
    return named


def _value(kind: Any, value: Any, where: str, folder: Path) -> Any:  # types and TOML values of any kind
    if get_origin(kind) is UnionType:
        kind = next(option for option in get_args(kind) if option is not type(None))
    if get_origin(kind) is tuple:
        if not isinstance(value, list):
            raise WorldError(f"{where} must be a list")
        return tuple(_value(get_args(kind)[0], item, f"{where}[{number}]", folder) for number, item in enumerate(value))
    if is_dataclass(kind) and isinstance(kind, type):
        return build(kind, value, where, folder)
    return _scalar(kind, value, where, folder)


def _scalar(kind: type, value: Any, where: str, folder: Path) -> Any:  # a TOML value of any kind
    if issubclass(kind, Enum):
        names = [member.value for member in kind]
        if value not in names:
            raise WorldError(f"{where} must be one of: {', '.join(names)}")
        return kind(value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not (str if kind is Path else kind):  # bool is no int here
        raise WorldError(f"{where} must be {_WORDS[kind]}")
    if kind is Path:
        return folder / str(value)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return value
