"""What the deviations of several resources do: statuses, ids that nothing has, bodies that are none, odd members."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from robowire_mocks.deviations.foxglove.changing import Wrapper, add, constant, instead, only
from robowire_mocks.foxglove.errors import BadRequest, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.core.answer import Answer
    from robowire_mocks.foxglove.call import Call
    from robowire_mocks.foxglove.members import Member
    from robowire_mocks.foxglove.state import State


def status(operation: str, number: int) -> Wrapper:
    """A wrapper of `answer` that gives an operation's success another status."""

    def wrapper(honest: Wrapper, call: Call, body: Any) -> Answer:
        answer: Answer = honest(call, body)
        return replace(answer, status=number)

    return only(operation, wrapper)


def answered(operation: str, change: Callable[[Any], Any]) -> Wrapper:
    """A wrapper of `answer` that changes the body of an operation's success."""
    return only(operation, lambda honest, call, body: honest(call, change(body)))


def listed_in_object(requirement: str, operation: str, name: str) -> None:
    """Declare the two ways in which a list is none: another status, and an object around it."""
    slug = operation.replace("_", "-")
    add(requirement, f"{slug}-201", "answer", f"{name} are listed with status 201.", status(operation, 201))
    add(
        requirement,
        f"{slug}-in-object",
        "answer",
        f"The list of {name} is an object.",
        answered(operation, lambda body: {"items": body}),
    )


def other_status(requirement: str, operation: str, number: int = 201) -> None:
    """Declare that an operation's success has another status."""
    slug = operation.replace("_", "-")
    summary = f"The success of {operation.replace('_', ' ')} is answered {number}."
    add(requirement, f"{slug}-{number}", "answer", summary, status(operation, number))


def where_nothing_is(other: Callable[[Call], Any]) -> Wrapper:
    """A wrapper of a step: where nothing is found, `other` takes the place of the refusal, unless it gives None."""

    def wrapper(honest: Wrapper, call: Call, *args: Any) -> Any:
        try:
            return honest(call, *args)
        except NotFound:
            instead_of_it = other(call)
            if instead_of_it is None:
                raise
            return instead_of_it

    return wrapper


def any_of(rows: Callable[[State], Any]) -> Wrapper:
    """A wrapper of a step that looks a row up by the path's id: for an unknown one it takes any other."""
    return where_nothing_is(lambda call: next(iter(rows(call.state)), None))


def by_beginning(rows: Callable[[State], Any], path: str = "id") -> Wrapper:
    """A wrapper of a step that looks a row up by an id in the path: what follows the id there is ignored."""
    return where_nothing_is(
        lambda call: next((one for one in rows(call.state) if call.path[path].startswith(one.id)), None)
    )


def deletes_anything(path: str = "id", told: str = "id") -> Wrapper:
    """A wrapper of an operation that deletes: an id that nothing has is answered as if it had been deleted."""
    return where_nothing_is(lambda call: {told: call.path[path]})


def no_body_needed(answer: Callable[[Call], Any]) -> Wrapper:
    """A wrapper of an operation: without a body, or with one that is no JSON object, it is answered all the same."""

    def wrapper(honest: Wrapper, call: Call) -> Any:
        try:
            call.steps.body(call)
        except BadRequest:
            return answer(call)
        return honest(call)

    return wrapper


def odd_as(operation: str, name: str, fits: Callable[[Any], bool], value: Callable[[Any], Any]) -> Wrapper:
    """A wrapper of `member` that takes what is of the wrong type for something else."""

    def read(honest: Wrapper, call: Call, member: Member, given: Any) -> Any:
        if name in given and not fits(given[name]):
            return value(given[name])
        return honest(call, member, given)

    return instead(operation, name, read)


def missing_as(operation: str, name: str, value: Callable[[Any], Any]) -> Wrapper:
    """A wrapper of `member` that takes one that is not there for something else, which `value` makes of the body."""

    def read(honest: Wrapper, call: Call, member: Member, given: Any) -> Any:
        return honest(call, member, given) if name in given else value(given)

    return instead(operation, name, read)


def is_text(value: Any) -> bool:
    """Whether a JSON value is a string."""
    return isinstance(value, str)


def wrong_members(page: str, step: str, thing: str, table: dict[str, tuple[str, Any]]) -> None:
    """Declare, for each member of what a step shows, that it is of a wrong type.

    `table` has, by the requirement's number, the member's name and a value that it cannot have.
    """
    for number, (name, value) in table.items():
        add(
            f"{page}-{number}",
            f"{step.replace('_', '-')}-wrong-{_slug(name)}",
            step,
            f"The {name} of {thing} is {value!r}.",
            _shown_as(name, value),
        )


def missing_members(page: str, step: str, thing: str, table: dict[str, str]) -> None:
    """Declare, for each required member of what a step shows, that it is missing."""
    for number, name in table.items():
        add(
            f"{page}-{number}",
            f"{step.replace('_', '-')}-without-{_slug(name)}",
            step,
            f"{thing[0].upper()}{thing[1:]} lacks {name}.",
            _without(name),
        )


def with_value(name: str, value: Any) -> Callable[[Any], Any]:
    """A change of an object that has another value of one member."""
    return lambda shown: {**shown, name: value}


def lacking(name: str) -> Callable[[Any], Any]:
    """A change of an object that lacks one member."""
    return lambda shown: {key: one for key, one in shown.items() if key != name}


def same_for_all(value: Any) -> Wrapper:
    """A wrapper of a step that gives a condition: it is true or false of everything."""
    return constant(lambda _: value)


def _shown_as(name: str, value: Any) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, *args: Any) -> Any:
        shown = honest(call, *args)
        return {**shown, name: value} if name in shown and call.operation.method == "GET" else shown

    return wrapper


def _without(name: str) -> Wrapper:
    def wrapper(honest: Wrapper, call: Call, *args: Any) -> Any:
        shown = honest(call, *args)
        return {key: one for key, one in shown.items() if key != name} if call.operation.method == "GET" else shown

    return wrapper


def _slug(name: str) -> str:
    return "".join(
        f"-{letter.lower()}" if letter.isupper() or not letter.isalnum() else letter for letter in name
    ).replace("-.", "-")
