"""Pytest in processes of their own, as people have it who test clients: no conftest, only what is installed."""

import subprocess
import sys
import textwrap
from pathlib import Path

PLUGINS = ("-p", "robowire_mocks.pytest_plugin", "-p", "no:cacheprovider", "-W", "error")


def run_pytest(folder: Path, *arguments: str, **files: str) -> subprocess.CompletedProcess[str]:
    """Pytest in a process of its own, in a folder with these files, with no plugin but those that are named."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_toml", ".toml")
        path = path if path.suffix else path.with_suffix(".py")
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
    environment = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": "/usr/bin:/bin", "HOME": str(folder)}
    command = [sys.executable, "-m", "pytest", *PLUGINS, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def passed(run: subprocess.CompletedProcess[str]) -> int:
    """How many tests passed; none failed."""
    assert run.returncode == 0, run.stdout + run.stderr
    return int(run.stdout.rpartition(" passed")[0].rsplit(maxsplit=1)[-1])
