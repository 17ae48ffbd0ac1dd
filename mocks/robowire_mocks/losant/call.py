"""One request to the Losant Data API, as its steps see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from robowire_generators.telemetry import Application, Token

if TYPE_CHECKING:
    from robowire_mocks.losant.state import State  # noqa: TC004  # as above
    from robowire_mocks.losant.steps import Steps  # noqa: TC004  # it imports this module


@dataclass(frozen=True, slots=True)
class Call:
    """A request and what is known of it so far.

    `operation` is one of `robowire_fixtures.losant.OPERATIONS`, `origin` scheme and host by which the client reached
    the mock, `now` the present in ms since the Unix epoch. `headers` are named as in `Content-Type`, `parameters` are
    the names in the URL's query. `raw` (the body), `token`, `application` and `query` (the validated body) are set once
    the steps that find them have run.
    """

    operation: str
    steps: Steps
    state: State
    origin: str
    now: int
    application_id: str
    headers: Mapping[str, str]
    parameters: frozenset[str] = frozenset()
    raw: bytes = b""
    token: Token | None = None
    application: Application | None = None
    query: Mapping[str, Any] | None = None

    @property
    def asked(self) -> Mapping[str, Any]:
        """The validated body, in steps that come after it was read."""
        assert self.query is not None
        return self.query

    @property
    def found(self) -> Application:
        """The application, in steps that come after it was found."""
        assert self.application is not None
        return self.application
