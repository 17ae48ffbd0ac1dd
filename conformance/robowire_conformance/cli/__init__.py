"""The `robowire` command: the only place where suite and mocks meet.

Each subcommand is a module of this package that is imported when it is called, so that `robowire --help` is quick.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

from robowire_conformance.configuration import ConfigurationError

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "check": "Tell whether a server behaves as documented.",
        "serve": "Serve mocks that behave as documented.",
        "control": "Move a mock that is served, and see what was asked of it.",
        "rehearse": "Tell whether a client does right when things go wrong.",
        "generate": "Make recordings.",
        "requirements": "List what the documents require.",
        "deviations": "List the ways in which a mock can be made to misbehave.",
        "detect": "Prove that the suite notices each deviation.",
        "report": "Make the pages of a report again from its report.json.",
    }
)
"""The subcommands, in the order of the help, each with its one line of it."""

USAGE_STATUS = 2
BROKEN_STATUS = 5
INTERRUPTED_STATUS = 130

_SUITE_MODULES = frozenset(
    {"httpx", "httpcore", "hypothesis", "jinja2", "jsonschema_rs", "pytest", "xdist", "schemathesis"}
)


class _Commands(click.Group):
    """The subcommands, imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """One of them."""
        if cmd_name not in COMMANDS:
            import difflib  # only for those who err

            nearest = difflib.get_close_matches(cmd_name, COMMANDS, n=1)
            hint = f"did you mean {nearest[0]!r}?" if nearest else "`robowire --help` lists them"
            raise click.UsageError(f"no command is called {cmd_name!r}; {hint}", ctx)
        module = importlib.import_module(f"{__name__}.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their lines in the help, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="robowire")
def robowire() -> None:
    """Local doubles, recordings and a conformance suite for robot-data HTTP APIs."""


def main(args: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; whatever a person gets wrong is one line on stderr."""
    try:
        status = robowire.main(args=args, prog_name="robowire", standalone_mode=False)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED_STATUS
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on, as under `| head`
        return 0
    except Exception as error:  # noqa: BLE001  # also the harness's own faults, which must not look like the target's
        return _explain(error)
    return status if isinstance(status, int) else 0


def _explain(error: Exception) -> int:
    """Say what went wrong, and whose fault it is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and error.ctx is not None:
        click.echo(error.ctx.get_help(), err=True)
        return USAGE_STATUS
    if isinstance(error, click.ClickException):
        return _fail(error.format_message())
    if isinstance(error, ConfigurationError):
        return _fail(str(error))
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] in _SUITE_MODULES:
        return _fail(f"this needs the suite, and {error.name} is not installed: pip install 'robowire[suite]'")
    traceback.print_exception(error)
    click.echo("robowire: this is a fault of robowire itself; please report it with the lines above", err=True)
    return BROKEN_STATUS


def _fail(message: str) -> int:
    click.echo(f"robowire: {' '.join(message.split())}", err=True)
    return USAGE_STATUS
