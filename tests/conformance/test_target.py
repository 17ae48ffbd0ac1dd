"""Target profiles say what the suite cannot find out, and are wrong in one line."""

import sys
from pathlib import Path

import pytest
from robowire_conformance.configuration import ConfigurationError
from robowire_conformance.options import Options, gather_targets
from robowire_conformance.target import Hooks, Profile, Target, TargetSpec, open_target
from robowire_conformance.target_file import read_targets
from robowire_conformance.verdict import NotTested


def written(folder: Path, text: str) -> Path:
    """A target profile in a file."""
    path = folder / "target.toml"
    path.write_text(text, encoding="utf-8")
    return path


def opened(spec: TargetSpec, profile: Profile = Profile.FULL) -> Target:
    """A target as checks get it."""
    return open_target(spec, profile=profile, seed=7, timeout_s=1)


def test_values_come_from_the_file_and_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any value may be "env:NAME", nested ones too, and what looks like a secret is one."""
    monkeypatch.setenv("ROBOT_URL", "http://robot.test:8090")
    monkeypatch.setenv("FOX_TOKEN", "fox_sk_1")
    text = """
        [bags]
        url = "env:ROBOT_URL"
        unsupported = ["BAGS-STORAGE-*", "BAGS-LIST-001"]
        [foxglove]
        url = "http://fox.test/v1"
        token = "env:FOX_TOKEN"
        limited_tokens = [{ token = "env:FOX_TOKEN", capabilities = ["devices.list"] }]
    """
    targets = read_targets(written(tmp_path, text))
    assert targets["bags"].url == "http://robot.test:8090"
    assert targets["bags"].lacks("BAGS-STORAGE-002")
    assert not targets["bags"].lacks("BAGS-LIST-002")
    assert targets["foxglove"].secrets == ("fox_sk_1",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[bags", "is not TOML"),
        ("[robots]\nurl = 'x'", r"unknown table \[robots\]"),
        ("[bags]\nuri = 'x'", "no key 'uri'"),
        ("[bags]\nurl = 5", "has to be text"),
        ("[bags]\nurl = 'env:ROBOWIRE_NOT_SET'", "ROBOWIRE_NOT_SET, which is not set"),
        ("[bags]\nunsupported = 'BAGS-LIST-001'", "has to be a list"),
        ("[bags]\nunsupported = ['BAGS-NONE-*']", "names no requirement: BAGS-NONE"),
        ("[hooks]\nadvance = ['x']", "no key 'advance'"),
        ("[hooks]\nreset = 'x'", "has to be a list of words"),
        ("bags = 3", r"has to be a table"),
    ],
)
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    """Each mistake has a text that says what to change."""
    with pytest.raises(ConfigurationError, match=said) as caught:
        read_targets(written(tmp_path, text))
    assert "\n" not in str(caught.value).strip() or "TOML" in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file is the person's mistake."""
    with pytest.raises(ConfigurationError, match="cannot read"):
        read_targets(tmp_path / "none.toml")


def test_the_command_line_goes_over_the_file(tmp_path: Path) -> None:
    """A URL or token on the command line takes the place of the file's, and the rest stays."""
    path = written(tmp_path, '[bags]\napp = "x:y"\nunsupported = ["BAGS-LIST-001"]\n')
    spec = gather_targets(path, {"bags": "http://other"}, {"bags": "tok-1234"})["bags"]
    assert (spec.url, spec.token, spec.app, spec.unsupported) == ("http://other", "tok-1234", None, ("BAGS-LIST-001",))


def test_what_the_profile_lacks_is_asked_for() -> None:
    """A check that needs a value says where to give it."""
    target = opened(TargetSpec("bags", url="http://robot", values={"storage_limit_bytes": 5}))
    assert target.need("storage_limit_bytes") == 5
    with pytest.raises(NotTested, match=r"no other_key: add it to \[bags\]"):
        target.need("other_key")


def test_hooks_are_called_in_profile_full_only() -> None:
    """Time is moved and state reset only where the person allows it."""
    calls: list[object] = []
    spec = TargetSpec("bags", url="http://robot", hooks=Hooks(calls.append, lambda: calls.append("reset")))
    target = opened(spec)
    target.advance_clock(60)
    target.reset()
    assert calls == [60, "reset"]
    for profile in (Profile.ADDITIVE, Profile.READ_ONLY):
        with pytest.raises(NotTested, match="--profile full"):
            opened(spec, profile).advance_clock(60)
    with pytest.raises(NotTested, match="give advance_clock"):
        opened(TargetSpec("bags", url="http://robot")).advance_clock(60)
    with pytest.raises(NotTested, match="give reset"):
        opened(TargetSpec("bags", url="http://robot")).reset()


def test_profiles_include_the_ones_before() -> None:
    """Additive may read, and may not disturb."""
    target = opened(TargetSpec("bags", url="http://robot"), Profile.ADDITIVE)
    target.allow(Profile.READ_ONLY)
    target.allow(Profile.ADDITIVE)
    with pytest.raises(NotTested, match="does not allow"):
        target.allow(Profile.FULL)


