"""`robowire serve --tls` serves a client in another process that speaks HTTPS only and has the authority's file."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from foxglove.client import Client

client = Client(token="fox_sk_robowire_all", host=sys.argv[1])
print([device["name"] for device in client.get_devices()][0])
"""


def test_a_client_in_another_process_is_served(tmp_path: Path) -> None:
    """The authority's file stands in the data folder, and its path is told."""
    command = [sys.executable, "-c", "import sys; from robowire_conformance.cli import main; sys.exit(main())"]
    arguments = ["serve", "foxglove", "--tls", "--port", "0", "--data-dir", str(tmp_path)]
    with subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        ready = server.stdout.readline()
        assert ready.startswith("ready https://127.0.0.1:")
        assert server.stderr.readline() == f"certificate authority {tmp_path / 'robowire-ca.pem'}\n"
        host = ready.removeprefix("ready https://").strip().removesuffix("/v1")
        environment = os.environ | {"REQUESTS_CA_BUNDLE": str(tmp_path / "robowire-ca.pem"), "NO_PROXY": "*"}
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, host], env=environment, capture_output=True, text=True, check=False
        )
        server.terminate()
        server.communicate(timeout=10)
    assert run.returncode == 0, run.stderr
    assert run.stdout == "tug-01\n"
