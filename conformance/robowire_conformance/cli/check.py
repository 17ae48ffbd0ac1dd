"""`robowire check`: the suite against a server, or against the embedded mock."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import click
from robowire_fixtures.catalogue import APIS

from robowire_conformance.baseline import DEFAULT_FILE, read_entries
from robowire_conformance.baseline import write_baseline as write_baseline_file
from robowire_conformance.cli.embedded import embedded
from robowire_conformance.cli.progress import RunProgress
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.evidence import printable
from robowire_conformance.judgement import combine
from robowire_conformance.limits import DEFAULT_TIMEOUT_S
from robowire_conformance.options import Options, gather_targets
from robowire_conformance.report.model import Entry, Report
from robowire_conformance.report.terminal import summary_text
from robowire_conformance.report.write import prepare_folder, write_report
from robowire_conformance.run import Plan, RunResult, run
from robowire_conformance.target import Profile, TargetSpec
from robowire_conformance.verdict import Status

DEFAULT_REPORT = Path("robowire-report")
_FAILING = frozenset({Status.FAILED, Status.KNOWN, Status.WARNED})


@click.command()
@click.argument("api", type=click.Choice([*APIS, "all"]))
@click.option("--url", help="URL of the server; without it and --target, the embedded mock is checked.")
@click.option("--token", help="Bearer token for it.")
@click.option("--target", type=click.Path(path_type=Path), metavar="FILE", help="Target profile, a TOML file.")
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    help="What the suite may do [default: additive; mock: full].",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default=DEFAULT_REPORT,
    show_default=True,
    help="Folder.",
)
@click.option("--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Known failures, a TOML file.")
@click.option(
    "--write-baseline",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help=f"Write today's failures as the baseline [file: that of --baseline, else {DEFAULT_FILE}].",
)
@click.option("--complete", is_flag=True, help="Fail unless every selected `must` is tested.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything that is drawn at random.")
@click.option(
    "--timeout", type=float, default=DEFAULT_TIMEOUT_S, show_default=True, metavar="SECONDS", help="A request's."
)
@click.option("-n", "workers", type=click.IntRange(1, 64), default=1, metavar="WORKERS", help="Processes to run in.")
@click.option("-k", "selection", default="", metavar="EXPR", help="Only the checks whose names fit, as in pytest.")
def command(
    api: str,
    url: str | None,
    token: str | None,
    target: Path | None,
    profile: str | None,
    report: Path,
    baseline: Path | None,
    write_baseline: str | None,
    complete: bool,  # noqa: FBT001  # click passes by name
    seed: int,
    timeout: float,
    workers: int,
    selection: str,
) -> int:
    """Run the suite of API and end with the table of verdicts and a report.

    Exit status: 0 conforms; 1 a `must` fails, or the baseline is stale; 2 wrong usage; 3 incomplete; 4 the target
    cannot be reached; 5 the harness broke; 6 something created could not be removed.
    """
    if timeout <= 0:
        raise ConfigurationError(f"--timeout takes a number of seconds above zero, not {timeout:g}")
    options = Options(
        seed=seed, timeout_s=timeout, report=report, baseline=baseline, complete=complete, selection=selection
    )
    chosen = _chosen(api, target)
    given = _given(chosen, url, token, target)
    prepare_folder(report)
    kept = None if write_baseline is None else _baseline_file(write_baseline, baseline)
    statuses = []
    for name in chosen:
        folder = report / name if api == "all" else report
        result = _check(name, given.get(name), options, profile, workers)
        for made in result.reports:
            _finish(made, folder)
            if kept is not None:
                _keep(made, kept)
        statuses.append(result.exit_status)
    return int(combine(statuses))


def _baseline_file(named: str, baseline: Path | None) -> Path:
    """Where the baseline is to be written; what would stand in the way is told before the run."""
    file = Path(named) if named else baseline or DEFAULT_FILE
    if not file.parent.is_dir():
        raise ConfigurationError(f"cannot write the baseline {file}: there is no folder {file.parent}")
    if file.exists():
        read_entries(file)
    return file


def _chosen(api: str, file: Path | None) -> tuple[str, ...]:
    """The APIs to check: the one that is named or, of all, those that the target profile has a table for."""
    if api != "all":
        return (api,)
    named = APIS if file is None else gather_targets(file, {}, {})
    return tuple(name for name in APIS if name in named) or APIS


def _given(apis: Sequence[str], url: str | None, token: str | None, file: Path | None) -> dict[str, TargetSpec]:
    """The targets that the person names; those that are missing are the embedded mocks."""
    if (url or token) and len(apis) > 1:
        raise ConfigurationError("--url and --token are of one API: name it, or give all of them in a --target FILE")
    api = apis[0]
    targets = gather_targets(file, {api: url}, {api: token})
    for name in apis:
        spec = targets.get(name)
        if file is not None and spec is None:
            raise ConfigurationError(f"{file} has no table [{name}]: add one with the url of the server")
        if spec is not None and not spec.url and spec.app is None:
            raise ConfigurationError(f"where is {name}? give --url, or a url under [{name}] in the target profile")
    return targets


def _check(name: str, spec: TargetSpec | None, options: Options, profile: str | None, workers: int) -> RunResult:
    with ExitStack() as stack:
        if spec is None:
            target = stack.enter_context(embedded(name, served=workers > 1))
            allowed = Profile(profile or Profile.FULL)
        else:
            target, allowed = spec, Profile(profile or Profile.ADDITIVE)
        title = f"checking {name} at {printable(target.shown)}"
        chosen = replace(options, targets={name: target}, profile=allowed)
        return run(Plan((name,), chosen, workers=workers, plugins=(RunProgress(title),)))


def _finish(report: Report, folder: Path) -> None:
    write_report(report, folder)
    click.echo(summary_text(report, color=sys.stdout.isatty()), nl=False)
    click.echo(f"report: {folder / 'report.html'}")


def _keep(report: Report, file: Path) -> None:
    failing = {entry.id: _reason(entry) for entry in report.requirements if entry.status in _FAILING}
    judged = [entry.id for entry in report.requirements if entry.status in _FAILING | {Status.PASSED}]
    count = write_baseline_file(file, failing, judged)
    click.echo(f"baseline: {file} ({count} known)")


def _reason(entry: Entry) -> str:
    """What a new entry of the baseline says; a person replaces it by why that is put up with."""
    return entry.failures[0].message if entry.failures else entry.reason
