"""A mock in the place of a host, for the programs of this process: without a socket, a name or a certificate."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from robowire_mocks.in_process.asking import Host
from robowire_mocks.in_process.loading import is_installed, once_loaded
from robowire_mocks.in_process.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from robowire_mocks.core.mock import Mock
    from robowire_mocks.testing.handle import MockHandle


@contextmanager
def in_place_of(address: str, mock: Mock[Any] | MockHandle[Any], *, needed: bool = True) -> Iterator[None]:
    """Let `mock` answer what this process sends to `address`; anything else is sent as ever.

    That goes for whatever asks by urllib3, such as requests and boto3, or by httpx. `address` is a URL, of which
    scheme, host and port count. Links in answers lead to the same place. Bodies are passed on in pieces, both ways.

    Raises:
        ImportError: Neither of the two is installed, and an answer is `needed`; robowire itself needs neither.
        ValueError: The address has no scheme or host.
    """
    origin, host = origin_of(address), _host(mock)
    if needed and not any(map(is_installed, ("urllib3", "httpx"))):
        raise ImportError(
            "in process, calls are answered that go through urllib3 (as requests and boto3 do) or httpx; "
            "neither is installed: pip install 'robowire[in-process]', or serve the mock on a socket"
        )
    doors: dict[str, Callable[[], AbstractContextManager[None]]] = {
        "urllib3": lambda: _door("for_urllib3").answered(origin, host),
        "httpx": lambda: _door("for_httpx").answered(origin, host),
        "responses": lambda: _door("for_responses").beside(origin),
    }
    with ExitStack() as stack:
        for library, door in doors.items():
            stack.enter_context(once_loaded(library, partial(_enter, stack, door)))
        yield


def transport(mock: Mock[Any] | MockHandle[Any]) -> Any:
    """A transport that leads to `mock`, for `httpx.Client` and `httpx.AsyncClient`.

    Raises:
        ImportError: httpx is not installed.
    """
    if not is_installed("httpx"):
        raise ImportError("a transport is for httpx, which is not installed: pip install 'robowire[in-process]'")
    return _door("for_httpx").Transport(_host(mock))


def stub(mock: Mock[Any] | MockHandle[Any], address: str) -> Any:
    """All that `mock` answers at `address` as one stub, for `responses.add` and the like.

    Raises:
        ImportError: The library responses is not installed.
        ValueError: The address has no scheme or host.
    """
    if not is_installed("responses"):
        raise ImportError("a stub is for responses, which is not installed: pip install 'robowire[in-process]'")
    return _door("for_responses").Stub(origin_of(address), _host(mock))


def _enter(stack: ExitStack, door: Callable[[], AbstractContextManager[None]]) -> None:
    stack.enter_context(door())


def _host(mock: Mock[Any] | MockHandle[Any]) -> Host:
    return Host(mock.app, lambda: bool(mock.faults.account()))


def _door(module: str) -> Any:
    return import_module(f"{__name__}.{module}")
