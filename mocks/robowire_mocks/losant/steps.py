"""The steps of the Losant mock: each a function that a deviation may wrap."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from robowire_generators.telemetry import Application, Column, Device, Token

from robowire_mocks.core.answer import Answer, Refusal
from robowire_mocks.losant import (
    access,
    announcing,
    body,
    device_query,
    export,
    last_value_query,
    refusals,
    selection,
    tags_query,
    time_series_query,
    times,
)
from robowire_mocks.losant.call import Call
from robowire_mocks.losant.device_query import Predicate
from robowire_mocks.losant.engine.points import Point, Points
from robowire_mocks.losant.engine.windows import Segments
from robowire_mocks.losant.export import Layout, Row
from robowire_mocks.losant.jobs import Job
from robowire_mocks.losant.time_series_query import Keyed, Series
from robowire_mocks.losant.times import TimeRange

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Steps:
    """What the mock does on the way to an answer; the defaults are the honest functions."""

    # who asks, and what for
    authenticate: Callable[[Call], Token] = access.authenticate
    permit: Callable[[Call, Token], None] = access.permit
    application: Callable[[Call, Token], Application] = access.application
    read: Callable[[Call], Any] = body.read
    validate: Callable[[Call, Any], Mapping[str, Any]] = body.validate
    error: Callable[[Call, Refusal], Answer] = refusals.answer
    # which devices
    select: Callable[[Call], list[Device]] = selection.select
    by_ids: Callable[[Call, Sequence[Device], Sequence[str]], set[str]] = selection.by_ids
    by_tags: Callable[[Call, Sequence[Device], Sequence[Mapping[str, str]]], set[str]] = selection.by_tags
    carries: Callable[[Call, Device, Mapping[str, str]], bool] = selection.carries
    by_query: Callable[[Call, Sequence[Device], Json], set[str]] = selection.by_query
    compile: Callable[[Call, Mapping[str, Any]], Predicate] = device_query.compile_query
    join: Callable[[Call, str, Sequence[Mapping[str, Any]]], Predicate] = device_query.join
    field: Callable[[Call, str, Any], Predicate] = device_query.field
    operator: Callable[[Call, str, str, Any, bool], Callable[[Sequence[str | None]], bool]] = device_query.operator
    tags: Callable[[Call, Any], Predicate] = tags_query.tags
    tag_match: Callable[[Call, Any], Predicate] = tags_query.tag_match
    any_tag: Callable[[Call, Mapping[str, Any]], Predicate] = tags_query.any_tag
    named_tag: Callable[[Call, str, Any], Predicate] = tags_query.named_tag
    tag_text: Callable[[Call, Any], Callable[[str], bool]] = tags_query.tag_text
    # which time
    range: Callable[[Call], TimeRange] = times.time_range
    end: Callable[[Call], int] = times.end
    moment: Callable[[Call, str, float], int] = times.moment
    # time series
    time_series: Callable[[Call], Answer] = time_series_query.time_series
    heading: Callable[[Call, Series], Json] = time_series_query.heading
    series: Callable[[Call], Series] = time_series_query.series
    device: Callable[[Call, Series, Device], Json] = time_series_query.device
    attributes: Callable[[Call, Device], list[str]] = time_series_query.attributes
    points: Callable[[Call, Series, Device], Iterator[list[Point]]] = time_series_query.points
    raw: Callable[[Call, Series, Device, dict[str, Column]], Points] = time_series_query.raw
    windows: Callable[[Call, Series, Device, dict[str, Column]], Points] = time_series_query.windows
    starts: Callable[[Call, Series, Any], Any] = time_series_query.starts
    aggregate: Callable[[Call, Series, Column], Keyed | None] = time_series_query.aggregate
    cut: Callable[[Call, Series, Column], Segments] = time_series_query.cut_column
    values: Callable[[Call, str, Segments], Any] = time_series_query.values
    ordered: Callable[[Call, Series, Points], Iterator[list[Point]]] = time_series_query.ordered
    # last values
    last_values: Callable[[Call], Answer] = last_value_query.last_values
    last_value: Callable[[Call, Device, int], Json | None] = last_value_query.last_value
    before: Callable[[Call, Any, int], int] = last_value_query.before
    last_data: Callable[[Call, Device, str, int], Json] = last_value_query.last_data
    # exports
    option: Callable[[Call, str], bool] = export.option
    layout: Callable[[Call, Sequence[Device]], Layout] = export.layout
    header: Callable[[Call, Layout], Row] = export.header
    rows: Callable[[Call, Device, TimeRange, Layout], Iterator[list[Row]]] = export.rows
    block: Callable[[Call, Device, Layout, Points, int], list[Row]] = export.block
    write: Callable[[Call, Sequence[Device], TimeRange, Path], None] = export.write
    announce: Callable[[Call, Job], int | str] = announcing.announce
    notice: Callable[[Call, Job], Json] = announcing.notice
    export: Callable[[Call], Answer] = export.export  # last, since its name is the module's
