"""Deviations of the download (section "Get Bag List")."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from robowire_mocks.core.answer import Answer
from robowire_mocks.deviations.bags.registry import BAGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from robowire_mocks.bags.call import Call
    from robowire_mocks.bags.folder import StoredBag
    from robowire_mocks.deviations.bags.changing import Answering, Describing, Json


def _neighbour(call: Call, stored: StoredBag) -> StoredBag:
    """The next bag of the list; the first one after the last."""
    bags = call.storage.bags()
    return bags[(bags.index(stored) + 1) % len(bags)] if stored in bags else stored


def _changed(change: Callable[[bytes], bytes]) -> Callable[[Answering, Call], Answer]:
    """A wrapper that sends what `change` makes of the file's bytes."""

    def wrapper(honest: Answering, call: Call) -> Answer:
        answer = honest(call)
        raw = Path(answer.body.path).read_bytes()
        return replace(answer, body=change(raw), headers={"Content-Type": "application/octet-stream"})

    return wrapper


@BAGS.deviation("download-404", breaks="BAGS-DOWNLOAD-001", step="download")
def download_404(honest: Answering, call: Call) -> Answer:
    """Downloads answer 404."""
    honest(call)
    return Answer(404, {"error": f"{call.filename} is not there"})


@BAGS.deviation("download-newest-404", breaks="BAGS-DOWNLOAD-001", step="download")
def download_newest_404(honest: Answering, call: Call) -> Answer:
    """The last bag of the list answers 404, as if it were still being recorded."""
    newest = call.storage.bags()[-1:] == [call.steps.find(call)]
    return Answer(404, {"error": f"{call.filename} is still being recorded"}) if newest else honest(call)


@BAGS.deviation("download-neighbour", breaks="BAGS-DOWNLOAD-002", step="download")
def download_neighbour(honest: Answering, call: Call) -> Answer:
    """A download gives the file of the next bag."""
    return honest(replace(call, filename=_neighbour(call, call.steps.find(call)).name))


@BAGS.deviation("download-url-of-neighbour", breaks="BAGS-DOWNLOAD-002", step="entry")
def download_url_of_neighbour(honest: Describing, call: Call, stored: StoredBag) -> Json:
    """An entry's download_url is that of the next bag."""
    return honest(call, stored) | {"download_url": honest(call, _neighbour(call, stored))["download_url"]}


BAGS.add(
    "download-cut",
    breaks="BAGS-DOWNLOAD-003",
    step="download",
    summary="The last 100 bytes of the file are missing from a download.",
    wrapper=_changed(lambda raw: raw[:-100]),
)
BAGS.add(
    "download-padded",
    breaks="BAGS-DOWNLOAD-003",
    step="download",
    summary="A download has one zero byte after the end of the file.",
    wrapper=_changed(lambda raw: raw + b"\0"),
)
BAGS.add(
    "download-altered-byte",
    breaks="BAGS-DOWNLOAD-003",
    step="download",
    summary="The first byte of the file is altered in a download.",
    wrapper=_changed(lambda raw: bytes([raw[0] ^ 0xFF]) + raw[1:] if raw else raw),
)
BAGS.add(
    "download-as-text",
    breaks="BAGS-DOWNLOAD-003",
    step="download",
    summary="A download has CR LF where the file has LF, as if it were text.",
    wrapper=_changed(lambda raw: raw.replace(b"\n", b"\r\n")),
)
