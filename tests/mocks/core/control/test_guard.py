"""A page of another site cannot drive a mock through somebody's browser; everybody else can."""

import pytest
from flask.testing import FlaskClient
from robowire_mocks.bags import BagsMock
from robowire_mocks.core.control.guard import refusal

RESET = "/__robowire/reset"
HOME, AWAY = "127.0.0.1", "192.168.25.7"


@pytest.fixture
def client(mock: BagsMock) -> FlaskClient:
    """A client of a mock."""
    return mock.app.test_client()


@pytest.mark.parametrize(
    ("headers", "remote"),
    [
        ({}, HOME),
        ({"Host": "robot.example.com"}, HOME),
        ({"Host": "localhost:8080", "Origin": "http://localhost:8080"}, HOME),
        ({"Host": "localhost:8080", "Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}, HOME),
        ({"Host": "LOCALHOST:8080", "Origin": "http://localhost:8080"}, HOME),
        ({"Host": "[::1]:8080", "Origin": "http://[::1]:8080"}, "::1"),
        ({"Host": "w7.localhost:8080", "Origin": "http://w7.localhost:8080"}, HOME),
        ({"Host": "mocks:8080", "Origin": "http://mocks:8080"}, HOME),
        ({"Host": "mocks.example.com", "Origin": "https://mocks.example.com"}, AWAY),
        ({"Host": "192.168.25.1:8080", "Origin": "http://192.168.25.1:8080"}, AWAY),
    ],
)
def test_these_are_obeyed(headers: dict[str, str], remote: str) -> None:
    """Programs, which send no Origin, and the mock's own page."""
    assert refusal("POST", headers, remote) == ""


@pytest.mark.parametrize(
    ("headers", "remote"),
    [
        ({"Host": "localhost:8080", "Origin": "https://evil.example.com"}, HOME),
        ({"Host": "localhost:8080", "Origin": "null"}, HOME),
        ({"Host": "localhost:8080", "Origin": "http://localhost:3000"}, HOME),
        ({"Host": "localhost:8080", "Origin": "http://localhost:8080.evil.example.com"}, HOME),
        ({"Host": "localhost:8080", "Origin": "http://w7.localhost:8080"}, HOME),
        ({"Host": "localhost:8080", "Origin": "http://localhost:8080", "Sec-Fetch-Site": "cross-site"}, HOME),
        ({"Host": "localhost:8080", "Sec-Fetch-Site": "same-site"}, HOME),
        ({"Origin": "http://localhost:8080"}, HOME),
        # a name that an attacker owns, led to this machine: its page has the mock's origin
        ({"Host": "evil.example.com:8080", "Origin": "http://evil.example.com:8080"}, HOME),
        ({"Host": "evil.example.com:8080", "Sec-Fetch-Site": "same-origin"}, "127.0.0.53"),
        ({"Host": "1.2.3.4.example.com", "Origin": "http://1.2.3.4.example.com"}, "::1"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_these_are_refused(method: str, headers: dict[str, str], remote: str) -> None:
    """Whatever the method; reading is harmless, since no other site sees the answer."""
    assert refusal(method, headers, remote)
    assert refusal("GET", headers, remote) == ""


def test_a_refused_control_changes_nothing(client: FlaskClient) -> None:
    """It is 403 with a reason, for unknown controls too."""
    before = client.get("/__robowire").get_json()["clock"]["frozen"]
    for place in ("clock", "nothing"):
        answer = client.post(
            f"/__robowire/{place}", json={"freeze": True}, headers={"Origin": "https://evil.example.com"}
        )
        assert (answer.status_code, list(answer.get_json())) == (403, ["error"])
    assert client.get("/__robowire").get_json()["clock"]["frozen"] is before


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_no_answer_is_for_other_sites(client: FlaskClient, accept: str) -> None:
    """There are no CORS headers, and other sites may neither frame nor embed."""
    answer = client.get("/__robowire", headers={"Accept": accept, "Origin": "https://evil.example.com"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_preflight_is_not_answered_as_one(client: FlaskClient) -> None:
    """So that browsers do not even send what is no simple request."""
    answer = client.options(RESET, headers={"Origin": "https://evil.example.com"})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
