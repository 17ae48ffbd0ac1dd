"""Section "List layouts": the API makes no layouts, so it is judged by those that are there."""

from typing import Any

import pytest

from robowire_conformance.evidence import JSON
from robowire_conformance.foxglove.asking import Api, Reply
from robowire_conformance.foxglove.instants import SECOND, nanoseconds, zulu
from robowire_conformance.foxglove.judging import require_rejected
from robowire_conformance.target import Target
from robowire_conformance.verdict import NotTested, proves

LIST = "GET /layouts"
NONE = "the target lists no layout: share one with the organization"
DAY = 86_400 * SECOND
BESIDE = 2 * SECOND
"""So near to a layout's time is asked for; a server may keep whole seconds."""


def layouts(api: Api, **params: JSON) -> Reply:
    """A list of layouts."""
    reply = api.ask(LIST, params=params or None)
    reply.require_done()
    return reply


@pytest.fixture(scope="module")
def whole(api: Api) -> Reply:
    """The list without parameters; there is a layout in it."""
    reply = layouts(api)
    if not objects(reply):
        raise NotTested(NONE)
    return reply


def objects(reply: Reply) -> list[dict[str, Any]]:
    """The layouts in a list."""
    return [one for one in reply.body if isinstance(one, dict)]


@proves("FOXGLOVE-LAYOUTS-001")
def test_the_list_is_an_array(whole: Reply) -> None:
    """A list of layouts is answered, with at least one in it."""
    if len(objects(whole)) != len(whole.body):
        raise whole.violation("The list holds something else than layouts", expected="objects", actual=whole.body)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, marks=proves("FOXGLOVE-LAYOUTS-102"), id="left out"),
        pytest.param("true", marks=proves("FOXGLOVE-LAYOUTS-103"), id="true"),
    ],
)
def test_layouts_have_data(api: Api, whole: Reply, value: str | None) -> None:
    """Every layout of the list is there with its data, if any list has them."""
    reply = whole if value is None else layouts(api, includeData=value)
    other = layouts(api, includeData="true") if value is None else whole
    due = {one["id"] for one in objects(other) if one.get("data") is not None and isinstance(one.get("id"), str)}
    got = {one.get("id") for one in objects(reply) if one.get("data") is not None}
    if not (due | got):
        raise reply.violation("No layout has data", expected="data in each", actual=sorted(objects(reply)[0]))
    if due - got:
        raise reply.violation("Layouts lack their data", expected=sorted(due), actual=sorted(map(str, got)))


@proves("FOXGLOVE-LAYOUTS-104")
def test_data_may_be_left_out(api: Api, whole: Reply) -> None:
    """With includeData=false the same layouts are listed, none with data."""
    latest = max((time for one in objects(whole) if (time := nanoseconds(one.get("updatedAt"))) is not None), default=0)
    since = zulu(latest - DAY)
    if not any(one.get("data") for one in objects(whole)):
        raise NotTested("no layout has data (see FOXGLOVE-LAYOUTS-102)")
    reply = layouts(api, includeData="false")
    if {one.get("id") for one in objects(reply)} != {one.get("id") for one in objects(whole)}:
        raise reply.violation("Other layouts are listed without data", expected=whole.body, actual=reply.body)
    for answer in (reply, layouts(api, includeData="false", updatedSince=since)):
        having = [one.get("id") for one in objects(answer) if one.get("data") is not None]
        if having:
            raise answer.violation("Layouts are listed with data", expected=[], actual=having)


@proves("FOXGLOVE-LAYOUTS-105")
def test_include_data_is_a_boolean(api: Api, whole: Reply) -> None:
    """Another value is refused."""
    del whole
    require_rejected(api.ask(LIST, params={"includeData": "robowire"}), "includeData is taken that is no boolean")


@proves("FOXGLOVE-LAYOUTS-101")
def test_updated_since_filters(api: Api, whole: Reply) -> None:
    """Layouts that were updated after a time are listed, and those before it are not; at the very time, either."""
    told = {str(one.get("id")): nanoseconds(one.get("updatedAt")) for one in objects(whole)}
    times = {known: time for known, time in told.items() if time is not None}
    if not times:
        raise NotTested("FOXGLOVE-LAYOUTS-204, which it needs, fails")
    moments = sorted(set(times.values()))
    some = sorted({*moments[:3], *moments[-3:]})
    beside = [time + shift for time in some for shift in (-BESIDE, BESIDE)]
    for since in (moments[0] - DAY, *some, *beside, moments[-1] + DAY):
        reply = layouts(api, updatedSince=zulu(since))
        due = {known for known, time in times.items() if time > since}
        open_ = {known for known, time in times.items() if time == since}
        got = {str(one.get("id")) for one in objects(reply)} - open_
        if got != due:
            text = f"The list is not of the layouts that were updated since {zulu(since)}"
            raise reply.violation(text, expected=sorted(due), actual=sorted(got))


@proves("FOXGLOVE-LAYOUTS-301")
def test_personal_layouts_are_kept_back(foxglove_target: Target, api: Api, whole: Reply) -> None:
    """The personal layout of the target profile is in no list."""
    personal = foxglove_target.need("personal_layout_id")
    for reply in (whole, layouts(api, includeData="true"), layouts(api, includeData="false")):
        if personal in [one.get("id") for one in objects(reply)]:
            raise reply.violation("A personal layout is listed", expected="not there", actual=personal)
