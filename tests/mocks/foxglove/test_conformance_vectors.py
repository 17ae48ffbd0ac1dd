"""Every conformance vector of the MCAP format, uploaded: each is imported, and what is streamed holds the same."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from conformance_vectors import vectors
from mcap.reader import NonSeekingReader, SeekingReader

SITE = {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"}
VECTORS = dict(vectors())
PUBLISHED = {
    "TenMessages-ch-chx-mx-pad-rch-rsh-st-sum": "54f3c5a0ca350cd4cf6326992926f491178a46aa694686e3781aa19c4255fc88",
    "TenMessages-ch-chx-mx-rch-rsh": "b602bd00ba62b28e94f4e45e8789c319d651ab4bac2d932166e3df570945af0a",
    "TenMessages-ch-chx-mx-rch-sum": "15a83e04c52a808aa23bd20e0e882e41ad6f84429e3ddb959e91e540f6820017",
    "TenMessages-pad-rsh-st": "9f3765b8a97a306d391b1e49d594c093815a98b7cbcfb52fc1847b699c80e2ec",
    "OneSchemalessMessage-ch-chx-mx-pad-rch-st-sum": "5adeecefe776de61818b0cf5810336b3284061e2075ebf81c49207aad77a23e8",
    "OneMetadata-mdx-pad-sum": "e8e8125e2e884d2c1eed22fe3a44810433e9775696abd6e393a06e4aa71a2886",
}


@pytest.fixture(scope="module")
def fox(make_module_api: Any) -> Any:
    """A mock to which all vectors were uploaded, each with its name as key."""
    fox = make_module_api(site=[SITE])
    fox.mock.imports.hold()
    for name, data in VECTORS.items():
        link = fox.send("POST", "/data/upload", {"filename": f"{name}.mcap", "key": name})["link"]
        assert fox.mock.app.test_client().put(link, data=data).status_code == 200
    for _ in range(3):
        fox.mock.imports.step()
    return fox


def held(data: bytes, *, seeking: bool = False) -> dict[str, Any]:
    """What an independent reader finds in a file; messages by log time."""

    def reader() -> Any:
        return (SeekingReader if seeking else NonSeekingReader)(BytesIO(data), validate_crcs=True)

    return {
        "messages": [*reader().iter_messages()],
        "attachments": [*reader().iter_attachments()],
        "metadata": [*reader().iter_metadata()],
    }


def test_the_vectors_are_those_that_are_published() -> None:
    """As many, and those whose sums are known byte for byte."""
    assert len(VECTORS) == 416
    assert {name: hashlib.sha256(VECTORS[name]).hexdigest() for name in PUBLISHED} == PUBLISHED


def test_every_vector_is_imported(fox: Any) -> None:
    """None is refused: all are valid."""
    ended = fox.get("/data/pending-imports", showCompleted="true", showQuarantined="true", limit=1000)
    assert {one["filename"]: one["status"] for one in ended} == {f"{name}.mcap": "complete" for name in VECTORS}


@pytest.mark.parametrize("kind", sorted({name.split("-")[0] for name in VECTORS}))
def test_what_is_streamed_is_what_was_uploaded(fox: Any, kind: str) -> None:
    """Messages, attachments and metadata, however the file was laid out; read by its index and from end to end."""
    for name in (name for name in VECTORS if name.split("-")[0] == kind):
        recording = fox.get(f"/recordings/{name}")
        asked = {"recordingId": recording["id"], "includeAttachments": True}
        link = fox.send("POST", "/data/stream", asked)["link"]
        streamed = fox.mock.app.test_client().get(link)
        assert streamed.status_code == 200
        uploaded = held(VECTORS[name])
        assert held(streamed.data) == held(streamed.data, seeking=True) == uploaded, name
        assert recording["metadata"] == [{"name": one.name, "metadata": one.metadata} for one in uploaded["metadata"]]
