"""What a run of the suite is asked to do, whether a command line or a program asks."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import JSON
from robowire_conformance.limits import DEFAULT_TIMEOUT_S
from robowire_conformance.target import Profile, TargetSpec
from robowire_conformance.target_file import read_targets


@dataclass(frozen=True, slots=True)
class Options:
    """A run's options. `selection` is the -k expression, for the reasons in the report."""

    targets: Mapping[str, TargetSpec] = field(default_factory=dict)
    profile: Profile = Profile.ADDITIVE
    seed: int = 0
    timeout_s: float = DEFAULT_TIMEOUT_S
    report: Path | None = None
    baseline: Path | None = None
    complete: bool = False
    selection: str = ""

    def dumps(self) -> str:
        """As JSON text for a worker process, which runs checks but neither judges nor disturbs."""
        targets = {api: _plain(spec) for api, spec in self.targets.items()}
        return json.dumps({"targets": targets, "profile": self.profile, "seed": self.seed, "timeout_s": self.timeout_s})

    @classmethod
    def loads(cls, text: str) -> "Options":
        """The reverse of `dumps`."""
        data = json.loads(text)
        targets = {
            api: TargetSpec(api, **(fields | {"unsupported": tuple(fields["unsupported"])}))
            for api, fields in data["targets"].items()
        }
        return cls(targets, Profile(data["profile"]), data["seed"], data["timeout_s"])


def _plain(spec: TargetSpec) -> dict[str, JSON]:
    return {
        "url": spec.url,
        "token": spec.token,
        "app": spec.app if isinstance(spec.app, str) else None,
        "ca_file": spec.ca_file,
        "unsupported": list(spec.unsupported),
        "values": json.loads(json.dumps(dict(spec.values), default=str)),
        "label": spec.label,
    }


def gather_targets(
    file: Path | None, urls: Mapping[str, str | None], tokens: Mapping[str, str | None]
) -> dict[str, TargetSpec]:
    """The targets of a profile file, with what the command line says put over it.

    Raises:
        ConfigurationError: As `read_targets`.
    """
    targets = read_targets(file) if file is not None else {}
    for api, url in urls.items():
        if url:
            targets[api] = replace(targets.get(api, TargetSpec(api)), url=url, app=None)
    for api, token in tokens.items():
        if token:
            targets[api] = replace(targets.get(api, TargetSpec(api)), token=token)
    return targets


def parse_profile(text: str) -> Profile:
    """A profile by its name.

    Raises:
        ConfigurationError: There is none of that name.
    """
    try:
        return Profile(text)
    except ValueError:
        raise ConfigurationError(f"no profile is called {text!r}; there are: {', '.join(Profile)}") from None


def from_pytest(config: pytest.Config) -> Options:
    """Read the options of a pytest run.

    Raises:
        ConfigurationError: One of them is wrong.
    """
    option = config.getoption
    file, report, baseline = (option(f"robowire_{name}") for name in ("target", "report", "baseline"))
    urls = {api: option(f"{api}_url") for api in ("bags", "foxglove", "losant")}
    tokens = {api: option(f"{api}_token") for api in ("foxglove", "losant")}
    return Options(
        targets=gather_targets(Path(file) if file else None, urls, tokens),
        profile=parse_profile(option("robowire_profile") or Profile.ADDITIVE),
        seed=int(_number("seed", option("robowire_seed") or "0", whole=True)),
        timeout_s=_number("timeout", option("robowire_timeout") or str(DEFAULT_TIMEOUT_S)),
        report=Path(report) if report else None,
        baseline=Path(baseline) if baseline else None,
        complete=option("robowire_complete"),
        selection=option("keyword") or "",
    )


def _number(name: str, text: str, *, whole: bool = False) -> float:
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        raise ConfigurationError(f"--{name} takes a number, not {text!r}") from None
    if not whole and not 0 < number < float("inf"):
        raise ConfigurationError(f"--{name} takes a number of seconds above zero, not {text!r}")
    return number
