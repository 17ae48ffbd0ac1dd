"""Playing scenarios to clients: in process, on a socket, or around whatever asks a mock already."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from robowire_fixtures.scenarios import Scenario, load_scenarios

from robowire_mocks import create_mock
from robowire_mocks.core.mock import Mock
from robowire_mocks.rehearsal.program import Program, ProgramFailed, ProgramMissing
from robowire_mocks.rehearsal.stage import Stage
from robowire_mocks.rehearsal.story import Said
from robowire_mocks.rehearsal.verdict import Status, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from robowire_mocks.testing.handle import MockHandle

QUIET_S: float = 0.5
"""A client that listens and sends nothing for so long has done what it does."""

FAILS_UNDISTURBED: str = "the client fails when nothing happens to it"
"""Why nothing can be said of a client, whatever the scenario; what it says itself stands behind."""

ELSEWHERE: str = "storage.robowire.test"
"""Where links lead in process, if not to the API; no such name is ever given away."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a client finds the API: a base URL without a slash at the end, a token, and what to trust with TLS."""

    url: str
    token: str
    ca: str = ""

    @property
    def host(self) -> str:
        """Host and port of the URL."""
        return urlsplit(self.url).netloc


Client = Callable[[Place], object]
"""A client to be rehearsed: it does its work at a place once, and raises where it cannot."""


def scenarios(api: str, ids: Iterable[str] = ()) -> tuple[Scenario, ...]:
    """The scenarios of `api`, those with these ids or all.

    Raises:
        ValueError: There is no such API or scenario.
    """
    known, chosen = load_scenarios(api), tuple(ids)
    for one in chosen:
        if one not in known:
            raise ValueError(f"no scenario of {api} is called {one!r}; there are: {', '.join(known)}")
    return tuple(known[one] for one in chosen) or tuple(known.values())


@contextmanager
def rehearsing(scenario: Scenario | str, mock: Mock[Any] | MockHandle[Any], *, elsewhere: str = "") -> Iterator[Stage]:
    """Let a scenario happen to the client in this block, whichever way it asks `mock`; then `verdict` is there.

    An exception in the block is the client's way to say that it failed: it is taken as that, and not passed on.

    Args:
        scenario: It, or its id.
        mock: The mock, or what a fixture gives of it. What it holds stays as it is. Whether the client waits is seen by
            the mock's clock: let it run, or where sleeping is patched, let that move it (`mock.clock.advance`).
        elsewhere: A host, with its port, at which the mock is found as well, for links that lead to another host.
            Without it, that is `localhost` for a mock that a fixture serves, and `ELSEWHERE` for one in process.

    Raises:
        ValueError: There is no such scenario.
    """
    asked = mock if isinstance(mock, Mock) else mock.mock
    if isinstance(scenario, str):
        (scenario,) = scenarios(asked.api, [scenario])
    stage = Stage(scenario, asked, elsewhere=elsewhere or _other_name(mock))
    with ExitStack() as stack:
        if stage.elsewhere == ELSEWHERE and stage.leads_elsewhere:
            _answer_elsewhere(stack, asked)
        stack.enter_context(_played(stage))
        yield stage


@contextmanager
def _played(stage: Stage) -> Iterator[Stage]:
    """The scenario happens in this block; what the client raises is what it says of itself."""
    stage.begin()
    try:
        yield stage
    except ProgramMissing:
        raise  # the fault of whoever named it
    except Exception as error:  # noqa: BLE001  # whatever a client raises
        stage.said = Said(done=False, text=_in_words(error))
    except SystemExit as end:
        stage.said = Said(done=not end.code, text=f"exit status {end.code}")
    finally:
        stage.end()


