"""Every deviation changes an answer that a client can see, and none makes the mock fail."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from robowire_fixtures.losant import (
    BODIES,
    COMPARISONS,
    FRAGMENTS,
    ID_FIELDS,
    ID_OPERATORS,
    OPERATIONS,
    PATHS,
    SCOPES,
    VALUE_FIELDS,
    WINDOW_AGGREGATIONS,
)
from robowire_generators.telemetry import AttributeType
from robowire_mocks.deviations import Deviation, load
from robowire_mocks.losant import LosantMock

NUMBER, BOOLEAN, STRING = AttributeType.NUMBER, AttributeType.BOOLEAN, AttributeType.STRING
GPS, BLOB = AttributeType.GPS, AttributeType.BLOB
APPLICATION, OTHER = "a" * 24, "b" * 24
ONE, TWO, THREE, FOUR, FOREIGN = 0xA1, 0xA2, 0xA3, 0xA4, 0xA9
HEX = f"{ONE:024x}"
AREAS = dict(zip(OPERATIONS, ("EXPORT", "LASTVALUE", "TIMESERIES"), strict=True))

RECEIVER = "http://127.0.0.1/"
"""Stands for a server that keeps what is posted to it."""

Receiver = tuple[str, list[Any]]
"""Its URL and what it got."""

Ask = tuple[str, Any, Mapping[str, Any]]
"""An action, a body, and what else `Api.post` takes."""


def with_members(operation: str) -> list[Any]:
    """Bodies that are valid, and bodies that break one constraint each."""
    ids = [[], [HEX], [HEX.upper()], [HEX] * 1000, [HEX] * 1001, ["x"], "x"]
    tags = ["x", [1], [{}], [{"key": "a-b"}], [{"key": "ä"}], [{"key": ""}], [{"key": "k" * 255}], [{"key": "k" * 256}]]
    tags += [[{"value": "v" * 255}], [{"value": 8}], [{"x": 1}], [{"key": "a"}] * 100, [{"key": "a"}] * 101]
    members: dict[str, list[Any]] = {
        "deviceIds": ids,
        "deviceTags": tags,
        "deviceQuery": ["x"],
        "end": ["x", 0.5],
        "colour": [1],
    }
    names: list[Any] = [
        "x",
        [1],
        ["ä"],
        [""],
        ["a" * 255],
        [f"a{n}" for n in range(256)],
        [f"a{n}" for n in range(257)],
    ]
    if operation != "lastValueQuery":
        members |= {"attributes": names, "start": ["x", 0.5]}
    if operation == "lastValueQuery":
        members |= {"attribute": [1, "ä", "", "a" * 255]}
    if operation == "timeSeriesQuery":
        members |= {name: ["x", 1.5] for name in ("duration", "resolution", "limit")} | {"order": ["ASC"]}
        at = {"type": "TIMEATVALUE"}
        options: list[Any] = [{}, {"value": None}, {"value": ""}, {"value": 1, "x": 1}]
        members |= {
            "aggregation": [
                "AVG",
                {},
                {"type": "MEAN", "options": {"x": 1}},
                at,
                *({**at, "options": one} for one in options),
            ]
        }
    if operation == "export":
        members |= {"email": [1, "a" * 1013 + "@example.com", "nobody"]}
        members |= {"callbackUrl": [1, "http://127.0.0.1:1/?" + "x" * 1100, "nowhere", "ftp://a/" + "x" * 1016]}
        options = [
            "x",
            {"more": 1},
            *({name: 1} for name in ("includeDate", "includeID", "includeBlobData", "filePerDevice")),
        ]
        members |= {"options": options}
    every: dict[str, dict[str, Any]] = {
        "export": {"email": "a@b.c", "callbackUrl": "ftp://a", "attributes": [], "start": 1, "options": {}},
        "lastValueQuery": {"attribute": "voltage"},
        "timeSeriesQuery": dict.fromkeys(("start", "duration", "resolution", "limit"), 1)
        | {"aggregation": "MEAN", "order": "asc", "attributes": []},
    }
    everything = every[operation] | {"deviceIds": [], "deviceTags": [], "deviceQuery": {}, "end": 0}
    return [{name: value} for name, values in members.items() for value in values] + [everything, example(operation), 5]


def example(operation: str) -> Any:
    """The document's example."""
    return json.loads(
        files("robowire_fixtures").joinpath("losant", "examples", f"{BODIES[operation]}.json").read_text()
    )


