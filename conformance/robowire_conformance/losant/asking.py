"""Asking the three actions of an application's data."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from robowire_conformance import shape
from robowire_conformance.client import Answer, Client, NotJSON
from robowire_conformance.evidence import JSON
from robowire_conformance.gathering import Fault
from robowire_conformance.losant.series import DeviceSeries, read_devices

JSON_BODY = {"Content-Type": "application/json", "Accept": "application/json"}
EXPORT, LAST_VALUE, TIME_SERIES = "export", "last-value-query", "time-series-query"

LOCKED_OUT = frozenset({401, 403})
MOST_KEPT = 2000

Query = Mapping[str, Any]
"""The body of a request."""


@dataclass(frozen=True, slots=True)
class Series:
    """A time series query and its answer; `devices` is None where that is none of the documented form."""

    query: Query
    answer: Answer
    body: JSON
    devices: Mapping[str, DeviceSeries] | None

    @property
    def answered(self) -> bool:
        """Whether the answer can be read."""
        return self.devices is not None

    def device(self, device_id: str) -> DeviceSeries:
        """A device of the answer; one without points where it is not listed."""
        return (self.devices or {}).get(device_id, DeviceSeries(device_id, "", {}, ()))

    def values(self, device_id: str, attribute: str) -> list[tuple[int, Any]]:
        """The times and values of an attribute of a device, in the answer's order."""
        return self.device(device_id).values(attribute)

    def fault(self, message: str, expected: object, actual: object) -> Fault:
        """Something wrong with this answer; of several, the one to the shortest query is reported."""
        return Fault(message, expected, actual, self.answer.exchange, len(orjson.dumps(self.query)) + self.answer.size)


@dataclass(frozen=True, slots=True)
class DataApi:
    """The data of one application; a question about the past is asked once and its answer kept."""

    client: Client
    application_id: str
    _kept: dict[bytes, Series] = field(default_factory=dict, repr=False)
    _all: list[Series] = field(default_factory=list, repr=False)
    _statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set), repr=False)

    @property
    def answers(self) -> list[Series]:
        """All answers to time series queries so far, up to a bound."""
        return list(self._all)

    def path(self, action: str) -> str:
        """The path of an action."""
        return f"/applications/{self.application_id}/data/{action}"

    def post(self, action: str, query: JSON) -> Answer:
        """Send a body, whatever it is, as JSON."""
        answer = self.client.request("POST", self.path(action), headers=JSON_BODY, content=orjson.dumps(query))
        self._statuses[action].add(answer.status)
        return answer

    def locked_out(self, action: str) -> bool:
        """Whether every answer of an action so far refuses the token, so that nothing is told of the action itself."""
        return bool(self._statuses[action]) and self._statuses[action] <= LOCKED_OUT

    def series(self, query: Query) -> Series:
        """The answer to a time series query, from memory if it has been asked before."""
        key = orjson.dumps(query)
        if key not in self._kept:
            self._kept[key] = self.fresh_series(query)
        return self._kept[key]

    def fresh_series(self, query: Query, *, limit: int | None = None) -> Series:
        """The answer to a time series query, asked now; `limit` bounds it in bytes."""
        content = orjson.dumps(query)
        answer = self.client.request("POST", self.path(TIME_SERIES), headers=JSON_BODY, content=content, limit=limit)
        self._statuses[TIME_SERIES].add(answer.status)
        body = read(answer)
        series = Series(query, answer, body, read_devices(body) if answer.status == 200 else None)
        if len(self._all) < MOST_KEPT:
            self._all.append(series)
        return series

    def last_values(self, query: Query) -> Answer:
        """The answer to a last value query."""
        return self.post(LAST_VALUE, query)


def read(answer: Answer) -> JSON:
    """The answer's JSON; None where it has none."""
    try:
        return answer.json()
    except NotJSON:
        return None


def wrong_form(component: str, answer: Answer) -> list[shape.Finding]:
    """How an answer differs from a schema of the contract; without a JSON body, as if that were null."""
    return shape.findings("losant", component, read(answer))
