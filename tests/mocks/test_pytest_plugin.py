"""The pytest plugin in runs of their own, as people have them who test clients: no conftest, only what is installed."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from pytest_runs import passed, run_pytest

CLEAN = """
    import pytest
    import requests

    @pytest.mark.parametrize("turn", range(6))
    def test_foxglove(foxglove_mock, turn):
        key = {"Authorization": f"Bearer {foxglove_mock.token}"}
        devices = f"{foxglove_mock.url}/devices"
        assert len(requests.get(devices, headers=key).json()) == 8
        requests.post(devices, json={"name": "tug-99"}, headers=key).raise_for_status()
        assert [entry.operation for entry in foxglove_mock.requests] == ["listDevices", "createDevice"]
        assert foxglove_mock.url.startswith("http://127.0.0.1:")
        foxglove_mock.clock.advance(3600)
        foxglove_mock.faults.add(kind="status", status=503)

    @pytest.mark.parametrize("turn", range(3))
    def test_losant(losant_mock, turn):
        key = {"Authorization": f"Bearer {losant_mock.token}"}
        (application, *_) = losant_mock.world.applications
        path = f"/applications/{application}/data/export"
        asked = {"email": "me@example.com", "start": -1000}
        assert losant_mock.reading("outbox") == []
        requests.post(f"{losant_mock.url}{path}", json=asked, headers=key).raise_for_status()
        requests.post(f"https://api.losant.com{path}", json=asked, headers=key).raise_for_status()
        assert len(losant_mock.journal.assert_called("export")) == 2

    @pytest.mark.parametrize("turn", range(3))
    def test_bags(bags_mock, turn):
        assert bags_mock.token == ""
        first = requests.get(f"{bags_mock.url}/bags/").json()[0]
        assert first["download_url"].startswith(bags_mock.url)
        assert requests.get("http://192.168.25.25:8090/bags/").json()[0]["filename"] == first["filename"]
        assert [entry.number for entry in bags_mock.requests] == [1, 2]
    """


def test_each_test_has_a_clean_mock(tmp_path: Path) -> None:
    """In whatever order and worker, served and in the place of the API's address, beside whatever plugins there are."""
    (tmp_path / "test_clean.py").write_text(textwrap.dedent(CLEAN), encoding="utf-8")
    options = ("-n", "2", "-W", "error", "-p", "no:schemathesis", "-p", "no:cacheprovider")
    command = [sys.executable, "-m", "pytest", *options]
    assert passed(subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)) == 12


def test_markers_choose_the_world(tmp_path: Path) -> None:
    """Of a module, a class and a test, the nearest goes first; a file may lie beside the test; APIs may be named."""
    run = run_pytest(
        tmp_path,
        "--strict-markers",
        tests__mine_toml="""
            [[key]]
            key = "fox_sk_mine"
            capabilities = ["devices.list"]
            [[device]]
            name = "only"
            """,
        tests__test_worlds="""
            import pytest
            import requests

            pytestmark = pytest.mark.robowire("foxglove", world="mine.toml")

            def names(mock):
                key = {"Authorization": f"Bearer {mock.token}"}
                return [device["name"] for device in requests.get(f"{mock.url}/devices", headers=key).json()]

            def test_of_the_module(foxglove_mock, losant_mock):
                assert foxglove_mock.token == "fox_sk_mine"
                assert names(foxglove_mock) == ["only"]
                assert losant_mock.token == "losant_robowire_all"

            @pytest.mark.robowire(world="foxglove", deviate="anonymous-403")
            class TestClass:
                def test_of_the_class(self, foxglove_mock):
                    assert "tug-01" in names(foxglove_mock)
                    assert foxglove_mock.deviations == ("anonymous-403",)

                @pytest.mark.robowire(world={"key": [{"key": "k", "capabilities": ["*"]}]}, deviate=[])
                def test_of_itself(self, foxglove_mock):
                    assert names(foxglove_mock) == []
                    assert foxglove_mock.deviations == ()
            """,
    )
    assert passed(run) == 3


def test_a_world_may_be_shared(tmp_path: Path) -> None:
    """Then what the robot records is on the platforms too, and the time of one mock is that of all."""
    run = run_pytest(
        tmp_path,
        test_fleet="""
            import pytest
            import requests

            pytestmark = pytest.mark.robowire(world="fleet")

            @pytest.mark.parametrize("turn", [1, 2])
            def test_robot(bags_mock, foxglove_mock, turn):
                foxglove_mock.clock.advance(180)
                key = {"Authorization": f"Bearer {foxglove_mock.token}"}
                bags = requests.get(f"{bags_mock.url}/bags/").json()
                assert len(bags) == 3
                assert foxglove_mock.imports.wait()
                recordings = requests.get(f"{foxglove_mock.url}/recordings", headers=key).json()
                assert {bag["filename"] for bag in bags} == {recording["path"] for recording in recordings}

            def test_one_alone(losant_mock):
                assert losant_mock.world.applications
            """,
    )
    assert passed(run) == 3


def test_wrong_markers_are_told(tmp_path: Path) -> None:
    """An option, an API, a world, a deviation and an address that there are not."""
    run = run_pytest(
        tmp_path,
        test_wrong="""
            import pytest

            @pytest.mark.robowire(wrold="x")
            def test_option(bags_mock): ...

            @pytest.mark.robowire("foxgloves")
            def test_api(bags_mock): ...

            @pytest.mark.robowire(world="nothing.toml")
            def test_world(foxglove_mock): ...

            @pytest.mark.robowire(deviate=["nothing"])
            def test_deviation(foxglove_mock): ...

            @pytest.mark.robowire(address="robot")
            def test_address(bags_mock): ...

            @pytest.mark.robowire(world=5)
            def test_number(losant_mock): ...

            @pytest.mark.robowire(tls="yes")
            def test_tls(bags_mock): ...
            """,
    )
    assert "7 errors" in run.stdout
    for text in (
        "the marker robowire knows no wrold",
        "knows no 'foxgloves'",
        f"nothing.toml cannot be read: there is no {tmp_path}/nothing.toml; worlds that come along: bags, ",
        f"; nor is it beside the test, in {tmp_path}",
        "no deviation of foxglove is called 'nothing'",
        "'robot' is no address",
        "a world is a name, a TOML file or a table, not 5",
        "takes True or False for tls, not 'yes'",
    ):
        assert text in run.stdout, run.stdout


