"""Named steps: what a mock does on the way to an answer, each replaceable, so that one can be made to go wrong.

The steps of a mock are the fields of a frozen dataclass, each a function. Honest code calls one step from another
through that table and knows nothing of what may stand in it.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance

    S = TypeVar("S", bound=DataclassInstance)


def wrap(steps: S, name: str, wrapper: Callable[..., Any]) -> S:
    """The same steps with `wrapper` around the one called `name`: `wrapper(honest, *args)` takes its place.

    Raises:
        ValueError: There is no such step.
    """
    names = [step.name for step in fields(steps)]
    if name not in names:
        raise ValueError(f"there is no step {name!r}; there are: {', '.join(names)}")
    return replace(steps, **{name: partial(wrapper, getattr(steps, name))})
