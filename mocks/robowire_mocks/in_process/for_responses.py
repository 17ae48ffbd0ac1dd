"""A mock beside, and within, a person's own stubs made with the library `responses`."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import responses
from requests.adapters import HTTPAdapter

from robowire_mocks.in_process.for_urllib3 import response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import PreparedRequest
    from urllib3 import HTTPResponse

    from robowire_mocks.in_process.asking import Host

_send = HTTPAdapter.send
"""What requests itself does, unless stubs were active when this was imported."""


@contextmanager
def beside(origin: str) -> Iterator[None]:
    """Let stubs of `responses` leave to others what goes to `origin`, whichever of the two began first.

    Stubs that begin later go before the mock where they match; they refuse nothing that is the mock's. Stubs that were
    there already are not asked.
    """
    start, before = responses.RequestsMock.start, HTTPAdapter.send

    def started(stubs: responses.RequestsMock) -> None:
        start(stubs)
        stubs.add_passthru(f"{origin}/")

    def send(adapter: HTTPAdapter, request: PreparedRequest, *more: Any, **options: Any) -> Any:
        own = (request.url or "").startswith(f"{origin}/")
        return (_genuine() if own else before)(adapter, request, *more, **options)

    with ExitStack() as stack:
        stack.enter_context(patch.object(responses.RequestsMock, "start", started))
        stack.enter_context(patch.object(responses, "start", lambda: started(responses.mock)))  # bound to the former
        if before is not _genuine():
            stack.enter_context(patch.object(HTTPAdapter, "send", send))
        yield


def _genuine() -> Any:
    if _send.__globals__["__name__"] == "requests.adapters":
        return _send
    return responses._real_send  # noqa: SLF001  # kept there for the same reason


class Stub(responses.BaseResponse):
    """All that an application answers at an origin, as one stub among a person's own; `responses.calls` tells of it."""

    def __init__(self, origin: str, host: Host) -> None:
        super().__init__("ANY", re.compile(rf"{re.escape(origin)}/.*"))
        self._origin, self._host = origin, host

    def matches(self, request: PreparedRequest) -> tuple[bool, str]:
        """Whether a request goes to the origin, whatever its method."""
        matches = (request.url or "").startswith(f"{self._origin}/")
        return matches, "" if matches else "URL does not match"

    def get_response(self, request: PreparedRequest) -> HTTPResponse:
        """Ask."""
        patience = request.req_kwargs.get("timeout")  # type: ignore[attr-defined]  # responses puts it there
        came = self._host.ask(
            request.method or "GET",
            request.url or "",
            request.headers.items(),
            request.body,
            patience[-1] if isinstance(patience, tuple) else patience,
        )
        return response(came, request.method or "GET", request.url or "", preload_content=False)
