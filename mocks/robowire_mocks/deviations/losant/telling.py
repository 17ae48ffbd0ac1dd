"""Deviations of what a time series says of its query and of its devices (section "Time Series Data")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.core.strict_json import Streamed
from robowire_mocks.deviations.losant.registry import LOSANT
from robowire_mocks.losant.engine.iso import iso_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_generators.telemetry import Device

    from robowire_mocks.deviations.losant.changing import Wrapper
    from robowire_mocks.losant.call import Call
    from robowire_mocks.losant.time_series_query import Series

Json = dict[str, Any]


def _heading(number: str, slug: str, summary: str, change: Callable[[Call, Series, Json], Json]) -> None:
    def wrapper(honest: Wrapper, call: Call, series: Series) -> Json:
        heading: Json = honest(call, series)
        return heading | change(call, series, heading)

    LOSANT.add(slug, breaks=f"LOSANT-TIMESERIES-{number}", step="heading", summary=summary, wrapper=wrapper)


def _device(number: str, slug: str, summary: str, change: Callable[[Device, Json], Json]) -> None:
    def wrapper(honest: Wrapper, call: Call, series: Series, device: Device) -> Json:
        given: Json = honest(call, series, device)
        return Streamed({**given, **change(device, given)})

    LOSANT.add(slug, breaks=f"LOSANT-TIMESERIES-{number}", step="device", summary=summary, wrapper=wrapper)


_heading(
    "021",
    "says-start-of-hour",
    "start is said an hour early.",
    lambda _, series, __: {"start": iso_time(series.range.start - 3_600_000)},
)
_heading("021", "says-end-now", "end is said to be now.", lambda call, _, __: {"end": iso_time(call.now)})
_heading(
    "022",
    "says-resolution-in-seconds",
    "resolution is said in seconds.",
    lambda _, __, heading: {"resolution": None if heading["resolution"] is None else heading["resolution"] / 1000},
)
_heading("022", "says-no-resolution", "resolution is always null.", lambda _, __, ___: {"resolution": None})
_heading(
    "023",
    "says-aggregation-by-name",
    "aggregation is MEAN, whatever it was.",
    lambda _, __, ___: {"aggregation": "MEAN"},
)
_heading(
    "023",
    "says-aggregation-none",
    "aggregation is NONE unless it is by name.",
    lambda _, __, heading: {
        "aggregation": heading["aggregation"] if isinstance(heading["aggregation"], str) else "NONE"
    },
)
_heading("024", "says-no-limit", "limit is always null.", lambda _, __, ___: {"limit": None})
_heading(
    "024",
    "says-default-limit",
    "limit is at least 1000.",
    lambda _, __, heading: {"limit": max(heading["limit"] or 0, 1000)},
)
_heading("025", "says-order-asc", "order is always asc.", lambda _, __, ___: {"order": "asc"})
_device(
    "026",
    "says-first-values-of-tags",
    "Of a tag's values only the first is given.",
    lambda _, given: {"tags": {key: values[:1] for key, values in given["tags"].items()}},
)
_device("026", "says-no-tags", "Tags are always empty.", lambda _, __: {"tags": {}})
_device(
    "026",
    "says-tags-in-upper-case",
    "Tags are given in upper case.",
    lambda _, given: {
        "tags": {key: [value.upper() + "_" for value in values] for key, values in given["tags"].items()}
    },
)
_device(
    "027",
    "says-names-cut",
    "Names are given without their last character.",
    lambda device, _: {"name": device.name[:-1] or "?"},
)
_device("027", "says-id-for-name", "The name that is given is the id.", lambda device, _: {"name": device.id})
