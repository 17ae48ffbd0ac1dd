"""The page for the browser tells whether it reaches the mock, is reached by everybody, and by no other site."""

import re
from typing import Any

import pytest
from page_of_controls import PATIENCE, ask, row
from robowire_mocks.core.mock import Mock
from robowire_mocks.core.serving import Server, serve

FOLLOWING = re.compile("/__robowire/(overview|journal)")
CALLS = 30
LAST = f"/v1/devices?query=a-robot-with-a-name-{CALLS - 1}"
FOCUSED = "document.activeElement.ariaLabel"
SIZES = [(390, 844), (800, 700), (1000, 800), (1280, 800)]
LINES = """(cell) => {
    const text = document.createRange();
    text.selectNodeContents(cell);
    return text.getClientRects().length;
}"""
ROOM = """(field) => {
    const whole = field.parentNode.appendChild(field.cloneNode());
    whole.style.cssText = "position: absolute; width: max-content; max-width: none";
    const room = field.offsetWidth - whole.offsetWidth;
    whole.remove();
    return room;
}"""
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


@pytest.fixture
def busy(page: Any) -> Any:
    """The page with more calls than fit on it."""
    for number in range(CALLS):
        ask(page, f"/devices?query=a-robot-with-a-name-{number:02}")
    row(page, LAST).wait_for()
    return page


def test_a_long_journal_leaves_the_controls_in_reach(busy: Any) -> None:
    """It scrolls in a box of its own."""
    for width, height in SIZES:
        busy.set_viewport_size({"width": width, "height": height})
        assert busy.locator("#journal").evaluate("one => one.scrollHeight > one.clientHeight"), width
        freeze = busy.get_by_role("button", name="Freeze", exact=True).bounding_box()
        assert freeze["y"] + freeze["height"] <= height, width


def test_what_is_to_be_read_has_the_room_it_needs(busy: Any) -> None:
    """A path of usual length breaks nowhere, and a time is whole."""
    for width, height in SIZES:
        busy.set_viewport_size({"width": width, "height": height})
        assert row(busy, LAST).locator("td").nth(3).evaluate(LINES) == 1, width
        assert busy.get_by_label("Time in UTC to stand still at").evaluate(ROOM) >= 0, width
        assert busy.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width


def test_the_tabulator_stops_at_one_call(busy: Any, shown: Mock[Any]) -> None:
    """At the newest, from which arrows lead to the others; the controls come next."""
    newest = shown.journal.newest
    oldest = newest - CALLS + 1
    busy.get_by_role("button", name="Clear", exact=True).focus()
    for key, number in [
        ("Tab", newest),
        ("ArrowDown", newest - 1),
        ("End", oldest),
        ("ArrowDown", oldest),
        ("ArrowUp", oldest + 1),
    ]:
        busy.keyboard.press(key)
        assert busy.evaluate(FOCUSED) == f"Show call {number}"
    ask(busy, "/sites")
    row(busy, "listSites").wait_for()
    busy.keyboard.press("Tab")
    assert busy.evaluate("document.activeElement.parentElement.id") == "card-clock"
    busy.get_by_label("Filter by path").fill("listSites")
    busy.get_by_role("button", name="Clear", exact=True).focus()
    busy.keyboard.press("Tab")
    assert busy.evaluate(FOCUSED) == f"Show call {newest + 1}"


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
    browser: Any, shown: Mock[Any], served: tuple[Mock[Any], Server], name: str
) -> None:
    """Not even one of this machine, nor by a request that browsers send without asking first."""
    text = ATTACK.replace("MOCK", served[1].url).encode()

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
    assert ("POST", f"{served[1].url}/__robowire/clock") in asked
    assert not shown.clock.frozen
