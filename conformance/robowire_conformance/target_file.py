"""A target profile: the file in which a person says of targets what the suite cannot find out."""

import os
import subprocess
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import JSON
from robowire_conformance.target import Hooks, TargetSpec
from robowire_conformance.verdict import NotTested

HOOK_TIMEOUT_S = 120.0

_COMMON = frozenset({"url", "app", "ca_file", "unsupported", "requests_per_second"})
KEYS: Mapping[str, frozenset[str]] = {
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
        "disposable_site_id",
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
"""What a profile may say of a target, by API."""

_HOOK_KEYS = ("advance_clock", "reset", "point_webhooks", "send_webhook", "hold_imports", "step_imports")


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
        if name not in KEYS and name != "hooks":
            raise ConfigurationError(f"{path}: unknown table [{name}]; there are: {', '.join([*KEYS, 'hooks'])}")
    return {api: _spec(api, _table(data, api, path), hooks, path) for api in KEYS if api in data}


def _spec(api: str, table: dict[str, Any], hooks: Hooks, path: Path) -> TargetSpec:
    unknown = sorted(set(table) - KEYS[api])
    if unknown:
        raise ConfigurationError(
            f"{path}: [{api}] has no key {unknown[0]!r}; there are: {', '.join(sorted(KEYS[api]))}"
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
