"""The last value query (section "Last Value Query")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from robowire_mocks.core.answer import Answer
from robowire_mocks.losant.engine.iso import iso_time

if TYPE_CHECKING:
    from robowire_generators.telemetry import Device

    from robowire_mocks.losant.call import Call


def last_values(call: Call) -> Answer:
    """The last value of each selected device that has one."""
    end = call.steps.end(call)
    found = {device.id: call.steps.last_value(call, device, end) for device in call.steps.select(call)}
    # LOSANT-LASTVALUE-001, LOSANT-LASTVALUE-002, LOSANT-LASTVALUE-014, LOSANT-LASTVALUE-015
    return Answer(200, {device_id: entry for device_id, entry in found.items() if entry is not None})


def last_value(call: Call, device: Device, end: int) -> dict[str, Any] | None:
    """What a device reported last before `end`, in ms since the Unix epoch; None if it never did.

    Without an attribute, of which the document does not say what it means, that is the last state as it was reported.
    Of several at the same time, it is the one that arrived last.
    """
    attribute = call.asked.get("attribute")
    history = device.history
    if attribute is not None and attribute not in history.columns:
        return None
    times = history.times if attribute is None else history.columns[attribute].times
    last = call.steps.before(call, times, end)
    if last < 0:
        return None
    # LOSANT-LASTVALUE-003
    return {
        "time": iso_time(int(times[last])),  # LOSANT-LASTVALUE-004, LOSANT-LASTVALUE-012
        "data": _state(device, last) if attribute is None else call.steps.last_data(call, device, attribute, last),
    }


def before(call: Call, times: np.ndarray[Any, np.dtype[np.int64]], end: int) -> int:  # noqa: ARG001  # a step gets the call
    """The position of the last time before `end`, -1 if there is none."""
    # LOSANT-LASTVALUE-011, LOSANT-LASTVALUE-205
    return int(np.searchsorted(times, end)) - 1


def last_data(call: Call, device: Device, attribute: str, position: int) -> dict[str, Any]:  # noqa: ARG001  # as above
    """The value of the attribute as it was reported."""
    # LOSANT-LASTVALUE-005, LOSANT-LASTVALUE-006, LOSANT-LASTVALUE-013, LOSANT-LASTVALUE-021 to LOSANT-LASTVALUE-024
    return {attribute: _plain(device.history.columns[attribute].values, position)}


def _state(device: Device, number: int) -> dict[str, Any]:
    """The values of the state `number` of a device."""
    found = {}
    for name, column in device.history.columns.items():
        position = int(np.searchsorted(column.states, number))
        if position < len(column.states) and column.states[position] == number:
            found[name] = _plain(column.values, position)
    return found


def _plain(values: np.ndarray[Any, Any], position: int) -> Any:  # a number, a string or a boolean
    return values[position : position + 1].tolist()[0]
