"""Readers of recordings in another language: the libraries of the vendor's viewer, installed once per machine."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

READERS = Path(__file__).parent / "readers"


def read_in_node(script: str, *paths: Path) -> list[dict[str, Any]]:
    """Give the lines of JSON that a script tells of files; where it cannot run, the test is skipped."""
    command = ["node", str(READERS / script), *map(str, paths)]
    run = subprocess.run(command, cwd=installed(), capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


@lru_cache(1)
def installed() -> Path:
    """Install the reader that package.json pins into the person's cache, once for each state of package.json."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("NOT CHECKED with a reader in another language: node and npm are not installed")
    package = READERS / "package.json"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "robowire-tests"
    place = cache / f"readers-{hashlib.sha256(package.read_bytes()).hexdigest()[:12]}"
    if place.exists():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    # Installed aside, then renamed: two test processes may do this at once.
    with tempfile.TemporaryDirectory(dir=cache) as aside:
        fresh = Path(aside, "reader")
        fresh.mkdir()
        shutil.copy(package, fresh)
        command = ["npm", "install", "--no-fund", "--no-audit", "--no-package-lock", "--ignore-scripts"]
        run = subprocess.run(command, cwd=fresh, capture_output=True, text=True, timeout=300, check=False)
        if run.returncode:
            pytest.skip(f"NOT CHECKED with a reader in another language: npm install failed: {run.stderr[-300:]}")
        if not place.exists():
            fresh.rename(place)
    return place
