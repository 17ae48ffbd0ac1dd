"""A mock with worlds, on a socket of this process, for tests that share it and each begin anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import Server, serve
from robowire_mocks.core.worlds import Worlds


@contextmanager
def served_worlds(api: str) -> Iterator[tuple[Mock[Any], Server]]:
    """The mock that is the base, and the server."""
    with create_mock(api) as mock, Worlds(mock) as worlds, serve(worlds) as server:
        yield mock, server


def begun_anew(mock: Mock[Any]) -> Mock[Any]:
    """The same as at its start, whatever an earlier test did to it."""
    mock.deviate()
    mock.snapshots.clear()
    mock.reset()
    return mock
