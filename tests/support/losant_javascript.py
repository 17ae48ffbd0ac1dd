"""Losant's client for JavaScript, installed once for all tests that drive a mock with it."""

from pathlib import Path

from node_packages import installed

CLIENTS = Path(__file__).parents[1] / "mocks" / "losant" / "clients"


def installed_client() -> Path:
    """The folder with the client that package.json pins, and the scripts that use it."""
    return installed("losant-client", [*CLIENTS.iterdir()], unchecked="Losant's client for JavaScript")
