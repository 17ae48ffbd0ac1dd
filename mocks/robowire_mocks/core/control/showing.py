"""The controls that show what a mock is: its state, everything at once, and the document of the controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.core.control.asked import Asked, Control
from robowire_mocks.core.control.document import document
from robowire_mocks.core.control.faulting import accounts_of
from robowire_mocks.core.control.moving import clock_of, list_snapshots
from robowire_mocks.core.control.watching import journal_in_short, operations_of
from robowire_mocks.core.control.worlds import list_worlds

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock

_ANSWERED_WITH_STATE = ("clock", "deviations", "reset")


def state_of(mock: Mock[Any]) -> dict[str, Any]:
    """What a mock is now, in short."""
    return {
        "api": mock.api,
        "clock": clock_of(mock),
        "deviations": list(mock.deviations),
        "controls": names_of_controls(mock),
        "readings": list(mock.readings),
    }


def names_of_controls(mock: Mock[Any]) -> list[str]:
    """The controls that are no more than a word: the common ones, and those that the API adds."""
    return [*_ANSWERED_WITH_STATE, *mock.actions]


def read_state(asked: Asked) -> dict[str, Any]:
    """What the mock is now."""
    return state_of(asked.mock)


def read_document(asked: Asked) -> dict[str, Any]:
    """The OpenAPI document."""
    return document(asked.mock)


def read_overview(asked: Asked) -> dict[str, Any]:
    """All that the page shows beside the journal."""
    return {
        **state_of(asked.mock),
        "world": asked.world,
        "snapshots": list_snapshots(asked),
        "faults": accounts_of(asked.mock),
        "journal": journal_in_short(asked.mock.journal),
        "operations": operations_of(asked.mock.journal),
        "worlds": list_worlds(asked),
    }


CONTROLS = (
    Control("readDocument", "GET", "/openapi.json", read_document),
    Control("readOverview", "GET", "/overview", read_overview),
)
