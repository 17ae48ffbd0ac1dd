"""The server that is judged: where it is, what the suite may do to it, and what its owner has told about it."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import JSON, Redactor
from robowire_conformance.verdict import NotTested

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from robowire_conformance.client import Client


class Profile(StrEnum):
    """What the suite may do to the target, each including the one before."""

    READ_ONLY = "read-only"
    ADDITIVE = "additive"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Hooks:
    """Ways to disturb the target, where its owner has given them.

    `point_webhooks` makes it send the webhooks of all types to a URL; `send_webhook` makes it send one of a type.
    `hold_imports` keeps imports at their stages, or lets them go on; `step_imports` takes each that is held on by one.
    """

    advance_clock: Callable[[float], None] | None = None
    reset: Callable[[], None] | None = None
    point_webhooks: Callable[[str], None] | None = None
    send_webhook: Callable[[str], None] | None = None
    hold_imports: Callable[[bool], None] | None = None
    step_imports: Callable[[], object] | None = None


_SECRET_WORDS = ("token", "secret", "password", "key")


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """What a person has said about a target; plain data, so that it crosses process borders.

    `url` may be empty if `app`, a WSGI application or its "module:attribute", stands for the server. `label` is what
    reports call it, if not by its URL.
    """

    api: str
    url: str = ""
    token: str = ""
    app: "WSGIApplication | str | None" = None
    ca_file: str = ""
    unsupported: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    hooks: Hooks = field(default_factory=Hooks)
    label: str = ""

    @property
    def shown(self) -> str:
        """The target's name in reports."""
        return self.label or self.url or f"the application {self.app}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that may not appear in a report."""
        return tuple({self.token, *_secrets(self.values)} - {""})

    def lacks(self, requirement: str) -> bool:
        """Whether the owner has declared a requirement unsupported."""
        return any(fnmatchcase(requirement, pattern) for pattern in self.unsupported)


@dataclass(frozen=True, slots=True)
class Target:
    """An opened target, as checks use it."""

    api: str
    url: str
    client: "Client"
    profile: Profile
    values: Mapping[str, Any]
    seed: int
    hooks: Hooks = field(default_factory=Hooks)

    def need(self, key: str) -> JSON:
        """A value of the target profile.

        Raises:
            NotTested: The profile does not give it.
        """
        if key not in self.values:
            raise NotTested(f"the target profile gives no {key}: add it to [{self.api}]")
        return self.values[key]

    def allow(self, profile: Profile) -> None:
        """Go on only if the run's profile includes `profile`.

        Raises:
            NotTested: It does not.
        """
        order = list(Profile)
        if order.index(self.profile) < order.index(profile):
            raise NotTested(f"profile {self.profile} does not allow it: run with --profile {profile}")

    def advance_clock(self, seconds: float) -> None:
        """Move the target's clock.

        Raises:
            NotTested: The profile forbids it, there is no way to, or the way failed.
        """
        self.allow(Profile.FULL)
        if self.hooks.advance_clock is None:
            raise NotTested(
                "nothing can move the target's clock: give advance_clock under [hooks] in the target profile"
            )
        self.hooks.advance_clock(seconds)

    def point_webhooks(self, url: str) -> None:
        """Make the target send its webhooks to `url`.

        Raises:
            NotTested: As `advance_clock`.
        """
        self.allow(Profile.FULL)
        if self.hooks.point_webhooks is None:
            raise NotTested("nothing points the target's webhooks: give point_webhooks under [hooks] in the profile")
        self.hooks.point_webhooks(url)

    def send_webhook(self, kind: str) -> None:
        """Make the target send a webhook of a type.

        Raises:
            NotTested: As `advance_clock`.
        """
        self.allow(Profile.FULL)
        if self.hooks.send_webhook is None:
            raise NotTested(
                f"nothing makes the target send a {kind} webhook: give send_webhook under [hooks] in the target profile"
            )
        self.hooks.send_webhook(kind)

    def hold_imports(self, *, held: bool) -> None:
        """Keep the target's imports at their stages, or let them go on.

        Raises:
            NotTested: As `advance_clock`.
        """
        self.allow(Profile.FULL)
        if self.hooks.hold_imports is None or self.hooks.step_imports is None:
            raise NotTested(
                "nothing holds the target's imports: give hold_imports and step_imports under [hooks] in the profile"
            )
        self.hooks.hold_imports(held)

    def step_imports(self) -> None:
        """Take every import that is held to its next stage.

        Raises:
            NotTested: As `hold_imports`.
        """
        self.hold_imports(held=True)
        if self.hooks.step_imports is not None:
            self.hooks.step_imports()

    def reset(self) -> None:
        """Bring the target back to its first state.

        Raises:
            NotTested: As `advance_clock`.
        """
        self.allow(Profile.FULL)
        if self.hooks.reset is None:
            raise NotTested("nothing can reset the target: give reset under [hooks] in the target profile")
        self.hooks.reset()


def open_target(spec: TargetSpec, *, profile: Profile, seed: int, timeout_s: float) -> Target:
    """Make the client of a target; nothing is sent yet.

    Raises:
        ConfigurationError: The URL or the application is none.
    """
    from robowire_conformance.client import BadAddress, Client, Limits  # brings httpx

    app = _load_app(spec.app) if isinstance(spec.app, str) else spec.app
    url = spec.url or ("http://127.0.0.1" if app is not None else "")
    if not url:
        raise ConfigurationError(f"no target for {spec.api}: give --{spec.api}-url URL or --target FILE")
    if spec.ca_file and not Path(spec.ca_file).is_file():
        raise ConfigurationError(f"ca_file {spec.ca_file} of [{spec.api}] is not there")
    try:
        client = Client(
            url,
            token=spec.token,
            app=app,
            limits=Limits.of(timeout_s, _rate(spec)),
            redactor=Redactor(spec.secrets),
            ca_file=spec.ca_file,
        )
    except BadAddress as error:
        raise ConfigurationError(f"the URL of {spec.api}: {error.message}") from None
    hooks = spec.hooks if profile is Profile.FULL else Hooks()
    return Target(spec.api, client.base_url, client, profile, spec.values, seed, hooks)


def _rate(spec: TargetSpec) -> float:
    """The requests in a second that the target's owner allows; 0 for any number.

    Raises:
        ConfigurationError: The profile says something else than a number above zero.
    """
    rate = spec.values.get("requests_per_second", 0)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < float("inf"):
        raise ConfigurationError(f"requests_per_second of [{spec.api}] has to be a number above zero")
    return rate


def _secrets(value: JSON, *, secret: bool = False) -> Iterator[str]:
    if isinstance(value, str) and secret:
        yield value
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _secrets(member, secret=_is_secret(key))
    elif isinstance(value, list | tuple):
        for element in value:
            yield from _secrets(element, secret=secret)


def _is_secret(key: str) -> bool:
    """Whether a member's name tells that its value is to be kept secret; a plain `key` is that of a tag."""
    return key != "key" and any(word in key.lower().split("_") for word in _SECRET_WORDS)


def _load_app(name: str) -> "WSGIApplication":
    module, _, attribute = name.partition(":")
    app: Any = None
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # as `python -m` does: the application is usually right here
    with suppress(ImportError):
        app = getattr(import_module(module), attribute, None) if attribute else None
    if not callable(app):
        raise ConfigurationError(f'app = "{name}" is no WSGI application: give "module:attribute" that can be imported')
    loaded: WSGIApplication = app
    return loaded