def _any(*values: Any) -> tuple[Any, ...]:
    return values


def queries() -> list[Any]:
    """Device queries, valid and not, of each kind."""
    found: list[Any] = [
        {"$and": [{"x": 1}]},
        {"$or": [{"$and": [{}]}]},
        {"tags": 5},
        {"tags": {"$tagKey": "a", "b": "c"}},
    ]
    for join in ("$and", "$or", "$nor"):
        found += [{join: [{"name": "Tank"}, {"id": HEX}]}, {join: [{}] * 100}, {join: [{}] * 101}, {join: 5}]
    found += [
        {field: value} for field in (*ID_FIELDS, *VALUE_FIELDS) for value in _any([], HEX, "connected", "Tank", None)
    ]
    found += [{"attributeName": "level"}, {"name": {"$contains": "um"}, "deviceClass": "gateway"}]
    found += [
        {"id": {operator: value}} for operator in ID_OPERATORS for value in _any(HEX, 5, [HEX], [f"{THREE:024x}", HEX])
    ]
    found += [{"id": {one: [HEX] * size}} for one in ("$in", "$nin") for size in (100, 101)]
    found += [
        {"id": {}},
        {"id": {"$ci": True}},
        {"name": {}},
        {"name": {"$not": 1}},
        {"name": {"$eq": "TANK", "$ci": 1}},
    ]
    found += [
        {"name": {one: value}}
        for one in (*COMPARISONS, *FRAGMENTS)
        for value in _any("Tank", "Pump One", "P", "e", "um", [])
    ]
    found += [{"name": {one: ["a"] * size}} for one in ("$in", "$nin") for size in (100, 101)]
    found += [{"name": {one: ["Tank", "Pump One"]}} for one in ("$in", "$nin")]
    found += [{"name": {"$eq": "TANK", "$ci": value}} for value in (True, False)] + [{"name": {"$eq": "TANK"}}]
    found += [{"name": {"$startsWith": "P", "$endsWith": "k"}}]
    texts: list[Any] = ["floor", "hall", "8", "9", {"$in": ["hall", "9"]}, {"$nin": ["floor", "8"]}, 5]
    found += [{"tags": {key: text}} for key in ("$tagKey", "$tagValue", "floor", "room") for text in texts]
    found += [{"tags": {"$tagKey": "floor", "$tagValue": text}} for text in ("1", "9")]
    found += [{"tags": {"floor": {one: ["a"] * 101}}} for one in ("$in", "$nin")]
    found += [{"tags": {"floor": {"$in": ["1", "9"]}}}, {"tags": {"floor": {"$nin": ["8"]}}}]
    found += [{"tags": {one: value}} for one in ("$eq", "$ne") for value in _any({"room": "8"}, 5)]
    return found


def selections() -> list[Any]:
    """Bodies with selectors, about few states."""
    two, three = f"{TWO:024x}", f"{THREE:024x}"
    tags = [[{"key": "floor", "value": "9"}], [{"key": "floor"}], [{"key": "hall"}], [{"value": "9"}], [{"value": "1"}]]
    tags += [[{"key": "hall", "value": "8"}], [{"key": "hall", "value": "1"}], [{"key": "floor", "value": "1"}]]
    tags += [[{"key": "room"}, {"key": "hall"}], [{"key": "hall"}, {"key": "room"}], [{"value": "8"}]]
    found: list[Any] = [{}, {"deviceIds": [two]}, {"deviceIds": [three, two]}, {"deviceIds": [f"{FOREIGN:024x}"]}]
    found += [{"deviceTags": one} for one in tags] + [{"deviceQuery": {"name": "Tank"}}, {"deviceQuery": {}}]
    found += [{"deviceIds": [two], "deviceTags": [{"key": "hall"}], "deviceQuery": {"name": "Tank"}}]
    return [*found, {"deviceIds": [two], "deviceTags": [{"key": "hall"}]}]


