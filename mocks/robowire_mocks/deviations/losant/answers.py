"""Deviations of the form of answers (sections "Schemas": results, data and errors)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.core.strict_json import Runs, Streamed
from robowire_mocks.deviations.losant.changing import Wrapper, after, extra, member, without
from robowire_mocks.deviations.losant.registry import LOSANT

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.core.answer import Answer, Refusal
    from robowire_mocks.losant.call import Call


def _add(breaks: str, slug: str, step: str, summary: str, wrapper: Wrapper) -> None:
    LOSANT.add(slug, breaks=f"LOSANT-{breaks}", step=step, summary=summary, wrapper=wrapper)


def _status(status: int) -> Wrapper:
    return after(lambda answer: replace(answer, status=status))


def _body(change: Callable[[Any], Any]) -> Wrapper:
    return after(lambda answer: replace(answer, body=change(answer.body)))


def _body_member(name: str, value: Any) -> Wrapper:
    return _body(lambda body: {**body, name: value})


def _error(change: Callable[[dict[str, Any]], Any]) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, refusal: Refusal) -> Answer:
        answer: Answer = honest(call, refusal)
        return replace(answer, body=change(answer.body)) if answer.status in {400, 404} else answer

    return wrapper


def _text_of(body: dict[str, Any]) -> bytes:
    return str(body["message"]).encode()


_add("ERROR-001", "error-text", "error", "Errors are plain text.", _error(_text_of))
_add("ERROR-001", "error-list", "error", "Errors are lists.", _error(lambda body: [body]))
_add("ERROR-001", "error-string", "error", "Errors are JSON strings.", _error(lambda body: body["message"]))
_add("ERROR-002", "error-type-number", "error", "type is a number.", _error(lambda body: {**body, "type": 400}))
_add("ERROR-002", "error-no-type", "error", "Errors have no type.", _error(lambda body: {"message": body["message"]}))
_add("ERROR-003", "error-message-list", "error", "message is a list.", _error(lambda body: {**body, "message": []}))
_add("ERROR-003", "error-no-message", "error", "Errors have no message.", _error(lambda body: {"type": body["type"]}))

_add("EXPORT-001", "export-200", "export", "An export is answered 200.", _status(200))
_add("EXPORT-001", "export-list", "export", "An export is answered with a list.", _body(lambda body: [body]))
_add("EXPORT-002", "job-not-queued", "export", "jobQueued is false.", _body_member("jobQueued", value=False))
_add("EXPORT-002", "job-queued-text", "export", 'jobQueued is "true".', _body_member("jobQueued", "true"))
_add("EXPORT-003", "job-id-number", "export", "jobId is a number.", _body_member("jobId", 7))
_add(
    "EXPORT-003",
    "job-id-long",
    "export",
    "jobId has 22 characters.",
    _body(lambda body: {**body, "jobId": body["jobId"] + "x"}),
)
_add("EXPORT-004", "job-no-success", "export", "success is false.", _body_member("success", value=False))

_add("LASTVALUE-001", "last-value-201", "last_values", "A last value query is answered 201.", _status(201))
_add(
    "LASTVALUE-001",
    "last-value-list",
    "last_values",
    "Last values are a list.",
    _body(lambda body: list(body.values())),
)
_add("LASTVALUE-002", "last-value-count", "last_values", "Last values have a member count.", _body_member("count", {}))
_add(
    "LASTVALUE-003",
    "last-value-entry-extra",
    "last_value",
    "An entry of last values has a member more.",
    after(lambda entry: entry and {**entry, "attribute": "voltage"}),
)
_add(
    "LASTVALUE-003",
    "last-value-entry-null",
    "last_values",
    "An entry of last values is a list.",
    _body(lambda body: {key: [entry] for key, entry in body.items()}),
)
_add(
    "LASTVALUE-004",
    "last-value-time-ms",
    "last_value",
    "The time of a last value is in milliseconds.",
    after(lambda entry: entry and {**entry, "time": 1465965600000}),
)
_add(
    "LASTVALUE-004",
    "last-value-time-local",
    "last_value",
    "The time of a last value has no zone.",
    after(lambda entry: entry and {**entry, "time": entry["time"].removesuffix("Z")}),
)
_add(
    "LASTVALUE-005",
    "last-value-data-label",
    "last_data",
    "A last value has a label beside it.",
    extra("the label", "V"),
)
_add(
    "LASTVALUE-006",
    "last-value-wrapped",
    "last_data",
    "A last value is in an object.",
    after(lambda data: {name: {"value": value} for name, value in data.items()}),
)

_add("TIMESERIES-001", "time-series-201", "time_series", "A time series query is answered 201.", _status(201))
_add("TIMESERIES-001", "time-series-extra", "heading", "A time series says how many devices it has.", extra("count", 1))
for _number, _name, _wrong in (
    ("002", "start", 1465965600000),
    ("003", "end", 1465965600000),
    ("004", "resolution", "300000"),
    ("005", "aggregation", "AVERAGE"),
    ("006", "limit", "none"),
    ("007", "order", "ascending"),
):
    _add(
        f"TIMESERIES-{_number}", f"time-series-no-{_name}", "heading", f"A time series has no {_name}.", without(_name)
    )
    _add(
        f"TIMESERIES-{_number}",
        f"time-series-wrong-{_name}",
        "heading",
        f"{_name} is {_wrong!r}.",
        extra(_name, _wrong),
    )


def _devices_listed(answer: Answer) -> Answer:
    devices = [{"id": device_id, **_whole(device)} for device_id, device in answer.body["devices"].items()]
    return replace(answer, body={**answer.body, "devices": devices})


def _whole(device: dict[str, Any]) -> dict[str, Any]:
    return {**device, "points": [point for points in device["points"] for point in points]}


def _devices_named(answer: Answer) -> Answer:
    devices = Streamed({f"device-{device_id}": device for device_id, device in answer.body["devices"].items()})
    return replace(answer, body={**answer.body, "devices": devices})


_add("TIMESERIES-008", "time-series-devices-list", "time_series", "devices are a list.", after(_devices_listed))
_add(
    "TIMESERIES-008", "time-series-devices-prefixed", "time_series", "devices have other names.", after(_devices_named)
)


def _streamed(wrapper: Wrapper) -> Wrapper:
    return lambda *args: Streamed(wrapper(*args))


def _each_point(change: Callable[[dict[str, Any]], Any]) -> Wrapper:
    return after(lambda lists: ([change(point) for point in points] for points in lists))


def _each_data(change: Callable[[dict[str, Any]], Any]) -> Wrapper:
    return _each_point(lambda point: {**point, "data": change(point["data"])})


_add("TIMESERIES-010", "time-series-device-id", "device", "A device says its id.", _streamed(extra("id", "x")))
_add("TIMESERIES-012", "time-series-device-no-tags", "device", "A device has no tags.", _streamed(without("tags")))
_add("TIMESERIES-011", "time-series-name-empty", "device", "A device's name is empty.", _streamed(extra("name", "")))
_add("TIMESERIES-011", "time-series-name-null", "device", "A device's name is null.", _streamed(extra("name", None)))
_add(
    "TIMESERIES-012",
    "time-series-tags-texts",
    "device",
    "A tag has one value, not a list.",
    _streamed(member("tags", lambda tags: {key: values[0] for key, values in tags.items()})),
)
_add(
    "TIMESERIES-012",
    "time-series-tags-list",
    "device",
    "Tags are a list.",
    _streamed(
        member("tags", lambda tags: [{"key": key, "value": value} for key, values in tags.items() for value in values])
    ),
)
_add(
    "TIMESERIES-013",
    "time-series-points-extra",
    "points",
    "A point has a member more.",
    _each_point(lambda point: {**point, "count": 1}),
)
_add(
    "TIMESERIES-013",
    "time-series-points-pairs",
    "points",
    "A point is a list.",
    _each_point(lambda point: [point["time"], point["data"]]),
)
_add(
    "TIMESERIES-014",
    "time-series-point-ms",
    "points",
    "A point's time is in milliseconds.",
    _each_point(lambda point: {**point, "time": 1465965600000}),
)
_add(
    "TIMESERIES-014",
    "time-series-point-local",
    "points",
    "A point's time has no zone.",
    _each_point(lambda point: {**point, "time": point["time"].removesuffix("Z")}),
)
_add(
    "TIMESERIES-015",
    "time-series-data-label",
    "points",
    "A point's data have a label.",
    _each_data(lambda data: {**data, "the label": "V"}),
)
_add(
    "TIMESERIES-015",
    "time-series-data-list",
    "points",
    "A point's data are a list.",
    _each_data(lambda data: list(data.values())),
)
_add(
    "TIMESERIES-016",
    "time-series-value-wrapped",
    "points",
    "A value is in an object.",
    _each_data(lambda data: {name: {"value": value} for name, value in data.items()}),
)
_add("TIMESERIES-016", "time-series-value-null", "points", "A value is null.", _each_data(dict.fromkeys))


def _no_points(honest: Wrapper, *args: Any) -> Any:
    return Streamed({**honest(*args), "points": Runs(iter([["none"]]))})


_add("TIMESERIES-013", "time-series-points-texts", "device", "Points are strings.", _no_points)
