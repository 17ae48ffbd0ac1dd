"""What many deviations do: go wrong in one action only, or change what a step gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from robowire_mocks.losant.call import Call

Wrapper: TypeAlias = Callable[..., Any]
"""`wrapper(honest, call, …)`; takes the place of a step."""

ACTIONS: tuple[tuple[str, str, str, int], ...] = (
    ("export", "export", "EXPORT", 1),
    ("lastValueQuery", "last-value", "LASTVALUE", 2),
    ("timeSeriesQuery", "time-series", "TIMESERIES", 3),
)
"""Of each action: its operation, its name in ids of deviations, its area and its hundred in ids of requirements."""


def only(operation: str, wrapper: Wrapper) -> Wrapper:
    """The wrapper in one action; the others stay honest."""

    def chosen(honest: Wrapper, call: Call, *args: Any) -> Any:
        return wrapper(honest, call, *args) if call.operation == operation else honest(call, *args)

    return chosen


def after(change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper that changes what a step gives."""

    def wrapper(honest: Wrapper, *args: Any) -> Any:
        return change(honest(*args))

    return wrapper


def member(name: str, change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper that changes one member of the object that a step gives."""
    return after(lambda given: {**given, name: change(given[name])})


def without(name: str) -> Wrapper:
    """A wrapper that leaves a member out of the object that a step gives."""
    return after(lambda given: {key: value for key, value in given.items() if key != name})


def extra(name: str, value: Any) -> Wrapper:
    """A wrapper that adds a member to the object that a step gives."""
    return after(lambda given: {**given, name: value})
