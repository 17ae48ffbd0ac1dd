"""Each subcommand does its job, and tells whoever gets it wrong what to do, in one line."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from robowire_conformance.cli import COMMANDS, main
from robowire_conformance.report.model import Report
from robowire_conformance.report.write import write_report
from robowire_fixtures.catalogue import APIS, load_catalogue
from robowire_mocks.deviations import load
from rosbags.rosbag1 import Reader

HEAVY = ["httpx", "hypothesis", "pytest", "rich", "jinja2", "numpy", "rosbags", "flask", "cheroot", "yaml", "orjson"]


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The code in an interpreter of its own."""
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)


def test_the_help_names_every_command_and_imports_nothing_heavy(tmp_path: Path) -> None:
    """`robowire --help` imports click and little else."""
    code = (
        "import sys\nfrom robowire_conformance.cli import main\nstatus = main(['--help'])\n"
        f"sys.exit(status or [name for name in {HEAVY!r} if name in sys.modules] or 0)"
    )
    done = python(code, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The help of each command says how it is used."""
    assert main([name, "--help"]) == 0
    assert f"Usage: robowire {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "did you mean 'check'?"),
        (["check"], "Missing argument"),
        (["check", "robots"], "'robots' is not one of 'bags', "),
        (["check", "bags", "--url"], "requires an argument"),
        (["check", "bags", "--url", "robot:8090"], "not an http or https URL"),
        (["check", "bags", "--target", "none.toml"], "cannot read the target profile none.toml"),
        (["check", "bags", "--token", "x"], "where is bags? give --url"),
        (["check", "bags", "--timeout", "0"], "--timeout takes a number of seconds above zero"),
        (["check", "bags", "--profile", "most"], "'most' is not one of"),
        (["check", "bags", "--url", "http://robot", "--baseline", "none.toml"], "cannot read the baseline none.toml"),
        (["check", "bags", "-n", "0"], "0 is not in the range"),
        (
            ["check", "bags", "--url", "http://robot", "--report", "/dev/null/x"],
            "cannot write the report to /dev/null/x",
        ),
        (["check", "bags", "--url", "http://robot", "--write-baseline", "/dev/null/x"], "cannot write the baseline"),
        (["serve", "bags", "--port", "99999"], "99999 is not in the range"),
        (["serve", "bags", "--bags", "none"], "there is no folder none"),
        (["serve", "bags", "--world", "none"], "no world is called 'none'"),
        (["serve", "bags", "--record", "--world", "bags"], "--record and --world exclude each other"),
        (["serve", "losant", "--record"], "losant records no bags: --record is of bags, or of all"),
        (["serve", "bags", "--deviate", "list-in-objekt"], "did you mean 'list-in-object'?"),
        (["serve", "bags", "--deviate", "xyz"], "`robowire deviations bags` lists them"),
        (["serve", "bags", "--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1"),
        (["generate", "bag"], "Missing argument 'OUT'"),
        (["generate", "bag", "a.bag", "--size", "big"], "'big' is no size"),
        (["generate", "bag", "a.bag", "--duration", "-1"], "The duration cannot be"),
        (["generate", "bag", "no/folder/a.bag"], "cannot write no/folder/a.bag"),
        (["generate", "mcap", "a.mcap", "--encoding", "ros2", "--start", "2040-01-01"], "ROS 2 can tell times to 2038"),
        (["generate", "mcap", "a.mcap", "--no-index", "--broken", "statistics-lie"], "Only an MCAP file with messages"),
        (["generate", "mcap", "a.mcap", "--topic", "/nothing"], "has no topic '/nothing'"),
        (["generate", "rosbag2", "bag", "--compression", "zstd"], "Only the storage mcap compresses"),
        (["report", "none"], "cannot read none/report.json"),
        (["detect", "bags", "-k", "nothing-like-it"], "no deviation of bags has 'nothing-like-it'"),
        (["requirements", "robots"], "'robots' is not"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_a_person_gets_wrong_is_one_line(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong usage is exit status 2, one line that says what to do, and never a traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("robowire: ")
    assert printed.err.count("\n") == 1
    assert said in printed.err
    assert printed.out == ""


def test_what_is_wrong_in_a_world_file_is_said_with_its_name(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not go together, too, though each part of it may be so."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    world = tmp_path / "twins.toml"
    world.write_text('[[device]]\nname = "a"\n[[device]]\nname = "a"\n', encoding="utf-8")
    assert main(["serve", "foxglove", "--world", str(world)]) == 2
    assert capsys.readouterr().err == f"robowire: {world}: device: two have the name 'a'\n"


def test_the_command_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a subcommand there is nothing to do."""
    assert main([]) == 2
    assert "Usage: robowire" in capsys.readouterr().err


def test_a_missing_extra_is_named(tmp_path: Path) -> None:
    """Where only the mocks are installed, `check` says what to install."""
    code = "import sys\nsys.modules['httpx'] = None\nfrom robowire_conformance.cli import main\n"
    done = python(code + "sys.exit(main(['check', 'bags']))", tmp_path)
    assert done.returncode == 2
    assert "pip install 'robowire[suite]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_fault_of_the_house_is_no_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not foreseen ends with exit status 5, which is not that of a target that fails."""
    monkeypatch.setattr("robowire_conformance.cli.requirements.load_catalogue", lambda _api: 1 / 0)
    assert main(["requirements"]) == 5
    assert "a fault of robowire itself" in capsys.readouterr().err


def test_requirements_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """As text and as JSON, with where the document says them."""
    assert main(["requirements", "bags"]) == 0
    text = capsys.readouterr().out
    assert main(["requirements", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in listed] == [requirement.id for api in APIS for requirement in load_catalogue(api)]
    assert all(requirement.id in text and requirement.statement in text for requirement in load_catalogue("bags"))
    assert all(entry["source"] for entry in listed)


def test_deviations_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """As text and as JSON, with what they break."""
    assert main(["deviations", "bags"]) == 0
    text = capsys.readouterr().out
    assert main(["deviations", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in listed] == [deviation.id for api in APIS for deviation in load(api)]
    assert all(deviation.id in text and deviation.breaks in text for deviation in load("bags"))


def test_a_bag_is_generated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same seed gives the same bytes; a file that is there stays unless it may be replaced."""
    path, again = tmp_path / "a.bag", tmp_path / "b.bag"
    for out in (path, again):
        assert main(["generate", "bag", str(out), "--duration", "5", "--seed", "3", "--compression", "lz4"]) == 0
    with Reader(path) as reader:
        assert f"{path}: {reader.message_count} messages, {path.stat().st_size} bytes" in capsys.readouterr().out
    assert path.read_bytes() == again.read_bytes()
    assert main(["generate", "bag", str(path)]) == 2
    assert "replace it with --force" in capsys.readouterr().err
    assert main(["generate", "bag", str(path), "--force", "--duration", "1"]) == 0
    assert path.read_bytes() != again.read_bytes()


def test_a_broken_bag_is_generated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each kind of damage has a name."""
    assert main(["generate", "bag", str(tmp_path / "a.bag"), "--broken", "empty"]) == 0
    assert "empty, 0 bytes" in capsys.readouterr().out


def test_an_mcap_file_is_generated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same options give the same bytes; each kind of damage has a name."""
    path, again = tmp_path / "a.mcap", tmp_path / "b.mcap"
    for out in (path, again):
        options = ["--duration", "3", "--encoding", "json", "--compression", "lz4", "--track-hz", "10", "--unchunked"]
        assert main(["generate", "mcap", str(out), *options]) == 0
    assert f"{path.stat().st_size} bytes, 2023-10-31" in capsys.readouterr().out
    assert path.read_bytes() == again.read_bytes()
    assert main(["generate", "mcap", str(path)]) == 2
    assert "replace it with --force" in capsys.readouterr().err
    assert main(["generate", "mcap", str(path), "--force", "--duration", "3", "--broken", "wrong-magic"]) == 0
    assert "wrong-magic" in capsys.readouterr().out


@pytest.mark.parametrize(("storage", "suffix"), [("sqlite3", "db3"), ("mcap", "mcap")])
def test_a_ros_2_bag_is_generated(
    storage: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with a file of messages and metadata.yaml."""
    path = tmp_path / "bag"
    assert main(["generate", "rosbag2", str(path), "--storage", storage, "--duration", "2", "--idl"]) == 0
    assert sorted(each.name for each in path.iterdir()) == [f"bag_0.{suffix}", "metadata.yaml"]
    assert "messages" in capsys.readouterr().out


def test_a_report_is_made_again(report: Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The pages come back from report.json alone."""
    write_report(report, tmp_path)
    before = (tmp_path / "report.html").read_bytes()
    (tmp_path / "report.html").unlink()
    assert main(["report", str(tmp_path)]) == 0
    assert (tmp_path / "report.html").read_bytes() == before
    assert "report.html" in capsys.readouterr().out


def test_serve_tells_when_it_is_ready_and_stops_when_told(tmp_path: Path) -> None:
    """It prints `ready URL`, answers, deviates as asked, logs each request, and ends well on SIGTERM."""
    command = [sys.executable, "-c", "import sys; from robowire_conformance.cli import main; sys.exit(main())"]
    arguments = ["serve", "all", "--port", "0", "--deviate", "list-of-names"]
    with subprocess.Popen(
        [*command, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready http://127.0.0.1:")
        url = line.split()[1]
        others = [process.stdout.readline() for _ in APIS[1:]]
        assert all(other.startswith("ready http://127.0.0.1:") for other in others)
        with urllib.request.urlopen(f"{url}/bags/") as answer:
            assert all(isinstance(name, str) for name in json.load(answer))
        taken = subprocess.run(
            [*command, "serve", "bags", "--port", url.rsplit(":", 1)[1]], capture_output=True, text=True, check=False
        )
        process.send_signal(signal.SIGTERM)
        out, log = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "")
    assert " GET /bags/ 200 " in log
    assert log.endswith("stopped\n")
    assert taken.returncode == 2
    assert "is taken: choose another with --port" in taken.stderr


def test_check_runs_the_embedded_mock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a URL the mock is checked; the table, the conclusion and the report's path come last."""
    monkeypatch.chdir(tmp_path)
    assert main(["check", "bags", "-k", "test_the_list_is_an_array_of_objects"]) == 0
    out = capsys.readouterr().out
    assert "bags at the embedded mock" in out
    assert "Conforms: 1 must requirement proven" in out
    assert out.endswith(f"report: {Path('robowire-report') / 'report.html'}\n")
    report = json.loads((tmp_path / "robowire-report" / "report.json").read_text("utf-8"))
    assert (report["target"], report["profile"]) == ("the embedded mock", "full")


@pytest.fixture
def nothing_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A target profile of an application that answers 404 to everything."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "nothing_there_app.py").write_text(
        "def app(environ, start_response):\n    start_response('404 Not Found', [])\n    return [b'']\n"
    )
    path = tmp_path / "target.toml"
    path.write_text('[bags]\napp = "nothing_there_app:app"\n')
    return path


def test_check_fails_and_writes_its_baseline(nothing_there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Failures go into a baseline; with it, they are known, and a run that proves nothing is still no pass."""
    arguments = ["check", "all", "--target", str(nothing_there), "--report", "out"]
    assert main([*arguments, "--write-baseline"]) == 1
    assert "baseline: robowire-baseline.toml (" in capsys.readouterr().out
    assert (nothing_there.parent / "out" / "bags" / "report.json").is_file()
    assert main([*arguments, "--baseline", "robowire-baseline.toml"]) == 3
    assert "Known failures" in capsys.readouterr().out


def test_check_ends_quietly_where_nobody_reads_on(nothing_there: Path) -> None:
    """Under `| head` there is no traceback."""
    command = f"{sys.executable} -c 'import sys; from robowire_conformance.cli import main; sys.exit(main())'"
    script = f"{command} requirements | head -n 1"
    done = subprocess.run(
        ["sh", "-c", script], cwd=nothing_there.parent, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.stdout == f"{next(iter(load_catalogue(APIS[0]))).operation}\n"
    assert "Traceback" not in done.stderr
