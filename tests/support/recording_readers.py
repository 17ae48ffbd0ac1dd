"""Readers of recordings in another language: the libraries of the vendor's viewer, installed once per machine."""

import json
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Any

import node_packages

READERS = Path(__file__).parent / "readers"


def read_in_node(script: str, *paths: Path) -> list[dict[str, Any]]:
    """Give the lines of JSON that a script tells of files; where it cannot run, the test is skipped."""
    command = ["node", str(READERS / script), *map(str, paths)]
    run = subprocess.run(command, cwd=installed(), capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@lru_cache(1)
def installed() -> Path:
    """The folder with the readers that package.json pins."""
    return node_packages.installed("readers", [READERS / "package.json"], unchecked="a reader in another language")
