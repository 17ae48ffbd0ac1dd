"""What many deviations do: go wrong in some operations only, change what a step gives, or misread a member."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from robowire_mocks.deviations.foxglove.registry import FOXGLOVE

if TYPE_CHECKING:
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member

Wrapper: TypeAlias = Callable[..., Any]
"""`wrapper(honest, call, …)`; takes the place of a step."""


def add(requirement: str, deviation_id: str, step: str, summary: str, wrapper: Wrapper) -> None:
    """Declare a deviation; `requirement` is the id without `FOXGLOVE-`."""
    FOXGLOVE.add(deviation_id, breaks=f"FOXGLOVE-{requirement}", step=step, summary=summary, wrapper=wrapper)


def only(operations: str | tuple[str, ...], wrapper: Wrapper) -> Wrapper:
    """The wrapper in some operations; the others stay honest."""
    chosen = (operations,) if isinstance(operations, str) else operations

    def chooser(honest: Wrapper, call: Call, *args: Any) -> Any:
        return wrapper(honest, call, *args) if call.operation.name in chosen else honest(call, *args)

    return chooser


def after(change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper that changes what a step gives."""

    def wrapper(honest: Wrapper, *args: Any) -> Any:
        return change(honest(*args))

    return wrapper


def member(name: str, change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper that changes one member of the object that a step gives, if it has it."""
    return after(lambda given: {**given, name: change(given[name])} if name in given else given)


def without(name: str) -> Wrapper:
    """A wrapper that leaves a member out of the object that a step gives."""
    return after(lambda given: {key: value for key, value in given.items() if key != name})


def constant(value: Any) -> Wrapper:
    """A wrapper that gives always the same."""
    return lambda _, *__: value


def restated(operation: str, name: str, **statement: Any) -> Wrapper:
    """A wrapper of `member` or `parameter` that reads one of an operation with another statement."""

    def wrapper(honest: Wrapper, call: Call, member: Member, *given: Any) -> Any:
        if call.operation.name == operation and member.name == name:
            member = replace(member, **statement)
        return honest(call, member, *given)

    return wrapper


def mended(operation: str, name: str, mend: Callable[[Any], Any], **statement: Any) -> Wrapper:
    """As `restated`, but what is read is put right by `mend`: it is taken, and answered as it should have been."""
    misread = restated(operation, name, **statement)

    def wrapper(honest: Wrapper, call: Call, member: Member, *given: Any) -> Any:
        value = misread(honest, call, member, *given)
        return mend(value) if value is not None and (call.operation.name, member.name) == (operation, name) else value

    return wrapper


def instead(operation: str, name: str, read: Callable[[Wrapper, Call, Member, Any], Any]) -> Wrapper:
    """A wrapper of `member` that reads one of an operation its own way; `read` gets the honest step first."""

    def wrapper(honest: Wrapper, call: Call, member: Member, given: Any) -> Any:
        if call.operation.name == operation and member.name == name:
            return read(honest, call, member, given)
        return honest(call, member, given)

    return wrapper
