"""The server that is judged: where it is, what the suite may do to it, and what its owner has told about it."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import JSON, Redactor
from robowire_conformance.verdict import NotTested

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from robowire_conformance.client import Client

HOOK_TIMEOUT_S = 120.0


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


_COMMON = frozenset({"url", "app", "ca_file", "unsupported", "requests_per_second"})
_KEYS: Mapping[str, frozenset[str]] = {
    "foxglove": _COMMON
    | {
        "token",
        "limited_tokens",
        "revoked_token",
        "disabled_token",
        "rate_limited_token",
        "device_with_data",
        "paging_items",
        "hosted_site_id",
        "self_hosted_site_id",
        "edge_recording_id",
        "agent_recording_id",
        "edge_recording_without_copy_id",
        "edge_recording_without_site_id",
        "import_patience_s",
        "inbox_azure",
        "inbox_google",
        "inbox_s3",
        "personal_layout_id",
        "webhook_target",
        "webhook_listen",
    },
    "losant": _COMMON
    | {
        "token",
        "limited_tokens",
        "application_id",
        "other_application_id",
        "device_ids",
        "attributes",
        "tags",
        "callback_host",
        "callback_port",
    },
    "bags": _COMMON | {"max_bags", "max_bag_bytes", "storage_limit_bytes"},
}
_HOOK_KEYS = ("advance_clock", "reset", "point_webhooks", "send_webhook", "hold_imports", "step_imports")
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


def read_targets(path: Path) -> dict[str, TargetSpec]:
    """Read a target profile file.

    Raises:
        ConfigurationError: It cannot be read, has an unknown table or key, or names a variable that is not set.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the target profile {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the target profile {path} is not TOML: {error}") from None
    hooks = _hooks(_table(data, "hooks", path), path)
    for name in data:
        if name not in _KEYS and name != "hooks":
            raise ConfigurationError(f"{path}: unknown table [{name}]; there are: {', '.join([*_KEYS, 'hooks'])}")
    return {api: _spec(api, _table(data, api, path), hooks, path) for api in _KEYS if api in data}


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


def _spec(api: str, table: dict[str, Any], hooks: Hooks, path: Path) -> TargetSpec:
    unknown = sorted(set(table) - _KEYS[api])
    if unknown:
        raise ConfigurationError(
            f"{path}: [{api}] has no key {unknown[0]!r}; there are: {', '.join(sorted(_KEYS[api]))}"
        )
    values = _resolve(table, path)
    for key in ("url", "token", "app", "ca_file"):
        if not isinstance(values.get(key, ""), str):
            raise ConfigurationError(f"{path}: {key} of [{api}] has to be text")
    return TargetSpec(
        api,
        url=values.get("url", ""),
        token=values.get("token", ""),
        app=values.get("app"),
        ca_file=values.get("ca_file", ""),
        unsupported=_unsupported(api, values.get("unsupported", []), path),
        values=values,
        hooks=hooks,
    )


def _rate(spec: TargetSpec) -> float:
    """The requests in a second that the target's owner allows; 0 for any number.

    Raises:
        ConfigurationError: The profile says something else than a number above zero.
    """
    rate = spec.values.get("requests_per_second", 0)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < float("inf"):
        raise ConfigurationError(f"requests_per_second of [{spec.api}] has to be a number above zero")
    return rate


def _unsupported(api: str, patterns: JSON, path: Path) -> tuple[str, ...]:
    from robowire_fixtures.catalogue import APIS, load_catalogue

    if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
        raise ConfigurationError(f'{path}: unsupported of [{api}] has to be a list of ids, like ["{api.upper()}-X-*"]')
    ids = list(load_catalogue(api).requirements) if api in APIS else None
    for pattern in patterns:
        if ids is not None and not any(fnmatchcase(known, pattern) for known in ids):
            raise ConfigurationError(f"{path}: unsupported of [{api}] names no requirement: {pattern}")
    return tuple(patterns)


def _table(data: dict[str, Any], name: str, path: Path) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: {name} has to be a table, [{name}]")
    return table


def _resolve(value: JSON, path: Path) -> JSON:
    """Replace each "env:NAME" by the variable's value."""
    if isinstance(value, str) and value.startswith("env:"):
        name = value.removeprefix("env:")
        if name not in os.environ:
            raise ConfigurationError(f"{path} takes a value from the environment variable {name}, which is not set")
        return os.environ[name]
    if isinstance(value, dict):
        return {key: _resolve(member, path) for key, member in value.items()}
    if isinstance(value, list):
        return [_resolve(element, path) for element in value]
    return value


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


def _hooks(table: dict[str, Any], path: Path) -> Hooks:
    for name, command in table.items():
        if name not in _HOOK_KEYS:
            raise ConfigurationError(f"{path}: [hooks] has no key {name!r}; there are: {', '.join(sorted(_HOOK_KEYS))}")
        if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
            raise ConfigurationError(f'{path}: {name} of [hooks] has to be a list of words, like ["python", "x.py"]')
    resolved: dict[str, list[str]] = _resolve(table, path)
    given = {name: partial(_command, words) for name, words in resolved.items()}
    advance, reset, point, send, hold, step = (given.get(name) for name in _HOOK_KEYS)
    return Hooks(
        advance_clock=None if advance is None else lambda seconds: advance(seconds=f"{seconds:g}"),
        reset=reset,
        point_webhooks=None if point is None else lambda url: point(url=url),
        send_webhook=None if send is None else lambda kind: send(type=kind),
        hold_imports=None if hold is None else lambda held: hold(held=str(held).lower()),
        step_imports=step,
    )


def _command(words: list[str], **values: str) -> None:
    """Run a hook without a shell.

    Raises:
        NotTested: It cannot be started, fails or does not end.
    """
    argv = [_fill(word, values) for word in words]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=HOOK_TIMEOUT_S, check=False)  # noqa: S603  # the owner's own command
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotTested(f"the hook {argv[0]} could not be run: {error}") from None
    if done.returncode != 0:
        last = "".join((done.stderr or done.stdout).strip().splitlines()[-1:])
        raise NotTested(f"the hook {argv[0]} ended with status {done.returncode}: {last}")


def _fill(word: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        word = word.replace(f"{{{name}}}", value)
    return word


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
