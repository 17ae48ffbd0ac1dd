"""`robowire serve` logs what it is asked, follows its world file, serves shared worlds and keeps what it holds."""

import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from robowire_conformance.cli.reloading import WorldFile
from robowire_conformance.cli.serve import ports_of
from robowire_conformance.configuration import ConfigurationError
from robowire_mocks import create_mock
from served import COMMAND, Served

WORLD = """
[[key]]
key = "k"
capabilities = ["*"]

[[site]]
id = "site_h"
name = "hosted"
type = "foxglove-hosted"

[[device]]
id = "dev_1"
name = "{device}"
"""
SHARED = """
[clock]
frozen = true

[robot]
name = "tug-01"
reports = { voltage = "/battery voltage" }

[bags.recorder]
on = true
period_s = 10

[[foxglove.key]]
key = "k"
capabilities = ["*"]

[[foxglove.site]]
name = "hosted"
type = "foxglove-hosted"

[[foxglove.device]]
name = "tug-01"
"""


def asked(url: str, path: str, *, token: str = "k", method: str = "GET", **options: Any) -> Any:
    """The answer to a request."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.request(method, f"{url}{path}", headers=headers, trust_env=False, timeout=60, **options)


def test_each_request_is_a_line_of_the_log(tmp_path: Path) -> None:
    """With the operation's name, what the document does not have, and the world that was asked."""
    world = tmp_path / "one.toml"
    world.write_text(WORLD.format(device="a"), encoding="utf-8")
    with Served("foxglove", "--world", str(world), log=True) as served:
        root = served.url.removesuffix("/v1")
        asked(served.url, "/devices?limit=2")
        asked(served.url, "/devises")
        asked(served.url, "/devices?limits=2")
        asked(root, "/__robowire/worlds/w1", method="PUT")
        asked(root, "/__robowire/overview")  # no line: whoever only looks on does so again and again
        asked(root, "/__worlds/w1/__robowire/journal")
        asked(served.url, "/devices/a", token="k~w1")
        asked(served.url, "/devices", token="k~w2")
        lines = [served.logged() for _ in range(6)]
        status, rest = served.stop()
    assert (status, rest) == (0, "stopped\n")
    expected = (
        r" GET /v1/devices\?limit=2 200 \d+ B [\d.]+ ms listDevices",
        r" GET /v1/devises 404 \d+ B [\d.]+ ms \(.*/devices.*\)",
        r" GET /v1/devices\?limits=2 200 \d+ B [\d.]+ ms listDevices \(.*limit.*\)",
        r" PUT /__robowire/worlds/w1 20\d \d+ B [\d.]+ ms",
        r" @w1 GET /v1/devices/a 200 \d+ B [\d.]+ ms getDevice",
        r" GET /v1/devices 401 \d+ B [\d.]+ ms",
    )
    for pattern in expected:  # in whatever order their answers ended
        assert [line for line in lines if re.fullmatch(r"\d\d:\d\d:\d\d" + pattern, line)], (pattern, lines)


@pytest.mark.parametrize("api", ["losant", "all"])
def test_a_second_signal_changes_nothing(api: str) -> None:
    """What is on its way to a stop stops as it would have without it."""
    with Served(api, log=True) as served:
        status, rest = served.stop(times=3)
    assert (status, rest.splitlines()[-1]) == (0, "stopped")


def test_a_line_of_the_log_is_one_line(tmp_path: Path) -> None:
    """Whatever a path has in it."""
    world = tmp_path / "one.toml"
    world.write_text(WORLD.format(device="a"), encoding="utf-8")
    with Served("foxglove", "--world", str(world), log=True) as served:
        asked(served.url, "/dev%0aices")
        line = served.logged()
        _, rest = served.stop()
    assert "/dev\\nices" in line
    assert rest == "stopped\n"


def test_a_changed_world_file_is_loaded(tmp_path: Path) -> None:
    """The state starts anew from it; one that cannot be used is told, and the old world goes on."""
    world = tmp_path / "one.toml"
    world.write_text(WORLD.format(device="a"), encoding="utf-8")
    with Served("foxglove", "--world", str(world), "--quiet", log=True) as served:
        asked(served.url, "/devices", method="POST", json={"name": "made"})
        world.write_text(WORLD.format(device="b"), encoding="utf-8")
        assert served.logged() == f"loaded {world}"
        assert [device["name"] for device in asked(served.url, "/devices").json()] == ["b"]
        world.write_text(WORLD.format(device="c") + "nonsense = 1\n", encoding="utf-8")
        assert re.fullmatch(r"robowire: .*one.toml.*'nonsense'.*; the world stays as it was", served.logged())
        asked(served.url, "/devices", method="POST", json={"name": "made"})
        assert [device["name"] for device in asked(served.url, "/devices").json()] == ["b", "made"]
        world.write_text(WORLD.format(device="d"), encoding="utf-8")
        assert served.logged() == f"loaded {world}"
        assert [device["name"] for device in asked(served.url, "/devices").json()] == ["d"]