def test_a_hook_command_runs_without_a_shell(tmp_path: Path) -> None:
    """`{seconds}` is filled in, and nothing in the words is interpreted."""
    note = tmp_path / "note"
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    path = written(
        tmp_path,
        f"""
        [bags]
        url = "http://robot"
        [hooks]
        advance_clock = ['{sys.executable}', '-c', '{script}', '{note}', '{{seconds}} $HOME']
        reset = ['{sys.executable}', '-c', 'import sys; sys.exit("no way")']
        """,
    )
    target = opened(read_targets(path)["bags"])
    target.advance_clock(1.5)
    assert note.read_text() == "1.5 $HOME"
    with pytest.raises(NotTested, match="ended with status 1: no way"):
        target.reset()


def test_a_hook_that_cannot_run_is_told(tmp_path: Path) -> None:
    """A missing program leaves the check untested."""
    path = written(tmp_path, '[bags]\nurl = "http://robot"\n[hooks]\nreset = ["/no/such/program"]\n')
    with pytest.raises(NotTested, match="could not be run"):
        opened(read_targets(path)["bags"]).reset()


def test_an_application_is_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`app` names a WSGI application that is imported from the current folder."""
    (tmp_path / "robot_app_of_this_test.py").write_text(
        "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'[]']\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    target = opened(TargetSpec("bags", app="robot_app_of_this_test:app"))
    assert target.client.get("/bags/").json() == []


@pytest.mark.parametrize("app", ["no_such_module:app", "json:nothing", "json", "sys:version"])
def test_an_application_that_is_none_is_told(app: str) -> None:
    """A name that leads nowhere is the person's mistake."""
    with pytest.raises(ConfigurationError, match="is no WSGI application"):
        opened(TargetSpec("bags", app=app))


def test_a_target_has_to_be_somewhere() -> None:
    """Neither URL nor application, a wrong URL, and certificates that are not there are told."""
    with pytest.raises(ConfigurationError, match="give --bags-url"):
        opened(TargetSpec("bags"))
    with pytest.raises(ConfigurationError, match="not an http or https URL"):
        opened(TargetSpec("bags", url="robot:8090"))
    with pytest.raises(ConfigurationError, match="is not there"):
        opened(TargetSpec("bags", url="https://robot", ca_file="/none.pem"))


def test_options_cross_to_worker_processes() -> None:
    """What a worker needs survives the way."""
    spec = TargetSpec("bags", url="http://robot", token="tok-1", unsupported=("BAGS-LIST-001",), values={"a": [1]})
    options = Options({"bags": spec}, Profile.FULL, seed=3, timeout_s=2.5)
    assert Options.loads(options.dumps()) == options


def test_hooks_for_webhooks_are_told_what_is_wanted(tmp_path: Path) -> None:
    """`{url}` and `{type}` are filled in; without the commands the check is not tested."""
    note = tmp_path / "note"
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    path = written(
        tmp_path,
        f"""
        [bags]
        url = "http://robot"
        [hooks]
        point_webhooks = ['{sys.executable}', '-c', '{script}', '{note}', 'to {{url}}']
        send_webhook = ['{sys.executable}', '-c', '{script}', '{note}', '{{type}}']
        """,
    )
    target = opened(read_targets(path)["bags"])
    target.point_webhooks("http://127.0.0.1:9099/")
    assert note.read_text() == "to http://127.0.0.1:9099/"
    target.send_webhook("ping")
    assert note.read_text() == "ping"
    bare = opened(TargetSpec("bags", url="http://robot"))
    with pytest.raises(NotTested, match="give point_webhooks"):
        bare.point_webhooks("http://127.0.0.1:9099/")
    with pytest.raises(NotTested, match="give send_webhook"):
        bare.send_webhook("ping")


def test_hooks_for_imports_are_told_what_is_wanted(tmp_path: Path) -> None:
    """`{held}` is filled in; one of the two commands alone is not enough."""
    note = tmp_path / "note"
    script = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2])"
    hold = f"hold_imports = ['{sys.executable}', '-c', '{script}', '{note}', '{{held}}']"
    step = f"step_imports = ['{sys.executable}', '-c', '{script}', '{note}', 'step']"
    both = written(tmp_path, f'[bags]\nurl = "http://robot"\n[hooks]\n{hold}\n{step}\n')
    target = opened(read_targets(both)["bags"])
    target.hold_imports(held=False)
    assert note.read_text() == "false"
    target.step_imports()
    assert note.read_text() == "step"
    one = written(tmp_path, f'[bags]\nurl = "http://robot"\n[hooks]\n{hold}\n')
    with pytest.raises(NotTested, match="give hold_imports and step_imports"):
        opened(read_targets(one)["bags"]).hold_imports(held=True)
