"""The plugin costs a stranger's pytest run nothing, and gives the suite's runs the verdicts of `robowire check`."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from suite_runs import answering

HEAVY = [
    "httpx",
    "httpcore",
    "hypothesis",
    "jsonschema_rs",
    "rich",
    "jinja2",
    "numpy",
    "rosbags",
    "flask",
    "yaml",
    "orjson",
]
HEAVY += ["schemathesis", "robowire_fixtures", "robowire_conformance.session", "robowire_conformance.client"]


def run_pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest in a process of its own, with no plugin but ours and xdist."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "robowire_conformance.plugin",
        "-p",
        "no:cacheprovider",
        *arguments,
    ]
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def served() -> Iterator[str]:
    """A server that answers everything with an empty list."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Say nothing."""

    with make_server("127.0.0.1", 0, answering("200 OK", b"[]"), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_strangers_run_imports_nothing_heavy(tmp_path: Path) -> None:
    """Where no test of the suite is collected, nothing is imported but the plugin itself, and nothing is changed."""
    (tmp_path / "test_theirs.py").write_text(
        "import sys\n"
        "def test_modules():\n"
        f"    assert not [name for name in {HEAVY!r} if name in sys.modules]\n"
        "def test_fails():\n"
        "    assert 0\n"
    )
    done = run_pytest(tmp_path, "-q")
    assert "1 failed, 1 passed" in done.stdout
    assert done.returncode == 1
    assert "robowire" not in done.stdout


def test_a_strangers_options_do_not_clash(tmp_path: Path) -> None:
    """Another plugin may have --timeout, --profile and the like, whichever is loaded first."""
    (tmp_path / "other.py").write_text(
        "def pytest_addoption(parser):\n"
        "    for name in ('timeout', 'profile', 'target', 'report', 'seed', 'baseline', 'complete'):\n"
        "        parser.addoption(f'--{name}', default='theirs')\n"
    )
    (tmp_path / "test_theirs.py").write_text(
        "def test_theirs(request):\n    assert request.config.getoption('timeout') == 'theirs'\n"
    )
    for order in (["-p", "other"], ["-p", "other", "-p", "robowire_conformance.plugin"]):
        done = run_pytest(tmp_path, "-q", "-o", "pythonpath=.", *order)
        assert done.returncode == 0, done.stdout + done.stderr


def test_pyargs_gives_the_verdicts_of_check(tmp_path: Path, served: str) -> None:
    """`pytest --pyargs robowire_conformance.bags` has the short options, the table, the report and the exit status."""
    options = ("--bags-url", served, "--report", "out", "--profile", "additive", "--timeout", "5", "--seed", "3")
    done = run_pytest(tmp_path, "--pyargs", "robowire_conformance.bags", *options)
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert done.returncode == report["exit_status"] == 3, done.stdout + done.stderr
    assert report["conclusion"] in done.stdout
    assert (report["seed"], report["profile"], report["complete"]) == (3, "additive", True)
    assert "report: out" in done.stdout


SUITE = """
@proves("BAGS-LIST-001")
def test_pass(bags_target):
    assert bags_target.client.get("/bags/").json() == []

@proves("BAGS-LIST-002")
def test_fail(bags_target):
    raise Violation("it is wrong", expected=1, actual=2)

@proves("BAGS-LIST-003")
def test_skip(bags_target):
    bags_target.need("a_thing")

@disturbs
@proves("BAGS-LIST-004")
def test_disturb(bags_target):
    bags_target.advance_clock(1)
"""


@pytest.mark.parametrize(
    ("workers", "disturbance"),
    [([], "give advance_clock"), (["-p", "xdist.plugin", "-n", "2"], "run without -n")],
    ids=["alone", "with workers"],
)
def test_outcomes_are_pytests_own(
    small_suite: Callable[[str], Path], tmp_path: Path, served: str, workers: list[str], disturbance: str
) -> None:
    """A failure is shown by what came and what was due, what is not tested as skipped with its reason."""
    small_suite(SUITE)
    options = ("--bags-url", served, "--robowire-report", "out", "--robowire-profile", "full")
    done = run_pytest(tmp_path, "suite", "-rs", *workers, *options)
    assert "1 failed, 1 passed, 2 skipped" in done.stdout
    assert done.returncode == 1
    assert "BAGS-LIST-002: it is wrong" in done.stdout
    assert "the target profile gives no a_thing" in done.stdout
    assert disturbance in done.stdout
    assert "Traceback" not in done.stdout
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert report["summary"] | {"not-tested": 0} == {
        "passed": 1,
        "failed": 1,
        "warned": 0,
        "known": 0,
        "not-tested": 0,
        "not-applicable": 0,
        "error": 0,
    }


def test_known_failures_do_not_fail_a_run(small_suite: Callable[[str], Path], tmp_path: Path, served: str) -> None:
    """What the baseline lists is shown as an expected failure."""
    small_suite(SUITE)
    (tmp_path / "known.toml").write_text('[[known]]\nid = "BAGS-LIST-002"\nreason = "firmware"\n')
    done = run_pytest(tmp_path, "suite", "--bags-url", served, "--robowire-baseline", "known.toml")
    assert "1 passed, 2 skipped, 1 xfailed" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([], 2, "robowire: no target"),
        (["--bags-url", "http://robot", "--robowire-profile", "most"], 2, "no profile is called 'most'"),
        (["--bags-url", "http://127.0.0.1:1"], 4, "cannot be reached"),
        (["--bags-url", "http://robot", "-k", "nothing"], 3, "Incomplete"),
    ],
)
def test_exit_statuses_are_those_of_check(
    small_suite: Callable[[str], Path], tmp_path: Path, arguments: list[str], status: int, said: str
) -> None:
    """Wrong usage, an unreachable target and a run of nothing are told apart, and none is a pass."""
    small_suite(SUITE.replace("raise Violation", "pass  # "))
    done = run_pytest(tmp_path, "suite", *arguments)
    assert done.returncode == status, done.stdout + done.stderr
    assert said in done.stdout + done.stderr
