"""The page of the controls in a browser: what finds one, what a client asks meanwhile, and where that is shown."""

import os
import shutil
from typing import Any

import pytest
import requests

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 30_000  # ms that anything on the page may take where much else runs
KEY = {"Authorization": "Bearer fox_sk_robowire_all"}


def found_browser() -> str:
    """The browser's command: $ROBOWIRE_BROWSER, or one of the usual names; else the test is skipped, and says so."""
    found = os.environ.get("ROBOWIRE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("NOT RUN: the page in a browser; install chromium, or set ROBOWIRE_BROWSER to its command")
    return found


def ask(page: Any, path: str, method: str = "GET", **request: Any) -> None:
    """What a client asks the API."""
    with requests.Session() as session:
        session.trust_env = False
        session.request(method, f"{page.mock_url}/v1{path}", headers=KEY, timeout=5, **request)


def row(page: Any, text: str) -> Any:
    """The row of the journal that has this text."""
    return page.locator("#entries tr.entry", has_text=text).first
