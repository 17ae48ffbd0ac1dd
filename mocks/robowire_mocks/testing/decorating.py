"""Decorating functions of every kind, and classes of tests, so that each call has a context of its own."""

from __future__ import annotations

import inspect
from contextlib import ExitStack
from functools import wraps
from typing import TYPE_CHECKING, Any
from unittest import TestCase

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import AbstractContextManager

    Enter = Callable[[], AbstractContextManager[Any]]
    """Gives a context for one call."""

HANDLES = "_robowire_handles"
"""The attribute of a test of pytest's under which our plugin finds what its class was decorated with."""


def within(enter: Enter, name: str, test: Any) -> Any:
    """`test` as it is, but each call within a context; what that gives is the argument `name` if there is such a one.

    Whoever looks at the signature, as pytest does, does not see that parameter. Of a class, each test is within a
    context, with what is set up and torn down for it; what the context gives is the attribute `name`.

    Raises:
        TypeError: It is neither a function nor a class of tests.
    """
    if isinstance(test, type):
        return _class(enter, name, test)
    if not callable(test):
        raise TypeError(f"a function or a class of tests can be decorated, not {test!r}")
    signature = inspect.signature(test)
    wanted = name in signature.parameters

    def options(given: Any) -> dict[str, Any]:
        return {name: given} if wanted else {}

    decorated = _KINDS[_kind(test)](enter, test, options)
    wraps(test)(decorated)
    rest = [parameter for parameter in signature.parameters.values() if parameter.name != name]
    decorated.__signature__ = signature.replace(parameters=rest)
    return decorated


def _kind(test: Any) -> str:
    if inspect.iscoroutinefunction(test):
        return "coroutine"
    if inspect.isasyncgenfunction(test):
        return "asynchronous generator"
    return "generator" if inspect.isgeneratorfunction(test) else "function"


def _function(enter: Enter, test: Any, options: Callable[[Any], dict[str, Any]]) -> Any:
    def called(*arguments: Any, **named: Any) -> Any:
        with enter() as given:
            return test(*arguments, **named, **options(given))

    return called


def _coroutine(enter: Enter, test: Any, options: Callable[[Any], dict[str, Any]]) -> Any:
    async def awaited(*arguments: Any, **named: Any) -> Any:
        with enter() as given:
            return await test(*arguments, **named, **options(given))

    return awaited


def _generator(enter: Enter, test: Any, options: Callable[[Any], dict[str, Any]]) -> Any:
    def iterated(*arguments: Any, **named: Any) -> Iterator[Any]:
        with enter() as given:
            yield from test(*arguments, **named, **options(given))

    return iterated


def _asynchronous_generator(enter: Enter, test: Any, options: Callable[[Any], dict[str, Any]]) -> Any:
    async def iterated(*arguments: Any, **named: Any) -> AsyncIterator[Any]:
        with enter() as given:
            async for value in test(*arguments, **named, **options(given)):
                yield value

    return iterated


_KINDS: dict[str, Callable[..., Any]] = {
    "function": _function,
    "coroutine": _coroutine,
    "generator": _generator,
    "asynchronous generator": _asynchronous_generator,
}


def _class(enter: Enter, name: str, tests: Any) -> Any:
    if issubclass(tests, TestCase):
        _each_run(enter, name, tests)
    elif any(member.startswith("test") for member in dir(tests)):
        _each_set_up(enter, name, tests)
    else:
        raise TypeError(f"{tests.__name__} has no tests: decorate its functions")
    return tests


def _each_run(enter: Enter, name: str, tests: Any) -> None:
    """Of unittest: a run is a test with all that is set up and torn down for it."""
    run = tests.run

    @wraps(run)
    def within(case: Any, result: Any = None) -> Any:
        told = case.defaultTestResult() if result is None else result
        with enter() as given:
            setattr(case, name, given)
            run(case, _Noting(told, given))
        return told

    tests.run = within


class _Noting:
    """A result of unittest; what fails gets a note before it is told to it."""

    def __init__(self, result: Any, given: Any) -> None:
        self._result, self._given = result, given

    def __getattr__(self, name: str) -> Any:  # a result may have what it likes, and unittest looks for it
        told = getattr(self._result, name)
        return self._noting(told) if name in {"addError", "addFailure", "addSubTest"} else told

    def _noting(self, tell: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*arguments: Any) -> Any:
            match arguments[-1]:
                case (_, Exception() as error, _):  # a part of a test that passed has none
                    self._given.note(error)
            return tell(*arguments)

        return noted


def _each_set_up(enter: Enter, name: str, tests: Any) -> None:
    """Of pytest: `setup_method` is called before each test, `teardown_method` after it.

    What fails in these gets a note; what fails in between is known to pytest alone, and told by our plugin.
    """
    set_up, tear_down = (getattr(tests, hook, None) for hook in ("setup_method", "teardown_method"))
    entered: dict[int, ExitStack] = {}

    def setup_method(case: Any, method: Any) -> None:
        with ExitStack() as stack:
            given = stack.enter_context(enter())
            setattr(case, name, given)
            setattr(case, HANDLES, [*getattr(case, HANDLES, ()), given])
            _call(set_up, case, method)
            entered[id(case)] = stack.pop_all()

    def teardown_method(case: Any, method: Any) -> None:
        with entered.pop(id(case)):
            _call(tear_down, case, method)

    tests.setup_method, tests.teardown_method = setup_method, teardown_method


def _call(hook: Any, case: Any, method: Any) -> None:
    """Call a hook of pytest, which may have a parameter for the test's method."""
    if hook is not None:
        hook(case, *([method] if len(inspect.signature(hook).parameters) > 1 else []))
