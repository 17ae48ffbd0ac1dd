from pathlib import Path

import pytest
from click.testing import CliRunner
from robowire_conformance.cli.generate import command
from robowire_conformance.configuration import ConfigurationError
from robowire_generators.telemetry import load_world


def run(*words: str) -> str:
    """What `robowire generate` prints; its errors are raised."""
    result = CliRunner().invoke(command, words, standalone_mode=False, catch_exceptions=False)
    return result.output


@pytest.mark.parametrize("option", [(), ("--states",), ("--regular",)])
def test_a_fleet_is_a_world(tmp_path: Path, option: tuple[str, ...]) -> None:
    """The file that is written loads, has the devices and says how it was made."""
    out = tmp_path / "fleet.toml"
    printed = run("telemetry", str(out), "--devices", "2", "--duration", "60", "--seed", "4", *option)
    world = load_world(out)
    assert printed.startswith(f"{out}: 2 devices, 600 values")
    assert [len(application.devices) for application in world.applications.values()] == [2]
    assert 500 < world.points <= 600
    assert "--seed 4 --devices 2 --duration 60 --period 1000" in out.read_text()


def test_a_file_is_kept_unless_forced(tmp_path: Path) -> None:
    """What is there already is replaced only when asked for."""
    out = tmp_path / "fleet.toml"
    run("telemetry", str(out), "--duration", "1")
    with pytest.raises(ConfigurationError, match="is there already"):
        run("telemetry", str(out), "--duration", "1")
    assert run("telemetry", str(out), "--duration", "1", "--force")


@pytest.mark.parametrize(
    "options",
    [("--devices", "0"), ("--duration", "nan"), ("--period", "0"), ("--duration", "100000", "--states")],
)
def test_what_makes_no_world_is_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Nothing is written, and one sentence says why."""
    with pytest.raises(ConfigurationError):
        run("telemetry", str(tmp_path / "fleet.toml"), *options)
    assert list(tmp_path.iterdir()) == []
