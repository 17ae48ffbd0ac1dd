"""The data folder: where it is, what is kept in it, and the clock as an earlier process left it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from robowire_mocks.core.clock import Clock
from robowire_mocks.core.database import FILE, Database
from robowire_mocks.core.world import WorldError


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


def kept_clock(database: Database, start: float | None, *, frozen: bool) -> Clock:
    """The clock as a world starts it, or where an earlier process left it."""
    clock = Clock(start, frozen=frozen, changed=lambda state: database.keep("clock", state))
    kept = database.fact("clock")
    if kept is not None:
        clock.restore(kept)
    return clock
