"""What the README and the documentation say is true: tables, links, commands and snippets."""

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import click
import pytest
from robowire_conformance.cli import robowire
from robowire_fixtures.catalogue import APIS
from robowire_mocks import deviations

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)")


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """The code blocks of a language on all pages, each with a name."""
    for page in PAGES:
        for number, match in enumerate(BLOCK.finditer(page.read_text(encoding="utf-8"))):
            if match[1] == language:
                yield f"{page.name}-{number}", match[2]


def commands() -> Iterator[str]:
    """Every `robowire …` that a console block or a CI recipe shows."""
    for language in ("console", "yaml"):
        for _, text in blocks(language):
            for line in text.splitlines():
                for part in re.split(r"&&|- run:", line.partition(" #")[0]):
                    if part.strip().startswith("robowire "):
                        yield part.strip().removesuffix("&").strip()


def tables() -> ModuleType:
    """The script that writes the tables."""
    spec = importlib.util.spec_from_file_location("docs_tables", ROOT / "docs" / "tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_show_the_data() -> None:
    """Each page that is made from data is as the data are now."""
    for path, text in tables().pages():
        assert path.read_text(encoding="utf-8") == text, f"run python docs/tables.py for {path.name}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link within the project names a file, and a heading of it."""
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), f"{page.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_commands_exist(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that is shown is understood, options and values included."""
    monkeypatch.chdir(tmp_path)
    for name in ("robot.toml", "known.toml", "my.toml"):
        (tmp_path / name).touch()
    for name in ("recordings", "report", "FOLDER"):
        (tmp_path / name).mkdir()
    words = shlex.split(command.replace("~", str(tmp_path)))[1:]
    understand(robowire, words)
    known = {deviation.id for api in APIS for deviation in deviations.load(api)}
    assert {words[index + 1] for index, word in enumerate(words) if word == "--deviate"} <= known


def understand(command: click.Command, words: list[str]) -> None:
    """Parse a command line as click does, without running it."""
    context = command.make_context(command.name, list(words))
    if isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        name, subcommand, rest = command.resolve_command(context, rest)
        assert subcommand is not None, name
        understand(subcommand, rest)


@pytest.mark.parametrize(("name", "code"), [pytest.param(*block, id=block[0]) for block in blocks("python")])
def test_snippets_run(name: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python snippet runs as it stands."""
    monkeypatch.chdir(tmp_path)
    exec(compile(code, name, "exec"), {"__name__": "snippet"})  # the documentation's own snippets
