"""Section "Sorting and pagination": limit, offset and sortOrder of every list that documents them."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.guest import Guest
from robowire_conformance.foxglove.instants import nanoseconds, zulu
from robowire_conformance.foxglove.lists import HUNDREDS, KINDS, SAMPLE, Listed, make_items, make_laden, make_more
from robowire_conformance.foxglove.many import Many
from robowire_conformance.foxglove.ordering import in_order
from robowire_conformance.foxglove.whole import PAGE
from robowire_conformance.target import Profile, Target
from robowire_conformance.verdict import NotTested, Violation, proves

CAPS, DEFAULT, GREATEST, BEYOND, NONE, BELOW, NO_NUMBER = range(1, 8)
SKIPS, FIRST, PAST_END, NEGATIVE, NO_INTEGER, PARTITION, UPWARDS, DOWNWARDS, NO_ORDER, NO_FIELD = range(8, 18)

UNSTEADY = "the list is too short or does not stay the same from one request to the next"
MOST = 2000
WHOLE: dict[str, JSON] = {"limit": PAGE, "offset": 0}

CREATING_S = 6.0
"""How long the suite creates items to see what a list without a limit holds."""

RECORDINGS = 101
"""How many recordings the suite uploads for that at most: a greater limit than this is not told from 2000."""


def _each(number: int) -> list[object]:
    """A case per list, proving its own requirement of this number."""
    return [
        pytest.param(name, id=name, marks=proves(f"FOXGLOVE-PAGING-{hundred + number}"))
        for name, hundred in HUNDREDS.items()
    ]


@pytest.fixture(scope="session")
def _found() -> dict[str, Listed]:
    return {}


@pytest.fixture(scope="session")
def _batches() -> dict[int, Many]:
    return {}


@pytest.fixture
def items(
    request: pytest.FixtureRequest,
    foxglove_target: Target,
    api: Api,
    name: str,
    _found: dict[str, Listed],
    _batches: dict[int, Many],
) -> Listed:
    """The list at hand, with some items of the suite's own where the profile allows to make them."""
    if name not in _found:
        if foxglove_target.profile is Profile.READ_ONLY:
            _found[name] = _there(api, name)
        else:
            _found[name] = make_items(name, request.getfixturevalue("guest"), SAMPLE, _batches)
    if len(_found[name].own) < 2:
        raise NotTested("the target lists fewer than two items")
    if len({str(one) for one in _found[name].own}) < len(_found[name].own):
        raise NotTested("the items of the list cannot be told apart")
    return _found[name]


def _there(api: Api, name: str) -> Listed:
    """A list of what is there already.

    Raises:
        NotTested: It takes recordings of the suite's own.
    """
    params = KINDS[name].whole
    if params is None:
        raise NotTested("it takes recordings of the suite's own: run with --profile additive")
    listed = Listed(api, name, params, ())
    return replace(listed, own=tuple(listed.of(api.ask(name, params=params).require_done())[:SAMPLE]))


def _require(reply: Reply, due: list[Any], message: str, items: Listed, whole: list[Any]) -> None:
    """Make sure that a page holds what is due, unless the whole list has changed meanwhile.

    Raises:
        Violation: It does not.
    """
    found = items.of(reply.require_done())
    if found == due:
        return
    if items.ids(**WHOLE) != whole:
        raise NotTested(UNSTEADY)
    raise reply.violation(message, expected=due, actual=found)


def _require_plain(items: Listed, offset: int, message: str) -> None:
    """Make sure of the same where nothing narrows the list: three items from an offset are among the first six.

    Raises:
        Violation: They are not, while the list stays the same.
    """
    plain = items.unnarrowed
    first = plain.ids(limit=6, offset=0)
    if len(first) <= offset:
        return
    reply = plain.ask(limit=3, offset=offset)
    found = plain.of(reply.require_done())
    if found != first[offset : offset + 3] and plain.ids(limit=6, offset=0) == first:
        raise reply.violation(message, expected=first[offset : offset + 3], actual=found)


def _whole(items: Listed) -> list[Any]:
    """The list from its beginning, of a definite order, with some items in it."""
    whole = items.ids(limit=PAGE, offset=0)
    if len(whole) < 2 or whole != items.ids(limit=PAGE, offset=0):
        raise NotTested(UNSTEADY)
    return whole


