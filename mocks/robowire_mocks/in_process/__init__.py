"""A mock in the place of a host, for the programs of this process: without a socket, a name or a certificate."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from robowire_mocks.in_process.asking import Host
from robowire_mocks.in_process.origins import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from robowire_mocks.core.mock import Mock

_DOORS = {"urllib3": "for_urllib3", "httpx": "for_httpx"}


@contextmanager
def in_place_of(address: str, mock: Mock[Any], *, needed: bool = True) -> Iterator[None]:
    """Let `mock` answer what this process sends to `address`; anything else is sent as ever.

    That goes for whatever asks by urllib3, such as requests and boto3, or by httpx. `address` is a URL, of which
    scheme, host and port count. Links in answers lead to the same place. Bodies are passed on in pieces, both ways.

    Raises:
        ImportError: Neither of the two is installed, and an answer is `needed`; robowire itself needs neither.
        ValueError: The address has no scheme or host.
    """
    origin = origin_of(address)
    doors = [module for library, module in _DOORS.items() if find_spec(library)]
    if needed and not doors:
        raise ImportError(
            "in process, calls are answered that go through urllib3 (as requests and boto3 do) or httpx; "
            "neither is installed: pip install 'robowire[in-process]', or serve the mock on a socket"
        )
    with ExitStack() as stack:
        for module in doors:
            stack.enter_context(_door(module).answered(origin, _host(mock)))
        if find_spec("responses"):
            stack.enter_context(_door("for_responses").beside(origin))
        yield


def transport(mock: Mock[Any]) -> Any:
    """A transport that leads to `mock`, for `httpx.Client` and `httpx.AsyncClient`.

    Raises:
        ImportError: httpx is not installed.
    """
    if not find_spec("httpx"):
        raise ImportError("a transport is for httpx, which is not installed: pip install 'robowire[in-process]'")
    return _door("for_httpx").Transport(_host(mock))


def stub(mock: Mock[Any], address: str) -> Any:
    """All that `mock` answers at `address` as one stub, for `responses.add` and the like.

    Raises:
        ImportError: The library responses is not installed.
        ValueError: The address has no scheme or host.
    """
    if not find_spec("responses"):
        raise ImportError("a stub is for responses, which is not installed: pip install 'robowire[in-process]'")
    return _door("for_responses").Stub(origin_of(address), _host(mock))


def _host(mock: Mock[Any]) -> Host:
    return Host(mock.app, lambda: bool(mock.faults.account()))


def _door(module: str) -> Any:
    return import_module(f"{__name__}.{module}")