def series(now: int) -> list[Any]:
    """Time series queries."""
    start, minute = now - 600_000, 60_000
    base = {"start": start - 1000, "end": start + 500_000}
    found: list[Any] = [base, {**base, "attributes": ["on", "at"]}, {**base, "resolution": 35_000}]
    names = [*WINDOW_AGGREGATIONS, "NONE"]
    forms = [*names, *({"type": name} for name in names), {"type": "TIMEATVALUE", "options": {"value": 12}}]
    found += [{**base, "aggregation": form, "resolution": 35_001} for form in forms]
    found += [{**base, "aggregation": forms[-1], "attributes": ["voltage"]}, {"duration": 100_000}]
    found += [
        {**base, "aggregation": "MEAN", "resolution": 2000},
        {**base, "aggregation": "LAST", "start": 1, "end": 2},
    ]
    found += [{**base, "limit": 3, "order": order} for order in ("asc", "desc")]
    found += [{**base, "limit": 3, "aggregation": "COUNT", "resolution": 5000}, {**base, "order": "asc"}]
    found += [
        {"start": start, "end": start + 30_000, "attributes": ["on"]},
        {"start": start, "end": start + 30_000, "aggregation": "COUNT"},
    ]
    found += [{**base, "start": start, "resolution": 35_000, "aggregation": "COUNT"}]
    found += [{"end": end, "duration": minute} for end in (start + 5000, 0, -300_000)]
    found += [{"start": value} for value in (start + 5000, 0, -30_000)]
    found += [
        {"start": -40_000, "end": -30_000},
        {"start": start, "duration": 5000},
        {"duration": 5000, "end": start + 6000},
    ]
    found += [
        {"duration": minute, "attributes": ["voltage"]},
        {"start": start, "end": start + 3000, "attributes": ["on"]},
    ]
    whole = {"start": now - 10_800_000, "end": now, "aggregation": "COUNT", "resolution": 300_000}
    return [*found, {"start": start, "end": start + 3000, "aggregation": "COUNT"}, whole, {}]


def last_values(now: int) -> list[Any]:
    """Last value queries."""
    ends: list[Any] = [{}, {"end": 0}, {"end": -500_000}, {"end": now - 300_000}, {"end": now - 599_000}]
    names = ("voltage", "on", "mode", "at", "level", "levels")
    return [{**end, "attribute": name} for name in names for end in ends]


def exports(now: int) -> list[Any]:
    """Exports."""
    start = now - 600_000
    options = [{name: value} for name in ("includeDate", "includeID", "filePerDevice") for value in (True, False)]
    found: list[Any] = [{"start": start, "end": start + 5000}, {"end": 0}, {"start": -500_000}, {"end": -500_000}]
    found += [{"end": start + 9000, "options": one} for one in options] + [
        {"end": start + 9000, "attributes": ["voltage"]}
    ]
    return [{"callbackUrl": RECEIVER, "end": start + 1000}, *found]


@cache
def asks_of(area: str, digit: str, now: int) -> dict[str, Ask]:
    """Requests among which one shows a deviation of an area's requirements, by what they look like."""
    by_area = {one: name for name, one in AREAS.items()}
    operation = by_area.get(area, OPERATIONS[int(digit) - 1 if digit in "123" else 1])
    asks: list[Ask] = []
    if area == "AUTH":
        tokens = ("losant_robowire_all", None, "unknown", "nothing", "elsewhere", "data", *SCOPES[operation])
        asks = [(operation, {}, {"token": token}) for token in tokens]
    elif area == "SELECT":
        few = {} if operation == "lastValueQuery" else {"start": now - 602_000, "end": now - 560_000}
        asks = [(operation, body | few, {}) for body in selections()]
    elif area == "QUERY":
        asks = [("lastValueQuery", {"deviceQuery": query}, {}) for query in queries()]
    else:
        asks = _of_action(operation, digit, now)
    return {repr(ask).lower(): ask for ask in asks}


def _of_action(operation: str, digit: str, now: int) -> list[Ask]:
    bodies = {"export": exports, "lastValueQuery": last_values, "timeSeriesQuery": series}[operation](now)
    if digit == "1":
        few = {} if operation == "lastValueQuery" else {"start": now - 602_000}
        bodies = [few | body if isinstance(body, dict) else body for body in with_members(operation)]
        bodies += [example(operation)]
    others: list[Ask] = [
        (operation, None, {}),
        (operation, {}, {"headers": {"Content-Type": "application/json;charset=utf-8"}}),
        (operation, None, {"raw": b"["}),
        (operation, {}, {"application": "c" * 24}),
    ]
    return [*others, *((operation, body, {}) for body in bodies)]


