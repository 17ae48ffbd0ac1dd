"""Clients as they come get a world of their own in a shared server, by nothing but what they are configured with."""

import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import foxglove.client
import foxglove_data_platform.client
import pytest
from recorded_files import mcap
from robowire_mocks.core.serving import Server, serve
from robowire_mocks.core.worlds import Worlds

pytestmark = pytest.mark.filterwarnings(
    "ignore:The `foxglove-data-platform` package has been renamed:DeprecationWarning"
)
SITES = [{"id": "site_s", "name": "own", "type": "self-hosted"}]
LONG = mcap(times=range(1, 61), compression="none", data=b'"%s"' % (b"a" * 100_000))  # longer than a part


@pytest.fixture
def worlds(make_api: Any) -> Iterator[Worlds]:
    """A base and two worlds, each with a device that tells which it is."""
    base = make_api(device=[{"id": "dev_1", "name": "base"}], site=SITES)
    with Worlds(base.mock) as opened:
        for name in ("w1", "w2"):
            world: Any = opened.open(name)  # a Foxglove mock
            with world.state.lock:
                (device,) = world.state.devices
                world.state.devices.put(type(device)("dev_1", name, 0, 0, {}))
        yield opened


@pytest.fixture
def server(worlds: Worlds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """They are served by HTTPS, which all of the clients trust."""
    with serve(worlds, tls=tmp_path) as served:
        for variable in ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"):
            monkeypatch.setenv(variable, str(served.ca_file))
        yield served


def put_into(worlds: Worlds) -> dict[str, list[str]]:
    """What was put into the inbox of each world, the base included."""
    found = {}
    mocks: dict[str, Any] = {"base": worlds.base, **{name: worlds[name] for name in worlds.names()}}
    for name, mock in mocks.items():
        assert mock.imports.wait()
        found[name] = [recording.path for recording in mock.state.recordings]
    return found


@pytest.fixture
def localhosts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names below localhost are this machine, as most systems have it."""
    look_up = socket.getaddrinfo

    def found(host: str, *options: Any, **more: Any) -> Any:
        return look_up("127.0.0.1" if str(host).endswith(".localhost") else host, *options, **more)

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.usefixtures("localhosts")
@pytest.mark.parametrize("kind", [foxglove.client.Client, foxglove_data_platform.client.Client])
def test_the_platforms_own_clients(server: Server, kind: Any) -> None:
    """By their token, or by their host."""
    ways = {
        "base": {"token": "fox_sk_all"},
        "w1": {"token": "fox_sk_all~w1"},
        "w2": {"token": "fox_sk_all"},
    }
    for name, options in ways.items():
        host = f"{'w2.localhost' if name == 'w2' else 'localhost'}:{server.port}"
        client = kind(host=host, **options)
        assert [device["name"] for device in client.get_devices()] == [name]


def test_amazons_client(worlds: Worlds, server: Server) -> None:
    """By its access key, also in parts and in links that it signs; or by its endpoint."""
    boto3 = pytest.importorskip("boto3")
    for endpoint, key, name in (("/s3", "any~w1", "by-key"), ("/__worlds/w2/s3", "any", "by-path")):
        keys = {"aws_access_key_id": key, "aws_secret_access_key": "any", "region_name": "eu-central-1"}
        s3 = boto3.client("s3", endpoint_url=f"{server.url}{endpoint}", **keys)
        s3.put_object(Bucket="inbox", Key=name, Body=mcap())
        parts = pytest.importorskip("boto3.s3.transfer").TransferConfig(multipart_chunksize=5 << 20)
        s3.upload_fileobj(io.BytesIO(LONG), "inbox", f"{name}-long", Config=parts)
        link = s3.generate_presigned_url("put_object", {"Bucket": "inbox", "Key": f"{name}-signed"})
        requests = pytest.importorskip("requests")
        assert requests.put(link, data=mcap(times=(5, 6)), timeout=10).status_code == 200
        s3.close()
    names = ["", "-long", "-signed"]
    assert {world: sorted(paths) for world, paths in put_into(worlds).items()} == {
        "base": [],
        "w1": [f"by-key{one}" for one in names],
        "w2": [f"by-path{one}" for one in names],
    }


def test_azures_client(worlds: Worlds, server: Server) -> None:
    """By the name of its account; or by its URL."""
    storage = pytest.importorskip("azure.storage.blob")
    sizes = {"max_single_put_size": 1 << 20, "max_block_size": 1 << 20}
    for path, account, name in (("/azure/any", "any~w1", "by-account"), ("/__worlds/w2/azure/any", "any", "by-path")):
        credential = {"account_name": account, "account_key": "a2V5"}
        with storage.BlobServiceClient(f"{server.url}{path}", credential=credential, **sizes) as service:
            service.get_container_client("inbox").upload_blob(name, LONG, overwrite=True)
    assert put_into(worlds) == {"base": [], "w1": ["by-account"], "w2": ["by-path"]}


def test_googles_client(worlds: Worlds, server: Server) -> None:
    """By its token, also in what it begins and goes on with; or by its endpoint."""
    storage = pytest.importorskip("google.cloud.storage")
    oauth = pytest.importorskip("google.oauth2.credentials")
    for endpoint, token, name in (("/gcs", "any~w1", "by-token"), ("/__worlds/w2/gcs", "any", "by-path")):
        options = {"api_endpoint": f"{server.url}{endpoint}"}
        client = storage.Client(project="any", credentials=oauth.Credentials(token=token), client_options=options)
        client.bucket("inbox").blob(name, chunk_size=1 << 20).upload_from_file(io.BytesIO(LONG))
        client.close()
    assert put_into(worlds) == {"base": [], "w1": ["by-token"], "w2": ["by-path"]}
