"""The data folder: where it is, what is kept in it, and the clock as an earlier process left it."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from robowire_mocks.core.clock import Clock
from robowire_mocks.core.database import FILE, Database
from robowire_mocks.core.world import WorldError, is_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.core.clock import ClockState
    from robowire_mocks.core.world import Source

    W = TypeVar("W")

_SOURCE = "source"  # what the world was to be read from, and what was loaded in its place
_CONTENT = "content"  # which form of a world's file it was

_log = logging.getLogger("robowire.mocks")


def data_folder(folder: Path) -> Path:
    """The folder, made if it is not there.

    Raises:
        WorldError: It cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorldError(f"the data folder {folder} cannot be used: {error.strerror}") from error
    return folder


def home_of(api: str, data_dir: Path | None) -> Path:
    """Where a mock works: the data folder, or a temporary one.

    Raises:
        WorldError: The folder cannot be used.
    """
    return Path(tempfile.mkdtemp(prefix=f"robowire-{api}-")) if data_dir is None else data_folder(data_dir)


def database_of(api: str, data_dir: Path | None) -> Database:
    """What the mock of an API keeps in its data folder; nothing without one.

    Raises:
        WorldError: The folder cannot be used, another process uses it, or it is that of another API.
    """
    if data_dir is None:
        return Database()
    database = Database(data_folder(data_dir) / FILE)
    owner = database.fact("api")
    if owner is None:
        database.keep("api", api)
    elif owner != api:
        database.close()
        raise WorldError(f"the data folder {data_dir} is that of a mock of {owner}")
    return database


def kept_clock(database: Database, begun: ClockState) -> Clock:
    """The clock as a world starts it, or where an earlier process left it."""

    def keep(clock: Clock) -> None:
        with database:  # so that the state is not older than what another thread keeps
            database.keep("clock", clock.state())

    clock = Clock(begun.at, frozen=begun.frozen, changed=keep)
    kept = database.fact("clock")
    if kept is not None:
        clock.restore(kept)
    return clock


def world_in(database: Database, asked: Source, read: Callable[[Source], W]) -> tuple[W, Source]:
    """The world to begin with, and what it was read from: what is asked for, or what was loaded in its place.

    Raises:
        WorldError: The world is not there, or says something wrong; the database is closed.
    """
    if database.file is None:
        return read(asked), asked
    try:
        here, known = _written(asked), database.fact(_SOURCE)
        loaded = known["loaded"] if known is not None and known["asked"] == here else None
        source = asked if loaded is None else _source(loaded)
        world = read(source)
        if known is not None and (known["asked"], database.fact(_CONTENT)) != (here, _content(source)):
            _log.warning(
                "the data folder %s has the rows of another world, or of an earlier form of this one: they stay, "
                "and keys and limits are those of now; reset to begin with the world",
                database.file.parent,
            )
        database.keep(_SOURCE, {"asked": here, "loaded": loaded})
        database.keep(_CONTENT, _content(source))
    except BaseException:
        database.close()
        raise
    return world, source


def keep_source(database: Database, source: Source | None) -> None:
    """The world is now that of this source: the next process begins with it, if it is asked for what this one was."""
    known = database.fact(_SOURCE)
    if known is not None:
        here = None if source is None else _written(source)
        loaded = None if here == known["asked"] else here
        if loaded != known["loaded"]:
            database.keep(_SOURCE, {"asked": known["asked"], "loaded": loaded})
        content = None if source is None else _content(source)
        if content != database.fact(_CONTENT):
            database.keep(_CONTENT, content)


def _written(source: Source) -> dict[str, Any]:
    """A source as JSON has it."""
    if isinstance(source, Mapping):
        table: dict[str, Any] = json.loads(json.dumps({"table": source}, default=_plain))
        return table
    if isinstance(source, Path) or is_file(source):
        return {"file": str(Path(source).resolve())}
    return {"name": source}


def _content(source: Source) -> str | None:
    """What tells one form of a world file from another; None of what is no file, or cannot be read."""
    written = _written(source)
    try:
        return sha256(Path(written["file"]).read_bytes()).hexdigest() if "file" in written else None
    except OSError:
        return None


def _plain(value: Any) -> Any:  # what a table may hold that JSON does not have
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _source(written: dict[str, Any]) -> Source:
    match written:
        case {"table": dict(table)}:
            return table
        case {"file": str(file)}:
            return Path(file)
        case _:
            return str(written["name"])
