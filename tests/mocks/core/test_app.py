"""One Flask application serves all mocks of an API, each with what is its own."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from robowire_mocks import create_mock
from robowire_mocks.core.app import application
from robowire_mocks.core.http import MOCK

EMPTY: dict[str, Any] = {"key": [{"key": "k", "capabilities": ["*"]}]}
KEY = {"Authorization": "Bearer k"}


class Noting:
    """A layer that notes what it sees."""

    def __init__(self, name: str, seen: list[tuple[str, str]]) -> None:
        self.name = name
        self.seen = seen

    def around(self, app: WSGIApplication) -> WSGIApplication:
        """Note the path of each request."""

        def noted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            self.seen.append((self.name, environ["PATH_INFO"]))
            return app(environ, start_response)

        return noted


def test_mocks_of_an_api_share_its_routes() -> None:
    """And nothing else: each request is answered by the mock whose application was asked."""
    with create_mock("foxglove", world=EMPTY) as one, create_mock("foxglove", world=EMPTY) as other:
        assert application(type(one)) is application(type(other))
        one.app.test_client().post("/v1/devices", json={"name": "mine"}, headers=KEY)
        counts = [len(mock.app.test_client().get("/v1/devices", headers=KEY).get_json()) for mock in (one, other)]
        assert counts == [1, 0]


def test_layers_stand_around_the_api_from_outside_in() -> None:
    """They see every request but those for the controls, unless the controls are switched off."""
    seen: list[tuple[str, str]] = []
    for control, expected in ((True, []), (False, ["/__robowire"])):
        with create_mock("foxglove", world=EMPTY, control=control) as mock:
            mock.layers = (Noting("outer", seen), Noting("inner", seen))
            for path in ("/v1/devices", "/__robowire", "/__robowires"):
                mock.app.test_client().get(path)
        paths = ["/v1/devices", *expected, "/__robowires"]
        assert seen == [(name, path) for path in paths for name in ("outer", "inner")]
        seen.clear()


def test_the_environment_names_the_mock() -> None:
    """For layers, whatever a client says."""
    named: list[Any] = []

    class Naming:
        """A layer that asks which mock it stands before."""

        def around(self, app: WSGIApplication) -> WSGIApplication:
            def ask(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
                named.append(environ[MOCK])
                return app(environ, start_response)

            return ask

    with create_mock("foxglove", world=EMPTY) as mock:
        mock.layers = (Naming(),)
        mock.app.test_client().get("/v1/devices", environ_overrides={MOCK: "another"})
        assert named == [mock]
