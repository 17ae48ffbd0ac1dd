"""Sections "List imports", "Delete multiple imports" and "Delete an import", all of them deprecated."""

from collections.abc import Callable
from typing import Any

import pytest

from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.import_deletion import (
    ONE,
    SEVERAL,
    Stocked,
    delete,
    left,
    left_elsewhere,
    listed,
    require_kept_promise,
    require_unlisted,
    results,
    stock,
)
from robowire_conformance.foxglove.import_facts import FACTS, judge_facts
from robowire_conformance.foxglove.import_filters import DIRECTIONS, FILTERS, SORTS, judge_filters, judge_order
from robowire_conformance.foxglove.imported import LIST, Imports, find_imports
from robowire_conformance.foxglove.instants import zulu
from robowire_conformance.foxglove.judging import Page, require_rejected, unknown_ids
from robowire_conformance.foxglove.library import Library
from robowire_conformance.foxglove.removal import DAY
from robowire_conformance.foxglove.samples import EPOCH, MILLI, small
from robowire_conformance.foxglove.whole import whole
from robowire_conformance.verdict import NotTested, Violation, proves

MOST = 50
"""How many ids a deletion takes."""


@pytest.fixture(scope="module")
def imports(library: Library) -> Imports:
    """The imports of the library."""
    return find_imports(library)


@pytest.fixture(scope="module")
def facts(imports: Imports) -> Page:
    """The judgement on what imports tell of themselves."""
    return judge_facts(imports)


@pytest.fixture(scope="module")
def filters(imports: Imports) -> Page:
    """The judgement on the filters."""
    return judge_filters(imports)


@pytest.fixture(scope="module")
def order(imports: Imports) -> Page:
    """The judgement on the fields to sort by."""
    return judge_order(imports)


@pytest.fixture(scope="module")
def stocked(guest: Guest) -> list[Stocked]:
    """Imports that are deleted one after the other: the first three stay to the end."""
    return stock(guest, 10, "stocked")


@pytest.fixture(scope="module")
def take(api: Api, stocked: list[Stocked]) -> Callable[[], Stocked]:
    """Gives an import that is still there; the first three are never given away."""
    spare = stocked[3:]

    def taken() -> Stocked:
        while spare:
            one = spare.pop()
            if listed(api, [one]):
                return one
        raise NotTested("no import is left to be deleted (see FOXGLOVE-IMPORTS-141)")

    return taken


@proves("FOXGLOVE-IMPORTS-001")
def test_the_list_is_an_array(imports: Imports) -> None:
    """A plain call is answered with a list that has imports in it."""
    if not imports.api.ask("GET /data/imports").require_done():
        raise NotTested("the list holds no import")


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FACTS])
def test_an_import_tells_its_file(facts: Page, requirement: str) -> None:
    """What is listed of an import is so in its file."""
    facts.settle(requirement, without="no import of the suite's tells it")


@proves("FOXGLOVE-IMPORTS-309")
def test_the_date_is_the_day_of_the_first_message(api: Api, guest: Guest) -> None:
    """Where midnight comes between its messages, it is the day before that."""
    name = guest.name("midnight.mcap")
    start = -EPOCH % DAY - 10 * MILLI  # the second of its three messages is at midnight
    guest.uploads.upload(name, small(name, start=start).mcap(), deviceId=guest.device("midnight")["id"])
    reply = whole(api, LIST)
    item: Any = next((one for one in reply.require_done() if one.get("filename") == name), {})
    if item.get("date") is None:
        raise NotTested("the import does not tell its date, which it need not, or is not listed")
    due = zulu(EPOCH + start)[:10].replace("-", "")
    if item["date"] != due:
        raise reply.violation("The date of an import is not its first day", expected=due, actual=item["date"])


@pytest.mark.parametrize("requirement", [pytest.param(one, marks=proves(one), id=one) for one in FILTERS])
def test_a_filter_filters(filters: Page, requirement: str) -> None:
    """Each filter gives what filtering the whole list by hand gives."""
    filters.settle(requirement, without="no import of the suite's gives occasion to see it")


@pytest.mark.parametrize(
    "requirement", [pytest.param(one, marks=proves(one), id=one) for one in (*SORTS, *DIRECTIONS.values())]
)
def test_a_field_sorts(order: Page, requirement: str) -> None:
    """Each documented field puts the list in its order, both ways."""
    order.settle(requirement, without="no import of the suite's gives occasion to see it")


def _deleted(api: Api, one: Stocked, **params: Any) -> Reply:
    reply = api.ask(ONE, one.import_id, params=params or None)
    reply.require_form()
    return reply


def _require_deleted(api: Api, one: Stocked) -> Reply:
    """Delete an import.

    Raises:
        Violation: It is refused; where it is not with its deviceId, of the requirement that this need not be given.
    """
    reply = _deleted(api, one)
    if not reply.done and _deleted(api, one, deviceId=one.uploaded.device_id).done:
        text = "An import is not deleted without its deviceId as a parameter"
        raise reply.violation(text, expected=200, actual=reply.status, requirement="FOXGLOVE-IMPORTS-142")
    reply.require_done()
    return reply


