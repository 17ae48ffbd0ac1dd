"""Outcomes of checks become verdicts, and verdicts exit statuses; nothing tested is never a pass."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.judgement import Exit
from robowire_conformance.options import Options
from robowire_conformance.run import Plan, RunResult, run
from robowire_conformance.target import Hooks, Profile, TargetSpec
from robowire_conformance.verdict import Status
from suite_runs import answering, entries, run_suite

GOOD = answering("200 OK", b"[]", Content_Type="application/json")
SPEC = TargetSpec("bags", url="http://robot.test", app=GOOD)
Write = Callable[[str], Path]

PASS = """
@proves("BAGS-LIST-001")
def test_pass(bags_target):
    assert bags_target.client.get("/bags/").json() == []
"""
FAIL = """
@proves("BAGS-LIST-002")
def test_fail(bags_target):
    answer = bags_target.client.get("/bags/")
    raise Violation("it is wrong", expected=[1], actual=answer.json(), exchange=answer.exchange)
"""
SKIP = """
@proves("BAGS-LIST-003")
def test_skip(bags_target):
    bags_target.need("something")
"""
BREAK = """
@proves("BAGS-LIST-004")
def test_break(bags_target):
    assert 1 == 2
"""
LEAVE = """
@pytest.fixture
def thing():
    yield
    raise Leftover("the thing 42")

@proves("BAGS-LIST-005")
def test_leave(thing):
    pass
"""


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (PASS, Exit.CONFORMS),
        (PASS + SKIP, Exit.CONFORMS),
        (FAIL, Exit.FAILS),
        (SKIP, Exit.INCOMPLETE),
        ("", Exit.INCOMPLETE),
        (BREAK, Exit.HARNESS),
        (LEAVE, Exit.LEFTOVER),
        (PASS + FAIL + SKIP + LEAVE, Exit.FAILS),
        (PASS + FAIL + BREAK + LEAVE, Exit.HARNESS),
        ("import nothing_of_this_name", Exit.HARNESS),
        ("@proves('BAGS-NONE-001')\ndef test_unknown():\n    pass", Exit.HARNESS),
    ],
)
def test_exit_status(small_suite: Write, code: str, status: Exit) -> None:
    """The gravest of what happened decides: broken harness, failure, leftover, nothing proven."""
    assert run_suite(SPEC, small_suite(code)).exit_status is status


def test_complete_asks_for_every_selected_must(small_suite: Write) -> None:
    """Under --complete, a must that could not be tested makes a run incomplete, unless it was not selected."""
    folder = small_suite(PASS + SKIP)
    assert run_suite(SPEC, folder, complete=True).exit_status is Exit.INCOMPLETE
    assert run_suite(SPEC, folder, complete=True, selection="pass").exit_status is Exit.CONFORMS
    assert run_suite(SPEC, folder, selection="nothing").exit_status is Exit.INCOMPLETE


def statuses(result: RunResult) -> dict[str, Status]:
    """The verdicts that some check has a word on."""
    return {name.removeprefix("BAGS-"): entry.status for name, entry in entries(result).items() if entry.checks}


def test_a_failure_has_its_evidence(small_suite: Write) -> None:
    """Message, expected, actual, request, response and curl are in the report."""
    entry = entries(run_suite(SPEC, small_suite(FAIL)))["BAGS-LIST-002"]
    (failure,) = entry.failures
    assert (failure.message, failure.expected, failure.actual) == ("it is wrong", [1], [])
    assert failure.curl.endswith("http://robot.test/bags/")
    assert failure.response is not None
    assert failure.response["body"] == "[]"
    assert failure.check.startswith("suite/test_small_")
    assert failure.check.endswith(".py::test_fail")
    assert entry.reason == "it is wrong"


def test_a_violation_names_what_it_breaks(small_suite: Write) -> None:
    """Of several requirements, the named one fails, be it another check's; a check that stopped proves nothing else."""
    code = """
@proves("BAGS-LIST-001", "BAGS-LIST-002")
def test_named():
    raise Violation("second", requirement="BAGS-LIST-002")

@proves("BAGS-LIST-003", "BAGS-LIST-004", "BAGS-LIST-005")
def test_finished():
    raise Violations("all", [Violation("x", requirement="BAGS-LIST-003"), Violation("y", requirement="BAGS-LIST-009")])

@proves("BAGS-LIST-006", "BAGS-LIST-007")
def test_unnamed():
    raise Violation("both")

@proves("BAGS-LIST-008")
def test_foreign():
    raise Violation("other", requirement="BAGS-LIST-001")
"""
    result = run_suite(SPEC, small_suite(code))
    assert statuses(result) == {
        "LIST-001": Status.FAILED,
        "LIST-002": Status.FAILED,
        "LIST-003": Status.FAILED,
        "LIST-004": Status.PASSED,
        "LIST-005": Status.PASSED,
        "LIST-006": Status.FAILED,
        "LIST-007": Status.FAILED,
        "LIST-008": Status.NOT_TESTED,
        "LIST-009": Status.FAILED,
    }
    assert entries(result)["BAGS-LIST-001"].reason == "other"
    assert entries(result)["BAGS-LIST-008"].reason == "BAGS-LIST-001, which it needs, fails: other"


