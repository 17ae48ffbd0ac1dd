"""Libraries that are loaded late are answered all the same, and those that are not used are not loaded."""

import subprocess
import sys

PROGRAM = """
import sys
from robowire_mocks.in_process import in_place_of
from robowire_mocks import create_mock

with create_mock("foxglove") as mock:
    with in_place_of("https://api.foxglove.dev", mock):
        assert not {"urllib3", "httpx", "responses", "requests"} & set(sys.modules)
        import httpx
        import requests
        import responses
        responses.start()
        for library in (httpx, requests):
            assert library.get("https://api.foxglove.dev/v1/devices").status_code == 401
        responses.stop()
        before = list(sys.meta_path)
    assert before == sys.meta_path
    try:
        requests.get("https://api.foxglove.dev/v1/devices", proxies={"https": "http://127.0.0.1:1"})
    except requests.ConnectionError:
        print("as ever")

    with in_place_of("https://api.foxglove.dev", mock):
        looking = list(sys.meta_path)
    assert looking == before
"""


def test_a_library_is_answered_as_soon_as_it_is_loaded() -> None:
    """And not a moment earlier."""
    run = subprocess.run([sys.executable, "-W", "error", "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("as ever\n", "")
