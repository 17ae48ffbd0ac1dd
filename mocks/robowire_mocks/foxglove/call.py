"""One request to the Foxglove API, as its steps see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from robowire_mocks.foxglove.operations import Operation  # noqa: TC004  # only a type
    from robowire_mocks.foxglove.state import State  # noqa: TC004  # as above
    from robowire_mocks.foxglove.steps import Steps  # noqa: TC004  # it imports this module
    from robowire_mocks.foxglove.world import Key  # noqa: TC004  # only a type


@dataclass(frozen=True, slots=True)
class Call:
    """A request and what is known of it so far.

    `now` is the present in ns since the Unix epoch, `origin` scheme and host by which the client reached the mock.
    `path` holds the parameters of the path, `query` those of the URL's query (of one given twice, the first), and
    `queries` all values of each; `headers` are named as in `Content-Type`, `target` is path and query as they were
    sent. `raw` is the body, `key` the API key once it is known.
    """

    operation: Operation
    steps: Steps
    state: State
    now: int
    origin: str = "http://127.0.0.1"
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    queries: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    raw: bytes = b""
    key: Key | None = None