def rehearse(
    api: str,
    client: Client,
    ids: Iterable[str] = (),
    *,
    world: str | Path | None = None,
    address: str | None = None,
    tls: Path | None = None,
) -> Iterator[Verdict]:
    """Play scenarios to a client, each with the world as it was, and give the verdicts as they come.

    Before the first, the client does its work undisturbed: if it fails then, or never makes the calls that a scenario
    is about, nothing is said of it. Scenarios that deliver webhooks are for `rehearse_listener`.

    Args:
        api: Whose client it is.
        client: It does its work once each time that it is called.
        ids: The scenarios; all without them.
        world: The state to start from; see `create_mock`.
        address: A URL such as `https://api.foxglove.dev`: what this process sends there is answered in process. Without
            it, the mock listens on a socket of this machine.
        tls: With it, the socket speaks TLS, and the authority to be trusted is written to this folder.

    Raises:
        ValueError: There is no such API or scenario.
    """
    chosen = scenarios(api, ids)
    with create_mock(api, world=world) as mock:
        undisturbed = Stage(None, mock)
        _play(undisturbed, client, address, tls)
        for scenario in chosen:
            reason = _pointless(scenario, undisturbed)
            if reason:
                yield Verdict(scenario, Status.NOT_TESTED, (), undisturbed.entries, reason, mock.token)
                continue
            mock.reset()
            mock.clock.resume()
            stage = Stage(scenario, mock)
            stage.honest = undisturbed.entries
            _play(stage, client, address, tls)
            yield stage.verdict


def rehearse_listener(
    api: str, program: Program, webhook: str, ids: Iterable[str] = (), *, world: str | Path | None = None
) -> Iterator[Verdict]:
    """Deliver webhooks to a program that listens at the URL `webhook`, and give the verdicts as they come.

    Args:
        api: Whose client it is.
        program: It is started for each scenario, and ended when it has been quiet for a while.
        webhook: Where it listens; on this machine.
        ids: The scenarios; without them, all that deliver webhooks.
        world: The state to start from; see `create_mock`.

    Raises:
        ValueError: There is no such API or scenario, or the URL may not be called.
    """
    for scenario in scenarios(api, ids):
        if scenario.deliver:
            with create_mock(api, world=world) as mock, ExitStack() as stack:
                stage = Stage(scenario, mock)
                place = _on_a_socket(stack, stage, None)
                with _played(stage), program.listening(place, webhook):
                    stage.deliver(webhook)
                    _let_act(stage)
                yield stage.verdict


def _let_act(stage: Stage) -> None:
    """Wait until the client has sent nothing for a while."""
    count = -1
    while count != len(stage.entries):
        count = len(stage.entries)
        time.sleep(QUIET_S)


def _pointless(scenario: Scenario, undisturbed: Stage) -> str:
    """Why a scenario need not be played to a client."""
    called = {entry.operation for entry in undisturbed.entries}
    if not undisturbed.said.done:
        return f"{FAILS_UNDISTURBED}: {undisturbed.said.text}"
    if scenario.deliver:
        return "it takes a client that listens: deliver webhooks in a `rehearsing` block, or with --webhook"
    if scenario.calls and not called.intersection(scenario.calls):
        return f"the client calls none of {', '.join(scenario.calls)}"
    return ""


def _play(stage: Stage, client: Client, address: str | None, tls: Path | None) -> None:
    with ExitStack() as stack:
        place = _in_process(stack, stage, address) if address else _on_a_socket(stack, stage, tls)
        with _played(stage):
            client(place)


def _in_process(stack: ExitStack, stage: Stage, address: str) -> Place:
    from robowire_mocks.in_process import in_place_of

    stage.elsewhere = ELSEWHERE
    stack.enter_context(in_place_of(address, stage.mock))
    _answer_elsewhere(stack, stage.mock)
    return Place(address.rstrip("/") + stage.mock.url_path, stage.mock.token)


def _on_a_socket(stack: ExitStack, stage: Stage, tls: Path | None) -> Place:
    from robowire_mocks.core.serving import serve

    server = stack.enter_context(serve(stage.mock, tls=tls))
    stage.elsewhere = f"localhost:{server.port}"
    return Place(server.url + stage.mock.url_path, stage.mock.token, str(server.ca_file or ""))


def _other_name(mock: Mock[Any] | MockHandle[Any]) -> str:
    parts = urlsplit("" if isinstance(mock, Mock) else mock.origin)
    return f"localhost:{parts.port}" if parts.hostname == "127.0.0.1" else ELSEWHERE


def _answer_elsewhere(stack: ExitStack, mock: Mock[Any]) -> None:
    from robowire_mocks.in_process import in_place_of

    for scheme in ("http", "https"):
        stack.enter_context(in_place_of(f"{scheme}://{ELSEWHERE}", mock, needed=False))


def _in_words(error: BaseException) -> str:
    if isinstance(error, ProgramFailed):
        return str(error)
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
