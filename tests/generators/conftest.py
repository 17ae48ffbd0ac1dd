"""What the tests of the generators share: a recorded bag, and a reader in another language."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from robowire_generators.recipe import BagRecipe, Compression
from robowire_generators.rosbag1 import generate_bag

READERS = Path(__file__).parent / "readers"


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[Compression, bytes]:
    """Record one and the same run of the robot in each compression, in several chunks, by two nodes a topic."""
    folder = tmp_path_factory.mktemp("recorded")

    def record(compression: Compression) -> bytes:
        recipe = BagRecipe(seed=3, duration_s=12.5, compression=compression, chunk_size=20_000, connections=2)
        return generate_bag(folder / f"{compression}.bag", recipe).path.read_bytes()

    return {compression: record(compression) for compression in Compression}


ReadInNode = Callable[[Path], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def read_in_node() -> ReadInNode:
    """Give a function that reads a bag with Foxglove's reader: one dictionary a message."""
    return _reader("read_bag.js")


@pytest.fixture(scope="session")
def read_mcap_in_node() -> ReadInNode:
    """Give a function that reads an MCAP file with the vendor's reader: a dictionary a message, one for what else."""
    return _reader("read_mcap.js")


def _reader(script: str) -> ReadInNode:
    folder = _installed_reader()

    def read(path: Path) -> list[dict[str, Any]]:
        command = ["node", str(READERS / script), str(path)]
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        assert run.returncode == 0, run.stderr
        return [json.loads(line) for line in run.stdout.splitlines()]

    return read


def _installed_reader() -> Path:
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
