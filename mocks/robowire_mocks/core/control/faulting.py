"""The controls for faults: what goes wrong on the way, and the account of what really did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from robowire_mocks.core.control.asked import Asked, Control, NotThere

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock


def list_faults(asked: Asked) -> list[dict[str, Any]]:
    """The faults, each with its account."""
    return accounts_of(asked.mock)


def add_faults(asked: Asked) -> list[dict[str, Any]]:
    """Add one, or a sequence of them."""
    faults = asked.mock.faults
    match dict(asked.body):
        case {"sequence": [_, *_] as several, **rest} if not rest and all(isinstance(one, dict) for one in several):
            faults.sequence(several)
        case {"sequence": _}:
            raise ValueError('send {"sequence": [{"kind": …}, …]}, or one fault alone')
        case one:
            faults.add(one)
    return accounts_of(asked.mock)


def clear_faults(asked: Asked) -> list[dict[str, Any]]:
    """Remove all."""
    asked.mock.faults.clear()
    return accounts_of(asked.mock)


def remove_fault(asked: Asked) -> list[dict[str, Any]]:
    """Remove one."""
    try:
        asked.mock.faults.remove(asked.path["id"])
    except ValueError as unknown:
        raise NotThere(str(unknown)) from None
    return accounts_of(asked.mock)


def accounts_of(mock: Mock[Any]) -> list[dict[str, Any]]:
    """What became of each fault of `mock`."""
    return [account.told() for account in mock.faults.account()]


CONTROLS = (
    Control("listFaults", "GET", "/faults", list_faults),
    Control("addFaults", "POST", "/faults", add_faults),
    Control("clearFaults", "DELETE", "/faults", clear_faults),
    Control("removeFault", "DELETE", "/faults/<any_text:id>", remove_fault),
)
