"""The page for the browser, as a browser shows it: state, live journal, operations and buttons."""

import re
from typing import Any

from page_of_controls import ask, row
from robowire_mocks.core.fault import Kind
from robowire_mocks.core.mock import Mock


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


def test_unknown_calls_and_faults_are_marked(page: Any, shown: Mock[Any]) -> None:
    """With the nearest that the document has, and the fault's name; the others can be hidden."""
    shown.faults.add(kind="status", status=503, operation="listSites", times=1, id="early")
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


def test_the_clock_is_moved(page: Any, shown: Mock[Any]) -> None:
    """Frozen, advanced, set and resumed."""
    page.get_by_role("button", name="Freeze", exact=True).click()
    page.get_by_text("UTC, stands still").wait_for()
    at = shown.clock.now()
    page.get_by_role("button", name="+1 h").click()
    page.get_by_text("The clock went +1 h.").wait_for()
    assert shown.clock.now() == at + 3600
    page.get_by_label("Seconds to advance by").fill("1800")
    page.keyboard.press("Enter")
    page.get_by_text("The clock went 1800 s.").wait_for()
    assert shown.clock.now() == at + 5400
    page.get_by_label("Seconds to advance by").fill("-3600")
    page.keyboard.press("Enter")
    page.get_by_text("a clock cannot be advanced by -3600 s").wait_for()
    page.wrong.clear()  # a browser notes every 400
    assert shown.clock.now() == at + 5400
    page.get_by_label("Time in UTC to stand still at").fill("2026-11-20T12:00:00")
    page.get_by_role("button", name="Freeze at (UTC)").click()
    page.locator("#now", has_text="2026-11-20 12:00:00").wait_for()
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("UTC, runs").wait_for()
    assert not shown.clock.frozen


def test_state_is_saved_restored_and_reset(page: Any, shown: Mock[Any]) -> None:
    """A reset empties the journal too."""
    page.get_by_label("Name of the snapshot").fill("before")
    page.keyboard.press("Enter")
    page.get_by_text("Saved before.").wait_for()
    assert shown.snapshots.names() == ["before"]
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
    assert shown.snapshots.names() == []


def test_faults_are_added_and_cleared(page: Any, shown: Mock[Any]) -> None:
    """The account of each is shown."""
    page.get_by_label("What goes wrong").select_option("status")
    page.get_by_label("Status", exact=True).fill("429")
    page.get_by_label("Retry-After, s").fill("2")
    page.get_by_label("Operation", exact=True).fill("listDevices")
    page.get_by_role("button", name="Add fault").click()
    page.get_by_text("matched 0, met 0, 1 left").wait_for()
    (account,) = shown.faults.account()
    assert (account.fault.status, account.fault.retry_after_s, account.fault.times) == (429, 2, 1)
    ask(page, "/devices")
    page.get_by_text("matched 1, met 1, 0 left").wait_for()
    page.get_by_role("button", name="Clear all").click()
    page.get_by_text("No faults any more.").wait_for()
    assert shown.faults.account() == ()


def test_faults_are_added_in_order(page: Any, shown: Mock[Any]) -> None:
    """One after the other, and then all at once."""
    page.get_by_role("button", name="Then…").click()
    page.get_by_text("In this order: status").wait_for()
    page.get_by_label("What goes wrong").select_option("latency")
    page.get_by_role("button", name="Add 2 in order").click()
    page.get_by_role("button", name="Add fault").wait_for()
    page.locator("#faults li").nth(1).wait_for()
    ask(page, "/devices")
    assert [(str(one.fault.kind), one.met) for one in shown.faults.account()] == [("status", 1), ("latency", 0)]


def test_calls_are_asserted(page: Any, shown: Mock[Any]) -> None:
    """The verdict says what was called instead, and of which moment it is."""
    page.locator("#card-assert > summary").click()
    ask(page, "/devices")
    page.locator("#assert").get_by_label("Calls of").fill("listDevices")
    page.get_by_role("button", name="Were made").click()
    page.get_by_text(f"After call {shown.journal.newest}: It is so.").wait_for()
    page.locator("#assert").get_by_label("Times").fill("2")
    page.get_by_role("button", name="Were made").click()
    page.locator("#verdict", has_text="expected 2 times operation=listDevices, and got 1").wait_for()
    ask(page, "/device")
    page.get_by_role("button", name="Nothing unknown was asked").click()
    page.locator("#verdict", has_text="the nearest is /v1/devices").wait_for()


def test_every_kind_of_fault_can_be_added(page: Any, shown: Mock[Any]) -> None:
    """With the parameters that the form has for it."""
    kinds = page.get_by_label("What goes wrong").locator("option").evaluate_all("all => all.map(one => one.value)")
    assert kinds == list(Kind)
    for number, kind in enumerate(kinds, 1):
        page.get_by_label("What goes wrong").select_option(kind)
        page.get_by_role("button", name="Add fault").click()
        page.locator("#faults li").nth(number - 1).wait_for()
    assert [str(account.fault.kind) for account in shown.faults.account()] == kinds


def test_a_refusal_is_told(page: Any) -> None:
    """In the mock's own words."""
    page.get_by_label("Operation", exact=True).fill("listDevise")
    page.get_by_role("button", name="Add fault").click()
    page.get_by_text(re.compile("no operation is called 'listDevise'")).wait_for()
    page.wrong.clear()  # a browser notes every 400


def test_deviations_are_found_and_switched(page: Any, shown: Mock[Any]) -> None:
    """Those that are on stand first."""
    page.locator("#card-deviations > summary").click()
    page.get_by_label("Find a deviation").fill("any-token")
    page.get_by_label(re.compile("^any-token ")).check()
    page.get_by_text("any-token is on.").wait_for()
    assert shown.deviations == ("any-token",)
    page.get_by_role("button", name="Honest again").click()
    page.get_by_text("The mock behaves as documented.").wait_for()
    assert not shown.deviations


def test_a_world_is_loaded(page: Any, shown: Mock[Any]) -> None:
    """From the text of a world file."""
    page.locator("#card-world > summary").click()
    page.get_by_label("or the text of a world file").fill("[clock]\nfrozen = true\nstart = 2026-11-20T12:00:00Z\n")
    page.get_by_role("button", name="Load").click()
    page.get_by_text("The world was loaded.").wait_for()
    assert shown.clock.now() == 1795176000
    shown.load("foxglove")


def test_a_world_has_a_page_of_its_own(page: Any, shown: Mock[Any]) -> None:
    """Opened and closed from any other."""
    page.locator("#card-worlds > summary").click()
    page.get_by_label("Name of the world to open").fill("w7")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="w7").click()
    page.get_by_role("heading", name="Foxglove mock · world w7").wait_for()
    page.get_by_role("button", name="Freeze", exact=True).click()
    page.get_by_text("UTC, stands still").wait_for()
    assert not shown.clock.frozen
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