@pytest.mark.parametrize("name", _each(CAPS))
def test_a_limit_caps(items: Listed, name: str) -> None:
    """With a limit, the list is the first ones of the whole."""
    del name
    whole = _whole(items)
    for limit in (1, 2, len(whole) - 1, len(whole), len(whole) + 1):
        if limit <= PAGE:
            text = f"With a limit of {limit}, the list is not the first {limit} of the whole"
            _require(items.ask(limit=limit, offset=0), whole[:limit], text, items, whole)
    _require_plain(items, 0, "With a limit of 3, the list is not the first 3 of the whole")
    for params in ({"limit": 2}, {"limit": 2, "offset": 0}):
        for reply in (items.ask(**params), items.api.ask(items.name, params={**items.params, **params})):
            if len(reply.require_done()) != 2:
                text = "With a limit of 2, there are not two of more items"
                raise reply.violation(text, expected=2, actual=len(reply.body))


@pytest.fixture
def crowd(foxglove_target: Target, guest: Guest, api: Api, name: str, _batches: dict[int, Many]) -> Iterator[Listed]:
    """More items than any other plausible limit lets through; they are removed at once."""
    many = 101 if foxglove_target.profile is Profile.ADDITIVE else MOST + 1
    most = int(foxglove_target.values.get("paging_items", many))
    if KINDS[name].narrowing is not None:
        # Shared by the lists, and removed in the end.
        yield make_laden(name, guest, most) or make_items(name, guest, min(most, RECORDINGS), _batches)
        return
    before = len(api.ledger.made)
    listed = make_items(name, guest, 2, _batches)
    begun = time.monotonic()
    while len(listed.own) < most and time.monotonic() - begun < CREATING_S:
        listed = replace(listed, own=(*listed.own, *make_more(listed, guest)))
    yield listed
    for one in reversed(api.ledger.made[before:]):
        api.ask(one.removal, one.id)


@pytest.mark.parametrize("name", _each(DEFAULT))
def test_the_default_limit_is_2000(crowd: Listed, name: str) -> None:
    """Without a limit, the list holds all of many items, and 2000 of more."""
    del name
    unlimited, greatest = crowd.ask(offset=0), crowd.ask(limit=MOST, offset=0)
    due = crowd.of(greatest.require_done(crowd.requirement(GREATEST)))
    found = crowd.of(unlimited.require_done())
    if not set(crowd.own) <= set(due) and len(due) < MOST:
        raise greatest.violation("Not all items are listed", actual=len(due), requirement=greatest.call.works)
    if found != due:
        text = "Without a limit, the list is another one than with a limit of 2000"
        raise unlimited.violation(text, expected=f"{len(due)} items", actual=f"{len(found)} items")


@pytest.mark.parametrize("name", _each(GREATEST))
def test_a_limit_of_2000_is_taken(items: Listed, name: str) -> None:
    """The greatest limit is answered, with items."""
    del name
    if not set(items.own) & set(items.of(items.ask(limit=MOST, offset=0).require_done(items.requirement(GREATEST)))):
        raise NotTested("the items of the suite's own are not on the first page")


def _require_list(items: Listed) -> None:
    """Make sure that the plain list is answered with items, or a refusal tells nothing."""
    if not items.of(items.ask(limit=2, offset=0).require_done()):
        raise NotTested("a limit of 2 lists nothing")


@pytest.mark.parametrize("name", _each(BEYOND))
def test_a_limit_beyond_2000_is_answered_400(items: Listed, name: str) -> None:
    """Any greater limit is answered 400."""
    del name
    _require_list(items)
    for limit in (MOST + 1, 10 * MOST, 10**9):
        reply = items.ask(limit=limit)
        if reply.status != 400:
            text = f"A limit of {limit} is not answered 400"
            raise reply.violation(text, expected=400, actual=reply.status)


@pytest.mark.parametrize("name", _each(NONE))
def test_a_limit_of_0_lists_nothing(items: Listed, name: str) -> None:
    """A limit of 0 is answered with an empty list."""
    del name
    _require_list(items)
    reply = items.ask(limit=0)
    if reply.require_done(items.requirement(NONE)):
        raise reply.violation("With a limit of 0 items are listed", expected=[], actual=items.of(reply.body))


BAD: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (BELOW, "limit", ("-1", "-2000")),
    (NO_NUMBER, "limit", ("ten", "", "1,5", "0x10")),
    (NEGATIVE, "offset", ("-1", "-2000")),
    (NO_INTEGER, "offset", ("ten", "1.5", "0x10")),
    (NO_ORDER, "sortOrder", ("up", "robowire")),
    (NO_FIELD, "sortBy", ("robowire-no-field", "properties")),
)
"""Values that parameters do not take."""


@pytest.mark.parametrize(
    ("name", "parameter", "values"),
    [
        pytest.param(
            name, parameter, values, id=f"{name}-{number}", marks=proves(f"FOXGLOVE-PAGING-{hundred + number}")
        )
        for name, hundred in HUNDREDS.items()
        for number, parameter, values in BAD
    ],
)
def test_a_parameter_out_of_its_range_is_refused(
    items: Listed, name: str, parameter: str, values: tuple[str, ...]
) -> None:
    """What is no value of a parameter is refused, while the list without it is answered."""
    del name
    _require_list(items)
    for value in values:
        items.ask(**{parameter: value}).require_refused(f"{parameter}={value} is not refused")


