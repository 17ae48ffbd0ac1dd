"""The page for the browser, as a browser shows it: state, live journal, operations and buttons."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from robowire_mocks import create_mock
from robowire_mocks.core.fault import Kind
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import Server, serve
from robowire_mocks.core.worlds import Worlds

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
KEY = {"Authorization": "Bearer fox_sk_robowire_all"}
PATIENCE = 30_000  # ms that anything on the page may take where much else runs


def found_browser() -> str:
    """The browser's command: $ROBOWIRE_BROWSER, or one of the usual names; else the test is skipped, and says so."""
    found = os.environ.get("ROBOWIRE_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("NOT RUN: the page in a browser; install chromium, or set ROBOWIRE_BROWSER to its command")
    return found


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
def shared() -> Iterator[tuple[Mock[Any], Server]]:
    """A mock on a socket."""
    with create_mock("foxglove") as mock, Worlds(mock) as worlds, serve(worlds) as server:
        yield mock, server


@pytest.fixture
def mock(shared: tuple[Mock[Any], Server]) -> Mock[Any]:
    """The same as at its start."""
    mock, _ = shared
    mock.deviate()
    mock.snapshots.clear()
    mock.reset()
    return mock


@pytest.fixture
def page(browser: Any, mock: Mock[Any], shared: tuple[Mock[Any], Server]) -> Iterator[Any]:
    """The page; it neither asks any other host nor runs into an error."""
    del mock
    _, server = shared
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


def ask(page: Any, path: str, method: str = "GET", **request: Any) -> None:
    """What a client asks the API."""
    with requests.Session() as session:
        session.trust_env = False
        session.request(method, f"{page.mock_url}/v1{path}", headers=KEY, timeout=5, **request)


def row(page: Any, text: str) -> Any:
    """The row of the journal that has this text."""
    return page.locator("#entries tr.entry", has_text=text).first


def test_the_journal_is_live(page: Any) -> None:
    """A call appears while the page is open; opened with the keyboard, it shows headers and bodies."""
    page.get_by_text("Nothing was asked yet").wait_for()
    ask(page, "/devices", "POST", json={"name": "tug-99"})
    row(page, "createDevice").wait_for()
    page.get_by_role("button", name="Show call").first.focus()
    page.keyboard.press("Enter")
    detail = page.locator("tr.detail")
    detail.wait_for()
    text = detail.inner_text()
    assert '"name": "tug-99"' in text
    assert "Content-Type: application/json" in text
    assert "fox_sk_robowire_all" not in text
    page.keyboard.press("Enter")
    detail.wait_for(state="detached")


def test_unknown_calls_and_faults_are_marked(page: Any, mock: Mock[Any]) -> None:
    """With the nearest that the document has, and the fault's name; the others can be hidden."""
    mock.faults.add(kind="status", status=503, operation="listSites", times=1, id="early")
    for path in ("/devices", "/device", "/sites"):
        ask(page, path)
    strange, faulty = row(page, "the nearest is /v1/devices"), row(page, "met early")
    strange.locator(".mark.unknown").wait_for()
    faulty.locator(".mark.fault").wait_for()
    page.get_by_text("3 calls, 1 unknown, 1 with a fault").wait_for()
    page.get_by_label("unknown and faults only").check()
    assert page.locator("#entries tr.entry:visible").count() == 2


def test_what_clients_send_is_text(page: Any) -> None:
    """Nothing that a client sends becomes part of the page."""
    ask(page, "/devices?query=<img src=x onerror=alert(1)>")
    ask(page, "/devices", "POST", json={"name": "<script>alert(2)</script>"})
    row(page, "createDevice").click()
    page.locator("tr.detail").wait_for()
    assert page.locator("main img, main script").count() == 0
    assert "<img src=x" in row(page, "listDevices").inner_text()


def test_operations_show_how_often_they_were_called(page: Any) -> None:
    """All of the contract; the number leads to the calls."""
    for path in ("/devices", "/devices", "/sites"):
        ask(page, path)
    row(page, "listSites").wait_for()
    page.get_by_role("tab", name="Journal").focus()
    page.keyboard.press("ArrowRight")
    counts = {
        name: page.locator("#known tr", has_text=name).first.locator("td").last
        for name in ("listDevices", "createDevice")
    }
    counts["listDevices"].get_by_text("2", exact=True).wait_for()
    assert counts["createDevice"].inner_text() == "0"
    page.get_by_role("button", name="Show the calls of listDevices").click()
    assert page.locator("#entries tr.entry:visible").count() == 2


def test_the_clock_is_moved(page: Any, mock: Mock[Any]) -> None:
    """Frozen, advanced, set and resumed."""
    page.get_by_role("button", name="Freeze", exact=True).click()
    page.get_by_text("UTC, stands still").wait_for()
    at = mock.clock.now()
    page.get_by_role("button", name="+1 h").click()
    page.get_by_text("The clock went +1 h.").wait_for()
    assert mock.clock.now() == at + 3600
    page.get_by_label("Seconds to advance by").fill("1800")
    page.keyboard.press("Enter")
    page.get_by_text("The clock went 1800 s.").wait_for()
    assert mock.clock.now() == at + 5400
    page.get_by_label("Seconds to advance by").fill("-3600")
    page.keyboard.press("Enter")
    page.get_by_text("a clock cannot be advanced by -3600 s").wait_for()
    page.wrong.clear()  # a browser notes every 400
    assert mock.clock.now() == at + 5400
    page.get_by_label("Time in UTC to stand still at").fill("2026-11-20T12:00:00")
    page.get_by_role("button", name="Freeze at (UTC)").click()
    page.locator("#now", has_text="2026-11-20 12:00:00").wait_for()
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("UTC, runs").wait_for()
    assert not mock.clock.frozen


def test_state_is_saved_restored_and_reset(page: Any, mock: Mock[Any]) -> None:
    """A reset empties the journal too."""
    page.get_by_label("Name of the snapshot").fill("before")
    page.keyboard.press("Enter")
    page.get_by_text("Saved before.").wait_for()
    assert mock.snapshots.names() == ["before"]
    ask(page, "/devices", "POST", json={"name": "tug-99"})
    row(page, "createDevice").wait_for()
    page.get_by_role("button", name="Restore", exact=True).click()
    page.get_by_text("Restored before.").wait_for()
    ask(page, "/devices/tug-99")
    row(page, "getDevice").get_by_text("404").wait_for()
    page.get_by_role("button", name="Remove snapshot before").click()
    page.get_by_text("Removed before.").wait_for()
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_text("Nothing was asked yet").wait_for()
    assert mock.snapshots.names() == []


def test_faults_are_added_and_cleared(page: Any, mock: Mock[Any]) -> None:
    """The account of each is shown."""
    page.get_by_label("What goes wrong").select_option("status")
    page.get_by_label("Status", exact=True).fill("429")
    page.get_by_label("Retry-After, s").fill("2")
    page.get_by_label("Operation", exact=True).fill("listDevices")
    page.get_by_role("button", name="Add fault").click()
    page.get_by_text("matched 0, met 0, 1 left").wait_for()
    (account,) = mock.faults.account()
    assert (account.fault.status, account.fault.retry_after_s, account.fault.times) == (429, 2, 1)
    ask(page, "/devices")
    page.get_by_text("matched 1, met 1, 0 left").wait_for()
    page.get_by_role("button", name="Clear all").click()
    page.get_by_text("No faults any more.").wait_for()
    assert mock.faults.account() == ()


def test_faults_are_added_in_order(page: Any, mock: Mock[Any]) -> None:
    """One after the other, and then all at once."""
    page.get_by_role("button", name="Then…").click()
    page.get_by_text("In this order: status").wait_for()
    page.get_by_label("What goes wrong").select_option("latency")
    page.get_by_role("button", name="Add 2 in order").click()
    page.get_by_role("button", name="Add fault").wait_for()
    page.locator("#faults li").nth(1).wait_for()
    ask(page, "/devices")
    assert [(str(one.fault.kind), one.met) for one in mock.faults.account()] == [("status", 1), ("latency", 0)]


def test_calls_are_asserted(page: Any) -> None:
    """The verdict says what was called instead."""
    ask(page, "/devices")
    page.locator("#card-assert > summary").click()
    page.get_by_label("Calls of").fill("listDevices")
    page.get_by_role("button", name="Were made").click()
    page.locator("#verdict", has_text="It is so.").wait_for()
    page.locator("#assert").get_by_label("Times").fill("2")
    page.get_by_role("button", name="Were made").click()
    page.locator("#verdict", has_text="expected 2 times operation=listDevices, and got 1").wait_for()
    ask(page, "/device")
    page.get_by_role("button", name="Nothing unknown was asked").click()
    page.locator("#verdict", has_text="the nearest is /v1/devices").wait_for()


def test_every_kind_of_fault_can_be_added(page: Any, mock: Mock[Any]) -> None:
    """With the parameters that the form has for it."""
    kinds = page.get_by_label("What goes wrong").locator("option").evaluate_all("all => all.map(one => one.value)")
    assert kinds == list(Kind)
    for number, kind in enumerate(kinds, 1):
        page.get_by_label("What goes wrong").select_option(kind)
        page.get_by_role("button", name="Add fault").click()
        page.locator("#faults li").nth(number - 1).wait_for()
    assert [str(account.fault.kind) for account in mock.faults.account()] == kinds


def test_a_refusal_is_told(page: Any) -> None:
    """In the mock's own words."""
    page.get_by_label("Operation", exact=True).fill("listDevise")
    page.get_by_role("button", name="Add fault").click()
    page.get_by_text(re.compile("no operation is called 'listDevise'")).wait_for()
    page.wrong.clear()  # a browser notes every 400


def test_deviations_are_found_and_switched(page: Any, mock: Mock[Any]) -> None:
    """Those that are on stand first."""
    page.locator("#card-deviations > summary").click()
    page.get_by_label("Find a deviation").fill("any-token")
    page.get_by_label(re.compile("^any-token ")).check()
    page.get_by_text("any-token is on.").wait_for()
    assert mock.deviations == ("any-token",)
    page.get_by_role("button", name="Honest again").click()
    page.get_by_text("The mock behaves as documented.").wait_for()
    assert not mock.deviations


def test_a_world_is_loaded(page: Any, mock: Mock[Any]) -> None:
    """From the text of a world file."""
    page.locator("#card-world > summary").click()
    page.get_by_label("or the text of a world file").fill("[clock]\nfrozen = true\nstart = 2026-11-20T12:00:00Z\n")
    page.get_by_role("button", name="Load").click()
    page.get_by_text("The world was loaded.").wait_for()
    assert mock.clock.now() == 1795176000
    mock.load("foxglove")


def test_a_world_has_a_page_of_its_own(page: Any, mock: Mock[Any]) -> None:
    """Opened and closed from any other."""
    page.locator("#card-worlds > summary").click()
    page.get_by_label("Name of the world to open").fill("w7")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="w7").click()
    page.get_by_role("heading", name="Foxglove mock · world w7").wait_for()
    page.get_by_role("button", name="Freeze", exact=True).click()
    page.get_by_text("UTC, stands still").wait_for()
    assert not mock.clock.frozen
    page.locator("#card-worlds > summary").click()
    page.get_by_role("link", name="base").click()
    page.get_by_text("UTC, runs").wait_for()
    page.locator("#card-worlds > summary").click()
    page.get_by_role("button", name="Close world w7").click()
    page.get_by_text("the base alone").wait_for()


