"""Fixtures for people who test clients: `bags_mock`, `foxglove_mock`, `losant_mock`, and the marker `robowire`.

It is loaded into every pytest run of the installation, so it imports nothing here that pytest has not imported.
"""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from robowire_mocks.testing.counter import Counter
    from robowire_mocks.testing.handle import MockHandle

_MARKER = (
    "robowire(*apis, world=None, deviate=(), address=None, tls=False): what the mocks of a test start from and how "
    "they behave; of all APIs, unless some are named"
)
_OPTIONS = ("world", "deviate", "address", "tls")
_OF_A_CLASS = "_robowire_handles"  # as `testing.decorating` names it, which is not imported for that
_HANDLES: pytest.StashKey[list["MockHandle[Any]"]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what a test asked its mocks, if it failed."""
    report = yield
    if report.failed:
        handles = item.stash.get(_HANDLES, [])
        if report.when == "call":  # what fails before and after it in a decorated class has a note
            handles = [*handles, *getattr(getattr(item, "instance", None), _OF_A_CLASS, ())]
        for handle in handles:
            told = handle.told()
            if told:
                report.sections.append((f"robowire requests ({handle.api})", told))
    return report


@pytest.fixture(scope="session")
def _robowire_counter() -> Iterator["Counter"]:
    """The servers behind the fixtures; one of each API at most in a process."""
    from robowire_mocks.testing.counter import Counter

    counter = Counter()
    yield counter
    counter.close()


def _fixture(api: str) -> Callable[[pytest.FixtureRequest, "Counter"], "Iterator[MockHandle[Any]]"]:
    def mock(request: pytest.FixtureRequest, _robowire_counter: "Counter") -> "Iterator[MockHandle[Any]]":
        asked = _asked(request.node, api)
        try:
            shown = _robowire_counter.show(api, **asked)
        except ValueError as wrong:  # a world, a deviation, an address
            pytest.fail(f"{wrong}{_nor_beside(request.node, asked['world'])}", pytrace=False)
        with shown as handle:
            request.node.stash.setdefault(_HANDLES, []).append(handle)
            yield handle

    mock.__doc__ = (
        f"The mock of the {api.capitalize()} API, clean for each test: served at `.url`, and in process in the place "
        "of the API's own address. The marker `robowire` says what it starts from."
    )
    return pytest.fixture(name=f"{api}_mock")(mock)


def _asked(node: pytest.Item, api: str) -> dict[str, Any]:
    """What the markers of a test say of an API: those near it go before those of its class and module."""
    asked: dict[str, Any] = {"world": None, "deviate": (), "address": None, "tls": False}
    for marker in reversed(list(node.iter_markers("robowire"))):
        _check(marker)
        if not marker.args or api in marker.args:
            asked |= marker.kwargs
    if isinstance(asked["deviate"], str):
        asked["deviate"] = (asked["deviate"],)
    if asked["world"] is not None:
        asked["world"] = _beside(node, asked["world"])
    return asked


def _check(marker: pytest.Mark) -> None:
    from robowire_fixtures.catalogue import APIS

    unknown = [*(repr(api) for api in marker.args if api not in APIS), *sorted({*marker.kwargs} - {*_OPTIONS})]
    if unknown:
        pytest.fail(
            f"the marker robowire knows no {', '.join(unknown)}; it takes the names of APIs ({', '.join(APIS)}) and "
            f"{', '.join(_OPTIONS)}",
            pytrace=False,
        )
    tls = marker.kwargs.get("tls", False)
    if not isinstance(tls, bool):
        pytest.fail(f"the marker robowire takes True or False for tls, not {tls!r}", pytrace=False)


def _beside(node: pytest.Item, world: Any) -> Any:
    """A world file that lies beside the test, if there is such a one; else the world as it was named."""
    if not isinstance(world, str | Path):
        return world
    beside = node.path.parent / world
    return beside if beside.is_file() else world


def _nor_beside(node: pytest.Item, world: Any) -> str:
    """Where else a world file that is missing was looked for."""
    missing = isinstance(world, str | Path) and str(world).endswith(".toml") and not Path(world).exists()
    return f"; nor is it beside the test, in {node.path.parent}" if missing else ""


bags_mock = _fixture("bags")
foxglove_mock = _fixture("foxglove")
losant_mock = _fixture("losant")
