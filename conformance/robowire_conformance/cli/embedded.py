"""The mock that `check` and `detect` bring along, as a target."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from robowire_conformance.target import Hooks, TargetSpec

if TYPE_CHECKING:
    from robowire_mocks.core.mock import Mock

LABEL = "the embedded mock"


def _bags_values() -> dict[str, Any]:
    from robowire_mocks.bags.world import World  # brings the generators
    from robowire_mocks.core.world import read_world

    return {"storage_limit_bytes": read_world(World, WORLDS["bags"].name).recorder.limit_bytes}


def _losant_values() -> dict[str, Any]:
    from robowire_generators.telemetry import load_world
    from robowire_generators.telemetry.profile import target_profile

    return target_profile(load_world(WORLDS["losant"].name))


def _foxglove_values() -> dict[str, Any]:
    from robowire_mocks.core.world import read_world
    from robowire_mocks.foxglove.world import World

    from robowire_conformance.cli.foxglove_profile import target_profile

    return target_profile(read_world(World, WORLDS["foxglove"].name))


@dataclass(frozen=True, slots=True)
class EmbeddedWorld:
    """The world in which every requirement of an API can be seen, and what its target profile says.

    `url` is where the mock would be found: an address for the evidence, since in process nothing listens there.
    """

    name: str
    url: str
    values: Callable[[], dict[str, Any]]


WORLDS: Mapping[str, EmbeddedWorld] = MappingProxyType(
    {
        "foxglove": EmbeddedWorld("foxglove", "http://127.0.0.1:8080/v1", _foxglove_values),
        "losant": EmbeddedWorld("losant", "http://127.0.0.1:8081", _losant_values),
        "bags": EmbeddedWorld("bags-recorder", "http://127.0.0.1:8090", _bags_values),
    }
)


@contextmanager
def embedded(api: str, *, served: bool) -> Iterator[TargetSpec]:
    """A mock of `api` as a target: called in process, or `served` on a socket for other processes to reach."""
    from robowire_mocks import create_mock  # only where a mock is wanted

    with create_mock(api, world=WORLDS[api].name) as mock:
        if not served:
            yield target_of(mock)
            return
        from robowire_mocks.core.serving import serve

        with serve(mock) as server:
            yield target_of(mock, server.url + mock.url_path)


def target_of(mock: "Mock[Any]", url: str = "") -> TargetSpec:
    """A mock as a target, at `url` if it is served there."""
    world = WORLDS[mock.api]
    values = world.values()
    return TargetSpec(
        mock.api,
        url=url or world.url,
        token=values.get("token", ""),
        app=None if url else mock.app,
        values=values,
        hooks=_hooks(mock),
        label=LABEL,
    )


def _hooks(mock: "Mock[Any]") -> Hooks:
    """Ways to disturb a mock; one that sends webhooks has a control for them, and one for its imports."""
    webhooks, imports = getattr(mock, "webhooks", None), getattr(mock, "imports", None)
    hooks = Hooks(mock.clock.advance, mock.reset)
    if webhooks is not None:
        hooks = replace(hooks, point_webhooks=webhooks.point, send_webhook=webhooks.send)
    if imports is not None:
        hooks = replace(
            hooks, hold_imports=lambda held: imports.hold() if held else imports.release(), step_imports=imports.step
        )
    return hooks