def test_what_the_api_adds_is_there(page: Any) -> None:
    """Filled in from the examples of the controls' document."""
    page.locator("aside details > summary", has_text="Imports").click()
    page.get_by_role("button", name="Hold").click()
    page.locator("details[open]", has_text="Imports").get_by_role("button", name="Send").click()
    page.get_by_text('"held": true').wait_for()


def test_a_pause_holds_the_journal(page: Any) -> None:
    """And going on shows what came meanwhile."""
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("paused", exact=True).wait_for()
    ask(page, "/devices")
    assert page.locator("#entries tr.entry").count() == 0
    page.get_by_role("button", name="Go on").click()
    row(page, "listDevices").wait_for()


FOLLOWING = re.compile("/__robowire/(overview|journal)")
DOT = """() => {
    const probe = document.body.appendChild(document.createElement("i"));
    const colour = (name) => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
    const dot = getComputedStyle(document.getElementById("connection"), "::before").backgroundColor;
    const found = ["soft", "good", "warn", "bad"].filter((name) => colour(name) === dot);
    probe.remove();
    return found.join();
}"""


def test_the_dot_is_green_only_while_the_mock_answers(page: Any) -> None:
    """Neither while the page still asks for the first time, nor when an answer is missing or does not come at all."""
    assert page.evaluate(DOT) == "good"
    page.clock.install()
    page.route(FOLLOWING, lambda route: None)  # noqa: ARG005  # never answered
    with page.expect_request(FOLLOWING):
        page.reload()
    page.get_by_text("connecting", exact=True).wait_for()
    assert page.evaluate(DOT) == "soft"
    page.clock.fast_forward(16_000)
    page.get_by_text("lost: no answer").wait_for()
    assert page.evaluate(DOT) == "bad"
    page.unroute_all()
    page.clock.fast_forward(3_000)
    page.get_by_text("live", exact=True).wait_for()
    assert page.evaluate(DOT) == "good"
    page.route(FOLLOWING, lambda route: route.abort())
    ask(page, "/devices")  # ends the waiting for the journal
    page.get_by_text("lost: ").wait_for()
    assert page.evaluate(DOT) == "bad"
    page.get_by_role("button", name="Pause").click()
    page.get_by_text("paused", exact=True).wait_for()
    assert page.evaluate(DOT) == "warn"
    page.wrong.clear()  # a browser notes every request that fails