def test_a_prerequisite_that_fails_makes_no_crowd(small_suite: Write) -> None:
    """What a fixture finds fails its own requirement; the checks that need it are not tested and say so."""
    code = """
@pytest.fixture(scope="session")
def bags():
    raise Violation("no list", requirement="BAGS-LIST-001")

@pytest.fixture
def other():
    raise NotTested("not today")

@proves("BAGS-LIST-001")
def test_list(bags): pass

@proves("BAGS-LIST-002")
def test_name(bags): pass

@proves("BAGS-LIST-003")
def test_other(other): pass
"""
    result = run_suite(SPEC, small_suite(code))
    assert statuses(result) == {
        "LIST-001": Status.FAILED,
        "LIST-002": Status.NOT_TESTED,
        "LIST-003": Status.NOT_TESTED,
    }
    assert entries(result)["BAGS-LIST-002"].reason == "BAGS-LIST-001, which it needs, fails: no list"
    assert entries(result)["BAGS-LIST-003"].reason == "not today"


def test_several_checks_of_a_requirement(small_suite: Write) -> None:
    """One failure fails it, an error is an error, and a pass beside an untested check is a pass."""
    code = """
@proves("BAGS-LIST-001", "BAGS-LIST-002", "BAGS-LIST-003")
def test_pass(): pass

@proves("BAGS-LIST-001")
def test_fail(): raise Violation("no")

@proves("BAGS-LIST-002")
def test_skip(): raise NotTested("no")

@proves("BAGS-LIST-003")
def test_break(): raise KeyError("x")
"""
    assert statuses(run_suite(SPEC, small_suite(code))) == {
        "LIST-001": Status.FAILED,
        "LIST-002": Status.PASSED,
        "LIST-003": Status.ERROR,
    }


def test_no_answer_of_a_living_target_is_its_failure(small_suite: Write) -> None:
    """A request that gets no answer fails the check if the target answers elsewhere."""
    code = """
@proves("BAGS-LIST-001")
def test_silence(bags_target):
    bags_target.client.get("/bags/")
"""

    def app(environ, start_response):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202  # PEP 3333
        start_response("200 OK", [("Content-Length", "9" if environ["PATH_INFO"] == "/bags/" else "0")])
        return [b""]

    result = run_suite(TargetSpec("bags", app=app), small_suite(code))
    assert result.exit_status is Exit.FAILS
    assert "no answer" in entries(result)["BAGS-LIST-001"].reason


def test_what_the_owner_does_not_support_is_not_applicable(small_suite: Write) -> None:
    """Declared requirements are neither tested nor failed."""
    spec = TargetSpec("bags", app=GOOD, unsupported=("BAGS-LIST-002", "BAGS-STORAGE-*"))
    result = run_suite(spec, small_suite(PASS + FAIL))
    assert result.exit_status is Exit.CONFORMS
    assert entries(result)["BAGS-LIST-002"].status is Status.NOT_APPLICABLE
    assert entries(result)["BAGS-STORAGE-001"].status is Status.NOT_APPLICABLE