@proves("FOXGLOVE-IMPORTS-003", "FOXGLOVE-IMPORTS-141", "FOXGLOVE-IMPORTS-334", "FOXGLOVE-IMPORTS-219")
def test_an_import_is_deleted(api: Api, stocked: list[Stocked], take: Callable[[], Stocked]) -> None:
    """The one that the path names, whose id is answered, and no other one."""
    one = take()
    before = listed(api, stocked)
    reply = _require_deleted(api, one)
    body: Any = reply.body
    after = listed(api, stocked)
    if back := sorted(after - before):
        text = "A deleted import is there again"
        raise reply.violation(text, expected=[], actual=back, requirement="FOXGLOVE-IMPORTS-333")
    if before <= after:
        require_unlisted(api, reply, one)
    if after != before - {one.import_id}:
        text = "Another import than the one of the path is deleted, or none"
        due = [one.import_id]
        raise reply.violation(text, expected=due, actual=sorted(before - after), requirement="FOXGLOVE-IMPORTS-141")
    if not isinstance(body.get("id"), str):
        text = "The answer to the deletion of an import has no id"
        raise reply.violation(text, expected="a string", actual=body, requirement="FOXGLOVE-IMPORTS-219")
    if body["id"] not in {one.import_id, _listed_id(one)}:
        text = "The answer to the deletion of an import has another id"
        due = [one.import_id]
        raise reply.violation(text, expected=due, actual=body["id"], requirement="FOXGLOVE-IMPORTS-334")


def _listed_id(one: Stocked) -> str:
    """An import's id may be its recording's."""
    return one.uploaded.id


@proves("FOXGLOVE-IMPORTS-142")
def test_a_deletion_may_name_the_device(api: Api, stocked: list[Stocked], take: Callable[[], Stocked]) -> None:
    """With its deviceId, and without it, an import is deleted."""
    for with_device in (False, True):
        one = take()
        reply = _deleted(api, one, **({"deviceId": one.uploaded.device_id} if with_device else {}))
        if reply.done:
            require_unlisted(api, reply, one)
        if not reply.done or one.import_id in listed(api, stocked):
            text = "An import is not deleted" + (" with its deviceId as a parameter" if with_device else "")
            raise reply.violation(text, expected=200, actual=reply.status)


@proves("FOXGLOVE-IMPORTS-331", "FOXGLOVE-IMPORTS-332", "FOXGLOVE-IMPORTS-004")
def test_the_data_of_a_deleted_import_are_gone(api: Api, stocked: list[Stocked], take: Callable[[], Stocked]) -> None:
    """Neither its messages nor coverage, topics or attachments are there, nor is the import; they were before."""
    one = take()
    before, elsewhere = left(api, one), left_elsewhere(api, one)
    if len(before) < 4:
        raise NotTested(f"of the import there are only {', '.join(before)} before it is deleted")
    reply = _require_deleted(api, one)
    if one.import_id in listed(api, stocked):
        text = "A deleted import is in the list of imports"
        raise reply.violation(text, expected=[], actual=one.import_id, requirement="FOXGLOVE-IMPORTS-332")
    if after := left(api, one) or sorted(elsewhere & left_elsewhere(api, one)):
        text = "There are data of an import after its deletion"
        raise reply.violation(text, expected=[], actual=after, requirement="FOXGLOVE-IMPORTS-331")
    for known in (one.import_id, *unknown_ids(one.import_id)):
        text = "The deletion of an import that is not there is answered with success"
        require_rejected(api.ask(ONE, known), text, "FOXGLOVE-IMPORTS-004")


@proves("FOXGLOVE-IMPORTS-333")
def test_a_deleted_import_stays_away(api: Api, take: Callable[[], Stocked]) -> None:
    """It is not back when another one is deleted."""
    first = take()
    _require_deleted(api, first)
    if listed(api, [first]):
        raise NotTested("the import is still listed after its deletion (see FOXGLOVE-IMPORTS-332)")
    reply = _require_deleted(api, take())
    if listed(api, [first]):
        raise reply.violation("A deleted import is there again", expected=[], actual=first.import_id)


@pytest.fixture(scope="module")
def several(api: Api, guest: Guest) -> tuple[list[Stocked], Reply]:
    """Three of five imports, and the answer to their deletion."""
    found = stock(guest, 5, "several")
    return found, delete(api, *(one.import_id for one in found[1:4]))


@proves("FOXGLOVE-IMPORTS-002", "FOXGLOVE-IMPORTS-216", "FOXGLOVE-IMPORTS-217", "FOXGLOVE-IMPORTS-218")
def test_several_are_answered_with_results(several: tuple[list[Stocked], Reply]) -> None:
    """An object with deletionResults, each with an importId and a result."""
    _, reply = several
    body: Any = reply.require_done()
    found = body.get("deletionResults")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        text = "The answer to a deletion of several imports has no deletionResults"
        raise reply.violation(text, expected="a list", actual=found, requirement="FOXGLOVE-IMPORTS-216")
    for one in found:
        if not isinstance(one.get("importId"), str):
            text = "A result has no importId"
            raise reply.violation(text, expected="a string", actual=one, requirement="FOXGLOVE-IMPORTS-217")
        if one.get("result") not in {"success", "notFound"}:
            text = "A result is neither success nor notFound"
            raise reply.violation(text, expected="success", actual=one, requirement="FOXGLOVE-IMPORTS-218")
    if not found:
        raise NotTested("there is no result (see FOXGLOVE-IMPORTS-321)")


