"""`robowire detect`: the suite against each deviation of the embedded mock, and the table of what it noticed."""

import json
import sys
from dataclasses import asdict
from multiprocessing import get_all_start_methods
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from robowire_fixtures.catalogue import APIS
from robowire_mocks.deviations import Deviation, load

from robowire_conformance.cli.detection import prove
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.report.detect import Detection, Proof, markdown, page, table_text


@click.command()
@click.argument("api", type=click.Choice(APIS))
@click.option("--report", type=click.Path(path_type=Path), metavar="DIR", help="Folder for detect.html, .json and .md.")
@click.option("-n", "workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes to run in.")
@click.option(
    "-k", "selection", default="", metavar="TEXT", help="Only deviations whose id or requirement has TEXT in it."
)
@click.option(
    "--every",
    type=click.IntRange(1),
    default=1,
    metavar="N",
    help="Only the first of each N deviations, for a quick look.",
)
def command(api: str, report: Path | None, workers: int, selection: str, every: int) -> int:
    """Run the suite of API against the embedded mock, honest and with each deviation.

    Exit status 0 only if the honest mock passes whole, and each deviation makes the requirement that it breaks fail,
    and no other.
    """
    if "fork" not in get_all_start_methods():
        raise ConfigurationError("detect forks its workers, which this system cannot: run it on Linux or macOS")
    everything = load(api)
    chosen = [one for one in everything if selection.lower() in f"{one.id} {one.breaks}".lower()]
    if not chosen:
        raise ConfigurationError(
            f"no deviation of {api} has {selection!r} in its id; `robowire deviations {api}` lists them"
        )
    proof = _prove(api, chosen[::every], workers, whole=not selection and every == 1)
    click.echo(table_text(proof, color=sys.stdout.isatty()), nl=False)
    if report is not None:
        _write(proof, report)
        click.echo(f"report: {report / 'detect.html'}")
    return 0 if proof.holds else 1


def _prove(api: str, chosen: list[Deviation], workers: int, *, whole: bool) -> Proof:
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"detecting in {api}", total=len(chosen) + 1)
        for step in prove(api, chosen, workers=workers, whole=whole):
            if isinstance(step, Proof):
                return step
            bar.advance(task)
            if not console.is_terminal and not step.exact and step.id:
                console.print(_line(step), highlight=False, markup=False)
    raise AssertionError("there is always a proof in the end")


def _line(step: Detection) -> str:
    said = f"also fails {', '.join(step.crowd)}" if step.detected else "is not detected"
    return f"{step.id} (breaks {step.breaks}) {said if not step.errors else f'breaks the harness: {step.errors[0]}'}"


def _write(proof: Proof, folder: Path) -> None:
    data = asdict(proof) | {"holds": proof.holds}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "detect.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        (folder / "detect.md").write_text(markdown(proof), encoding="utf-8")
        (folder / "detect.html").write_text(page(proof), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot write the report to {folder}: {error.strerror}") from None