@pytest.fixture(scope="module")
def api(worlds: Any) -> Iterator[Any]:
    """A mock of a world in which each deviation shows."""
    now = worlds.NOW
    start = now - 600_000
    states = [
        (
            start + n * 5000 - (n % 5 == 4) * 5000,
            {
                "voltage": 12 + (n * n % 37) / 7 - 40 * (n % 2),
                "on": n % 3 == 0,
                "mode": "abcc"[n % 4],
                "at": f"{n % 4},{n % 2}.5",
            },
        )
        for n in range(118)
        if n % 20 < 16
    ]
    tags = {"floor": ("8", "9"), "hall": ("1",)}
    kinds = {"voltage": NUMBER, "on": BOOLEAN, "mode": STRING, "at": GPS}
    first = worlds.make_device(ONE, states, name="Pump One", tags=tags, connection_status="connected", attributes=kinds)
    second = worlds.make_device(
        TWO, states[1::7], name="pump two", tags={"room": ("8",)}, parent_id=HEX, attributes=kinds
    )
    third = worlds.make_device(THREE, [(start, {"level": 1.0})], name="Tank", device_class="gateway", gateway_id=HEX)
    old = [(now - 9 * 86_400_000, {"levels": 1.0, "picture": "AAAA"})]
    fourth = worlds.make_device(FOUR, old, name="Tanker", attributes={"levels": NUMBER, "picture": BLOB})
    other = worlds.make_device(FOREIGN, states[:10], tags={"floor": ("8",)})
    scopes = {scope: (scope,) for name in OPERATIONS for scope in SCOPES[name]}
    tokens = {"nothing": (), "elsewhere": ("devices.get",), "data": ("data.other",), **scopes}
    mock = LosantMock(worlds.make_world(first, second, third, fourth, others=(other,), tokens=tokens), None)
    yield worlds.Api(mock, mock.app.test_client())
    mock.close()


def seen(api: Any, ask: Ask, receiver: Receiver) -> Any:
    """What a client sees of the answer; of an export what is announced and in the file, whose id is left out."""
    operation, body, options = ask
    url, got = receiver
    if body and isinstance(body, dict) and body.get("callbackUrl") == RECEIVER:
        body = body | {"callbackUrl": url}
    parameters = "?_links=true" if body == {} else ""
    answer = api.post(operation, body, **options) if not parameters else _with_parameters(api, operation, options)
    assert answer.status_code < 500, answer.text
    text = re.sub(r'"jobId":"[\w-]{21}"', '"jobId":""', answer.text)
    if operation != "export" or answer.status_code >= 300 or body in ({}, None):
        return answer.status_code, text
    job = api.client.get("/__robowire/outbox").get_json()[-1]
    data = api.client.get(job["url"]).data
    posted = sorted(got[-1]) if job["callbackStatus"] == 302 else []
    return answer.status_code, text, job["callbackStatus"], posted, data if job["file"].endswith(".csv") else len(data)


def _with_parameters(api: Any, operation: str, options: Mapping[str, Any]) -> Any:
    token = options.get("token", "losant_robowire_all")
    path = f"/applications/{options.get('application', APPLICATION)}/data/{PATHS[operation]}?_actions=false"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return api.client.post(path, data=b"{}", headers=headers | options.get("headers", {}))


@pytest.fixture(scope="module")
def honest() -> dict[str, Any]:
    """Answers of the honest mock, kept."""
    return {}


GROUPS = sorted({deviation.breaks.rsplit("-", 1)[0] for deviation in load("losant")})


@pytest.mark.parametrize("group", GROUPS)
def test_each_deviation_changes_an_answer(
    api: Any, honest: dict[str, Any], worlds: Any, receiver: Receiver, group: str
) -> None:
    """Of its own action or part of the query."""
    deviations = [deviation for deviation in load("losant") if deviation.breaks.rsplit("-", 1)[0] == group]
    unseen = [deviation.id for deviation in deviations if not _shows(api, honest, worlds.NOW, deviation, receiver)]
    api.mock.deviate()
    assert unseen == []


def _shows(api: Any, honest: dict[str, Any], now: int, deviation: Deviation, receiver: Receiver) -> bool:
    area, number = deviation.breaks.removeprefix("LOSANT-").split("-")
    asks = asks_of(area, number[0], now)
    words = [word for word in deviation.id.split("-") if len(word) > 1]
    for text in sorted(asks, key=lambda text: -sum(word in text for word in words)):  # likely ones first
        if text not in honest:
            api.mock.deviate()
            honest[text] = seen(api, asks[text], receiver)
        api.mock.deviate(deviation.id)
        if seen(api, asks[text], receiver) != honest[text]:
            return True
    return False
