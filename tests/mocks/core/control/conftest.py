"""Mocks of any API, those who ask their controls, and the page of the controls in a browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from asking_controls import Asker
from page_of_controls import PATIENCE, found_browser
from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import Server
from served_worlds import begun_anew, served_worlds

Make = Callable[..., Mock[Any]]


@pytest.fixture(scope="session")
def founded() -> Iterator[Make]:
    """Makes one mock of each API."""
    with ExitStack() as stack:
        yield cache(lambda api: stack.enter_context(create_mock(api)))


@pytest.fixture
def make(founded: Make) -> Iterator[Make]:
    """Makes mocks, and closes them; without settings, forks of one that is there."""
    with ExitStack() as stack:

        def made(api: str, **settings: Any) -> Mock[Any]:
            return stack.enter_context(create_mock(api, **settings) if settings else founded(api).fork())

        yield made


@pytest.fixture
def foxglove(make: Make) -> Asker:
    """One who asks a Foxglove mock."""
    return Asker(make("foxglove"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser without a window."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="NOT RUN: the page in a browser; pip install playwright"
    )
    with playwright.sync_playwright() as play:
        # Without its sandbox, as it refuses to run as root in one; it sees nothing but the mock.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        started = play.chromium.launch(executable_path=found_browser(), args=options)
        yield started
        started.close()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Mock[Any], Server]]:
    """A mock on a socket."""
    with served_worlds("foxglove") as both:
        yield both


@pytest.fixture
def shown(served: tuple[Mock[Any], Server]) -> Mock[Any]:
    """The mock that the page shows, as at its start."""
    return begun_anew(served[0])


@pytest.fixture
def page(browser: Any, shown: Mock[Any], served: tuple[Mock[Any], Server]) -> Iterator[Any]:
    """The page; it neither asks any other host nor runs into an error."""
    del shown
    _, server = served
    context = browser.new_context(viewport={"width": 1360, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{server.url}/__robowire")
    page.get_by_text("live", exact=True).wait_for()
    page.get_by_text("none on", exact=True).wait_for()  # what takes longest is there too
    page.mock_url = server.url
    page.wrong = wrong
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
    assert wrong == []
