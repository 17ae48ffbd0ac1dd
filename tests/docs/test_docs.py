"""What the README and the documentation say is true: tables, links, commands and snippets."""

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from losant_javascript import installed_client
from robowire_conformance.cli import main, robowire
from robowire_conformance.target_file import KEYS, read_targets
from robowire_fixtures.catalogue import APIS
from robowire_fixtures.worldfile import sections_of, world_of
from robowire_generators.telemetry import load_world
from robowire_mocks import create_mock, deviations
from robowire_mocks.bags import world as bags_world
from robowire_mocks.core.serving import serve
from robowire_mocks.core.worlds import Worlds
from robowire_mocks.foxglove import world as foxglove_world

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEST = re.compile(r"^(async )?def test_|^class Test", re.MULTILINE)
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
    rest = [*context._protected_args, *context.args]
    if isinstance(command, click.Group) and (rest or not command.invoke_without_command):
        name, subcommand, rest = command.resolve_command(context, rest)
        assert subcommand is not None, name
        understand(subcommand, rest)


def sections(page: str) -> Iterator[tuple[str, str]]:
    """The TOML blocks of a page, each with the heading that it stands under."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for part in re.split(r"^(?=###? )", text, flags=re.MULTILINE):
        for match in BLOCK.finditer(part):
            if match[1] == "toml":
                yield part.partition("\n")[0].strip("# "), match[2]


WORLDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "Bags": lambda table: world_of(bags_world.World, table),
    "Foxglove": lambda table: world_of(foxglove_world.World, table),
    "Losant": load_world,
}


@pytest.mark.parametrize(("heading", "text"), [*sections("worlds.md")])
def test_worlds_can_be_read(heading: str, text: str) -> None:
    """Every world file that is shown is one, of the API under whose heading it stands; what heads the page, of all."""
    table = tomllib.loads(text)
    named = [api for api in WORLDS if heading.startswith(api)]
    losant = (
        [] if named or heading == "Worlds" or sections_of(table) else ["Losant"]
    )  # its section has parts of its own
    for api in named or losant or WORLDS:
        assert WORLDS[api](table)


@pytest.mark.parametrize("text", [text for heading, text in sections("gate.md") if heading.split()[0].lower() in APIS])
def test_target_profiles_can_be_read(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every target profile that is shown is one."""
    for name in re.findall(r'"env:(\w+)"', text):
        monkeypatch.setenv(name, "secret")
    (tmp_path / "target.toml").write_text(text, encoding="utf-8")
    (spec,) = read_targets(tmp_path / "target.toml").values()
    assert spec.url
    assert spec.values or spec.unsupported


@pytest.mark.parametrize("api", APIS)
def test_target_profiles_are_told_whole(api: str) -> None:
    """Every key that a target profile may have is explained."""
    words = re.findall(r"\w+", (ROOT / "docs" / "gate.md").read_text(encoding="utf-8"))
    assert sorted(KEYS[api] - set(words)) == []


PORTS = {"8080": "foxglove", "8081": "losant", "8090": "bags"}


@pytest.mark.skipif(
    not shutil.which("curl"), reason="NOT RUN: the documentation's curl commands; curl is not installed"
)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_requests_are_answered(page: Path, tmp_path: Path) -> None:
    """Every curl command that is shown is answered with success by the mock that listens on its port by default."""
    text = page.read_text(encoding="utf-8")
    lines = [line for match in BLOCK.finditer(text) if match[1] == "console" for line in match[2].splitlines()]
    requests = [line for line in lines if line.startswith("curl ")]
    with ExitStack() as stack:
        here: dict[str, str] = {}
        for port, api in PORTS.items():
            if any(f":{port}/" in line for line in requests):
                world = "bags-recorder" if api == "bags" else None  # a recorder has to be there for its clock to matter
                mock = stack.enter_context(create_mock(api, world=world))
                worlds = stack.enter_context(Worlds(mock))
                server = stack.enter_context(serve(worlds))
                here[f"http://127.0.0.1:{port}/"] = f"{server.url}/"
                if any(f"https://127.0.0.1:{port}/" in line for line in requests):
                    secure = stack.enter_context(serve(worlds, tls=tmp_path / "mock"))
                    here[f"https://127.0.0.1:{port}/"] = f"{secure.url}/"
        for line in requests:
            command = re.sub(r"https?://127\.0\.0\.1:\d+/", lambda match: here.get(match[0], match[0]), line, count=0)
            words = [*shlex.split(command), "--fail-with-body", "--silent", "--show-error", "--noproxy", "*"]
            run = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
            assert run.returncode == 0, (line, run.stdout, run.stderr)


def test_controls_are_carried_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `robowire control` that is shown does what it says, one after the other."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.toml").write_text("[clock]\nfrozen = true\n", encoding="utf-8")
    shown = [line for line in dict.fromkeys(commands()) if line.startswith("robowire control ")]
    with create_mock("foxglove") as mock, Worlds(mock) as worlds, serve(worlds) as server:
        for line in shown:
            words = shlex.split(line.replace("http://127.0.0.1:8080", server.url))[1:]
            wanted = {0, 1} if "assert" in words else {0}  # nobody made the calls of an example
            assert "--follow" in words or main(words) in wanted, line


PROGRAMS = [pytest.param(*block, id=block[0]) for block in blocks("python") if not TEST.search(block[1])]


@pytest.mark.parametrize(("name", "code"), PROGRAMS)
def test_snippets_run(name: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python snippet runs as it stands."""
    monkeypatch.chdir(tmp_path)
    exec(compile(code, name, "exec"), {"__name__": "snippet"})  # the documentation's own snippets


@pytest.mark.parametrize(
    "page", sorted({name.partition("-")[0] for name, code in blocks("python") if TEST.search(code)})
)
def test_snippets_that_are_tests_pass(page: str, tmp_path: Path) -> None:
    """Every snippet that has tests is a module of them, beside the files that its page shows with their names."""
    for name, code in blocks("python"):
        if name.startswith(page) and TEST.search(code):
            (tmp_path / f"test_{name.rpartition('-')[2]}.py").write_text(code, encoding="utf-8")
    for name, text in blocks("toml"):
        if name.startswith(page) and text.startswith("# "):
            (tmp_path / text.partition("\n")[0].removeprefix("# ")).write_text(text, encoding="utf-8")
    options = ["-q", "-W", "error", "-p", "no:schemathesis", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *options]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("name", "code"), [pytest.param(*block, id=block[0]) for block in blocks("javascript")])
def test_javascript_runs(name: str, code: str) -> None:
    """Every JavaScript snippet runs as it stands, with the mock where it looks for it."""
    folder = installed_client()
    with create_mock("losant") as mock, serve(mock) as server:
        program = code.replace("http://127.0.0.1:8081", server.url)
        assert program != code, name
        run = subprocess.run(["node", "-"], input=program, cwd=folder, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    assert "points" in run.stdout
