"""Histories: the times of generated states, and states from several sources put in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from robowire_generators.telemetry.signals import Times, make_values
from robowire_generators.telemetry.spec import DeviceSpec, HistorySpec, SignalSpec
from robowire_generators.telemetry.world import AttributeType, Column, History, Values

_LATE_BY = 50
"""A late state arrives after up to so many that are newer."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """States from one source, in the order of their arrival.

    `columns` gives for each attribute which states have it (None: all) and their values.
    """

    times: Times
    columns: Mapping[str, tuple[NDArray[np.int64] | None, Values]]


def generate(spec: HistorySpec, device: DeviceSpec, end_ms: int | None, start_ms: int, seed: Sequence[int]) -> Piece:
    """The states of one recipe: they end at `end_ms`, or, if it is None, begin at `start_ms`.

    Raises:
        ValueError: A signal does not fit its attribute's type.
    """
    random = np.random.default_rng(list(seed))
    times = _times(spec, random)
    times += start_ms if end_ms is None or not len(times) else end_ms - times[-1]
    arrival = _arrival(spec, random)
    columns = {
        name: _values(spec, device.signals.get(name, SignalSpec()), device.attributes[name], times, arrival, random)
        for name in spec.attributes or device.attributes
    }
    return Piece(times if arrival is None else times[arrival], columns)


def merge(pieces: Sequence[Piece]) -> History:
    """All states in order of time; where times are equal, in the order of the pieces and of arrival in them."""
    arrived = pieces[0].times if len(pieces) == 1 else np.concatenate([np.empty(0, np.int64), *_times_of(pieces)])
    if np.all(arrived[1:] >= arrived[:-1]):
        times, order, place = arrived, None, None
    else:
        order = np.argsort(arrived, kind="stable")
        times = arrived[order]
        place = np.empty(len(order), np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
    every = np.arange(len(times), dtype=np.int32)
    names = dict.fromkeys(name for piece in pieces for name in piece.columns)
    columns = {name: _column(name, pieces, times, order, place, every) for name in names}
    reported = {name: column for name, column in columns.items() if len(column)}
    return History(times, reported, None if order is None else order.astype(np.int32))


def extended(history: History, piece: Piece) -> History:
    """The history once more states have arrived, after all that were there."""
    return merge([_arrived_states(history), piece])


def _arrived_states(history: History) -> Piece:
    """The states of a history in the order of their arrival."""
    if history.arrival is None:
        columns = {name: (one.states.astype(np.int64), one.values) for name, one in history.columns.items()}
        return Piece(history.times, columns)
    columns = {}
    for name, column in history.columns.items():
        ranks = history.arrival[column.states].astype(np.int64)
        order = np.argsort(ranks)
        columns[name] = ranks[order], column.values[order]
    return Piece(history.times[np.argsort(history.arrival)], columns)


def _times_of(pieces: Sequence[Piece]) -> list[Times]:
    return [piece.times for piece in pieces]


def _times(spec: HistorySpec, random: np.random.Generator) -> Times:
    """Times that begin at 0 and ascend."""
    if spec.count == 0:
        return np.empty(0, np.int64)
    steps = np.full(spec.count, spec.period_ms, dtype=np.int64)
    if spec.jitter_ms:
        steps += random.integers(-spec.jitter_ms, spec.jitter_ms, size=spec.count, endpoint=True)
    for first in random.integers(1, max(spec.count, 2), size=spec.bursts):
        steps[first : first + spec.burst_size] = spec.burst_ms
    if spec.ties:
        steps[random.random(spec.count) < spec.ties] = 0
    if spec.gaps:
        places = random.integers(1, max(spec.count, 2), size=spec.gaps) % spec.count
        np.add.at(steps, places, random.integers(spec.gap_ms // 2, spec.gap_ms * 3 // 2 + 1, size=spec.gaps))
    steps[0] = 0
    return np.cumsum(steps, out=steps)


def _arrival(spec: HistorySpec, random: np.random.Generator) -> NDArray[np.int64] | None:
    """The states, by their place in time, in the order of their arrival."""
    if not spec.late:
        return None
    late = random.random(spec.count) < spec.late
    delays = np.where(late, random.integers(1, _LATE_BY, size=spec.count, endpoint=True), 0)
    return np.argsort(np.arange(spec.count) + delays, kind="stable")


def _values(
    spec: HistorySpec,
    signal: SignalSpec,
    kind: AttributeType,
    times: Times,
    arrival: NDArray[np.int64] | None,
    random: np.random.Generator,
) -> tuple[NDArray[np.int64] | None, Values]:
    values = make_values(signal, kind, times, random)
    values = values if arrival is None else values[arrival]
    if not spec.missing:
        return None, values
    present = np.flatnonzero(random.random(len(values)) >= spec.missing)
    return present, values[present]


def _column(
    name: str,
    pieces: Sequence[Piece],
    times: Times,
    order: NDArray[np.int64] | None,
    place: NDArray[np.int32] | None,
    every: NDArray[np.int32],
) -> Column:
    """One attribute of the whole history; where every state has it, it shares times and states with the history."""
    rows, values = _arrived(name, pieces)
    if len(rows) == len(times):
        return Column(times, values if order is None else values[order], every)
    if place is None:
        return Column(times[rows], values, rows.astype(np.int32))
    stored = place[rows]
    by_time = np.argsort(stored, kind="stable")
    states = stored[by_time]
    return Column(times[states], values[by_time], states)


def _arrived(name: str, pieces: Sequence[Piece]) -> tuple[NDArray[np.int64], Values]:
    """Which states have the attribute, counted in order of arrival over all pieces, and its values."""
    rows: list[NDArray[np.int64]] = []
    values: list[Values] = []
    before = 0
    for piece in pieces:
        if name in piece.columns:
            which, part = piece.columns[name]
            rows.append(before + (np.arange(len(part)) if which is None else which))
            values.append(part)
        before += len(piece.times)
    return (rows[0], values[0]) if len(rows) == 1 else (np.concatenate(rows), np.concatenate(values))
