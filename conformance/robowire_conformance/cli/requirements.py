"""`robowire requirements`: what the documents ask of a server."""

import click
import orjson
from robowire_fixtures.catalogue import APIS, Catalogue, Requirement, load_catalogue


@click.command()
@click.argument("api", required=False, type=click.Choice(APIS))
@click.option("--json", "as_json", is_flag=True, help="As a JSON array.")
def command(api: str | None, *, as_json: bool) -> None:
    """List the requirements of API, or of all APIs: id, level, statement, and where the document says it."""
    catalogues = [load_catalogue(name) for name in ([api] if api else APIS)]
    if as_json:
        entries = [_entry(catalogue, requirement) for catalogue in catalogues for requirement in catalogue]
        click.echo(orjson.dumps(entries, option=orjson.OPT_INDENT_2))
        return
    for catalogue in catalogues:
        _show(catalogue)


def _entry(catalogue: Catalogue, requirement: Requirement) -> dict[str, object]:
    return {
        "api": catalogue.api,
        "id": requirement.id,
        "level": requirement.level,
        "operation": requirement.operation,
        "title": requirement.title,
        "statement": requirement.statement,
        "source": [catalogue.sections[section].title for section in requirement.source],
        "evidence": requirement.evidence,
        "untested": requirement.untested,
        "unbroken": requirement.unbroken,
    }


def _show(catalogue: Catalogue) -> None:
    operation = ""
    for requirement in catalogue:
        if requirement.operation != operation:
            operation = requirement.operation
            click.echo(("\n" if requirement is not next(iter(catalogue)) else "") + click.style(operation, bold=True))
        level = click.style(f"{requirement.level:<6}", fg="yellow" if requirement.level != "must" else None)
        click.echo(f"  {requirement.id:<20} {level} {requirement.statement} ({catalogue.where(requirement)})")
