"""One world that mocks of several APIs share: they have one time, and what the robot records reaches all of them.

Nobody has to ask for it: whoever asks any of the mocks finds in it what the robot has recorded until then.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.clock import link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from robowire_mocks.core.mock import Mock

_log = logging.getLogger("robowire.mocks")


class Shared:
    """Ties mocks to one another; their forks are not tied. To be made before any of them is served."""

    def __init__(self, mocks: Sequence[Mock[Any]]) -> None:
        self._mocks = tuple(mocks)
        self._lock = Lock()
        link([mock.clock for mock in mocks])
        for mock in mocks:
            mock.layers = (self, *mock.layers)

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """`app`, as it is once everybody has what the robot has recorded."""

        def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.catch_up()
            return app(environ, start_response)

        return answer

    def catch_up(self) -> None:
        """Tell every mock what the robot has recorded."""
        with self._lock:
            try:
                bags = [bag for mock in self._mocks for bag in mock.recorded()]
                for mock in self._mocks:
                    mock.robot_has(bags)
            except Exception:  # noqa: BLE001  # who asks one mock is not to blame
                _log.exception("what the robot has recorded was not passed on")
