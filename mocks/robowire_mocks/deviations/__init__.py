"""Ways to break one requirement each, outside the honest code.

A deviation is a small function that takes the place of one step of a mock: `wrapper(honest, *args)`. Those of an API
register themselves in a `Registry` in the modules of `robowire_mocks.deviations.<api>`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from robowire_fixtures.catalogue import APIS, load_catalogue


class UnknownDeviation(ValueError):  # noqa: N818  # named for what happened, as the other errors of a person's command
    """No deviation has this id; the text is one sentence for the person who asked for it."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way to go wrong: `breaks` is the requirement that fails, `step` where, `summary` what a client sees."""

    id: str
    breaks: str
    api: str
    step: str
    summary: str
    wrapper: Callable[..., Any]


class Registry:
    """The deviations of one API as its modules declare them."""

    def __init__(self, api: str) -> None:
        self.api = api
        self._deviations: dict[str, Deviation] = {}

    def deviation(self, deviation_id: str, *, breaks: str, step: str) -> Callable[..., Any]:
        """Declare the decorated function, `wrapper(honest, *args)`, as a deviation; its docstring is the summary."""

        def register(wrapper: Callable[..., Any]) -> Callable[..., Any]:
            self.add(deviation_id, breaks=breaks, step=step, summary=wrapper.__doc__ or "", wrapper=wrapper)
            return wrapper

        return register

    def add(self, deviation_id: str, *, breaks: str, step: str, summary: str, wrapper: Callable[..., Any]) -> None:
        """Declare a deviation.

        Raises:
            ValueError: The id is taken.
        """
        if deviation_id in self._deviations:
            raise ValueError(f"the deviation {deviation_id!r} is declared twice")
        self._deviations[deviation_id] = Deviation(deviation_id, breaks, self.api, step, summary, wrapper)

    def all(self) -> tuple[Deviation, ...]:
        """All of them, in the order in which the catalogue has what they break."""
        order = {requirement.id: number for number, requirement in enumerate(load_catalogue(self.api))}
        return tuple(sorted(self._deviations.values(), key=lambda deviation: order[deviation.breaks]))


@cache
def load(api: str) -> tuple[Deviation, ...]:
    """The deviations of `api`, in the order in which its catalogue has what they break.

    Raises:
        ValueError: There is no such API.
    """
    if api not in APIS:
        raise ValueError(f"no API is called {api!r}; there are: {', '.join(APIS)}")
    module = importlib.import_module(f"{__name__}.{api}")
    deviations: tuple[Deviation, ...] = module.DEVIATIONS
    return deviations


def find(api: str, deviation_id: str) -> Deviation:
    """The deviation of `api` with this id.

    Raises:
        UnknownDeviation: There is none.
    """
    for deviation in load(api):
        if deviation.id == deviation_id:
            return deviation
    raise UnknownDeviation(f"no deviation of {api} is called {deviation_id!r}; `robowire deviations {api}` lists them")
