"""What may go wrong on the way, as data: which fault, which calls meet it, how often."""

from __future__ import annotations

import errno
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from robowire_mocks.core.matching import Calls


class Kind(StrEnum):
    """The kinds of faults."""

    STATUS = "status"
    LATENCY = "latency"
    SLOW_BODY = "slow_body"
    CUT = "cut"
    WRONG_LENGTH = "wrong_length"
    BAD_JSON = "bad_json"
    ALTERED = "altered"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault.

    Which calls meet it: those of `operation`, `method` and `path` (`*` stands for anything; what is None does not
    matter), but for the first `skip` of them, `times` in all (None: always), each with `probability`, by `seed`.

    What they meet, by `kind`:

    - `status`: an answer of `status` in the API's own form of errors, with `text` and `headers`, and Retry-After if
      `retry_after_s` is given: seconds, or the date when they are over if it is `as_date`. What was asked for is not
      done, unless `carried_out`.
    - `latency`: the honest answer, `seconds` later. Other faults may be late as well.
    - `slow_body`: the honest answer, of whose body `bytes_per_s` come.
    - `cut`: a connection that is closed after `after_bytes` of the body, with None before anything is answered; in that
      case, what was asked for is not done, unless `carried_out`.
    - `wrong_length`: the honest body, with a Content-Length of `length`, else of `by` bytes more than there are (fewer,
      if it is negative); then the connection is closed.
    - `bad_json`: in place of the honest JSON its first half, or `text`.
    - `altered`: the honest JSON with other values: `changes` maps places, such as `[].importStatus`, to what is there
      instead, or besides (see `robowire_mocks.core.places`).
    - `elsewhere`: the honest answer, whose links lead to `host` (with its port), as those to object storage do.

    Raises:
        ValueError: A value is not possible, or belongs to another kind.
    """

    kind: Kind
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    skip: int = 0
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    status: int = 503
    retry_after_s: int | None = None
    as_date: bool = False
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    carried_out: bool = False
    bytes_per_s: float = 1024.0
    after_bytes: int | None = None
    length: int | None = None
    by: int = 1
    changes: Mapping[str, Any] = field(default_factory=dict)
    host: str | None = None
    id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in list(Kind):
            raise ValueError(f"no fault is called {self.kind!r}; there are: {', '.join(Kind)}")
        object.__setattr__(self, "kind", Kind(self.kind))
        for name, possible in _POSSIBLE.items():
            if not possible(getattr(self, name)):
                raise ValueError(f"{name} of a fault cannot be {getattr(self, name)!r}{_WHY.get(name, '')}")
        for name, (kinds, default) in _PARTICULAR.items():
            if self.kind not in kinds and getattr(self, name) not in (default, {}):
                raise ValueError(f"a fault {self.kind} has no {name}; it belongs to {', '.join(kinds)}")
        needed = _NEEDED.get(self.kind, "")
        if needed and not getattr(self, needed):
            raise ValueError(f"a fault {self.kind} needs {needed}: without, nothing would go wrong")

    @property
    def calls(self) -> Calls:
        """The calls that meet it."""
        return Calls(self.operation, self.method, self.path)

    def told(self) -> dict[str, Any]:
        """The fault as a JSON object, without what is left at its default."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: value for name, value in values.items() if value != _DEFAULTS.get(name, {})}


class Cut(ConnectionAbortedError):  # noqa: N818  # it is no error of the mock
    """The connection ends here; a server closes it without another byte."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNABORTED, "the connection was cut off by a fault")


def fault_of(given: Fault | Mapping[str, Any] | None, parameters: Mapping[str, Any]) -> Fault:
    """A fault as it is, changed by `parameters`, or made of a table.

    Raises:
        ValueError: A parameter is not known, or not possible.
    """
    table = {} if given is None or isinstance(given, Fault) else dict(given)
    table |= parameters
    for name in table:
        if name not in _NAMES:
            raise ValueError(f"a fault has no {name!r}; it has {', '.join(_NAMES)}")
    if isinstance(given, Fault):
        return replace(given, **table)
    if "kind" not in table:
        raise ValueError(f"a fault needs a kind: {', '.join(Kind)}")
    return Fault(**table)


def _is_number(value: Any, least: float = 0.0, most: float = math.inf) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return number and least <= value <= most


def _is_count(value: Any, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


_POSSIBLE: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        ("operation", "method", "path", "text", "host"), lambda value: value is None or isinstance(value, str)
    ),
    "id": lambda value: isinstance(value, str),
    "skip": _is_count,
    "times": lambda value: value is None or _is_count(value, 1),
    "probability": lambda value: _is_number(value, 0, 1),
    "seed": _is_count,
    "seconds": _is_number,
    "status": lambda value: _is_count(value, 300) and value <= 599,
    "retry_after_s": lambda value: value is None or _is_count(value),
    "as_date": lambda value: isinstance(value, bool),
    "headers": lambda value: isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values()),
    "carried_out": lambda value: isinstance(value, bool),
    "bytes_per_s": lambda value: _is_number(value, 1e-3),
    "after_bytes": lambda value: value is None or _is_count(value),
    "length": lambda value: value is None or _is_count(value),
    "by": lambda value: isinstance(value, int) and not isinstance(value, bool) and value != 0,
    "changes": lambda value: isinstance(value, Mapping),
}

_WHY: Mapping[str, str] = {"status": ": it is from 300 to 599, since a success is no fault"}

_NEEDED: Mapping[Kind, str] = {Kind.LATENCY: "seconds", Kind.ALTERED: "changes", Kind.ELSEWHERE: "host"}
"""Without which a fault would be none."""

_PARTICULAR: Mapping[str, tuple[tuple[Kind, ...], Any]] = {
    "status": ((Kind.STATUS,), 503),
    "retry_after_s": ((Kind.STATUS,), None),
    "as_date": ((Kind.STATUS,), False),
    "headers": ((Kind.STATUS,), {}),
    "text": ((Kind.STATUS, Kind.BAD_JSON), None),
    "carried_out": ((Kind.STATUS, Kind.CUT), False),
    "bytes_per_s": ((Kind.SLOW_BODY,), 1024.0),
    "after_bytes": ((Kind.CUT,), None),
    "length": ((Kind.WRONG_LENGTH,), None),
    "by": ((Kind.WRONG_LENGTH,), 1),
    "changes": ((Kind.ALTERED,), {}),
    "host": ((Kind.ELSEWHERE,), None),
}

_NAMES = tuple(one.name for one in fields(Fault))
_DEFAULTS = {one.name: one.default for one in fields(Fault) if one.name not in {"headers", "changes", "kind"}}