def test_clients_that_wait_for_nothing(tmp_path: Path) -> None:
    """Asynchronous tests, over a socket and without; TLS; a robot's own address."""
    run = run_pytest(
        tmp_path,
        "-p",
        "anyio.pytest_plugin",
        test_async="""
            import ssl

            import httpx
            import pytest

            @pytest.fixture
            def anyio_backend():
                return "asyncio"

            @pytest.mark.anyio
            async def test_in_process(foxglove_mock):
                key = {"Authorization": f"Bearer {foxglove_mock.token}"}
                async with httpx.AsyncClient(base_url="https://api.foxglove.dev/v1", headers=key) as client:
                    assert len((await client.get("/devices")).json()) == 8
                own = {"base_url": "https://x/v1", "transport": foxglove_mock.transport}
                async with httpx.AsyncClient(headers=key, **own) as client:
                    assert len((await client.get("/devices")).json()) == 8
                assert len(foxglove_mock.requests) == 2

            @pytest.mark.anyio
            @pytest.mark.robowire(tls=True)
            async def test_over_tls(foxglove_mock):
                key = {"Authorization": f"Bearer {foxglove_mock.token}"}
                trusted = ssl.create_default_context(cafile=foxglove_mock.ca_file)
                async with httpx.AsyncClient(base_url=foxglove_mock.url, headers=key, verify=trusted) as client:
                    assert len((await client.get("/devices")).json()) == 8
                assert foxglove_mock.url.startswith("https://127.0.0.1:")

            @pytest.mark.robowire(address="http://10.0.0.7:8090/anything")
            def test_address(bags_mock):
                first = httpx.get("http://10.0.0.7:8090/bags/").json()[0]
                assert first["download_url"].startswith("http://10.0.0.7:8090/")
            """,
    )
    assert passed(run) == 3


def test_a_frozen_clock_is_the_mocks(tmp_path: Path) -> None:
    """Links end by it, what is created has its time, and the world's events are of the hours before it."""
    run = run_pytest(
        tmp_path,
        test_frozen="""
            from datetime import timedelta

            import pytest
            import requests
            from freezegun import freeze_time

            FOX = "https://api.foxglove.dev/v1"
            KEY = {"Authorization": "Bearer fox_sk_robowire_all"}

            @freeze_time("2031-05-06T07:08:09Z")
            def test_creation(foxglove_mock):
                made = requests.post(f"{FOX}/devices", json={"name": "new"}, headers=KEY).json()
                assert made["createdAt"].startswith("2031-05-06T07:08:09")
                span = {"start": "2031-05-05T00:00:00Z", "end": "2031-05-06T07:08:09Z"}
                assert requests.get(f"{FOX}/events", params=span, headers=KEY).json()

            @pytest.mark.parametrize("base", [FOX, None], ids=["in process", "served"])
            def test_expiry(foxglove_mock, base):
                base = base or foxglove_mock.url
                with freeze_time("2031-05-06T07:08:09Z") as frozen:
                    asked = {"recordingId": "rec_robowire_bench"}
                    link = requests.post(f"{base}/data/stream", json=asked, headers=KEY).json()["link"]
                    assert requests.get(link).ok
                    frozen.tick(timedelta(hours=1))
                    assert requests.get(link).status_code == 410

            def test_ranges(losant_mock):
                with freeze_time("2031-05-06T07:08:09Z"):
                    (application, *_) = losant_mock.world.applications
                    asked = {"start": -3600000, "attributes": ["voltage"]}
                    path = f"https://api.losant.com/applications/{application}/data/time-series-query"
                    key = {"Authorization": f"Bearer {losant_mock.token}"}
                    answer = requests.post(path, json=asked, headers=key).json()
                    assert answer["start"] == "2031-05-06T06:08:09.000Z"
                    assert any(device["points"] for device in answer["devices"].values())
            """,
    )
    assert passed(run) == 4


HEAVY = [
    "cheroot",
    "flask",
    "freezegun",
    "httpx",
    "numpy",
    "orjson",
    "requests",
    "responses",
    "robowire_fixtures",
    "robowire_mocks.core",
    "robowire_mocks.in_process",
    "robowire_mocks.testing",
    "urllib3",
    "werkzeug",
]


def test_what_is_not_used_costs_nothing(tmp_path: Path) -> None:
    """A run without the fixtures imports nothing but the plugin itself, and says nothing."""
    run = run_pytest(
        tmp_path,
        test_theirs=f"""
            import sys

            def test_modules():
                assert not [name for name in {HEAVY!r} if name in sys.modules]

            def test_fails():
                assert 0
            """,
    )
    assert "1 failed, 1 passed" in run.stdout
    assert "robowire" not in run.stdout


@pytest.mark.parametrize("api", ["bags", "foxglove", "losant"])
def test_every_api_has_a_fixture(api: str) -> None:
    """And a name to decorate with."""
    from robowire_mocks import pytest_plugin, testing

    assert hasattr(pytest_plugin, f"{api}_mock")
    assert getattr(testing, f"mock_{api}").api == api