def test_a_file_is_loaded_into_all_mocks_or_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If one of them cannot use it, the others stay as they were too; a file is not loaded while it changes."""
    file = tmp_path / "two.toml"
    file.write_text("[foxglove]\n[losant]\n")
    with create_mock("foxglove", world=file) as first, create_mock("losant", world=file) as second:
        watched = WorldFile(file, [first, second])
        file.write_text("[foxglove]\nseed = 2\n[losant]\nnonsense = 1\n")
        watched.look()
        assert capsys.readouterr().err == ""
        watched.look()
        assert "has no key 'nonsense'" in capsys.readouterr().err
        watched.look()
        assert (first.world.seed, capsys.readouterr().err) == (1, "")
        first.reset()
        assert first.world.seed == 1
        file.write_text("[foxglove]\nseed = 3\n[losant]\n")
        watched.look()
        file.write_text("[foxglove]\nseed = 44\n[losant]\n")
        watched.look()
        assert first.world.seed == 1
        watched.look()
        assert (first.world.seed, capsys.readouterr().err) == (44, f"loaded {file}\n")
        with monkeypatch.context() as broken:
            broken.setattr(second, "load", lambda _: 1 / 0)
            file.write_text("[foxglove]\nseed = 555\n[losant]\n")
            watched.look()
            watched.look()
        complaint = f"robowire: {file}: ZeroDivisionError: division by zero; the world stays as it was\n"
        assert (first.world.seed, capsys.readouterr().err) == (44, complaint)
        file.unlink()
        watched.look()
        watched.look()
        assert (first.world.seed, capsys.readouterr().err) == (44, "")


def test_a_shared_world_is_served(tmp_path: Path) -> None:
    """Those APIs that it has sections for; what the robot records is uploaded though nobody asks for it."""
    world = tmp_path / "fleet.toml"
    world.write_text(SHARED, encoding="utf-8")
    with Served("all", "--world", str(world), log=True) as served:
        foxglove = served.next_url()
        assert foxglove.endswith("/v1")
        root = foxglove.removesuffix("/v1")
        asked(root, "/__robowire/clock", method="POST", json={"advance": 10})
        (bag,) = asked(served.url, "/bags/").json()
        assert asked(root, "/__robowire/imports", method="POST", json={"wait": True}).json() == {"idle": True}
        (recording,) = asked(foxglove, "/recordings").json()
        assert (recording["path"], recording["device"]["name"]) == (bag["filename"], "tug-01")
        status, log = served.stop()
    assert status == 0
    assert log.endswith("stopped\n")
    assert re.search(r"^\S+ bags GET /bags/ 200 ", log, re.MULTILINE)
    assert re.search(r"^\S+ foxglove POST /__robowire/clock 200 ", log, re.MULTILINE)


def test_all_are_served_in_one_order() -> None:
    """Which is which is told on stderr, and the lines on stdout are as they are with one; ports follow one another."""
    with Served("all", "--quiet", log=True) as served:
        urls = [served.url, served.next_url(), served.next_url()]
        told = [served.logged() for _ in urls]
        assert told == [f"{api} is at {url}" for api, url in zip(("bags", "losant", "foxglove"), urls, strict=True)]
        assert asked(urls[0], "/bags/").is_success
        assert asked(urls[2], "/devices", token="fox_sk_robowire_all").is_success
    assert ports_of(("bags", "losant", "foxglove"), 9000) == {"bags": 9000, "losant": 9001, "foxglove": 9002}
    assert set(ports_of(("bags", "losant"), 0).values()) == {0}
    assert ports_of(("bags",), 65535) == {"bags": 65535}
    with pytest.raises(ConfigurationError, match="bags, losant need 2 ports from 65535 on, and ports end at 65535"):
        ports_of(("bags", "losant"), 65535)


def test_what_is_served_from_a_data_folder_is_kept(tmp_path: Path) -> None:
    """By one process at a time: a second one says so in a line."""
    arguments = ("losant", "--data-dir", str(tmp_path))
    with Served(*arguments) as served:
        root = served.url
        asked(root, "/__robowire/snapshots/mine", method="PUT")
        run = subprocess.run(
            [*COMMAND, "serve", *arguments, "--port", "0"], capture_output=True, text=True, check=False
        )
        served.stop()
    assert run.returncode == 2
    assert re.fullmatch(r"robowire: \S+robowire.sqlite cannot be used: another mock uses it\n", run.stderr)
    assert {path.name for path in tmp_path.iterdir()} <= {"robowire.sqlite", "exports"}
    with create_mock("losant", data_dir=tmp_path) as mock:
        assert mock.snapshots.names() == ["mine"]


def test_a_recording_robot_goes_on_without_a_word(tmp_path: Path) -> None:
    """The same command on the same data folder is no other world."""
    arguments = ("bags", "--record", "--data-dir", str(tmp_path), "--quiet")
    for _ in range(2):
        with Served(*arguments, log=True) as served:
            assert served.stop() == (0, "stopped\n")


def test_a_world_file_that_changed_meanwhile_is_told(tmp_path: Path) -> None:
    """In a line on stderr, once, and although requests are not logged: what the data folder has stays."""
    world = tmp_path / "one.toml"
    arguments = ("foxglove", "--world", str(world), "--data-dir", str(tmp_path / "data"), "--quiet")
    logs = []
    for device in ("a", "b", "b"):
        world.write_text(WORLD.format(device=device), encoding="utf-8")
        with Served(*arguments, log=True) as served:
            assert [one["name"] for one in asked(served.url, "/devices").json()] == ["a"]
            logs.append(served.stop()[1])
    assert logs[0] == logs[2] == "stopped\n"
    assert re.fullmatch(r"robowire: the data folder \S+/data has the rows of .*; reset to .*\nstopped\n", logs[1])