def _require_all_deleted(api: Api, found: list[Stocked], reply: Reply) -> None:
    """Make sure that every id that was given was read.

    Raises:
        Violation: An import that was named is still there.
    """
    require_kept_promise(api, reply, found[1:4])
    if {one.import_id for one in found[1:4]} & listed(api, found):
        text = "Not all imports that the parameter id names are deleted"
        raise reply.violation(text, requirement="FOXGLOVE-IMPORTS-131")


@proves("FOXGLOVE-IMPORTS-131", "FOXGLOVE-IMPORTS-322")
def test_several_are_deleted(api: Api, several: tuple[list[Stocked], Reply]) -> None:
    """Every one that is named, with the result success, and no other one."""
    found, reply = several
    reply.require_done()
    require_kept_promise(api, reply, found[1:4])
    there = [number for number, one in enumerate(found) if one.import_id in listed(api, found)]
    if there != [0, 4]:
        text = "Other imports are deleted than those that the parameter id names"
        raise reply.violation(text, expected=[0, 4], actual=there, requirement="FOXGLOVE-IMPORTS-131")
    told = [results(reply).get(one.import_id) for one in found[1:4]]
    wrong = [one for one in told if one not in {None, "success"}]
    if wrong and reply.malformed != "FOXGLOVE-IMPORTS-218":
        text = "The result of an import that was there is not success"
        raise reply.violation(text, expected="success", actual=told, requirement="FOXGLOVE-IMPORTS-322")


@proves("FOXGLOVE-IMPORTS-321")
def test_each_id_has_its_result(api: Api, several: tuple[list[Stocked], Reply]) -> None:
    """Under its own importId, whether it was there or not."""
    found, reply = several
    _require_all_deleted(api, found, reply)
    again = delete(api, *(one.import_id for one in found[1:4]))
    for answer in (reply, again):
        answer.require_done()
        due = sorted(one.import_id for one in found[1:4])
        got = sorted(str(one) for one in results(answer))
        if due != got:
            raise answer.violation("The deletionResults are not of the ids that were given", expected=due, actual=got)


@proves("FOXGLOVE-IMPORTS-323")
def test_what_is_deleted_already_is_not_found(api: Api, several: tuple[list[Stocked], Reply]) -> None:
    """A second deletion has the result notFound, beside a success in the same answer."""
    found, reply = several
    reply.require_done()
    require_kept_promise(api, reply, found[1:4])
    again = delete(api, found[1].import_id, found[4].import_id)
    again.require_done()
    told = results(again)
    if found[1].import_id not in told:
        text = "An id that was given has no result"
        due, got = found[1].import_id, [*told]
        raise again.violation(text, expected=due, actual=got, requirement="FOXGLOVE-IMPORTS-321")
    if told.get(found[1].import_id) != "notFound":
        text = "The result of an import that has been deleted already is not notFound"
        raise again.violation(text, expected="notFound", actual=told.get(found[1].import_id))


@proves("FOXGLOVE-IMPORTS-132", "FOXGLOVE-IMPORTS-133")
def test_fifty_ids_are_taken_and_no_more(api: Api, stocked: list[Stocked], take: Callable[[], Stocked]) -> None:
    """An import among 49 deleted ones is deleted; more than 50 ids are refused, and none of them is deleted."""
    first, one = stocked[0], take()
    gone = [f"{one.import_id[:-3]}{number:03}" for number in range(MOST + 1)]
    reply = delete(api, first.import_id, *gone[:MOST])
    if 200 <= reply.status < 300 or first.import_id not in listed(api, stocked):
        text = "More than 50 ids are taken"
        raise reply.violation(text, expected="4xx", actual=reply.status, requirement="FOXGLOVE-IMPORTS-133")
    require_rejected(reply, "More than 50 ids are not refused as wrong", "FOXGLOVE-IMPORTS-133")
    fifty = delete(api, one.import_id, *gone[: MOST - 1])
    if fifty.done:
        require_kept_promise(api, fifty, [one])
    if not fifty.done or one.import_id in listed(api, stocked):
        fifty.require_form()
        text = "A deletion of 50 imports is not done"
        raise fifty.violation(text, expected=200, actual=fifty.status, requirement="FOXGLOVE-IMPORTS-132")


@proves("FOXGLOVE-IMPORTS-134")
def test_no_id_is_refused(api: Api, stocked: list[Stocked]) -> None:
    """A deletion without any id is refused, and deletes nothing."""
    before = listed(api, stocked)
    reply = api.ask(SEVERAL)
    require_rejected(reply, "A deletion without any id is taken")
    if listed(api, stocked) != before:
        raise Violation("A deletion without any id deletes imports", exchange=reply.exchange)
