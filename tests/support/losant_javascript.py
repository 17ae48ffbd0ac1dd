"""Losant's client for JavaScript, installed once for all tests that drive a mock with it."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

CLIENTS = Path(__file__).parents[1] / "mocks" / "losant" / "clients"


def installed_client() -> Path:
    """Install the client that package.json pins into the person's cache, once for each state of `clients`."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("NOT CHECKED with Losant's client for JavaScript: node and npm are not installed")
    files = sorted(CLIENTS.iterdir())
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "robowire-tests"
    place = cache / f"losant-client-{digest}"
    if place.exists():
        return place
    cache.mkdir(parents=True, exist_ok=True)
    # Installed aside, then renamed: two test processes may do this at once.
    with tempfile.TemporaryDirectory(dir=cache) as aside:
        fresh = Path(aside, "client")
        shutil.copytree(CLIENTS, fresh)
        command = ["npm", "install", "--no-fund", "--no-audit", "--no-package-lock", "--ignore-scripts"]
        run = subprocess.run(command, cwd=fresh, capture_output=True, text=True, timeout=300, check=False)
        if run.returncode:
            pytest.skip(f"NOT CHECKED with Losant's client for JavaScript: npm install failed: {run.stderr[-300:]}")
        if not place.exists():
            fresh.rename(place)
    return place
