"""Nobody publishes a client of the Bags API, so curl drives the mock, as the document's examples do."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from robowire_mocks.bags import BagsMock
from robowire_mocks.core.serving import serve

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="NOT CHECKED with curl, which is not installed")

Curl = Callable[..., str]


@pytest.fixture(params=["over http", "over https"])
def curl(request: pytest.FixtureRequest, mock: BagsMock, tmp_path: Path) -> Iterator[Curl]:
    """Asks for a path of the served mock, with options."""
    with serve(mock, tls=tmp_path / "authority" if request.param == "over https" else None) as server:
        trust = ["--cacert", str(server.ca_file)] if server.ca_file else []

        def ask(path: str, *options: str) -> str:
            url = path if path.startswith("http") else f"{server.url}{path}"
            command = ["curl", "--silent", "--show-error", "--fail", "--noproxy", "*", *trust, *options, url]
            return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

        yield ask


def test_bags_are_listed_and_downloaded(curl: Curl, mock: BagsMock, tmp_path: Path) -> None:
    """Whole, and resumed where a download was broken off."""
    bag = json.loads(curl("/bags/"))[0]
    whole = (mock.folder / bag["filename"]).read_bytes()
    curl(bag["download_url"], "--output", "whole.bag")
    assert (tmp_path / "whole.bag").read_bytes() == whole
    (tmp_path / "part.bag").write_bytes(whole[:1000])
    curl(bag["download_url"], "--output", "part.bag", "--continue-at", "-")
    assert (tmp_path / "part.bag").read_bytes() == whole
    assert f"content-length: {len(whole)}" in curl(bag["download_url"], "--head").lower()


def test_metadata_and_a_range_are_read(curl: Curl) -> None:
    """With the query in the URL, or built by curl."""
    name = json.loads(curl("/bags/"))[0]["filename"]
    metadata = json.loads(curl(f"/bags/{name}/player"))
    start, end = str(metadata["start_time"]), str(metadata["end_time"])
    by_hand = json.loads(curl(f"/bags/{name}/player?start_time={start}&end_time={end}"))
    built = ("--get", "--data-urlencode", f"start_time={start}", "--data-urlencode", f"end_time={end}")
    assert json.loads(curl(f"/bags/{name}/player", *built)) == by_hand
    assert by_hand


def test_errors_are_told(curl: Curl) -> None:
    """With curl's own exit status for them."""
    with pytest.raises(subprocess.CalledProcessError) as error:
        curl("/bags/nothing.bag/player")
    assert "400" in error.value.stderr
