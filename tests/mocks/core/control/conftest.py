"""Mocks of any API, and those who ask their controls."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from asking_controls import Asker
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock

Make = Callable[..., Mock[Any]]


@pytest.fixture(scope="session")
def founded() -> Iterator[Make]:
    """Makes one mock of each API."""
    with ExitStack() as stack:
        yield cache(lambda api: stack.enter_context(create_mock(api)))


@pytest.fixture
def make(founded: Make) -> Iterator[Make]:
    """Makes mocks, and closes them; without settings, forks of one that is there."""
    with ExitStack() as stack:

        def made(api: str, **settings: Any) -> Mock[Any]:
            return stack.enter_context(create_mock(api, **settings) if settings else founded(api).fork())

        yield made


@pytest.fixture
def foxglove(make: Make) -> Asker:
    """One who asks a Foxglove mock."""
    return Asker(make("foxglove"))
