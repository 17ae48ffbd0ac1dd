"""A thousand tests with a clean mock each: robowire beside moto doing the same, in process and with a server.

Each test creates something, lists what there is, and sees nothing of what the tests before it created. Each way runs in
a pytest of its own; what an empty test costs there is taken off.

    pip install '.[bench]' && python benchmarks/clean_mocks.py [TESTS]
"""

import os
import resource
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HEAD = """
import pytest
TURNS = pytest.mark.parametrize("turn", range({count}))
"""

FOXGLOVE = """
import requests
session = requests.Session()
def use(url):
    session.headers["Authorization"] = "Bearer fox_sk_robowire_all"
    session.post(f"{url}/devices", json={"name": "new"}).raise_for_status()
    assert len(session.get(f"{url}/devices").json()) == 9
"""

S3 = """
import os
import boto3
os.environ |= {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}
def use(client):
    client.create_bucket(Bucket="new")
    assert len(client.list_buckets()["Buckets"]) == 1
"""

WAYS = {
    "nothing": """
@TURNS
def test(turn):
    pass
""",
    "robowire, in process": FOXGLOVE
    + """
from robowire_mocks.testing import mock_foxglove
@TURNS
@mock_foxglove
def test(turn):
    use("https://api.foxglove.dev/v1")
""",
    "robowire, fixture and socket": FOXGLOVE
    + """
@TURNS
def test(turn, foxglove_mock):
    use(foxglove_mock.url)
""",
    "moto, in process, one client for all": S3
    + """
from moto import mock_aws
with mock_aws():
    client = boto3.client("s3")
@TURNS
@mock_aws
def test(turn):
    use(client)
""",
    "moto, in process, a client for each": S3
    + """
from moto import mock_aws
@TURNS
@mock_aws
def test(turn):
    use(boto3.client("s3"))
""",
    "moto, server and socket": S3
    + """
import requests
from moto.server import ThreadedMotoServer
@pytest.fixture(scope="session")
def url():
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()
@pytest.fixture(scope="session")
def client(url):
    return boto3.client("s3", endpoint_url=url)
@TURNS
def test(turn, url, client):
    requests.post(f"{url}/moto-api/reset").raise_for_status()
    use(client)
""",
}


def cost(name: str, count: int, folder: Path) -> tuple[float, float]:
    """The seconds of CPU and of waiting that so many tests take, start included."""
    (folder / "test_it.py").write_text(HEAD.format(count=count) + WAYS[name], encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:randomly"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--junitxml=times.xml"],
        cwd=folder,
        env={**os.environ, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise SystemExit(run.stdout + run.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    waited = float((folder / "times.xml").read_text("utf-8").partition('" time="')[2].partition('"')[0])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, waited


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    empty = 0.0
    print(f"{count} tests with a clean mock and two calls each; CPU, ms a test beyond an empty one (start taken off)\n")
    for name in WAYS:
        if name.startswith("moto") and find_spec("moto") is None:
            print(f"{name:40} not installed")
            continue
        with tempfile.TemporaryDirectory() as folder:
            start, _ = cost(name, 1, Path(folder))
            cpu, waited = cost(name, count, Path(folder))
            each = (cpu - start) / (count - 1) * 1000
            empty = empty or each
            print(f"{name:40} {each - empty:8.2f} ms   start {start:5.2f} s   in all {cpu:6.2f} s CPU, {waited:6.2f} s")


if __name__ == "__main__":
    main()
