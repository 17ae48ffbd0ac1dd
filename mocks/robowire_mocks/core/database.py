"""What outlives a process: one SQLite file per data folder, and the lock under which what is kept there is changed.

Changes are gathered while somebody holds the database, and written in one transaction when they let go of it: what one
request changes is kept whole or not at all, and it is kept before the request is answered. The file is in SQLite's WAL
mode, where a transaction is one append to a log: a process that is killed in the middle of it leaves a tail that the
next one ignores, and the operating system has the rest. It is not waited for until that is on the disk itself
(`synchronous=NORMAL`): only a failure of the machine's power may cost the last moments, and nothing else of the file.
"""

from __future__ import annotations

import logging
from contextlib import closing
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import orjson

from robowire_mocks.core.world import WorldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from sqlite3 import Connection
    from types import TracebackType

FILE: str = "robowire.sqlite"
"""The name of the file in a data folder."""

_log = logging.getLogger("robowire.mocks")
_VERSION = 1
_FACTS = "facts"
_PATIENCE_S = 1.0  # a process that was killed lets go of its file a moment later
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS kept"
    " (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, value NOT NULL, UNIQUE (kind, id))"
)
_PUT = "INSERT INTO kept (kind, id, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_REMOVE = "DELETE FROM kept WHERE kind = ? AND id = ?"
_REMOVE_KIND = "DELETE FROM kept WHERE kind = ?"
# In the order of their creation, which is that of the table itself: its index would have them sorted.
_ROWS = "SELECT id, value FROM kept NOT INDEXED WHERE kind = ? ORDER BY number"

Value = Any
"""What is kept: a JSON value or a dataclass, which is read as JSON, or bytes."""


class Database:
    """Rows by kind and id, in the order of their creation, and facts by name; without a file, nothing is kept.

    It is a lock that its holder may take again: `with database:`. What is changed without holding it is a transaction
    of its own.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Open the file, or make it.

        Raises:
            WorldError: It cannot be used: it is something else, or another process has it open.
        """
        self.file = file
        self._lock = RLock()
        self._holds = 0
        self._changes: list[tuple[str, tuple[Any, ...]]] = []
        self._afterwards: list[Callable[[], object]] = []
        self._connection = None if file is None else _open(file)
        self._facts: dict[str, Any] = dict(self.rows(_FACTS))

    @property
    def keeps(self) -> bool:
        """Whether there is a file."""
        return self._connection is not None

    def __enter__(self) -> Self:
        self._lock.acquire()
        self._holds += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what was changed if nobody holds the database any more, also after an error: memory has it too."""
        try:
            if self._holds == 1:
                self._settle()
        finally:
            self._holds -= 1
            self._lock.release()

    def put(self, kind: str, row_id: str, value: Value) -> None:
        """Keep a row, in the place of the one with its kind and id."""
        if self._connection is not None:
            self._change(_PUT, (kind, _writable(row_id), _encoded(value)))

    def remove(self, kind: str, row_id: str) -> None:
        """Keep a row no more."""
        if self._connection is not None:
            self._change(_REMOVE, (kind, row_id))

    def replace(self, kind: str, rows: Iterable[tuple[str, Value]]) -> None:
        """Keep these rows and no other ones of their kind."""
        if self._connection is not None:
            with self:
                self._change(_REMOVE_KIND, (kind,))
                for row_id, value in rows:
                    self.put(kind, row_id, value)

    def rows(self, kind: str) -> Iterator[tuple[str, Value]]:
        """What an earlier process kept, as JSON values and bytes; ids first."""
        if self._connection is not None:
            with closing(self._connection.execute(_ROWS, (kind,))) as rows:
                for row_id, value in rows:
                    yield row_id, value if isinstance(value, bytes) else orjson.loads(value)

    def fact(self, name: str) -> Any:  # any JSON value
        """What was kept under `name`, or None."""
        return self._facts.get(name)

    def keep(self, name: str, value: Any) -> None:  # any JSON value
        """Keep a fact."""
        with self:
            self._facts[name] = value
            self.put(_FACTS, name, value)

    def afterwards(self, do: Callable[[], object]) -> None:
        """Do something that cannot be undone, such as removing a file, once what was changed before it is kept."""
        with self:
            self._afterwards.append(do)

    def close(self) -> None:
        """Close the file; nothing is kept from now on."""
        with self:
            self._settle()
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _change(self, statement: str, values: tuple[Any, ...]) -> None:
        with self:
            self._changes.append((statement, values))

    def _settle(self) -> None:
        """Write the changes, then do what waits for that; if they cannot be written, the next holder tries again."""
        while self._changes or self._afterwards:
            if self._changes and self._connection is not None:
                _write(self._connection, self._changes)
            self._changes.clear()
            waiting, self._afterwards = self._afterwards, []
            for do in waiting:
                try:
                    do()
                except Exception:  # noqa: BLE001  # the others are not to blame
                    _log.exception("what was to follow a change failed")


def _encoded(value: Value) -> str | bytes:
    """As text, so that whoever opens the file by hand can read it; bytes as they are."""
    return value if isinstance(value, bytes) else orjson.dumps(value, default=dict).decode()


def _writable(text: str) -> str:
    """The text, if SQLite can write it: if not, that is said before it can hold up what follows.

    Raises:
        UnicodeEncodeError: It has lone surrogates.
    """
    if not text.isascii():
        text.encode()
    return text


def _write(connection: Connection, changes: Iterable[tuple[str, tuple[Any, ...]]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement, values in changes:
            connection.execute(statement, values)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _open(file: Path) -> Connection:
    import sqlite3  # only where something is kept

    try:
        connection = sqlite3.connect(file, _PATIENCE_S, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise WorldError(f"{file} cannot be opened: {error}") from error
    try:
        _prepare(connection)
    except sqlite3.Error as error:
        connection.close()
        used = "another mock uses it" if "locked" in str(error) else error
        raise WorldError(f"{file} cannot be used: {used}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: Connection) -> None:
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # two processes would each answer half of what is kept
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in {0, _VERSION}:
        raise WorldError(f"the data folder was written by another version of robowire: its version is {version}")
    connection.execute(_SCHEMA)
    connection.execute(f"PRAGMA user_version = {_VERSION}")
    connection.execute("COMMIT")