@pytest.mark.parametrize("name", _each(SKIPS))
def test_an_offset_skips(items: Listed, name: str) -> None:
    """With an offset, the list is the rest of the whole, of any length that limit says."""
    del name
    whole = _whole(items)
    for offset in (1, 2, len(whole) - 1):
        text = f"With an offset of {offset}, the list is not the rest of the whole"
        _require(items.ask(limit=2, offset=offset), whole[offset : offset + 2], text, items, whole)
    reply = items.ask(offset=1)
    rest = items.of(reply.require_done())  # cut by whatever limit is the default
    _require_plain(items, 3, "With an offset of 3, the list is not the rest of the whole")
    text = "With an offset alone, the list does not begin with its second item"
    _require(reply, whole[1 : 1 + max(1, len(rest))], text, items, whole)


@pytest.mark.parametrize("name", _each(FIRST))
def test_the_default_offset_is_0(items: Listed, name: str) -> None:
    """Without an offset, the list is the one with an offset of 0."""
    del name
    if items.of(items.ask(limit=2, offset=0).require_done()) == items.of(items.ask(limit=2, offset=1).require_done()):
        raise Violation("An offset of 1 skips nothing", requirement=items.requirement(SKIPS))
    text = "Without an offset, the list does not begin with its first item"
    whole = _whole(items)
    _require(items.ask(limit=2), whole[:2], text, items, whole)


@pytest.mark.parametrize("name", _each(PAST_END))
def test_an_offset_past_the_end_lists_nothing(items: Listed, name: str) -> None:
    """At the end and anywhere past it there is nothing."""
    del name
    whole = _whole(items)
    offsets = (len(whole), len(whole) + 1, len(whole) + 10 * MOST) if len(whole) < PAGE else (10**8,)
    for offset in offsets:
        reply = items.ask(offset=offset)
        if reply.require_done(items.requirement(PAST_END)):
            raise reply.violation(
                f"At an offset of {offset} items are listed", expected=[], actual=items.of(reply.body)
            )


@pytest.mark.parametrize("name", _each(PARTITION))
def test_pages_hold_every_item_once(items: Listed, name: str) -> None:
    """Pages of any size that follow one another make up the whole."""
    del name
    whole = _whole(items)
    for size in (3, len(whole) - 1):
        pages: list[Any] = []
        while len(pages) < min(len(whole), 20 * size):
            reply = items.ask(limit=size, offset=len(pages))
            page = items.of(reply.require_done())
            if page != whole[len(pages) : len(pages) + size]:
                text = f"Pages of {size} do not make up the whole list"
                _require(reply, whole[len(pages) : len(pages) + size], text, items, whole)
            pages += page


@pytest.mark.parametrize("name", _each(DOWNWARDS))
def test_a_list_is_cut_after_it_is_sorted(items: Listed, name: str) -> None:
    """With sortOrder desc, the first page is the end of the list in the other order, backwards."""
    del name
    whole = _whole(items)
    backwards = items.ids(sortOrder="desc", **WHOLE)
    if backwards != whole[::-1]:
        raise NotTested("the list by id is not the same backwards with sortOrder desc")
    text = "With sortOrder desc, the first page is not the first part of the sorted list"
    _require(items.ask(sortOrder="desc", limit=3, offset=0), backwards[:3], text, items, whole)


@pytest.mark.parametrize(
    ("name", "order"),
    [
        pytest.param("GET /events", "asc", marks=proves("FOXGLOVE-PAGING-214")),
        pytest.param("GET /events", "desc", marks=proves("FOXGLOVE-PAGING-215")),
    ],
)
def test_events_are_sorted_the_way_that_is_asked_for(items: Listed, name: str, order: str) -> None:
    """With sortOrder asc events ascend by the field of sortBy, with desc they descend."""
    del name
    for field in ("start", "createdAt", "updatedAt"):
        reply = items.ask(sortBy=field, sortOrder=order, **WHOLE)
        values = [nanoseconds(one.get(field)) or 0 for one in reply.require_done() if one.get("id") in items.own]
        if len(set(values)) < 2:
            continue
        if not in_order(values) and not in_order(values, descending=True):
            raise NotTested(f"events are not sorted by {field} at all")
        if not in_order(values, descending=order == "desc"):
            text = f"With sortOrder {order}, events run the other way by {field}"
            due = [zulu(value) for value in sorted(values, reverse=order == "desc")]
            raise reply.violation(text, expected=due, actual=[zulu(value) for value in values])