DISTURB = """
@disturbs
@proves("BAGS-STORAGE-001")
def test_a_disturbance(bags_target):
    bags_target.advance_clock(60)

@proves("BAGS-LIST-001")
def test_b_quiet(bags_target):
    bags_target.client.get("/bags/")
"""


def test_disturbances_come_last_and_in_profile_full_only(small_suite: Write) -> None:
    """Whatever order the checks have, those that disturb run after the rest, if they are allowed to."""
    order: list[str] = []

    def app(environ, start_response):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001  # PEP 3333
        order.append("quiet")
        start_response("200 OK", [])
        return [b""]

    spec = TargetSpec("bags", app=app, hooks=Hooks(lambda _seconds: order.append("disturbed")))
    folder = small_suite(DISTURB)
    assert statuses(run_suite(spec, folder))["STORAGE-001"] is Status.PASSED
    assert order == ["quiet", "disturbed"]
    result = run_suite(spec, folder, profile=Profile.ADDITIVE)
    assert entries(result)["BAGS-STORAGE-001"].reason.endswith("run with --profile full")
    assert order == ["quiet", "disturbed", "quiet"]


def test_a_wavering_target_is_failed_and_no_secret_is_told(small_suite: Write) -> None:
    """Hypothesis's own exceptions are looked through, and tokens are taken out of everything."""
    code = """
from hypothesis import strategies as st

@proves("BAGS-LIST-001")
def test_law(bags_target):
    answer = bags_target.client.get("/bags/", headers={"X-Token": "fox_sk_secret"})

    @law.for_all(bags_target, st.integers())
    def _(number):
        raise Violation("fox_sk_secret is wrong", actual={"fox_sk_secret": 1}, exchange=answer.exchange)

@proves("BAGS-LIST-002")
def test_reason():
    raise NotTested("fox_sk_secret is missing")

@proves("BAGS-LIST-003")
def test_crash(bags_target):
    raise KeyError("fox_sk_secret")
"""
    spec = TargetSpec("bags", url="http://robot.test/?token=fox_sk_secret", app=GOOD, token="fox_sk_secret")
    result = run_suite(spec, small_suite(code))
    assert statuses(result)["LIST-001"] is Status.FAILED
    assert "fox_sk_secret" not in str(result.reports)


@pytest.fixture
def served() -> Iterator[str]:
    """GOOD on a socket."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Say nothing."""

    with make_server("127.0.0.1", 0, GOOD, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_workers_and_a_second_pass_are_one_run(small_suite: Write, served: str) -> None:
    """With several processes the verdicts are those of one; what disturbs runs afterwards, in this process."""
    moved: list[float] = []
    spec = TargetSpec("bags", url=served, hooks=Hooks(moved.append), values={"something": 1}, label="robot")
    folder = small_suite(DISTURB + FAIL + SKIP + BREAK)
    options = Options({"bags": spec}, Profile.FULL, timeout_s=20)
    alone = run(Plan(("bags",), options, (folder,)))
    spread = run(Plan(("bags",), options, (folder,), workers=2))
    assert statuses(spread) == statuses(alone)
    assert statuses(spread) == {
        "STORAGE-001": Status.PASSED,
        "LIST-001": Status.PASSED,
        "LIST-002": Status.FAILED,
        "LIST-003": Status.PASSED,
        "LIST-004": Status.ERROR,
    }
    assert moved == [60, 60]
    assert entries(spread)["BAGS-LIST-002"].failures[0].curl == f"curl -sS -i -g --path-as-is {served}/bags/"
    assert spread.reports[0].target == "robot"


def test_a_wrong_target_is_told_before_anything_runs() -> None:
    """A configuration error is raised, and no report is made of it."""
    with pytest.raises(ConfigurationError):
        run_suite(TargetSpec("bags", url="robot"))
    with pytest.raises(ConfigurationError, match="cannot read the baseline"):
        run_suite(SPEC, baseline=Path("/none.toml"))


def test_the_persons_own_configuration_takes_no_part(
    small_suite: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pytest.ini, a conftest, options and plugins of the current folder do not reach the run."""
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (tmp_path / "conftest.py").write_text("raise RuntimeError('not to be loaded')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    assert run_suite(SPEC, small_suite(PASS)).exit_status is Exit.CONFORMS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["conftest.py", "pytest.ini", "suite"]
