"""One Flask application per API, which all mocks of it share; and with its layers around it, that of one mock."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient
from werkzeug.test import run_wsgi_app

from robowire_mocks.core import control
from robowire_mocks.core.http import MOCK, make_app

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask

    from robowire_mocks.core.mock import Mock


@cache
def application(kind: type[Mock[Any]]) -> Flask:
    """The routes of an API; Flask takes its time to register them, so that they are made once."""
    app = make_app(f"robowire_mocks.{kind.api}", kind.problem)
    kind.add_routes(app)
    return app


class App:
    """The WSGI application of one mock: its layers, the outermost first, around the routes of its API.

    The controls are not of the API: they are an application of their own, and no layer sees what is asked of them.
    """

    def __init__(self, mock: Mock[Any]) -> None:
        self._mock = mock
        self._routes = application(type(mock))
        self._layered: WSGIApplication = self._routes
        for layer in reversed(mock.layers):
            self._layered = layer.around(self._layered)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        environ[MOCK] = self._mock
        if self._mock.control and control.is_control(environ.get("PATH_INFO", "")):
            return control.application()(environ, start_response)
        return self._layered(environ, start_response)

    def test_client(self) -> FlaskClient:
        """A client that asks without a socket."""
        return _Client(self, self._routes)


class _Client(FlaskClient):
    """Flask's client, whose requests take the way through all of an `App`."""

    def __init__(self, app: App, routes: Flask) -> None:
        super().__init__(routes, routes.response_class, use_cookies=False)
        self._app = app

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> Any:  # noqa: FBT001, FBT002  # werkzeug's signature
        """As werkzeug does."""
        return run_wsgi_app(self._app, environ, buffered=buffered)