def test_everything_is_reached_by_keyboard(page: Any) -> None:
    """Every button, field and card is visited by the tabulator, each with a name."""
    page.evaluate("document.querySelectorAll('aside details').forEach((one) => { one.open = true; })")
    names = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, textarea, summary')]
            .filter((one) => one.checkVisibility() && one.tabIndex >= 0)
            .map((one) => one.innerText || one.ariaLabel || one.labels?.[0]?.innerText || '')"""
    )
    assert names
    assert "" not in names
    for _ in range(len(names) + 20):  # a field for a time has several stops
        page.keyboard.press("Tab")
        page.evaluate("document.activeElement.dataset.visited = ''")
    left = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, textarea, summary')]
            .filter((one) => one.checkVisibility() && one.tabIndex >= 0 && one.dataset.visited === undefined)
            .map((one) => one.outerHTML)"""
    )
    assert left == []


def test_a_narrow_window_needs_no_sideways_scrolling(page: Any) -> None:
    """On a telephone, what matters is there."""
    ask(page, "/devices?a-long-parameter-that-does-not-exist=with-a-long-value")
    page.set_viewport_size({"width": 390, "height": 800})
    row(page, "/v1/devices").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


ATTACK = """<!doctype html><title>elsewhere</title><script>
(async () => {
  const sent = {method: "POST", body: '{"freeze": true}', mode: "no-cors", headers: {"Content-Type": "text/plain"}};
  try { await fetch("MOCK/__robowire/clock", sent); } catch { /* the browser shows nothing of the answer */ }
  let read = "nothing";
  try { read = await (await fetch("MOCK/__robowire/journal")).text(); } catch { /* as it should be */ }
  document.body.append(`read ${read}`);
})();
</script><body></body>"""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_site_neither_moves_nor_reads_the_mock(
    browser: Any, mock: Mock[Any], shared: tuple[Mock[Any], Server], name: str
) -> None:
    """Not even one of this machine, nor by a request that browsers send without asking first."""
    text = ATTACK.replace("MOCK", shared[1].url).encode()

    def elsewhere(environ: Any, start_response: Any) -> list[bytes]:
        del environ
        start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(text)))])
        return [text]

    with serve(elsewhere) as other:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        asked = []
        page.on("request", lambda request: asked.append((request.method, request.url)))
        page.goto(f"http://{name}:{other.port}/")
        page.get_by_text("read nothing").wait_for()
        page.close()
    assert ("POST", f"{shared[1].url}/__robowire/clock") in asked
    assert not mock.clock.frozen
