"""Servers for all tests of a process: one for each API, which leads to the mock of the test at hand."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.serving import Server
from robowire_mocks.core.sharing import Shared
from robowire_mocks.core.world import sections_of
from robowire_mocks.in_process import in_place_of
from robowire_mocks.in_process.origins import origin_of
from robowire_mocks.testing.handle import MockHandle
from robowire_mocks.testing.stock import stock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from wsgiref.types import StartResponse, WSGIEnvironment

    from robowire_mocks.core.mock import Mock, Source
    from robowire_mocks.core.tls import Authority


class Counter:
    """Serves what is at hand; a server starts when its address is first asked for, and stays to the end."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._servers: dict[tuple[str, bool], Server] = {}
        self._at_hand: dict[str, MockHandle[Any]] = {}
        self._made: Authority | None = None

    def show(
        self, api: str, *, world: Source | None, deviate: Iterable[str], address: str | None, tls: bool
    ) -> AbstractContextManager[MockHandle[Any]]:
        """A mock to be shown for a while: on the server of its API, and in process in the place of `address`.

        Raises:
            WorldError: The world is not there, or says something wrong.
            UnknownDeviation: There is no such deviation.
            ValueError: The address has no scheme or host.
        """
        kind = stock().kind(api, world)
        origin = origin_of(address or kind.usual_address)

        def server() -> Server:
            return self._server(kind, tls=tls)

        handle: MockHandle[Any] = MockHandle(
            api,
            lambda: server().url,
            world=world,
            deviate=deviate,
            ca_file=lambda: server().ca_file,
            found=self._found,
        )
        return self._shown(handle, origin)

    def close(self) -> None:
        """Stop all servers."""
        self._stack.close()

    @contextmanager
    def _shown(self, handle: MockHandle[Any], origin: str) -> Iterator[MockHandle[Any]]:
        self._at_hand[handle.api] = handle
        try:
            with in_place_of(origin, handle, needed=False):
                yield handle
        finally:
            del self._at_hand[handle.api]
            handle.close()

    def _found(self, handle: MockHandle[Any]) -> None:
        """Found a mock, and tie it to those of other APIs at hand that are asked to share its world."""
        world = handle.asked_world
        others = [other for other in self._at_hand.values() if other.asked_world == world and not other.is_founded]
        if world is None or handle not in others or not sections_of(world):
            handle.found()
        else:
            Shared([other.found() for other in others])

    def _server(self, kind: type[Mock[Any]], *, tls: bool) -> Server:
        key = (kind.api, tls)
        if key not in self._servers:
            authority = self._authority() if tls else None
            started = Server(self._app(kind.api), "127.0.0.1", 0, authority, kind.problem, kind.vendor_host)
            self._servers[key] = self._stack.enter_context(started)
        return self._servers[key]

    def _app(self, api: str) -> Any:
        def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            handle = self._at_hand.get(api)
            if handle is not None:
                return handle.app(environ, start_response)
            start_response("503 Service Unavailable", [("Content-Type", "application/json")])
            return [json.dumps({"error": "the test to which this mock belonged is over"}).encode()]

        return app

    def _authority(self) -> Authority:
        if self._made is None:
            from robowire_mocks.core.tls import Authority  # brings cryptography

            folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="robowire-"))
            self._made = Authority(Path(folder))
        return self._made
