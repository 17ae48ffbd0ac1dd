"""The inbox of a self-hosted site, by the real clients of three clouds and by bare requests."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recorded_files import bag, mcap
from robowire_mocks.core.serving import serve
from robowire_mocks.in_process import in_place_of

DEVICES = [{"id": "dev_1", "name": "one"}, {"id": "dev_2", "name": "two"}]
SITES = [
    {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"},
    {"id": "site_s", "name": "own", "type": "self-hosted"},
]
LONG = mcap(
    times=range(1, 61), compression="none", data=b'"%s"' % bytes(100_000).replace(b"\0", b"a")
)  # longer than a part of any of the clients


@pytest.fixture
def fox(make_api: Any) -> Any:
    """Two devices, and a bucket."""
    return make_api(device=DEVICES, site=SITES)


@pytest.fixture(params=["in process", "over http", "over https"])
def url(request: pytest.FixtureRequest, fox: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Where the mock is."""
    if request.param == "in process":
        with in_place_of("https://api.foxglove.dev", fox.mock):
            yield "https://api.foxglove.dev"
        return
    with serve(fox.mock, tls=tmp_path if request.param == "over https" else None) as server:
        if server.ca_file:
            for variable in ("REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE"):
                monkeypatch.setenv(variable, str(server.ca_file))
        yield server.url


def recordings(fox: Any) -> dict[str, tuple[str | None, int]]:
    """Whose each recording is, and its size, by path, once all are imported."""
    assert fox.mock.imports.wait()
    listed = fox.get("/recordings")
    assert {(one["site"]["id"], one["importStatus"]) for one in listed} <= {("site_s", "complete")}
    return {one["path"]: (one.get("device", {}).get("id"), one["size"]) for one in listed}


def put(fox: Any, path: str, data: bytes, prefix: str = "x-amz-meta-", **metadata: str) -> int:
    """The status of a PUT of an object with its metadata."""
    headers = {f"{prefix}foxglove_{name}": value for name, value in metadata.items()}
    return int(fox.mock.app.test_client().put(path, data=data, headers=headers).status_code)


def test_amazon(fox: Any, url: str) -> None:
    """Objects put whole, in parts, and from what can be read once only."""
    boto3 = pytest.importorskip("boto3")
    keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any", "region_name": "eu-central-1"}
    s3 = boto3.client("s3", endpoint_url=f"{url}/s3", **keys)
    s3.head_bucket(Bucket="inbox")
    s3.put_object(Bucket="inbox", Key="dir/größe.mcap", Body=mcap(), Metadata={"foxglove_device_id": "dev_1"})
    transfer = pytest.importorskip("boto3.s3.transfer")
    parts = transfer.TransferConfig(multipart_threshold=1 << 20, multipart_chunksize=5 << 20)
    more = {"Metadata": {"foxglove_device_name": "two"}}
    s3.upload_fileobj(io.BytesIO(LONG), "inbox", "long.mcap", ExtraArgs=more, Config=parts)
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.put_object(Bucket="other", Key="a", Body=b"")
    s3.close()
    assert recordings(fox) == {"dir/größe.mcap": ("dev_1", len(mcap())), "long.mcap": ("dev_2", len(LONG))}


def test_azure(fox: Any, url: str) -> None:
    """Blobs put whole and in blocks."""
    storage = pytest.importorskip("azure.storage.blob")
    account = {"account_name": "robowire", "account_key": "a2V5"}
    sizes = {"max_single_put_size": 1 << 20, "max_block_size": 1 << 20}
    with storage.BlobServiceClient(f"{url}/azure/robowire", credential=account, **sizes) as service:
        inbox = service.get_container_client("inbox")
        inbox.upload_blob("short.mcap", mcap(), metadata={"foxglove_device_id": "dev_1"}, overwrite=True)
        inbox.upload_blob("long.mcap", LONG, metadata={"foxglove_device_name": "two"}, overwrite=True)
    assert recordings(fox) == {"short.mcap": ("dev_1", len(mcap())), "long.mcap": ("dev_2", len(LONG))}


def test_google(fox: Any, url: str) -> None:
    """Objects put with their description, and in parts that follow it."""
    storage = pytest.importorskip("google.cloud.storage")
    credentials = pytest.importorskip("google.auth.credentials").AnonymousCredentials()
    client = storage.Client(project="any", credentials=credentials, client_options={"api_endpoint": f"{url}/gcs"})
    short, long = (
        client.bucket("inbox").blob("short.mcap"),
        client.bucket("inbox").blob("long.mcap", chunk_size=1 << 20),
    )
    short.metadata, long.metadata = {"foxglove_device_id": "dev_1"}, {"foxglove_device_name": "two"}
    short.upload_from_string(mcap())
    long.upload_from_file(io.BytesIO(LONG))
    assert client.get_bucket("inbox").name == "inbox"
    client.close()
    assert {entry.status for entry in fox.mock.requests} == {200, 308}
    assert recordings(fox) == {"short.mcap": ("dev_1", len(mcap())), "long.mcap": ("dev_2", len(LONG))}


