"""Many worlds in one server: mocks of one API that begin as copies of a base, each for who asks for it by name."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from robowire_mocks.core import addressing
from robowire_mocks.core.answer import NO_STORE, Answer, error_body
from robowire_mocks.core.control import is_control

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from robowire_mocks.core.addressing import Address
    from robowire_mocks.core.answer import Problem
    from robowire_mocks.core.mock import Mock

WORLDS: str = "robowire.worlds"
"""The name under which a request's WSGI environment has the worlds of the server."""

WORLD: str = "robowire.world"
"""The name under which it has the name of the world that answers; it has none if that is the base."""


_REFUSAL = "robowire.refusal"


class UnknownWorld(ValueError):  # noqa: N818  # named for what happened, as the other errors of a person's command
    """No world has this name; the text is one sentence for the person who asked for it."""


class Worlds:
    """The worlds of one server. `base` answers who asks for none, and belongs to whoever made it.

    A request is for a world if its path begins with `/__worlds/NAME`, if its credential ends with `~NAME`, or if the
    first label of its host is NAME; the first of these counts. `opened` is called with each world that is opened.
    """

    def __init__(self, base: Mock[Any], *, opened: Callable[[str, Mock[Any]], None] = lambda *_: None) -> None:
        self.base = base
        self._opened = opened
        self._lock = Lock()
        self._open: dict[str, Mock[Any]] = {}

    def __getitem__(self, name: str) -> Mock[Any]:
        """The world of this name.

        Raises:
            UnknownWorld: There is none.
        """
        world = self._open.get(name)
        if world is None:
            raise UnknownWorld(f"no world is called {name[:80]!r}; there are: {self._listed()}")
        return world

    def __contains__(self, name: object) -> bool:
        return name in self._open

    def names(self) -> list[str]:
        """The names of the worlds, in the order in which they were opened."""
        with self._lock:
            return list(self._open)

    def open(self, name: str, of: str | None = None) -> Mock[Any]:
        """Open a world as the base is now, or the world `of`: from then on they have nothing to do with one another.

        Raises:
            ValueError: It is no name of a world: small letters, digits and hyphens, not digits alone; or it is taken.
            UnknownWorld: There is no world `of`.
        """
        if not addressing.is_name(name):
            raise ValueError(
                f"{name[:80]!r} is no name of a world: it has up to 63 small letters, digits and hyphens, one a letter"
            )
        if name in self._open:
            raise ValueError(f"a world is called {name!r} already")
        world = (self.base if of is None else self[of]).fork()
        with self._lock:
            taken = self._open.setdefault(name, world) is not world
        if taken:
            world.close()
            raise ValueError(f"a world is called {name!r} already")
        self._opened(name, world)
        return world

    def close(self, name: str) -> None:
        """Close a world, and forget what it holds.

        Raises:
            UnknownWorld: There is none of this name.
        """
        world = self[name]
        with self._lock:
            mine = self._open.pop(name, None) is world
        if mine:
            world.close()

    def close_all(self) -> None:
        """Close every world; the base stays."""
        for name in self.names():
            with suppress(UnknownWorld):  # somebody else closed it
                self.close(name)

    @property
    def app(self) -> WSGIApplication:
        """The WSGI application that leads each request to its world."""
        return self._answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close_all()

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[WORLDS] = self
        asked = self._asked(environ)
        if asked is None:
            return self.base.app(environ, start_response)
        world = self._open.get(asked.name)
        if asked.rooted:
            addressing.mount(environ, asked.name)
        if world is None:
            return self._refuse(asked, environ, start_response)
        addressing.unmark(environ, asked.name)
        environ[WORLD] = asked.name
        return world.app(environ, start_response)

    def _refuse(self, asked: Address, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Say that a world is not there: as the API would, or if its controls are asked, as these do."""
        text = f"no world is called {asked.name[:80]!r}; it may have been closed"
        controls = is_control(environ["PATH_INFO"])
        environ[_REFUSAL] = asked.missing, f"{text}; there are: {self._listed()}" if controls else text
        refused: Iterable[bytes] = _refusals(error_body if controls else self.base.problem)(environ, start_response)
        return refused

    def _asked(self, environ: WSGIEnvironment) -> Address | None:
        """The world that a request is for; None for the base, as with a credential that the base itself knows."""
        by_path = addressing.by_path(environ)
        if by_path is not None:
            return by_path
        by_credential = addressing.by_credential(environ)
        if by_credential is not None and not self.base.knows(environ.get("HTTP_AUTHORIZATION", "")):
            return by_credential
        return addressing.by_host(environ, self._open)

    def _listed(self) -> str:
        return ", ".join(self.names()) or "none"


@cache
def _refusals(problem: Problem) -> Any:  # a Flask application
    """Refuses any request, with the status and the text that its environment has."""
    from flask import request

    from robowire_mocks.core.http import make_app, respond

    app = make_app("robowire_mocks.worlds", problem)

    @app.before_request
    def refuse() -> Any:
        status, text = request.environ[_REFUSAL]
        headers = {**NO_STORE, "WWW-Authenticate": "Bearer"} if status == 401 else NO_STORE
        return respond(Answer(status, problem(status, text), headers))

    return app
