"""Mocks of any API, and those who ask their controls."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from asking_controls import Asker
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock

Make = Callable[..., Mock[Any]]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes mocks, and closes them."""
    with ExitStack() as stack:
        yield lambda api, **settings: stack.enter_context(create_mock(api, **settings))


@pytest.fixture
def foxglove(make: Make) -> Asker:
    """One who asks a Foxglove mock."""
    return Asker(make("foxglove"))
