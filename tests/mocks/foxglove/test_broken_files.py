"""Broken files of every kind, uploaded: each import ends, with a reason where it fails, and the mock answers on."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from mcap.reader import NonSeekingReader, SeekingReader
from robowire_generators import broken as bags
from robowire_generators.mcap import broken as mcaps
from robowire_generators.mcap.layout import Layout
from robowire_generators.mcap.recipe import McapRecipe
from robowire_generators.mcap.recording import generate_mcap
from robowire_generators.mcap.records import MAGIC
from robowire_generators.recipe import BagRecipe
from robowire_generators.rosbag1 import generate_bag
from robowire_generators.rosbag1_layout import Layout as BagLayout

SITE = {"id": "site_h", "name": "hosted", "type": "foxglove-hosted"}
EVER = {"start": "1970-01-01T00:00:00Z", "end": "2100-01-01T00:00:00Z"}
REFUSED = {mcaps.Harm.FILE, mcaps.Harm.DATA, bags.Harm.OPEN, bags.Harm.READ}
UNREAD = {"bag definitions-garbled"}  # a definition is passed on as it is
VALID = {mcaps.Harm.NONE, bags.Harm.NONE}

Broken = tuple[Any, bytes]
"""What is wrong with a file, None where that is not said, and its bytes."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Broken]:
    """All broken files, of both formats."""
    folder = tmp_path_factory.mktemp("whole")
    recipe = McapRecipe(duration_s=1, chunk_size=1000, topics=("/odom", "/tf"))
    mcap = generate_mcap(folder / "a.mcap", recipe).path.read_bytes()
    bag = generate_bag(folder / "a.bag", BagRecipe(duration_s=1, chunk_size=1000, topics=("/odom", "/map/info"))).path
    ends = [record.end for record in Layout.of(mcap).records]
    bag_ends = [record.end for record in BagLayout.of(bag.read_bytes()).records]
    return {
        **{f"mcap {name}": (one.harm, one.apply(mcap)) for name, one in mcaps.BREAKAGES.items()},
        **{f"bag {name}": (one.harm, one.apply(bag.read_bytes())) for name, one in bags.BREAKAGES.items()},
        **dict(cuts("mcap", mcap, [*ends, len(mcap)])),
        **dict(cuts("bag", bag.read_bytes(), bag_ends)),
        **{f"mcap closed at {end}": (None, mcap[:end] + MAGIC) for end in ends},
    }


def cuts(kind: str, data: bytes, ends: list[int]) -> Iterator[tuple[str, Broken]]:
    """A file cut off at the end of each record but the last, and within each."""
    for end in ends:
        yield f"{kind} cut at {end - 1}", (mcaps.Harm.FILE, data[: end - 1])
        if end < len(data):
            yield f"{kind} cut at {end}", (mcaps.Harm.FILE, data[:end])


@pytest.fixture(scope="module")
def fox(make_module_api: Any, files: dict[str, Broken]) -> Any:
    """A mock to which all of them were uploaded, each with its name as key."""
    fox = make_module_api(site=[SITE])
    fox.mock.imports.hold()
    for name, (_, data) in files.items():
        link = fox.send("POST", "/data/upload", {"filename": name, "key": name})["link"]
        assert fox.mock.app.test_client().put(link, data=data).status_code == 200
    for _ in range(3):
        fox.mock.imports.step()
    return fox


@pytest.fixture(scope="module")
def ended(fox: Any) -> dict[str, dict[str, Any]]:
    """What became of each import."""
    listed = fox.get("/data/pending-imports", showCompleted="true", showQuarantined="true", limit=2000)
    return {one["filename"]: one for one in listed}


def test_every_import_ends(ended: dict[str, dict[str, Any]], files: dict[str, Broken]) -> None:
    """Complete or as an error that has a reason, which is never a failure of the mock."""
    assert ended.keys() == files.keys()
    for name, one in ended.items():
        assert one["status"] in {"complete", "error"}, name
        assert bool(one.get("error")) == (one["status"] == "error"), name
        assert "the mock failed" not in one.get("error", ""), name


def test_what_cannot_be_read_is_refused(ended: dict[str, dict[str, Any]], files: dict[str, Broken]) -> None:
    """What is cut off, unreadable or impossible; what is valid, though unusual, is imported."""
    complete = {name for name, one in ended.items() if one["status"] == "complete"}
    assert not {name for name, (harm, _) in files.items() if harm in REFUSED} & complete - UNREAD
    assert {name for name, (harm, _) in files.items() if harm in VALID} <= complete


def test_whatever_becomes_of_them_is_answered(fox: Any, ended: dict[str, dict[str, Any]]) -> None:
    """Their recordings are listed with topics, coverage and attachments; data are had of complete ones alone."""
    for recording in fox.get("/recordings", limit=2000):
        asked = {"recordingId": recording["id"]}
        fox.get("/data/topics", includeSchemas="true", **asked)
        fox.get("/data/coverage", includeEdgeRecordings="true", **asked, **EVER)
        fox.get("/recording-attachments", **asked)
        complete = ended[recording["path"]]["status"] == "complete"
        assert recording["importStatus"] == ("complete" if complete else "failed")
        assert fox.ask("POST", "/data/stream", json=asked).status_code == (200 if complete else 400)


def test_what_is_imported_is_streamed_whole(
    fox: Any, ended: dict[str, dict[str, Any]], files: dict[str, Broken]
) -> None:
    """A misleading summary takes nothing away: what reads on from record to record finds the same in both."""
    imported = [name for name, one in ended.items() if one["status"] == "complete" and name.startswith("mcap")]
    assert len(imported) > len(VALID)
    for name in imported:
        recording = fox.get(f"/recordings/{name}")
        link = fox.send("POST", "/data/stream", {"recordingId": recording["id"]})["link"]
        streamed = fox.mock.app.test_client().get(link).data
        told = [messages(NonSeekingReader, data) for data in (files[name][1], streamed)]
        assert told[0] == told[1] == messages(SeekingReader, streamed), name


def messages(reader: Any, data: bytes) -> list[Any]:
    """What an independent reader finds, by log time."""
    return [*reader(BytesIO(data)).iter_messages()]
