"""`robowire report`: the pages of a report, made again from its one source."""

from pathlib import Path

import click

from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.report.write import read_report, write_pages


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make report.html, junit.xml and summary.md of DIR again from its report.json; nothing is sent anywhere."""
    report = read_report(folder)
    try:
        write_pages(report, folder)
    except OSError as error:
        raise ConfigurationError(f"cannot write to {folder}: {error.strerror}") from None
    click.echo(f"report: {folder / 'report.html'}")
