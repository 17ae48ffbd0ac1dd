"""Mocks to begin with: each world is read once, and whoever wants a mock of it gets a fork."""

from __future__ import annotations

import atexit
import time
from collections import OrderedDict
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from robowire_mocks import create_mock

if TYPE_CHECKING:
    from collections.abc import Hashable

    from robowire_mocks.core.mock import Mock, Source

_MOST = 8  # worlds that are held


class Stock:
    """Founded mocks, of which forks are given away.

    A world without a clock of its own is relative to the minute in which its mock is founded. So a mock is founded
    anew for each minute, by whatever clock the process has at that moment: a library may have frozen it.
    """

    def __init__(self) -> None:
        self._founded: OrderedDict[Hashable, Mock[Any]] = OrderedDict()
        self._lock = Lock()

    def fresh(self, api: str, world: Source | None = None) -> Mock[Any]:
        """A mock of its own, to be closed by whoever asks.

        Raises:
            WorldError: The world is not there, or says something wrong.
        """
        with self._lock:
            return self._base(api, world).fork()

    def kind(self, api: str, world: Source | None = None) -> type[Mock[Any]]:
        """Of which kind a mock of this world would be; for there can be one.

        Raises:
            WorldError: As `fresh`.
        """
        with self._lock:
            return type(self._base(api, world))

    def close(self) -> None:
        """Close what is held; forks live on."""
        with self._lock:
            while self._founded:
                self._founded.popitem()[1].close()

    def _base(self, api: str, world: Source | None) -> Mock[Any]:
        key = (api, _identity(world), int(time.time() // 60))
        if key not in self._founded:
            self._founded[key] = create_mock(api, world=world)
            if len(self._founded) > _MOST:
                self._founded.popitem(last=False)[1].close()
        self._founded.move_to_end(key)
        return self._founded[key]


@cache
def stock() -> Stock:
    """The stock of this process."""
    held = Stock()
    atexit.register(held.close)
    return held


def _identity(world: Source | None) -> Hashable:
    """What tells one world from another; a file that was changed is another one."""
    if world is None:
        return None
    if not isinstance(world, str | Path):
        return repr(world)
    try:
        facts = Path(world).stat()
    except OSError:
        return str(world)
    return str(Path(world).resolve()), facts.st_mtime_ns, facts.st_size
