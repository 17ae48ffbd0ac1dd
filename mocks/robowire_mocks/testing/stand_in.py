"""A mock for as long as a block, a function or the tests of a class last, in the place of the API's own address."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from robowire_mocks.in_process import in_place_of
from robowire_mocks.in_process.origins import origin_of
from robowire_mocks.testing.decorating import within
from robowire_mocks.testing.handle import MockHandle
from robowire_mocks.testing.stock import stock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from robowire_mocks.core.mock import Mock, Source

M = TypeVar("M", bound="Mock[Any]")
T = TypeVar("T")


class StandIn(Generic[M]):
    """What `mock_foxglove` and its like are: a decorator, and a maker of context managers and of decorators."""

    def __init__(self, api: str) -> None:
        self.api = api

    @overload
    def __call__(self, test: T, /) -> T: ...

    @overload
    def __call__(
        self, /, *, world: Source | None = None, deviate: Iterable[str] = (), address: str | None = None
    ) -> InPlace[M]: ...

    def __call__(
        self,
        test: Any = None,
        /,
        *,
        world: Source | None = None,
        deviate: Iterable[str] = (),
        address: str | None = None,
    ) -> Any:
        """The mock in the place of `address`, the API's own unless it is said; for `test` if one is given.

        Args:
            test: A function of any kind, or a class of tests.
            world: The state to start from: the name of a world, a TOML file, or a table.
            deviate: The ids of the deviations to begin with.
            address: The URL of the host in whose place the mock is.
        """
        place: InPlace[M] = InPlace(self.api, world, tuple(deviate), address)
        return place if test is None else place(test)


class InPlace(Generic[M]):
    """The mock in the place of an address: a context manager, also for `async with`, and a decorator.

    It can be entered any number of times, one within another as well: each time there is a mock of its own. A function
    that has a parameter of the name `foxglove_mock` (and so on) gets it there, the tests of a class have an attribute.
    """

    def __init__(self, api: str, world: Source | None, deviate: tuple[str, ...], address: str | None) -> None:
        self._api, self._world, self._deviate, self._address = api, world, deviate, address
        self._entered: list[tuple[ExitStack, MockHandle[M]]] = []

    def __enter__(self) -> MockHandle[M]:
        address = origin_of(self._address or stock().kind(self._api, self._world).usual_address)
        handle: MockHandle[M] = MockHandle(self._api, lambda: address, world=self._world, deviate=self._deviate)
        with ExitStack() as stack:
            stack.callback(handle.close)
            stack.enter_context(in_place_of(address, handle))
            self._entered.append((stack.pop_all(), handle))
        return handle

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stack, handle = self._entered.pop()
        with stack:
            if isinstance(error, Exception):
                handle.note(error)

    async def __aenter__(self) -> MockHandle[M]:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def __call__(self, test: T) -> T:
        """Let a function of any kind run with the mock in its place, or each test of a class.

        Raises:
            TypeError: It is neither.
        """
        decorated: T = within(self._again, f"{self._api}_mock", test)
        return decorated

    def _again(self) -> InPlace[M]:
        return InPlace(self._api, self._world, self._deviate, self._address)
