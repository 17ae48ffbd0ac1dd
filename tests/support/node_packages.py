"""Packages for Node.js, installed once per machine for all tests that need them."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest


def installed(name: str, files: Sequence[Path], *, unchecked: str) -> Path:
    """Copy files, a package.json among them, into a folder of the person's cache, and install what it pins.

    That is done once for each state of the files. Where it cannot be done the test is skipped: it is NOT CHECKED with
    what `unchecked` says.
    """
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip(f"NOT CHECKED with {unchecked}: node and npm are not installed")
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "robowire-tests"
    place = cache / f"{name}-{digest}"
    if place.exists():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    # Installed aside, then renamed: two test processes may do this at once.
    with tempfile.TemporaryDirectory(dir=cache) as aside:
        fresh = Path(aside, "package")
        fresh.mkdir()
        for file in files:
            shutil.copy(file, fresh)
        command = ["npm", "install", "--no-fund", "--no-audit", "--no-package-lock", "--ignore-scripts"]
        run = subprocess.run(command, cwd=fresh, capture_output=True, text=True, timeout=300, check=False)
        if run.returncode:
            pytest.skip(f"NOT CHECKED with {unchecked}: npm install failed: {run.stderr[-300:]}")
        if not place.exists():
            fresh.rename(place)
    return place