@pytest.mark.parametrize(
    ("path", "prefix", "status"),
    [
        ("/s3/inbox/a.bag", "x-amz-meta-", 200),
        ("/azure/any/inbox/a.bag", "x-ms-meta-", 201),
        ("/gcs/inbox/a.bag", "x-goog-meta-", 200),
    ],
)
def test_bare_requests(fox: Any, path: str, prefix: str, status: int) -> None:
    """Without credentials; metadata hold for bags too."""
    assert put(fox, path, bag(), prefix, device_id="dev_1", key="k") == status
    assert recordings(fox) == {"a.bag": ("dev_1", len(bag()))}
    assert fox.get("/recordings/k")["path"] == "a.bag"
    assert put(fox, path.replace("inbox", "other"), bag(), prefix) == 404


@pytest.mark.parametrize(
    ("metadata", "records", "device", "key"),
    [
        ({}, [], None, None),
        ({"device_id": "dev_9"}, [], None, None),
        ({"device_name": "nobody"}, [{"deviceId": "dev_1"}], None, None),
        ({"device_id": "dev_2"}, [{"deviceId": "dev_1", "key": "own"}], "dev_2", "own"),
        ({"key": "k"}, [{"deviceName": "one", "key": "own"}], "dev_1", "k"),
        ({}, [{"key": "own"}, {"deviceName": "two"}], "dev_2", None),
        ({"other": "x"}, [{"deviceName": ""}], None, None),
    ],
)
def test_whose_an_object_is(fox: Any, metadata: Any, records: Any, device: str | None, key: str | None) -> None:
    """What is said with it goes before what it says; the last record counts, and unknown devices are nobody."""
    data = mcap(metadata=[("foxglove", one) for one in records])
    assert put(fox, "/s3/inbox/a", data, **metadata) == 200
    assert recordings(fox) == {"a": (device, len(data))}
    (row,) = fox.mock.state.recordings
    assert row.key == key
    assert len(fox.get("/devices")) == 2


def test_an_object_is_received_once(fox: Any) -> None:
    """The same again is nothing new; with other bytes, or other metadata, it is; after a deletion too."""
    for data, metadata in ((mcap(), {}), (mcap(), {}), (mcap(topic="/b"), {}), (mcap(), {"device_id": "dev_1"})):
        assert put(fox, "/s3/inbox/a", data, **metadata) == 200
        assert fox.mock.imports.wait()
    assert len(fox.get("/recordings")) == 3
    fox.send("DELETE", f"/recordings/{fox.get('/recordings')[0]['id']}")
    put(fox, "/s3/inbox/a", mcap())
    assert fox.mock.imports.wait()
    assert len(fox.get("/recordings")) == 3


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/s3/inbox/a?uploadId=x&partNumber=1", b"x"),
        ("PUT", "/s3/inbox/a?uploadId=x&partNumber=one", b"x"),
        ("POST", "/s3/inbox/a?uploadId=x", b"<PartNumber>1</PartNumber>"),
        ("POST", "/s3/inbox/a", b""),
        ("DELETE", "/s3/inbox/a?uploadId=x", b""),
        ("GET", "/s3/nothing", b""),
        ("GET", "/gcs/storage/v1/b/nothing", b""),
        ("PUT", "/azure/any/inbox/a?comp=blocklist", b"<Latest>eA==</Latest>"),
        ("PUT", "/azure/any/inbox/a?comp=page", b""),
        ("PUT", "/azure/any/nothing/a?comp=block&blockid=a", b""),
        ("POST", "/gcs/upload/storage/v1/b/inbox/o", b""),
        ("POST", "/gcs/upload/storage/v1/b/inbox/o?uploadType=media", b""),
        ("POST", "/gcs/upload/storage/v1/b/inbox/o?uploadType=multipart", b"--"),
        ("POST", "/gcs/upload/storage/v1/b/inbox/o?uploadType=resumable", b"[]"),
        ("PUT", "/gcs/upload/storage/v1/b/inbox/o?upload_id=x&name=a", b"x"),
    ],
)
def test_requests_that_are_refused(fox: Any, method: str, path: str, body: bytes) -> None:
    """Nothing comes of them."""
    answer = fox.mock.app.test_client().open(path, method=method, data=body)
    assert 400 <= answer.status_code < 500
    assert fox.get("/data/pending-imports") == []


def test_buckets_of_a_world(make_api: Any) -> None:
    """A world names them; only self-hosted sites have one."""
    fox = make_api(site=SITES, inbox=[{"bucket": "robots", "site": "site_s"}])
    assert put(fox, "/s3/robots/a", mcap()) == 200
    assert put(fox, "/s3/inbox/a", mcap()) == 404
    for site, complaint in (("site_h", "only self-hosted"), ("site_9", "no id")):
        with pytest.raises(ValueError, match=complaint):
            make_api(site=SITES, inbox=[{"bucket": "robots", "site": site}])
