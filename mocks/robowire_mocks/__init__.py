"""Servers that behave as the documents say, for people who write clients."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from robowire_mocks.core.mock import Mock


def create_mock(
    api: str,
    *,
    world: str | Path | Mapping[str, Any] | None = None,
    bags: str | Path | None = None,
    data_dir: str | Path | None = None,
    control: bool = True,
    deviate: Iterable[str] = (),
) -> Mock[Any]:
    """Make the mock of `api`: a WSGI application with its state, not yet listening anywhere.

    Args:
        api: The API, such as `bags`.
        world: The state to start from: the name of a world of `robowire_fixtures`, a TOML file, or what one holds.
        bags: A folder of `.bag` files to serve in place of the world's own.
        data_dir: Where state is kept from one start to the next; without it, in a temporary folder.
        control: Whether the controls under `/__robowire` are served.
        deviate: The ids of the deviations to begin with.

    Raises:
        ValueError: There is no such API.
        WorldError: The world or the folder of bags is not there or says something wrong.
        UnknownDeviation: There is no such deviation.
    """
    from robowire_fixtures.catalogue import APIS  # not for those who load only the pytest plugin

    if api not in APIS:
        raise ValueError(f"no API is called {api!r}; there are: {', '.join(APIS)}")
    module = importlib.import_module(f"robowire_mocks.{api}")
    mock: Mock[Any] = module.create_mock(world=world, bags=bags, data_dir=data_dir, control=control)
    try:
        mock.deviate(*deviate)
    except ValueError:
        mock.close()
        raise
    return mock
